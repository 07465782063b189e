"""LR403: the optimizer is another one, or has another group, by the time that the scheduler is stepped."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED
from lr_lint.vocabulary.contracts import FACTORS
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.changed_optimizers import change_of

    change = site.first_in_lives(change_of)
    if change is None or not (change.rebuilt or site.contract.meaning in FACTORS):
        # What has a curve of its own, and no callables by group, may well take a new group along.
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
        change.change.anchor,
        ((change.step.anchor, "the scheduler is stepped here"),),
        mentioned=change.step.anchor,
    )


RULE = Rule(
    code="LR403",
    name="optimizer-changed-after-scheduler",
    summary="the optimizer is made anew, or gets another param group, after the scheduler was constructed",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
