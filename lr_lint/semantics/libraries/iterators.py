"""Iterators: the builtins that make and use them, and ``itertools``.

Items are computed when they are asked for, in the order in which CPython computes them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine.iteration import iterator_over
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import call as call_value
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.sequences import concatenated, items_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import Quantity, literal

_LONGEST_PRODUCT = 10_000


def is_parameters(value: Value) -> bool:
    """Whether a value is a model's parameters, which stay that whatever they are collected in."""
    return isinstance(value, Unknown) and value.parameters


def _can_be_followed(value: Value) -> bool:
    """Whether something is known of the items of a value."""
    if isinstance(value, (ListValue, DictValue, IteratorValue)):
        return True
    return isinstance(value, Instance) or (isinstance(value, Constant) and value.iterate() is not None)


def _over(call: Call, value: Value) -> IteratorValue:
    return iterator_over(value, call.anchor, call.frame)


def _made(call: Call, of: Sequence[Value], items: Callable[..., Iterator[Value]]) -> Value | None:
    """An iterator over others; None where nothing is known of these."""
    if not all(map(_can_be_followed, of)):
        return None
    over = [_over(call, each) for each in of]
    return IteratorValue(call.world, tuple(over), items(*(each.steps() for each in over)))


def _is_true(call: Call, value: Value) -> bool:
    return truth(value, call.anchor.node, call.frame)


def _called(call: Call, callee: Value, *arguments: Value) -> Value:
    return call_value(callee, list(arguments), {}, call.anchor, call.frame)


def _row(items: Sequence[Value]) -> Value:
    return ListValue(list(items), "tuple")


@function("builtins.iter(iterable, sentinel=..., /)")
def _iter(call: Call, iterable: Value, sentinel: Value | None) -> Value | None:
    if sentinel is not None:
        return None
    return _over(call, iterable) if _can_be_followed(iterable) else iterable


@function("builtins.next(iterator, default=..., /)")
def _next(call: Call, iterator: Value, default: Value | None) -> Value | None:
    if isinstance(iterator, Instance):
        iterator = _over(call, iterator)
    if not isinstance(iterator, IteratorValue):
        return None
    item = None if iterator.may_miss else iterator.step()
    if item is not None or iterator.may_miss:
        return item
    if default is None:
        raise Raised("StopIteration")
    return default


@function("<iterator>.__next__(self)")
def _next_of(call: Call, owner: IteratorValue) -> Value | None:
    return _next(call, owner, None)


@function("<iterator>.__iter__(self)")
def _same(call: Call, owner: IteratorValue) -> Value:
    return owner


@function("<iterator>.send(self, value)")
def _send(call: Call, owner: IteratorValue, value: Value) -> Value | None:
    owner.sent = value
    return _next(call, owner, None)


@function("builtins.zip(*iterables, strict=False)")
def _zip(call: Call, iterables: Sequence[Value], strict: Value) -> Value | None:
    if strict != literal(False):
        return None
    return _made(call, iterables, lambda *columns: map(_row, zip(*columns, strict=False)))


@function("builtins.enumerate(iterable, start=0)")
def _enumerate(call: Call, iterable: Value, start: Value) -> Value | None:
    first = constant_key(start)
    if not isinstance(first, int):
        return None
    unordered = isinstance(iterable, ListValue) and iterable.unordered

    def rows(items: Iterator[Value]) -> Iterator[Value]:
        for at, item in enumerate(items, first):
            yield _row([Unknown("the order is not known") if unordered else literal(at), item])

    return _made(call, [iterable], rows)


@function("builtins.reversed(sequence, /)")
def _reversed(call: Call, sequence: Value) -> Value | None:
    items = items_of(sequence) if isinstance(sequence, (ListValue, DictValue)) else None
    if items is None:
        return None
    return _over(call, ListValue(items.values[::-1], "list", items.incomplete, items.incomplete or items.unordered))


@function("builtins.map(function, iterable, /, *iterables)")
def _map(call: Call, mapped: Value, iterable: Value, iterables: Sequence[Value]) -> Value:
    over = [_over(call, each) for each in (iterable, *iterables)]
    rows = zip(*(each.steps() for each in over), strict=False)
    return IteratorValue(call.world, (mapped, *over), (_called(call, mapped, *row) for row in rows))


