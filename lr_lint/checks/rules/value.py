"""LR201 to LR205: what the factor does over time, whatever its unit."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lr_lint.checks.rules.base import Rule, Verdict
from lr_lint.checks.verdicts import Conclusion, Judgement, SiteFacts, real
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.explore import GroupRun, Point
    from lr_lint.vocabulary.diagnostics import Numbers

_ARITHMETIC = frozenset({"ZeroDivisionError", "OverflowError", "ValueError"})
# Fewer numbers than this say nothing about a shape.
_FEWEST_POINTS = 8
# A zero at the first steps is a warm-up's; from here on it is a plateau.
_SHORTEST_PLATEAU = 3
# The slopes between which a factor grows as the step does, and the times that count as early.
_STEEP, _STEEPEST = 0.6, 1e6
_EARLY = 5
_ABOUT_ONE = 0.01
# An lr below this may be a part of one, that a warm-up adds at every step.
_RATE_OF_ONE_STEP = 1e-5
_WHAT = {Meaning.FACTOR_OF_INITIAL: "initial lr", Meaning.FACTOR_OF_PREVIOUS: "previous lr"}


def _check_undefined_at_start(site: SiteFacts) -> Iterator[Verdict]:
    for history in site.histories:
        raised = [_raised_at_start(group, site) for group in history]
        first = raised[0] if raised else None
        if first is not None and first.raised is not None and None not in raised:
            kind = first.raised[0]
            yield Verdict(
                f"raises {kind} at step {first.time}, where {site.contract.short_name} evaluates it during "
                "construction: the scheduler cannot be built",
                Confidence.CERTAIN,
                first.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _raised_at_start(group: GroupRun, site: SiteFacts) -> Point | None:
    """The first sample, where it raises an arithmetic error that no setting can avoid."""
    start = next((sample for sample in group.points if sample.time == site.contract.first_time), None)
    if start is None or start.raised is None or not site.contract.eager:
        return None
    kind, basis = start.raised
    return start if kind in _ARITHMETIC and basis is Basis.PROVED else None


UNDEFINED_AT_START = Rule(
    code="LR201",
    name="undefined-at-start",
    summary="the callable raises at step 0, where the scheduler evaluates it during construction",
    docs="""\
## What it does

Finds callables whose arithmetic fails at step 0: `1 / epoch`, `step ** -0.5`.

## Why is this bad

`LambdaLR` evaluates the callable at 0 in its constructor, so the program stops there, often after the data was loaded
and the model built. `MultiplicativeLR` never evaluates it at 0.

## Fix safety

There is no automatic fix: shifting the index by one changes every later rate as well.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 1 / epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 1 / (epoch + 1))
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the error does not depend on any setting",
    default=True,
    check=_check_undefined_at_start,
)


@dataclass(frozen=True, slots=True)
class _Curve:
    """A factor over time, known at every sampled time.

    Attributes:
        points: times and factors, in order of time.
        proved: whether the numbers rest on the code alone.
        places: how many returned expressions give them.
        bounded: whether the time is compared with something or divided by it: a length that may well end the schedule.
        place: the one that gives the last.
    """

    points: Sequence[tuple[int, float]]
    proved: bool
    places: int
    bounded: bool
    place: Any

    @property
    def rises(self) -> bool:
        """Whether it never falls, and is still rising at the last times."""
        factors = [factor for _, factor in self.points]
        return factors[-1] > factors[-2] and all(now <= later for now, later in itertools.pairwise(factors))


def _curve(group: GroupRun) -> _Curve | None:
    """The numbers of one group; None where some are not known or not real."""
    values = [sample.value for sample in group.points if sample.value is not None]
    factors = [real(value) for value in values]
    if len(values) < _FEWEST_POINTS or len(values) < len(group.points) or None in factors:
        return None
    points = [(sample.time, factor) for sample, factor in zip(group.points, factors, strict=True) if factor is not None]
    places = {id(sample.place.node) for sample in group.points if sample.place is not None}
    proved = all(value.basis is Basis.PROVED for value in values)
    return _Curve(points, proved, len(places), bool(group.breakpoints), group.points[-1].place)


