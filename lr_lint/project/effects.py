"""What a statement does to names: the ones it binds, changes, hands on and reads.

Names are plain strings; an attribute of ``self`` is a name of its own (``self.lr``), so that methods slice as finely
as functions do, and ``self`` alone stands for all of them. They are those of the scope that the statement stands in:
what a nested scope binds for itself is left out.

Only names are looked at here. That two of them hold one object, and that a function changes what it reads by itself,
is for others to find out. With that said, whatever a statement may change in place it touches or passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

from lr_lint.project.binders import (
    SELF,
    binders_in,
    declared_outer,
    import_binders,
    parameters_of,
    run_outside,
    target_names,
)
from lr_lint.project.knowledge import READING_METHODS
from lr_lint.source.tree import children, dotted_name

# Jumps count as names that a slice may ask for; no identifier is spelled like them.
RETURN = "<return>"
LOOP_JUMPS = frozenset({"<break>", "<continue>"})
# Builtins that change their first argument.
_CHANGING = frozenset({"setattr", "delattr"})
# Builtins that give a part of their first argument, or its attributes as a dict.
_GIVING_PARTS = frozenset({"vars", "getattr"})
_OWN = f"{SELF}."
# Methods of command-line parsers that give a part of the parser.
_PARTS = frozenset({"add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"})


@dataclass(frozen=True, slots=True)
class Effects:
    """What a statement (with all that it contains) does to names.

    Attributes:
        binds: names that it assigns, imports, defines or deletes.
        touches: names whose values it is taken to change in place: ``x.append(...)``, ``x["lr"] = ...``, ``x += y``.
        changes: those of them of which more may change than what ``x += y`` does to a number: nothing.
        alters: names that it touches, other than by calling a method that changes nothing which computes a rate, as
            ``optimizer.step()`` does.
        passes: names whose values, or parts of them, somebody else gets hold of: arguments of calls, the object that a
            method is called on (``x.get("lr")``, and ``x.pop()`` too), what is gone through or entered. Few of those
            are changed. Modules are among them, ``torch`` in ``torch.zeros(2)``: no spelling tells those from objects.
        reads: names that it needs, those of nested functions included.
        affects: all names whose values depend on whether the statement runs, and the jumps that it may make.
        variables: the identifiers that it needs: ``self`` for each attribute of that.
    """

    binds: frozenset[str]
    touches: frozenset[str]
    changes: frozenset[str]
    alters: frozenset[str]
    passes: frozenset[str]
    reads: frozenset[str]
    affects: frozenset[str]
    variables: frozenset[str]


def effects_of(node: cst.CSTNode) -> Effects:
    """The effects of a statement; of any node."""
    collector = _Collector()
    collector.visit(node)
    return Effects(
        frozenset(collector.binds),
        frozenset(collector.touches),
        frozenset(collector.changes),
        frozenset(collector.alters),
        frozenset(collector.passes),
        frozenset(collector.reads),
        frozenset(collector.binds | collector.touches | collector.jumps),
        frozenset(SELF if name.startswith(_OWN) else name for name in collector.reads),
    )


def root_of(node: cst.CSTNode) -> str | None:
    """The name at the start of a chain of attributes, subscripts and calls: ``x``, or ``self.x``.

    None where something else is there.
    """
    start = _start_of(node)
    if type(start) is cst.Attribute:
        return f"{SELF}.{start.attr.value}"
    return start.value if type(start) is cst.Name else None


def _start_of(node: cst.CSTNode) -> cst.CSTNode:
    """What a chain starts from; an attribute of ``self`` where it starts from that."""
    while type(node) is not cst.Name:
        if type(node) is cst.Attribute:
            if type(node.value) is cst.Name and node.value.value == SELF:
                return node
            node = node.value
        elif type(node) is cst.Subscript or type(node) is cst.StarredElement or type(node) is cst.NamedExpr:
            node = node.value
        elif type(node) is cst.Await:
            node = node.expression
        elif type(node) is cst.Call:
            # To change ``vars(x)`` is to change x.
            through = isinstance(node.func, cst.Name) and node.func.value in _GIVING_PARTS and node.args
            node = node.args[0].value if through else node.func
        else:
            return node
    return node


def call_of_statement(statement: cst.CSTNode) -> cst.Call | None:
    """The call that a statement is, awaited or not."""
    value = statement.value if type(statement) is cst.Expr else None
    value = value.expression if type(value) is cst.Await else value
    return value if type(value) is cst.Call else None


class _Collector:
    """Gathers the effects of one statement.

    Attributes:
        free: the names whose objects the functions and comprehensions within hold or read; filled as they are visited.
    """

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.touches: set[str] = set()
        self.changes: set[str] = set()
        self.alters: set[str] = set()
        self.passes: set[str] = set()
        self.reads: set[str] = set()
        self.jumps: set[str] = set()
        self.free: dict[cst.CSTNode, frozenset[str]] = {}

    def visit(self, node: cst.CSTNode) -> None:
        """Adds what a node does. Functions within contribute their reads only."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            self._visit_all(children(node))

    def _visit_all(self, nodes: Iterable[cst.CSTNode]) -> None:
        for node in nodes:
            self.visit(node)

    def _read_name(self, node: cst.Name) -> None:
        self.reads.add(node.value)

    def _read_attribute(self, node: cst.Attribute) -> None:
        if isinstance(node.value, cst.Name) and node.value.value == SELF:
            self.reads.add(f"{SELF}.{node.attr.value}")
        else:
            self.visit(node.value)

    def _visit_argument(self, node: cst.Arg) -> None:
        self.visit(node.value)

    def _visit_import(self, node: cst.Import | cst.ImportFrom) -> None:
        self.binds.update(name.value for name in import_binders(node))

    def _visit_alias(self, node: cst.AsName) -> None:
        self._bind(node.name)

    def _visit_context(self, node: cst.WithItem) -> None:
        self._ask(node.item)
        self._visit_all(children(node))

    def _visit_capture(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping) -> None:
        bound = node.rest if isinstance(node, cst.MatchMapping) else node.name
        if bound is not None:
            self.binds.add(bound.value)
        self._visit_all(each for each in children(node) if each is not bound)

    def _visit_matched_keyword(self, node: cst.MatchKeywordElement) -> None:
        self.visit(node.pattern)

    def _visit_jump(self, node: cst.Return | cst.Break | cst.Continue) -> None:
        self.jumps.add(f"<{type(node).__name__.lower()}>")
        if isinstance(node, cst.Return) and node.value is not None:
            self.visit(node.value)

    def _visit_yield(self, node: cst.Yield) -> None:
        if node.value is not None:
            self.visit(node.value)
            self._pass(node.value.item if isinstance(node.value, cst.From) else node.value)

    def _visit_loop(self, node: cst.For | cst.While) -> None:
        around, self.jumps = self.jumps, set()
        if isinstance(node, cst.For):
            self._visit_binding(node)
            self._iterate(node)
        else:
            self._visit_all(children(node))
        # What breaks out of the inner loop stays in it; its else block is rare enough to go along.
        self.jumps = around | self.jumps - LOOP_JUMPS

    def _iterate(self, loop: cst.For) -> None:
        """A loop that changes its items changes what it iterates over: ``for g in groups: g["lr"] = ...``."""
        self._ask(loop.iter)
        items = {name.value for name in target_names(loop.target)}
        if not self.touches.isdisjoint(items):
            self._touch(loop.iter)
        if not self.passes.isdisjoint(items):
            self._pass(loop.iter)

    def _visit_delete(self, node: cst.Del) -> None:
        self._bind(node.target)

    def _visit_binding(self, node: cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For) -> None:
        target = node.target
        if type(node) is cst.AnnAssign and node.value is None:
            return
        self._bind(target)
        self._visit_all(child for child in children(node) if child is not target)
        if type(node) is cst.AnnAssign and node.value is not None:
            self._assign([target], node.value)
        if type(node) is cst.AugAssign:
            if isinstance(target, cst.Name):
                self.touches.add(target.value)
                self.alters.add(target.value)
            else:
                self._touch(target)
            self.visit(target)

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
        """Notes that the object at the root of a chain of attributes and subscripts may change.

        Where a function gives it, that may be what the function was given: ``first(groups)["lr"] = ...``.
        """
        self._change(self._roots(node))
        while isinstance(node, (cst.Attribute, cst.Subscript, cst.Call)):
            if isinstance(node, cst.Call) and not isinstance(node.func, cst.Attribute):
                for argument in node.args:
                    self._change(_held_by(argument.value, self.free))
                    if isinstance(argument.value, cst.Call):
                        self._touch(argument.value)
            node = node.func if isinstance(node, cst.Call) else node.value

    def _change(self, names: Iterable[str]) -> None:
        found = frozenset(names)
        self.touches |= found
        self.changes |= found
        self.alters |= found

    def _ask(self, node: cst.CSTNode) -> None:
        """Notes that the object at the root of such a chain is asked for something, as by a method."""
        self.passes.update(self._roots(node))

    def _roots(self, node: cst.CSTNode) -> Iterable[str]:
        root = root_of(node)
        return _held_by(_start_of(node), self.free) if root is None else (root,)

    def _pass(self, node: cst.CSTNode) -> None:
        """Notes that somebody gets the value of an expression that was visited, with all that it holds."""
        self.passes.update(_held_by(node, self.free))

    def _visit_call(self, node: cst.Call) -> None:
        self._visit_all(children(node))
        if isinstance(node.func, cst.Attribute):
            self._ask(node.func.value)
        for argument in node.args:
            self._pass(argument.value)

    def _visit_expression_statement(self, node: cst.Expr) -> None:
        call = call_of_statement(node)
        if call is not None:
            if isinstance(call.func, cst.Attribute):
                altered = set(self.alters)
                self._touch(call.func.value)
                self.alters = altered if call.func.attr.value in READING_METHODS else self.alters
            self._touch_arguments(call)
        self.visit(node.value)

    def _touch_arguments(self, call: cst.Call) -> None:
        """Notes the arguments that a call is known to change: ``setattr(args, ...)``, ``add_options(parser)``."""
        names = [argument.value.value for argument in call.args if isinstance(argument.value, cst.Name)]
        self._change(filter(is_parser, names))
        if isinstance(call.func, cst.Name) and call.func.value in _CHANGING and call.args:
            self._touch(call.args[0].value)

    def _visit_assignment(self, node: cst.Assign) -> None:
        self._visit_all(children(node))
        self._assign([each.target for each in node.targets], node.value)

    def _assign(self, targets: Sequence[cst.BaseExpression], call: cst.BaseExpression) -> None:
        """Notes what a value is asked for by whoever takes it apart, and the part of an object that it is."""
        if any(isinstance(target, (cst.Tuple, cst.List)) for target in targets):
            self._ask(call)
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value in _PARTS:
            # What is done to the part is done to the whole, so whoever needs the whole needs the part.
            self._touch(call.func.value)
            self.reads.update(target.value for target in targets if isinstance(target, cst.Name))

    def _visit_comprehension(self, node: cst.BaseComp) -> None:
        # The first iterable is evaluated before the comprehension begins.
        self.visit(node.for_in.iter)
        self._ask(node.for_in.iter)
        inner = _Collector()
        inner._visit_all(each for each in children(node) if each is not node.for_in)
        inner._visit_loops(node.for_in)
        own = binders_in(node).names.keys()
        if not own.isdisjoint(inner.touches | inner.passes):
            self._pass(node.for_in.iter)
        self._take(node, inner, own)
        self.free[node] |= frozenset(_held_by(node.for_in.iter, self.free))
        # What ``:=`` assigns is assigned out here.
        self.binds |= inner.binds - own

    def _visit_loops(self, first: cst.CompFor) -> None:
        loop: cst.CompFor | None = first
        while loop is not None:
            # Targets may be attributes and items.
            self._bind(loop.target)
            self._visit_all(loop.ifs)
            if loop is not first:
                self.visit(loop.iter)
                self._pass(loop.iter)
            loop = loop.inner_for_in

    def _visit_function(self, node: cst.FunctionDef | cst.Lambda) -> None:
        self._visit_all(run_outside(node))
        if isinstance(node, cst.FunctionDef):
            self.binds.add(node.name.value)
        inner = _Collector()
        inner.visit(node.body)
        # ``self`` attributes are everybody's; so is what is declared to be of a scope further out.
        own = binders_in(node).names.keys() - declared_outer(node).keys()
        defaults = [param.default for param in parameters_of(node.params) if param.default is not None]
        self.free[node] = frozenset(inner.reads - own).union(*(_held_by(each, self.free) for each in defaults))
        self.reads |= inner.reads - own
        if isinstance(node, cst.FunctionDef) and node.decorators:
            # A decorator gets the function, with all that the function holds.
            self.passes |= self.free[node]

    def _visit_class(self, node: cst.ClassDef) -> None:
        self._visit_all(run_outside(node))
        self.binds.add(node.name.value)
        inner = _Collector()
        inner.visit(node.body)
        # Until the class has bound a name it is looked up further out, and its methods do not see it at all.
        self._take(node, inner, ())
        self.binds |= inner.binds - (binders_in(node).names.keys() - declared_outer(node).keys())

    def _take(self, scope: cst.CSTNode, inner: _Collector, own: Iterable[str]) -> None:
        """Takes over what the code of a scope that runs at once does to other names than its own."""
        self.free[scope] = frozenset(inner.reads.difference(own))
        self.reads |= self.free[scope]
        self.touches |= inner.touches.difference(own)
        self.changes |= inner.changes.difference(own)
        self.alters |= inner.alters.difference(own)
        self.passes |= inner.passes.difference(own)

    def _visit_type_alias(self, node: cst.TypeAlias) -> None:
        self.binds.add(node.name.value)
        self.visit(node.value)


