"""LR204: the factor has no lower bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.returned_numbers import number_of, until_the_end
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.checks.rules.factor_curves import points_that_agree
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point


def _check(site: SiteFacts) -> Iterator[Finding]:
    agreed = points_that_agree(_first_negative, site)
    if agreed is not None:
        first, numbers = agreed
        kind = "complex" if isinstance(number_of(first), complex) else "negative"
        yield Finding(
            RULE,
            site,
            f"becomes {kind} {_when(first, site.timing.lasts)}; clamp it at 0",
            Confidence.CERTAIN if _is_reached(first, site.timing.lasts) else Confidence.LIKELY,
            first.place,
            numbers=numbers,
        )


def _is_reached(point: Point, lasts: float | None) -> bool:
    """Whether the training described by the code trains with that factor."""
    return lasts is not None and point.time < lasts and point.is_written


def _when(point: Point, lasts: float | None) -> str:
    if _is_reached(point, lasts):
        return f"before the {lasts:g} steps of the training are over: training goes uphill or stops with an error"
    return "past its end: should the scheduler be stepped that far, training goes uphill or stops with an error"


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
