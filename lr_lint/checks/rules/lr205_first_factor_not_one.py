"""LR205: the factor starts away from 1 and falls from there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that, surety
from lr_lint.vocabulary.contracts import Meaning


def _check(site: SiteFacts) -> Iterator[Finding]:
    # Beside a callable that returns rates, or a base of 1, a first factor of 1 is not what anybody wants.
    fits = all(judgement.conclusion in (Conclusion.FACTOR, Conclusion.UNKNOWN) for judgement in site.judgements)
    if site.contract.meaning is not Meaning.FACTOR_OF_INITIAL or not fits:
        return
    for curve, numbers in itertools.islice(curves_that(_starts_elsewhere, site), 1):
        start = f"starts at {curve.factors.points[0][1]:g}" if curve.written else "does not start at 1"
        yield Finding(
            RULE,
            site,
            f"{start} and never rises above that: {site.optimizer} never uses the lr that it was given",
            surety(curve),
            curve.place,
            numbers=numbers,
        )


def _starts_elsewhere(curve: FactorCurve) -> bool:
    """Whether a factor starts away from 1 and never comes back to it, as a warm-up does."""
    factors = [factor for _, factor in curve.factors.real]
    return bool(factors) and factors[0] > 0 and not curve.factors.starts_about_1() and max(factors) <= factors[0]


RULE = Rule(
    code="LR205",
    name="first-factor-not-one",
    summary="the factor does not start at about 1, and no warm-up explains it",
    default=False,
    check=_check,
    said_of=SaidOf.RETURNED,
)
