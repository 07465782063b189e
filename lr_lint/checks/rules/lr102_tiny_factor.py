"""LR102: the factor is as small at all times as a learning rate is."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.unit_claims import claims, evidence_of, lr_multiplied
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.TINY):
        numbers = judgement.numbers
        peak, base = judgement.told_peak, numbers.initial_lr
        which = lr_multiplied(site)
        most, result = "", f"a small part of the {which}"
        if peak is not None:
            most = f" {peak:g}"
            result = f"{base:g} x {peak:g} = {base * peak:.3g}" if base is not None else f"{peak:g} times the {which}"
        yield Finding(
            RULE,
            site,
            f"returns a factor that never exceeds{most or ' a small number'}, as a learning rate would: "
            f"{site.contract.short_name} multiplies the {which} by it, so the rate {_comes_to(site)} {result}",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            evidence_of(judgement, site, None),
            numbers,
            judgement.group.lr_anchor,
        )


def _comes_to(site: SiteFacts) -> str:
    """What small factors make of the rate: those of the previous lr make it smaller at every step."""
    return "peaks at" if lr_multiplied(site) == "initial lr" else "is after one step no more than"


RULE = Rule(
    code="LR102",
    name="tiny-factor",
    summary="the factor never comes near 1: the numeric fingerprint of an absolute learning rate",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
)
