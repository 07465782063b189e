"""Optimizers that are made anew, or get another group, while the scheduler that was made for them is stepped on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.early_steps import excludes_where_made
from lr_lint.lifecycle.events import Event, Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.makers import gives_new_optimizer
from lr_lint.lifecycle.orders import Order
from lr_lint.source.tree import dotted_name, walk


@dataclass(frozen=True, slots=True)
class OptimizerChange:
    """An optimizer that changes while its scheduler stays.

    Attributes:
        change: the change.
        rebuilt: whether it is another optimizer from there on; else it has another param group.
        step: a later step of the scheduler.
    """

    change: Event
    rebuilt: bool
    step: Event


def change_of(life: Life) -> OptimizerChange | None:
    """A change of the optimizer after the construction, and before the scheduler is stepped on."""
    if (
        not life.scheduler.steps
        or life.optimizer is None
        or life.scheduler.shared
        or life.optimizer.shared
        or _is_made_again(life)
    ):
        return None
    for event in _changes(life):
        if event.loose or event.kept or excludes_where_made(life, event) or not _follows(life, event, life.made):
            continue
        later = (step for step in life.scheduler.steps if not step.loose and not step.call.args)
        step = next((each for each in later if _follows(life, each, event)), None)
        if step is not None:
            return OptimizerChange(event, event.happening is Happening.REPLACED, step)
    return None


def _changes(life: Life) -> Iterator[Event]:
    assert life.optimizer is not None
    for event in life.optimizer.of(Happening.REPLACED, Happening.GROUP_ADDED):
        if event.happening is Happening.GROUP_ADDED or _is_another(life, event):
            yield event


def _follows(life: Life, later: Event, earlier: Event) -> bool:
    return life.order(earlier, later) is Order.BEFORE


def _is_made_again(life: Life) -> bool:
    """Whether what holds the scheduler is given another one, perhaps after the construction."""
    return any(life.order(life.made, each) is not Order.AFTER for each in life.scheduler.of(Happening.REPLACED))


def _is_another(life: Life, event: Event) -> bool:
    """Whether an assignment makes an optimizer that has nothing to do with the one before."""
    statement = event.module.assigned_by(event.node)
    value = getattr(statement, "value", None)
    if not isinstance(value, cst.Call) or any(dotted_name(node) == event.name for node in walk(value)):
        return False
    return gives_new_optimizer(event.module, value, life.names)
