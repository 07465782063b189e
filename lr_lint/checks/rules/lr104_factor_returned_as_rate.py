"""LR104: the callable returns a factor where a learning rate is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.unit_claims import claims, lr_text, told_factors
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.FACTOR_AS_RATE):
        shown = list(dict.fromkeys(f"{factor:.3g}" for factor in told_factors(judgement.group)))[:3]
        base = judgement.numbers.initial_lr
        start = f" {shown[0]}" if shown else " about 1"
        instead = f"training starts with a rate of{start}" + (f", not {base:g}" if base is not None else "")
        factors = f" ({', '.join(shown)}, ...)" if shown else ""
        confidence = judgement.confidence or Confidence.POSSIBLE
        if base is None and site.contract.may_start_at_one:
            confidence = Confidence.POSSIBLE
        evidence = ((judgement.group.lr_anchor, f"the model's optimizer starts from {lr_text(judgement)}"),)
        yield Finding(
            RULE,
            site,
            f"returns a factor{factors}, but {site.contract.short_name} takes it for the learning "
            f"rate itself: {instead}; multiply it by the initial lr",
            confidence,
            judgement.place,
            () if base is None else evidence,
            judgement.numbers,
        )


RULE = Rule(
    code="LR104",
    name="factor-returned-as-rate",
    summary="a callable that has to return the learning rate returns a factor: training starts with a rate of about 1",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
    meanings=frozenset({Meaning.RATE}),
    remedy="multiply",
)