def _filtered(call: Call, predicate: Value, iterable: Value, wanted: bool) -> Value | None:
    if is_parameters(iterable):
        return iterable

    def kept(items: Iterator[Value]) -> Iterator[Value]:
        for item in items:
            if _is_true(call, item if predicate == NOTHING else _called(call, predicate, item)) is wanted:
                yield item

    return _made(call, [iterable], kept)


@function("builtins.filter(function, iterable, /)")
def _filter(call: Call, predicate: Value, iterable: Value) -> Value | None:
    return _filtered(call, predicate, iterable, True)


@function("itertools.filterfalse(function, iterable, /)")
def _filter_false(call: Call, predicate: Value, iterable: Value) -> Value | None:
    return _filtered(call, predicate, iterable, False)


@function("itertools.chain(*iterables)")
def _chain(call: Call, iterables: Sequence[Value]) -> Value | None:
    if iterables and all(is_parameters(each) for each in iterables):
        return iterables[0]
    if any(is_parameters(each) for each in iterables):
        return concatenated(iterables)
    return _made(call, iterables, itertools.chain)


@function("itertools.chain.from_iterable(iterable, /)")
def _chain_from(call: Call, iterable: Value) -> Value | None:
    def items(parts: Iterator[Value]) -> Iterator[Value]:
        for part in parts:
            yield from _over(call, part).steps()

    return _made(call, [iterable], items)


@function("itertools.count(start=0, step=1)")
def _count(call: Call, start: Value, step: Value) -> Value | None:
    first, wide = constant_key(start), constant_key(step)
    if not isinstance(first, int) or not isinstance(wide, int):
        return None
    return IteratorValue(call.world, (), map(literal, itertools.count(first, wide)))


@function("itertools.cycle(iterable, /)")
def _cycle(call: Call, iterable: Value) -> Value | None:
    return _made(call, [iterable], itertools.cycle)


@function("itertools.repeat(object, times=...)")
def _repeat(call: Call, item: Value, times: Value | None) -> Value | None:
    count = None if times is None else constant_key(times)
    if times is not None and not isinstance(count, int):
        return None
    items = itertools.repeat(item) if count is None else itertools.repeat(item, int(count))
    return IteratorValue(call.world, (item,), items)


@function("itertools.islice(iterable, start, stop=..., step=..., /)")
def _slice(call: Call, iterable: Value, *bounds: Value | None) -> Value | None:
    given = [None if bound == NOTHING else constant_key(bound) for bound in bounds if bound is not None]
    if not all(each is None or (isinstance(each, int) and each >= 0) for each in given) or given[2:] == [0]:
        return None
    whole = [None if each is None else int(each) for each in given]
    return _made(call, [iterable], lambda items: itertools.islice(items, *whole))


@function("itertools.takewhile(predicate, iterable, /)")
def _take_while(call: Call, predicate: Value, iterable: Value) -> Value | None:
    holds = lambda item: _is_true(call, _called(call, predicate, item))  # noqa: E731
    return _made(call, [iterable], lambda items: itertools.takewhile(holds, items))


@function("itertools.dropwhile(predicate, iterable, /)")
def _drop_while(call: Call, predicate: Value, iterable: Value) -> Value | None:
    holds = lambda item: _is_true(call, _called(call, predicate, item))  # noqa: E731
    return _made(call, [iterable], lambda items: itertools.dropwhile(holds, items))


@function("itertools.starmap(function, iterable, /)")
def _star_map(call: Call, mapped: Value, iterable: Value) -> Value | None:
    def items(rows: Iterator[Value]) -> Iterator[Value]:
        for row in rows:
            yield _called(call, mapped, *_over(call, row).steps())

    return _made(call, [iterable], items)


@function("itertools.compress(data, selectors)")
def _compress(call: Call, data: Value, selectors: Value) -> Value | None:
    def kept(items: Iterator[Value], wanted: Iterator[Value]) -> Iterator[Value]:
        return (item for item, chosen in zip(items, wanted, strict=False) if _is_true(call, chosen))

    return _made(call, [data, selectors], kept)


@function("itertools.pairwise(iterable, /)")
def _pairwise(call: Call, iterable: Value) -> Value | None:
    return _made(call, [iterable], lambda items: map(_row, itertools.pairwise(items)))


