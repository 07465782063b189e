"""What a construction comes to, as plain data: the numbers of its schedule, its time, and whether it fits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lr_lint.checks.examination import Examination
from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.returned_numbers import until_the_end
from lr_lint.checks.rates import rates_meant, rates_set
from lr_lint.checks.verdicts import verdict_of
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.semantics.worlds.runs import Point, Run
from lr_lint.timing.claims import Timing
from lr_lint.vocabulary.quantities import Quantity, real, told
from lr_lint.vocabulary.site_records import CountedTime, GroupCurve, GroupRate, Schedule, SiteVerdict
from lr_lint.vocabulary.units import Kind

# More epochs than these are not listed.
_MOST_EPOCHS = 1_000
_UNITS = {
    Conclusion.FACTOR: "factor",
    Conclusion.ABSOLUTE: "rate",
    Conclusion.FACTOR_AS_RATE: "factor",
    Conclusion.RATE: "rate",
    Conclusion.RELATIVE_BASE: "rate",
    Conclusion.MIXED: "mixed",
}


def schedule_of(examination: Examination) -> Schedule:
    """The schedule of a construction."""
    runs = examination.runs.runs
    groups = runs[0].groups if runs else []
    sampled = until_the_end(groups[0].points) if groups else []
    factors = _known_numbers(examination, 0, sampled)
    known = [factor for factor in factors.values() if factor is not None]
    verdict, reason = verdict_of(examination)
    by_group = tuple(_group_curve(examination, position, verdict) for position in range(len(groups)))
    curve = by_group[0].returned if by_group else ()
    timing = examination.facts.timing
    return Schedule(
        clock=CountedTime(timing.clock.unit.value, timing.clock.source),
        horizon=_horizon(timing),
        epochs=_by_epoch(timing, curve),
        training=(timing.epochs, timing.steps) if timing.epochs and timing.steps else None,
        has_callable=examination.construction.contract.callable is not None,
        groups=tuple(GroupRate(told(group.lr), _spelling(group.lr)) for group in groups),
        by_group=by_group,
        unit=_unit(examination.facts.judgements),
        first_factor=factors[sampled[0].time] if sampled else None,
        peak_factor=max(known) if known and len(known) == len(factors) else None,
        curve=curve,
        verdict=verdict,
        reason=reason,
        assumed=() if all(point.is_written for point in _until_the_run_ends(sampled)) else _assumed_in(runs[0]),
        is_only=all(_unless_denied(factor, time, runs) is not None for time, factor in curve),
    )


def _known_numbers(examination: Examination, position: int, points: Sequence[Point]) -> dict[int, float | None]:
    """What is returned for a group at some times; None where it is not known, or another world gives another."""
    factors = {point.time: _number(point.value) for point in points}
    if examination.leaves_numbers_open:
        return dict.fromkeys(factors)
    if not examination.runs.forgot:
        return factors
    return {time: _unless_denied(factor, time, examination.runs.runs, position) for time, factor in factors.items()}


def _group_curve(examination: Examination, position: int, verdict: SiteVerdict) -> GroupCurve:
    """The schedule of a group in the first world, with what was meant where it is another one than that."""
    group = examination.runs.runs[0].groups[position]
    sampled = until_the_end(group.points)
    factors = _known_numbers(examination, position, sampled)
    points = _until_the_run_ends(sampled)
    curve = tuple((point.time, factor) for point in points if (factor := factors[point.time]) is not None)
    meaning, lr = examination.construction.contract.meaning, told(group.lr)
    judgement = examination.facts.judgements[position]
    contradicts = verdict is SiteVerdict.CONTRADICTS and judgement.contradicts
    meant = rates_meant(meaning, judgement.conclusion, lr, curve) if contradicts else ()
    return GroupCurve(curve, rates_set(meaning, lr, curve), meant)


def _assumed_in(run: Run) -> tuple[tuple[str, int], ...]:
    """The counts that a run has assumed, by their names."""
    return () if run.world is None else tuple(sorted(run.world.assumptions.counted.items()))


def _horizon(timing: Timing) -> CountedTime | None:
    horizon = timing.horizon
    if horizon is None:
        return None
    return CountedTime(horizon.unit.value, horizon.source, horizon.value, horizon.evidence.value)


def _by_epoch(timing: Timing, curve: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...] | None:
    """The factors with which the epochs of the training begin, those of them that are known."""
    if not timing.epochs or timing.steps is None or not curve:
        return None
    each = timing.steps / timing.epochs
    known = dict(curve)
    epochs = [(epoch, known.get(round(epoch * each))) for epoch in range(min(int(timing.epochs), _MOST_EPOCHS))]
    return tuple((epoch, factor) for epoch, factor in epochs if factor is not None)


def _unless_denied(factor: float | None, time: int, runs: Sequence[Run], position: int = 0) -> float | None:
    """A factor, where no other world gives another: which of them is the program's own may not be known."""
    others = (run.groups[position].points for run in runs[1:] if len(run.groups) > position)
    denied = (_number(point.value) for points in others for point in points if point.time == time)
    return factor if all(number is None or number == factor for number in denied) else None


def _number(value: Quantity | None) -> float | None:
    """The number of a quantity, where it is real and finite."""
    number = None if value is None else real(value)
    return number if number is not None and math.isfinite(number) else None


def _spelling(lr: Quantity) -> str:
    """How the code spells a group's lr."""
    text = lr.origins[0].text if lr.origins else lr.name
    number = _number(lr)
    return text if text or number is None else f"{number:g}"


def _until_the_run_ends(points: Sequence[Point]) -> Sequence[Point]:
    """The points up to where the run ends: at its assumed length, or at the last count that the code itself names."""
    end = max(ASSUMED_COUNTS[0].horizon, _last_breakpoint(points))
    return [point for point in points if point.time <= end]


def _last_breakpoint(points: Sequence[Point]) -> int:
    """The last time that was run together with those right before and after it, as every breakpoint is."""
    times = {point.time for point in points}
    return max((time for time in times if {time - 1, time + 1} <= times), default=0)


def _unit(judgements: Sequence[Judgement]) -> str:
    """The unit that was concluded (of the group that decides), else the one that the values have by themselves."""
    if not judgements:
        return "unknown"
    judgement = next((judgement for judgement in judgements if judgement.contradicts), judgements[0])
    if judgement.conclusion in _UNITS:
        return _UNITS[judgement.conclusion]
    units = [point.value.unit for point in judgement.group.points if point.value is not None]
    if units and all(unit.is_factor and unit.is_known for unit in units):
        return "factor"
    return "free" if units and all(unit.kind is Kind.FREE for unit in units) else "unknown"
