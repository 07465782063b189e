"""Whether every turn of a training loop steps the scheduler before it steps the optimizer for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lr_lint.checks.facts.passages import passage
from lr_lint.checks.facts.trainings import Training, trainings_of, turning
from lr_lint.lifecycle.alternatives import excludes
from lr_lint.lifecycle.events import Event, Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.orders import Order, Relation
from lr_lint.vocabulary.diagnostics import Confidence

# Where a scheduler keeps its time, in steps.
_TIME = "last_epoch"


@dataclass(frozen=True, slots=True)
class EarlyStep:
    """A scheduler that is stepped before its optimizer, turn by turn.

    Attributes:
        scheduler: the scheduler's step.
        optimizer: the optimizer's, or the call of a function that is given the optimizer.
        confidence: how sure it is that the optimizer is stepped there.
    """

    scheduler: Event
    optimizer: Training
    confidence: Confidence


def early_step(life: Life) -> EarlyStep | None:
    """A step of the scheduler that comes before the first one of the optimizer, turn by turn.

    None where something may step the optimizer first, where the time of the scheduler is set or an accelerator watches
    over its steps, and where that cannot be told.
    """
    trail = life.scheduler
    if trail.lost or trail.prepared or not trail.steps or life.is_adopted:
        return None
    if life.optimizer is None or _is_put_back(life):
        return None
    steps = [step for step in trail.steps if not excludes_where_made(life, step)]
    trainings = [each for each in trainings_of(life) if not excludes_where_made(life, each.event)]
    for step in steps:
        found = _early(life, step, trainings)
        if found is not None and not any(_comes_after(life, each, found) for each in steps if each is not step):
            return found
    return None


def excludes_where_made(life: Life, event: Event) -> bool:
    """Whether something happens where another scheduler is made, by the conditions around both, or before it is."""
    construction = life.construction
    if event.module is construction.module and excludes(construction.path, event.node, event.module):
        return True
    return life.order(life.made, event) is Order.AFTER


def _is_put_back(life: Life) -> bool:
    """Whether the code sets the time of a scheduler: once it is put back, the first step takes the first rate."""
    set_here = any(event.name == _TIME for event in life.scheduler.of(Happening.SET))
    module = life.construction.module
    return set_here or any(write.field == _TIME for write in module.writes.of(_TIME))


def _early(life: Life, step: Event, trainings: Sequence[Training]) -> EarlyStep | None:
    """A step that comes before all training, and turn by turn before some of it."""
    if step.call.args or step.loose or step.via is not None:
        return None
    found: list[EarlyStep] = []
    for training in trainings:
        relations = life.relations(step, training.event)
        if not relations or any(each is None or each.order in {Order.AFTER, Order.UNKNOWN} for each in relations):
            return None
        sure = [_sure(life, step, training, each) for each in relations if each and each.order is Order.BEFORE]
        known = [each for each in sure if each is not None]
        if known and training.confidence > Confidence.POSSIBLE:
            found.append(EarlyStep(step, training, min(known)))
    return max(found, key=lambda each: each.confidence, default=None)


def _sure(life: Life, step: Event, training: Training, relation: Relation) -> Confidence | None:
    """How sure it is that each turn takes a step before it trains."""
    if not turning(life, relation, step, training.event):
        return None
    passed = passage(life, step, relation.first)
    return None if passed is None else min(passed, training.confidence)


def _comes_after(life: Life, step: Event, found: EarlyStep) -> bool:
    """Whether another step of the scheduler comes after the optimizer's in the same turn."""
    relations = life.relations(step, found.optimizer.event)
    return any(each is not None and each.order is not Order.BEFORE and turning(life, each, step) for each in relations)