@function("itertools.zip_longest(*iterables, fillvalue=None)")
def _zip_longest(call: Call, iterables: Sequence[Value], fill: Value) -> Value | None:
    return _made(call, iterables, lambda *columns: map(_row, itertools.zip_longest(*columns, fillvalue=fill)))


@function("itertools.product(*iterables, repeat=1)")
def _product(call: Call, iterables: Sequence[Value], repeat: Value) -> Value | None:
    times = constant_key(repeat)
    if not isinstance(times, int) or times < 0 or not all(map(_can_be_followed, iterables)):
        return None
    pools = [list(_over(call, each).steps()) for each in iterables]
    count = 1
    for pool in pools * times:
        count *= len(pool)
        if count > _LONGEST_PRODUCT:
            return None
    over = [ListValue(pool) for pool in pools]
    return IteratorValue(call.world, tuple(over), map(_row, itertools.product(*pools, repeat=times)))


_Select: TypeAlias = "Callable[[list[Value], int], Iterator[tuple[Value, ...]]]"


def _selected(call: Call, iterable: Value, count: Value, select: _Select) -> Value | None:
    size = constant_key(count)
    if not isinstance(size, int) or size < 0 or not _can_be_followed(iterable):
        return None
    over = _over(call, iterable)
    return IteratorValue(call.world, (over,), map(_row, select(list(over.steps()), size)))


@function("itertools.combinations(iterable, r)")
def _combinations(call: Call, iterable: Value, count: Value) -> Value | None:
    return _selected(call, iterable, count, itertools.combinations)


@function("itertools.permutations(iterable, r=None)")
def _permutations(call: Call, iterable: Value, count: Value) -> Value | None:
    return None if count == NOTHING else _selected(call, iterable, count, itertools.permutations)


@function("itertools.tee(iterable, n=2, /)")
def _tee(call: Call, iterable: Value, count: Value) -> Value | None:
    copies = constant_key(count)
    if not isinstance(copies, int) or not 0 <= copies < 10 or not _can_be_followed(iterable):
        return None
    over = _over(call, iterable)
    return _row([IteratorValue(call.world, (over,), items) for items in itertools.tee(over.steps(), copies)])


@function("itertools.accumulate(iterable, func=None, *, initial=None)")
def _accumulate(call: Call, iterable: Value, func: Value, initial: Value) -> Value | None:
    if func == NOTHING:
        return None

    def totals(items: Iterator[Value]) -> Iterator[Value]:
        start = None if initial == NOTHING else initial
        return itertools.accumulate(items, lambda total, item: _called(call, func, total, item), initial=start)

    return _made(call, [iterable], totals)


@function("functools.reduce(function, iterable, initial=..., /)")
def _reduce(call: Call, reducing: Value, iterable: Value, initial: Value | None) -> Value | None:
    if not _can_be_followed(iterable):
        return None
    over = _over(call, iterable)
    total = over.step() if initial is None else initial
    if total is None:
        if over.may_miss:
            return None
        raise Raised("TypeError")
    for item in over.steps():
        total = _called(call, reducing, total, item)
    return Quantity(None) if over.may_miss else total


@function("builtins.any(iterable, /)")
def _any(call: Call, iterable: Value) -> Value | None:
    return _first(call, iterable, True)


@function("builtins.all(iterable, /)")
def _all(call: Call, iterable: Value) -> Value | None:
    return _first(call, iterable, False)


def _first(call: Call, iterable: Value, wanted: bool) -> Value | None:
    """Whether an item is as true as is wanted: the rest is not looked at."""
    if not _can_be_followed(iterable) or (isinstance(iterable, ListValue) and iterable.kind == "array"):
        return None
    over = _over(call, iterable)
    seen: list[Value] = []
    for item in over.steps():
        seen.append(item)
        if _is_true(call, item) is wanted:
            return _answer(wanted, seen)
    return None if over.may_miss else _answer(not wanted, seen)


def _answer(known: bool, seen: Sequence[Value]) -> Quantity:
    numbers = [item for item in seen if isinstance(item, Quantity)]
    basis = max((number.basis for number in numbers), default=literal(0).basis)
    return Quantity(known, varies=any(number.varies for number in numbers), basis=basis)
