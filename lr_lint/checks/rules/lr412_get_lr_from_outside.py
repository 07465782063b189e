"""LR412: a scheduler is asked for the rate at hand by a method that gives another one, or none."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED
from lr_lint.vocabulary.diagnostics import Confidence

# What is wrong with it, by whether the scheduler goes on from the rate at hand. One that is made of others has none.
_WRONG = {
    True: "computes the next rate from the one at hand, and is meant for its own `step()` alone",
    False: "raises NotImplementedError, since its parts alone compute rates",
}


def _check(site: SiteFacts) -> Iterator[Finding]:
    contract = site.contract
    if not contract.recursive and contract.parts is None:
        return
    from lr_lint.checks.facts.outside_uses import readings_of_next_rates

    for event in readings_of_next_rates(site.lives):
        yield Finding(
            RULE,
            site,
            f"`get_lr()` of {contract.short_name} {_WRONG[contract.recursive]}: `get_last_lr()` gives the rate that is "
            "used",
            Confidence.POSSIBLE if event.loose else Confidence.CERTAIN,
            event.anchor,
            ((site.construction.anchor, f"the {contract.short_name} is made here"),),
        )


RULE = Rule(
    code="LR412",
    name="get-lr-from-outside",
    summary="`get_lr()` is asked for the rate of the moment, of a scheduler that computes the next one, or none at all",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
    remedy="ask-last-rates",
)
