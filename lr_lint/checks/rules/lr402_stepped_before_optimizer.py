"""LR402: the scheduler is stepped before its optimizer."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED
from lr_lint.vocabulary.contracts import Extent
from lr_lint.vocabulary.quantities import real


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.early_steps import early_step

    if _starts_from_zero(site):
        return
    early = site.first_in_lives(early_step)
    if early is None:
        return
    is_step = early.optimizer.is_step
    place = early.optimizer.event.anchor
    yield Finding(
        RULE,
        site,
        f"steps the scheduler before {site.optimizer}, which is {'stepped' if is_step else 'used'} on {{place}}: the "
        "first rate of the schedule is never used, and all others come one step too early",
        early.confidence,
        early.scheduler.anchor,
        ((place, "the optimizer is stepped here" if is_step else "the optimizer is handed on here"),),
        mentioned=place,
    )


def _starts_from_zero(site: SiteFacts) -> bool:
    """Whether the first factor is, or may be, 0 or none at all, which is a reason to skip it."""
    if any(horizon.extent is Extent.WARM_UP for horizon in site.contract.horizons):
        return True
    for history in site.histories:
        for group in history:
            first = group.points[0] if group.points else None
            if first is not None and (first.raised is not None or (first.value and real(first.value) == 0)):
                return True
    return False


RULE = Rule(
    code="LR402",
    name="stepped-before-optimizer",
    summary="scheduler.step() comes before optimizer.step() in every turn",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
    remedy="step-after",
)
