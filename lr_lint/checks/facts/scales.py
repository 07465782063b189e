"""Branches of one schedule on different scales: a warm-up that is relative, then a decay that is not.

A schedule may drop at once, to a constant or within one formula. Where one formula takes over from another and goes on
a hundredth below, the two do not count in one unit: ``step / ramp if step < ramp else step**-0.5``.

A schedule that comes to rest at 6e-5 where the optimizer starts from 6e-4 means the rate: a tenth of the initial lr is
0.1 as a factor, and nobody has the same digits by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.checks.facts.returned_numbers import number_of
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE, have_one_mantissa

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import Point

# How many times smaller the second formula starts than the first has ended.
_ANOTHER_SCALE = 100
# A factor at which a schedule comes to rest is that small where it is a rate.
_SMALL_REST = 0.01


def start_of_other_scale(points: Sequence[Point]) -> Point | None:
    """The first point of a formula that takes over far below another; None where there is none.

    Args:
        points: what a callable returns, in order of time.
    """
    for before, after in pairwise(points):
        if after.time == before.time + 1 and _drops(before, after) and _vary(points, before) and _vary(points, after):
            return after
    return None


def _drops(before: Point, after: Point) -> bool:
    last, first = number_of(before), number_of(after)
    if isinstance(last, complex) or isinstance(first, complex) or last is None or first is None:
        return False
    small = last >= LARGEST_PLAUSIBLE_RATE and 0 < first * _ANOTHER_SCALE <= last * (1 + 1e-3)
    return small and before.is_written and after.is_written and not _is_of(before, after)


def _is_of(point: Point, other: Point) -> bool:
    """Whether two points come from one expression; from what nobody knows, they may."""
    if point.source is None or other.source is None:
        return True
    return point.source.node is other.source.node


def _vary(points: Sequence[Point], like: Point) -> bool:
    """Whether what comes from the expression of one point changes with time."""
    return len({number_of(point) for point in points if _is_of(point, like)}) > 1


def rest_of_other_scale(points: Sequence[Point], base: float | None) -> Point | None:
    """Where a schedule has come to rest at the initial lr divided by a power of ten; None where it does not.

    Args:
        points: what a callable returns, in order of time.
        base: the initial lr, where it is known.
    """
    last, before = (points[-1], points[-2]) if len(points) > 1 else (None, None)
    if base is None or last is None or before is None or number_of(last) != number_of(before):
        return None
    rest = number_of(last)
    if rest is None or isinstance(rest, complex) or not 0 < rest <= min(base, _SMALL_REST):
        return None
    higher = next((point for point in points if number_of(point) != rest), None)
    if higher is None or not _is_spelled(rest, last) or not have_one_mantissa(rest, base):
        return None
    return next(point for point in points if point.time > higher.time and number_of(point) == rest)


def _is_spelled(number: float, point: Point) -> bool:
    """Whether the file spells a number: what is computed may come to it by chance."""
    place = point.source or point.place
    floats = place.module.scopes.index.of(cst.Float) if place is not None else ()
    return point.is_written and any(each.evaluated_value == number for each in floats)
