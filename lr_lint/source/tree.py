"""Walking LibCST trees without its visitors.

LibCST's own visitors call two methods per node, whitespace included, and cost more than the parse. The walks here
follow only the fields that can hold expressions and statements; on a 2,600-line file that is a twelfth of the parse.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, cast

import libcst as cst

# Fields of punctuation and layout: nothing that has a meaning hides below them.
_LAYOUT = frozenset(
    "lpar rpar lbracket rbracket lbrace rbrace comma semicolon equal colon dot operator_whitespace leading_lines "
    "lines_after_decorators header footer indent newline empty first_line comment async asynchronous star "
    "default_indent default_newline has_trailing_newline encoding open_quote close_quote".split()
)
# Kinds of nodes that are their text; those without such fields join them as they are met.
_leaves: set[type[cst.CSTNode]] = {cst.Name, cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString}
# What gives the fields of a kind of nodes in which others may be, all at once, and whether that is one alone.
_fields: dict[type[cst.CSTNode], tuple[attrgetter[Any], bool]] = {}
# LibCST's classes are abstract base classes, whose isinstance checks cost more than a look-up by type.
_is_node: dict[type, bool] = {}


def _meaningful_fields(kind: type[cst.CSTNode]) -> tuple[attrgetter[Any], bool] | None:
    names = [
        field.name
        for field in dataclasses.fields(kind)
        if field.name not in _LAYOUT and not field.name.startswith(("whitespace", "trailing_whitespace"))
    ]
    if not names:
        _leaves.add(kind)
        return None
    found = _fields[kind] = attrgetter(*names), len(names) == 1
    return found


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The child nodes that carry meaning, in source order for most constructs."""
    kind = type(node)
    if kind in _leaves:
        return []
    known_fields = _fields.get(kind) or _meaningful_fields(kind)
    found: list[cst.CSTNode] = []
    if known_fields is None:
        return found
    fields, is_alone = known_fields
    for value in (fields(node),) if is_alone else fields(node):
        if value is None:
            continue
        held = type(value)
        if held is list or held is tuple:
            found += value
            continue
        known = _is_node.get(held)
        if known is None:
            known = _is_node[held] = isinstance(value, cst.CSTNode)
        if known:
            found.append(value)
    return found


def walk(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and everything below it that carries meaning, parents first. Does not recurse."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        below = children(node)
        below.reverse()
        stack += below


_BRANCHES = frozenset(
    {
        *(cst.IndentedBlock, cst.SimpleStatementSuite, cst.If, cst.Else, cst.Finally),
        *(cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase),
    }
)


def blocks_of(statement: cst.CSTNode) -> list[cst.CSTNode]:
    """The statements directly inside a compound statement, all branches together."""
    inside: list[cst.CSTNode] = []
    for child in children(statement):
        if type(child) not in _BRANCHES:
            continue
        if isinstance(child, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            inside.extend(child.body)
        elif isinstance(child, (cst.Else, cst.Finally, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase)):
            inside.extend(child.body.body)
        elif isinstance(child, cst.If):
            inside.append(child)
    return inside


def last_name(node: cst.CSTNode) -> str:
    """The name at the end of a name or attribute chain; empty for any other expression."""
    # To ask LibCST's abstract classes takes longer where the answer is no.
    kind = type(node)
    if kind is cst.Name:
        return cast("cst.Name", node).value
    return cast("cst.Attribute", node).attr.value if kind is cst.Attribute else ""


def start_of(node: cst.CSTNode) -> cst.CSTNode:
    """What a chain of attributes and items starts from; the node itself where it is none."""
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    return node


def dotted_name(node: cst.CSTNode | None) -> str | None:
    """The text of a chain of names such as ``torch.optim.SGD``; None for any other expression."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    if type(node) is not cst.Name:
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def variables_in(node: cst.CSTNode) -> set[str]:
    """The names in an expression that stand for variables: not those of attributes or keywords."""
    labels: set[int] = set()
    names: set[str] = set()
    # Parents come first, so a label is known as one before its turn.
    for each in walk(node):
        if type(each) is cst.Attribute:
            labels.add(id(each.attr))
        elif type(each) is cst.Arg:
            labels.add(id(each.keyword))
        elif type(each) is cst.Name and id(each) not in labels:
            names.add(each.value)
    return names


# Statements that come to their body again, and what holds statements.
LOOPS = (cst.For, cst.While)
BLOCKS = (cst.Module, cst.IndentedBlock, cst.SimpleStatementSuite)
_EMPTY = cst.Module([])


def last_statement(block: cst.Module | cst.BaseSuite) -> cst.CSTNode | None:
    """The last simple statement of a block, or the compound one that it ends with."""
    last = block.body[-1] if block.body else None
    return last.body[-1] if isinstance(last, cst.SimpleStatementLine) and last.body else last


def code_of(node: cst.CSTNode) -> str:
    """The source text of a node on one line, for messages."""
    return " ".join(_EMPTY.code_for_node(node).split())
