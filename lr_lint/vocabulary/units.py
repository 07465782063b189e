"""Units of measure for schedules: how often the learning rate is a factor of a value.

A value's unit is the exponent of ``[lr]`` in it: a factor has 0, a learning rate 1, a squared rate 2, ``1 / lr`` -1.
A small bare literal is *free*: it takes the unit that its context needs, since ``0.01`` alone may be either. Values
that cannot be given one exponent (a rate added to a factor) are *mixed*. A *logarithm* carries the exponent of what it
is taken of, so that a weighted mean of logarithms gives back the unit: ``exp(log(a) * (1 - p) + log(b) * p)``.

Each exponent carries how well it is known: not at all (what an unknown call returns), as a guess (an option whose
name says nothing counts as dimensionless until something speaks against it), by name (``base_lr``), or for certain (the
very value that the optimizer was given).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal


class Strength(enum.IntEnum):
    """How well a unit is known. A product knows its unit as well as its weakest operand does."""

    NONE = 0
    GUESS = 1
    NAME = 2
    CERTAIN = 3


class Kind(enum.Enum):
    """The shapes that a unit can have."""

    POWER = "power"
    FREE = "free"
    MIXED = "mixed"
    LOGARITHM = "logarithm"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        kind: whether there is one exponent, any exponent, or no consistent one.
        power: the exponent of ``[lr]``, for a logarithm that of its argument times what it is multiplied by; 0 for
            other kinds.
        strength: how well it is known.
    """

    kind: Kind = Kind.POWER
    power: float = 0.0
    strength: Strength = Strength.CERTAIN

    @property
    def is_rate(self) -> bool:
        """Whether the value is a learning rate."""
        return self.kind is Kind.POWER and self.power == 1.0

    @property
    def is_factor(self) -> bool:
        """Whether the value is dimensionless."""
        return self.kind is Kind.POWER and self.power == 0.0

    @property
    def is_known(self) -> bool:
        """Whether there is one exponent and it is more than a guess."""
        return self.kind is Kind.POWER and self.strength > Strength.GUESS

    def weakened(self, strength: Strength) -> Unit:
        """The same unit, known at most as well as that."""
        return self if strength >= self.strength else Unit(self.kind, self.power, strength)


FACTOR = Unit()
RATE = Unit(power=1.0)
FREE = Unit(Kind.FREE)
MIXED = Unit(Kind.MIXED)
UNNAMED = Unit(strength=Strength.GUESS)
UNKNOWN = Unit(strength=Strength.NONE)
# Exponents of logarithms are sums of products, so what comes of them is rounded.
_DIGITS = 9


def multiply(left: Unit, right: Unit) -> Unit:
    """The unit of a product: exponents add; a free literal adds nothing."""
    if Kind.LOGARITHM in (left.kind, right.kind):
        return UNKNOWN
    if Kind.MIXED in (left.kind, right.kind):
        return MIXED.weakened(min(left.strength, right.strength))
    if left.kind is Kind.FREE:
        left, right = right, left
    if right.kind is Kind.FREE:
        # A literal in front of a plain factor may still be the rate itself: 1e-3 * 0.95**epoch.
        return FREE if left.kind is Kind.FREE or (left.is_factor and left.is_known) else left
    return Unit(power=left.power + right.power, strength=min(left.strength, right.strength))


def divide(left: Unit, right: Unit) -> Unit:
    """The unit of a quotient: exponents subtract.

    A free literal over a rate is a rate over a rate (``1e-6 / lr``). A rate over a small literal may be either a
    rate or a ratio, so it is a guess. What only a name makes a factor is a rate where it stands over one.
    """
    if Kind.LOGARITHM in (left.kind, right.kind):
        return UNKNOWN
    if Kind.MIXED in (left.kind, right.kind):
        return MIXED.weakened(min(left.strength, right.strength))
    if left.kind is Kind.FREE and right.kind is Kind.FREE:
        return FREE
    if left.kind is Kind.FREE:
        if right.is_rate:
            return Unit(strength=right.strength)
        # Over what nobody knows, it may be a ratio of rates.
        return FREE if right.is_factor and right.strength > Strength.NONE else UNKNOWN
    if right.kind is Kind.FREE:
        return left if left.is_factor else UNKNOWN
    if left.is_factor and left.strength in (Strength.GUESS, Strength.NAME) and right.is_rate:
        return Unit(strength=min(right.strength, Strength.NAME))
    return Unit(power=left.power - right.power, strength=min(left.strength, right.strength))


def raise_to(base: Unit, exponent: float | None) -> Unit:
    """The unit of a power with a constant exponent; None when the exponent is not known."""
    if base.kind is not Kind.POWER:
        return UNKNOWN if base.kind is Kind.LOGARITHM else base
    if exponent is None:
        return base if base.is_factor else UNKNOWN
    return Unit(power=base.power * exponent, strength=base.strength)


def agree(left: Unit, right: Unit) -> Unit:
    """The unit of a sum, difference, minimum or maximum, whose operands must have one unit.

    A free operand takes the other's unit; a guess gives way to knowledge but leaves the result a guess; two
    different exponents are mixed, known as well as the weaker of the two.
    """
    if Kind.LOGARITHM in (left.kind, right.kind):
        return left if left == right else UNKNOWN
    if Kind.MIXED in (left.kind, right.kind):
        return MIXED.weakened(min(left.strength, right.strength))
    if left.kind is Kind.FREE:
        return right
    if right.kind is Kind.FREE:
        return left
    if left.power == right.power:
        # One operand that is known settles the other; two guesses stay a guess.
        return left if left.strength >= right.strength else right
    weaker = min(left.strength, right.strength)
    if weaker <= Strength.GUESS:
        known = max(left, right, key=lambda unit: (unit.strength, abs(unit.power), unit.power))
        return known.weakened(weaker)
    return MIXED.weakened(min(left.strength, right.strength))


def logarithm(unit: Unit, scale: float = 1.0) -> Unit:
    """The unit of a logarithm.

    Args:
        unit: of its argument.
        scale: the natural logarithm of its base.
    """
    return _logarithm(unit.power / scale, unit.strength) if unit.kind is Kind.POWER else FACTOR


def exponential(unit: Unit, scale: float = 1.0) -> Unit:
    """The unit of a power with a varying exponent.

    Args:
        unit: of the exponent.
        scale: the natural logarithm of the base.
    """
    if unit.kind is not Kind.LOGARITHM:
        return FACTOR
    return Unit(power=round(unit.power * scale, _DIGITS), strength=unit.strength)


def scaled(unit: Unit, by: float | None) -> Unit:
    """The unit of a logarithm times a number; unknown where the number is."""
    return UNKNOWN if by is None else _logarithm(unit.power * by, unit.strength)


def sum_of_logarithms(left: Unit, right: Unit, sign: Literal[1, -1]) -> Unit:
    """The unit of a sum or a difference in which a logarithm stands; whatever else does shifts its argument."""
    logarithms = [unit for unit in (left, right) if unit.kind is Kind.LOGARITHM]
    if any(unit.kind is not Kind.LOGARITHM and not unit.is_factor for unit in (left, right)):
        return UNKNOWN
    return _logarithm(left.power + sign * right.power, min(unit.strength for unit in logarithms))


def _logarithm(power: float, strength: Strength) -> Unit:
    return Unit(Kind.LOGARITHM, power, strength) if round(power, _DIGITS) else FACTOR.weakened(strength)
