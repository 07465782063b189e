"""What bare numbers prove: that a schedule which is stepped per batch was meant to be stepped per epoch.

A number has no unit. But a rate that all but vanishes over the training, and would not if the steps were epochs, is no
schedule that anybody meant; nor is one whose length is the very number of epochs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lr_lint.timing.terms import Term
from lr_lint.vocabulary.contracts import Extent

if TYPE_CHECKING:
    from lr_lint.timing.counts import Counted
    from lr_lint.timing.horizons import Mark

# No training goes on at such a part of its rate.
_VANISHED = 1e-8
# How many batches an epoch has at least, where nobody says.
_FEW_BATCHES = 20.0
# Fewer epochs than these, and equal numbers may be chance.
_FEWEST_EPOCHS = 5


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
    if not term.free or epochs is None or not number or number < 1 or epochs < _FEWEST_EPOCHS:
        return False
    if counted.batches is not None and counted.batches < 2:
        return False
    if mark.extent is Extent.WHOLE and mark.decay is None:
        return number == epochs
    return mark.extent is Extent.PERIOD and _vanishes(mark, counted)


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
