"""Units of measure for schedules: how often the learning rate is a factor of a value.

A value's unit is the exponent of ``[lr]`` in it: a factor has 0, a learning rate 1, a squared rate 2, ``1 / lr`` -1.
A small bare literal is *free*: it takes the unit that its context needs, since ``0.01`` alone may be either. Values
that cannot be given one exponent (a rate added to a factor) are *mixed*.

Each exponent carries how well it is known: not at all (what an unknown call returns), as a guess (an option whose
name says nothing counts as dimensionless until something speaks against it), by name (``base_lr``), or for certain (the
very value that the optimizer was given).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure.

    Attributes:
        kind: whether there is one exponent, any exponent, or no consistent one.
        power: the exponent of ``[lr]``; 0 where kind is not POWER.
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


def multiply(left: Unit, right: Unit) -> Unit:
    """The unit of a product: exponents add; a free literal adds nothing."""
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
    rate or a ratio, so it is a guess.
    """
    if Kind.MIXED in (left.kind, right.kind):
        return MIXED.weakened(min(left.strength, right.strength))
    if left.kind is Kind.FREE and right.kind is Kind.FREE:
        return FREE
    if left.kind is Kind.FREE:
        return Unit(strength=right.strength) if right.is_rate else FREE if right.is_factor else UNKNOWN
    if right.kind is Kind.FREE:
        return left if left.is_factor else UNKNOWN
    return Unit(power=left.power - right.power, strength=min(left.strength, right.strength))


def raise_to(base: Unit, exponent: float | None) -> Unit:
    """The unit of a power with a constant exponent; None when the exponent is not known."""
    if base.kind is not Kind.POWER:
        return base
    if exponent is None:
        return base if base.is_factor else UNKNOWN
    return Unit(power=base.power * exponent, strength=base.strength)


def agree(left: Unit, right: Unit) -> Unit:
    """The unit of a sum, difference, minimum or maximum, whose operands must have one unit.

    A free operand takes the other's unit; a guess gives way to knowledge but leaves the result a guess; two
    different exponents are mixed, known as well as the weaker of the two.
    """
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
