"""Constants that are no numbers; constants as keys of dicts and indices of lists, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lr_lint.semantics.values.base import BaseValue
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity, literal

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value


@dataclass(frozen=True, slots=True)
class Constant(BaseValue):
    """A constant that is no number: a string, bytes, ``None``, an ellipsis."""

    value: Any
    key: AccessPath | None = None

    @property
    def identity(self) -> AccessPath:
        """Equal constants are the same, wherever they stand."""
        return AccessPath.constant(self.value)


NOTHING = Constant(None)


def constant_key(value: Value) -> str | int | float | bool | None:
    """A value as a dict key or list index, where it is a known constant."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Quantity) and isinstance(value.number, (int, float)):
        return value.number
    return None


def constant(key: object) -> Value:
    """A dict key as a value."""
    return literal(key) if isinstance(key, (int, float)) else Constant(key)
