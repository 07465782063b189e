"""What something may have changed that was not followed: nothing about it is known, whatever it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame


@dataclass(frozen=True, slots=True)
class Forgotten(BaseValue):
    """What a variable, an attribute or an item holds that may have been changed.

    Unlike an unknown value it has no identity, since two reads may differ, and no name that is evidence: that it is
    called ``lr`` was so before the change. Whatever is read from it is forgotten too.

    Attributes:
        reason: what may have changed it, in words that fit after "because".
    """

    reason: str

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """As the world has it."""
        frame.world.seen.forgot = True
        return frame.world.assume(paths.truth(AccessPath.node(node)))

    def iterate(self) -> tuple[list[Value], bool]:
        """Something that is not known."""
        return [self], True

    def unpack(self, count: int) -> list[Value]:
        """Parts that are not known."""
        return [self for _ in range(count)]

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
        """Not known."""
        return self

    def sliced(self, bounds: Sequence[Value]) -> Value:
        """Not known."""
        return self

    def member(self, name: str, frame: Frame) -> Value:
        """Not known."""
        return self

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
        """Not known; whatever it is given may be changed by it."""
        frame.world.machine.forget((*arguments, *keywords.values()), self.reason, frame.world)
        return self
