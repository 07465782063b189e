"""LR503: a schedule counts batches (or samples), and is stepped once per update, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED, counted_in, findings_of, named
from lr_lint.timing.claims import Claim, ClockUnit, Mismatch


def _check(site: SiteFacts) -> Iterator[Finding]:
    yield from findings_of(site, RULE, Mismatch.ACCUMULATION, _told)


def _told(claim: Claim) -> str:
    if claim.unit is ClockUnit.UPDATE:
        return (
            f"{named(claim)} counts updates of the optimizer, and {{place}} steps the schedule with every batch: it is "
            "over before the training is"
        )
    how = "once per batch of them" if claim.unit is ClockUnit.SAMPLE else "once per update of several batches"
    return (
        f"{named(claim)} counts {counted_in(claim)}, and {{place}} steps the schedule {how}: it never gets to its end"
    )


RULE = Rule(
    code="LR503",
    name="accumulation-ignored",
    summary="the horizon counts batches, step() runs once per update, or the reverse",
    default=True,
    check=_check,
    meanings=STEPPED,
    remedy="count-updates",
    rests_on=Ground.TEXT,
)
