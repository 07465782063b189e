"""LR407: a scheduler undoes what else sets the rate."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.overwritten_rates import Overwriting, overwritten_in

    name = site.contract.short_name
    writes = f"{name} writes what follows from the initial lr at each step"
    said = {
        Overwriting.CHAINED: f"{writes}, so what the other schedulers of the chain do to the rate lasts for one step",
        Overwriting.BESIDE: f"steps another scheduler of {site.optimizer} beside {name}, which is stepped on "
        f"{{place}}: {writes}, so what the other one does to the rate lasts for one step",
        Overwriting.WRITTEN: f"writes a rate that lasts until the step on {{place}} alone: {writes}",
        Overwriting.RENEWED: "is made anew in each turn of the loop that steps it on {place}, and starts from "
        "the beginning each time: the schedule never gets beyond its first steps",
        Overwriting.RESTARTED: f"{writes}, and so begins with the initial lr again, after the scheduler that is "
        "stepped on {place} has lowered it",
    }
    points = [group.points[0] for history in site.histories for group in history if group.points]
    first = {point.told for point in points}
    for life in site.lives:
        found = overwritten_in(life, next(iter(first)) if len(first) == 1 else None)
        if found is not None:
            yield Finding(
                RULE,
                site,
                said[found.kind],
                found.confidence,
                found.place.anchor,
                () if found.step is None else ((found.step.anchor, "the scheduler is stepped here"),),
                mentioned=None if found.step is None else found.step.anchor,
            )
            return


RULE = Rule(
    code="LR407",
    name="rate-overwritten",
    summary="a scheduler undoes what another one or the loop wrote, or is made anew in each turn",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
