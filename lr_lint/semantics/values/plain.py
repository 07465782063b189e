"""Values as the plain data of Python that they stand for, so that CPython can compute with them.

Only data is handed over, and only to functions of Python itself: no code under check is run. What is large is left
alone, since computing it may take for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.lazy import force
from lr_lint.vocabulary.quantities import Basis, Quantity, literal
from lr_lint.vocabulary.units import UNKNOWN, Kind

_LARGEST = 10_000
_LARGEST_BITS = 4_096
_DEEPEST = 6
# A width or a precision that is written into a format.
LONG_NUMBER = re.compile(r"\d{4,}")
_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, UnicodeError)


class NotPlain(Exception):
    """A value that is not known, or too large, or no plain data."""


def plain(value: Value, depth: int = _DEEPEST) -> Any:
    """The data that a value stands for.

    Raises:
        NotPlain: where it stands for no data that is known.
    """
    value = force(value)
    if isinstance(value, Quantity) and not (value.array or value.error) and value.number is not None:
        if isinstance(value.number, int) and value.number.bit_length() > _LARGEST_BITS:
            raise NotPlain
        return value.number
    if isinstance(value, Constant) and (not isinstance(value.value, (str, bytes)) or len(value.value) <= _LARGEST):
        return value.value
    if isinstance(value, ListValue) and depth and not value.incomplete and len(value.values) <= _LARGEST:
        return _collection(value, depth)
    if isinstance(value, DictValue) and depth and not value.incomplete and value.key is None:
        return {key: plain(item, depth - 1) for key, item in value.entries.items()}
    raise NotPlain


def _collection(value: ListValue, depth: int) -> Any:
    make: dict[str, Callable[[Sequence[Any]], Any]] = {"list": list, "tuple": tuple, "set": set}
    if value.kind not in make or (value.unordered and value.kind != "set"):
        raise NotPlain
    items = [plain(item, depth - 1) for item in value.values]
    try:
        return make[value.kind](items)
    except TypeError:
        raise NotPlain from None


def as_value(data: Any, given: Sequence[Value]) -> Value | None:
    """Data as a value that was computed from others; None for data of a kind that has no value."""
    if isinstance(data, (bool, int, float, complex)):
        return _as_number(data, given)
    if data is None or isinstance(data, (str, bytes)):
        return Constant(data) if data is None or len(data) <= _LARGEST else None
    if isinstance(data, (list, tuple)) and type(data) in (list, tuple):
        items = [as_value(item, given) for item in data]
        known = [item for item in items if item is not None]
        return ListValue(known, type(data).__name__) if len(known) == len(items) else None
    if isinstance(data, (set, frozenset)):
        members = [as_value(item, given) for item in data]
        known = [item for item in members if item is not None]
        return ListValue(known, "set", unordered=True) if len(known) == len(members) else None
    if isinstance(data, dict):
        entries = {key: as_value(item, given) for key, item in data.items()}
        return None if None in entries.values() else DictValue({k: v for k, v in entries.items() if v is not None})
    return None


def _as_number(number: complex, given: Sequence[Value]) -> Quantity:
    """A number whose unit is not known where a rate went into it."""
    numbers = list(_numbers_in(given))
    varies = any(each.varies for each in numbers)
    basis = max((each.basis for each in numbers), default=Basis.PROVED)
    if any(each.origins or each.unit.kind is Kind.MIXED for each in numbers):
        return Quantity(number, UNKNOWN, varies=varies, basis=basis)
    shape = literal(number)
    return Quantity(number, shape.unit, varies=varies, basis=basis)


def _numbers_in(values: Sequence[Value], depth: int = _DEEPEST) -> Sequence[Quantity]:
    found: list[Quantity] = []
    for value in values:
        if isinstance(value, Quantity):
            found.append(value)
        elif isinstance(value, (ListValue, DictValue)) and depth:
            found += _numbers_in(list(value.held()), depth - 1)
    return found


def computed(
    compute: Callable[..., Any], given: Sequence[Value], named: dict[str, Value] | None = None
) -> Value | None:
    """What a function of Python gives for values; None where they are not known, or the result has no value.

    Raises:
        Raised: what the function raises.
    """
    keywords = named or {}
    try:
        arguments = [plain(each) for each in given]
        options = {name: plain(each) for name, each in keywords.items()}
    except NotPlain:
        return None
    try:
        result = compute(*arguments, **options)
    except _ERRORS as error:
        raise Raised(type(error).__name__) from None
    except (MemoryError, RecursionError):
        return None
    return as_value(result, [*given, *keywords.values()])


def listed(value: Value) -> Value:
    """An iterator as the list of its items, which are used up; any other value itself."""
    if not isinstance(value, IteratorValue):
        return value
    items, incomplete = value.iterate()
    return ListValue(items, "list", incomplete)


def formatted(value: Value, conversion: str, spec: str) -> Value | None:
    """A value as a format puts it into a text: ``f"{value!conversion:spec}"``; None where that is not known.

    Raises:
        Raised: ValueError where the format does not fit.
    """
    if LONG_NUMBER.search(spec):
        return None
    convert: dict[str, Callable[[Any], Any]] = {"r": repr, "s": str, "a": ascii, "": lambda data: data}
    return computed(lambda data: format(convert[conversion](data), spec), [value])


def interpolated(text: str, value: Value) -> Value | None:
    """``text % value``; None where that is not known."""
    if LONG_NUMBER.search(text) or "*" in text:
        return None
    return computed(lambda data: text % data, [value])
