"""What numbers answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, Value, constant_key
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.methods import method_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import code_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Origin, Quantity
from lr_lint.vocabulary.units import RATE, Strength

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Frame


_OUTSIDE = "it is set outside the project"
# The parts of Python's numbers.
_PARTS = frozenset({"real", "imag", "numerator", "denominator"})


@dataclass(frozen=True, slots=True)
class Number(BaseValue):
    """A quantity, dressed as a value for as long as it is asked something. No variable holds one."""

    quantity: Quantity

    @property
    def label(self) -> str:
        """The last name that it went by."""
        return self.quantity.name

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """What is proved is true or not; of the rest the world decides, as the number has it first."""
        key = self.quantity.key
        known = self.quantity.sure_truth
        first = known is not False
        frame.world.seen.assumed |= not self.quantity.basis.is_written
        if known is not None and (self.quantity.basis.decides or key is None):
            return first
        return frame.world.assume(paths.truth(key or AccessPath.node(node)), first)

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """What is called a rate may be a table of settings, or an array, whose items have its unit: ``lrs[0]``."""
        if self.quantity.number is not None:
            return None
        at = constant_key(index)
        key = paths.item(self.quantity.key, at) if at is not None else None
        if isinstance(at, str):
            return Unknown(_OUTSIDE, key, self._name_of(at)) if self.quantity.unit.is_rate else None
        at_times = isinstance(index, Quantity) and index.varies
        if key is not None and key in frame.world.assumptions.rate_keys:
            unit = RATE
        else:
            # At a place of its own may be something else than at the next one: a rate, and how fast it falls.
            unit = self.quantity.unit if at_times else self.quantity.unit.weakened(Strength.GUESS)
        origins = (Origin(key, Anchor(frame.module, node), code_of(node)),) if self.quantity.origins else ()
        whole = self.quantity
        return Quantity(None, unit, whole.varies or at_times, whole.basis, key, origins=origins, array=whole.array)

    def member(self, name: str, frame: Frame) -> Value:
        """A part of the number, or a method."""
        number = self.quantity.number
        named = number is None and self.quantity.unit.is_rate
        if named and not frame.world.machine.has_method(self.quantity, name):
            # What is called a rate may be a namespace as well: ``cfg.lr.initial``.
            return Unknown(_OUTSIDE, paths.attribute(self.quantity.key, name), self._name_of(name))
        if name in _PARTS and not self.quantity.array and number is not None and hasattr(number, name):
            return replace(self.quantity, number=getattr(number, name), key=None)
        return method_of(self.quantity, name, frame)

    def _name_of(self, part: str) -> str:
        """What a part goes by: beside the name of the whole where its own says nothing, as ``lr.max`` does."""
        name = self.quantity.name
        return f"{name}_{part}" if name and suggestion_of(part) is Suggestion.NOTHING else part

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> None:
        """The time index cannot be called; any other number may be thought to be one, and is something else then."""
        if self.quantity.ticks and self.quantity.number is not None:
            raise Raised("TypeError")
        frame.world.doubt("it calls a number")

    def method_owners(self) -> tuple[str, ...]:
        """Methods of Python's numbers by their types, and of tensors and arrays of one number."""
        number = self.quantity.number
        if number is None or self.quantity.array:
            return ("<number>",)
        return (f"builtins.{'int' if isinstance(number, bool) else type(number).__name__}", "<number>")
