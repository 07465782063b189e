"""Iterators: what gives one item after the other, each once, and computes them when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.world import BudgetExceeded

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Frame
    from lr_lint.semantics.values.world import World

_MOST_ITEMS = 100_000


@dataclass(slots=True, eq=False)
class IteratorValue(BaseValue):
    """An iterator of the code under check.

    Attributes:
        world: the run that it belongs to.
        of: what it goes over or calls.
        items: gives the items that are left; it may run code under check.
        lost: whether there may be other items than those that it gives.
        made_by: the code that computes the items, and where that finds its variables; None where no code does.
        sent: what a generator is sent as it is asked for the next item.
        returned: what a generator has returned, once it has.
    """

    world: World
    of: tuple[Value, ...] = ()
    items: Iterator[Value] = field(default_factory=lambda: iter(()))
    lost: bool = False
    made_by: tuple[cst.CSTNode, Frame] | None = None
    sent: Value = NOTHING
    returned: Value = NOTHING

    @property
    def may_miss(self) -> bool:
        """Whether there may be other items than those that it gives: so is anything that goes over such."""
        return self.lost or any(isinstance(each, IteratorValue) and each.may_miss for each in self.of)

    def step(self) -> Value | None:
        """The next item; None where there is none."""
        self.world.spend()
        self.world.machine.announce(self, self.world)
        return next(self.items, None)

    def steps(self) -> Iterator[Value]:
        """The items that are left."""
        while (item := self.step()) is not None:
            yield item

    def iterate(self) -> tuple[list[Value], bool]:
        """The items that are left, which are used up."""
        items: list[Value] = []
        for item in self.steps():
            items.append(item)
            if len(items) > _MOST_ITEMS:
                raise BudgetExceeded
        return items, self.may_miss

    def unpack(self, count: int) -> list[Value] | None:
        """As many items as are asked for, if there are no others."""
        items, incomplete = self.iterate()
        return items if len(items) == count and not incomplete else None

    def member(self, name: str, frame: Frame) -> Method:
        """Iterators are asked for methods only."""
        return Method(self, name)

    def held(self) -> Iterable[Value]:
        """What it goes over or calls."""
        return self.of

    def code(self) -> tuple[cst.CSTNode, Frame] | None:
        """The code that is still to be run for its items."""
        return self.made_by

    def method_owners(self) -> tuple[str, ...]:
        """Methods of iterators."""
        return ("<iterator>",)
