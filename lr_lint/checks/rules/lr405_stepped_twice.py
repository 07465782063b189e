"""LR405: one turn of the training steps the scheduler twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED

if TYPE_CHECKING:
    from lr_lint.checks.facts.double_steps import DoubleStep


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.double_steps import double_step

    found = site.first_in_lives(double_step)
    if found is not None:
        yield Finding(
            RULE,
            site,
            f"steps the scheduler a second time: {_why(found)}",
            found.confidence,
            found.extra,
            ((found.other, "who steps it is told here" if found.engine else "it is stepped here too"),),
            mentioned=found.other,
        )


def _why(found: DoubleStep) -> str:
    if found.engine:
        return "what it was handed to on {place} steps it already"
    if found.nested:
        return "the loop within steps it in each turn, on {place}, and its time runs ahead of the training"
    return "the same turn has stepped it on {place}, and its time runs twice as fast as the training"


RULE = Rule(
    code="LR405",
    name="stepped-twice",
    summary="two unconditional steps of a scheduler a turn, or a step beside a trainer or engine that steps it",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
