"""What numbers answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue
from lr_lint.semantics.values.methods import Method
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Frame


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
        number, key = self.quantity.number, self.quantity.key
        first = bool(number) if number is not None else True
        if number is not None and (self.quantity.basis is Basis.PROVED or key is None):
            return first
        return frame.world.assume(paths.truth(key or AccessPath.node(node)), first)

    def member(self, name: str, frame: Frame) -> Method:
        """Numbers are asked for methods only."""
        return Method(self.quantity, name)

    def method_owners(self) -> tuple[str, ...]:
        """Methods of numbers, tensors and arrays of one number."""
        return ("<number>",)
