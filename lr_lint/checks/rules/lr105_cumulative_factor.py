"""LR105: the callable returns the whole decay where one step's is wanted."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.returned_numbers import curve_of
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule, SaidOf
from lr_lint.checks.rules.unit_claims import factors_of, told_factors
from lr_lint.vocabulary.contracts import FACTORS, Meaning
from lr_lint.vocabulary.decays import closed_form
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis, real

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import GroupRun

# A factor of the previous lr that stays below this has no business staying there: it compounds at every step.
_SMALL_STEP_FACTOR = 0.5
_STARTS_NEAR_ONE = 0.3
_TAIL = 3
_ROUNDING = 1e-9
_OF_FACTOR = (
    "returns the whole {what} up to a step{numbers}, but {name} multiplies the previous lr by it at every step, so the "
    "{outcome}"
)
_OF_RATE = (
    "multiplies the current lr by the whole {what} up to an epoch{numbers}, but what {name} hands it is what it has "
    "returned for the epoch before, so the {outcome}"
)
_NO_START = "the rate that the schedule starts from has no name here"


def _check(site: SiteFacts) -> Iterator[Finding]:
    if site.contract.meaning is Meaning.RATE:
        histories = [[replace(group, points=group.multiples) for group in history] for history in site.histories]
    elif site.contract.meaning is Meaning.FACTOR_OF_PREVIOUS:
        histories = [list(history) for history in site.histories]
    else:
        return
    for history in histories:
        groups = [group for group in history if any(sample.value is not None for sample in group.points)]
        if groups and all(_is_cumulative(group) for group in groups):
            if any(life.is_renewed for life in site.lives):
                # What is made anew for each step multiplies once, and nothing compounds.
                return
            yield _cumulative_finding(groups[0], site)
            return


def _is_cumulative(group: GroupRun) -> bool:
    """Whether the factor is the closed form of a decay, or falls from about 1 and stays small as one does."""
    if group.read_back:
        # What it makes of the rate of the moment cannot be told from a run without a scheduler.
        return False
    factors = factors_of(group)
    if _is_unknown_power(group):
        return True
    if len(factors) <= 2 * _TAIL or len(factors) < sum(sample.value is not None for sample in group.points):
        return False
    falls = all(later <= earlier for earlier, later in itertools.pairwise(factors))
    starts = factors[0] >= _STARTS_NEAR_ONE or _is_geometric(group)
    stays_small = falls and starts and max(factors[-_TAIL:]) < _SMALL_STEP_FACTOR
    return stays_small or _is_whole_warm_up(group) or bool(closed_form(curve_of(group.points)))


def _is_whole_warm_up(group: GroupRun) -> bool:
    """Whether the factor rises by equal parts from a small one to 1 and never exceeds it, as that of ``LambdaLR`` does.

    Factors of the previous lr that are all below 1 never bring it up, and ``k / (k + 1)`` rises by smaller parts.
    """
    points = [(sample.time, factor) for sample in group.points if sample.value and (factor := real(sample.value))]
    if not points or max(factor for _, factor in points) > 1 + _ROUNDING or points[0][1] >= _SMALL_STEP_FACTOR:
        return False
    start = points[:_TAIL]
    parts = [later - earlier for (_, earlier), (_, later) in itertools.pairwise(start)]
    in_a_row = [time for time, _ in start] == list(range(start[0][0], start[0][0] + _TAIL))
    even = all(math.isclose(part, parts[0], rel_tol=1e-6) and part > 0 for part in parts)
    return in_a_row and even and any(factor >= 1 - _ROUNDING for _, factor in points[_TAIL:])


def _is_geometric(group: GroupRun) -> bool:
    """Whether the factor is that of one step raised to the time, however small: it would start at 1."""
    points = [(sample.time, factor) for sample in group.points if sample.value and (factor := real(sample.value))]
    if not points:
        return False
    time, first = points[0]
    return time == 1 and all(math.isclose(factor, first**later, rel_tol=1e-9) for later, factor in points)


def _is_unknown_power(group: GroupRun) -> bool:
    """Whether the factor is a constant, whatever its number, raised to something that grows with the time.

    Where the exponent says only whether it is time for a drop, 0 or 1, the factor is one step's.
    """
    unknown = [sample.value for sample in group.points if sample.value is not None and real(sample.value) is None]
    exponents = [value.exponent for value in unknown if isinstance(value.exponent, (int, float))]
    if len(exponents) <= _TAIL or len(exponents) < len(unknown):
        return False
    grows = all(earlier <= later for earlier, later in itertools.pairwise(exponents))
    return grows and exponents[-1] >= _TAIL and all(factor == 1 for factor in factors_of(group))


def _cumulative_finding(group: GroupRun, site: SiteFacts) -> Finding:
    sample = next(sample for sample in group.points if sample.value is not None)
    values = [sample.value for sample in group.points if sample.value is not None]
    proved = all(value.basis is Basis.PROVED and value.number is not None for value in values)
    shown = told_factors(group)[:3]
    numbers = "" if len(set(shown)) < 2 else f" ({', '.join(f'{factor:.3g}' for factor in shown)}, ...)"
    is_rate = site.contract.meaning is Meaning.RATE
    # A schedule that is small from some epoch on may fall so fast on purpose.
    certain = proved and (not is_rate or bool(closed_form(curve_of(group.points))))
    return Finding(
        RULE,
        site,
        (_OF_RATE if is_rate else _OF_FACTOR).format(**_words(group), numbers=numbers, name=site.contract.short_name),
        Confidence.CERTAIN if certain else Confidence.LIKELY,
        sample.place,
        ((group.lr_anchor, f"{site.optimizer} is scheduled by it"),),
        Judgement(Conclusion.FACTOR, None, group).numbers,
        unfixable=_NO_START if is_rate else "",
    )


def _words(group: GroupRun) -> dict[str, str]:
    rises = _is_whole_warm_up(group)
    what, outcome = ("warm-up", "lr falls where it should rise") if rises else ("decay", "decay compounds twice")
    return {"what": what, "outcome": outcome}


RULE = Rule(
    code="LR105",
    name="cumulative-factor",
    summary="each step multiplies by the whole decay so far: `lr * 0.95**epoch` in Keras, a power in MultiplicativeLR",
    default=True,
    check=_check,
    said_of=SaidOf.CALLABLE,
    meanings=frozenset({*FACTORS, Meaning.RATE}),
    remedy="use-initial",
)
