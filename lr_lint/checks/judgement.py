"""The verdict on one construction: unit(initial lr of the group) x unit(f) must be exactly one ``[lr]``.

Each param group is judged in each world; the judgements are then brought together, since a claim must hold in all of
them. The thresholds are those that separate the families in practice: a base of 0.3 and more is relative, a factor
that stays below a hundredth is the fingerprint of a rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.semantics.libraries.rate_sources import is_group_lr
from lr_lint.semantics.worlds.explore import GroupRun, Point, Runs, carries_base
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE, Basis, Quantity, real
from lr_lint.vocabulary.units import Kind, Strength

# A named value this small is no plausible fraction; up to this one it may be either.
_SURELY_A_RATE = 1e-4
_LIKELY_A_RATE = 1e-3
# Factors that never exceed these are tiny, surely and likely.
_SURELY_TINY = 0.01
_LIKELY_TINY = 0.05
# A base lr of this size or more can be a relative rate (0.1 for the backbone, 1.0 for the head).
_SMALLEST_RELATIVE_BASE = 0.05
_SAME_NUMBER = 1e-6
# How far from 1 a factor may start that stands for "all of it".
_ABOUT_ONE = 0.05
# What a decay leaves at least after one epoch. The classical step sizes 1 / t and 1 / sqrt(t), which are rates, fall
# faster.
_GENTLE_DROP = 0.75


def judge_group(group: GroupRun, meaning: Meaning) -> Judgement:
    """Judges one param group in one world."""
    points = [sample for sample in group.points if sample.value is not None]
    if not points:
        reason = next((sample.reason for sample in group.points if sample.reason), "it returns nothing that is known")
        return Judgement(Conclusion.UNKNOWN, None, group, reason=reason)
    # Zero fits every unit, so a warm-up's first sample says nothing.
    telling = [sample for sample in _within_horizon(points) if not _value(sample).is_zero]
    telling = telling or [sample for sample in points if not _value(sample).is_zero]
    if not telling:
        return Judgement(Conclusion.UNKNOWN, None, group, reason="it is zero at all sampled times")
    mixed = [sample for sample in telling if _value(sample).unit.kind is Kind.MIXED]
    rates = [sample for sample in telling if _value(sample).unit.is_rate]
    if mixed:
        value = _value(mixed[0])
        claim = _judge_mixed(group, value.offender or value, value, mixed[0])
        if claim.confidence is not Confidence.POSSIBLE or not _is_same_expression(telling[0], mixed[0]):
            return claim
        # ``1 / (1 + lr / epochs * t)``: in a sum with 1 a rate may be a speed, but at 0 that is gone.
        telling = telling[:1]
        rates = [sample for sample in rates if sample in telling]
    if rates and len(rates) == len(telling):
        return _judge_rate(group, max(rates, key=_knowledge))
    if rates:
        return _judge_branch(group, max(rates, key=_knowledge), telling)
    return _judge_numbers(group, telling, meaning)


def _is_same_expression(start: Point, later: Point) -> bool:
    """Whether a value has one unit, though it comes from the expression that mixes units at a later time."""
    if start is later or start.place is None or later.place is None:
        return False
    return start.place.node is later.place.node


def _judge_absolute(group: GroupRun) -> Judgement:
    """Judges a callable that has to return the rate itself: is what it returns a mere factor?

    Only a formula that starts at 1 and falls, with nothing in it that may be a rate, is one beyond doubt.
    """
    points = [sample for sample in group.points if sample.value is not None]
    values = [_value(sample) for sample in points]
    if not values or points[0] is not group.points[0]:
        reason = next((sample.reason for sample in group.points if sample.reason), "it returns nothing that is known")
        return Judgement(Conclusion.UNKNOWN, None, group, reason=reason)
    if any(value.unit.kind is Kind.MIXED for value in values):
        return Judgement(Conclusion.UNKNOWN, None, group, reason="a rate meets a factor")
    if any(value.unit.is_rate and value.unit.is_known for value in values):
        return Judgement(Conclusion.ABSOLUTE, None, group)
    first = real(values[0])
    if first is not None and 0 < abs(first) < LARGEST_PLAUSIBLE_RATE:
        return Judgement(Conclusion.ABSOLUTE, None, group)
    if first is None or not all(value.unit.is_factor and value.unit.is_known for value in values):
        return Judgement(Conclusion.UNKNOWN, None, group, reason="neither its unit nor its numbers are known")
    known = [number for number in map(real, values) if number is not None]
    falls = any(value.varies for value in values) and (len(known) < len(values) or min(known) < first)
    if abs(first - 1) > _ABOUT_ONE or max(known) > 1 + _ABOUT_ONE or not falls:
        return Judgement(Conclusion.UNKNOWN, None, group, reason="its numbers may be rates as well as factors")
    second = next(
        (number for sample, number in zip(points[1:], map(real, values[1:]), strict=True) if sample.time == 1), None
    )
    if second is not None and second < _GENTLE_DROP:
        return Judgement(Conclusion.UNKNOWN, None, group, reason="step sizes such as 1 / t are rates as well")
    if _is_relative(group):
        return Judgement(Conclusion.RELATIVE_BASE, None, group)
    proved = real(group.lr) is not None and all(
        value.number is not None and value.basis is Basis.PROVED and value.unit.strength is Strength.CERTAIN
        for value in (*values, group.lr.with_unit(values[0].unit))
    )
    confidence = Confidence.CERTAIN if proved else Confidence.LIKELY
    return Judgement(Conclusion.FACTOR_AS_RATE, confidence, group, values[0], points[0].place)


def _agreed_on_rate(judgements: Sequence[Judgement]) -> Judgement:
    """One judgement over all worlds: that a factor is returned has to hold in each."""
    others = [judgement for judgement in judgements if not judgement.contradicts]
    if not others:
        return min(judgements, key=lambda claim: claim.confidence or 0)
    return next((other for other in others if other.conclusion is not Conclusion.UNKNOWN), others[0])


def _within_horizon(points: Sequence[Point]) -> Sequence[Point]:
    """The samples before the schedule ends: an unclamped decay turns negative or complex there and means nothing."""
    for position, sample in enumerate(points):
        number = _value(sample).number
        if isinstance(number, complex) or (number is not None and number < 0):
            return points[:position] or points
    return points


def _number(sample: Point) -> float | None:
    return real(sample.value) if sample.value is not None else None


def _value(sample: Point) -> Quantity:
    if sample.value is None:
        raise ValueError("a sample without a value")
    return sample.value


def _knowledge(sample: Point) -> Strength:
    return _value(sample).unit.strength


def _is_relative(group: GroupRun) -> bool:
    base = real(group.lr)
    return base is not None and base >= LARGEST_PLAUSIBLE_RATE


def _is_fraction(group: GroupRun) -> bool:
    """Whether a group's own lr is a plain factor, whatever its number: ``1.0 * args.head_multiplier``."""
    unit = group.lr.unit
    return group.own and group.settled and unit.is_factor and unit.is_known and real(group.lr) is None


