"""Constants as keys of dicts and indices of lists, and back."""

from __future__ import annotations

from lr_lint.semantics.values.domain import Constant, Value
from lr_lint.vocabulary.quantities import Quantity, literal


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
