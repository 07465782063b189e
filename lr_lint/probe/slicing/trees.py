"""Python syntax trees as plain data that JSON can carry, places included."""

from __future__ import annotations

import ast
from typing import Any

_CONSTANT = "="
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")


def to_data(tree: Any) -> Any:
    """The plain data of a tree: a node is ``[class name, place, field, ...]``, a list of nodes is ``["", ...]``."""
    if isinstance(tree, list):
        return ["", *map(to_data, tree)]
    if isinstance(tree, ast.AST):
        place = [getattr(tree, name, None) for name in _PLACE] if hasattr(tree, "lineno") else None
        fields = tree._fields
        if isinstance(tree, ast.Constant):
            return [_CONSTANT, place, *_constant(tree.value)]
        return [type(tree).__name__, place, *(to_data(getattr(tree, name, None)) for name in fields)]
    return tree


def _constant(value: Any) -> tuple[str, Any]:
    """A literal by its kind: JSON has neither bytes nor complex numbers, and no integer of any length."""
    if value is None or isinstance(value, (str, bool)):
        return "json", value
    return "repr", repr(value)


def from_data(data: Any) -> Any:
    """The tree that `to_data` was given."""
    if not isinstance(data, list):
        return data
    kind, *rest = data
    if kind == "":
        return [from_data(item) for item in rest]
    place, *values = rest
    node: ast.AST
    if kind == _CONSTANT:
        how, value = values
        node = ast.Constant(value if how == "json" else _number(value))
    else:
        cls = getattr(ast, kind)
        node = cls(**{name: from_data(value) for name, value in zip(cls._fields, values, strict=True)})
    if place is not None:
        for name, number in zip(_PLACE, place, strict=True):
            setattr(node, name, number)
    return node


def _number(text: str) -> Any:
    # The only literals whose representation is no literal are the infinite ones, as in 1e999 and 1e999j.
    if text == "Ellipsis":
        return ...
    return ast.literal_eval(text.replace("inf", "1e999"))