def _judge_rate(group: GroupRun, sample: Point) -> Judgement:
    """Every value returned is a learning rate."""
    value = _value(sample)
    base = real(group.lr)
    same = carries_base(value, group)
    if base == 1 or ((_is_relative(group) or _is_fraction(group)) and not same):
        return Judgement(Conclusion.RELATIVE_BASE, None, group)
    if value.unit.strength is Strength.NONE or (value.unit.strength is Strength.GUESS and not same):
        confidence = Confidence.POSSIBLE
    elif same:
        confidence = Confidence.CERTAIN if value.unit.strength is Strength.CERTAIN else Confidence.LIKELY
    else:
        confidence = _confidence_of_two_names(group, value, base)
    if not group.settled and not _reads_own_group(value, group):
        confidence = Confidence.POSSIBLE
    return Judgement(Conclusion.RATE, confidence, group, value, sample.place)


def _reads_own_group(value: Quantity, group: GroupRun) -> bool:
    """Whether the rate was read from the optimizer itself: then it is the group's, whatever the group was given."""
    return any(is_group_lr(origin.key) for origin in value.origins)


def _confidence_of_two_names(group: GroupRun, value: Quantity, base: float | None) -> Confidence:
    """Two different rates meet: likely a bug, unless the base may be a relative rate."""
    if base is not None:
        may_be_relative = base >= _SMALLEST_RELATIVE_BASE and group.lr.unit.kind is Kind.FREE
        return Confidence.POSSIBLE if may_be_relative else Confidence.LIKELY
    return Confidence.LIKELY if group.lr.unit.is_rate else Confidence.POSSIBLE


