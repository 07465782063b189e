"""What several transformations need of syntax trees: constructions and their callables, places for new statements."""

from __future__ import annotations

import builtins
import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

import libcst as cst

from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract
from tests.metamorphic.programs import REMEMBERED

Statement: TypeAlias = "cst.SimpleStatementLine | cst.BaseCompoundStatement"
Wrapping: TypeAlias = "Callable[[cst.BaseExpression], cst.BaseExpression | None]"
Changes: TypeAlias = "dict[cst.CSTNode, cst.CSTNode]"
_Tree = TypeVar("_Tree", bound=cst.CSTNode)

_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
# Schedulers whose class says by itself which argument is the callable.
_ROWS = reversed(BUILT_IN.judged)  # of one name PyTorch's, which comes first
CONTRACTS = {row.short_name: row for row in _ROWS if not (row.members or row.entry or row.delegates_to)}
BUILT_INS = frozenset(dir(builtins))


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all below it, from above."""
    yield node
    for child in node.children:
        yield from walk(child)


@functools.lru_cache(maxsize=REMEMBERED)
def nodes(tree: cst.Module) -> tuple[cst.CSTNode, ...]:
    """All nodes of a module, from above."""
    return tuple(walk(tree))


def replaced(tree: _Tree, changes: Changes, additions: Sequence[tuple[cst.SimpleStatementLine, str]] = ()) -> _Tree:
    """A tree with nodes replaced, and with some code before simple statements.

    Args:
        tree: the tree.
        changes: nodes, told by identity, with what takes their place; what is inside of that stays as given.
        additions: statements with what is to stand before them, in order.
    """

    class Replace(cst.CSTTransformer):
        def on_visit(self, node: cst.CSTNode) -> bool:
            return node not in changes

        def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Any:
            updated_node = changes.get(original_node, updated_node)
            new = [each for line, code in additions if line is original_node for each in statements(code)]
            return cst.FlattenSentinel([*new, updated_node]) if new else updated_node

    changed = tree.visit(Replace())
    assert isinstance(changed, type(tree))
    return changed


def last_name(node: cst.CSTNode) -> str:
    """The last part of a dotted name; empty for anything else."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def dotted(node: cst.CSTNode) -> str:
    """A dotted name as text; empty for anything else."""
    if isinstance(node, cst.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr.value}" if before else ""
    return node.value if isinstance(node, cst.Name) else ""


def expression(code: str) -> cst.BaseExpression:
    """The tree of an expression."""
    return cst.parse_expression(code)


def statements(code: str) -> list[Statement]:
    """The trees of some statements."""
    return list(cst.parse_module(code).body)


def code_of(node: cst.CSTNode) -> str:
    """The code of a node."""
    return cst.Module([]).code_for_node(node)


def names_in(node: cst.CSTNode) -> set[str]:
    """All identifiers in some code, whatever they are."""
    below = nodes(node) if isinstance(node, cst.Module) else walk(node)
    return {each.value for each in below if isinstance(each, cst.Name)}


def fresh(tree: cst.Module, name: str) -> str:
    """A name that the code does not use."""
    taken = names_in(tree)
    return next(candidate for candidate in (name, *(f"{name}_{at}" for at in range(99))) if candidate not in taken)


# Constructions.


@functools.lru_cache(maxsize=REMEMBERED)
def constructions(tree: cst.Module) -> list[tuple[cst.Call, Contract]]:
    """Calls that are spelled like the construction of a scheduler, in source order."""
    calls = [node for node in nodes(tree) if isinstance(node, cst.Call)]
    return [(call, CONTRACTS[last_name(call.func)]) for call in calls if last_name(call.func) in CONTRACTS]


def argument(call: cst.Call, place: tuple[int | None, str] | None) -> cst.Arg | None:
    """The argument at a place of a call, given by position or keyword."""
    if place is None or any(arg.star for arg in call.args):
        return None
    position, keyword = place
    for at, arg in enumerate(call.args):
        if (arg.keyword is None and at == position) or (arg.keyword is not None and arg.keyword.value == keyword):
            return arg
    return None


@functools.lru_cache(maxsize=REMEMBERED)
def callables(tree: cst.Module) -> list[cst.BaseExpression]:
    """The expressions that constructions are given as callables, one for each entry of a list.

    Only those of which the code shows that they are called with a time, and what they are made of.
    """
    found: list[cst.BaseExpression] = []
    makers = _Makers(tree)
    for call, contract in constructions(tree):
        arg = argument(call, contract.callable)
        if arg is not None:
            found += (each for each in _entries(arg.value) if makers.makes_callable(each))
    return found


