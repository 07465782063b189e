"""Who else uses a function: one that is called from elsewhere must not be changed for the sake of a scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.source.tree import last_name, walk

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
    function: cst.FunctionDef | cst.Lambda, module: Module, arguments: Sequence[cst.CSTNode], project: Project
) -> OtherUse | None:
    """The first use of a function by anything but the schedulers of its own file; None if there is none.

    Whatever the function passes through on its way to them (variables, factories, lists) is followed by name.

    Args:
        function: the function.
        module: its file.
        arguments: the expressions that the file's schedulers are given as their callables.
        project: the other files.
    """
    search = _Search(module, frozenset(id(argument) for argument in arguments))
    search.place(function)
    while search.pending and search.found is None:
        name = search.pending.pop()
        if name.in_module and (user := next(iter(project.importers(module, name.text)), None)) is not None:
            return OtherUse(None, user)
        for node in name.reads(module):
            search.place(node)
    return search.found


@dataclass(frozen=True, slots=True)
class _Name:
    """A name by which the function may be reached: a variable of a scope, or an attribute of some object."""

    text: str
    scope: cst.CSTNode
    attribute: bool = False

    @property
    def in_module(self) -> bool:
        return isinstance(self.scope, cst.Module)

    def reads(self, module: Module) -> Iterator[cst.CSTNode]:
        for node in self._spelled(module):
            if module.assigned_by(node) is None:
                yield node

    def _spelled(self, module: Module) -> Iterator[cst.CSTNode]:
        if self.attribute:
            for node in walk(self.scope):
                if isinstance(node, cst.Attribute) and node.attr.value == self.text:
                    yield node
        else:
            for node in module.spelled(self.text):
                if self.in_module or self.scope in module.path_to(node):
                    yield node


@dataclass(slots=True)
class _Search:
    module: Module
    arguments: frozenset[int]
    pending: list[_Name] = field(default_factory=list)
    seen: set[_Name] = field(default_factory=set)
    found: OtherUse | None = None

    def place(self, node: cst.CSTNode) -> None:
        """Takes in one occurrence: is it an argument of a scheduler, is it handed on, or is it used?"""
        path = self.module.path_to(node)
        if id(node) in self.arguments or any(id(ancestor) in self.arguments for ancestor in path):
            return
        if isinstance(node, cst.FunctionDef):
            self._definition(node, path)
            return
        if _is_harmless(node, path):
            return
        statement = next((each for each in reversed(path) if isinstance(each, cst.BaseSmallStatement)), None)
        if isinstance(statement, (cst.Assign, cst.AnnAssign)):
            targets = [each.target for each in statement.targets] if isinstance(statement, cst.Assign) else []
            self._targets([*targets, *([statement.target] if isinstance(statement, cst.AnnAssign) else [])], path)
        elif isinstance(statement, cst.Return):
            maker = next(each for each in reversed(path) if isinstance(each, (cst.FunctionDef, cst.Lambda)))
            if isinstance(maker, cst.FunctionDef):
                self._definition(maker, self.module.path_to(maker))
            else:
                self.found = OtherUse(node)
        elif isinstance(statement, cst.Expr) and (container := _filled(statement.value)) is not None:
            self._targets([container], path)
        else:
            self.found = OtherUse(node)

    def _definition(self, node: cst.FunctionDef, path: Sequence[cst.CSTNode]) -> None:
        if node.decorators and not _is_plain_method(node):
            self.found = OtherUse(node.decorators[0].decorator)
            return
        scope = next(each for each in reversed(path) if isinstance(each, (cst.FunctionDef, cst.ClassDef, cst.Module)))
        if isinstance(scope, cst.ClassDef) and node.name.value == _CALLED:
            around = self.module.path_to(scope)
            outside = next(each for each in reversed(around) if isinstance(each, (cst.FunctionDef, cst.Module)))
            self._follow(_Name(scope.name.value, outside))
        elif isinstance(scope, cst.ClassDef):
            self._follow(_Name(node.name.value, self.module.tree, attribute=True))
        else:
            self._follow(_Name(node.name.value, scope))

    def _targets(self, targets: Sequence[cst.CSTNode], path: Sequence[cst.CSTNode]) -> None:
        scope = next(each for each in reversed(path) if isinstance(each, (cst.FunctionDef, cst.ClassDef, cst.Module)))
        for target in targets:
            if isinstance(target, cst.Name):
                self._follow(_Name(target.value, scope, attribute=isinstance(scope, cst.ClassDef)))
            elif isinstance(target, cst.Attribute):
                self._follow(_Name(target.attr.value, self.module.tree, attribute=True))
            else:
                self.found = OtherUse(target)

    def _follow(self, name: _Name) -> None:
        if name not in self.seen:
            self.seen.add(name)
            self.pending.append(name)
            if len(self.seen) > _MOST_NAMES:
                self.found = OtherUse(name.scope)


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
