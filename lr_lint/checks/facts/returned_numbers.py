"""What a callable returns over time in one world, as a curve: the numbers alone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.quantities import Number, real

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import Point

# How many values tell that a curve is a power, and how well they must fit.
_FEWEST = 3
_AS_ONE = 1e-6


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


def until_no_rate(points: Sequence[Point]) -> list[Point]:
    """The points before the first that is no rate: an unclamped decay turns negative or complex."""
    return list(itertools.takewhile(lambda point: not _is_past_the_end(number_of(point)), points))


def until_the_end(points: Sequence[Point]) -> list[Point]:
    """The points before the end of a decay that nothing clamps, which means nothing from there on.

    There it turns negative or complex, or rises from zero to more than it ever was, as an even power does.
    """
    real = until_no_rate(points)
    over = next((at for at in range(1, len(real)) if number_of(real[at]) == 0 and number_of(real[at - 1])), len(real))
    return real[: over + 1] if _rises_anew(real[:over], real[over:]) else real


def _rises_anew(before: Sequence[Point], after: Sequence[Point]) -> bool:
    """Whether one expression gives more after its end than all that came before."""
    if not before or not after or before[-1].source is None or after[-1].source is None:
        return False
    earlier, last = [number_of(point) for point in before], number_of(after[-1])
    known = [abs(number) for number in earlier if number is not None]
    rises = last is not None and len(known) == len(earlier) and abs(last) > max(known)
    return rises and before[-1].source.node is after[-1].source.node


def _is_past_the_end(number: Number | None) -> bool:
    return isinstance(number, complex) or (number is not None and number < 0)


def ratio_of(points: Sequence[Point], meaning: Meaning) -> float | None:
    """What each step multiplies the rate by, where that is one number at all times; None where it is not.

    Args:
        points: what a callable returns.
        meaning: what the scheduler does with it.
    """
    told = [(point.time, point.told) for point in points]
    known = [(time, number) for time, number in told if number is not None]
    if len(known) < len(told) or len(known) <= _FEWEST or known[0][0] > 1:
        return None
    if meaning is Meaning.FACTOR_OF_PREVIOUS:
        return known[0][1] if all(number == known[0][1] for _, number in known) else None
    start, ratio = known[0][1], known[1][1]
    if known[0][0] != 0 or known[1][0] != 1 or start != 1 or not 0 < ratio < 1:
        return None
    return ratio if all(math.isclose(number, ratio**time, rel_tol=_AS_ONE) for time, number in known) else None
