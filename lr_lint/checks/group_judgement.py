"""The judgement on one param group in one world: what the values that its callable returns are.

Units speak first. What numbers prove is decided in ``vocabulary.families``; here it is only weakened, by what they rest
on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.returned_numbers import curve_of, number_of, until_the_end
from lr_lint.checks.facts.scales import rest_of_other_scale, start_of_other_scale
from lr_lint.semantics.libraries.rate_sources import is_group_lr
from lr_lint.semantics.worlds.runs import GroupRun, Point, carries_base
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.families import (
    Family,
    Reading,
    classify,
    classify_rates,
    classify_ratios,
    is_relative,
    may_be_relative,
    usable_base,
)
from lr_lint.vocabulary.names import means_initial_rate
from lr_lint.vocabulary.quantities import (
    LARGEST_PLAUSIBLE_RATE,
    LEAST_PLAUSIBLE_FRACTION,
    Basis,
    Quantity,
    real,
)
from lr_lint.vocabulary.units import Kind, Strength

# A named value up to this one may be a fraction as well as a rate.
_LIKELY_A_RATE = 1e-3


def judge_group(group: GroupRun, meaning: Meaning) -> Judgement:
    """Judges a callable that has to return a factor.

    Args:
        group: the param group in one world.
        meaning: of which rate it is a factor.
    """
    points = [point for point in group.points if point.value is not None]
    if not points:
        return _nothing_known(group)
    telling = _above_zero(until_the_end(points) or points) or _above_zero(points)
    if not telling:
        return Judgement(Conclusion.UNKNOWN, None, group, reason="it is zero at all sampled times")
    mixed = [point for point in telling if _value(point).unit.kind is Kind.MIXED]
    rates = [point for point in telling if _value(point).unit.is_rate]
    if mixed:
        value = _value(mixed[0])
        claim = _judge_mixed(group, value.offender or value, value, mixed[0])
        if claim.confidence is not Confidence.POSSIBLE or not _is_same_expression(telling[0], mixed[0]):
            return claim
        # ``1 / (1 + lr / epochs * t)``: in a sum with 1 a rate may be a speed, but at 0 that is gone.
        points = telling = telling[:1]
        rates = [point for point in rates if point in telling]
    if rates and len(rates) == len(telling):
        return _judge_rate(group, max(rates, key=_knowledge))
    if rates:
        return _judge_branch(group, max(rates, key=_knowledge), telling)
    return _judge_numbers(group, points, telling, meaning)


def _nothing_known(group: GroupRun) -> Judgement:
    reason = next((point.reason for point in group.points if point.reason), "it returns nothing that is known")
    return Judgement(Conclusion.UNKNOWN, None, group, reason=reason)


def _above_zero(points: Sequence[Point]) -> list[Point]:
    """Zero fits every unit, so a warm-up's first value says nothing."""
    return [point for point in points if not _value(point).is_zero]


def _is_same_expression(start: Point, later: Point) -> bool:
    """Whether a value has one unit, though it comes from the expression that mixes units at a later time."""
    if start is later or start.source is None or later.source is None:
        return False
    return start.source.node is later.source.node


def judge_absolute(group: GroupRun) -> Judgement:
    """Judges a callable that has to return the rate itself: is what it returns a mere factor?

    Only a formula with nothing in it that may be a rate is one beyond doubt.
    """
    points = [point for point in group.points if point.value is not None]
    values = [_value(point) for point in points]
    if not values or points[0] is not group.points[0]:
        return _nothing_known(group)
    if any(value.unit.kind is Kind.MIXED for value in values):
        return Judgement(Conclusion.UNKNOWN, None, group, reason="a rate meets a factor")
    if any(value.unit.is_rate and value.unit.is_known for value in values):
        return Judgement(Conclusion.ABSOLUTE, None, group)
    reading = classify_rates(curve_of(until_the_end(points)), base_of(group))
    first = number_of(points[0])
    if first is not None and reading.family is Family.ABSOLUTE:
        return Judgement(Conclusion.ABSOLUTE, None, group)
    if first is None or not all(value.unit.is_factor and value.unit.is_known for value in values):
        return Judgement(Conclusion.UNKNOWN, None, group, reason=_why_unknown(points))
    if reading.family is Family.RELATIVE:
        return Judgement(Conclusion.RELATIVE_BASE, None, group)
    if not reading.contradicts or not any(value.varies for value in values):
        return Judgement(Conclusion.UNKNOWN, None, group, reason="its numbers may be rates as well as factors")
    proved = real(group.lr) is not None and all(
        value.number is not None and value.basis is Basis.PROVED and value.unit.strength is Strength.CERTAIN
        for value in (*values, group.lr.with_unit(values[0].unit))
    )
    confidence = reading.confidence if proved else Confidence.LIKELY
    return Judgement(Conclusion.FACTOR_AS_RATE, confidence, group, values[0], points[0].place)