def _entries(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(value, (cst.List, cst.Tuple)):
        for element in value.elements:
            yield from _entries(element.value)
    elif isinstance(value, cst.IfExp):
        yield from _entries(value.body)
        yield from _entries(value.orelse)
    elif isinstance(value, cst.ListComp):
        yield value.elt
    else:
        yield value


class _Makers:
    """Which names stand for a function of one argument, or for something that makes one."""

    def __init__(self, tree: cst.Module) -> None:
        bound = Counter(name for name, _ in bindings(tree))
        self.functions: dict[str, cst.FunctionDef] = {}
        self.lambdas: set[str] = set()
        self.classes: set[str] = set()
        for node in nodes(tree):
            if isinstance(node, cst.FunctionDef) and bound[node.name.value] == 1:
                self.functions[node.name.value] = node
            elif isinstance(node, cst.Assign) and isinstance(node.value, cst.Lambda):
                self.lambdas |= {name for name in map(_target, node.targets) if bound[name] == 1}
            elif isinstance(node, cst.ClassDef) and bound[node.name.value] == 1 and _method(node, "__call__"):
                self.classes.add(node.name.value)

    def makes_callable(self, value: cst.BaseExpression) -> bool:
        if isinstance(value, cst.Lambda):
            return True
        if isinstance(value, cst.Name):
            return value.value in self.lambdas or value.value in self.functions
        if isinstance(value, cst.Attribute):
            return value.attr.value in self.functions and not self.functions[value.attr.value].decorators
        if isinstance(value, cst.Call) and isinstance(value.func, cst.Name):
            made = value.func.value
            return made in self.classes or (made in self.functions and _returns_functions(self.functions[made]))
        return False


def _target(target: cst.AssignTarget) -> str:
    return last_name(target.target) if isinstance(target.target, cst.Name) else ""


def _method(node: cst.ClassDef, name: str) -> bool:
    return any(isinstance(each, cst.FunctionDef) and each.name.value == name for each in node.body.body)


def _returns_functions(function: cst.FunctionDef) -> bool:
    inner = {each.name.value for each in walk(function) if isinstance(each, cst.FunctionDef)} - {function.name.value}
    results = [node.value for node in own_nodes(function) if isinstance(node, cst.Return)]
    return bool(results) and all(
        isinstance(each, cst.Lambda) or last_name(each or function) in inner for each in results
    )


def own_nodes(function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """The nodes of a function's body, without those of functions inside of it."""
    pending: list[cst.CSTNode] = [function.body]
    while pending:
        node = pending.pop()
        yield node
        pending += (child for child in node.children if not isinstance(child, (*_FUNCTIONS, cst.ClassDef)))


def remembers(tree: cst.Module) -> bool:
    """Whether functions of a file assign variables around them.

    Whoever else is handed such a function may call it as well, so what it remembers is known to nobody.
    """
    return any(isinstance(node, (cst.Nonlocal, cst.Global)) for node in nodes(tree))


def wrapped(tree: cst.Module, wrap: Wrapping) -> cst.Module | None:
    """The tree with each callable of its constructions wrapped; None where there is none to wrap."""
    changes: Changes = {}
    for value in callables(tree):
        around = wrap(value)
        if around is not None:
            changes[value] = around
    return replaced(tree, changes) if changes else None


# Names and statements.


@functools.lru_cache(maxsize=REMEMBERED)
def bindings(tree: cst.Module) -> tuple[tuple[str, cst.CSTNode], ...]:
    """Every name that some code binds, once for each time, with the node that does so."""
    return tuple(_bindings(nodes(tree)))


def _bindings(below: Iterable[cst.CSTNode]) -> Iterator[tuple[str, cst.CSTNode]]:
    for node in below:
        if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Param)):
            yield node.name.value, node
        elif isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr)):
            yield from ((name, node) for name in _bound_by(node.target))
        elif isinstance(node, cst.AsName):
            yield from ((name, node) for name in _bound_by(node.name))
        elif isinstance(node, cst.ImportAlias) and node.asname is None:
            yield dotted(node.name).partition(".")[0], node
        elif isinstance(node, cst.NameItem):
            yield node.name.value, node
        else:
            yield from ((name, node) for name in _captured_by(node))


def _captured_by(node: cst.CSTNode) -> list[str]:
    if not isinstance(node, (cst.MatchAs, cst.MatchStar)) or node.name is None:
        return []
    return [node.name.value]


def _bound_by(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _bound_by(element.value)
    elif isinstance(target, cst.StarredElement):
        yield from _bound_by(target.value)


def is_import(statement: cst.CSTNode) -> bool:
    """Whether a statement of a body is an import."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return all(isinstance(each, (cst.Import, cst.ImportFrom)) for each in statement.body)


def is_future(statement: cst.CSTNode) -> bool:
    """Whether a statement of a body is an import from ``__future__``."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return any(
        isinstance(each, cst.ImportFrom) and last_name(each.module or each) == "__future__" for each in statement.body
    )


def first_places(tree: cst.Module) -> tuple[int, int]:
    """Where further imports may stand, after the docstring; and where the imports at the beginning end."""
    at = int(bool(tree.body) and tree.get_docstring() is not None)
    while at < len(tree.body) and is_future(tree.body[at]):
        at += 1
    end = at
    while end < len(tree.body) and is_import(tree.body[end]):
        end += 1
    return at, end


def with_imports(tree: cst.Module, code: str) -> cst.Module:
    """The module with statements before its first import."""
    at, _ = first_places(tree)
    return tree.with_changes(body=[*tree.body[:at], *statements(code), *tree.body[at:]])


def with_helpers(tree: cst.Module, code: str) -> cst.Module:
    """The module with statements after the imports at its beginning."""
    _, at = first_places(tree)
    return tree.with_changes(body=[*tree.body[:at], *statements(code), *tree.body[at:]])


Parents: TypeAlias = "dict[cst.CSTNode, cst.CSTNode]"


@functools.lru_cache(maxsize=REMEMBERED)
def parents_of(tree: cst.Module) -> Parents:
    """Each node's parent."""
    return {child: node for node in nodes(tree) for child in node.children}


def statement_around(node: cst.CSTNode, parents: Parents) -> cst.SimpleStatementLine | None:
    """The simple statement that evaluates a node once, right where it stands; None where something else does."""
    at: cst.CSTNode = node
    while at in parents:
        at = parents[at]
        if isinstance(at, cst.SimpleStatementLine):
            return at
        if isinstance(at, (*_FUNCTIONS, cst.BaseComp, cst.IfExp, cst.BooleanOperation, cst.BaseCompoundStatement)):
            return None
    return None
