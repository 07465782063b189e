"""Methods that libraries declare, taken from a value and not called yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.semantics.values.base import BaseValue, Value
from lr_lint.semantics.values.context import Raised
from lr_lint.vocabulary.quantities import Quantity

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


def type_of_data(value: Value) -> type | None:
    """The type of Python that a value is of, where it is plain data of a type that is known."""
    if isinstance(value, Quantity):
        return None if value.array or value.number is None else type(value.number)
    return value.data_type() if isinstance(value, BaseValue) else None


def method_of(receiver: Value, name: str, frame: Frame) -> Method:
    """A method of plain data.

    Raises:
        Raised: AttributeError where data of that type has none of that name.
    """
    kind = type_of_data(receiver)
    if kind is not None and frame.world.seen.sampling is not None and not hasattr(kind, name):
        raise Raised("AttributeError")
    return Method(receiver, name)
