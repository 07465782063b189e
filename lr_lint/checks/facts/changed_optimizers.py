"""Optimizers that are made anew, or get another group, while the scheduler that was made for them is stepped on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.early_steps import excludes_where_made
from lr_lint.checks.facts.passages import passage
from lr_lint.lifecycle.events import Event, Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.makers import gives_new_optimizer
from lr_lint.lifecycle.orders import Order, Surrounding, leaves, related
from lr_lint.lifecycle.routes import Route
from lr_lint.source.tree import dotted_name, walk
from lr_lint.vocabulary.diagnostics import Confidence

# Where a scheduler keeps its optimizer.
_OPTIMIZER = "optimizer"


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
        or any(each.name == _OPTIMIZER for each in life.scheduler.of(Happening.SET))
    ):
        return None
    for event in _changes(life):
        if event.loose or event.kept or excludes_where_made(life, event) or not _follows(life, event, life.made):
            continue
        later = (step for step in life.scheduler.steps if not step.loose and not step.call.args)
        step = next(
            (each for each in later if _follows(life, each, event) or _follows_in_a_turn(life, each, event)), None
        )
        if step is not None:
            return OptimizerChange(event, event.happening is Happening.REPLACED, step)
    return _made_once_more(life)


def _changes(life: Life) -> Iterator[Event]:
    assert life.optimizer is not None
    for event in life.optimizer.of(Happening.REPLACED, Happening.GROUP_ADDED):
        if event.happening is Happening.GROUP_ADDED or _is_another(life, event):
            yield event


def _follows(life: Life, later: Event, earlier: Event) -> bool:
    relations = [each for each in life.relations(earlier, later) if each is not None]
    if any(
        _is_conditional(life, later, each.second) and _is_conditional(life, earlier, each.first) for each in relations
    ):
        # What changes at some time may end what is done up to then: ``if not second_phase: scheduler.step()``.
        return False
    return life.order(earlier, later) is Order.BEFORE


def _is_conditional(life: Life, event: Event, places: Sequence[Surrounding]) -> bool:
    """Whether a condition decides about something that does not just ask whether there is a scheduler."""
    choosing = [place for place in places if isinstance(place.node, (cst.If, cst.Try, cst.TryStar, cst.Match))]
    return passage(life, event, choosing) is not Confidence.CERTAIN


def _follows_in_a_turn(life: Life, step: Event, change: Event) -> bool:
    """Whether a step comes in the turn after that of a change: ``for ...: scheduler.step(); if late: change()``."""
    relations = life.relations(step, change)
    return bool(relations) and all(
        each is not None
        and each.order is Order.BEFORE
        and any(loop.node not in life.scheduler.birth for loop in each.loops)
        and not leaves(each.second)
        and not _is_conditional(life, step, each.first)
        for each in relations
    )


def _made_once_more(life: Life) -> OptimizerChange | None:
    """A method that makes the optimizer, and is called again once the scheduler was made for what it made before."""
    assert life.optimizer is not None
    for made in life.optimizer.of(Happening.MADE):
        if made.loose or not _is_kept(made) or not gives_new_optimizer(made.module, made.call, life.names):
            continue
        for again in life.routes(made):
            step = _step_after(life, again) if _comes_too_late(life, made, again) else None
            if step is not None:
                crossing = again.calls()[-1]
                change = Event(Happening.REPLACED, crossing.module, crossing.call)
                return OptimizerChange(change, rebuilt=True, step=step)
    return None


def _is_kept(made: Event) -> bool:
    """Whether what is made goes straight into an attribute."""
    statement = made.module.path_to(made.node)[-1]
    return isinstance(statement, cst.Assign) and all(
        isinstance(each.target, cst.Attribute) for each in statement.targets
    )


def _comes_too_late(life: Life, made: Event, again: Route) -> bool:
    """Whether a way to what makes the optimizer comes after the scheduler, which is made for what another way made."""
    schedulers, others = life.routes(life.made), [each for each in life.routes(made) if each is not again]
    earlier = [each for each in schedulers if _order(each, again) is Order.BEFORE]
    later = any(_order(again, each) is not Order.AFTER for each in schedulers if each not in earlier)
    return (
        bool(again.calls())
        and not later
        and any(_order(other, scheduler) is Order.BEFORE for other in others for scheduler in earlier)
    )


def _step_after(life: Life, again: Route) -> Event | None:
    """A step of the scheduler that comes after a way, on all ways to it that have to do with it."""
    for step in life.scheduler.steps:
        orders = [_order(again, each) for each in life.routes(step)]
        if not step.loose and not step.call.args and orders and all(each is Order.BEFORE for each in orders):
            return step
    return None


def _order(first: Route, second: Route) -> Order | None:
    relation = related(first, second)
    return None if relation is None else relation.order


def _is_made_again(life: Life) -> bool:
    """Whether what holds the scheduler is given another one, perhaps after the construction."""
    return any(life.order(life.made, each) is not Order.AFTER for each in life.scheduler.of(Happening.REPLACED))


def _reads(event: Event, node: cst.CSTNode) -> bool:
    """Whether a node is the variable that an event is about, and not an attribute of that name: ``torch.optim``."""
    parent = event.module.path_to(node)[-1]
    return dotted_name(node) == event.name and not (isinstance(parent, cst.Attribute) and parent.attr is node)


def _is_another(life: Life, event: Event) -> bool:
    """Whether an assignment makes an optimizer that has nothing to do with the one before."""
    statement = event.module.assigned_by(event.node)
    value = getattr(statement, "value", None)
    if not isinstance(value, cst.Call) or any(_reads(event, node) for node in walk(value)):
        return False
    return gives_new_optimizer(event.module, value, life.names)
