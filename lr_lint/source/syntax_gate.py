"""The syntax gate: does a file that mentions a scheduler construct one?

Many only name it in a string, an import, an annotation or a registry. Python's own parser tells at a tenth of what
LibCST costs. The gate asks what `lr_lint.checks.sites` asks of LibCST's tree: calls that are spelled like a scheduler,
an alias of one, a subclass, or a constructor of the base class. Where an argument is a callable by exception only, a
call that is given nothing but constants is none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable


def may_construct(tree: ast.Module, contracts: ContractTable = BUILT_IN) -> bool:
    """Whether a file has a call that may construct a scheduler."""
    nodes = list(ast.walk(tree))
    always = frozenset().union(*(row.words for row in contracts.judged if not row.optional))
    return _constructs(nodes, always, _anything) or _constructs(nodes, contracts.words - always, _takes_more)


def _constructs(nodes: list[ast.AST], words: frozenset[str], fits: Callable[[ast.Call], bool]) -> bool:
    names = _spellings(nodes, words)
    derived = len(names) > len(words)
    return any(isinstance(node, ast.Call) and _is_candidate(node.func, names, derived) and fits(node) for node in nodes)


def _anything(call: ast.Call) -> bool:
    return True


def _takes_more(call: ast.Call) -> bool:
    """Whether a call is given something that is no constant."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(not isinstance(value, (ast.Constant, ast.UnaryOp)) for value in values)


def _spellings(nodes: list[ast.AST], words: frozenset[str]) -> set[str]:
    """The schedulers' names with all aliases and subclasses of them, to a fixed point."""
    names = set(words)
    size = 0
    while size < len(names):
        size = len(names)
        for node in nodes:
            if isinstance(node, ast.alias) and node.asname is not None and node.name.rpartition(".")[2] in names:
                names.add(node.asname)
            elif isinstance(node, ast.Assign) and _mentions(node.value, names):
                names.update(_last_name(target) for target in node.targets)
            elif isinstance(node, ast.ClassDef) and any(_last_name(base) in names for base in node.bases):
                names.add(node.name)
    return names


def _mentions(value: ast.expr, names: set[str]) -> bool:
    if isinstance(value, ast.IfExp):
        return _mentions(value.body, names) or _mentions(value.orelse, names)
    return _last_name(value) in names


def _is_candidate(function: ast.expr, names: set[str], derived: bool) -> bool:
    if isinstance(function, ast.Call):
        return any(_last_name(argument) in names for argument in function.args)
    if isinstance(function, ast.Attribute) and function.attr == "__init__":
        return derived or _last_name(function.value) in names
    return _mentions(function, names)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
