"""What the rates of a param group leave open that comes to its initial lr: one factor near 1 says nothing of the rest.

A branch may return something else than the branch that comes to 1, a floor may be a rate, ratios may pile up, and what
grows or ends may do so within the training. Rates alone cannot tell what was meant there, so each of these is a doubt,
never an accusation: who knows the code (see `lr_lint.probe.consultation`) may settle it either way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from lr_lint.probe.measuring.cases import LAMBDA, MULTIPLICATIVE, Case, number, ratios_of
from lr_lint.vocabulary.curves import EXACT
from lr_lint.vocabulary.decays import closed_form
from lr_lint.vocabulary.time_units import EPOCH

# From here on a peak above the initial lr is a growth.
_GROWN = 1.5
# A rate that changes by this factor in one step, while its neighbours hardly change, comes from another branch.
_JUMP = 20.0
_STEADY = 5.0
# A floor up to here may be a rate; as a rate it also lies below the initial lr.
_LARGEST_FLOOR = 0.05
# So few different ratios are steps of a decay; more of them, falling, pile up.
_FEW_RATIOS = 3
# The rate may be 0, or as good as that, for this part of the training at its end before that is worth a word.
_LAST_PART = 0.1
_NOTHING = 1e-6
# A schedule that has not changed the rate by then, changes it nowhere.
_LONG_ENOUGH = 10


def doubt_about(case: Case) -> str:
    """Why rates that come to the initial lr do not show that the schedule is right; empty where nothing is left open.

    Args:
        case: the group. Rates that are the library's own arithmetic on its arguments are doubted for nothing.
    """
    if not case.computes_itself:
        return ""
    return next(filter(None, (doubt(case) for doubt in _DOUBTS)), "")


def _end(case: Case) -> str:
    found = case.rates.first_no_rate
    if found is None or case.whole_training:
        return ""
    step, rate = found
    return f"it is {number(rate)} at step {step}, which is right only if the training ends before"


def _growth(case: Case) -> str:
    group, peak = case.group, case.peak
    if peak is None or peak < _GROWN:
        return ""
    return f"it peaks at {number(group.peak_lr)} (step {group.peak_step}), {peak:.4g} times that"


def _branch(case: Case) -> str:
    """A jump from one branch to another that is of a different scale."""
    points = case.curve.telling
    found = _jump(points)
    if found is None:
        return ""
    (before, factor), (after, other) = points[found], points[found + 1]
    times = max(factor, other) / min(factor, other)
    base = case.base or math.nan
    return (
        f"from step {before} to step {after} it {'falls' if other < factor else 'rises'} at once from "
        f"{number(factor * base)} to {number(other * base)}, by {times:.4g}: is one of the two branches a rate?"
    )


def _jump(points: Sequence[tuple[int, float]]) -> int | None:
    """Where a curve jumps, by the position before the jump; the first value alone is no branch."""
    changes = [
        max(factor, other) / min(factor, other) if after == before + 1 else math.nan
        for (before, factor), (after, other) in pairwise(points)
    ]
    for at, change in enumerate(changes):
        beside = [each for each in (*changes[max(0, at - 1) : at], *changes[at + 1 : at + 2]) if not math.isnan(each)]
        if at and change >= _JUMP and all(each < _STEADY for each in beside):
            return at
    return None


def _floor(case: Case) -> str:
    """A small number at which the factor stays to the end, if it would be below the initial lr as a rate."""
    points = case.curve.telling
    if case.base is None or not case.by_contract(LAMBDA) or len(points) < 2:
        return ""
    plateaus = [(values[0][0], factor, len(values)) for factor, values in _plateaus(points)]
    began, last, length = plateaus[-1]
    if length < 2 or last > _LARGEST_FLOOR or last >= case.base or _falls_in_steps(plateaus):
        return ""
    return (
        f"from step {began} on it stays at {number(last * case.base)}, {last:.4g} times the initial lr: right only if "
        f"{last:.4g} is no rate"
    )


def _plateaus(points: Sequence[tuple[int, float]]) -> list[tuple[float, list[tuple[int, float]]]]:
    """The values that a curve takes one after the other, each with its points."""
    found: list[tuple[float, list[tuple[int, float]]]] = []
    for point in points:
        if found and math.isclose(found[-1][0], point[1], rel_tol=EXACT):
            found[-1][1].append(point)
        else:
            found.append((point[1], [point]))
    return found


def _falls_in_steps(plateaus: Sequence[tuple[int, float, int]]) -> bool:
    """Whether the last plateau is one of several that each are the same part of the one before."""
    (*_, before), last = [factor for _, factor, _ in plateaus[:-1]] or [math.nan], plateaus[-1][1]
    drops = [later / earlier for (_, earlier, _), (_, later, _) in pairwise(plateaus)]
    held = len(plateaus) > 1 and plateaus[-2][2] > 1
    return held and all(math.isclose(drop, last / before, rel_tol=EXACT) for drop in drops)


def _compounding(case: Case) -> str:
    """Ratios that fall as factors of the initial lr do."""
    if not case.by_contract(MULTIPLICATIVE):
        return ""
    ratios = [ratio for _, ratio in ratios_of(case.group.lrs).telling]
    falling = all(later <= earlier * (1 + EXACT) for earlier, later in pairwise(ratios))
    if not falling or len({round(ratio, 9) for ratio in ratios}) <= _FEW_RATIOS or closed_form(case.curve):
        return ""
    return (
        f"it has fallen to {number(case.group.lrs[len(ratios)])} by step {len(ratios)}: the factors fall, from "
        f"{ratios[0]:.4g} to {ratios[-1]:.4g}, and {case.scheduler} multiplies the rate in force by each"
    )


def _early_end(case: Case) -> str:
    """A rate that is as good as 0 for a good part of a training whose length is known."""
    length = case.observation.training or len(case.group.lrs)
    if not case.whole_training or not case.curve.real:
        return ""
    last = next((time for time, factor in reversed(case.curve.real) if factor > _NOTHING), length)
    step = next((time for time, _ in case.curve.real if time > last), length)
    if length - step < 2 or length - step <= _LAST_PART * length:
        return ""
    rate = number(case.rate_at(step))
    return f"it is {rate} at step {step}, and next to nothing from there on, to step {length - 1}"


def _first_epoch(case: Case) -> str:
    """An epoch that trains with a rate of 0."""
    first = case.observation.unit == EPOCH and case.group.lrs[0] == 0 and not case.group.held_at_zero
    return "nothing is learned in the first epoch, where it is 0" if first else ""


def _idle(case: Case) -> str:
    """A callable that changes nothing in a whole training."""
    length = case.observation.training
    idle = length is not None and length >= _LONG_ENOUGH and case.reading.constant and len(case.curve.telling) > 1
    return f"it stays that at all {length} steps of the training: the schedule changes nothing" if idle else ""


# In the order of how much they say; the first is told.
_DOUBTS: tuple[Callable[[Case], str], ...] = (
    _branch,
    _compounding,
    _growth,
    _end,
    _first_epoch,
    _early_end,
    _floor,
    _idle,
)
