"""LR104: the callable returns a factor where a learning rate is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.checks.rules.unit_claims import claims, factors_of, lr_text
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.FACTOR_AS_RATE):
        shown = list(dict.fromkeys(f"{factor:.3g}" for factor in factors_of(judgement.group)))[:3]
        base = judgement.numbers.initial_lr
        instead = f"training starts with a rate of {shown[0]}" + (f", not {base:g}" if base is not None else "")
        evidence = ((judgement.group.lr_anchor, f"the model's optimizer starts from {lr_text(judgement)}"),)
        yield Finding(
            RULE,
            site,
            f"returns a factor ({', '.join(shown)}, ...), but {site.contract.short_name} takes it for the learning "
            f"rate itself: {instead}; multiply it by the initial lr",
            judgement.confidence or Confidence.POSSIBLE,
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
    meanings=frozenset({Meaning.RATE}),
    remedy="multiply",
)
