"""LR201: the callable cannot be evaluated at the first step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point

_ARITHMETIC = frozenset({"ZeroDivisionError", "OverflowError", "ValueError"})


def _check(site: SiteFacts) -> Iterator[Finding]:
    for history in site.histories:
        raised = [_raised_at_start(group, site) for group in history]
        always = bool(raised) and None not in raised
        first = raised[0] if always else _raised_by_default(history, site)
        if first is not None and first.raised is not None:
            when = "" if always else f" with {_zeros(history[0])}"
            yield Finding(
                RULE,
                site,
                f"raises {first.raised[0]} at step {first.time}{when}, where {site.contract.short_name} evaluates it "
                "during construction: the scheduler cannot be built",
                Confidence.CERTAIN if always else Confidence.LIKELY,
                first.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _zeros(group: GroupRun) -> str:
    """The options that are 0, as the code spells them."""
    return " and ".join(f"`{name}` at its default of 0" for name, count in group.counted.items() if count == 0)


def _raised_by_default(history: Sequence[GroupRun], site: SiteFacts) -> Point | None:
    """The first sample, where it raises as long as no option is given; an option of 0 that is checked is none."""
    zeros = [name for name, count in history[0].counted.items() if count == 0] if history else []
    if not zeros or any(group.decisions for group in history) or site.guards is None or site.guards.hold(zeros):
        return None
    return _raised_at_start(history[0], site, Basis.DEFAULT_COUNT)


def _raised_at_start(group: GroupRun, site: SiteFacts, basis: Basis = Basis.PROVED) -> Point | None:
    """The first sample, where it raises an arithmetic error that rests on no worse than that."""
    start = next((sample for sample in group.points if sample.time == site.contract.first_time), None)
    if start is None or start.raised is None or not site.contract.eager:
        return None
    kind, rests_on = start.raised
    return start if kind in _ARITHMETIC and rests_on <= basis else None


RULE = Rule(
    code="LR201",
    name="undefined-at-start",
    summary="the callable raises at step 0, where the scheduler evaluates it during construction",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
)
