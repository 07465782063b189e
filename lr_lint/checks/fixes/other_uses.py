"""Who else uses a function: one that is called from elsewhere must not be changed for the sake of a scheduler."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import last_name

_MOST_NAMES = 16
_CALLED = "__call__"
# Calls that tell something about an object without using it, and methods that add to a list.
_ASKING = frozenset({"len", "print", "isinstance", "callable", "type", "repr", "str"})
_FILLING = frozenset({"append", "insert"})


@dataclass(frozen=True, slots=True)
class OtherUse:
    """A use of a function that is no argument of a scheduler of its file.

    Attributes:
        node: where, in the function's own file; None where it is another file that uses it.
        path: that other file.
    """

    node: cst.CSTNode | None
    path: str = ""


def other_use(
    function: cst.FunctionDef | cst.Lambda, module: Module, arguments: frozenset[cst.CSTNode], project: Project
) -> OtherUse | None:
    """The first use of a function by anything but the schedulers of its own file; None if there is none.

    Whatever the function passes through on its way to them (variables, factories, lists) is followed by name.

    Args:
        function: the function.
        module: its file.
        arguments: the expressions that the file's schedulers are given as their callables.
        project: the other files.
    """
    search = _Search(module, arguments)
    search.place(function)
    while search.pending and search.found is None:
        name = search.pending.pop()
        if _is_exported(name, module) and (user := next(iter(project.importers(module, name.name)), None)) is not None:
            return OtherUse(None, user)
        for node in _reads(name, module):
            search.place(node)
    return search.found


@dataclass(frozen=True, slots=True)
class _Attribute:
    """An attribute by which the function may be reached, whatever the object."""

    name: str


def _is_exported(name: Binding | _Attribute, module: Module) -> bool:
    """Whether other files may import what a name names."""
    return isinstance(name, _Attribute) or name.scope is module.tree


def _reads(name: Binding | _Attribute, module: Module) -> Iterator[cst.CSTNode]:
    if isinstance(name, Binding):
        places: Iterable[cst.CSTNode] = module.scopes.uses(name)
    else:
        places = module.attributes.get(name.name, ())
    return (node for node in places if module.assigned_by(node) is None)


@dataclass(slots=True)
class _Search:
    module: Module
    arguments: frozenset[cst.CSTNode]
    pending: list[Binding | _Attribute] = field(default_factory=list)
    seen: set[Binding | _Attribute] = field(default_factory=set)
    found: OtherUse | None = None

    def place(self, node: cst.CSTNode) -> None:
        """Takes in one occurrence: is it an argument of a scheduler, is it handed on, or is it used?"""
        path = self.module.path_to(node)
        if node in self.arguments or not self.arguments.isdisjoint(path):
            return
        if isinstance(node, cst.FunctionDef):
            self._definition(node)
            return
        if _is_harmless(node, path):
            return
        statement = next((each for each in reversed(path) if isinstance(each, cst.BaseSmallStatement)), None)
        if isinstance(statement, (cst.Assign, cst.AnnAssign)):
            targets = [each.target for each in statement.targets] if isinstance(statement, cst.Assign) else []
            self._targets([*targets, *([statement.target] if isinstance(statement, cst.AnnAssign) else [])])
        elif isinstance(statement, cst.Return):
            maker = next(each for each in reversed(path) if isinstance(each, (cst.FunctionDef, cst.Lambda)))
            if isinstance(maker, cst.FunctionDef):
                self._definition(maker)
            else:
                self.found = OtherUse(node)
        elif isinstance(statement, cst.Expr) and (container := _filled(statement.value)) is not None:
            self._targets([container])
        else:
            self.found = OtherUse(node)

    def _definition(self, node: cst.FunctionDef) -> None:
        if node.decorators and not _is_plain_method(node):
            self.found = OtherUse(node.decorators[0].decorator)
            return
        scope = self.module.scopes.scopes_at(node)[0]
        if isinstance(scope, cst.ClassDef) and node.name.value == _CALLED:
            self._follow(scope.name)
        else:
            self._follow(node.name)

    def _targets(self, targets: Sequence[cst.CSTNode]) -> None:
        for target in targets:
            if isinstance(target, cst.Name):
                self._follow(target)
            elif isinstance(target, cst.Attribute):
                self._add(_Attribute(target.attr.value))
            else:
                self.found = OtherUse(target)

    def _follow(self, name: cst.Name) -> None:
        """Goes after the variable that a node binds; what a class binds is an attribute of its objects too."""
        binding = self.module.scopes.resolve(name.value, name)
        if binding is None:
            # Filled here and made elsewhere.
            self.found = OtherUse(name)
            return
        self._add(binding)
        if isinstance(binding.scope, cst.ClassDef):
            self._add(_Attribute(name.value))

    def _add(self, name: Binding | _Attribute) -> None:
        if name not in self.seen:
            self.seen.add(name)
            self.pending.append(name)
            if len(self.seen) > _MOST_NAMES:
                self.found = OtherUse(self.module.tree)


def _is_harmless(node: cst.CSTNode, path: Sequence[cst.CSTNode]) -> bool:
    """Whether a read only asks about the object, or puts something else into it."""
    parent = path[-1]
    if isinstance(parent, cst.Arg):
        call = path[-2]
        return isinstance(call, cst.Call) and last_name(call.func) in _ASKING
    return isinstance(parent, cst.Attribute) and parent.value is node and parent.attr.value in _FILLING


def _filled(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The list that a statement adds something to."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value in _FILLING:
        return node.func.value
    return None


def _is_plain_method(node: cst.FunctionDef) -> bool:
    return all(last_name(each.decorator) in {"staticmethod", "classmethod", "property"} for each in node.decorators)
