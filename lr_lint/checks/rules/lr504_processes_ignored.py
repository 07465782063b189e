"""LR504: one argument of a schedule counts the processes, and another one does not."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED, findings_of, named
from lr_lint.timing.claims import Claim, Mismatch


def _check(site: SiteFacts) -> Iterator[Finding]:
    yield from findings_of(site, RULE, Mismatch.PROCESSES, _told)


def _told(claim: Claim) -> str:
    return (
        f"{named(claim)} does not count the processes, and another argument does: what an accelerator has wrapped is "
        "stepped once for each process on {place}, so that one of the two is wrong with more than one"
    )


RULE = Rule(
    code="LR504",
    name="processes-ignored",
    summary="a wrapped scheduler advances once per process, and one of its arguments alone counts the processes",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
