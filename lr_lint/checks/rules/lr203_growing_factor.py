"""LR203: the factor grows as the step does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that, surety
from lr_lint.checks.rules.unit_claims import lr_multiplied
from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.diagnostics import Confidence

# An lr below this may be a part of one, that a warm-up adds at every step.
_RATE_OF_ONE_STEP = 1e-5
# Beyond this the rate is more than a warm-up comes to.
_TOO_MUCH = 2.0


def _check(site: SiteFacts) -> Iterator[Finding]:
    if any(judgement.contradicts for judgement in site.judgements):
        return
    for curve, numbers in itertools.islice(curves_that(lambda curve: _is_growing(curve, site), site), 1):
        if numbers.initial_lr is not None and numbers.initial_lr < _RATE_OF_ONE_STEP:
            # The lr may well be what one step adds.
            return
        if any(life.is_adopted for life in site.lives):
            return
        numbers_shown = ", ".join(f"{factor:.3g}" for _, factor in curve.factors.points[1:4])
        shown = f" ({numbers_shown}, ...)" if curve.written else ""
        last = _last_factor(curve, site)
        until = f", up to {last:.3g} in the training that is in sight" if curve.bounded and last is not None else ""
        yield Finding(
            RULE,
            site,
            f"grows with every step and without bound{shown}{until}: {site.contract.short_name} multiplies the "
            f"{lr_multiplied(site)} by it",
            min(surety(curve), Confidence.LIKELY) if curve.bounded else surety(curve),
            curve.place,
            numbers=numbers,
        )


def _is_growing(curve: FactorCurve, site: SiteFacts) -> bool:
    """Whether one expression grows with the time and nothing in sight ends that.

    A length that it is divided by may end it, unless the training that is in sight goes on well beyond that.
    """
    if curve.later_places > 1 or not curve.proved:
        return False
    factors = curve.factors if curve.places == 1 else Curve(curve.factors.points[1:])
    if not curve.bounded:
        return factors.grows_with_time
    last = _last_factor(curve, site)
    return last is not None and last >= _TOO_MUCH and factors.is_a_line


def _last_factor(curve: FactorCurve, site: SiteFacts) -> float | None:
    """The factor at the last step that is sampled of a training whose length is known."""
    lasts = site.timing.lasts
    factors = [factor for time, factor in curve.factors.real if lasts is not None and time < lasts.steps]
    return max(factors, default=None)


RULE = Rule(
    code="LR203",
    name="growing-factor",
    summary="the factor grows far above 1 without bound: `0.95 * step`",
    default=True,
    check=_check,
    said_of=SaidOf.RETURNED,
)
