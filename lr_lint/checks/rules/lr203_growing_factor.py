"""LR203: the factor grows as the step does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that, surety
from lr_lint.checks.rules.unit_claims import lr_multiplied

# An lr below this may be a part of one, that a warm-up adds at every step.
_RATE_OF_ONE_STEP = 1e-5


def _check(site: SiteFacts) -> Iterator[Finding]:
    if any(judgement.contradicts for judgement in site.judgements):
        return
    for curve, numbers in itertools.islice(curves_that(_is_growing, site), 1):
        if numbers.initial_lr is not None and numbers.initial_lr < _RATE_OF_ONE_STEP:
            # The lr may well be what one step adds.
            return
        numbers_shown = ", ".join(f"{factor:.3g}" for _, factor in curve.factors.points[1:4])
        shown = f" ({numbers_shown}, ...)" if curve.written else ""
        yield Finding(
            RULE,
            site,
            f"grows with every step and without bound{shown}: {site.contract.short_name} multiplies the "
            f"{lr_multiplied(site)} by it",
            surety(curve),
            curve.place,
            numbers=numbers,
        )


def _is_growing(curve: FactorCurve) -> bool:
    """Whether one expression grows with the time and nothing in sight ends that."""
    return curve.places <= 1 and not curve.bounded and curve.proved and curve.factors.grows_with_time


RULE = Rule(
    code="LR203",
    name="growing-factor",
    summary="the factor grows far above 1 without bound: `0.95 * step`",
    default=True,
    check=_check,
)
