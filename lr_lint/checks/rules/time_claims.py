"""What the rules about the unit of time share: a finding for a claim of the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.rules.base import Finding
from lr_lint.timing.claims import ClockUnit
from lr_lint.vocabulary.contracts import FACTORS, Meaning

if TYPE_CHECKING:
    from lr_lint.checks.facts.site_facts import SiteFacts
    from lr_lint.checks.rules.base import Rule
    from lr_lint.timing.claims import Claim, Mismatch

# Schedules that are stepped by their user, or by a trainer for them.
STEPPED = FACTORS | {Meaning.CURVE}


_TRAINER, _PLACE = "the trainer", "{place}"


def findings_of(site: SiteFacts, rule: Rule, mismatch: Mismatch, told: Callable[[Claim], str]) -> Iterator[Finding]:
    """The findings of a rule.

    Args:
        site: the construction.
        rule: the rule.
        mismatch: what it is about.
        told: what happens, as a sentence in which ``{place}`` stands for where the schedule is stepped.
    """
    here = site.construction.anchor
    for claim in site.timing.claims:
        if claim.mismatch is mismatch:
            known = ((claim.place, "the horizon"), (claim.step, "it is stepped here"))
            evidence = tuple((place, text) for place, text in known if place is not None)
            # What a trainer does of itself stands nowhere in the code.
            message = told(claim) if claim.step is not None else told(claim).replace(_PLACE, _TRAINER)
            yield Finding(rule, site, message, claim.confidence, here, evidence, mentioned=claim.step)


def named(claim: Claim) -> str:
    """What the horizon is called in messages."""
    return f"`{claim.source}`" if claim.source else "what the callable compares its time with"


_COUNTED = {ClockUnit.BATCH: "batches", ClockUnit.UPDATE: "updates", ClockUnit.SAMPLE: "samples"}


def counted_in(claim: Claim) -> str:
    """What the horizon counts, in words."""
    return _COUNTED.get(claim.unit, "epochs")


def stepped_in(site: SiteFacts) -> ClockUnit:
    """What a schedule that does not count epochs is stepped once per."""
    unit = site.timing.clock.unit
    return unit if unit in _COUNTED else ClockUnit.BATCH


def epochs_of(claim: Claim) -> str:
    """How many epochs there are, in words."""
    return f"{claim.epochs:g} epochs" if claim.epochs is not None else "the epochs"
