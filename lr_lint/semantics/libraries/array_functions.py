"""NumPy, PyTorch and their kin as schedules use them: functions of single numbers.

Their numbers are no numbers of Python's; see `lr_lint.semantics.machine.array_numbers`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.array_numbers import as_element, of_one
from lr_lint.semantics.machine.rounding import rounded_elsewhere
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.python_numbers import as_float
from lr_lint.vocabulary.quantities import Number, Quantity
from lr_lint.vocabulary.units import Unit, raise_to

CONSTANTS: dict[str, float] = {
    "numpy.pi": math.pi,
    "numpy.e": math.e,
    "numpy.inf": math.inf,
    "numpy.nan": math.nan,
    "torch.pi": math.pi,
    "torch.e": math.e,
    "torch.inf": math.inf,
    "torch.nan": math.nan,
    "scipy.pi": math.pi,
}

_TORCH = "torch."
_REFUSED = "what a function of a library gives for such a number is not followed"
# How many numbers of an array one step of the budget is worth.
_NUMBERS_PER_STEP = 10
# The functions of one dimensionless number, by their names in NumPy and in PyTorch.
_TRANSCENDENTAL = {
    **{name: (name, name) for name in "cos sin tan cosh sinh tanh exp expm1 log log10 log2 log1p".split()},
    **{f"a{name}": (f"a{name} arc{name}", f"a{name} arc{name}") for name in ("cos", "sin", "tan")},
    **{name: ("", name) for name in ("erf", "erfc", "sigmoid")},
}
# Those whose result has the unit of the argument.
_PRESERVING = {
    "fabs": ("fabs", ""),
    "abs": ("abs absolute", "abs absolute"),
    "floor": ("floor", "floor"),
    "ceil": ("ceil", "ceil"),
    "trunc": ("trunc fix", "trunc fix"),
}
# What libraries give to the last digit as the module `math` does, and where the others do: at 0, but for these.
_ROUNDED_ALIKE = frozenset({*_PRESERVING, "sqrt"})
_EXACT_AT = dict.fromkeys(("log", "log2", "log10", "acos"), 1)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))


def _rounded(compute: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding that leaves a float a float."""
    return lambda x: float(compute(x)) if math.isfinite(x) else x


_COMPUTE: dict[str, Callable[[float], float]] = {
    "sigmoid": _sigmoid,
    "abs": abs,
    "floor": _rounded(math.floor),
    "ceil": _rounded(math.ceil),
    "trunc": _rounded(math.trunc),
}


def _signatures(names: tuple[str, str]) -> list[str]:
    in_numpy, in_torch = names
    return [
        *(f"numpy.{name}(x, /)" for name in in_numpy.split()),
        *(f"torch.{name}(input)" for name in in_torch.split()),
    ]


