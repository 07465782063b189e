"""What bare numbers prove: a schedule that is stepped per batch was meant to be stepped per epoch, or the reverse.

A number has no unit, and no more has the default of an option that nothing else in the training says anything about.
But a rate that all but vanishes over the training, and would not if the steps were epochs, is no schedule that anybody
meant; nor is one whose length is the very number of epochs, or whose drops are spread over that number, nor a warm-up
many times as long as the training.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lr_lint.timing.claims import FEWEST_EPOCHS, ClockUnit, is_long_for
from lr_lint.timing.terms import Known, Term
from lr_lint.vocabulary.contracts import Extent

if TYPE_CHECKING:
    from lr_lint.timing.counts import Counted
    from lr_lint.timing.horizons import Mark
    from lr_lint.vocabulary.paths import AccessPath
    from lr_lint.vocabulary.time_units import TimeUnit

# No training goes on at such a part of its rate.
_VANISHED = 1e-8
# How many batches an epoch has at least, where nobody says.
_FEW_BATCHES = 20.0
# How exactly a number has to be that of something which happens, and how far from that of the steps.
_CHANCE, _FAR_APART = 0.01, 3.0
# Fewer epochs than these may be as many as some batches by chance.
_EPOCHS_OF_DROPS = 10.0


def is_absurd(mark: Mark, term: Term, counted: Counted) -> bool:
    """Whether an amount of time without a unit can only be meant in epochs, where each batch steps.

    Args:
        mark: the amount.
        term: its unit, or that it has none.
        counted: how often things happen in the training.
    """
    epochs, number = counted.epochs, mark.number
    if mark.extent is Extent.EACH_STEP:
        return _vanishes(mark, counted)
    if not _is_alone(term) or epochs is None or not number or number < 1 or epochs < FEWEST_EPOCHS:
        return False
    if counted.batches is not None and counted.batches < 2:
        return False
    if mark.extent is Extent.WHOLE and mark.decay is None:
        return number == epochs
    return mark.extent is Extent.PERIOD and _vanishes(mark, counted)


def are_drops_of_epochs(
    mark: Mark, marks: Iterable[Mark], units: Mapping[AccessPath, TimeUnit], counted: Counted
) -> bool:
    """Whether an amount is one of the times at which a rate drops, and these can only be meant in epochs.

    All of them lie within the number of epochs, and reach far into it: counted in batches, all would be over in a small
    part of the training.

    Args:
        mark: the amount.
        marks: all amounts of the schedule.
        units: the units of the values that the training gives a meaning.
        counted: how often things happen in the training.
    """
    drops = [each for each in marks if each.node is mark.node and each.decay is not None]
    if mark.extent is not Extent.WHOLE or not all(_is_alone(each.term(units)) for each in drops):
        return False
    epochs, numbers = counted.epochs, [each.number or 0.0 for each in drops]
    if epochs is None or epochs < _EPOCHS_OF_DROPS or len(numbers) < 2 or min(numbers) < 1:
        return False
    steps = epochs * (counted.batches or _FEW_BATCHES) / (counted.every or 1.0)
    return epochs / _FAR_APART <= max(numbers) < epochs and steps >= _FAR_APART * epochs


def comes_to(mark: Mark, clock: ClockUnit, counted: Counted) -> ClockUnit | None:
    """What an amount of time without a unit counts, by how often that happens in the training; None where it may fit.

    Args:
        mark: the amount.
        clock: what a step is one of.
        counted: how often things happen in the training.
    """
    if mark.extent is not Extent.WHOLE or mark.decay is not None or not mark.number:
        return None
    taken = counted.steps(clock)
    for unit in (ClockUnit.EPOCH, ClockUnit.BATCH, ClockUnit.UPDATE):
        times = None if unit is clock else counted.often(unit)
        if times is None or taken is None or taken <= 0 or abs(times / mark.number - 1) > _CHANCE:
            continue
        if max(times, taken) >= _FAR_APART * min(times, taken):
            return unit
    return None


def is_endless(mark: Mark, term: Term, counted: Counted) -> bool:
    """Whether a warm-up without a unit can only be meant in batches or updates, where each epoch steps.

    The arguments are those of `is_absurd`.
    """
    epochs, number = counted.epochs, mark.number
    if mark.extent is not Extent.WARM_UP or not _is_alone(term) or epochs is None or number is None:
        return False
    return is_long_for(number, epochs)


def _is_alone(term: Term) -> bool:
    """Whether a number is all that there is: one that is written, or the default of an option."""
    return term.free or term.known is Known.NOTHING


def _vanishes(mark: Mark, counted: Counted) -> bool:
    """Whether nothing is left of the rate at the end of the training, and would be if the steps were epochs."""
    epochs, number, decay = counted.epochs, mark.number, mark.decay
    if epochs is None or not number or decay is None or not 0 < decay < 1:
        return False
    steps = epochs * (counted.batches or _FEW_BATCHES) / (counted.every or 1.0)
    return _after(steps, number, decay) < _VANISHED <= _after(epochs, number, decay)


def _after(steps: float, period: float, decay: float) -> float:
    """What is left of the rate after some steps."""
    return float(decay ** (steps // period))
