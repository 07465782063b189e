"""The account of a schedule's time: how often it is stepped, what that is measured against, and whether the two fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Trail
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.routes import routes_to
from lr_lint.project.knowledge import ENGINE_MAKERS
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import dotted_name
from lr_lint.timing.accelerators import wrapped_in
from lr_lint.timing.arguments import counting_steps, explicit_clock
from lr_lint.timing.claims import Claim, ClockUnit, HorizonEvidence, Lasting, Mismatch, StepClock, Timing
from lr_lint.timing.comparison import Comparison
from lr_lint.timing.counts import counted_on
from lr_lint.timing.horizons import Mark, beside, is_bare, marks_of, spelled_marks
from lr_lint.timing.inference import inferred
from lr_lint.timing.measures import Measure
from lr_lint.timing.reading import way_of
from lr_lint.timing.trainers import Trained, trained_by
from lr_lint.timing.ways import Way, units_of_attributes
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Quantity

# What is stepped in more places than this has no account: each of them is compared with the others.
_MOST_STEPS = 100
_TOO_MANY = "it is stepped in too many places"
# Why nothing is known of what nobody steps.
NOBODY = "nothing steps it in sight"


def timing_of(life: Life, seen: Sequence[Quantity] = (), ratio: float | None = None) -> Timing:
    """The account of one schedule's time.

    Args:
        life: what becomes of it.
        seen: what its callable was seen to compare its time with.
        ratio: what its callable multiplies the rate by with each step, where that is one number.
    """
    if is_bare(life.construction):
        # Bare numbers say nothing where nobody knows what steps them.
        told = _timing(life.by_names, life.names, (), ratio)
        if told.clock.unit is ClockUnit.UNKNOWN:
            return told
    return _timing(life.scheduler, life.evaluator, seen, ratio)


def _timing(trail: Trail, evaluator: Evaluator, seen: Sequence[Quantity], ratio: float | None) -> Timing:
    construction = evaluator.construction
    trained = trained_by(trail, evaluator)
    if trained is None and (trail.lost or not trail.steps):
        return _unknown(trail.lost or NOBODY, spelled_marks(construction))
    # What holds on the way to the construction holds for all that follows.
    if not evaluator.blind and evaluator.frame is None:
        return _unknown("the code before its construction could not be followed", spelled_marks(construction))
    marks = spelled_marks(construction) if evaluator.blind else marks_of(construction, evaluator, seen, ratio)
    if trained is not None:
        return _by_a_trainer(construction, trained, marks, evaluator)
    moving = counting_steps(trail.steps, construction, evaluator)
    if len(moving) > _MOST_STEPS:
        return _unknown(_TOO_MANY, marks)
    routes = [route for step in moving for route in routes_to(step, trail, evaluator)]
    ways = [way for way in (way_of(route, construction.contract, evaluator) for route in routes) if not way.dead]
    if not ways:
        return _unknown(NOBODY, marks)
    return _by_its_user(construction, ways, marks, trail, evaluator)


def _unknown(reason: str, marks: Sequence[Mark] = ()) -> Timing:
    return Timing(StepClock(ClockUnit.UNKNOWN, reason), Measure(marks).horizon())


def _by_a_trainer(construction: Construction, trained: Trained, marks: Sequence[Mark], evaluator: Evaluator) -> Timing:
    clock = trained.clock
    if clock.unit is ClockUnit.UNKNOWN:
        return _unknown(clock.source, marks)
    units = inferred([*(mark.path for mark in marks), *beside(construction, evaluator)], trained.units)
    comparison = Comparison(construction, clock, marks, units, trained.counted, by_interval=trained.by_interval)
    claims = tuple(comparison.claims())
    horizon = Measure(marks, units, clock.unit, trained.counted).horizon()
    counts_epochs = horizon is not None and horizon.evidence is HorizonEvidence.CODE and horizon.unit is ClockUnit.EPOCH
    if trained.misplaced is not None and not counts_epochs:
        claims = (Claim(Mismatch.INTERVAL, Confidence.CERTAIN, "", trained.misplaced, misplaced=True),)
    return Timing(clock, horizon, claims, trained.counted.epochs, trained.counted.steps(clock.unit))


def _by_its_user(
    construction: Construction, ways: Sequence[Way], marks: Sequence[Mark], trail: Trail, evaluator: Evaluator
) -> Timing:
    wrapped = wrapped_in(trail, evaluator)
    for way in ways:
        way.updates = way.synchronised or (way.accumulates and wrapped is not None)
    clocks = [explicit_clock(way, construction.contract) or _clock_of(way) for way in ways]
    if len({clock.unit for clock in clocks}) > 1:
        reason = next((way.reason for way in ways if way.reason), "two places that step it disagree")
        return _unknown(reason, marks)
    clock, way = clocks[0], ways[0]
    if clock.unit is ClockUnit.UNKNOWN:
        return _unknown(clock.source, marks)
    known = {
        **way.units(),
        **units_of_attributes(way, construction, evaluator),
        **({} if wrapped is None else wrapped.units),
    }
    units = inferred([*way.totals(), *(mark.path for mark in marks), *beside(construction, evaluator)], known)
    counted = counted_on(way)
    if way.updates and wrapped is not None:
        counted = replace(counted, every=wrapped.every)
    if way.guarded:
        # How many batches make an update is not known, nor that there are several.
        counted = replace(counted, every=1.0, group=1.0, batches=None)
    once = way.flat is None and (way.batches is None or way.batches.number == 1 or way.batches.cut)
    nested = way.epochs is not None and way.batches is not None and clock.unit is not ClockUnit.FRACTION
    comparison = Comparison(construction, clock, marks, units, counted, way.partial, once, nested=nested)
    claims = tuple(comparison.claims()) if len(ways) == 1 or _agree(ways) else ()
    if any(each.optional for each in ways):
        clock = replace(clock, optional=True)
        # The same condition may decide what the schedule is made for.
        claims = tuple(replace(claim, confidence=Confidence.POSSIBLE) for claim in claims)
    steps = counted.steps(clock.unit)
    whole = way.whole and len(ways) == 1 and not trail.altered
    lasts = Lasting(steps, way.basis) if whole and steps is not None else None
    horizon = Measure(marks, units, clock.unit, counted).horizon()
    return Timing(clock, horizon, claims, counted.epochs, steps, lasts)


def _clock_of(way: Way) -> StepClock:
    step = way.route.step
    place, engine = Anchor(step.module, step.call), step.via is not None and dotted_name(step.via.func) in ENGINE_MAKERS
    if way.reason:
        return StepClock(ClockUnit.UNKNOWN, way.reason)
    if way.is_per_batch:
        if way.guarded:
            return StepClock(ClockUnit.UPDATE, "an update, whenever there is one", place, shared=engine)
        if way.every is not None or way.updates:
            return StepClock(ClockUnit.UPDATE, "one of so many turns of a loop over batches", place, shared=engine)
        return StepClock(ClockUnit.BATCH, "a loop over batches", place, shared=engine)
    return StepClock(ClockUnit.EPOCH, "a loop over epochs", place, shared=engine)


def _agree(ways: Sequence[Way]) -> bool:
    """Whether several ways lead through the same loops, as two branches of one condition do."""
    first = ways[0]
    return all(
        way.epochs == first.epochs and way.batches == first.batches and (way.every is None) is (first.every is None)
        for way in ways
    )
