"""What is not run in a slice: models, data, and whatever loads them. Here, what their names tell.

Names are the last resort on both sides of a slice: where the interpreter does not know what a variable holds, and where
the child process has to stand in for something that is only met there. Nothing is imported here but the words.
"""

from __future__ import annotations

import re
from enum import Enum

from lr_lint.vocabulary.names import words_of

_MODEL_WORDS = frozenset(
    "model net network module backbone generator discriminator encoder decoder classifier unet vae".split()
)
# Words before a model word that make the name that of a number or an option.
_PROPERTIES = frozenset("d dim n num use is has no len size lr width depth".split())
_QUALIFIERS = frozenset(
    "g d a b c x y q ab ba s t src tgt source target student teacher ema raw base my ddp without unwrapped wrapped "
    "critic actor policy value old new main full pre pretrained 1 2 3 4 f h e".split()
)
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


def is_withheld(callee: str) -> bool:
    """Whether a call is not run in a slice, since it builds a model, loads data or fetches something.

    Args:
        callee: the callee as it is spelled: ``torch.load``, or the last name of a longer expression.
    """
    last = callee.rpartition(".")[2]
    if callee in _WITHHELD_NAMES or last in _WITHHELD_NAMES:
        return True
    words = set(words_of(last))
    if words & _LIGHT_WORDS:
        return False
    return bool(words & _WITHHELD_WORDS) or bool(_LOADER.search(last.lower()))


def is_model_name(name: str) -> bool:
    """Whether a name is one that people give to models."""
    words = words_of(name.removeprefix("self."))
    if not words or words[0] in _PROPERTIES - {"d", "n"} or name.removeprefix("self.") in {"d_model", "n_model"}:
        return False
    others = [word for word in words if word not in _MODEL_WORDS]
    return len(others) < len(words) and all(word in _QUALIFIERS or word.isdigit() for word in others)


def is_data_name(name: str) -> bool:
    """Whether a name is one that people give to datasets and their loaders."""
    name = name.removeprefix("self.")
    return bool(_LOADER.search(name.lower())) or words_of(name)[-1:] in (("data",), ("dl",), ("ds",))
