"""Constants that are no numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lr_lint.semantics.values.base import BaseValue
from lr_lint.semantics.values.methods import Method
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Frame


@dataclass(frozen=True, slots=True)
class Constant(BaseValue):
    """A constant that is no number: a string, bytes, ``None``, an ellipsis."""

    value: Any
    key: AccessPath | None = None

    @property
    def identity(self) -> AccessPath:
        """Equal constants are the same, wherever they stand."""
        return AccessPath.constant(self.value)

    def as_key(self) -> str | None:
        """The text."""
        return self.value if isinstance(self.value, str) else None

    def default_truth(self) -> bool:
        """As Python has it."""
        return bool(self.value)

    def iterate(self) -> tuple[list[Value], bool] | None:
        """The letters of a text."""
        return ([Constant(letter) for letter in self.value], False) if isinstance(self.value, str) else None

    def member(self, name: str, frame: Frame) -> Method:
        """Constants are asked for methods only."""
        return Method(self, name)

    def method_owners(self) -> tuple[str, ...]:
        """Methods of texts."""
        return ("builtins.str",) if isinstance(self.value, str) else ()


NOTHING = Constant(None)


def constant(key: object) -> Value:
    """A dict key as a value."""
    return literal(key) if isinstance(key, (int, float)) else Constant(key)
