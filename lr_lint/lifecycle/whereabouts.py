"""Where in a value an object is: itself, or an item of a container, and by which calls it came there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.lifecycle.events import Crossing


@dataclass(frozen=True, slots=True)
class Where:
    """Where in a value the object is, and how it got into the function.

    Attributes:
        crossings: the calls by which it came, outermost first.
        at: the index or key of the item that it is; None where it is the value itself, or any of its items.
        within: where it is in that item, where that is a container too, and so on inwards; None for any place.
        via: what was made of it, where the value is that.
        loose: whether the value may be another object of the kind.
        keeper: which of the calls, counted from 1, gave it to a function that writes or reads states, and steps
            nothing; 0 where none did.
    """

    crossings: tuple[Crossing, ...] = ()
    at: int | str | None = None
    within: tuple[int | str | None, ...] = ()
    via: cst.Call | None = None
    loose: bool = False
    keeper: int = 0

    @property
    def kept(self) -> bool:
        """Whether it is in the hands of a function that writes or reads states, and steps nothing."""
        return self.keeper > 0

    def given_back(self) -> Where:
        """The same where the last call gives it back, to whoever made that call."""
        outside = self.crossings[:-1]
        return replace(self, crossings=outside, keeper=self.keeper if self.keeper <= len(outside) else 0)

    def item(self, at: int | str | None = None) -> Where:
        """The same for a container with the object at a place; for the item by itself without one."""
        return replace(self, at=at)

    def put_into(self, at: int | str | None = None) -> Where:
        """The same for a container that is given the value as an item, at a place where that is known."""
        held = () if self.at is None and not self.within else (self.at, *self.within)
        return replace(self, at=at, within=held)

    def beside(self, at: int) -> Where:
        """The same for what gives each item of the value in a tuple, at a place of that."""
        return replace(self, at=None, within=(at, *self.within))

    def taken_out(self) -> Where:
        """The same for the item that it is."""
        return replace(self, at=self.within[0] if self.within else None, within=self.within[1:])

    def seen_otherwise(self) -> Where:
        """The same in a function that was not given the object, and sees it all the same."""
        return replace(self, crossings=())


def constant_index(part: cst.Subscript) -> int | str | None:
    """The index or key of an item, where that is written."""
    index = part.slice[0].slice if len(part.slice) == 1 else None
    value = index.value if isinstance(index, cst.Index) else None
    if isinstance(value, (cst.SimpleString, cst.Integer)):
        constant = value.evaluated_value
        return constant if isinstance(constant, (int, str)) else None
    return None
