"""YAML as plain data: PyYAML splits the text, and what its scalars mean is decided here.

PyYAML's own constructors would follow aliases without bound, and know one version of YAML where programs use several.
Its events give the structure without recursion, so that a document that is too deep or too large is given up where it
becomes so, before anything of it is built. They are taken from the parser in Python even where the one in C is there:
the two differ in corner cases, most programs use the former, and what is found must not depend on the environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lr_lint.source.plain_data import DEEPEST, MOST_VALUES, UNREAD, UnreadableError

try:
    import yaml
except ImportError:  # what LibCST brings on Python 3.13
    import yaml_ft as yaml

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    spelling: truth
    for word, truth in (("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
# Wider than YAML 1.1, which takes "1e-3" for a string: code that loads such a string gives it to float().
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
# Spellings on which the versions of YAML disagree, numbers that are no finite decimals, and dates.
_UNCERTAIN = re.compile(
    r"[-+]?0[0-9_bxo][0-9a-fA-F_]*|[-+]?[0-9][0-9_]*(:[0-9_.]+)+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?|=|<<|[-+.0-9][-+0-9.eE_]*_[-+0-9.eE_]*"
)
# Of what is longer, only the first letter is looked at.
_LONGEST_NUMBER = 300
_STARTS_OF_NUMBERS = frozenset("+-.0123456789")
# OmegaConf puts another value in its place, other loaders keep the text.
_INTERPOLATION = "${"
_OWN_TAG = "tag:yaml.org,2002:"


def read_yaml(text: str) -> Any:
    """The only document of a text.

    Of two equal keys the last counts, as in PyYAML. A key that is not understood is left out.

    Raises:
        UnreadableError: if it is no YAML, holds several documents, or more values than settings do.
    """
    try:
        return _Reader(iter(yaml.parse(text, Loader=yaml.SafeLoader))).document()
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise UnreadableError(f"{where}{error.problem}") from None
    except yaml.YAMLError as error:
        raise UnreadableError(" ".join(str(error).split())) from None
    except (OverflowError, ValueError):
        raise UnreadableError("an escaped letter is none") from None


class _Reader:
    """Builds the data of one document from its events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._count = 0
        # What the anchors so far name, and how many values that is. Of a collection that is not yet complete, nothing
        # is known.
        self._anchors: dict[str, tuple[Any, int]] = {}

    def document(self) -> Any:
        """The data."""
        next(self._events)  # the start of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        value = self._value(next(self._events), 0)
        next(self._events)  # the end of the document
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise UnreadableError("there are several documents in it")
        return value

    def _value(self, event: Any, depth: int) -> Any:
        """The value that begins with an event."""
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise UnreadableError(f"line {event.start_mark.line + 1}: an alias of nothing")
            value, size = self._anchors[event.anchor]
            self._spend(size)
            return value
        before = self._count
        self._spend(1)
        value = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else self._collection(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before)
        return value

    def _spend(self, values: int) -> None:
        """Counts values. An alias counts as all that it stands for, since so many values are to be walked over."""
        self._count += values
        # The keys of mappings count as well.
        if self._count > 2 * MOST_VALUES:
            raise UnreadableError("it holds more values than settings do")

    def _scalar(self, event: Any) -> Any:
        return scalar(event.value, event.tag, plain=event.implicit[0])

    def _collection(self, event: Any, depth: int) -> Any:
        if depth >= DEEPEST:
            raise UnreadableError("it is nested too deeply")
        if event.anchor is not None:
            self._anchors[event.anchor] = (UNREAD, 1)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        value = self._mapping(depth) if is_mapping else self._sequence(depth)
        expected = "map" if is_mapping else "seq"
        return value if event.tag in (None, "!", _OWN_TAG + expected) else UNREAD

    def _sequence(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> Any:
        """The entries of a mapping: its own, and those that it merges, which its own replace."""
        own: dict[Any, Any] = {}
        merged: dict[Any, Any] | None = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._value(event, depth + 1)
            value = self._value(next(self._events), depth + 1)
            if _is_merge(event):
                merged = _with_merged(merged, value)
            elif isinstance(key, (str, int, float)):
                own[key] = value
        return UNREAD if merged is None else {**merged, **own}


def _is_merge(event: Any) -> bool:
    if not isinstance(event, yaml.ScalarEvent):
        return False
    return event.tag == _OWN_TAG + "merge" or (event.tag is None and event.implicit[0] and event.value == "<<")


def _with_merged(merged: dict[Any, Any] | None, value: Any) -> dict[Any, Any] | None:
    """What a mapping merges with another ``<<`` of it; None where that is not known. Of a list, the first count."""
    sources = value[::-1] if isinstance(value, list) else [value]
    for source in sources:
        if source is UNREAD:
            merged = None
        elif not isinstance(source, dict):
            raise UnreadableError("a merge key has no mapping to merge")
        elif merged is not None:
            merged = {**merged, **source}
    return merged


def scalar(text: str, tag: str | None, *, plain: bool) -> Any:
    """A scalar as PyYAML, OmegaConf and ruamel.yaml would have it, `UNREAD` where these disagree.

    Args:
        text: what is written, without quotes.
        tag: what it is said to be, such as ``tag:yaml.org,2002:float``; None where nothing is said.
        plain: whether it stands without quotes.
    """
    if _INTERPOLATION in text or tag == "!":
        return UNREAD
    if tag is None:
        return _plain(text) if plain else text
    if tag == _OWN_TAG + "str":
        return text
    value = _plain(text)
    if tag == _OWN_TAG + "float" and type(value) in (int, float):
        return float(value)
    kind = _KINDS.get(tag.removeprefix(_OWN_TAG)) if tag.startswith(_OWN_TAG) else None
    return value if kind is not None and type(value) is kind else UNREAD


_KINDS: dict[str, type] = {"int": int, "bool": bool, "null": type(None)}


def _plain(text: str) -> Any:
    if len(text) > _LONGEST_NUMBER:
        return UNREAD if text[0] in _STARTS_OF_NUMBERS else text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _UNCERTAIN.fullmatch(text):
        return UNREAD
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
