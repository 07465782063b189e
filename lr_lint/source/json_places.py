"""JSON with the places of its texts, so that some of them can be changed while all else stays byte for byte.

Python's reader does not say where things stand. It reads here what is of no interest, at its own speed, and the way to
what is of interest is walked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

# Reads a value that begins at some place, and says where it ends.
Reader: TypeAlias = "Callable[[str, int], tuple[Any, int]]"

_SPACE = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text with where it stands, its quotes included."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedTexts:
    """A text, or a list of texts, as notebooks have it for what has lines.

    Attributes:
        parts: the texts of the list, in order.
        is_list: whether it is a list.
    """

    parts: tuple[PlacedText, ...]
    is_list: bool

    @property
    def value(self) -> str:
        """What it says."""
        return "".join(part.value for part in self.parts)


def anything(text: str, at: int) -> tuple[Any, int]:
    """Read any value.

    Raises:
        ValueError: if there is none, or one that Python does not take.
        RecursionError: if it is nested too deeply.
    """
    return _decode(text, at)


def object_of(readers: Mapping[str, Reader]) -> Reader:
    """Reads an object whose members of some names have readers of their own; any other value as it is."""

    def read(text: str, at: int) -> tuple[Any, int]:
        if not text.startswith("{", at):
            return _decode(text, at)
        members: dict[str, Any] = {}
        at = _skip(text, at + 1)
        if text.startswith("}", at):
            return members, at + 1
        while True:
            if not text.startswith('"', at):
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
            name, at = _decode(text, at)
            at = _skip(text, _passed(text, _skip(text, at), ":"))
            members[name], at = readers.get(name, _decode)(text, at)
            at = _skip(text, at)
            if text.startswith("}", at):
                return members, at + 1
            at = _skip(text, _passed(text, at, ","))

    return read


def array_of(item: Reader) -> Reader:
    """Reads an array by a reader of its items; any other value as it is."""

    def read(text: str, at: int) -> tuple[Any, int]:
        if not text.startswith("[", at):
            return _decode(text, at)
        items: list[Any] = []
        at = _skip(text, at + 1)
        if text.startswith("]", at):
            return items, at + 1
        while True:
            value, at = item(text, at)
            items.append(value)
            at = _skip(text, at)
            if text.startswith("]", at):
                return items, at + 1
            at = _skip(text, _passed(text, at, ","))

    return read


def text_or_texts(text: str, at: int) -> tuple[Any, int]:
    """Read a text or a list of texts, as `PlacedTexts`; any other value as it is."""
    value, end = _placed(text, at)
    if isinstance(value, PlacedText):
        return PlacedTexts((value,), is_list=False), end
    if not isinstance(value, list):
        return value, end
    items, end = array_of(_placed)(text, at)
    are_texts = all(isinstance(item, PlacedText) for item in items)
    return PlacedTexts(tuple(items), is_list=True) if are_texts else value, end


def document(text: str, reader: Reader) -> Any:
    """Read a whole text.

    Raises:
        ValueError: if it is no JSON, or none that Python takes.
        RecursionError: if it is nested too deeply.
    """
    value, end = reader(text, _skip(text, 0))
    end = _skip(text, end)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _placed(text: str, at: int) -> tuple[Any, int]:
    value, end = _decode(text, at)
    return (PlacedText(value, at, end) if isinstance(value, str) else value), end


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def _passed(text: str, at: int, mark: str) -> int:
    if not text.startswith(mark, at):
        raise json.JSONDecodeError(f"Expecting {mark!r} delimiter", text, at)
    return at + 1
