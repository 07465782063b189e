"""Arithmetic on quantities: the number as CPython computes it, the unit as the algebra has it.

Numbers follow CPython exactly, including its exceptions. Where an operand's number is unknown the result's is too,
unless the other operand decides it (``0 * x``, ``x ** 0``).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeAlias

from lr_lint.semantics.machine.array_numbers import compute_as_array
from lr_lint.semantics.machine.rounding import ON_LAST_DIGITS, rounded_elsewhere, with_error
from lr_lint.semantics.machine.time_marks import note_breakpoint, part_of_time, scaled_part_of_time, still_ticks
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.python_numbers import as_float, checked_power, checked_shift, guarded, is_large
from lr_lint.semantics.values.relations import RELATIONS
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import LEAST_PLAUSIBLE_FRACTION, Basis, Number, Origin, Quantity
from lr_lint.vocabulary.units import (
    FACTOR,
    FREE,
    RATE,
    UNKNOWN,
    Kind,
    Strength,
    Unit,
    agree,
    divide,
    exponential,
    logarithm,
    multiply,
    raise_to,
    scaled,
    sum_of_logarithms,
)

_TOO_LARGE = "an integer is too large to go on with"
# To these, libraries raise by multiplying and taking roots, which rounds in one way only.
_EXACT_POWERS = (0, 1, 2, 0.5, -1)
_DIVIDING = (operator.truediv, operator.floordiv, operator.mod)

_NAMED_FACTOR = FACTOR.weakened(Strength.NAME)

Computation: TypeAlias = "Callable[[Any, Any], Number | None]"


def add(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left + right``."""
    return _sum("+", operator.add, left, right, world, 1)


