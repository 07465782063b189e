"""Callables that return the rate of an epoch, as Keras's ``LearningRateScheduler`` takes them, without Keras.

What the callback does (keras 3.15.1, https://keras.io/api/callbacks/learning_rate_scheduler/): it calls
``schedule(epoch, lr)`` with the rate in force, after a ``TypeError`` ``schedule(epoch)``, refuses what is no float, and
sets what comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan
from types import SimpleNamespace
from typing import Any

from lr_lint.probe.measuring.lengths import length_of
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Place
from lr_lint.vocabulary.time_units import EPOCH

# What Keras's optimizers start from when they are given nothing; only asked for where no optimizer is known.
DEFAULT_RATE = 0.001
_FLOATS = frozenset({"float", "float32", "float64"})


def observe_callable(
    schedule: Callable[..., Any], contract: str, initial: float | None, steps: int | None, site: Place | None
) -> Observation:
    """The rates that a callable gives before epoch 0, 1, ....

    Args:
        schedule: the callable.
        contract: qualified name of what it is given to.
        initial: the rate of the optimizer; None where it is not known.
        steps: how many epochs to look at; as many as the callable speaks of if None.
        site: where it is handed over.
    """
    observation = Observation(site, contract, contract, Mode.SLICE, unit=EPOCH)
    group = ObservedGroup(nan if initial is None else initial)
    observation.groups.append(group)
    rate = DEFAULT_RATE if initial is None else initial
    if initial is None:
        observation.notes.append(f"no optimizer is known: the callable is told that its rate is {DEFAULT_RATE}")
    for epoch in range(length_of(SimpleNamespace(lr_lambdas=[schedule]), steps).told):
        try:
            rate = _rate_of(schedule, epoch, rate)
        except Exception as error:  # code of the user's
            observation.error, observation.error_step = f"{type(error).__name__}: {error}", epoch
            break
        group.lrs.append(rate)
        if isfinite(rate) and (group.peak_lr is None or rate > group.peak_lr):
            group.peak_lr, group.peak_step = rate, epoch
    return observation


def _rate_of(schedule: Callable[..., Any], epoch: int, rate: float) -> float:
    try:
        found = schedule(epoch, rate)
    except TypeError:
        found = schedule(epoch)
    if type(found).__name__ not in _FLOATS:
        raise ValueError(f"the schedule returns {found!r}, and Keras takes a float only")
    return float(found)
