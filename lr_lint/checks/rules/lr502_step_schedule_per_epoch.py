"""LR502: a schedule that counts batches or updates is stepped once per epoch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import partial

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that
from lr_lint.checks.rules.time_claims import STEPPED, counted_in, findings_of, named
from lr_lint.timing.claims import Claim, ClockUnit, Mismatch, is_long_for
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence

# A rise of which a training sees less than this has not begun.
_MERE_BEGINNING = 0.2


def _check(site: SiteFacts) -> Iterator[Finding]:
    yield from findings_of(site, RULE, Mismatch.BATCHES_PER_EPOCH, _told)
    timing = site.timing
    counts_epochs = timing.clock.unit is ClockUnit.EPOCH and timing.lasts is not None and not timing.claims
    if counts_epochs and timing.lasts is not None and site.contract.meaning is Meaning.FACTOR_OF_INITIAL:
        yield from _rises_for_too_long(site, timing.lasts.steps)


def _rises_for_too_long(site: SiteFacts, epochs: float) -> Iterator[Finding]:
    """A warm-up that the training hardly begins: no epochs can be meant."""
    hardly = partial(_hardly_begins, epochs=epochs)
    for curve, numbers in itertools.islice(curves_that(hardly, site), 1):
        top, peak = max(curve.factors.real, key=lambda point: point[1])
        yield Finding(
            RULE,
            site,
            f"is at most {_reached(curve, epochs):.2g} in all {epochs:g} epochs of the training, and would be {peak:g} "
            f"at step {top}: {{place}} steps the schedule once per epoch, and batches or updates are counted",
            Confidence.LIKELY,
            curve.place,
            numbers=numbers,
            mentioned=site.timing.clock.step,
            unfixable="what counts the steps of the warm-up cannot be told from its number",
        )


def _hardly_begins(curve: FactorCurve, epochs: float) -> bool:
    """Whether a factor rises from the start, and only long after the training comes to what it rises to."""
    points = curve.factors.real
    top, peak = max(points, key=lambda point: point[1])
    rise = [factor for time, factor in points if time <= top]
    # What goes on rising comes to no peak that could have been meant.
    ends = top < points[-1][0] and curve.bounded
    if not (curve.written and curve.lasting and ends and is_long_for(top, epochs)):
        return False
    rises = all(now < later for now, later in itertools.pairwise(rise))
    return rises and _reached(curve, epochs) < _MERE_BEGINNING * peak


def _reached(curve: FactorCurve, epochs: float) -> float:
    return max(factor for time, factor in curve.factors.real if time < epochs)


def _told(claim: Claim) -> str:
    number = "" if claim.horizon is None else f"{claim.horizon:g}"
    horizon = f" ({number})" if number not in {"", claim.source} else ""
    steps = f"{claim.epochs:g} steps" if claim.epochs is not None else "one step per epoch"
    return (
        f"{named(claim)}{horizon} counts {counted_in(claim)}, and {{place}} steps the schedule once per epoch: of all "
        f"that it is made for it gets {steps}"
    )


RULE = Rule(
    code="LR502",
    name="step-schedule-per-epoch",
    summary="the horizon counts batches or updates, step() runs once per epoch",
    default=True,
    check=_check,
    meanings=STEPPED,
    remedy="fit-time",
    rests_on=Ground.TEXT,
)