def _held_by(node: cst.CSTNode, free: Mapping[cst.CSTNode, frozenset[str]]) -> Iterator[str]:
    """The names whose values, or parts of them, the value of an expression may be or hold.

    What a call gives is not looked into: it was given its arguments as such.
    """
    if type(node) in _CHAINS:
        root, start = root_of(node), _start_of(node)
        if root is not None:
            yield root
        elif start is not node:
            yield from _held_by(start, free)
    elif node in free:
        yield from free[node]
    elif type(node) in _HOLDING:
        for part in _parts_held(node):
            yield from _held_by(part, free)


_CHAINS = frozenset({cst.Name, cst.Attribute, cst.Subscript})
# To ask LibCST's abstract classes takes longer than all else.
_HOLDING = frozenset(
    {
        *(cst.BinaryOperation, cst.BooleanOperation, cst.IfExp, cst.Tuple, cst.List, cst.Set, cst.Dict),
        *(cst.Element, cst.StarredElement, cst.DictElement, cst.StarredDictElement, cst.NamedExpr, cst.Await),
    }
)


def _parts_held(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
        return (node.left, node.right)
    if isinstance(node, cst.IfExp):
        return (node.body, node.orelse)
    if isinstance(node, (cst.Tuple, cst.List, cst.Set, cst.Dict)):
        return node.elements
    if isinstance(node, (cst.BaseElement, cst.BaseDictElement, cst.NamedExpr)):
        return (node.value,)
    return (node.expression,) if isinstance(node, cst.Await) else ()


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
    cst.Yield: _Collector._visit_yield,
    cst.ListComp: _Collector._visit_comprehension,
    cst.SetComp: _Collector._visit_comprehension,
    cst.DictComp: _Collector._visit_comprehension,
    cst.GeneratorExp: _Collector._visit_comprehension,
    cst.FunctionDef: _Collector._visit_function,
    cst.ClassDef: _Collector._visit_class,
    cst.Lambda: _Collector._visit_function,
    cst.TypeAlias: _Collector._visit_type_alias,
    cst.Import: _Collector._visit_import,
    cst.ImportFrom: _Collector._visit_import,
    cst.AsName: _Collector._visit_alias,
    cst.WithItem: _Collector._visit_context,
    cst.MatchAs: _Collector._visit_capture,
    cst.MatchStar: _Collector._visit_capture,
    cst.MatchMapping: _Collector._visit_capture,
    cst.MatchKeywordElement: _Collector._visit_matched_keyword,
    cst.Call: _Collector._visit_call,
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
