"""LR502: a schedule that counts batches or updates is stepped once per epoch."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED, counted_in, findings_of, named
from lr_lint.timing.claims import Claim, Mismatch


def _check(site: SiteFacts) -> Iterator[Finding]:
    yield from findings_of(site, RULE, Mismatch.BATCHES_PER_EPOCH, _told)


def _told(claim: Claim) -> str:
    horizon = f" ({claim.horizon:g})" if claim.horizon is not None else ""
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
