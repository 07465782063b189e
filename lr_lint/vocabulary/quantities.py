"""Quantities: what the interpreter computes with. A number, its unit, and where both came from."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.units import FACTOR, FREE, Unit

Number: TypeAlias = "int | float | complex"

# A literal of this size or more is no learning rate; a smaller one may be (bases of 0.3 and above are read as
# relative rates throughout).
LARGEST_PLAUSIBLE_RATE = 0.3
# What is called a rate and is this small is no plausible fraction of one.
LEAST_PLAUSIBLE_FRACTION = 1e-4


# How many digits of two numbers are compared.
_DIGITS = 12


class Basis(enum.IntEnum):
    """What a number rests on. A computed number rests on the worst basis among its operands.

    A count decides conditions whatever it rests on, since what is claimed has to hold for others as well.
    """

    PROVED = 0
    DEFAULT = 1
    DEFAULT_COUNT = 2
    ASSUMED_COUNT = 3

    @property
    def decides(self) -> bool:
        """Whether a condition on it is taken to be decided."""
        return self is not Basis.DEFAULT

    @property
    def is_written(self) -> bool:
        """Whether the number follows from what is written in the code."""
        return self is not Basis.ASSUMED_COUNT


@dataclass(frozen=True, slots=True)
class Origin:
    """A place where ``[lr]`` entered a value.

    Attributes:
        key: identity of the value that carries it.
        anchor: opaque syntax anchor that the outer layers can turn into a place; None where there is none.
        text: how the code spells it.
    """

    key: AccessPath | None
    anchor: Any
    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit and a trail.

    Attributes:
        number: the value, or None where it is not known.
        unit: the exponent of ``[lr]``.
        varies: whether the value depends on the time index.
        basis: what the number rests on.
        key: identity: two quantities with one key are the same value, whatever it is.
        name: the last name that the value went by; empty for computed values.
        origins: where ``[lr]`` entered.
        offender: the operand whose unit does not fit, where the unit is mixed.
        clash: the operation in which it does not fit, as ``max``.
        exponent: to what a constant was raised to give this, where that varies.
        ticks: whether it counts what the time index counts, from wherever: the index itself, shifted or stretched by
            plain numbers.
        over: what the time index was divided by to give this, by identity; None where it is no such part.
        array: whether it is a number of NumPy or its kin, which gives inf or nan where Python's own raises.
        error: how far the number may be from the program's own, where a library rounds the last digits in its way.
    """

    number: Number | None
    unit: Unit = FACTOR
    varies: bool = False
    basis: Basis = Basis.PROVED
    key: AccessPath | None = None
    name: str = ""
    origins: tuple[Origin, ...] = ()
    offender: Quantity | None = None
    clash: str = ""
    exponent: Number | None = None
    ticks: bool = False
    over: AccessPath | None = None
    array: bool = False
    error: float = 0.0

    @property
    def is_zero(self) -> bool:
        """Whether the number is exactly zero, which fits every unit."""
        return self.number is not None and self.number == 0

    @property
    def sure_truth(self) -> bool | None:
        """Whether the number is true; None where it is not known, or where last digits decide that."""
        if self.number is None or (self.error and abs(self.number) <= self.error):
            return None
        return bool(self.number)

    def with_unit(self, unit: Unit, *origins: Origin) -> Quantity:
        """The same number under another unit."""
        return replace(self, unit=unit, origins=origins or self.origins)


def literal(number: Number, key: AccessPath | None = None) -> Quantity:
    """The quantity of a number written in the code.

    A small floating-point literal is free (it may be a rate); every other number is a plain factor.
    """
    small = isinstance(number, float) and 0.0 < abs(number) < LARGEST_PLAUSIBLE_RATE
    return Quantity(number, FREE if small else FACTOR, key=key)


def real(value: Quantity) -> float | None:
    """The number of a quantity as a float, where it is a real number that a float can hold. NaN is no number."""
    number = value.number
    if not isinstance(number, (int, float)) or number != number:
        return None
    try:
        return float(number)
    except OverflowError:
        return None


def told(value: Quantity) -> float | None:
    """The number of a quantity as people are told it: finite, and no count that nobody wrote is in it."""
    number = real(value)
    return number if number is not None and math.isfinite(number) and value.basis.is_written else None


def have_one_mantissa(number: float, other: float) -> bool:
    """Whether two numbers differ in a power of ten alone, and are no such powers themselves: 6e-5 and 6e-4."""
    digits, others = (f"{each:.{_DIGITS}e}".partition("e")[0].rstrip("0") for each in (number, other))
    return digits == others and digits != "1."
