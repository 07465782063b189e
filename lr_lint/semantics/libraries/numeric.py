"""Python's numbers: the builtins that compute, and the modules ``math`` and ``bisect``.

Results are CPython's own, since CPython computes them; so are the exceptions.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.operations import call as call_value
from lr_lint.semantics.values.plain import NotPlain, computed, plain
from lr_lint.semantics.values.python_numbers import guarded
from lr_lint.semantics.values.sequences import items_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import Number, Quantity, literal
from lr_lint.vocabulary.units import FACTOR, UNKNOWN, Strength, raise_to

CONSTANTS: dict[str, float] = {f"math.{name}": getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}

# Functions of one dimensionless argument whose result is dimensionless.
_TRANSCENDENTAL = "cos sin tan acos asin atan cosh sinh tanh exp expm1 log10 log2 log1p erf erfc gamma"
# Those whose result has the unit of the argument.
_PRESERVING = "fabs floor ceil trunc"
_MOST_DIGITS = 400


def as_python(number: Quantity) -> Quantity:
    """A quantity as Python's own number."""
    return replace(number, array=False) if number.array else number


def _within_domain(call: Call, x: Value) -> Quantity:
    """An argument as a quantity. For one of which nothing is known, the function may raise."""
    value = call.measure(x)
    if value.number is None and value.unit.strength is Strength.NONE:
        call.world.doubt("a function is given what is not known, and may raise")
    return value


def _declare_transcendental(name: str) -> None:
    compute = getattr(math, name)

    @function(f"math.{name}(x, /)")
    def handle(call: Call, x: Value) -> Value:
        value = _within_domain(call, x)
        return as_python(arithmetic.transformed(name, compute, value, arithmetic.transcendental(name, value.unit)))


for _name in _TRANSCENDENTAL.split():
    _declare_transcendental(_name)


def _declare_preserving(name: str) -> None:
    compute = getattr(math, name)

    @function(f"math.{name}(x, /)")
    def handle(call: Call, x: Value) -> Value:
        value = call.measure(x)
        return as_python(arithmetic.transformed(name, compute, value, value.unit))


for _name in _PRESERVING.split():
    _declare_preserving(_name)


@function("builtins.abs(x, /)")
def _abs(call: Call, x: Value) -> Value:
    value = call.measure(x)
    return arithmetic.transformed("abs", abs, value, value.unit)


@function("math.log(x, base=..., /)")
def _log(call: Call, x: Value, base: Value | None) -> Value:
    value = _within_domain(call, x)
    if base is None:
        return as_python(arithmetic.transformed("log", math.log, value, arithmetic.transcendental("log", value.unit)))
    return arithmetic.combined("log", math.log, as_python(value), as_python(call.measure(base)), FACTOR, call.world)


@function("math.sqrt(x, /)")
def _sqrt(call: Call, x: Value) -> Value:
    value = _within_domain(call, x)
    return as_python(arithmetic.transformed("sqrt", math.sqrt, value, raise_to(value.unit, 0.5)))


@function("math.pow(x, y, /)")
def _float_pow(call: Call, x: Value, y: Value) -> Value:
    """Always a float, and an error where ``**`` would give a complex number."""
    base, exponent = as_python(call.measure(x)), as_python(call.measure(y))
    # What the number is but for its size is the same as for ``**``.
    shape = arithmetic.power(replace(base, number=None), exponent, call.world)
    number = arithmetic.combined("math.pow", math.pow, base, exponent, shape.unit, call.world).number
    return replace(shape, number=number)


@function("builtins.divmod(x, y, /)")
def _divmod(call: Call, x: Value, y: Value) -> Value:
    left, right = call.measure(x), call.measure(y)
    quotient = arithmetic.floor_divide(left, right, call.world)
    return ListValue([quotient, arithmetic.remainder(left, right, call.world)], "tuple")


@function("builtins.round(number, ndigits=None)")
def _round(call: Call, number: Value, ndigits: Value) -> Value:
    value = call.measure(number)
    if ndigits == NOTHING:
        return as_python(arithmetic.transformed("round", lambda x: round(x), value, value.unit))
    digits = call.measure(ndigits)
    # Huge numbers of digits take for ever, and NumPy rounds in another way.
    if value.array:
        # Arrays without dimensions, which `np.where` gives, refuse to be rounded.
        call.world.doubt("how a number of a library is rounded is not followed")
    if value.array or (isinstance(digits.number, int) and abs(digits.number) > _MOST_DIGITS):
        return Quantity(None, value.unit, varies=value.varies)
    return arithmetic.combined("round", round, value, digits, value.unit, call.world)


def _number(call: Call, name: str, compute: Callable[[Any], Number], x: Value) -> Value | None:
    """A conversion. The result is still the same value for the purposes of identity."""
    if isinstance(x, Constant) and isinstance(x.value, (str, bytes)):
        text = x.value
        number = guarded(lambda: compute(text))
        return Quantity(None) if number is None else literal(number)
    value = call.measure(x)
    converted = as_python(arithmetic.transformed(name, compute, value, value.unit))
    return replace(converted, key=value.key, name=value.name) if value.key is not None else converted


@function("builtins.float(x=0.0, /)")
def _float(call: Call, x: Value) -> Value | None:
    return _number(call, "float", float, x)


@function("builtins.int(x=0, /, base=...)")
def _int(call: Call, x: Value, base: Value | None) -> Value | None:
    if base is None:
        return _number(call, "int", int, x)
    radix = call.measure(base).number
    if not isinstance(x, Constant) or not isinstance(x.value, (str, bytes)) or not isinstance(radix, int):
        return None
    text = x.value
    return Quantity(guarded(lambda: int(text, radix)))


