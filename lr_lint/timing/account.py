"""The account of a schedule's time: how often it is stepped, what that is measured against, and whether the two fit."""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.timing.arguments import explicit_clock
from lr_lint.timing.claims import ClockUnit, StepClock, Timing
from lr_lint.timing.comparison import Comparison, counted_on, horizon_unit
from lr_lint.timing.evaluator import Evaluator
from lr_lint.timing.flow import flow_of
from lr_lint.timing.horizons import Mark, beside, marks_of
from lr_lint.timing.inference import inferred
from lr_lint.timing.routes import routes_to
from lr_lint.timing.ways import Way, way_of
from lr_lint.vocabulary.quantities import Quantity


def timing_of(construction: Construction, seen: Sequence[Quantity] = ()) -> Timing:
    """The account of one schedule's time.

    Args:
        construction: where it is constructed.
        seen: what its callable was seen to compare its time with.
    """
    evaluator = Evaluator(construction)
    if evaluator.frame is None:
        return _unknown("the code before its construction could not be followed")
    marks = marks_of(construction, evaluator, seen)
    flow = flow_of(construction, evaluator)
    if flow.lost:
        return _unknown(flow.lost, marks)
    if not flow.steps:
        return _unknown("nothing steps it in sight", marks)
    ways = [
        way_of(route, construction.contract, evaluator)
        for step in flow.steps
        for route in routes_to(step, flow, evaluator)
    ]
    ways = [way for way in ways if not way.dead]
    if not ways:
        return _unknown("nothing steps it in sight", marks)
    return _judged(construction, ways, marks, evaluator)


def _unknown(reason: str, marks: Sequence[Mark] = ()) -> Timing:
    return Timing(StepClock(ClockUnit.UNKNOWN, reason), horizon_unit(marks, {}))


def _judged(construction: Construction, ways: Sequence[Way], marks: Sequence[Mark], evaluator: Evaluator) -> Timing:
    clocks = [explicit_clock(way, construction.contract) or _clock_of(way) for way in ways]
    reason = next((way.reason for way in ways if way.reason), "")
    if len({clock.unit for clock in clocks}) > 1:
        return _unknown(reason or "two places that step it disagree", marks)
    clock, way = clocks[0], ways[0]
    if clock.unit is ClockUnit.UNKNOWN:
        return _unknown(clock.source, marks)
    units = inferred([*(mark.path for mark in marks), *beside(construction, evaluator)], way.units())
    counted = counted_on(way)
    once = way.batches is not None and (way.batches.number == 1 or way.batches.cut)
    comparison = Comparison(construction, clock, marks, units, counted, way.partial, once or way.batches is None)
    claims = tuple(comparison.claims()) if len(ways) == 1 or _agree(ways) else ()
    steps = counted.steps(clock.unit)
    return Timing(clock, horizon_unit(marks, units), claims, counted.epochs, steps)


def _clock_of(way: Way) -> StepClock:
    place = Anchor(way.route.step.module, way.route.step.call)
    if way.reason:
        return StepClock(ClockUnit.UNKNOWN, way.reason)
    if way.is_per_batch:
        if way.every is not None or way.updates:
            return StepClock(ClockUnit.UPDATE, "one of so many turns of a loop over batches", place)
        return StepClock(ClockUnit.BATCH, "a loop over batches", place)
    return StepClock(ClockUnit.EPOCH, "a loop over epochs", place)


def _agree(ways: Sequence[Way]) -> bool:
    """Whether several ways lead through the same loops, as two branches of one condition do."""
    first = ways[0]
    return all(
        way.epochs == first.epochs and way.batches == first.batches and (way.every is None) is (first.every is None)
        for way in ways
    )
