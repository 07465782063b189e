"""LR409: the state of the optimizer is loaded, then a scheduler is made that sets its rate back."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.resumptions import loaded_too_early

    found = site.first_in_lives(loaded_too_early)
    if found is None or found.place is None:
        return
    yield Finding(
        RULE,
        site,
        f"sets the rate of {site.optimizer} back to that of step 0, after its state was loaded on {{place}}: the state "
        f"of {site.contract.short_name} does not bring it back before the next step",
        found.confidence,
        site.construction.anchor,
        ((found.place, "the state of the optimizer is loaded here, with its rate"),),
        mentioned=found.place,
    )


RULE = Rule(
    code="LR409",
    name="state-loaded-before-scheduler",
    summary="the optimizer's state is loaded, then a scheduler is made anew and overwrites its rate",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