def _for_each(call: Call, work: Callable[..., Value], *given: Value) -> Value | None:
    """What a function of numbers gives, number by number where it is given arrays; None where these do not agree."""
    rows = [value for value in given if isinstance(value, ListValue)]
    if not rows:
        return work(*given)
    in_torch = call.name.startswith(_TORCH)
    if any(row.incomplete or row.unordered or row.kind == "set" or (in_torch and row.kind != "array") for row in rows):
        return None
    count = len(rows[0].values)
    if any(len(row.values) != count for row in rows) or any(isinstance(item, ListValue) for item in rows[0].values):
        return None
    call.world.spend(count // _NUMBERS_PER_STEP)
    columns = [value.values if isinstance(value, ListValue) else [value] * count for value in given]
    return ListValue([work(*items) for items in zip(*columns, strict=True)], "array")


def _transformed(call: Call, name: str, compute: Callable[[float], float], x: Value, unit: Unit) -> Quantity:
    value = call.measure(x)
    if call.name.startswith(_TORCH) and not value.array and value.number is not None:
        # PyTorch refuses whatever is no tensor.
        call.world.doubt(_REFUSED)
        value = replace(value, number=None)
    to_int = isinstance(value.number, int) and name in _PRESERVING and name != "fabs"

    def result_of(number: Number) -> Number | None:
        result = of_one(compute, name, number)
        return int(result) if to_int and result is not None else result

    result = replace(arithmetic.transformed(name, result_of, value, unit), array=True)
    if value.number is not None and result.number is None:
        call.world.doubt(_REFUSED)
    is_exact = name in _ROUNDED_ALIKE or value.number == _EXACT_AT.get(name, 0)
    return result if is_exact else rounded_elsewhere(result)


def _declare(name: str, names: tuple[str, str], unit_of: Callable[[str, Unit], Unit]) -> None:
    compute = _COMPUTE.get(name) or getattr(math, name)

    @function(*_signatures(names))
    def handle(call: Call, x: Value) -> Value | None:
        def work(item: Value) -> Value:
            return _transformed(call, name, compute, item, unit_of(name, call.measure(item).unit))

        return _for_each(call, work, x)


for _name, _names in _TRANSCENDENTAL.items():
    _declare(_name, _names, arithmetic.transcendental)
for _name, _names in _PRESERVING.items():
    _declare(_name, _names, lambda _, unit: unit)


@function("numpy.sqrt(x, /)", "torch.sqrt(input)")
def _sqrt(call: Call, x: Value) -> Value | None:
    def root(item: Value) -> Value:
        return _transformed(call, "sqrt", math.sqrt, item, raise_to(call.measure(item).unit, 0.5))

    return _for_each(call, root, x)


@function("numpy.power(x1, x2, /)", "numpy.pow(x1, x2, /)", "torch.pow(input, exponent)")
def _power(call: Call, base: Value, exponent: Value) -> Value | None:
    def power(*pair: Value) -> Value:
        left, right = _operands(call, *pair)
        return replace(arithmetic.power(left, right, call.world), array=True)

    return _for_each(call, power, base, exponent)


def _operands(call: Call, *values: Value) -> list[Quantity]:
    """The numbers that values are to a library; what it refuses raises, and has none."""
    given = [call.measure(value) for value in values]
    is_refused = call.name.startswith(_TORCH) and not any(number.array for number in given)
    taken = [None if is_refused else as_element(number.number) for number in given]
    if any(one is None and number.number is not None for one, number in zip(taken, given, strict=True)):
        call.world.doubt(_REFUSED)
    return [replace(number, number=one, array=True) for one, number in zip(taken, given, strict=True)]


@function(
    *(f"numpy.{name}(x1, x2, /)" for name in ("maximum", "fmax")),
    *(f"torch.{name}(input, other)" for name in ("maximum", "fmax", "max")),
)
def _maximum(call: Call, left: Value, right: Value) -> Value | None:
    return _for_each(call, lambda *pair: _extremum(call, "max", _operands(call, *pair)), left, right)


@function(
    *(f"numpy.{name}(x1, x2, /)" for name in ("minimum", "fmin")),
    *(f"torch.{name}(input, other)" for name in ("minimum", "fmin", "min")),
)
def _minimum(call: Call, left: Value, right: Value) -> Value | None:
    return _for_each(call, lambda *pair: _extremum(call, "min", _operands(call, *pair)), left, right)


@function("numpy.max(a)", "numpy.amax(a)")
def _largest(call: Call, a: Value) -> Value | None:
    return _of_items(call, "max", a)


@function("numpy.min(a)", "numpy.amin(a)")
def _smallest(call: Call, a: Value) -> Value | None:
    return _of_items(call, "min", a)


def _of_items(call: Call, symbol: str, a: Value) -> Value | None:
    if not isinstance(a, ListValue) or a.incomplete or not a.values:
        return None
    return _extremum(call, symbol, _operands(call, *a.values))


def _extremum(call: Call, symbol: str, values: Sequence[Quantity]) -> Quantity:
    """The extremum of numbers. Some functions pass nan on and some pass it over, so that one is left unknown."""
    numbers: list[Any] = [value.number for value in values]
    ordinary = all(type(number) is int or (type(number) is float and not math.isnan(number)) for number in numbers)
    if not ordinary:
        if any(isinstance(number, bool) for number in numbers):
            call.world.doubt("what is computed with truth values of a library is not followed")
        values = [replace(value, number=None) for value in values]
    result = arithmetic.extremum(symbol, values, call.world)
    is_float = ordinary and any(isinstance(number, float) for number in numbers)
    return replace(result, number=as_float(result.number)) if is_float else result


@function("numpy.clip(a, a_min=None, a_max=None, *, min=None, max=None)")
def _clip(call: Call, a: Value, a_min: Value, a_max: Value, low: Value, high: Value) -> Value | None:
    return _clamped(call, a, a_min if low == NOTHING else low, a_max if high == NOTHING else high)


@function("torch.clamp(input, min=None, max=None)", "torch.clip(input, min=None, max=None)")
def _clamp(call: Call, value: Value, low: Value, high: Value) -> Value | None:
    return _clamped(call, value, low, high)


def _clamped(call: Call, value: Value, low: Value, high: Value) -> Value | None:
    return _for_each(call, lambda *each: _between(call, *each), value, low, high)


def _between(call: Call, value: Value, low: Value, high: Value) -> Value:
    bounds = {"max": low, "min": high}
    asked = {symbol: bound for symbol, bound in bounds.items() if bound != NOTHING}
    result, *limits = _operands(call, value, *asked.values())
    for symbol, limit in zip(asked, limits, strict=True):
        result = _extremum(call, symbol, [result, limit])
    return result


@function("numpy.where(condition, x=..., y=..., /)", "torch.where(condition, input=..., other=...)")
def _where(call: Call, condition: Value, x: Value | None, y: Value | None) -> Value | None:
    return None if x is None or y is None else _for_each(call, lambda *each: _chosen(call, *each), condition, x, y)


def _chosen(call: Call, condition: Value, x: Value, y: Value) -> Value:
    """One of two numbers; of both a joined one, where nobody knows which."""
    asked, (first, second) = call.measure(condition), _operands(call, x, y)
    if asked.sure_truth is None:
        return replace(arithmetic.add(first, second, call.world), number=None, key=None)
    chosen = first if asked.sure_truth else second
    return replace(chosen, basis=max(chosen.basis, asked.basis))


@function("numpy.prod(a)", "numpy.product(a)", "torch.prod(input)")
def _product(call: Call, a: Value) -> Value | None:
    if not isinstance(a, ListValue) or a.incomplete or not a.values:
        return None
    first, *others = _operands(call, *a.values)
    for factor in others:
        first = arithmetic.multiply_quantities(first, factor, call.world)
    return first


@function("numpy.interp(x, xp, fp, left=None, right=None, period=None)")
def _interpolate(call: Call, x: Value, xp: Value, fp: Value, *options: Value) -> Value | None:
    """Has the unit of ``fp``."""
    if not isinstance(xp, ListValue) or not isinstance(fp, ListValue) or any(given != NOTHING for given in options):
        return None
    if isinstance(x, ListValue):
        found = [_interpolated_at(call, item, xp, fp) for item in x.values]
        known: list[Value] = [each for each in found if each is not None]
        return ListValue(known, "array") if len(known) == len(found) and not x.incomplete and not x.unordered else None
    return _interpolated_at(call, x, xp, fp)


def _interpolated_at(call: Call, x: Value, xp: ListValue, fp: ListValue) -> Quantity | None:
    call.world.spend(len(xp.values) // _NUMBERS_PER_STEP)
    at = call.measure(x)
    points = [call.measure(item, beside_time=True) for item in xp.values]
    values = [call.measure(item) for item in fp.values]
    if not points or len(points) != len(values):
        return None
    if any(isinstance(quantity.number, complex) for quantity in (at, *points)):
        return None
    for point in points:
        arithmetic.compare("<", at, point, call.world)
    complete = not (xp.incomplete or fp.incomplete)
    # What lies between the points moves as far as they do, which is not followed.
    complete &= not any(item.error for item in (at, *points))
    number = _interpolated([item.number for item in (at, *points, *values)]) if complete else None
    basis = max(item.basis for item in (at, *points, *values))
    # Nothing fits every unit.
    telling = [item for item in values if not item.is_zero] or values
    origins = next((item.origins for item in telling if item.origins), ())
    error = max(item.error for item in values)
    unit = arithmetic.join(telling)
    return Quantity(number, unit, varies=at.varies, basis=basis, origins=origins, array=True, error=error)


def _interpolated(numbers: Sequence[Number | None]) -> float | None:
    """The value at the first number; those after it are the points, and the values at them."""
    known = [number for number in numbers if isinstance(number, (int, float)) and math.isfinite(number)]
    count = len(numbers) // 2
    try:
        x, *rest = map(float, known)
    except (ValueError, OverflowError):
        return None
    xs, ys = rest[:count], rest[count:]
    if len(known) != len(numbers) or any(first >= second for first, second in pairwise(xs)):
        return None
    right = bisect_right(xs, x)
    if right == 0:
        return ys[0]
    left = right - 1
    if right == count or x == xs[left]:
        return ys[left]
    return (ys[right] - ys[left]) / (xs[right] - xs[left]) * (x - xs[left]) + ys[left]
