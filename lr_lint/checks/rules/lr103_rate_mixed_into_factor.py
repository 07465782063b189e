"""LR103: one part of the factor is a learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.unit_claims import claims, evidence_of, origin_of
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import have_one_mantissa, told

if TYPE_CHECKING:
    from lr_lint.vocabulary.quantities import Origin


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.MIXED):
        origin = origin_of(judgement)
        yield Finding(
            RULE,
            site,
            _message(judgement, origin, site.contract.short_name),
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            evidence_of(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


def _message(judgement: Judgement, origin: Origin | None, scheduler: str) -> str:
    """Which part is absolute, as the code spells it; a branch, where its numbers alone say so."""
    culprit = judgement.culprit
    known = None if culprit is None else told(culprit)
    base = judgement.numbers.initial_lr
    if origin is None and known is not None and base is not None and have_one_mantissa(known, base):
        return (
            f"mixes a learning rate into a factor: it comes to rest at {known:g}, which is the initial lr of {base:g} "
            f"divided by {base / known:g}, and {scheduler} multiplies by it: the rate ends at {known * base:.3g}"
        )
    if origin is None and culprit is not None and not culprit.clash:
        at = "" if known is None else f" at {known:g},"
        return (
            f"mixes two scales: one branch starts{at} a hundred times lower than another has ended, so they are not "
            f"both factors of the initial lr, which {scheduler} multiplies by"
        )
    text = f"`{origin.text}`" if origin is not None else "one operand"
    number = "" if known is None else f" ({known:g})"
    where = f" in `{culprit.clash}`" if culprit is not None and culprit.clash else ""
    return (
        f"mixes a learning rate into a factor: {text}{number} is absolute{where}, but the rest of what "
        f"{scheduler} multiplies by is a factor; divide it by the initial lr"
    )


RULE = Rule(
    code="LR103",
    name="rate-mixed-into-factor",
    summary="one operand or branch is an absolute learning rate: `max(min_lr, ...)`, a tail, `decay_lr ** k`",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
    remedy="divide-part",
)
