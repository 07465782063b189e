"""Tables of numbers as NumPy and PyTorch make them: evenly spaced, filled, put together, repeated.

A schedule that is read off such a table has the numbers of the table and the units of what it was made from. Tables
that are longer than any that matters are not known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from lr_lint.semantics.libraries.arrays import as_array
from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.rounding import rounded_elsewhere
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import ListValue
from lr_lint.vocabulary.quantities import Basis, Number, Quantity, literal, real

_LONGEST_TABLE = 20_000
# How many numbers of a table one step of the budget is worth.
_NUMBERS_PER_STEP = 10
# Data types that leave a number what it is. Shorter floats are taken for these throughout.
_TYPES = frozenset({"float", "float32", "float64", "double"})


@function("numpy.linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0)")
def _linspace(call: Call, start: Value, stop: Value, num: Value, endpoint: Value, *options: Value) -> Value | None:
    return _spaced(call, start, stop, num, endpoint, _evenly) if options == _NO_OPTIONS else None


@function("torch.linspace(start, end, steps, **options)")
def _linspace_of_torch(call: Call, start: Value, end: Value, steps: Value, options: dict[str, Value]) -> Value | None:
    return _spaced(call, start, end, steps, literal(True), _evenly) if _is_float(options.get("dtype")) else None


@function("numpy.geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0)")
def _geomspace(
    call: Call, start: Value, stop: Value, num: Value, endpoint: Value, dtype: Value, axis: Value
) -> Value | None:
    return _spaced(call, start, stop, num, endpoint, _geometrically) if dtype == NOTHING else None


@function("numpy.logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0)")
def _logspace(
    call: Call, start: Value, stop: Value, num: Value, endpoint: Value, base: Value, dtype: Value, axis: Value
) -> Value | None:
    return _powers(call, base, _spaced(call, start, stop, num, endpoint, _evenly)) if dtype == NOTHING else None


@function("torch.logspace(start, end, steps, base=10.0, **options)")
def _logspace_of_torch(
    call: Call, start: Value, end: Value, steps: Value, base: Value, options: dict[str, Value]
) -> Value | None:
    exponents = _spaced(call, start, end, steps, literal(True), _evenly)
    return _powers(call, base, exponents) if _is_float(options.get("dtype")) else None


_NO_OPTIONS = (literal(False), NOTHING, literal(0))


def _spaced(
    call: Call,
    start: Value,
    stop: Value,
    num: Value,
    endpoint: Value,
    between: Callable[[float, float, int, int], float | None],
) -> ListValue | None:
    """Numbers from one to another.

    Args:
        call: the call.
        start: the first number.
        stop: the last number, or the one after it.
        num: how many there are.
        endpoint: whether ``stop`` is one of them.
        between: gives the number at a step of so many.
    """
    count, begin, end = call.measure(num), call.measure(start), call.measure(stop)
    if any(isinstance(value, ListValue) for value in (start, stop, num)) or endpoint not in (
        literal(False),
        literal(True),
    ):
        return None
    length = _length(count)
    if length is None:
        return None
    closed = endpoint == literal(True)
    first, last = real(begin), real(end)
    steps = length - 1 if closed else length
    numbers: list[Number | None] = [None] * length
    if first is not None and last is not None and math.isfinite(first) and math.isfinite(last):
        numbers = [between(first, last, at, steps) if steps else first for at in range(length)]
        if closed and length > 1:
            numbers[-1] = last
    shape = arithmetic.add(begin, end, call.world)
    table = _table(call, shape, numbers, max(shape.basis, count.basis))
    if between is _geometrically:
        table.values[1:-1] = [rounded_elsewhere(call.measure(item)) for item in table.values[1:-1]]
    return table


def _evenly(first: float, last: float, at: int, steps: int) -> float:
    """To the last digit as NumPy has it: the distance is rounded once."""
    return at * ((last - first) / steps) + first


def _geometrically(first: float, last: float, at: int, steps: int) -> float | None:
    return first * (last / first) ** (at / steps) if first * last > 0 and 0 < last / first < math.inf else None


def _powers(call: Call, base: Value, exponents: ListValue | None) -> ListValue | None:
    """Powers of a base. Those of plain numbers are plain numbers, which may be rates as those that are written down."""
    if exponents is None or isinstance(base, ListValue):
        return None
    raised = call.measure(base)
    powers = (arithmetic.power(raised, call.measure(item), call.world) for item in exponents.values)
    return ListValue([replace(_as_written(power), array=True) for power in powers], "array")


def _as_written(value: Quantity) -> Quantity:
    """A number that comes from nothing but numbers has the unit that it has where it is written down."""
    number = real(value)
    return value if number is None or value.origins else replace(value, unit=literal(number).unit)


@function("numpy.arange(start, stop=..., step=..., dtype=None, **options)")
def _arange(
    call: Call, start: Value, stop: Value | None, step: Value | None, dtype: Value, options: dict[str, Value]
) -> Value | None:
    return _counted(call, start, stop, step) if dtype == NOTHING and not options else None


@function("torch.arange(start, end=..., step=..., **options)")
def _arange_of_torch(
    call: Call, start: Value, end: Value | None, step: Value | None, options: dict[str, Value]
) -> Value | None:
    return _counted(call, start, end, step) if "dtype" not in options else None


def _counted(call: Call, start: Value, stop: Value | None, step: Value | None) -> ListValue | None:
    """Numbers at equal distances, up to one that is not reached."""
    given = [literal(0), start, literal(1)] if stop is None or stop == NOTHING else [start, stop, step or literal(1)]
    if any(isinstance(value, ListValue) for value in given):
        return None
    first, last, distance = (call.measure(value) for value in given)
    begin, end, by = real(first), real(last), real(distance)
    if begin is None or end is None or not by or not all(map(math.isfinite, (begin, end, by))):
        return None
    length = max(0, math.ceil((end - begin) / by))
    if length > _LONGEST_TABLE:
        return None
    # The distance is rounded once, as that of the first two.
    rounded = (begin + by) - begin
    numbers: list[Number | None] = [begin + at * rounded for at in range(length)]
    if all(isinstance(each.number, int) for each in (first, last, distance)):
        numbers = [int(begin) + at * int(by) for at in range(length)]
    shape = arithmetic.add(first, distance, call.world)
    return _table(call, shape, numbers, max(first.basis, last.basis, distance.basis))


def _is_float(dtype: Value | None) -> bool:
    """Whether numbers stay what they are in a data type; where none is given, they do."""
    name = getattr(dtype, "name", "") or str(getattr(dtype, "value", ""))
    return dtype in (None, NOTHING) or name.rpartition(".")[2] in _TYPES


def _length(count: Quantity) -> int | None:
    number = count.number
    known = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _LONGEST_TABLE
    return number if known and isinstance(number, int) else None


def _table(call: Call, shape: Quantity, numbers: Sequence[Number | None], basis: Basis) -> ListValue:
    """An array of numbers that are all of one kind."""
    call.world.spend(len(numbers) // _NUMBERS_PER_STEP)
    shape = replace(shape, key=None, name="", basis=basis, array=True)
    return ListValue([replace(shape, number=number) for number in numbers], "array")


@function("numpy.zeros(shape, dtype=None, **options)", "torch.zeros(size, **options)")
def _zeros(call: Call, shape: Value, *options: Value | dict[str, Value]) -> Value | None:
    return _filled(call, shape, literal(0.0)) if _are_floats(options) else None


@function("numpy.ones(shape, dtype=None, **options)", "torch.ones(size, **options)")
def _ones(call: Call, shape: Value, *options: Value | dict[str, Value]) -> Value | None:
    return _filled(call, shape, literal(1.0)) if _are_floats(options) else None


def _are_floats(options: Sequence[Value | dict[str, Value]]) -> bool:
    """Whether a table is of floats by its options: the data type, or a dict with that."""
    return all(_is_float(each.get("dtype") if isinstance(each, dict) else each) for each in options)


@function("numpy.full(shape, fill_value, dtype=None, **options)")
def _full(call: Call, shape: Value, value: Value, dtype: Value, options: dict[str, Value]) -> Value | None:
    return _filled(call, shape, value) if _is_float(dtype) else None


@function("torch.full(size, fill_value, **options)")
def _full_of_torch(call: Call, size: Value, value: Value, options: dict[str, Value]) -> Value | None:
    return _filled(call, size, value) if _is_float(options.get("dtype")) else None


def _filled(call: Call, shape: Value, value: Value) -> ListValue | None:
    """One number many times, in one dimension."""
    if isinstance(shape, ListValue):
        shape = shape.values[0] if len(shape.values) == 1 and not shape.incomplete else NOTHING
    count = call.measure(shape)
    length = _length(count)
    if length is None or isinstance(value, ListValue):
        return None
    each = call.measure(value)
    return _table(call, each, [each.number] * length, max(each.basis, count.basis))


@function("numpy.concatenate(arrays, axis=0, **options)", "torch.cat(tensors, dim=0)", "torch.concat(tensors, dim=0)")
def _concatenate(call: Call, arrays: Value, *options: object) -> Value | None:
    return _joined(call, _parts(arrays), scalars=False)


@function("numpy.hstack(tup, **options)", "torch.hstack(tensors)")
def _hstack(call: Call, tup: Value, *options: object) -> Value | None:
    return _joined(call, _parts(tup), scalars=True)


@function("numpy.append(arr, values, axis=None)")
def _append(call: Call, arr: Value, values: Value, axis: Value) -> Value | None:
    return _joined(call, [arr, values], scalars=True)


def _parts(value: Value) -> list[Value] | None:
    return list(value.values) if isinstance(value, ListValue) and not value.incomplete and not value.unordered else None


def _joined(call: Call, parts: Sequence[Value] | None, *, scalars: bool) -> ListValue | None:
    """Arrays of one dimension one after the other."""
    items: list[Value] = []
    for part in parts or ():
        if isinstance(part, Quantity) and scalars:
            items.append(part)
        elif isinstance(part, ListValue) and _is_row(part):
            items += part.values
        else:
            return None
    call.world.spend(len(items) // _NUMBERS_PER_STEP)
    made = as_array(ListValue(items, "list")) if parts and len(items) <= _LONGEST_TABLE else None
    return made if isinstance(made, ListValue) else None


def _is_row(value: Value) -> bool:
    """Whether a value is known to be an array of one dimension, or a list that becomes one."""
    if not isinstance(value, ListValue) or value.incomplete or value.unordered or value.kind == "set":
        return False
    return not any(isinstance(item, ListValue) for item in value.values)


@function("numpy.flip(m, axis=None)", "numpy.flipud(m)")
def _flip(call: Call, m: Value, *axis: Value) -> Value | None:
    return ListValue(m.values[::-1], "array") if isinstance(m, ListValue) and _is_row(m) else None


@function("numpy.repeat(a, repeats, axis=None)")
def _repeat(call: Call, a: Value, repeats: Value, axis: Value) -> Value | None:
    """Each number so many times."""
    row = [a] if isinstance(a, Quantity) else _parts(a) if _is_row(a) else None
    return None if row is None else _repeated(call, row, repeats, lambda items, times: _each(items, times))


@function("numpy.tile(A, reps)")
def _tile(call: Call, a: Value, reps: Value) -> Value | None:
    """All numbers so many times."""
    row = [a] if isinstance(a, Quantity) else _parts(a) if _is_row(a) else None
    return None if row is None else _repeated(call, row, reps, lambda items, times: list(items) * times)


def _each(items: Sequence[Value], times: int) -> list[Value]:
    return [item for item in items for _ in range(times)]


def _repeated(
    call: Call, row: Sequence[Value], times: Value, repeat: Callable[[Sequence[Value], int], list[Value]]
) -> ListValue | None:
    length = None if isinstance(times, ListValue) else _length(call.measure(times))
    if length is None or length * len(row) > _LONGEST_TABLE:
        return None
    return _joined(call, [ListValue(repeat(row, length), "list")], scalars=False)


@function("numpy.cumprod(a, axis=None, dtype=None, out=None)", "numpy.cumsum(a, axis=None, dtype=None, out=None)")
def _accumulated(call: Call, a: Value, *options: Value) -> Value | None:
    """The products, or the sums, of the numbers so far."""
    if not isinstance(a, ListValue) or not _is_row(a) or any(option != NOTHING for option in options):
        return None
    operate = arithmetic.multiply_quantities if call.name.endswith("prod") else arithmetic.add
    return ListValue(list(_running(call, a.values, operate)), "array")


def _running(call: Call, items: Sequence[Value], operate: Callable[..., Quantity]) -> Iterator[Value]:
    so_far: Quantity | None = None
    for item in items:
        number = replace(call.measure(item), array=True)
        so_far = number if so_far is None else operate(so_far, number, call.world)
        call.world.spend()
        yield so_far


@function("numpy.ndarray.astype(self, dtype, **options)")
def _as_type(call: Call, owner: ListValue, dtype: Value, options: dict[str, Value]) -> Value | None:
    return as_array(owner, to_float=True) if dtype != NOTHING and _is_float(dtype) else None


@function(
    *(f"numpy.ndarray.{name}(self, *options)" for name in ("flatten", "ravel", "numpy", "cpu", "detach", "clone")),
    *(f"numpy.ndarray.{name}(self, *options)" for name in ("double", "float")),
)
def _same_numbers(call: Call, owner: ListValue, options: Sequence[Value]) -> Value | None:
    return ListValue(list(owner.values), "array") if _is_row(owner) else None
