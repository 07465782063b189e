"""LR406: a loss or a metric is given to `step`, which takes the epoch."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.given_values import given_value

    found = site.first_in_lives(given_value)
    if found is not None:
        yield Finding(
            RULE,
            site,
            f"gives `{found.given}` to the `step` of {site.contract.short_name}, which takes it for the epoch: the "
            "rate is that of a time that never was",
            found.confidence,
            found.step.anchor,
            ((site.construction.anchor, f"the {site.contract.short_name} is made here"),),
        )


RULE = Rule(
    code="LR406",
    name="value-given-to-step",
    summary="`step(loss)`, or a metric, where the epoch would be taken",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
