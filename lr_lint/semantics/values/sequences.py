"""Sequences made of others: in a row, sorted, without duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import Constant, constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.plain import NotPlain, plain
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import Quantity


def items_of(value: Value | None) -> ListValue | None:
    """What iterating over a container, a text or an iterator gives, which is used up; None for anything else."""
    if isinstance(value, ListValue):
        return value
    if isinstance(value, DictValue):
        return ListValue([constant(key) for key in value.entries], "list", value.incomplete)
    if isinstance(value, IteratorValue):
        return ListValue(*_used_up(value))
    if isinstance(value, Constant) and isinstance(value.value, str):
        return ListValue([Constant(letter) for letter in value.value])
    return None


def _used_up(value: IteratorValue) -> tuple[list[Value], str, bool]:
    items, incomplete = value.iterate()
    return items, "list", incomplete


def concatenated(parts: Sequence[Value]) -> ListValue | None:
    """The items of several sequences in a row; a model's parameters among them leave the result incomplete."""
    values: list[Value] = []
    incomplete = False
    for part in parts:
        if isinstance(part, IteratorValue):
            part = items_of(part) or part
        if isinstance(part, ListValue):
            values.extend(part.values)
            incomplete = incomplete or part.incomplete
        elif isinstance(part, Unknown) and part.parameters:
            values.append(part)
            incomplete = True
        else:
            return None
    return ListValue(values, "list", incomplete)


def distinct(items: ListValue) -> ListValue:
    """A set of the items: each once, where all are known constants."""
    keys = [constant_key(item) for item in items.values]
    if None in keys:
        return ListValue(items.values, "set", incomplete=True, unordered=True)
    return ListValue(list(dict(zip(keys, items.values, strict=True)).values()), "set", items.incomplete, unordered=True)


def in_order(items: ListValue, backwards: bool | None) -> ListValue:
    """The items sorted, where all are known.

    Args:
        items: a sequence or set.
        backwards: whether the largest comes first; None where that, or by what they are sorted, is not known.

    Raises:
        Raised: TypeError where two of them have no order.
    """
    ranks = None if items.incomplete or backwards is None else _ranks(items.values)
    if ranks is None or backwards is None:
        return ListValue(list(items.values), "list", incomplete=True, unordered=True)
    try:
        places = sorted(range(len(ranks)), key=ranks.__getitem__, reverse=backwards)
    except TypeError as error:
        raise Raised(type(error).__name__) from None
    return ListValue([items.values[place] for place in places], "list")


def _ranks(items: Sequence[Value]) -> list[Any] | None:
    """What items are compared by; None where that is not known."""
    numbers = [item.number for item in items if isinstance(item, Quantity) and isinstance(item.number, (int, float))]
    if len(numbers) == len(items):
        return numbers
    try:
        return [plain(item) for item in items]
    except NotPlain:
        return None
