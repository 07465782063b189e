"""Methods that libraries declare, taken from a value and not called yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.semantics.values.base import BaseValue, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lr_lint.semantics.values.context import Anchor, Frame


@dataclass(frozen=True, slots=True)
class Method(BaseValue):
    """A method of a value that is not user code, such as ``list.append`` or ``dict.get``."""

    receiver: Value
    name: str

    @property
    def label(self) -> str:
        """Its name."""
        return self.name

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value | None:
        """What the library's method gives, as far as that is known."""
        return frame.world.machine.call_method(self, arguments, keywords, anchor, frame)

    def held(self) -> Iterable[Value]:
        """Its receiver."""
        return (self.receiver,)
