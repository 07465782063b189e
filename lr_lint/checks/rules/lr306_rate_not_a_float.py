"""LR306: a schedule of Keras returns something that Keras takes for no rate."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.vocabulary.contracts import Meaning


def _check(site: SiteFacts) -> Iterator[Finding]:
    refusal = site.refusal
    if refusal is None:
        return
    when = f" at epoch {refusal.epoch}" if refusal.epoch else ""
    yield Finding(
        RULE,
        site,
        f"returns {refusal.what}{when}: {site.contract.short_name} takes floats alone, and raises ValueError",
        refusal.confidence,
        refusal.place,
    )


RULE = Rule(
    code="LR306",
    name="rate-not-a-float",
    summary="a Keras schedule returns what Keras refuses on a path that is reached: a tensor, an int, None",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
    meanings=frozenset({Meaning.RATE}),
)
