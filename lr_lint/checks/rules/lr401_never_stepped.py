"""LR401: the scheduler is never stepped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.checks.facts.abandonments import Abandonment
    from lr_lint.semantics.values.context import Anchor


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.abandonments import abandonment
    from lr_lint.checks.facts.manual_steps import step_by_hand

    for life in site.lives:
        left = abandonment(life)
        if left is not None:
            yield _left(site, left)
            return
        by_hand = step_by_hand(life)
        if by_hand is not None:
            yield _left_to_nobody(site, by_hand)
            return


def _left(site: SiteFacts, left: Abandonment) -> Finding:
    who = f"`{left.name}` is never stepped" if left.name else f"the {site.contract.short_name} is not kept"
    nor = "nor is it where it is handed to" if left.handed_on else "returned or handed on"
    is_step = left.training.is_step
    trains = f"{site.optimizer} is stepped on {{place}}" if is_step else f"{site.optimizer} is used on {{place}}"
    place = left.training.event.anchor
    return Finding(
        RULE,
        site,
        f"{who}, {nor}: {trains}, and its lr stays what it was at first",
        left.confidence,
        site.construction.anchor,
        ((place, "training goes on without the scheduler"),),
        mentioned=place,
    )


def _left_to_nobody(site: SiteFacts, step: Anchor) -> Finding:
    return Finding(
        RULE,
        site,
        "is never stepped: a module that steps its optimizers by hand, as on {place}, has to step its schedulers too, "
        "since the trainer does not",
        Confidence.CERTAIN,
        site.construction.anchor,
        ((step, "the optimizer is stepped by hand"),),
        mentioned=step,
    )


RULE = Rule(
    code="LR401",
    name="never-stepped",
    summary="a scheduler that is neither stepped, returned, stored nor passed on, while its optimizer is used",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
