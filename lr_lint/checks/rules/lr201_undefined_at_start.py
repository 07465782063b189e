"""LR201: the callable cannot be evaluated at the first step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point

_ARITHMETIC = frozenset({"ZeroDivisionError", "OverflowError", "ValueError"})


def _check(site: SiteFacts) -> Iterator[Finding]:
    for history in site.histories:
        raised = [_raised_at_start(group, site) for group in history]
        first = raised[0] if raised else None
        if first is not None and first.raised is not None and None not in raised:
            kind = first.raised[0]
            yield Finding(
                RULE,
                site,
                f"raises {kind} at step {first.time}, where {site.contract.short_name} evaluates it during "
                "construction: the scheduler cannot be built",
                Confidence.CERTAIN,
                first.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _raised_at_start(group: GroupRun, site: SiteFacts) -> Point | None:
    """The first sample, where it raises an arithmetic error that no setting can avoid."""
    start = next((sample for sample in group.points if sample.time == site.contract.first_time), None)
    if start is None or start.raised is None or not site.contract.eager:
        return None
    kind, basis = start.raised
    return start if kind in _ARITHMETIC and basis is Basis.PROVED else None


RULE = Rule(
    code="LR201",
    name="undefined-at-start",
    summary="the callable raises at step 0, where the scheduler evaluates it during construction",
    default=True,
    check=_check,
)
