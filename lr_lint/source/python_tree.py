"""Walking the trees of Python's own parser for what is asked of whole files.

`ast.walk` goes through names, constants and operators too, which are most of a file and nothing that is asked for here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

# What holds no other node that is asked for.
_LEAVES = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_is_asked_for: dict[type, bool] = {}


def compound_nodes(tree: ast.AST) -> list[ast.AST]:
    """A node and all below it but names, constants and operators, in no order."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        found.append(node)
        for name in node._fields:
            part = getattr(node, name, None)
            if type(part) is list:
                stack += [each for each in part if _is_compound(each)]
            elif _is_compound(part):
                stack.append(part)
    return found


def _is_compound(part: object) -> TypeGuard[ast.AST]:
    kind = type(part)
    known = _is_asked_for.get(kind)
    if known is None:
        known = _is_asked_for[kind] = issubclass(kind, ast.AST) and not issubclass(kind, _LEAVES)
    return known


def statements_in(tree: ast.AST) -> Iterator[ast.AST]:
    """A node and the statements below it, with the handlers of exceptions and the cases that hold some, in no order."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        for name in _BLOCKS:
            stack += getattr(node, name, ())
