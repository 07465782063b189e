"""LR507: a schedule that is stepped once per epoch begins at 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.timing.claims import ClockUnit
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun


def _check(site: SiteFacts) -> Iterator[Finding]:
    timing = site.timing
    if timing.clock.unit is not ClockUnit.EPOCH or timing.clock.optional:
        return
    for history in site.histories:
        if history and all(map(_rises_from_nothing, history)):
            among = f" of {timing.epochs:g}" if timing.epochs is not None else ""
            yield Finding(
                RULE,
                site,
                f"is 0 at step 0, and the schedule is stepped once per epoch: the first epoch{among} trains nothing",
                Confidence.CERTAIN,
                history[0].points[0].place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _rises_from_nothing(group: GroupRun) -> bool:
    """Whether the factor is 0 at first, and more with the next step: what stays at 0 for longer may be meant."""
    first, second = ([point for point in group.points if point.time == time] for time in (0, 1))
    if not first or not second:
        return False
    return first[0].told == 0 and second[0].told is not None and second[0].told > 0


RULE = Rule(
    code="LR507",
    name="nothing-in-first-epoch",
    summary="the factor is 0 for the whole first epoch, and no freezing is meant",
    default=False,
    check=_check,
    said_of=SaidOf.RETURNED,
)