def subtract(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left - right``."""
    note_breakpoint(left, right, world)
    return _sum("-", operator.sub, left, right, world, -1)


def _sum(
    symbol: str, compute: Computation, left: Quantity, right: Quantity, world: World, sign: Literal[1, -1]
) -> Quantity:
    _refute_names(left, right, world)
    _refute_names(right, left, world)
    if Kind.LOGARITHM in (left.unit.kind, right.unit.kind):
        unit = sum_of_logarithms(left.unit, right.unit, sign)
        return _computed(symbol, compute, left, right, unit, world)
    unit, offender = agreement(left, right)
    return _computed(symbol, compute, left, right, unit, world, offender)


def multiply_quantities(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left * right``."""
    unit = multiply(left.unit, right.unit)
    for one, other in ((left, right), (right, left)):
        if one.unit.kind is Kind.LOGARITHM and other.unit.kind is not Kind.LOGARITHM:
            unit = scaled(one.unit, as_float(other.number))
    product = _computed("*", operator.mul, left, right, unit, world)
    return scaled_part_of_time(product, left, right, world)


def divide_quantities(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left / right``."""
    note_breakpoint(left, right, world)
    # Zero fits every unit.
    unit = divide(FREE if left.is_zero and not left.varies else left.unit, right.unit)
    if left.unit == _NAMED_FACTOR and left.origins and right.unit.is_rate:
        # Rates have cancelled in it already, so that no rate is called a factor here.
        unit = Unit(power=-1.0, strength=Strength.NAME)
    if left.unit.kind is Kind.LOGARITHM and right.number and as_float(right.number):
        unit = scaled(left.unit, 1 / (as_float(right.number) or 1))
    quotient = _computed("/", operator.truediv, left, right, unit, world)
    return part_of_time(quotient, left, right, world)


def floor_divide(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left // right``."""
    note_breakpoint(left, right, world)
    if left.varies and not right.varies and isinstance(right.number, (int, float)):
        world.seen.whole_divisors.add(right.number)
    unit = divide(left.unit, right.unit)
    quotient = _computed("//", operator.floordiv, left, right, unit, world)
    return part_of_time(quotient, left, right, world)


def remainder(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left % right``: has the unit of the left operand."""
    note_breakpoint(left, right, world)
    return _computed("%", operator.mod, left, right, left.unit, world)


def power(left: Quantity, right: Quantity, world: World) -> Quantity:
    """``left ** right``.

    A base that is raised to something that varies must be dimensionless, so a rate there is an offender.
    """
    result = _raised(left, right, _apply(checked_power, left, right, world))
    if left.error or right.error:
        result = _with_error(result, checked_power, left, right, world)
    is_rounded = (left.array or right.array) and isinstance(result.number, float) and right.number not in _EXACT_POWERS
    return rounded_elsewhere(result) if is_rounded else result


def _raised(left: Quantity, right: Quantity, number: Number | None) -> Quantity:
    if right.unit.kind is Kind.LOGARITHM:
        base = as_float(left.number)
        unit = UNKNOWN if base is None or not 0 < base < math.inf else exponential(right.unit, math.log(base))
        return _result("**", number, unit, left, right)
    if right.varies:
        if left.unit.kind is Kind.POWER and left.unit.power != 0 and not _is_zero_or_one(left):
            unit = Unit(Kind.MIXED, strength=left.unit.strength)
            return _result("**", number, unit, left, right, left)
        unit = left.unit if left.unit.kind is Kind.MIXED else FACTOR
        result = _result("**", number, unit, left, right)
        return result if left.varies else replace(result, exponent=right.number)
    if left.unit.kind is Kind.FREE:
        return _result("**", number, FACTOR if right.number is None else left.unit, left, right)
    return _result("**", number, raise_to(left.unit, as_float(right.number)), left, right)


def bitwise(symbol: str, left: Quantity, right: Quantity, world: World) -> Quantity:
    """``&``, ``|``, ``^``, ``<<`` and ``>>`` on integers."""
    compute = {
        "&": operator.and_,
        "|": operator.or_,
        "^": operator.xor,
        "<<": checked_shift,
        ">>": operator.rshift,
    }[symbol]
    return _computed(symbol, compute, left, right, agree(left.unit, right.unit), world)


def negative(value: Quantity) -> Quantity:
    """``-value``."""
    return transformed("neg", operator.neg, value, value.unit)


def extremum(symbol: str, values: Sequence[Quantity], world: World) -> Quantity:
    """``min(...)`` or ``max(...)`` of quantities; the operands must have one unit.

    Raises:
        Raised: ValueError for no operands, TypeError for complex ones.
    """
    if not values:
        raise Raised("ValueError")
    result = values[0]
    better = operator.lt if symbol == "min" else operator.gt
    for value in values[1:]:
        note_breakpoint(result, value, world)
        note_breakpoint(value, result, world)
        unit, offender = agreement(result, value)
        if symbol == "min" and 1 in (result.number, value.number) and unit.kind is Kind.MIXED:
            # What is capped at 1 is meant as a factor, whatever a part of it is called.
            unit = unit.weakened(Strength.GUESS) if _has_no_number(result, value) else unit
        replaced = _is_better(better, value, result)
        chosen = value if replaced else result
        number = None if replaced is None else chosen.number
        error = 2 * max(result.error, value.error)
        result = replace(_result(symbol, number, unit, result, value, offender), array=chosen.array, error=error)
    return result


def _has_no_number(*operands: Quantity) -> bool:
    """Whether the rate that does not fit is known by its name alone."""
    offenders = [each.offender for each in operands if each.offender is not None]
    return bool(offenders) and all(each.number is None for each in offenders)


def _is_better(better: Callable[[Any, Any], bool], value: Quantity, result: Quantity) -> bool | None:
    """Whether a value takes the place of the result so far; None where a number is not known."""
    if value.number is None or result.number is None:
        return None
    return bool(guarded(lambda: better(value.number, result.number), max(value.basis, result.basis)))


def agreement(left: Quantity, right: Quantity) -> tuple[Unit, Quantity | None]:
    """The unit that operands of a sum or a choice share, and the operand that does not fit.

    Zero fits every unit; one that varies does if it is a rate, as the speed of a decay is at 0. A free operand that
    varies up to the size of a factor is a factor.
    """
    if left.is_zero and (left.unit.is_rate or not left.varies):
        return right.unit, right.offender
    if right.is_zero and (right.unit.is_rate or not right.varies):
        return left.unit, left.offender
    unit = agree(left.unit, right.unit)
    if unit.kind is not Kind.MIXED:
        return unit, None
    offender = left if left.unit.power != 0 else right
    return unit, offender


def join(values: Sequence[Quantity]) -> Unit:
    """The one unit of several returned values, MIXED where they differ."""
    unit = values[0].unit
    for value in values[1:]:
        unit = agree(unit, value.unit)
    return unit


def compare(symbol: str, left: Quantity, right: Quantity, world: World) -> bool | None:
    """The truth of a comparison; None when a number is not known.

    Raises:
        Raised: TypeError where CPython cannot order the operands.
    """
    note_breakpoint(left, right, world)
    note_breakpoint(right, left, world)
    if left.number is None or right.number is None:
        return None
    world.seen.assumed |= not max(left.basis, right.basis).is_written
    compute = RELATIONS[symbol]
    try:
        if (left.error or right.error) and abs(left.number - right.number) <= left.error + right.error:
            return None
        return bool(compute(left.number, right.number))
    except TypeError:
        if left.array or right.array:
            # NumPy orders complex numbers, by their real parts first.
            return None
        raise Raised("TypeError", max(left.basis, right.basis)) from None


def transformed(
    symbol: str, compute: Callable[[Any], Number | None], value: Quantity, unit: Unit, basis: Basis | None = None
) -> Quantity:
    """A function of one quantity: the number by ``compute``, the unit as given.

    Raises:
        Raised: what ``compute`` raises.
    """
    number = None
    if value.number is not None:
        number = guarded(lambda: compute(value.number), value.basis)
    key = paths.TIME if value.key is paths.TIME and number == value.number else _derived_key(symbol, value)
    result = replace(value, number=number, unit=unit, key=key, name="", basis=value.basis if basis is None else basis)
    return with_error(result, compute, value) if value.error else result


# The natural logarithms of the bases, by the names of the functions.
_LOGARITHMS = {"log": 1.0, "log10": math.log(10), "log2": math.log(2)}


def transcendental(name: str, unit: Unit) -> Unit:
    """The unit of what a function of one number gives: a factor, but for logarithms of rates and what undoes them."""
    if name == "exp":
        return exponential(unit)
    return logarithm(unit, _LOGARITHMS[name]) if name in _LOGARITHMS else FACTOR


def combined(symbol: str, compute: Computation, left: Quantity, right: Quantity, unit: Unit, world: World) -> Quantity:
    """A function of two quantities: the number by ``compute``, the unit as given.

    Raises:
        Raised: what ``compute`` raises.
    """
    return _computed(symbol, compute, left, right, unit, world)


def _computed(
    symbol: str,
    compute: Computation,
    left: Quantity,
    right: Quantity,
    unit: Unit,
    world: World,
    offender: Quantity | None = None,
) -> Quantity:
    """What an operator gives for two quantities."""
    result = _result(symbol, _apply(compute, left, right, world), unit, left, right, offender)
    return _with_error(result, compute, left, right, world) if left.error or right.error else result


def _with_error(result: Quantity, compute: Computation, left: Quantity, right: Quantity, world: World) -> Quantity:
    """A result of operands whose last digits are not known."""
    if result.number is None or left.number is None or right.number is None:
        return result
    on_arrays = left.array or right.array
    bounded = with_error(result, partial(compute_as_array, compute) if on_arrays else compute, left, right)
    if bounded.number is None:
        world.doubt(ON_LAST_DIGITS)
    return bounded


def _result(
    symbol: str,
    number: Number | None,
    unit: Unit,
    left: Quantity,
    right: Quantity,
    offender: Quantity | None = None,
) -> Quantity:
    clash = ""
    if unit.kind is Kind.MIXED:
        inherited = next((operand for operand in (left, right) if operand.unit.kind is Kind.MIXED), None)
        clash = symbol if inherited is None else inherited.clash
        offender = offender if inherited is None else inherited.offender
    return Quantity(
        number,
        unit,
        varies=left.varies or right.varies,
        basis=max(left.basis, right.basis),
        key=_derived_key(symbol, left, right),
        origins=_merged_origins(left, right),
        offender=offender,
        clash=clash,
        ticks=still_ticks(symbol, left, right),
        array=left.array or right.array,
    )


def _merged_origins(left: Quantity, right: Quantity) -> tuple[Origin, ...]:
    if not right.origins:
        return left.origins
    return left.origins + tuple(origin for origin in right.origins if origin not in left.origins)[:4]


def _derived_key(symbol: str, *operands: Quantity) -> AccessPath | None:
    """Structural identity of a computed value that does not depend on the time."""
    keys: list[AccessPath] = []
    for operand in operands:
        if operand.varies or (operand.number is None and operand.key is None):
            return None
        keys.append(operand.key or AccessPath.number(operand.number))
    return paths.operation(symbol, *keys)


def _apply(compute: Computation, left: Quantity, right: Quantity, world: World) -> Number | None:
    if left.number is not None and right.number is not None:
        a, b = left.number, right.number
        if compute is operator.mul and is_large(a) and is_large(b):
            world.doubt(_TOO_LARGE)
            return None
        if left.array or right.array:
            number = guarded(lambda: compute_as_array(compute, a, b), max(left.basis, right.basis))
            if number is None:
                world.doubt("what an operator gives for numbers of a library is not followed")
            return number
        divisor = right.basis if compute in _DIVIDING else None
        number = guarded(lambda: compute(a, b), max(left.basis, right.basis), divisor)
        if number is None and isinstance(a, int) and isinstance(b, int):
            # Whatever makes a float of it raises.
            world.doubt(_TOO_LARGE)
        return number
    if compute in _DIVIDING and right.is_zero and not (left.array or right.array):
        # Numbers of Python raise, those of other libraries do not.
        world.doubt("what is divided by zero is not known")
    if compute is operator.mul and (_makes_zero(left, right) or _makes_zero(right, left)):
        return 0
    if compute is checked_power and ((right.is_zero and isinstance(right.number, int)) or left.number == 1):
        return 1
    return None


def _makes_zero(zero: Quantity, other: Quantity) -> bool:
    """Whether nothing times a number is nothing: what was computed may be infinite or no number, an option is none."""
    return zero.is_zero and other.number is None and other.key is not None and not other.varies and not other.array


def _is_zero_or_one(value: Quantity) -> bool:
    return value.number is not None and value.number in (0, 1)


def _refute_names(whole: Quantity, part: Quantity, world: World) -> None:
    """``1 - x`` and ``1 + x`` show that x is a fraction, whatever it is called, unless it is as small as a rate.

    ``lr_max - lr_start`` shows it of what is that small, too, where the one that is 1 is called a rate itself.
    """
    alike = bool(whole.name) and suggestion_of(whole.name) is Suggestion.RATE
    tiny = isinstance(part.number, float) and 0 < part.number <= LEAST_PLAUSIBLE_FRACTION and not alike
    if whole.number == 1 and not whole.varies and part.unit == RATE.weakened(Strength.NAME) and not tiny:
        world.assumptions.dimensionless.update(origin.key for origin in part.origins if origin.key is not None)
