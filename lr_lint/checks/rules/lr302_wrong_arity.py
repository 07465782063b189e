"""LR302: the callable does not take one argument."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.rules.base import Rule, Verdict
from lr_lint.checks.verdicts import SiteFacts
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Verdict]:
    misfits = [shape.misfit for shape in site.shapes if shape.misfit]
    if misfits and len(misfits) == len(site.shapes):
        yield Verdict(
            f"the callable {misfits[0]}, but {site.contract.short_name} calls it with one argument, the step",
            Confidence.CERTAIN,
        )


RULE = Rule(
    code="LR302",
    name="wrong-arity",
    summary="the callable cannot be called with one argument",
    default=True,
    check=_check,
)
