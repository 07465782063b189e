"""LR202: the factor is 0 for a while, and climbs in steps then."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that, surety


def _check(site: SiteFacts) -> Iterator[Finding]:
    for curve, numbers in itertools.islice(curves_that(_is_zero_plateau, site), 1):
        until, value = curve.factors.telling[0]
        exact = curve.written and curve.factors.zeros[-1] == until - 1
        what = f"until step {until}, where it begins to grow ({value:g}, ...)" if exact else "at first, and grows"
        yield Finding(
            RULE,
            site,
            f"returns 0 {what}: {site.optimizer} learns nothing until then",
            surety(curve),
            curve.place,
            numbers=numbers,
        )


def _is_zero_plateau(curve: FactorCurve) -> bool:
    """Whether one expression climbs in steps from zero; a branch that is zero freezes the group on purpose.

    One step is enough where it comes of a division without remainder: neither ``min(1, step // 500)`` nor
    ``min(1, (step + 1) // 500)`` is a warm-up.
    """
    factors = curve.factors
    if curve.places > 1 or not factors.begins_with_a_stretch_of_zeros or not factors.telling:
        return False
    divided = any(0 <= divisor - factors.telling[0][0] <= 1 for divisor in curve.whole_divisors)
    return (divided and factors.never_falls) or factors.climbs_in_steps_from_zero


RULE = Rule(
    code="LR202",
    name="zero-plateau",
    summary="the factor is exactly 0 over a stretch at the start and grows later: `epoch // 30`",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
)
