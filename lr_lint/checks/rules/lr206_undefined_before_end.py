"""LR206: the callable raises at a step that the training reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.factor_curves import points_that_agree
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point


def _check(site: SiteFacts) -> Iterator[Finding]:
    lasts = site.timing.lasts
    if lasts is None:
        return
    agreed = points_that_agree(lambda group: _raised_before(group, lasts.steps, site.contract.first_time), site)
    if agreed is not None and agreed[0].raised is not None:
        first, numbers = agreed
        yield Finding(
            RULE,
            site,
            f"raises {agreed[0].raised[0]} at step {first.time}, and the training takes {lasts.steps:g}: it ends there",
            Confidence.CERTAIN if lasts.is_proved else Confidence.LIKELY,
            first.place,
            numbers=numbers,
        )


def _raised_before(group: GroupRun, end: float, start: int) -> Point | None:
    """The first sample within the training that raises for certain, where none does at the start."""
    if any(point.raised is not None for point in group.points if point.time <= start):
        return None
    return next((point for point in group.points if start < point.time <= end and _raises(point)), None)


def _raises(point: Point) -> bool:
    return point.raised is not None and point.raised[1] is Basis.PROVED and not point.outdated


RULE = Rule(
    code="LR206",
    name="undefined-before-end",
    summary="the callable raises at a step that the training described by the code reaches",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
)
