"""LR403: the optimizer is another one, or has another group, by the time that the scheduler is stepped."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    change = site.lifecycle.change
    if change is None:
        return
    if change.rebuilt:
        what = "makes another optimizer, but the scheduler that is stepped on {place} still belongs to the one before"
    else:
        what = "adds a param group, but the scheduler that is stepped on {place} was made for the groups before"
    result = "its rate never changes" if change.rebuilt else "the new group has no schedule, or the step raises"
    yield Finding(
        RULE,
        site,
        f"{what}: {result}",
        Confidence.CERTAIN,
        change.place,
        ((change.step, "the scheduler is stepped here"),),
        mentioned=change.step,
    )


RULE = Rule(
    code="LR403",
    name="optimizer-changed-after-scheduler",
    summary="the optimizer is made anew, or gets another param group, after the scheduler was constructed",
    default=True,
    check=_check,
    rests_on=Ground.TEXT,
)