def _judge_mixed(group: GroupRun, offender: Quantity, value: Quantity, sample: Point) -> Judgement:
    """One operand is a rate, another is not."""
    if real(group.lr) == 1 or (_is_relative(group) and not carries_base(offender, group)):
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
        confidence = _confidence_of_named_rate(offender, value.clash, real(group.lr))
    return Judgement(Conclusion.MIXED, confidence, group, replace(offender, clash=value.clash), sample.place)


def _confidence_of_named_rate(offender: Quantity, clash: str, base: float | None) -> Confidence:
    """A value that is called a rate, beside a factor: its number must agree with its name."""
    number = real(offender)
    if number is None and clash == "**":
        # A count of drops as exponent leaves no other reading for a rate as the base.
        return Confidence.LIKELY
    if number is None or (base is not None and number > base):
        return Confidence.POSSIBLE
    small = _SURELY_A_RATE if base is None else _LIKELY_A_RATE
    return Confidence.LIKELY if abs(number) <= small else Confidence.POSSIBLE


def _judge_branch(group: GroupRun, sample: Point, telling: Sequence[Point]) -> Judgement:
    """Some of the values returned are rates, others are not."""
    value = _value(sample)
    others = [_value(other) for other in telling if not _value(other).unit.is_rate]
    if all(other.unit.kind is Kind.FREE or not other.unit.is_known for other in others):
        # Bare small literals beside a rate take its unit.
        sizes = [abs(number) for number in map(real, others) if number is not None]
        if not sizes or max(sizes) < LARGEST_PLAUSIBLE_RATE:
            return _judge_rate(group, sample)
    return _judge_mixed(group, value, value, sample)


def _judge_numbers(group: GroupRun, telling: Sequence[Point], meaning: Meaning) -> Judgement:
    """No unit speaks: the numbers do."""
    values = [_value(sample) for sample in telling]
    known = [(sample, number) for sample in telling if (number := _number(sample)) is not None]
    if not known:
        if all(value.unit.is_factor and value.unit.is_known for value in values):
            return Judgement(Conclusion.FACTOR, None, group)
        return Judgement(Conclusion.UNKNOWN, None, group, reason="neither its unit nor its numbers are known")
    sample, peak = max(known, key=lambda pair: abs(pair[1]))
    peak = abs(peak)
    if peak >= LARGEST_PLAUSIBLE_RATE or _is_relative(group):
        return Judgement(Conclusion.FACTOR, None, group)
    if len(known) < len(telling):
        return Judgement(Conclusion.UNKNOWN, None, group, reason="its numbers are known at some times only")
    base = real(group.lr)
    constant = len({number for _, number in known}) == 1
    still_rising = not constant and sample is telling[-1]
    if still_rising or (constant and meaning is Meaning.FACTOR_OF_PREVIOUS):
        return Judgement(Conclusion.FACTOR, None, group)
    basis = max(group.lr.basis, *(value.basis for value in values))
    free = any(value.unit.kind is Kind.FREE for value in values)
    if base is not None and abs(peak - base) <= _SAME_NUMBER * base:
        return _judge_same_number(group, sample, peak, constant, free, basis)
    return _judge_tiny(group, sample, peak, constant, basis)


def _judge_same_number(
    group: GroupRun, sample: Point, peak: float, constant: bool, free: bool, basis: Basis
) -> Judgement:
    """The factor's peak is the very number that the optimizer was given."""
    if (constant or not free) and peak >= _LIKELY_TINY:
        confidence = Confidence.POSSIBLE
    elif constant or not free or basis is not Basis.PROVED or peak >= _SMALLEST_RELATIVE_BASE:
        confidence = Confidence.LIKELY
    else:
        confidence = Confidence.CERTAIN
    if not group.settled:
        confidence = Confidence.POSSIBLE
    return Judgement(Conclusion.RATE, confidence, group, _value(sample), sample.place)


