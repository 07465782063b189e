"""LR305: there are more callables than param groups, or fewer."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    counts = [(shape.callables, shape.groups) for shape in site.shapes]
    if counts and all(None not in pair and pair[0] != pair[1] for pair in counts):
        callables, groups = counts[0]
        yield Finding(
            RULE,
            site,
            f"{_counted(callables, 'callable')} for {_counted(groups, 'param group')} of {site.optimizer}: "
            f"{site.contract.short_name} wants one for each, or a single callable for all",
            Confidence.CERTAIN,
        )


def _counted(count: int | None, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


RULE = Rule(
    code="LR305",
    name="group-count-mismatch",
    summary="the list of callables and the optimizer's param groups differ in length",
    default=True,
    check=_check,
    rests_on=Ground.SHAPE,
)
