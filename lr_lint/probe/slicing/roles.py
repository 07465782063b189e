"""What is not run in a slice: models, data, and whatever loads them. Told by use first, and by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from enum import Enum

from lr_lint.probe.slicing.effects import SELF, last_name, root_of, target_names
from lr_lint.vocabulary.names import words_of

# What a model gives to an optimizer (torch.nn.Module).
MODEL_PARTS = frozenset({"parameters", "named_parameters", "modules", "named_modules", "children", "named_children"})
# Methods of models and tensors that give the object back.
FLUENT = frozenset(
    "to cuda cpu train eval half float double bfloat16 type requires_grad_ share_memory compile clone detach".split()
)
_WRAPPERS = frozenset(
    {"DataParallel", "DistributedDataParallel", "DDP", "FSDP", "FullyShardedDataParallel", "convert_sync_batchnorm"}
)
_MODEL_WORDS = frozenset(
    "model net network module backbone generator discriminator encoder decoder classifier unet vae".split()
)
# Words before a model word that make the name that of a number or an option.
_PROPERTIES = frozenset("d dim n num use is has no len size lr width depth".split())
_QUALIFIERS = frozenset(
    "g d a b c x y q ab ba s t src tgt source target student teacher ema raw base my ddp without unwrapped wrapped "
    "critic actor policy value old new main full pre pretrained 1 2 3 4 f h e".split()
)
_PARAMETER_WORDS = frozenset({"parameters", "params", "parameter"})
_LOADER = re.compile(r"(loader|loaders|dataset|datasets|datamodule|sampler|trainset|valset|testset|dataiter)$")
_DATA_WORDS = frozenset({"data", "dataset", "datasets", "dataloader", "dataloaders", "loader", "loaders", "datamodule"})
# Calls that build, load or fetch something heavy, and words that say that something light comes of it.
_WITHHELD_WORDS = _DATA_WORDS | frozenset(
    "model models net network backbone pretrained checkpoint ckpt tokenizer download weights transforms env".split()
)
_LIGHT_WORDS = frozenset(
    "args arg arguments config configs cfg conf params param parameters groups optimizer optimizers optim lr schedule "
    "scheduler schedulers options opts opt hparams settings name names dict path parser lambda fn".split()
)
_WITHHELD_NAMES = frozenset(
    {"torch.load", "joblib.load", "pickle.load", "make", "from_pretrained", "load_from_checkpoint"}
)


class Role(str, Enum):
    """What a name stands for in a slice."""

    MODEL = "model"
    DATA = "data"
    VALUE = "value"


def is_withheld(call: ast.Call) -> bool:
    """Whether a call is not run in a slice, since it builds a model, loads data or fetches something."""
    function = call.func
    name = ast.unparse(function) if isinstance(function, (ast.Name, ast.Attribute)) else ""
    if name in _WITHHELD_NAMES or last_name(function) in _WITHHELD_NAMES:
        return True
    words = set(words_of(last_name(function)))
    if words & _LIGHT_WORDS:
        return False
    return bool(words & _WITHHELD_WORDS) or bool(_LOADER.search(last_name(function).lower()))


class Roles:
    """The roles of the names of one scope, from all of its code."""

    def __init__(self, scope: ast.AST) -> None:
        self._values: dict[str, list[ast.expr | None]] = {}
        self._models: set[str] = set()
        self._numbers: set[str] = set()
        self._measured: set[str] = set()
        self._askers: set[str] = set()
        for node in ast.walk(scope):
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in target_names(target):
                    self._values.setdefault(name, []).append(node.value)
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            for name in target_names(node.target):
                self._values.setdefault(name, []).append(node.value)
        elif isinstance(node, ast.Call):
            self._note_call(node)
        elif isinstance(node, ast.BinOp):
            self._numbers.update(_names((node.left, node.right)))
        elif isinstance(node, ast.Compare):
            self._numbers.update(_names(item for item in (node.left, *node.comparators) if not _is_none(node)))

    def _note_call(self, call: ast.Call) -> None:
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in MODEL_PARTS:
            root = root_of(function.value)
            if root is not None and (root in _names((function.value,)) or is_model_name(root)):
                self._models.add(root)
        elif isinstance(function, ast.Attribute) and _PARAMETER_WORDS & set(words_of(function.attr)):
            # Not a method of torch's, such as ``get_parameters``: of a model, if anything else speaks for one.
            self._askers.update(_names((function.value,)))
        elif last_name(function) in _WRAPPERS:
            self._models.update(_names(call.args[:1]))
        elif isinstance(function, ast.Name) and function.id == "len":
            self._measured.update(root for argument in call.args if (root := root_of(argument)) is not None)

    def maker_of(self, name: str) -> ast.Call | None:
        """The call that makes what a name is bound to, without the ``.to(device)`` around it; the last of its like."""
        made: list[ast.Call] = []
        for value in self._values.get(name, []):
            call = _unwrapped(value)
            if isinstance(call, ast.Call) and root_of(call.func) != name and last_name(call.func) not in _WRAPPERS:
                made.append(call)
        callees = {ast.dump(call.func) for call in made}
        return made[-1] if len(callees) == 1 else None

    def role_of(self, name: str) -> Role:
        """The role of a name, or of an attribute of ``self``."""
        if name in self._models:
            return Role.MODEL
        values = self._values.get(name, [])
        calls = [value for value in values if isinstance(value, ast.Call)]
        plain = len(calls) < len(values)
        if name in self._askers and values and not plain and not name.startswith(f"{SELF}."):
            return Role.MODEL
        if name in self._measured and not plain and (is_data_name(name) or any(map(is_withheld, calls))):
            return Role.DATA
        if name in self._numbers or any(
            isinstance(value, ast.Constant) and value.value is not None for value in values
        ):
            return Role.VALUE
        if is_model_name(name) and not any(isinstance(value, (ast.Attribute, ast.Subscript)) for value in values):
            return Role.MODEL
        if is_data_name(name) and (not plain or not values):
            return Role.DATA
        return Role.VALUE


def _unwrapped(value: ast.expr | None) -> ast.expr | None:
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in FLUENT:
        value = value.func.value
    return value


def is_model_name(name: str) -> bool:
    """Whether a name is one that people give to models."""
    words = words_of(name.removeprefix(f"{SELF}."))
    if not words or words[0] in _PROPERTIES - {"d", "n"} or name.removeprefix(f"{SELF}.") in {"d_model", "n_model"}:
        return False
    others = [word for word in words if word not in _MODEL_WORDS]
    return len(others) < len(words) and all(word in _QUALIFIERS or word.isdigit() for word in others)


def is_data_name(name: str) -> bool:
    """Whether a name is one that people give to datasets and their loaders."""
    name = name.removeprefix(f"{SELF}.")
    return bool(_LOADER.search(name.lower())) or words_of(name)[-1:] in (("data",), ("dl",), ("ds",))


def _names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name) or (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == SELF
        ):
            root = root_of(node)
            if root is not None:
                yield root


def _is_none(node: ast.Compare) -> bool:
    return any(isinstance(operator, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for operator in node.ops)
