"""LR501: a schedule that counts epochs is stepped once per batch."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED, epochs_of, findings_of, named
from lr_lint.timing.claims import Claim, Mismatch


def _check(site: SiteFacts) -> Iterator[Finding]:
    yield from findings_of(site, RULE, Mismatch.EPOCHS_PER_BATCH, _told)


def _told(claim: Claim) -> str:
    after = f"{claim.horizon:g} batches" if claim.horizon is not None else "as many batches"
    return (
        f"{named(claim)} counts epochs, and {{place}} steps the schedule once per batch: what is meant for that many "
        f"of {epochs_of(claim)} is over after {after}"
    )


RULE = Rule(
    code="LR501",
    name="epoch-schedule-per-batch",
    summary="the horizon counts epochs, step() runs once per batch",
    default=False,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
