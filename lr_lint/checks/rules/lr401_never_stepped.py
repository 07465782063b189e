"""LR401: the scheduler is never stepped."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    life = site.lifecycle
    if not life.abandoned or life.training is None:
        return
    who = f"`{life.name}` is never stepped" if life.name else f"the {site.contract.short_name} is not kept"
    trains = f"{site.optimizer} is stepped on {{place}}" if life.stepped else f"{site.optimizer} is used on {{place}}"
    yield Finding(
        RULE,
        site,
        f"{who}, returned or handed on: {trains}, and its lr stays what it was at first",
        Confidence.CERTAIN if life.stepped else Confidence.LIKELY,
        site.construction.anchor,
        ((life.training, "training goes on without the scheduler"),),
        mentioned=life.training,
    )


RULE = Rule(
    code="LR401",
    name="never-stepped",
    summary="a scheduler that is neither stepped, returned, stored nor passed on, while its optimizer is used",
    default=True,
    check=_check,
    rests_on=Ground.TEXT,
)
