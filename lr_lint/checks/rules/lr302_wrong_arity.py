"""LR302: the callable does not take one argument."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    misfits = [shape.misfit for shape in site.shapes if shape.misfit]
    if misfits and len(misfits) == len(site.shapes):
        yield Finding(
            RULE,
            site,
            f"the callable {misfits[0]}, but {site.contract.short_name} calls it with one argument, the step",
            Confidence.CERTAIN,
        )


RULE = Rule(
    code="LR302",
    name="wrong-arity",
    summary="the callable cannot be called with one argument",
    default=True,
    check=_check,
    rests_on=Ground.SHAPE,
)
