"""LR506: the training is over before the schedule changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that, surety
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence

# A run of fewer steps shows what a schedule does, or that a program works, and trains nothing.
_SHORTEST_TRAINING = 15


def _check(site: SiteFacts) -> Iterator[Finding]:
    timing = site.timing
    steps = timing.steps
    if steps is None or steps < _SHORTEST_TRAINING or not _speaks_of(site):
        return
    from lr_lint.checks.facts.demonstrations import is_shown_only

    for curve, numbers in itertools.islice(curves_that(lambda curve: _is_constant(curve, steps), site), 1):
        if is_shown_only(timing.clock.step):
            return
        ends = timing.lasts is not None and timing.lasts.is_proved
        yield Finding(
            RULE,
            site,
            f"is {curve.factors.real[0][1]:g} at all {steps:g} {timing.clock.unit.plural} of the training, and would "
            f"change first at step {_first_change(curve)}: the schedule does nothing",
            surety(curve) if ends else Confidence.LIKELY,
            curve.place,
            numbers=numbers,
        )


def _speaks_of(site: SiteFacts) -> bool:
    """Whether a training would have no schedule by a constant one, and nothing else is wrong that makes it one."""
    if site.contract.meaning is Meaning.FACTOR_OF_PREVIOUS or site.timing.claims:
        return False
    return not any(judgement.contradicts for judgement in site.judgements)


def _is_constant(curve: FactorCurve, steps: float) -> bool:
    """Whether a factor is one number above 0 until a training is over, and another one later.

    What never changes, as far as it is sampled, may be meant: a group whose rate stays.
    """
    changes = _first_change(curve)
    changes_later = changes is not None and changes >= steps
    return changes_later and curve.written and curve.lasting and curve.factors.real[0][1] > 0


def _first_change(curve: FactorCurve) -> int | None:
    """The first time at which a factor is not what it is at the start; None where it always is, or is no rate."""
    known = curve.factors.real
    return next((time for time, factor in known if factor != known[0][1]), None)


RULE = Rule(
    code="LR506",
    name="constant-schedule",
    summary="the callable uses its argument, yet never changes over the training that the code describes",
    default=True,
    check=_check,
    said_of=SaidOf.RETURNED,
)
