"""LR303: the callable returns None at some step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import real

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun, Point

# A factor that has fallen to this part of its peak is at its end; what comes after is never asked for.
_NEARLY_OVER = 0.5


def _check(site: SiteFacts) -> Iterator[Finding]:
    for history in site.histories:
        found = [_missing(group, site) for group in history]
        missing = [answer for answer in found if answer is not None]
        if missing and len(missing) == len(found):
            sample, _ = missing[0]
            at_all = all(other.nothing for other in history[0].points)
            when = "returns None" if at_all or not sample.is_written else f"returns None at step {sample.time}"
            yield Finding(
                RULE,
                site,
                f"{when}, which {site.contract.short_name} cannot multiply by: a path through the function ends "
                "without returning a factor",
                min(confidence for _, confidence in missing),
                sample.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _missing(group: GroupRun, site: SiteFacts) -> tuple[Point, Confidence] | None:
    """The first sample without a value, and how sure it is that training gets there.

    Before a later value, and where nothing is returned at all, that is certain. A table of branches may well end
    where training ends, and so may a decay, unless the training is seen to go on; that one branch is all there is, is
    likely an oversight.
    """
    nothing = [sample for sample in group.points if sample.nothing]
    if not nothing:
        return None
    values = [sample for sample in group.points if sample.value is not None]
    if not values or any(sample.time > nothing[0].time for sample in values):
        return nothing[0], Confidence.CERTAIN
    lasts = site.timing.lasts
    if lasts is not None and nothing[0].time < lasts.steps and nothing[0].is_written and not nothing[0].outdated:
        return nothing[0], Confidence.LIKELY
    places = {id(sample.place.node) for sample in values if sample.place is not None}
    factors = [factor for sample in values if sample.value and (factor := real(sample.value)) is not None]
    if len(places) > 1 or len(factors) < len(values) or factors[-1] < _NEARLY_OVER * max(factors):
        return nothing[0], Confidence.POSSIBLE
    return nothing[0], Confidence.LIKELY


RULE = Rule(
    code="LR303",
    name="missing-return",
    summary="the callable returns None on a path that is reached",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
)
