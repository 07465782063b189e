"""What a callable returns over time in one world, as a curve: the numbers alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.quantities import Number, real

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import Point


def number_of(point: Point) -> Number | None:
    """The number that is returned at a time, where a curve can have it; None where it is not known."""
    if point.value is None or isinstance(point.value.number, complex):
        return None if point.value is None else point.value.number
    return real(point.value)


def curve_of(points: Sequence[Point]) -> Curve:
    """What the values are over time, as far as their numbers are known."""
    numbers = [(point.time, number_of(point)) for point in points]
    known = [(time, number) for time, number in numbers if number is not None]
    return Curve(known, complete=len(known) == len(numbers))


def until_the_end(points: Sequence[Point]) -> list[Point]:
    """The points before the end: an unclamped decay turns negative or complex and means nothing from there on."""
    return list(itertools.takewhile(lambda point: not _is_past_the_end(number_of(point)), points))


def _is_past_the_end(number: Number | None) -> bool:
    return isinstance(number, complex) or (number is not None and number < 0)
