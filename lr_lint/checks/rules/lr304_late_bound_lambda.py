"""LR304: the callables of a loop share its variable."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.contracts import FACTORS, Meaning
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    late = [shape.late for shape in site.shapes if shape.late is not None]
    if late and len(late) == len(site.shapes):
        yield Finding(
            RULE,
            site,
            f"the callable is made in a loop and reads the loop's variable `{late[0].names[0]}` when it is called: by "
            "then the loop has ended, so every callable uses its last value; bind it with "
            f"`{late[0].names[0]}={late[0].names[0]}`",
            Confidence.LIKELY if late[0].within else Confidence.CERTAIN,
            late[0].place,
        )


RULE = Rule(
    code="LR304",
    name="late-bound-lambda",
    summary="lambdas made in a loop share the loop's variable: all param groups get its last value",
    default=True,
    check=_check,
    meanings=frozenset({*FACTORS, Meaning.RATE}),
    rests_on=Ground.SHAPE,
    remedy="bind-variable",
)
