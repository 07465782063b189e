"""A closer look at one run of a callable: what each of its expressions comes to, with a number for what is unknown.

A fix is verified by numbers. Where the code leaves a number open (an option without a default), one is supposed: it
says nothing about the schedule, but two forms of one formula give the same results only if they are equal.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity

if TYPE_CHECKING:
    import libcst as cst

# Where supposed numbers begin, and how far they spread by the name: rates are small, other numbers are fractions.
_RATES, _RATE_SPREAD = 0.02, 0.01
_FRACTIONS, _FRACTION_SPREAD = 0.3, 0.6


@dataclass(slots=True, eq=False)
class Study:
    """What was seen in one world.

    Attributes:
        values: what each expression came to, each time that it was evaluated; None for what is no quantity.
        numbers: what was supposed, by identity.
        active: whether the callable runs. What is computed before it runs is not looked at.
    """

    values: dict[cst.CSTNode, list[Quantity | None]] = field(default_factory=dict)
    numbers: dict[AccessPath, float] = field(default_factory=dict)
    active: bool = False

    def note(self, node: cst.CSTNode, value: Quantity | None) -> None:
        """Remembers what an expression came to."""
        self.values.setdefault(node, []).append(value)

    def suppose(self, quantity: Quantity, key: AccessPath | None) -> Quantity:
        """The quantity with a number: its own, or a plausible one, the same for all of one identity."""
        if not self.active or quantity.number is not None:
            return quantity
        number = _plausible(quantity)
        if key is not None:
            number = self.numbers.setdefault(key, number)
        return replace(quantity, number=number, basis=Basis.DEFAULT)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A part of the run that is no part of the callable, such as a lazy call of the program around it."""
        before, self.active = self.active, False
        try:
            yield
        finally:
            self.active = before


def _plausible(quantity: Quantity) -> float:
    """A number that depends on the name alone, so that it is the same in two versions of a program."""
    rate = quantity.unit.is_rate or suggestion_of(quantity.name) is Suggestion.RATE
    start, spread = (_RATES, _RATE_SPREAD) if rate else (_FRACTIONS, _FRACTION_SPREAD)
    return start + spread * (zlib.crc32(quantity.name.encode()) % 997) / 997