@function("builtins.bool(x=False, /)")
def _bool(call: Call, x: Value) -> Value | None:
    if isinstance(x, (Constant, ListValue, DictValue)):
        known = _is_true(x)
        return None if known is None else literal(known)
    return _number(call, "bool", bool, x)


@function("builtins.complex(real=0, imag=...)")
def _complex(call: Call, real: Value, imag: Value | None) -> Value | None:
    if imag is None:
        return _number(call, "complex", complex, real)
    left, right = as_python(call.measure(real)), as_python(call.measure(imag))
    return arithmetic.combined("complex", complex, left, right, left.unit, call.world)


@function("builtins.min(*values, key=None, default=...)")
def _min(call: Call, values: Sequence[Value], key: Value, default: Value | None) -> Value | None:
    return _extremum(call, "min", values, key, default)


@function("builtins.max(*values, key=None, default=...)")
def _max(call: Call, values: Sequence[Value], key: Value, default: Value | None) -> Value | None:
    return _extremum(call, "max", values, key, default)


def _extremum(call: Call, symbol: str, values: Sequence[Value], key: Value, default: Value | None) -> Value | None:
    if not values or (len(values) > 1 and default is not None):
        raise Raised("TypeError")
    if len(values) == 1:
        items = items_of(values[0])
        if items is None or items.incomplete:
            return Quantity(None, UNKNOWN)
        if not items.values and default is not None:
            return default
        values = items.values
    if key != NOTHING:
        return _chosen(call, symbol, values, key)
    if not all(isinstance(value, (Quantity, Unknown, External)) for value in values):
        return computed(lambda *items: (min if symbol == "min" else max)(items), values)
    varies = any(isinstance(value, Quantity) and value.varies for value in values)
    return arithmetic.extremum(symbol, [call.measure(value, beside_time=varies) for value in values], call.world)


def _chosen(call: Call, symbol: str, values: Sequence[Value], key: Value) -> Value | None:
    """The first of the items whose keys are smallest, or largest; None where these are not known."""
    keys = [call_value(key, [value], {}, call.anchor, call.frame) for value in values]
    try:
        ranks = [plain(each) for each in keys]
        choose = min if symbol == "min" else max
        return values[choose(range(len(ranks)), key=ranks.__getitem__)] if ranks else None
    except NotPlain:
        return None
    except (TypeError, ValueError) as error:
        raise Raised(type(error).__name__) from None


def _measured_items(call: Call, iterable: Value) -> list[Quantity] | None:
    """The numbers of a sequence; None where it may have more of them, or holds sequences and texts."""
    items = items_of(iterable)
    if items is None or items.incomplete or not all(isinstance(item, (Quantity, Unknown)) for item in items.values):
        return None
    call.world.spend(len(items.values))
    return [call.measure(item) for item in items.values]


@function("builtins.sum(iterable, /, start=0)")
def _sum(call: Call, iterable: Value, start: Value) -> Value | None:
    terms = _measured_items(call, iterable)
    if terms is None or not isinstance(start, (Quantity, Unknown)):
        return None
    first = total = call.measure(start)
    for term in terms:
        total = arithmetic.add(total, term, call.world)
    if total.number is None or total.array:
        return total
    # The builtin sums floats more exactly than repeated addition does, from Python 3.12 on.
    numbers: list[Any] = [term.number for term in terms]
    return replace(total, number=guarded(lambda: sum(numbers, first.number), total.basis))  # type: ignore


@function("math.prod(iterable, /, *, start=1)")
def _product(call: Call, iterable: Value, start: Value) -> Value | None:
    factors = _measured_items(call, iterable)
    if factors is None or not isinstance(start, (Quantity, Unknown)):
        return None
    total = call.measure(start)
    for factor in factors:
        total = arithmetic.multiply_quantities(total, factor, call.world)
    return total


def _is_true(value: Value) -> bool | None:
    if isinstance(value, Quantity):
        return value.sure_truth
    if isinstance(value, Constant):
        return bool(value.value)
    return value.holds_something() if isinstance(value, (ListValue, DictValue)) else None


_BISECTED = "(a, x, lo=0, hi=None, *, key=None)"


@function(f"bisect.bisect{_BISECTED}", f"bisect.bisect_right{_BISECTED}")
def _bisect_right(call: Call, a: Value, x: Value, *options: Value) -> Value | None:
    return _bisected(call, bisect.bisect_right, a, x, options)


@function(f"bisect.bisect_left{_BISECTED}")
def _bisect_left(call: Call, a: Value, x: Value, *options: Value) -> Value | None:
    return _bisected(call, bisect.bisect_left, a, x, options)


def _bisected(
    call: Call, side: Callable[[Any, Any], int], a: Value, x: Value, options: Sequence[Value]
) -> Value | None:
    low, high, key = options
    if not isinstance(a, ListValue) or low != literal(0) or (high, key) != (NOTHING, NOTHING):
        return None
    wanted = call.measure(x)
    marks = [call.measure(item, beside_time=True) for item in a.values]
    if any(isinstance(quantity.number, complex) for quantity in (wanted, *marks)):
        return None
    decided = [arithmetic.compare("<", wanted, mark, call.world) is not None for mark in marks]
    numbers = [mark.number for mark in marks]
    known = all(decided) and all(isinstance(number, (int, float)) for number in (wanted.number, *numbers))
    position = side(numbers, wanted.number) if known and not (a.incomplete or a.unordered) else None
    return Quantity(position, varies=wanted.varies, basis=max([wanted.basis, *(mark.basis for mark in marks)]))
