"""One way to a step, as it was read, and the units of the values that it gives a meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeGuard

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.routes import Route
from lr_lint.project.binders import SELF
from lr_lint.semantics.values.base import key_of
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import walk
from lr_lint.timing.guards import Guard
from lr_lint.timing.loop_units import units_of_batches, units_of_updates
from lr_lint.timing.loops import Loop
from lr_lint.vocabulary.paths import NAMELESS, AccessPath
from lr_lint.vocabulary.quantities import Basis
from lr_lint.vocabulary.time_units import BATCHES, BATCHES_PER_UPDATE, EPOCHS, TimeUnit


@dataclass(slots=True)
class Way:
    """One way to a step.

    Attributes:
        route: through which functions it leads.
        epochs: the loop whose turns go over all data once; None where there is none.
        batches: the loop whose turns train on a batch each and take the step; None where there is none.
        flat: a loop of updates that knows no epochs.
        within: the loops over data within a turn of the epoch loop, for a step that each epoch takes once.
        every: of how many batches one takes the step: what that is counted by.
        accumulation: of how many batches one moves the optimizer, where the step is taken with each of them.
        synchronised: whether the step is taken where a trainer says that the optimizer moves.
        accumulates: whether it is in a part of the code in which a trainer lets the optimizer move every so often.
        updates: whether the step is taken with each update of an optimizer that a trainer steps.
        partial: whether some turns leave it out.
        optional: whether a condition that the code leaves open decides, once for all turns, that they take it, or only
            a name tells that they do.
        guarded: whether a condition that the code leaves open has the optimizer move and the step taken, or neither.
        whole: whether it is taken in each turn of the loops, for certain, and they turn as often as they say.
        basis: what it rests on how often that is.
        dead: whether it is never taken.
        reason: why nothing is known of it; empty where much is.
    """

    route: Route
    epochs: Loop | None = None
    batches: Loop | None = None
    flat: Loop | None = None
    within: list[Loop] = field(default_factory=list)
    every: Guard | None = None
    accumulation: Guard | None = None
    synchronised: bool = False
    accumulates: bool = False
    updates: bool = False
    partial: bool = False
    optional: bool = False
    guarded: bool = False
    whole: bool = False
    basis: Basis = Basis.PROVED
    dead: bool = False
    reason: str = ""

    @property
    def is_per_batch(self) -> bool:
        """Whether each batch, or one of so many, takes the step."""
        return self.batches is not None or self.flat is not None

    def units(self) -> dict[AccessPath, TimeUnit]:
        """The units of the values that this way gives a meaning."""
        units: dict[AccessPath, TimeUnit] = {}
        for loop in (*self.within, *([] if self.batches is None else [self.batches])):
            units.update(units_of_batches(loop))
        if self.epochs is not None:
            units.update(dict.fromkeys(self.epochs.counts, EPOCHS))
        if self.flat is not None:
            units.update(units_of_updates(self.flat))
        units.update(self._units_of_total())
        for guard in (self.every, self.accumulation):
            key = None if guard is None or guard.every is None else key_of(guard.every)
            if key is not None and key not in units:
                units[key] = BATCHES_PER_UPDATE
        return units

    def _units_of_total(self) -> dict[AccessPath, TimeUnit]:
        """The unit of the end of a ``while`` whose turns are epochs: what the loop over the batches counts up to."""
        loops = [*self.within, *([] if self.batches is None else [self.batches])]
        if self.epochs is None or self.epochs.total is None:
            return {}
        key = key_of(self.epochs.total)
        counts_batches = any(loop.node is self.epochs.counting for loop in loops)
        return {key: BATCHES} if counts_batches and key is not None and key.kind not in NAMELESS else {}

    def totals(self) -> list[AccessPath | None]:
        """What the code says how many steps there are in all."""
        loops = [loop for loop in (self.flat, self.epochs) if loop is not None]
        given = [loop.total if loop.total is not None else loop.count for loop in loops]
        return [None if value is None else key_of(value) for value in given]


def units_of_attributes(way: Way, construction: Construction, evaluator: Evaluator) -> dict[AccessPath, TimeUnit]:
    """The units of an object's attributes that bound its epoch loop, as the method sees them that makes the schedule.

    A loop may stand in a method of a base class, in another file, that nobody there knows the object of.
    """
    bound = None if way.epochs is None else way.epochs.bound
    names = {each.attr.value for each in walk(bound) if _is_of_self(each)} if bound is not None else set()
    found: dict[AccessPath, TimeUnit] = {}
    for name in names:
        for node in construction.module.attributes.get(name, ()):
            if _is_of_self(node) and construction.call in construction.module.path_to(node):
                key = evaluator.key_of(construction.module, node)
                if key is not None and key.kind not in NAMELESS:
                    found[key] = EPOCHS
    return found


def _is_of_self(node: cst.CSTNode) -> TypeGuard[cst.Attribute]:
    return isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name) and node.value.value == SELF
