"""What code calls the objects that it handles: the last name of each chain, since ``args.plan`` is not ``args``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

import libcst as cst

from lr_lint.project.knowledge import CHANGING_METHODS, READING_METHODS, VIEWING, VIEWING_ATTRIBUTES
from lr_lint.source.tree import dotted_name, last_name

# Functions that give what they are given, or a view of it.
_GIVING = frozenset("vars getattr iter next reversed sorted list tuple dict enumerate zip copy".split())


def namings_of(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The names, attributes and items by which an expression calls the objects that it gives, or gives parts of."""
    if isinstance(value, cst.Name):
        yield value
    elif isinstance(value, cst.Attribute):
        if value.attr.value in CHANGING_METHODS | VIEWING_ATTRIBUTES:
            yield from namings_of(value.value)
        yield value
    elif isinstance(value, cst.Subscript):
        if key_of(value) is not None:
            yield value
        else:
            yield from namings_of(value.value)
    elif isinstance(value, cst.Call):
        yield from _given_by(value)
    else:
        for part in _parts_of(value):
            yield from namings_of(part)


def spelling_of(naming: cst.BaseExpression) -> str:
    """The last name of what `namings_of` gives."""
    if isinstance(naming, cst.Name):
        return naming.value
    if isinstance(naming, cst.Attribute):
        return naming.attr.value
    return (key_of(naming) if isinstance(naming, cst.Subscript) else None) or ""


def key_of(node: cst.Subscript) -> str | None:
    """The text by which an item is addressed; None for any other index."""
    part = node.slice[0].slice if len(node.slice) == 1 else None
    return text_of(part.value) if isinstance(part, cst.Index) else None


def text_of(value: cst.BaseExpression) -> str | None:
    """The text that an expression is; None where it is none that is written out."""
    text = value.evaluated_value if isinstance(value, cst.SimpleString) else None
    return text if isinstance(text, str) else None


def is_dict(node: cst.CSTNode) -> TypeGuard[cst.Dict | cst.Call]:
    """Whether an expression makes a dict: ``{"lr": 0.1}``, ``dict(lr=0.1)``."""
    return isinstance(node, cst.Dict) or (isinstance(node, cst.Call) and last_name(node.func) == "dict")


def items_of(whole: cst.Dict | cst.Call) -> Sequence[cst.BaseDictElement | cst.Arg]:
    """The entries of a dict as they are written, or what a call of ``dict`` is given."""
    return whole.elements if isinstance(whole, cst.Dict) else whole.args


def entries_of(node: cst.CSTNode) -> Iterator[tuple[str, cst.BaseExpression]]:
    """What stands in a dict under the names that are written out, or in a call under its keywords."""
    if isinstance(node, cst.Dict):
        for element in node.elements:
            key = text_of(element.key) if isinstance(element, cst.DictElement) else None
            if key is not None:
                yield key, element.value
    elif isinstance(node, cst.Call):
        for argument in node.args:
            if argument.keyword is not None:
                yield argument.keyword.value, argument.value


def _given_by(call: cst.Call) -> Iterator[cst.BaseExpression]:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in READING_METHODS:
        yield from namings_of(call.func.value)
    if (dotted_name(call.func) or "") in _GIVING or last_name(call.func) in VIEWING:
        for argument in call.args:
            yield from namings_of(argument.value)


def _parts_of(value: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The expressions between which a value is chosen, or of which it is a display."""
    if isinstance(value, cst.IfExp):
        return [value.body, value.orelse]
    if isinstance(value, cst.BooleanOperation):
        return [value.left, value.right]
    if isinstance(value, (cst.NamedExpr, cst.StarredElement)):
        return [value.value]
    if isinstance(value, (cst.Tuple, cst.List, cst.Set, cst.Dict)):
        return [each.value for each in value.elements]
    return [value.expression] if isinstance(value, cst.Await) else []
