"""Schedulers that one turn of a training loop steps more often than the optimizer, or beside whoever steps them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import libcst as cst

from lr_lint.checks.facts.early_steps import excludes_where_made
from lr_lint.checks.facts.manual_steps import configuring_class
from lr_lint.checks.facts.passages import passage
from lr_lint.checks.facts.takers import steps_what_it_is_given
from lr_lint.checks.facts.trainings import goes_over, trainings_of, turning
from lr_lint.lifecycle.callers import callers_of
from lr_lint.lifecycle.events import Event, Happening
from lr_lint.lifecycle.lives import Life, loop_around
from lr_lint.lifecycle.orders import Order, Relation, Surrounding
from lr_lint.project.holders import function_of
from lr_lint.project.knowledge import (
    BY_HAND,
    ENGINE_MAKERS,
    MODULE_CLASSES,
    MODULE_SCHEDULERS,
    STEP,
)
from lr_lint.project.modules import Module
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import last_name, walk
from lr_lint.vocabulary.diagnostics import Confidence


@dataclass(frozen=True, slots=True)
class DoubleStep:
    """A scheduler that is stepped twice.

    Attributes:
        extra: the step that is one too many.
        other: the one that is taken anyhow, or what makes somebody take it.
        engine: whether that is an engine or a trainer.
        nested: whether the other one is taken by the turns of a loop within.
        confidence: how sure it is.
    """

    extra: Anchor
    other: Anchor
    engine: bool = False
    nested: bool = False
    confidence: Confidence = Confidence.CERTAIN


def double_step(life: Life) -> DoubleStep | None:
    """How a scheduler is stepped twice; None where it is not, or that cannot be told."""
    if life.construction.contract.by_argument:
        return None
    trained = _beside_a_trainer(life) or _beside_a_taker(life)
    if trained is not None:
        return trained
    if life.scheduler.shared or life.scheduler.lost:
        return None
    steps = [step for step in life.scheduler.steps if _counts(life, step)]
    return _beside_an_engine(life, steps) or (None if life.is_adopted else _in_one_turn(life, steps))


def _counts(life: Life, step: Event) -> bool:
    return not (step.loose or step.call.args or excludes_where_made(life, step))


def _beside_an_engine(life: Life, steps: Sequence[Event]) -> DoubleStep | None:
    """A step besides those of an engine that was given the scheduler."""
    if not any(event.name in ENGINE_MAKERS for event in life.scheduler.of(Happening.ADOPTED)):
        return None
    by_engine = [step for step in steps if step.via is not None]
    for step in steps:
        if step.via is not None:
            continue
        for other in by_engine:
            for relation in life.relations(step, other):
                if relation is not None and turning(life, relation, step) and _is_taken(life, step, relation.first):
                    return DoubleStep(step.anchor, other.anchor, engine=True)
    return None


def _in_one_turn(life: Life, steps: Sequence[Event]) -> DoubleStep | None:
    for one, other in combinations((step for step in steps if step.via is None), 2):
        for relation in life.relations(one, other):
            found = None if relation is None else _doubled(life, one, other, relation)
            if found is not None:
                return found
    return None


def _doubled(life: Life, one: Event, other: Event, relation: Relation) -> DoubleStep | None:
    """What comes of two steps on one pair of ways."""
    if relation.order not in {Order.BEFORE, Order.AFTER} or not turning(life, relation, one, other):
        return None
    first, second = (one, other) if relation.order is Order.BEFORE else (other, one)
    in_first, in_second = relation.first, relation.second
    if relation.order is Order.AFTER:
        in_first, in_second = in_second, in_first
    inner = next((at for at, place in enumerate(in_first) if place.turns and not goes_over(place, first)), None)
    if inner is None:
        sure = _is_taken(life, first, in_first) and _is_taken(life, second, in_second)
        return DoubleStep(second.anchor, first.anchor) if sure and not _trains_between(life, first, second) else None
    if not _is_taken(life, first, in_first[:inner]) or not _is_taken(life, second, in_second):
        return None
    loop = in_first[inner]
    if not _is_taken_with_updates(life, first, loop, in_first[inner + 1 :]) or _trains_after(life, loop, second):
        return None
    return DoubleStep(second.anchor, first.anchor, nested=True)


def _is_taken(life: Life, step: Event, places: Sequence[Surrounding]) -> bool:
    return passage(life, step, places) is Confidence.CERTAIN


def _trains_between(life: Life, first: Event, second: Event) -> bool:
    """Whether the optimizer may be stepped between two steps of the scheduler, or after both as often as before."""
    orders = [(life.order(first, each.event), life.order(each.event, second)) for each in trainings_of(life)]
    return any(
        before is not Order.AFTER and after is not Order.AFTER and Order.NEVER_BOTH not in (before, after)
        for before, after in orders
    )


def _is_taken_with_updates(life: Life, step: Event, loop: Surrounding, places: Sequence[Surrounding]) -> bool:
    """Whether each turn of a loop steps the scheduler, or each of those turns that step the optimizer too."""
    inside = [
        relation for relation in _with_trainings(life, step) if loop.node in {each.node for each in relation.shared}
    ]
    if not inside:
        return False
    return _is_taken(life, step, places) or any(_is_taken(life, step, relation.first) for relation in inside)


def _with_trainings(life: Life, step: Event) -> Iterator[Relation]:
    for training in trainings_of(life):
        for relation in life.relations(step, training.event):
            if relation is not None and relation.order is not Order.NEVER_BOTH:
                yield relation


def _trains_after(life: Life, loop: Surrounding, step: Event) -> bool:
    """Whether the optimizer is stepped outside of a loop and before a step of the scheduler that follows the loop."""
    for training in trainings_of(life):
        around = {node for route in life.routes(training.event) for _, node, _ in route.places()}
        if loop.node not in around and life.order(training.event, step) is not Order.AFTER:
            return True
    return False


def _beside_a_trainer(life: Life) -> DoubleStep | None:
    """A step in a module whose trainer steps the schedulers that the module returns."""
    module, cls = life.construction.module, configuring_class(life)
    if cls is None:
        return None
    returned = next(iter(life.scheduler.of(Happening.RETURNED)), None)
    bases = {last_name(base.value) for base in cls.bases}
    by_hand = BY_HAND.encode() in module.source.data
    if returned is None or by_hand or bases.isdisjoint(MODULE_CLASSES) or len(bases) > 1:
        return None
    for node in walk(cls):
        if isinstance(node, cst.Call) and _is_step_of_schedulers(module, node):
            return DoubleStep(Anchor(module, node), returned.anchor, engine=True, confidence=Confidence.LIKELY)
    own = [step for step in life.scheduler.steps if not step.loose and not step.call.args]
    for step in own:
        return DoubleStep(step.anchor, returned.anchor, engine=True, confidence=Confidence.LIKELY)
    return None


def _beside_a_taker(life: Life) -> DoubleStep | None:
    """A step beside a trainer, or a handler, that was given the scheduler and steps it."""
    taker = next(filter(steps_what_it_is_given, life.scheduler.held), None)
    if taker is None or life.scheduler.shared:
        return None
    for step in life.scheduler.steps:
        if _counts(life, step) and step.via is None and _is_taken_in_training(life, step):
            trainer = Anchor(taker.module, taker.node)
            return DoubleStep(step.anchor, trainer, engine=True, confidence=Confidence.LIKELY)
    return None


def _is_taken_in_training(life: Life, step: Event) -> bool:
    """Whether a step is taken without conditions, in a loop or in a function that is left to others to call."""
    path = step.module.path_to(step.node)
    function = function_of(path)
    inner = (*path[path.index(function) + 1 :], step.node)
    places = [Surrounding(step.module, node, below) for node, below in pairwise(inner)]
    if passage(life, step, (place for place in places if not place.turns)) is None:
        return False
    if loop_around(path) is not None:
        return True
    if not isinstance(function, cst.FunctionDef) or function in life.scheduler.birth:
        return False
    return not callers_of(step.module, function, life.names)


def _is_step_of_schedulers(module: Module, call: cst.Call) -> bool:
    """``self.lr_schedulers().step()``, at once or through a variable."""
    function = call.func
    if not isinstance(function, cst.Attribute) or function.attr.value != STEP or call.args:
        return False
    asked: cst.CSTNode | None = function.value
    if isinstance(asked, cst.Name):
        made = module.values_of(asked.value, asked)
        asked = made[0] if len(made) == 1 else None
    return isinstance(asked, cst.Call) and last_name(asked.func) == MODULE_SCHEDULERS
