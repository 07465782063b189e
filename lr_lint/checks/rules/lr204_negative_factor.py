"""LR204: the factor has no lower bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.returned_numbers import number_of, until_the_end
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point


def _check(site: SiteFacts) -> Iterator[Finding]:
    for history in site.histories:
        found = [_first_negative(group) for group in history]
        first = found[0] if found else None
        if first is not None and None not in found:
            kind = "complex" if isinstance(number_of(first), complex) else "negative"
            when = f"by step {first.time}" if first.is_written else "past its end"
            yield Finding(
                RULE,
                site,
                f"becomes {kind} {when}: should the scheduler be stepped that far, training goes uphill "
                "or stops with an error; clamp it at 0",
                Confidence.LIKELY,
                first.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _first_negative(group: GroupRun) -> Point | None:
    end = len(until_the_end(group.points))
    return group.points[end] if end < len(group.points) else None


RULE = Rule(
    code="LR204",
    name="negative-factor",
    summary="the factor turns negative or complex past the end of the schedule, since nothing clamps it",
    default=False,
    check=_check,
)
