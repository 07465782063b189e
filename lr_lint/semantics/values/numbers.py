"""What numbers answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, Value
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.methods import method_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor, Frame


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

    def member(self, name: str, frame: Frame) -> Value:
        """A part of the number, or a method."""
        number = self.quantity.number
        if name in _PARTS and not self.quantity.array and number is not None and hasattr(number, name):
            return replace(self.quantity, number=getattr(number, name), key=None)
        return method_of(self.quantity, name, frame)

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
