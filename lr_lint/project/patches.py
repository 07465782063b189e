"""What defeats every reading of a file: libraries whose parts are replaced, and values that are reached from behind.

After ``LambdaLR.get_lr = ...`` the scheduler does not do what its documentation says; after ``builtins.min = max``
nothing does. Where a file does such a thing, nothing is claimed about it.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.project.binders import import_binders
from lr_lint.project.index import Index
from lr_lint.project.knowledge import DEFAULT_RATES, OPTIMIZER_PACKAGE, SCHEDULE_BASES
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary.contract_rows import BUILT_IN

# Classes whose own parts are the schedule: schedulers, optimizers and their bases.
_CLASSES = SCHEDULE_BASES.union(BUILT_IN.calling, DEFAULT_RATES)
_BUILTINS = frozenset({"builtins", "__builtins__"})
# What a script is called while it runs: who imports that has the script's own variables.
_ITSELF = "__main__"
_THROUGH_IMPORT = "the code changes its own variables as those of a module that it imports"
# Those that code replaces so that one process alone shows things: they give nothing that it computes with.
_SHOWING = frozenset({"print"})
# Attributes by which code gets at what another function holds.
_FROM_BEHIND = frozenset({"cell_contents", "f_locals", "f_globals", "__globals__", "__bases__", "__class__"})
# Calls after which modules hold something else, and what they give may be changed as if it were a module.
_RELOADING = frozenset({"importlib.reload", "reload", "imp.reload"})
_MODULES = frozenset({"importlib.import_module", "import_module", "__import__"})
_SETTING = frozenset({"setattr", "delattr", "operator.setitem", "object.__setattr__", "type.__setattr__"})


def why_defeated(index: Index) -> str:
    """Why nothing can be said about the values of a file, in words that fit after "because"; empty where much can.

    Args:
        index: its nodes.
    """
    return next(_Search(index).reasons(), "")


class _Search:
    """Looks for such code in one file."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._imported: dict[str, str] = {}
        self._modules: set[str] = set()
        self._own: set[str] = set()
        for node in index.among((cst.Import, cst.ImportFrom, cst.ClassDef, cst.Assign)):
            if isinstance(node, (cst.Import, cst.ImportFrom)):
                self._add_import(node)
            elif isinstance(node, cst.ClassDef):
                self._own.add(node.name.value)
            elif isinstance(node, cst.Assign) and _gives_module(node.value):
                self._modules.update(each.target.value for each in node.targets if isinstance(each.target, cst.Name))

    def _add_import(self, node: cst.Import | cst.ImportFrom) -> None:
        package = dotted_name(node.module) if isinstance(node, cst.ImportFrom) and node.module else ""
        aliases = () if isinstance(node.names, cst.ImportStar) else node.names
        for binder, alias in zip(import_binders(node), aliases, strict=True):
            name = dotted_name(alias.name) or ""
            full = f"{package}.{name}" if package else name if alias.asname else name.partition(".")[0]
            self._imported[binder.value] = full

    def reasons(self) -> Iterator[str]:
        """One for each place that defeats the reading."""
        for node in self._index.among((cst.AssignTarget, cst.AugAssign, cst.Del, cst.AnnAssign, cst.Call)):
            if isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.Del, cst.AnnAssign)):
                yield from self._of_target(node.target)
            elif isinstance(node, cst.Call):
                yield from self._of_call(node)

    def _of_target(self, target: cst.BaseExpression) -> Iterator[str]:
        if isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                yield from self._of_target(element.value)
        while isinstance(target, cst.Subscript):
            target = target.value
        if isinstance(target, cst.Attribute):
            if target.attr.value in _FROM_BEHIND:
                yield f"the code assigns {target.attr.value}"
            yield from self._of_owner(target.value, target.attr.value)

    def _of_call(self, call: cst.Call) -> Iterator[str]:
        name = dotted_name(call.func) or ""
        if isinstance(call.func, cst.Attribute) and self._full_name(call.func.value) == f"{_ITSELF}.__dict__":
            yield _THROUGH_IMPORT
        if name in _RELOADING:
            yield "the code loads a module again"
        if name in _SETTING and call.args:
            yield from self._of_owner(call.args[0].value, "")

    def _of_owner(self, owner: cst.BaseExpression, attribute: str) -> Iterator[str]:
        """Why an assignment to an attribute of something defeats the reading."""
        if _gives_module(owner) or (isinstance(owner, cst.Name) and owner.value in self._modules):
            yield "the code changes a module that it finds by a name"
        dotted = self._full_name(owner)
        if dotted is None:
            return
        parts = dotted.split(".")
        if parts[0] == _ITSELF:
            yield _THROUGH_IMPORT
        elif parts[0] in _BUILTINS and attribute not in _SHOWING:
            yield "the code replaces a builtin"
        elif not _CLASSES.isdisjoint(parts) or (dotted.startswith(OPTIMIZER_PACKAGE) and attribute in (*_CLASSES, "")):
            yield f"the code replaces a part of {dotted}"

    def _full_name(self, owner: cst.BaseExpression) -> str | None:
        """The dotted name of what is imported; None for everything else."""
        root, _, rest = (dotted_name(owner) or "").partition(".")
        if root == "__builtins__":
            return root
        known = self._imported.get(root)
        if known is None or root in self._own:
            return None
        return f"{known}.{rest}" if rest else known


def _gives_module(value: cst.BaseExpression) -> bool:
    """Whether an expression gives a module that is found by its name at run time."""
    if isinstance(value, cst.Subscript):
        return dotted_name(value.value) == "sys.modules"
    if not isinstance(value, cst.Call):
        return False
    name = dotted_name(value.func) or ""
    return name in _MODULES or name == "sys.modules.get" or (last_name(value.func) == "import_module")


def sets_environment(index: Index) -> bool:
    """Whether a file changes variables of the environment.

    Args:
        index: its nodes.
    """
    return any(map(_sets_environment, index.among((cst.AssignTarget, cst.AugAssign, cst.Del, cst.Call))))


def _sets_environment(node: cst.CSTNode) -> bool:
    if isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.Del)):
        target = node.target
        return isinstance(target, cst.Subscript) and _is_environment(target.value)
    if not isinstance(node, cst.Call):
        return False
    changes = isinstance(node.func, cst.Attribute) and node.func.attr.value in ("update", "setdefault", "pop", "clear")
    name = dotted_name(node.func) or ""
    return name in ("os.putenv", "putenv", "os.unsetenv", "load_dotenv", "dotenv.load_dotenv") or (
        changes and isinstance(node.func, cst.Attribute) and _is_environment(node.func.value)
    )


def _is_environment(node: cst.BaseExpression) -> bool:
    return (dotted_name(node) or "").rpartition(".")[2] == "environ"
