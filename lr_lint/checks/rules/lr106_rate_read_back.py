"""LR106: the callable reads the rate that it has set itself."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.unit_claims import claims, evidence_of
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.RATE, Conclusion.MIXED, Conclusion.TINY, read_back=True):
        origins = () if judgement.culprit is None else judgement.culprit.origins
        origin = next(origin for origin in origins if origin.key in judgement.group.read_back)
        yield Finding(
            RULE,
            site,
            f"reads the current learning rate (`{origin.text}`), which {site.contract.short_name} itself has set with "
            "what this returned before: the schedule compounds on itself",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            evidence_of(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


RULE = Rule(
    code="LR106",
    name="rate-read-back",
    summary="the callable reads the current learning rate of the optimizer: the schedule compounds on itself",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
)
