"""What a slice shows whose initial lr nobody gives: rates are supposed, and only what holds for any of them is shown.

A schedule is a factor of the initial lr, or it is none, whatever that lr is. So a program that lacks a rate is run with
one that is supposed, and with others. Where the factors are the same each time, or carry the rate each time, the size
of the rate that is missing makes no difference to the verdict.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from lr_lint.probe.child.slices.sizes import SliceRun, first_difference
from lr_lint.probe.measuring.cases import Case, ScheduleOutcome, cases_of
from lr_lint.probe.measuring.verdicts import judge
from lr_lint.probe.records import Observation, Rate
from lr_lint.vocabulary.curves import ABOUT_ONE, EXACT
from lr_lint.vocabulary.names import Suggestion, suggestion_of

# What is supposed of the first rate that is missing, of the second and of the third; more of them are too many. In no
# two rows do two rates have the same ratio, so that a factor which is made of two rates differs. All are as large as
# people choose them: an initial lr near 1 is relative, and carries no rate.
SUPPOSED = ((0.1, 0.03, 0.07), (0.023, 0.011, 0.0019), (0.0047, 0.0009, 0.0016))


def is_rate(name: str) -> bool:
    """Whether a setting is called like a learning rate."""
    return suggestion_of(name.rpartition(".")[2]) is Suggestion.RATE


def supposed(names: Sequence[str], row: Sequence[float]) -> dict[str, float]:
    """A rate for each name; the later names go without where there are too many."""
    return dict(zip(names, row, strict=False))


def holds_for_any_rate(run: SliceRun, others: Iterable[SliceRun]) -> bool:
    """Whether runs with other rates show the same.

    Args:
        run: the run with the first of the rates that are supposed.
        others: those with the others.
    """
    if run.groups_unread and judge(run.observation).outcome is ScheduleOutcome.CONTRADICTS:
        # Groups that were not made may have relative rates: then it is right to carry the rate.
        return False
    return all(_agree(run, other) for other in others)


def _agree(run: SliceRun, other: SliceRun) -> bool:
    if len(run.parts) != len(other.parts) or first_difference(run, [other]) is not None:
        return False
    return all(
        _show_the_same(one, another)
        for one, another in zip((run.observation, *run.parts), (other.observation, *other.parts), strict=True)
    )


def _show_the_same(observation: Observation, other: Observation) -> bool:
    outcome = judge(observation).outcome
    if observation.error or other.error or judge(other).outcome is not outcome:
        return False
    pairs = list(zip(_cases(observation), _cases(other), strict=False))
    if len(observation.groups) != len(other.groups) or not pairs:
        return False
    # What the library computes by itself is right by its arguments, some of which are rates.
    return all(
        not one.computes_itself or _have_the_same_factors(one, another, outcome is ScheduleOutcome.CONTRADICTS)
        for one, another in pairs
    )


def _cases(observation: Observation) -> Iterator[Case]:
    yield from cases_of(observation, ABOUT_ONE, whole_training=observation.training is not None)


def _have_the_same_factors(case: Case, other: Case, may_carry_the_rate: bool) -> bool:
    """Whether the factors are the same, or the same multiples of the initial lr where that is allowed."""
    if not case.base or not other.base:
        return False
    pairs = [(one / case.base, another / other.base) for one, another in zip(_seen(case), _seen(other), strict=False)]
    carrying = [(one / case.base, another / other.base) for one, another in pairs]
    return _are_alike(pairs) or (may_carry_the_rate and _are_alike(carrying))


def _seen(case: Case) -> list[Rate]:
    """The rates that were read, in order."""
    return [*case.group.lrs, *(rate for _, rate in case.group.later)]


def _are_alike(pairs: Iterable[tuple[Rate, Rate]]) -> bool:
    """Whether numbers are the same as far as rounding lets one tell."""
    return all(
        isinstance(one, (int, float)) and isinstance(other, (int, float)) and math.isclose(one, other, rel_tol=EXACT)
        for one, other in pairs
    )
