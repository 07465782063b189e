"""Going over values as CPython does: item by item, so that whoever stops early leaves the rest where it is."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import iterate, member
from lr_lint.vocabulary.quantities import literal

_ENDS = "StopIteration"
_ITEMS_TO_TRY = 10_000


def iterator_over(value: Value, anchor: Anchor, frame: Frame) -> IteratorValue:
    """``iter(value)``: of an iterator itself; of a list one that sees what is added later."""
    world = frame.world
    if isinstance(value, IteratorValue):
        return value
    if isinstance(value, Instance) and world.seen.sampling is not None:
        return _over_object(value, anchor, frame)
    made = IteratorValue(world, (value,))
    if isinstance(value, ListValue) and not value.unordered:
        made.lost, made.items = value.incomplete, _over_list(value, made)
    elif isinstance(value, DictValue):
        made.lost, made.items = value.incomplete, _over_dict(value, made)
    else:
        items, made.lost = iterate(value)
        made.items = iter(items)
        if isinstance(value, ListValue) and len(items) > 1:
            world.doubt("the order of the items of a set is not followed")
    return made


def _over_list(items: ListValue, made: IteratorValue) -> Iterator[Value]:
    at = 0
    while at < len(items.values):
        yield items.values[at]
        at += 1
    made.lost = made.lost or items.incomplete


def _over_dict(table: DictValue, made: IteratorValue) -> Iterator[Value]:
    keys = list(table.entries)
    for key in keys:
        if len(table.entries) != len(keys) and not table.incomplete:
            raise Raised("RuntimeError")
        yield constant(key)
    if len(table.entries) != len(keys) and not table.incomplete:
        raise Raised("RuntimeError")
    made.lost = made.lost or table.incomplete


def _over_object(value: Instance, anchor: Anchor, frame: Frame) -> IteratorValue:
    """By ``__iter__``, else by ``__getitem__`` from 0 on."""
    method = member(value, "__iter__", frame)
    if isinstance(method, Bound):
        given = method.call([], {}, anchor, frame)
        if given is not value:
            return iterator_over(given, anchor, frame)
        following = member(value, "__next__", frame)
        if isinstance(following, Bound):
            return IteratorValue(frame.world, (value,), _called(following, anchor, frame))
    indexed = member(value, "__getitem__", frame)
    if isinstance(indexed, Bound) and not isinstance(method, Bound):
        return IteratorValue(frame.world, (value,), _indexed(indexed, anchor, frame))
    items, lost = iterate(value)
    return IteratorValue(frame.world, (value,), iter(items), lost)


def _called(method: Bound, anchor: Anchor, frame: Frame) -> Iterator[Value]:
    while True:
        try:
            item = method.call([], {}, anchor, frame)
        except Raised as raised:
            if raised.kind == _ENDS:
                return
            raise
        yield item


def _indexed(method: Bound, anchor: Anchor, frame: Frame) -> Iterator[Value]:
    for at in range(_ITEMS_TO_TRY):
        try:
            item = method.call([literal(at)], {}, anchor, frame)
        except Raised as raised:
            if raised.kind in {"IndexError", _ENDS}:
                return
            raise
        yield item
