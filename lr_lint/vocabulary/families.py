"""What a curve proves: do these factors over time fit the initial lr that a scheduler multiplies by them?

Whoever reads the code and whoever runs it come to the same: factors at some times, and an initial lr. What
these numbers prove by themselves is decided here, so that the two cannot differ on it. What else they know (units,
names, what a number rests on, how the rates were read) is theirs, and only weakens what is said here.

The statistic is ``rho``, the peak of the factor over the initial lr: about 1 where a rate is returned in place of a
factor (the effective rate is then ``lr * lr``), far above 1 for a factor, far below 1 where the initial lr is 1 and the
callable carries the rate, which is right. The families, in the order in which they are asked for:

- *no rate*: it begins with a negative, complex or infinite value;
- *zero*: it is nothing else;
- *factor*: it starts at about 1, or a warm-up comes to about 1;
- *rising*: its highest value is the last one, so it may still come to 1;
- *relative*: the initial lr is 0.3 or more and so no rate; the curve carries the rate;
- *fraction*: it stays below 1, yet at 0.3 or more it is no rate;
- *absolute*: ``rho`` is about 1;
- *tiny*: it never exceeds a twentieth, as rates do not; below a hundredth lies next to nothing else;
- *between*: it may be either.

How surely *absolute* and *tiny* speak against a schedule depends on what else could be meant. An initial lr of a
twentieth or more may be relative (0.1 for the backbone beside 1.0 for the head), and then tiny factors are the rates. A
constant may be a small factor on purpose. Equal numbers prove more than neighbouring ones.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lr_lint.vocabulary.curves import ABOUT_ONE, EXACT, Curve, is_about, is_no_rate
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE, Number

# Factors that never exceed these are rates, surely and perhaps.
_SURELY_TINY = 0.01
_PERHAPS_TINY = 0.05
# An initial lr of this size or more can be a relative one, and a constant factor of this size can be meant as such.
_SMALLEST_RELATIVE = 0.05
# Several groups that all start from one lr of this size or more may have relative ones.
_SMALLEST_SHARED_RELATIVE = 0.1
# ``f(1)`` is the first that is asked of a factor of the previous rate: a decay may have come down to this by then.
_FALLEN_BY_STEP_1 = 0.5
# What a decay leaves at least after one epoch. The classical step sizes 1 / t and 1 / sqrt(t), which are rates, fall
# faster.
_GENTLE_DROP = 0.75


class Family(enum.Enum):
    """What a curve is, as far as its numbers tell."""

    NO_RATE = "no rate"
    ZERO = "zero"
    FACTOR = "factor"
    RISING = "rising"
    RELATIVE = "relative"
    FRACTION = "fraction"
    ABSOLUTE = "absolute"
    TINY = "tiny"
    BETWEEN = "between"


_FITTING = frozenset({Family.FACTOR, Family.RISING, Family.RELATIVE, Family.FRACTION})


@dataclass(frozen=True, slots=True)
class Reading:
    """What the numbers of one curve say.

    Attributes:
        family: what it is.
        confidence: how surely they prove a fault; None where they say nothing against the schedule.
        peak: the highest factor, up to the end of the curve; 0 where there is none above zero.
        peak_time: when it first comes to that; None where it does not.
        rho: the peak over the initial lr; None where the initial lr is not known.
        constant: whether the factor never changes, zeros and rounding apart.
    """

    family: Family
    confidence: Confidence | None = None
    peak: float = 0.0
    peak_time: int | None = None
    rho: float | None = None
    constant: bool = False

    @property
    def contradicts(self) -> bool:
        """Whether the schedule cannot be meant."""
        return self.confidence is not None and self.confidence >= Confidence.LIKELY

    @property
    def fits(self) -> bool:
        """Whether the numbers are those of a factor, or those of a rate where one belongs."""
        return self.family in _FITTING

    @property
    def doubted(self) -> Reading:
        """The same, where something beside the curve speaks for the schedule."""
        return self if self.confidence is None else replace(self, confidence=Confidence.POSSIBLE)

    @property
    def is_initial_lr(self) -> bool:
        """Whether the peak is the very number of the initial lr."""
        return self.rho is not None and is_about(self.rho, 1, 0)


def usable_base(rate: Number | None) -> float | None:
    """An initial lr, where it is known and a rate can be divided by it; else None."""
    return None if rate is None or isinstance(rate, complex) or is_no_rate(rate) or not rate else rate


def is_relative(base: float | None) -> bool:
    """Whether an initial lr is relative rather than a rate."""
    return base is not None and base >= LARGEST_PLAUSIBLE_RATE


def may_be_relative(base: float) -> bool:
    """Whether an initial lr can be one of several relative ones."""
    return base >= _SMALLEST_RELATIVE


def classify(curve: Curve, base: float | None, tolerance: float = ABOUT_ONE) -> Reading:
    """What factors of the initial lr are.

    Args:
        curve: the factors.
        base: the initial lr, as ``usable_base`` gives it.
        tolerance: how far from 1 a factor may be to count as 1.
    """
    reading = _above_doubt(curve, base, tolerance)
    if reading.family is not Family.BETWEEN or not curve.complete:
        return reading
    if reading.rho is not None and is_about(reading.rho, 1, tolerance):
        reading = replace(reading, family=Family.ABSOLUTE, confidence=_confidence_of_absolute(reading))
    elif reading.peak <= _PERHAPS_TINY:
        reading = replace(reading, family=Family.TINY, confidence=_confidence_of_tiny(reading, base))
    if reading.confidence is not None and any(factor >= LARGEST_PLAUSIBLE_RATE for _, factor in curve.real):
        # It comes down to zero and then goes on as no rate would; what comes after the end may count after all.
        return replace(reading, confidence=min(reading.confidence, Confidence.LIKELY))
    return reading


def _above_doubt(curve: Curve, base: float | None, tolerance: float) -> Reading:
    """The families that do not depend on ``rho``; BETWEEN for what is left."""
    if curve.points and is_no_rate(curve.points[0][1]):
        return Reading(Family.NO_RATE)
    telling = curve.telling
    if not telling:
        return Reading(Family.ZERO if curve.complete else Family.BETWEEN)
    time, peak = max(telling, key=lambda point: point[1])
    constant = all(factor >= peak * (1 - EXACT) for _, factor in telling)
    reading = Reading(Family.BETWEEN, None, peak, time, None if base is None else peak / base, constant)
    if peak >= 1 - tolerance - EXACT:
        return replace(reading, family=Family.FACTOR)
    if curve.complete and not constant and time == telling[-1][0]:
        return replace(reading, family=Family.RISING)
    if is_relative(base):
        return replace(reading, family=Family.RELATIVE)
    return replace(reading, family=Family.FRACTION) if peak >= LARGEST_PLAUSIBLE_RATE else reading


def _confidence_of_absolute(reading: Reading) -> Confidence | None:
    small = reading.peak < _SMALLEST_RELATIVE
    if reading.constant and reading.is_initial_lr:
        return Confidence.LIKELY if small else Confidence.POSSIBLE
    if reading.constant:
        return _confidence_of_constant(reading) if small else None
    proved = reading.peak <= _SURELY_TINY or (small and reading.is_initial_lr)
    return Confidence.CERTAIN if proved else Confidence.LIKELY


def _confidence_of_tiny(reading: Reading, base: float | None) -> Confidence:
    if base is None or may_be_relative(base):
        return Confidence.POSSIBLE
    if reading.constant:
        return _confidence_of_constant(reading)
    return Confidence.CERTAIN if reading.peak <= _SURELY_TINY else Confidence.POSSIBLE


def _confidence_of_constant(reading: Reading) -> Confidence:
    return Confidence.LIKELY if reading.peak <= _SURELY_TINY else Confidence.POSSIBLE


def classify_ratios(curve: Curve, base: float | None, tolerance: float = ABOUT_ONE) -> Reading:
    """What factors of the previous rate are, which a scheduler multiplies by one after the other.

    A constant is a decay, unless it is the initial lr. What varies and stays below a twentieth leaves no rate to train
    with, whatever the initial lr.

    Args:
        curve: the factors, from step 1 on.
        base: the initial lr, as ``usable_base`` gives it.
        tolerance: how far from 1 a factor may be to count as 1.
    """
    reading = classify(curve, base, tolerance)
    if reading.peak_time is None or reading.fits or not curve.complete:
        return reading
    if reading.constant and not (reading.is_initial_lr and reading.contradicts):
        return replace(reading, family=Family.FRACTION, confidence=None)
    if reading.constant or reading.rho is None:
        return reading
    confidence = reading.confidence if reading.is_initial_lr else None
    if reading.peak < _SMALLEST_RELATIVE:
        confidence = max(reading.confidence or Confidence.LIKELY, Confidence.LIKELY)
    about = _FALLEN_BY_STEP_1 <= reading.rho <= 1 + tolerance + EXACT
    return replace(reading, family=Family.ABSOLUTE if about else reading.family, confidence=confidence)


def classify_rates(curve: Curve, base: float | None, tolerance: float = ABOUT_ONE) -> Reading:
    """What values are that a scheduler takes for the rate itself: are they mere factors?

    Only what starts at 1 and falls gently from there is a factor beyond doubt.

    Args:
        curve: the values.
        base: the initial lr, as ``usable_base`` gives it.
        tolerance: how far from 1 a factor may be to count as 1.
    """
    values = dict(curve.real)
    if not values:
        return Reading(Family.NO_RATE if curve.points else Family.BETWEEN)
    first, time = next(iter(values.values())), max(values, key=lambda each: values[each])
    reading = Reading(Family.BETWEEN, None, values[time], time)
    if 0 < first < LARGEST_PLAUSIBLE_RATE:
        return replace(reading, family=Family.ABSOLUTE)
    falls = not curve.complete or min(values.values()) < first
    gentle = values.get(1, first) >= _GENTLE_DROP
    if not curve.starts_about_1(tolerance) or reading.peak > 1 + tolerance + EXACT or not falls or not gentle:
        return reading
    if base is not None and base >= 1 - tolerance - EXACT:
        return replace(reading, family=Family.RELATIVE)
    # Boosting starts from 0.3 and the like: no schedule that takes the place of that starts from 1.
    confidence = Confidence.LIKELY if is_relative(base) else Confidence.CERTAIN
    return replace(reading, family=Family.FACTOR, confidence=confidence)


def is_doubted(position: int, fit: Sequence[bool], bases: Sequence[float | None]) -> bool:
    """Whether what stands beside a group makes its small numbers a small factor, or rates on a relative base.

    Args:
        position: which group.
        fit: for each group, whether its numbers fit.
        bases: the initial lr of each.
    """
    beside = [at for at in range(len(bases)) if at != position]
    return any(fit[at] or is_relative(bases[at]) for at in beside)


def share_relative_base(bases: Sequence[float | None]) -> bool:
    """Whether several groups start from one lr that may be a relative one: 0.1 each."""
    first = bases[0] if len(bases) > 1 else None
    return first is not None and first >= _SMALLEST_SHARED_RELATIVE and all(base == first for base in bases)
