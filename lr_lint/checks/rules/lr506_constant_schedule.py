"""LR506: the training is over before the schedule changes."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence

# A run of fewer steps shows that a program works, and trains nothing.
_SHORTEST_TRAINING = 5


def _check(site: SiteFacts) -> Iterator[Finding]:
    timing = site.timing
    steps = timing.steps
    if steps is None or steps < _SHORTEST_TRAINING or not _speaks_of(site):
        return
    found = next(curves_that(lambda curve: _changes_later(curve, steps) is not None, site), None)
    if found is not None:
        curve, numbers = found
        changes = _changes_later(curve, steps)
        yield Finding(
            RULE,
            site,
            f"is {curve.factors.real[0][1]:g} at all {steps:g} {timing.clock.unit.plural} of the training, and would "
            f"change first at step {changes}: the schedule does nothing",
            Confidence.CERTAIN
            if curve.proved and timing.lasts is not None and timing.lasts.is_proved
            else Confidence.LIKELY,
            curve.place,
            numbers=numbers,
        )


def _speaks_of(site: SiteFacts) -> bool:
    """Whether a constant would be no schedule, and nothing else is wrong that makes it one."""
    if site.contract.meaning is Meaning.FACTOR_OF_PREVIOUS or site.timing.claims:
        return False
    return not any(judgement.contradicts for judgement in site.judgements)


def _changes_later(curve: FactorCurve, steps: float) -> int | None:
    """When a factor changes first that is one number above 0 until a training is over; None where it is none.

    What never changes, as far as it is sampled, may be meant: a group whose rate stays.
    """
    known = curve.factors.real
    first = known[0][1] if known else 0.0
    if not (curve.written and curve.lasting) or first <= 0:
        return None
    changes = next((time for time, factor in known if factor != first), None)
    return changes if changes is not None and changes >= steps else None


RULE = Rule(
    code="LR506",
    name="constant-schedule",
    summary="the callable uses its argument, yet never changes over the training that the code describes",
    default=True,
    check=_check,
)
