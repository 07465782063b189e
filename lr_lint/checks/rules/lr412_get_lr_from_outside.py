"""LR412: the rate of the next step is read in place of the one at hand."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    if not site.contract.recursive:
        return
    from lr_lint.checks.facts.outside_uses import readings_of_next_rates

    for event in readings_of_next_rates(site.lives):
        yield Finding(
            RULE,
            site,
            f"`get_lr()` of {site.contract.short_name} computes the next rate from the one at hand, and is meant for "
            "its own `step()` alone: `get_last_lr()` gives the rate that is used",
            Confidence.POSSIBLE if event.loose else Confidence.CERTAIN,
            event.anchor,
            ((site.construction.anchor, f"the {site.contract.short_name} is made here"),),
        )


RULE = Rule(
    code="LR412",
    name="get-lr-from-outside",
    summary="`get_lr()` of a scheduler that computes the next rate from the last one is read as the rate of the moment",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
    remedy="ask-last-rates",
)
