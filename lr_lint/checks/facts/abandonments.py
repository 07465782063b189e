"""Schedulers that nobody steps, returns or hands on, while their optimizers train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.trainings import Training, trainings_of
from lr_lint.checks.facts.visibility import is_seen_elsewhere
from lr_lint.lifecycle.events import Event, Happening, Trail
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.orders import Order
from lr_lint.project.holders import function_of
from lr_lint.vocabulary.diagnostics import Confidence

# What may happen to a scheduler without stepping it.
_HARMLESS = frozenset(
    {
        Happening.MADE,
        Happening.STATE_READ,
        Happening.STATE_LOADED,
        Happening.RATES_READ,
        Happening.OPTIMIZER_READ,
        Happening.SAVED,
        Happening.OWNER_SAVED,
    }
)


@dataclass(frozen=True, slots=True)
class Abandonment:
    """A scheduler that nobody steps.

    Attributes:
        name: the variable that holds it; empty where none does.
        training: what trains all the same.
        confidence: how sure it is that it trains.
        handed_on: whether the scheduler is handed to functions, which do not step it either.
    """

    name: str
    training: Training
    confidence: Confidence
    handed_on: bool = False


def abandonment(life: Life) -> Abandonment | None:
    """How a scheduler is left alone; None where somebody may step it, or nothing in sight trains its optimizer."""
    trail = life.scheduler
    if trail.lost or any(not _is_harmless(event) for event in trail.events):
        return None
    if any(is_seen_elsewhere(life, module, binding) for module, binding in trail.names):
        return None
    if not trail.names and _may_be_meant_to_fail(life):
        return None
    names = [binding.name for _, binding in trail.names]
    found = _training_after(life)
    if found is None:
        return None
    apart = life.construction.module is not found.event.module or bool(trail.shared)
    confidence = Confidence.LIKELY if apart else found.confidence
    return Abandonment(names[0] if names else "", found, confidence, handed_on=bool(trail.entered))


def _is_harmless(event: Event) -> bool:
    if event.happening is Happening.REPLACED:
        statement = event.module.assigned_by(event.node)
        value = getattr(statement, "value", None)
        return isinstance(value, cst.Name) and value.value == "None"
    return event.happening in _HARMLESS and not event.loose


def _may_be_meant_to_fail(life: Life) -> bool:
    """Whether the construction stands where an exception is waited for."""
    return any(isinstance(node, (cst.With, cst.Try, cst.TryStar)) for node in life.construction.path)


def _training_after(life: Life) -> Training | None:
    """What trains after the construction, the surest of it first."""
    found = [each for each in trainings_of(life) if each.confidence > Confidence.POSSIBLE]
    after = [each for each in (*found, *_given_up(life.optimizer)) if _follows(life, each.event)]
    return max(after, key=lambda each: each.confidence, default=None)


def _given_up(optimizer: Trail | None) -> Iterator[Training]:
    """Where the optimizer is returned to somebody who is not in sight."""
    for event in () if optimizer is None else optimizer.of(Happening.RETURNED):
        if isinstance(event.node, cst.Return):
            yield Training(event, Confidence.LIKELY)


def _follows(life: Life, event: Event) -> bool:
    """Whether something happens after the construction, or in another function, which is called when it is called."""
    if event.loose or event.kept:
        return False
    relations = [each for each in life.relations(life.made, event) if each is not None]
    if relations:
        return any(each.order is Order.BEFORE for each in relations)
    home = function_of(life.construction.path)
    return function_of(event.module.path_to(event.node)) is not home
