"""LR204: the factor has no lower bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.returned_numbers import number_of, until_no_rate
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.factor_curves import points_that_agree
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point


_PAST_THE_END = "past its end"


def _check(site: SiteFacts) -> Iterator[Finding]:
    agreed = points_that_agree(_first_negative, site)
    if agreed is not None:
        first, numbers = agreed
        kind = "complex" if isinstance(number_of(first), complex) else "negative"
        lasts = site.timing.lasts
        # The training that is described by the code trains with that factor; None where it is not known to.
        ended = lasts if lasts is not None and first.time < lasts.steps and first.is_written else None
        sure = ended is not None and ended.is_proved and not first.outdated
        when = _PAST_THE_END if ended is None else f"before the {ended.steps:g} steps of the training are over"
        what = "should the scheduler be stepped that far, " if ended is None else ""
        yield Finding(
            RULE,
            site,
            f"becomes {kind} {when}: {what}training goes uphill or stops with an error; clamp it at 0",
            Confidence.CERTAIN if sure else Confidence.LIKELY,
            first.place,
            numbers=numbers,
        )


def _first_negative(group: GroupRun) -> Point | None:
    end = len(until_no_rate(group.points))
    return group.points[end] if end < len(group.points) else None


RULE = Rule(
    code="LR204",
    name="negative-factor",
    summary="the factor turns negative or complex past the end of the schedule, since nothing clamps it",
    default=False,
    check=_check,
    said_of=SaidOf.RETURNED,
)
