"""LR501: a schedule that counts epochs is stepped once per batch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED, epochs_of, findings_of, named, stepped_in
from lr_lint.timing.claims import Claim, ClockUnit, Mismatch
from lr_lint.vocabulary.contracts import Extent


def _check(site: SiteFacts) -> Iterator[Finding]:
    told = _told_of_a_part if site.timing.clock.forgets else partial(_told, unit=stepped_in(site))
    yield from findings_of(site, RULE, Mismatch.EPOCHS_PER_BATCH, told)


def _told_of_a_part(claim: Claim) -> str:
    return (
        f"{named(claim)} counts epochs, and {{place}} tells the schedule the part of an epoch that is over, and not "
        "which epoch it is: it never gets past the first"
    )


def _told(claim: Claim, unit: ClockUnit) -> str:
    if claim.extent is Extent.EACH_STEP:
        return (
            f"{{place}} steps the schedule once per {unit.value}: over {epochs_of(claim)} nothing is left of the rate, "
            "which is not so if it is stepped once per epoch"
        )
    if claim.extent is Extent.DONE:
        return (
            f"{named(claim)} counts the epochs that are over, and {{place}} steps the schedule once per "
            f"{unit.value}: it goes on where it was after as many {unit.plural}"
        )
    return (
        f"{named(claim)} counts epochs, and {{place}} steps the schedule once per {unit.value}: what is meant after "
        f"{_epochs_meant(claim)} comes after {_as_many(claim)} {unit.plural}"
    )


def _epochs_meant(claim: Claim) -> str:
    if claim.horizon is None:
        return "so many epochs"
    of = "" if claim.epochs in (None, claim.horizon) else f" of {claim.epochs:g}"
    return f"{claim.horizon:g}{of} epochs"


def _as_many(claim: Claim) -> str:
    return "as many" if claim.horizon is None else f"{claim.horizon:g}"


RULE = Rule(
    code="LR501",
    name="epoch-schedule-per-batch",
    summary="the horizon counts epochs, step() runs once per batch",
    default=True,
    check=_check,
    meanings=STEPPED,
    remedy="fit-time",
    rests_on=Ground.TEXT,
)