def _curves_that(holds: Callable[[_Curve], bool], site: SiteFacts) -> Iterator[tuple[_Curve, Numbers]]:
    """The first curve of each param group of which something holds in all worlds."""
    for history in site.histories:
        curves = [_curve(group) for group in history]
        known = [curve for curve in curves if curve is not None]
        if known and len(known) == len(curves) and all(map(holds, known)):
            yield known[0], Judgement(Conclusion.UNKNOWN, None, history[0]).numbers


def _surety(curve: _Curve) -> Confidence:
    return Confidence.CERTAIN if curve.proved else Confidence.LIKELY


def _is_zero_plateau(curve: _Curve) -> bool:
    """Whether one expression climbs in steps from zero without bound, as ``epoch // 30`` does.

    A branch that is zero freezes the group on purpose, and so does a ramp that begins late.
    """
    zeros = [time for time, factor in curve.points if factor == 0]
    rest = [factor for _, factor in curve.points if factor != 0]
    if len(zeros) < 2 or not rest or curve.places > 1 or not curve.rises or curve.points[0][1] != 0:
        return False
    stays = any(now == later for now, later in itertools.pairwise(rest))
    return zeros[-1] >= _SHORTEST_PLATEAU and stays and rest[-1] > 1


def _check_zero_plateau(site: SiteFacts) -> Iterator[Verdict]:
    for curve, numbers in itertools.islice(_curves_that(_is_zero_plateau, site), 1):
        until, value = next((time, factor) for time, factor in curve.points if factor != 0)
        yield Verdict(
            f"returns 0 until step {until}, where it begins to grow ({value:g}, ...): {site.optimizer} learns nothing "
            "until then",
            _surety(curve),
            curve.place,
            numbers=numbers,
        )


ZERO_PLATEAU = Rule(
    code="LR202",
    name="zero-plateau",
    summary="the factor is exactly 0 over a stretch at the start and grows later: `epoch // 30`",
    docs="""\
## What it does

Finds factors that climb in steps and begin with a step of zeros, as `epoch // 30` does: 0 for 30 epochs, then 1, 2, 3.

## Why is this bad

A factor of 0 is a learning rate of 0: the first epochs train nothing. What is meant is nearly always a decay whose
exponent is that quotient, `0.1 ** (epoch // 30)`.

A decay to 0 at the end, the single zero of a warm-up, a group that is frozen at first by a branch of its own, and a
ramp that begins late are not reported.

## Fix safety

There is no automatic fix: the base of the decay cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: epoch // 30)
for epoch in range(100):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.1 ** (epoch // 30))
for epoch in range(100):
    optimizer.step()
    scheduler.step()
""",
    certain="all numbers follow from the code",
    likely="something had to be assumed",
    default=True,
    check=_check_zero_plateau,
)


def _is_growing(curve: _Curve) -> bool:
    """Whether one expression grows about as fast as the time itself.

    What grows slower may be a warm-up that another scheduler ends; what grows much faster searches for a rate.
    """
    first, last = curve.points[-2], curve.points[-1]
    early = [factor / time for time, factor in curve.points if 2 <= time <= _EARLY]
    if curve.places > 1 or curve.bounded or not curve.proved or not curve.rises or not early or min(early) < _STEEP:
        return False
    slope = (last[1] - first[1]) / (last[0] - first[0])
    return _STEEP <= slope <= _STEEPEST


def _check_growing(site: SiteFacts) -> Iterator[Verdict]:
    if any(judgement.contradicts for judgement in site.judgements):
        return
    for curve, numbers in itertools.islice(_curves_that(_is_growing, site), 1):
        if numbers.initial_lr is not None and numbers.initial_lr < _RATE_OF_ONE_STEP:
            # The lr may well be what one step adds.
            return
        shown = ", ".join(f"{factor:.3g}" for _, factor in curve.points[1:4])
        yield Verdict(
            f"grows with every step and without bound ({shown}, ...): {site.contract.short_name} multiplies the "
            f"{_WHAT[site.contract.meaning]} by it",
            _surety(curve),
            curve.place,
            numbers=numbers,
        )


