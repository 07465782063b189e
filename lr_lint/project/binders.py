"""The names that a scope binds for itself, and the nodes that do so.

A scope is a node of the tree: a module, class, function, lambda or comprehension, or the type parameters of a
definition. Its own code is what runs in it: its body without the bodies of the scopes within, whose decorators,
defaults and bases belong to it still. What is said here is what CPython's compiler finds; `symtable` is the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import libcst as cst

from lr_lint.source.tree import blocks_of, children, dotted_name

SELF = "self"
FUNCTIONS = (cst.FunctionDef, cst.Lambda)
SCOPES = (cst.Module, cst.ClassDef, *FUNCTIONS, cst.BaseComp)

_Stack: TypeAlias = "list[cst.CSTNode]"


@dataclass(slots=True)
class Binders:
    """What one scope binds.

    Attributes:
        names: for each name the nodes that bind it, in the order of the source but for those of nested definitions.
        valued: the names without those that are only annotated, ``lr: float``.
    """

    names: dict[str, list[cst.Name]] = field(default_factory=dict)
    valued: set[str] = field(default_factory=set)

    def add(self, node: cst.Name, valued: bool = True) -> None:
        """Notes that a node binds its name."""
        self.names.setdefault(node.value, []).append(node)
        if valued:
            self.valued.add(node.value)


def binders_in(scope: cst.CSTNode) -> Binders:
    """The names that a scope binds, those that it declares ``global`` or ``nonlocal`` included."""
    binders = Binders()
    stack = list(reversed(_start(scope, binders)))
    while stack:
        node = stack.pop()
        handler = _HANDLERS.get(type(node))
        below = children(node) if handler is None else handler(node, binders)
        below.reverse()
        stack += below
    return binders


def _start(scope: cst.CSTNode, binders: Binders) -> _Stack:
    """The code of a scope itself; its parameters and loop variables are bound at once."""
    if isinstance(scope, cst.BaseComp):
        return _loops(scope, binders)
    if isinstance(scope, FUNCTIONS):
        for param in parameters_of(scope.params):
            binders.add(param.name)
    if isinstance(scope, cst.TypeParameters):
        for each in scope.params:
            binders.add(each.param.name)
    return [scope.body] if isinstance(scope, cst.Lambda) else list(body_of(scope))


def _loops(comprehension: cst.BaseComp, binders: Binders) -> _Stack:
    loop: cst.CompFor | None = comprehension.for_in
    while loop is not None:
        for name in target_names(loop.target):
            binders.add(name)
        loop = loop.inner_for_in
    return []


def _name(node: cst.Name, binders: Binders) -> _Stack:
    return []


def _assignment(node: cst.AssignTarget | cst.AugAssign | cst.For | cst.NamedExpr | cst.Del, binders: Binders) -> _Stack:
    for name in target_names(node.target):
        binders.add(name)
    return children(node)


def _annotated(node: cst.AnnAssign, binders: Binders) -> _Stack:
    target = node.target
    if isinstance(target, cst.Name):
        binders.add(target, valued=node.value is not None)
    return children(node)


def _alias(node: cst.AsName, binders: Binders) -> _Stack:
    for name in target_names(node.name):
        binders.add(name)
    return children(node)


def _import(node: cst.Import | cst.ImportFrom, binders: Binders) -> _Stack:
    for name in import_binders(node):
        binders.add(name)
    return []


def _definition(node: cst.FunctionDef | cst.ClassDef, binders: Binders) -> _Stack:
    binders.add(node.name)
    return run_outside(node)


def _nested(node: cst.Lambda, binders: Binders) -> _Stack:
    return run_outside(node)


def _type_alias(node: cst.TypeAlias, binders: Binders) -> _Stack:
    binders.add(node.name)
    return []


def _comprehension_loop(node: cst.CompFor, binders: Binders) -> _Stack:
    # Its variables belong to the comprehension; what ``:=`` assigns in it belongs to the scope around.
    return [each for each in children(node) if each is not node.target]


def _capture(node: cst.MatchAs | cst.MatchStar, binders: Binders) -> _Stack:
    if node.name is not None:
        binders.add(node.name)
    return children(node)


def _captured_rest(node: cst.MatchMapping, binders: Binders) -> _Stack:
    if node.rest is not None:
        binders.add(node.rest)
    return children(node)


_HANDLERS: dict[type[cst.CSTNode], Callable[[Any, Binders], _Stack]] = {
    cst.Name: _name,
    cst.AssignTarget: _assignment,
    cst.AugAssign: _assignment,
    cst.AnnAssign: _annotated,
    cst.NamedExpr: _assignment,
    cst.For: _assignment,
    cst.Del: _assignment,
    cst.AsName: _alias,
    cst.Import: _import,
    cst.ImportFrom: _import,
    cst.FunctionDef: _definition,
    cst.ClassDef: _definition,
    cst.Lambda: _nested,
    cst.TypeAlias: _type_alias,
    cst.CompFor: _comprehension_loop,
    cst.MatchAs: _capture,
    cst.MatchStar: _capture,
    cst.MatchMapping: _captured_rest,
}


def body_of(scope: cst.CSTNode) -> Sequence[cst.BaseStatement | cst.BaseSmallStatement]:
    """The statements of a module, function or class; none for other scopes."""
    if isinstance(scope, cst.Module):
        return scope.body
    if isinstance(scope, (cst.FunctionDef, cst.ClassDef)):
        return scope.body.body
    return ()


def run_outside(definition: cst.FunctionDef | cst.ClassDef | cst.Lambda) -> list[cst.CSTNode]:
    """What a definition runs where it stands: decorators, defaults, annotations, bases."""
    if isinstance(definition, cst.ClassDef):
        return [*definition.decorators, *definition.bases, *definition.keywords]
    outside: list[cst.CSTNode] = []
    for param in parameters_of(definition.params):
        outside += [part for part in (param.annotation, param.default) if part is not None]
    if isinstance(definition, cst.FunctionDef):
        outside = [*definition.decorators, *outside, *([] if definition.returns is None else [definition.returns])]
    return outside


def parameters_of(parameters: cst.Parameters) -> Iterator[cst.Param]:
    """All parameters in the order of the signature, starred ones included."""
    yield from parameters.posonly_params
    yield from parameters.params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    yield from parameters.kwonly_params
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg


def yields(code: Iterable[cst.CSTNode]) -> bool:
    """Whether a ``yield`` stands in the code of a function, that of functions and classes within left out."""
    stack = list(code)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is cst.Yield:
            return True
        if kind is not cst.ClassDef and kind not in FUNCTIONS:
            stack += children(node)
    return False


def target_names(target: cst.CSTNode) -> Iterator[cst.Name]:
    """The variables that an assignment to a target binds; attributes and items are none."""
    if isinstance(target, cst.Name):
        yield target
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from target_names(element.value)
    elif isinstance(target, cst.StarredElement):
        yield from target_names(target.value)


def import_binders(node: cst.Import | cst.ImportFrom) -> Iterator[cst.Name]:
    """The nodes that name what an import binds; none for a star import."""
    for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
        name: cst.CSTNode = alias.name if alias.asname is None else alias.asname.name
        while isinstance(name, cst.Attribute):
            name = name.value
        if isinstance(name, cst.Name):
            yield name


def import_around(path: Sequence[cst.CSTNode]) -> tuple[cst.ImportAlias, cst.Import | cst.ImportFrom] | None:
    """What of an import statement binds a name, given by its ancestors, and the statement; None for another binding."""
    alias = next((node for node in reversed(path) if type(node) is cst.ImportAlias), None)
    statement = next((node for node in reversed(path) if isinstance(node, (cst.Import, cst.ImportFrom))), None)
    return None if alias is None or statement is None else (alias, statement)


def imported_from(path: Sequence[cst.CSTNode]) -> str | None:
    """The topmost package that an import takes a name from, given the ancestors of the name.

    Empty where it is imported from the same package, None where nothing is imported.
    """
    found = import_around(path)
    if found is None:
        return None
    alias, statement = found
    if isinstance(statement, cst.ImportFrom):
        return "" if statement.relative else (dotted_name(statement.module) or "").partition(".")[0]
    return (dotted_name(alias.name) or "").partition(".")[0]


# What holds no statements of the scope that it stands in, as far as it is common.
_SIMPLE_OR_DEFINITION = frozenset(
    {
        *(cst.FunctionDef, cst.ClassDef, cst.Expr, cst.Assign, cst.AugAssign, cst.AnnAssign, cst.Return, cst.Raise),
        *(cst.Assert, cst.Import, cst.ImportFrom, cst.Pass, cst.Break, cst.Continue, cst.Del),
    }
)


def declared_outer(scope: cst.CSTNode) -> dict[str, str]:
    """The names that a scope declares ``global`` or ``nonlocal``, with which of the two."""
    names: dict[str, str] = {}
    stack: _Stack = list(body_of(scope))
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is cst.SimpleStatementLine:
            stack += cast("cst.SimpleStatementLine", node).body
        elif kind is cst.Global or kind is cst.Nonlocal:
            word = "global" if kind is cst.Global else "nonlocal"
            names.update((item.name.value, word) for item in cast("cst.Global | cst.Nonlocal", node).names)
        elif kind not in _SIMPLE_OR_DEFINITION:
            stack += blocks_of(node)
    return names
