"""LR103: one part of the factor is a learning rate."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.checks.rules.unit_claims import claims, evidence_of, origin_of
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import told


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.MIXED):
        origin = origin_of(judgement)
        culprit = judgement.culprit
        text = f"`{origin.text}`" if origin is not None else "one operand"
        where = f" in `{culprit.clash}`" if culprit is not None and culprit.clash else ""
        known = None if culprit is None else told(culprit)
        number = "" if known is None else f" ({known:g})"
        yield Finding(
            RULE,
            site,
            f"mixes a learning rate into a factor: {text}{number} is absolute{where}, but the rest of what "
            f"{site.contract.short_name} multiplies by is a factor; divide it by the initial lr",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            evidence_of(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


RULE = Rule(
    code="LR103",
    name="rate-mixed-into-factor",
    summary="one operand or branch is an absolute learning rate: `max(min_lr, ...)`, a tail, `decay_lr ** k`",
    default=True,
    check=_check,
    remedy="divide-part",
)