def base_of(group: GroupRun) -> float | None:
    """The initial lr of a group as curves are compared with it; None where it is not known."""
    return usable_base(real(group.lr))


def _value(point: Point) -> Quantity:
    if point.value is None:
        raise ValueError("a point without a value")
    return point.value


def _knowledge(point: Point) -> Strength:
    return _value(point).unit.strength


def _is_fraction(group: GroupRun) -> bool:
    """Whether a group's own lr is a plain factor, whatever its number: ``1.0 * args.head_multiplier``."""
    unit = group.lr.unit
    return group.own and group.settled and unit.is_factor and unit.is_known and real(group.lr) is None


def _judge_rate(group: GroupRun, point: Point) -> Judgement:
    """Every value returned is a learning rate."""
    value = _value(point)
    base = real(group.lr)
    same = carries_base(value, group)
    if base == 1 or ((is_relative(base_of(group)) or _is_fraction(group)) and not same):
        return Judgement(Conclusion.RELATIVE_BASE, None, group)
    if value.unit.strength is Strength.NONE or (value.unit.strength is Strength.GUESS and not same):
        confidence = Confidence.POSSIBLE
    elif same:
        confidence = Confidence.CERTAIN if value.unit.strength is Strength.CERTAIN else Confidence.LIKELY
    else:
        confidence = _confidence_of_two_names(group, value, base)
    if not group.settled and not _reads_own_group(value, group):
        confidence = Confidence.POSSIBLE
    return Judgement(Conclusion.RATE, confidence, group, value, point.place)


def _reads_own_group(value: Quantity, group: GroupRun) -> bool:
    """Whether the rate was read from the optimizer itself: then it is the group's, whatever the group was given."""
    return any(is_group_lr(origin.key) for origin in value.origins)


def _confidence_of_two_names(group: GroupRun, value: Quantity, base: float | None) -> Confidence:
    """Two different rates meet: likely a bug, unless the base may be a relative rate."""
    if base is not None:
        bare = may_be_relative(base) and group.lr.unit.kind is Kind.FREE
        return Confidence.POSSIBLE if bare else Confidence.LIKELY
    # Where neither has a number there are two names, and nothing that agrees with them.
    return Confidence.LIKELY if group.lr.unit.is_rate and real(value) is not None else Confidence.POSSIBLE


def _judge_mixed(group: GroupRun, offender: Quantity, value: Quantity, point: Point) -> Judgement:
    """One operand is a rate, another is not."""
    if real(group.lr) == 1 or (is_relative(base_of(group)) and not carries_base(offender, group)):
        return Judgement(Conclusion.UNKNOWN, None, group, reason="a rate meets a factor on a relative base")
    if value.unit.strength <= Strength.GUESS or not offender.unit.is_rate:
        confidence = Confidence.POSSIBLE
    elif value.clash in ("+", "-") and carries_base(offender, group):
        # ``lr - step / total`` is right where lr is 1, and only there does it make sense.
        confidence = Confidence.POSSIBLE
    elif carries_base(offender, group):
        strong = value.unit.strength is Strength.CERTAIN
        confidence = Confidence.CERTAIN if strong else Confidence.LIKELY
    else:
        confidence = _confidence_of_named_rate(offender, value, group)
    return Judgement(Conclusion.MIXED, confidence, group, replace(offender, clash=value.clash), point.place)


def _confidence_of_named_rate(offender: Quantity, value: Quantity, group: GroupRun) -> Confidence:
    """A value that is called a rate, beside a factor: its number must agree with its name."""
    number, base, clash = real(offender), real(group.lr), value.clash
    if number is None and clash == "+" and base is None and means_initial_rate(offender.name):
        # ``lr_start + step / 400``: what a training starts from is no part of a factor, and ends as one with it. Where
        # how far that goes is not written, the sum may come to 1, and the start be a part of it.
        return Confidence.LIKELY if value.basis.is_written else Confidence.POSSIBLE
    if number is None and clash == "**":
        # A count of drops as exponent leaves no other reading for a rate as the base.
        return Confidence.LIKELY
    if number is None or (base is not None and number > base) or (base is None and not group.lr.unit.is_rate):
        return Confidence.POSSIBLE
    small = LEAST_PLAUSIBLE_FRACTION if base is None else _LIKELY_A_RATE
    return Confidence.LIKELY if abs(number) <= small else Confidence.POSSIBLE


