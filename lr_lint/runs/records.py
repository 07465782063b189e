"""What was found in a file, as what JSON can carry, and back.

Pickle would do it too, but may run code when it is read, and a cache may come with the code that is checked.

The classes say what they are made of by their annotations. What does not fit them is refused.
"""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, cast

_Record = TypeVar("_Record")
_PLAIN = (str, int, float, bool)


def as_plain(value: Any) -> Any:
    """What JSON can carry, of a frozen dataclass of plain data, tuples, enumerations and others of its kind."""
    if is_dataclass(value):
        return [as_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, enum.Enum):
        return value.value
    return [as_plain(item) for item in value] if isinstance(value, tuple) else value


def from_plain(plain: Any, kind: type[_Record]) -> _Record:
    """The record of which `as_plain` made something.

    Args:
        plain: what it made, read from JSON.
        kind: the class of the record.

    Raises:
        ValueError: if it was made of no such record.
    """
    try:
        reader: Callable[[Any], _Record] = _reader(cast(Hashable, kind))
        record = reader(plain)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ValueError(f"no {kind.__name__}: {error!r}") from error
    return record


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of a kind of what JSON has in its place."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return _tuple_reader(arguments)
    if arguments and type(None) in arguments:
        (inner,) = (each for each in arguments if each is not type(None))
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        return _fields_reader(kind)
    if issubclass(kind, enum.Enum):
        return lambda value: kind(value)
    return _plain_reader(kind)


def _tuple_reader(arguments: tuple[Any, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if arguments[-1] is Ellipsis:
        item = _reader(arguments[0])
        return lambda values: tuple(item(value) for value in _listed(values))
    readers = [_reader(each) for each in arguments]
    return lambda values: tuple(read(value) for read, value in zip(readers, _listed(values), strict=True))


def _fields_reader(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else kind._fields
    readers = [_reader(hints[name]) for name in names]
    return lambda values: kind(*(read(value) for read, value in zip(readers, _listed(values), strict=True)))


def _plain_reader(kind: type) -> Callable[[Any], Any]:
    if kind not in _PLAIN:
        raise TypeError(f"{kind} is no plain data")

    def read(value: Any) -> Any:
        if type(value) is kind or (kind is float and type(value) is int):
            return value
        raise TypeError(f"{value!r:.40} is no {kind.__name__}")

    return read


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    raise TypeError(f"{value!r:.40} is no list")
