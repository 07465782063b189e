"""The syntax gate: does a file that mentions a scheduler construct one?

Many only name it in a string, an import, an annotation or a registry. Python's own parser tells at a tenth of what
LibCST costs. The gate asks what `lr_lint.checks.sites` asks of LibCST's tree: calls that are spelled like a scheduler,
an alias of one, a subclass, or a constructor of the base class. Where an argument is a callable by exception only, a
call that is given nothing but constants is none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from lr_lint.source.scheduler_names import with_aliases
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable


def may_construct(tree: ast.Module, contracts: ContractTable = BUILT_IN) -> bool:
    """Whether a file has a call that may construct a scheduler."""
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    aliases = list(_aliases(nodes))
    always = frozenset().union(*(row.words for row in contracts.judged if not row.optional))
    return _constructs(calls, always, aliases, _anything) or _constructs(
        calls, contracts.words - always, aliases, _takes_more
    )


def _constructs(
    calls: list[ast.Call], words: frozenset[str], aliases: list[tuple[str, str]], fits: Callable[[ast.Call], bool]
) -> bool:
    names = with_aliases(words, aliases)
    derived = len(names) > len(words)
    return any(_is_candidate(call.func, names, derived) and fits(call) for call in calls)


def _anything(call: ast.Call) -> bool:
    return True


def _takes_more(call: ast.Call) -> bool:
    """Whether a call is given something that is no constant."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(not isinstance(value, (ast.Constant, ast.UnaryOp)) for value in values)


def _aliases(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Names with what stands for them: imports under another name, assignments, subclasses."""
    for node in nodes:
        if isinstance(node, ast.alias) and node.asname is not None:
            yield node.name.rpartition(".")[2], node.asname
        elif isinstance(node, ast.Assign):
            yield from ((name, _last_name(target)) for name in _choices(node.value) for target in node.targets)
        elif isinstance(node, ast.ClassDef):
            yield from ((_last_name(base), node.name) for base in node.bases)


def _choices(value: ast.expr) -> Iterator[str]:
    """The name that an expression is, or the names between which it chooses."""
    if isinstance(value, ast.IfExp):
        yield from _choices(value.body)
        yield from _choices(value.orelse)
    else:
        yield _last_name(value)


def _is_candidate(function: ast.expr, names: set[str], derived: bool) -> bool:
    if isinstance(function, ast.Call):
        return any(_last_name(argument) in names for argument in function.args)
    if isinstance(function, ast.Attribute) and function.attr == "__init__":
        return derived or _last_name(function.value) in names
    return any(name in names for name in _choices(function))


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
