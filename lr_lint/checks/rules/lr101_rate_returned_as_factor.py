"""LR101: the callable returns a learning rate where a factor is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.unit_claims import claims, evidence_of, origin_of
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.vocabulary.quantities import Origin


def _check(site: SiteFacts) -> Iterator[Finding]:
    for judgement in claims(site, Conclusion.RATE):
        origin = origin_of(judgement)
        if origin is not None:
            what = f"a learning rate ({_given(judgement, site, origin)})"
        elif (peak := judgement.told_peak) is not None:
            what = f"learning rates (they peak at {peak:g}, the lr given to {site.optimizer})"
        else:
            what = f"learning rates (they peak at the lr given to {site.optimizer})"
        yield Finding(
            RULE,
            site,
            f"returns {what}, but {site.contract.short_name} multiplies by it: {_consequence(judgement, site)}",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            evidence_of(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


def _consequence(judgement: Judgement, site: SiteFacts) -> str:
    """The resulting numbers, or in which way the rate ends up squared where they are not known."""
    numbers = judgement.numbers
    base, first, peak = numbers.initial_lr, numbers.first_factor, numbers.peak_factor
    if base is not None and first is not None and first > 0:
        return f"the rate starts at {base:g} x {first:g} = {base * first:.3g}"
    if base is not None and peak is not None:
        return f"the rate peaks at {base:g} x {peak:g} = {base * peak:.3g}"
    return "the rate is multiplied in twice"


def _given(judgement: Judgement, site: SiteFacts, origin: Origin) -> str:
    if origin.key in judgement.group.keys:
        return f"`{origin.text}`, given to {site.optimizer} on {{place}}"
    return f"`{origin.text}`"


RULE = Rule(
    code="LR101",
    name="rate-returned-as-factor",
    summary="the callable of a factor contract returns an absolute learning rate: effective lr = lr x lr",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
    remedy="divide",
    suits=Meaning.RATE,
)