GROWING_FACTOR = Rule(
    code="LR203",
    name="growing-factor",
    summary="the factor grows far above 1 without bound: `0.95 * step`",
    docs="""\
## What it does

Finds factors that grow about as fast as the step itself, for ever: `0.95 * step`, `epoch + 1`.

## Why is this bad

The rate is soon many times the one that the optimizer was given, and training diverges. `0.95 ** step` is meant where
`0.95 * step` is written.

Warm-ups (`step / 1000`, `min(1, ...)`), piecewise and one-cycle shapes, restarts, searches for a rate (`1.1 ** step`),
and whatever depends on a length that is not known are not reported.

## Fix safety

There is no automatic fix: which decay was meant cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda step: 0.95 * step)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda step: 0.95**step)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="all numbers follow from the code",
    default=True,
    check=_check_growing,
)


def _check_negative(site: SiteFacts) -> Iterator[Verdict]:
    for history in site.histories:
        found = [_first_negative(group) for group in history]
        first = found[0] if found else None
        if first is not None and None not in found:
            value = first.value.number if first.value is not None else None
            kind = "complex" if isinstance(value, complex) else "negative"
            yield Verdict(
                f"becomes {kind} by step {first.time}: should the scheduler be stepped that far, training goes uphill "
                "or stops with an error; clamp it at 0",
                Confidence.LIKELY,
                first.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _first_negative(group: GroupRun) -> Point | None:
    for sample in group.points:
        number = None if sample.value is None else sample.value.number
        if isinstance(number, complex) or (number is not None and number < 0):
            return sample
    return None


NEGATIVE_FACTOR = Rule(
    code="LR204",
    name="negative-factor",
    summary="the factor turns negative or complex past the end of the schedule, since nothing clamps it",
    docs="""\
## What it does

Finds factors without a lower bound, such as `1 - epoch / total` and `(1 - epoch / total) ** 0.9`.

## Why is this bad

Past the end the first is negative, so the optimizer climbs, and the second is a complex number, so it raises an error
or worse. A program that stops in time never gets there: the rule is off by default, since nobody can see from the code
alone how far a scheduler is stepped.

## Fix safety

There is no automatic fix: `max(0.0, ...)` is what is missing as a rule.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 1 - epoch / 10)
for epoch in range(20):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: max(0.0, 1 - epoch / 10))
for epoch in range(20):
    optimizer.step()
    scheduler.step()
""",
    likely="the code alone cannot tell how far the scheduler is stepped",
    default=False,
    check=_check_negative,
)


def _starts_elsewhere(curve: _Curve) -> bool:
    """Whether a factor starts away from 1 and never comes back to it, as a warm-up does."""
    first = curve.points[0][1]
    peak = max(factor for _, factor in curve.points)
    return first > 0 and abs(first - 1) > _ABOUT_ONE and peak <= first


def _check_first_factor(site: SiteFacts) -> Iterator[Verdict]:
    # Beside a callable that returns rates, or a base of 1, a first factor of 1 is not what anybody wants.
    fits = all(judgement.conclusion in (Conclusion.FACTOR, Conclusion.UNKNOWN) for judgement in site.judgements)
    if site.contract.meaning is not Meaning.FACTOR_OF_INITIAL or not fits:
        return
    for curve, numbers in itertools.islice(_curves_that(_starts_elsewhere, site), 1):
        yield Verdict(
            f"starts at {curve.points[0][1]:g} and never rises above that: {site.optimizer} never uses the lr that it "
            "was given",
            _surety(curve),
            curve.place,
            numbers=numbers,
        )


FIRST_FACTOR_NOT_ONE = Rule(
    code="LR205",
    name="first-factor-not-one",
    summary="the factor does not start at about 1, and no warm-up explains it",
    docs="""\
## What it does

Finds factors that start away from 1 and only fall from there, such as `0.5 * 0.9 ** epoch`.

## Why is this bad

The lr that the optimizer was given is then used at no time, which surprises whoever reads or tunes it. It is often
wanted, for a param group that shall learn more slowly: the rule is off by default.

## Fix safety

There is no automatic fix: whether the factor or the lr is to change cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.5 * 0.9**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
scheduler = LambdaLR(optimizer, lambda epoch: 0.9**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="all numbers follow from the code",
    likely="something had to be assumed",
    default=False,
    check=_check_first_factor,
)

VALUE_RULES = (UNDEFINED_AT_START, ZERO_PLATEAU, GROWING_FACTOR, NEGATIVE_FACTOR, FIRST_FACTOR_NOT_ONE)
