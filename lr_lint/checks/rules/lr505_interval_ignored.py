"""LR505: a trainer steps a schedule at another interval than its horizon wants."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED, findings_of, named
from lr_lint.timing.claims import Claim, ClockUnit, Mismatch


def _check(site: SiteFacts) -> Iterator[Finding]:
    per_update = site.timing.clock.unit is ClockUnit.UPDATE

    def told(claim: Claim) -> str:
        if claim.misplaced:
            return (
                "the interval on {place} is not in the dict that has the scheduler, where alone the trainer reads it: "
                "the schedule is stepped once per epoch"
            )
        if per_update:
            return f'{named(claim)} counts epochs, and with the interval "step" the trainer steps after each update'
        return (
            f'{named(claim)} counts updates, and without the interval "step" beside the scheduler the trainer steps '
            "once per epoch"
        )

    yield from findings_of(site, RULE, Mismatch.INTERVAL, told)


RULE = Rule(
    code="LR505",
    name="interval-ignored",
    summary="a trainer's interval is missing, in the wrong dict, or another than the horizon wants",
    default=True,
    check=_check,
    meanings=STEPPED,
    remedy="fit-interval",
    rests_on=Ground.TEXT,
)
