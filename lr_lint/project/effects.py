"""What a statement does to names: the ones it binds, changes and reads.

Names are plain strings; an attribute of ``self`` is a name of its own (``self.lr``), so that methods slice as finely
as functions do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

from lr_lint.source.tree import blocks_of, children, dotted_name

SELF = "self"
# Jumps count as names that a slice may ask for; no identifier is spelled like them.
RETURN = "<return>"
LOOP_JUMPS = frozenset({"<break>", "<continue>"})
# Builtins that change their first argument, or give its attributes as a dict.
_SET_ATTRIBUTE = "setattr"
_VARIABLES = "vars"
# Methods of command-line parsers that give a part of the parser.
_PARTS = frozenset({"add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"})


@dataclass(frozen=True, slots=True)
class Effects:
    """What a statement (with all that it contains) does to names.

    Attributes:
        binds: names it assigns, imports or defines.
        touches: names whose values it may change in place: ``x.append(...)``, ``x["lr"] = ...``.
        reads: names it needs, those of nested functions included.
        affects: all names whose values depend on whether the statement runs, and the jumps that it may make.
    """

    binds: frozenset[str]
    touches: frozenset[str]
    reads: frozenset[str]
    affects: frozenset[str]


def effects_of(node: cst.CSTNode) -> Effects:
    """The effects of a statement; of any node."""
    collector = _Collector()
    collector.visit(node)
    return Effects(
        frozenset(collector.binds),
        frozenset(collector.touches),
        frozenset(collector.reads),
        frozenset(collector.binds | collector.touches | collector.jumps),
    )


def body_of(scope: cst.CSTNode) -> Sequence[cst.BaseStatement | cst.BaseSmallStatement]:
    """The statements of a module, function or class; none for a lambda."""
    if isinstance(scope, cst.Module):
        return scope.body
    if isinstance(scope, (cst.FunctionDef, cst.ClassDef)):
        return scope.body.body
    return ()


def parameters_of(parameters: cst.Parameters) -> Iterator[cst.Param]:
    """All parameters in the order of the signature, starred ones included."""
    yield from parameters.posonly_params
    yield from parameters.params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    yield from parameters.kwonly_params
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg


def declared_outer(statement: cst.CSTNode) -> dict[str, str]:
    """Names declared ``global`` or ``nonlocal`` in a statement, nested definitions excluded."""
    names: dict[str, str] = {}
    stack = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.Global, cst.Nonlocal)):
            kind = "global" if isinstance(node, cst.Global) else "nonlocal"
            names.update((item.name.value, kind) for item in node.names)
        elif isinstance(node, cst.SimpleStatementLine):
            stack += node.body
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            stack += blocks_of(node)
    return names


class _Collector:
    """Gathers the effects of one statement."""

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.touches: set[str] = set()
        self.reads: set[str] = set()
        self.jumps: set[str] = set()

    def visit(self, node: cst.CSTNode) -> None:
        """Adds what a node does. Nested scopes contribute their reads only."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            for child in children(node):
                self.visit(child)

    def _read_name(self, node: cst.Name) -> None:
        self.reads.add(node.value)

    def _visit_definition(self, node: cst.FunctionDef | cst.ClassDef) -> None:
        self.binds.add(node.name.value)
        self._visit_scope(node)

    def _visit_import(self, node: cst.Import | cst.ImportFrom) -> None:
        self.binds.update(imported_names(node))

    def _visit_alias(self, node: cst.AsName) -> None:
        self._bind(node.name)

    def _visit_argument(self, node: cst.Arg) -> None:
        self.visit(node.value)

    def _visit_jump(self, node: cst.Return | cst.Break | cst.Continue) -> None:
        self.jumps.add(f"<{type(node).__name__.lower()}>")
        if isinstance(node, cst.Return) and node.value is not None:
            self.visit(node.value)

    def _visit_loop(self, node: cst.For | cst.While) -> None:
        inner = _Collector()
        inner.jumps, inner.binds, inner.touches, inner.reads = set(), self.binds, self.touches, self.reads
        if isinstance(node, cst.For):
            inner._visit_binding(node)
        else:
            for child in children(node):
                inner.visit(child)
        # What breaks out of the inner loop stays in it; its else block is rare enough to go along.
        self.jumps |= inner.jumps - LOOP_JUMPS

    def _visit_delete(self, node: cst.Del) -> None:
        self._bind(node.target)

    def _read_attribute(self, node: cst.Attribute) -> None:
        if isinstance(node.value, cst.Name) and node.value.value == SELF:
            self.reads.add(f"{SELF}.{node.attr.value}")
        else:
            self.visit(node.value)

    def _visit_binding(
        self, node: cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For | cst.CompFor
    ) -> None:
        target = node.target
        if isinstance(node, cst.AnnAssign) and node.value is None:
            return
        # Inside a comprehension the target is local to it; binding it here too only makes slices larger.
        self._bind(target)
        for child in children(node):
            if child is not target:
                self.visit(child)
        if isinstance(node, cst.AugAssign):
            self.visit(target)
        if isinstance(node, cst.For):
            self._touch_iterated(node)

    def _touch_iterated(self, loop: cst.For) -> None:
        """A loop that changes its items changes what it iterates over: ``for g in groups: g["lr"] = ...``."""
        items = _Collector()
        items._bind(loop.target)
        if not self.touches.isdisjoint(items.binds):
            self._touch(loop.iter)

    def _bind(self, target: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            self.binds.add(target.value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self._bind(element.value)
        elif isinstance(target, cst.StarredElement):
            self._bind(target.value)
        elif isinstance(target, (cst.Attribute, cst.Subscript)):
            dotted = dotted_name(target)
            if dotted is not None and dotted.startswith(f"{SELF}.") and dotted.count(".") == 1:
                self.binds.add(dotted)
            else:
                self._touch(target)
            self.visit(target)

    def _touch(self, node: cst.CSTNode) -> None:
        """Notes that the object at the root of a chain of attributes and subscripts may change."""
        while True:
            if isinstance(node, cst.Attribute):
                if isinstance(node.value, cst.Name) and node.value.value == SELF:
                    self.touches.add(f"{SELF}.{node.attr.value}")
                    return
                node = node.value
            elif isinstance(node, cst.Subscript):
                node = node.value
            elif isinstance(node, cst.Call):
                of_argument = isinstance(node.func, cst.Name) and node.func.value == _VARIABLES and node.args
                node = node.args[0].value if of_argument else node.func
            else:
                break
        if isinstance(node, cst.Name):
            self.touches.add(node.value)

    def _visit_expression_statement(self, node: cst.Expr) -> None:
        call = node.value
        if isinstance(call, cst.Call):
            if isinstance(call.func, cst.Attribute):
                self._touch(call.func.value)
            self._touch_arguments(call)
        self.visit(call)

    def _touch_arguments(self, call: cst.Call) -> None:
        """Notes the arguments that a call is known to change: ``setattr(args, ...)``, ``add_options(parser)``."""
        names = [argument.value.value for argument in call.args if isinstance(argument.value, cst.Name)]
        self.touches.update(filter(is_parser, names))
        if isinstance(call.func, cst.Name) and call.func.value == _SET_ATTRIBUTE and call.args:
            self._touch(call.args[0].value)

    def _visit_assignment(self, node: cst.Assign) -> None:
        for child in children(node):
            self.visit(child)
        call = node.value
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value in _PARTS:
            # What is done to the part is done to the whole, so whoever needs the whole needs the part.
            self._touch(call.func.value)
            self.reads.update(target.target.value for target in node.targets if isinstance(target.target, cst.Name))

    def _visit_scope(self, scope: cst.FunctionDef | cst.ClassDef | cst.Lambda) -> None:
        inner = _Collector()
        for child in children(scope):
            if child is not getattr(scope, "name", None):
                inner.visit(child)
        # What a nested scope binds for itself it does not read from here; ``self`` attributes are everybody's.
        own = {name for name in inner.binds if not name.startswith(f"{SELF}.")}
        if isinstance(scope, (cst.FunctionDef, cst.Lambda)):
            own |= {param.name.value for param in parameters_of(scope.params)}
        if isinstance(scope, cst.FunctionDef):
            own -= {name for statement in scope.body.body for name in declared_outer(statement)}
        self.reads |= inner.reads - own if not isinstance(scope, cst.ClassDef) else inner.reads


_HANDLERS: dict[type[cst.CSTNode], Callable[[_Collector, Any], None]] = {
    cst.Name: _Collector._read_name,
    cst.Attribute: _Collector._read_attribute,
    cst.AssignTarget: _Collector._visit_binding,
    cst.AnnAssign: _Collector._visit_binding,
    cst.AugAssign: _Collector._visit_binding,
    cst.NamedExpr: _Collector._visit_binding,
    cst.For: _Collector._visit_loop,
    cst.While: _Collector._visit_loop,
    cst.Return: _Collector._visit_jump,
    cst.Break: _Collector._visit_jump,
    cst.Continue: _Collector._visit_jump,
    cst.CompFor: _Collector._visit_binding,
    cst.FunctionDef: _Collector._visit_definition,
    cst.ClassDef: _Collector._visit_definition,
    cst.Lambda: _Collector._visit_scope,
    cst.Import: _Collector._visit_import,
    cst.ImportFrom: _Collector._visit_import,
    cst.AsName: _Collector._visit_alias,
    cst.Expr: _Collector._visit_expression_statement,
    cst.Assign: _Collector._visit_assignment,
    cst.Arg: _Collector._visit_argument,
    cst.Del: _Collector._visit_delete,
}


def is_parser(name: str) -> bool:
    """Whether a variable is called as command-line parsers are.

    Whoever is given a parser declares options. That any call may change any of its arguments would be too much to
    follow; the name is what tells a parser before anything is run.
    """
    return "pars" in name.lower()


def imported_names(node: cst.Import | cst.ImportFrom) -> list[str]:
    """The names that an import statement binds; none for a star import."""
    if isinstance(node.names, cst.ImportStar):
        return []
    bound = []
    for alias in node.names:
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            bound.append(alias.asname.name.value)
        else:
            dotted = dotted_name(alias.name) or ""
            bound.append(dotted.partition(".")[0] if isinstance(node, cst.Import) else dotted)
    return bound
