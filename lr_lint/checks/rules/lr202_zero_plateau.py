"""LR202: the factor is 0 for a while, and climbs in steps then."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.checks.rules.factor_curves import FactorCurve, curves_that, surety

# A zero at the first steps is a warm-up's; from here on it is a plateau.
_SHORTEST_PLATEAU = 3


def _check(site: SiteFacts) -> Iterator[Finding]:
    for curve, numbers in itertools.islice(curves_that(_is_zero_plateau, site), 1):
        until, value = next((time, factor) for time, factor in curve.points if factor != 0)
        yield Finding(
            RULE,
            site,
            f"returns 0 until step {until}, where it begins to grow ({value:g}, ...): {site.optimizer} learns nothing "
            "until then",
            surety(curve),
            curve.place,
            numbers=numbers,
        )


def _is_zero_plateau(curve: FactorCurve) -> bool:
    """Whether one expression climbs in steps from zero without bound, as ``epoch // 30`` does.

    A branch that is zero freezes the group on purpose, and so does a ramp that begins late.
    """
    zeros = [time for time, factor in curve.points if factor == 0]
    rest = [factor for _, factor in curve.points if factor != 0]
    if len(zeros) < 2 or not rest or curve.places > 1 or not curve.rises or curve.points[0][1] != 0:
        return False
    stays = any(now == later for now, later in itertools.pairwise(rest))
    return zeros[-1] >= _SHORTEST_PLATEAU and stays and rest[-1] > 1


RULE = Rule(
    code="LR202",
    name="zero-plateau",
    summary="the factor is exactly 0 over a stretch at the start and grows later: `epoch // 30`",
    default=True,
    check=_check,
)