def _judge_branch(group: GroupRun, point: Point, telling: Sequence[Point]) -> Judgement:
    """Some of the values returned are rates, others are not."""
    value = _value(point)
    others = [_value(other) for other in telling if not _value(other).unit.is_rate]
    if all(other.unit.kind is Kind.FREE or not other.unit.is_known for other in others):
        # Bare small literals beside a rate take its unit.
        sizes = [abs(number) for number in map(real, others) if number is not None]
        if not sizes or max(sizes) < LARGEST_PLAUSIBLE_RATE:
            return _judge_rate(group, point)
    return _judge_mixed(group, value, value, point)


def _judge_numbers(group: GroupRun, points: Sequence[Point], telling: Sequence[Point], meaning: Meaning) -> Judgement:
    """No unit speaks: the numbers do."""
    values = [_value(point) for point in telling]
    curve = curve_of(points)
    if all(number_of(point) is None for point in telling):
        if all((value.unit.is_factor and value.unit.is_known) or _is_over_own_rate(value, group) for value in values):
            return Judgement(Conclusion.FACTOR, None, group)
        return Judgement(Conclusion.UNKNOWN, None, group, reason=_why_unknown(telling))
    ratios = meaning is Meaning.FACTOR_OF_PREVIOUS
    reading = classify_ratios(curve, base_of(group)) if ratios else classify(curve, base_of(group))
    tail = None if ratios else start_of_other_scale(points)
    if tail is None and not ratios and reading.family is Family.FACTOR:
        tail = rest_of_other_scale(telling, base_of(group))
    if tail is not None and not is_relative(base_of(group)):
        settled = base_of(group) is not None and group.settled
        surety = Confidence.LIKELY if settled else Confidence.POSSIBLE
        return Judgement(Conclusion.MIXED, surety, group, _value(tail), tail.source)
    if reading.fits:
        return Judgement(Conclusion.FACTOR, None, group)
    if reading.confidence is None:
        if reading.family is Family.BETWEEN and curve.complete and _is_plain_factor(points):
            return Judgement(Conclusion.FACTOR, None, group)
        return Judgement(Conclusion.UNKNOWN, None, group, reason=_why_undecided(reading, curve, points))
    point = next(point for point in points if point.time == reading.peak_time)
    proved = max(group.lr.basis, *(value.basis for value in values)) is Basis.PROVED
    free = any(value.unit.kind is Kind.FREE for value in values)
    conclusion = Conclusion.RATE if reading.is_initial_lr else Conclusion.TINY
    confidence = _confidence(reading, proved, free) if group.settled else Confidence.POSSIBLE
    return Judgement(conclusion, confidence, group, _value(point), point.place)


def _is_over_own_rate(value: Quantity, group: GroupRun) -> bool:
    """Whether a number is divided by the very rate that it will be multiplied by: then it is an absolute rate."""
    unit = value.unit
    return unit.kind is Kind.POWER and unit.power == -1 and unit.is_known and carries_base(value, group)


def _is_plain_factor(points: Sequence[Point]) -> bool:
    """Whether numbers follow from what is written, and nothing in them may be a rate: ``(epoch + 20) ** -0.6``."""
    units = [_value(point).unit for point in points]
    return all(point.is_written for point in points) and all(unit.is_factor and unit.is_known for unit in units)


def _why_unknown(points: Sequence[Point]) -> str:
    """What kept the numbers from being known."""
    reasons = (point.reason for point in points if point.reason)
    return next(reasons, "neither its unit nor its numbers are known")


def _why_undecided(reading: Reading, curve: Curve, points: Sequence[Point]) -> str:
    if reading.family is Family.NO_RATE:
        return "its factor starts as no rate: negative, complex or infinite"
    if not curve.complete:
        return "its numbers are known at some times only"
    if reading.family is Family.ZERO:
        return "it is zero for as long as it is a rate"
    if not all(point.is_written for point in points):
        return "how large its factor is depends on counts that are not known"
    return f"its factor peaks at {reading.peak:.3g}"


def _confidence(reading: Reading, proved: bool, free: bool) -> Confidence | None:
    """What numbers prove is worth less where something was assumed, or where no bare number of the code is in them."""
    if not reading.is_initial_lr:
        return reading.confidence if proved else Confidence.POSSIBLE
    if not free and may_be_relative(reading.peak):
        return Confidence.POSSIBLE
    most = Confidence.CERTAIN if free and proved else Confidence.LIKELY
    return min(reading.confidence or Confidence.POSSIBLE, most)
