"""Factors over time, and what can be seen of such a curve without knowing what it is for.

What it says about a schedule, together with the initial lr, is decided in ``families``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lr_lint.vocabulary.quantities import Number

# How far from 1 a factor may be that stands for "all of it". Decays that are one step late start there, and warm-ups
# that just miss their end come there.
ABOUT_ONE = 0.05
# How far apart two computations of one number may be.
EXACT = 1e-6
# How much of the change at one step the next change may differ from it, for the curve to be smooth there.
_SMOOTH = 0.5
# A zero at the first steps is a warm-up's; from here on it is a plateau.
_SHORTEST_PLATEAU = 3
# The slopes between which a factor grows as the time does, and the times that count as early.
_FEWEST_OF_A_LINE = 3
_STEEP, _STEEPEST = 0.6, 1e6
_EARLY = range(2, 6)


def is_no_rate(number: Number) -> bool:
    """Whether no optimizer can use a number, or any multiple of it, as its rate."""
    return isinstance(number, complex) or number < 0 or not math.isfinite(number)


def is_about(number: float, wanted: float, tolerance: float) -> bool:
    """Whether a number is as near to another as that, but for rounding."""
    return abs(number - wanted) <= tolerance + EXACT


def bends(first: float, second: float, third: float) -> bool:
    """Whether a curve has a kink or a jump in three values in a row: it goes on neither by difference nor by ratio."""
    change, further = second - first, third - second
    if abs(further - change) <= _SMOOTH * max(abs(change), abs(further)):
        return False
    return not (first and second) or not math.isclose(third / second, second / first, rel_tol=EXACT)


@dataclass(frozen=True, slots=True)
class Curve:
    """Factors over time.

    Attributes:
        points: the times that were looked at and the factors then, in order of time. Nothing is known of the times
            between two of them, nor of those after the last.
        complete: whether the factor is known at all times that were looked at; those where it is not have no point.
    """

    points: Sequence[tuple[int, Number]]
    complete: bool = True

    @property
    def first_no_rate(self) -> tuple[int, Number] | None:
        """Where it first is none: negative, complex or infinite."""
        return next((point for point in self.points if is_no_rate(point[1])), None)

    @property
    def real(self) -> list[tuple[int, float]]:
        """The points before that."""
        points: list[tuple[int, float]] = []
        for time, factor in self.points:
            if isinstance(factor, complex) or is_no_rate(factor):
                break
            points.append((time, factor))
        return points

    @property
    def telling(self) -> list[tuple[int, float]]:
        """The points above zero, from the first on to the end: where it comes down to zero, or is no rate any more.

        Zero fits every unit, and an unclamped decay means nothing past its end.
        """
        points: list[tuple[int, float]] = []
        for time, factor in self.real:
            if factor:
                points.append((time, factor))
            elif points:
                break
        return points

    @property
    def zeros(self) -> list[int]:
        """The times at the start at which it is zero."""
        end = next((at for at, (_, factor) in enumerate(self.points) if factor), len(self.points))
        return [time for time, _ in self.points[:end]]

    @property
    def never_falls(self) -> bool:
        """Whether each factor is at least the one before it, to the last time that was looked at."""
        numbers = self._numbers
        return len(numbers) == len(self.points) and all(now <= later for (_, now), (_, later) in pairwise(numbers))

    @property
    def _numbers(self) -> list[tuple[int, float]]:
        return [(time, factor) for time, factor in self.points if not isinstance(factor, complex)]

    @property
    def begins_with_a_stretch_of_zeros(self) -> bool:
        """Whether it is zero for more than the first steps."""
        return bool(self.zeros) and self.zeros[-1] >= _SHORTEST_PLATEAU

    @property
    def climbs_in_steps_from_zero(self) -> bool:
        """Whether it is zero over a stretch and then climbs in steps above 1 for as long as one looks: ``t // 30``.

        A switch that is thrown late has one step, and a ramp that begins late has none. What has come to its end stays
        there longer than ever before.
        """
        if not self.begins_with_a_stretch_of_zeros or not self.never_falls:
            return False
        values, lengths = zip(*self._stretches, strict=True)
        return len(values) > 2 and any(lengths[1:]) and values[-1] > 1 and lengths[-1] <= max(lengths[:-1])

    @property
    def _stretches(self) -> list[tuple[float, int]]:
        """The values that it takes one after the other, each with the time for which it is seen to stay there."""
        stretches: list[tuple[float, int]] = []
        began = 0
        for time, factor in self.real:
            if stretches and stretches[-1][0] == factor:
                stretches[-1] = factor, time - began
            else:
                began = time
                stretches.append((factor, 0))
        return stretches

    @property
    def grows_with_time(self) -> bool:
        """Whether it grows about as fast as the time itself, from the beginning to the last time looked at.

        What grows slower may be a warm-up that another scheduler ends; what grows much faster searches for a rate.
        """
        numbers = self._numbers
        early = [factor / time for time, factor in numbers if time in _EARLY]
        if len(numbers) < 2 or not self.never_falls or not early or min(early) < _STEEP:
            return False
        (before, first), (after, last) = numbers[-2:]
        return _STEEP <= (last - first) / (after - before) <= _STEEPEST

    @property
    def is_a_line(self) -> bool:
        """Whether it rises evenly from 0 or so to the last time looked at: nothing in it stops that."""
        numbers = self._numbers
        if len(numbers) < len(self.points) or len(numbers) < _FEWEST_OF_A_LINE:
            return False
        slopes = [(now - numbers[0][1]) / (time - numbers[0][0]) for time, now in numbers[1:]]
        return slopes[0] > 0 and all(is_about(slope / slopes[0], 1, ABOUT_ONE) for slope in slopes)

    def starts_about_1(self, tolerance: float = ABOUT_ONE) -> bool:
        """Whether the first value is "all of it"."""
        return bool(self.real) and is_about(self.real[0][1], 1, tolerance)

    def reaches(self, level: float) -> int | None:
        """The first time at which it is as high as that; None where it never is."""
        return next((time for time, factor in self.real if factor >= level * (1 - EXACT)), None)