def _judge_tiny(group: GroupRun, sample: Point, peak: float, constant: bool, basis: Basis) -> Judgement:
    """The factor never comes near 1, and is no number that the optimizer was given."""
    base = real(group.lr)
    if peak > _LIKELY_TINY:
        return Judgement(Conclusion.UNKNOWN, None, group, reason=f"its factor peaks at {peak:.3g}")
    if base is None or not group.settled or basis is not Basis.PROVED or base >= _SMALLEST_RELATIVE_BASE:
        confidence = Confidence.POSSIBLE
    elif constant or peak > _SURELY_TINY:
        confidence = Confidence.LIKELY if peak <= _SURELY_TINY else Confidence.POSSIBLE
    else:
        confidence = Confidence.CERTAIN
    return Judgement(Conclusion.TINY, confidence, group, _value(sample), sample.place)


def judge(exploration: Runs, meaning: Meaning) -> list[Judgement]:
    """Brings the judgements of all worlds together: one per group position, weakened where worlds disagree."""
    if meaning is Meaning.RATE:
        columns = histories(exploration)
        return [_agreed_on_rate([_judge_absolute(group) for group in history]) for history in columns]
    judgements = [_agreed([judge_group(group, meaning) for group in history]) for history in histories(exploration)]
    if any(judgement.conclusion is Conclusion.RELATIVE_BASE for judgement in judgements):
        # Beside a group with an lr of 1, other bare numbers are relative rates too: 0.1 for the backbone.
        return [_relative(judgement) if judgement.group.own else judgement for judgement in judgements]
    if any(judgement.conclusion is Conclusion.FACTOR for judgement in judgements):
        # Beside a callable that is a factor, small numbers alone are a small factor.
        return [_doubted(judgement) for judgement in judgements]
    return judgements


def _relative(judgement: Judgement) -> Judgement:
    bare = judgement.conclusion is Conclusion.RATE and judgement.group.lr.unit.kind is Kind.FREE
    return replace(judgement, conclusion=Conclusion.RELATIVE_BASE, confidence=None) if bare else judgement


def _doubted(judgement: Judgement) -> Judgement:
    by_numbers = judgement.culprit is not None and not judgement.culprit.origins
    return replace(judgement, confidence=Confidence.POSSIBLE) if judgement.contradicts and by_numbers else judgement


def histories(exploration: Runs) -> list[list[GroupRun]]:
    """For each param group, by position, what it does in each world that has it."""
    columns: list[list[GroupRun]] = []
    for run in exploration.runs:
        for position, group in enumerate(run.groups):
            while len(columns) <= position:
                columns.append([])
            columns[position].append(group)
    return columns


def _agreed(judgements: Sequence[Judgement]) -> Judgement:
    """One judgement for one group over all worlds."""
    told = [judgement for judgement in judgements if judgement.conclusion is not Conclusion.UNKNOWN]
    if not told:
        return judgements[0]
    claims = [judgement for judgement in told if judgement.contradicts]
    if not claims:
        return told[0]
    strongest = max(claims, key=lambda claim: (claim.confidence or 0, claim.conclusion is Conclusion.RATE))
    weakest = min(claims, key=lambda claim: claim.confidence or 0)
    if any(judgement.conclusion is Conclusion.UNKNOWN and _is_relative(judgement.group) for judgement in judgements):
        # What is not known there may be a rate, and then rightly so.
        return _with_confidence(strongest, Confidence.POSSIBLE)
    if len(claims) == len(told):
        if {claim.conclusion for claim in claims} == {strongest.conclusion}:
            return _with_confidence(strongest, weakest.confidence)
        return strongest
    if any(judgement.conclusion is Conclusion.RELATIVE_BASE for judgement in told):
        return _with_confidence(strongest, Confidence.POSSIBLE)
    return _one_path_only(strongest)


def _one_path_only(claim: Judgement) -> Judgement:
    """In some worlds the schedule is a factor, in others not: one path of it is wrong."""
    if claim.conclusion is Conclusion.TINY:
        return _with_confidence(claim, Confidence.POSSIBLE)
    confidence = min(claim.confidence or Confidence.POSSIBLE, Confidence.LIKELY)
    return replace(claim, conclusion=Conclusion.MIXED, confidence=confidence)


def _with_confidence(claim: Judgement, confidence: Confidence | None) -> Judgement:
    return replace(claim, confidence=confidence)
