"""Settings files as plain data: JSON, TOML, and the part of YAML that settings are written in.

YAML is read here rather than by PyYAML, even where that is installed: the same file must give the same findings in
every environment, an alias must not unfold into gigabytes, and a settings file must not take longer than the program
that loads it. The reader knows block mappings and sequences, flow collections, quoted and plain scalars and comments.
A value that it does not know (an alias, a tag, a text over several lines) is `UNREAD`; a file whose structure it does
not know is refused as a whole.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

LARGEST_DOCUMENT = 256_000
_DEEPEST = 40
# Files with more than this hold data or another program's settings.
_MOST_VALUES = 4_000


class _Unread:
    """The kind of `UNREAD`."""

    def __repr__(self) -> str:
        return "UNREAD"


# A value that stands in the document and was not understood.
UNREAD: Final = _Unread()


class UnreadableError(Exception):
    """A document cannot be read; the message says why."""


NOTATIONS = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}


def parse_document(notation: str, data: bytes | str) -> Any:
    """The data in a document: dicts, lists, strings, numbers, booleans, None and `UNREAD`.

    Args:
        notation: ``json``, ``toml`` or ``yaml``.
        data: what is in the file.

    Raises:
        UnreadableError: if it is too large, or not in that notation as far as that is known here.
    """
    if len(data) > LARGEST_DOCUMENT:
        raise UnreadableError("it is too large for a settings file")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        document = _PARSERS[notation](text)
    except (ValueError, RecursionError) as error:
        # The errors of all the parsers, and of decoding, are kinds of ValueError.
        raise UnreadableError(f"it is no {notation} that can be read ({type(error).__name__})") from None
    if not _is_small(document):
        raise UnreadableError("it holds more values than settings do")
    return document


def _is_small(document: Any) -> bool:
    """Whether a document has few values and is not nested deeply."""
    count = 0
    level = [document]
    for _ in range(_DEEPEST):
        count += len(level)
        if count > _MOST_VALUES:
            return False
        level = [value for item in level for value in _parts(item)]
        if not level:
            return True
    return False


def _parts(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def _toml(text: str) -> Any:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class _Line:
    indent: int
    text: str


def _yaml(text: str) -> Any:
    return _YamlReader(text).document()


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    spelling: truth
    for word, truth in (("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
# Wider than YAML 1.1, which takes "1e-3" for a string: code that loads such a string gives it to float().
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
# Spellings on which the versions of YAML disagree, numbers that are no finite decimals, dates, and interpolations.
_UNCERTAIN = re.compile(
    r"[-+]?0[0-9_bxo][0-9a-fA-F_]*|[-+]?[0-9][0-9_]*(:[0-9_.]+)+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?|=|<<|[-+0-9.eE_]*_[-+0-9.eE_]*|.*\$\{.*"
)
_LONGEST_SCALAR = 300
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t", "0": "\0", " ": " "}
_SEQUENCE_ENTRY = re.compile(r"-(?: +|$)")
_PLAIN_KEY = re.compile(r"([^\s\-?:,\[\]{}#&*!|>'\"%@`]|[-?:](?=\S))(?:[^:#]|:(?=\S)|(?<=\S)#){0,200}?\s{0,9}:(?= |$)")
_QUOTED_KEY = re.compile(r"(\"[^\"\\]{0,200}\"|'[^']{0,200}')\s{0,9}:(?= |$)")
# What no plain scalar begins with, and what none begins with before a space.
_NO_PLAIN_START = frozenset("%@`,]}&")
_INDICATORS = frozenset("?-:")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+(?: +|$)")


def _scalar(text: str) -> Any:
    """A plain scalar as PyYAML or its successors would have it, `UNREAD` where these disagree."""
    if len(text) > _LONGEST_SCALAR:
        return UNREAD
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _UNCERTAIN.fullmatch(text):
        return UNREAD
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


class _YamlReader:
    """Reads one document, line by line."""

    def __init__(self, text: str) -> None:
        self._lines: list[_Line] = []
        self._at = 0
        for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            stripped = raw.lstrip(" ")
            if stripped and not stripped.startswith("#"):
                self._lines.append(_Line(len(raw) - len(stripped), stripped.rstrip()))

    def document(self) -> Any:
        """The only document of the text."""
        while (line := self._peek()) is not None and line.indent == 0 and line.text.startswith("%"):
            self._at += 1
        line = self._peek()
        if line is not None and line.indent == 0 and _without_comment(line.text) == "---":
            self._at += 1
        line = self._peek()
        if line is None:
            return None
        value = self._block(line.indent, 0)
        line = self._peek()
        if line is not None and line.text == "...":
            self._at += 1
        if self._peek() is not None:
            raise UnreadableError("its structure is not understood")
        return value

    def _peek(self) -> _Line | None:
        return self._lines[self._at] if self._at < len(self._lines) else None

    def _block(self, indent: int, depth: int) -> Any:
        """The mapping, sequence or scalar that begins at the current line."""
        line = self._lines[self._at]
        if depth > _DEEPEST or line.text.startswith(("---", "...", "\t")):
            raise UnreadableError("its structure is not understood")
        if _SEQUENCE_ENTRY.match(line.text):
            return self._sequence(indent, depth)
        if _key_of(line.text) is not None:
            return self._mapping(indent, depth)
        self._at += 1
        return self._value(line.text, indent - 1, depth)

    def _mapping(self, indent: int, depth: int) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        while (line := self._peek()) is not None and line.indent == indent:
            found = _key_of(line.text)
            if found is None:
                break
            key, rest = found
            self._at += 1
            value = self._value(rest, indent, depth, in_mapping=True)
            if isinstance(key, (str, int, float)):
                entries[key] = value
        self._check_dedent(indent)
        return entries

    def _sequence(self, indent: int, depth: int) -> list[Any]:
        items: list[Any] = []
        while (line := self._peek()) is not None and line.indent == indent:
            dash = _SEQUENCE_ENTRY.match(line.text)
            if dash is None:
                break
            rest = line.text[dash.end() :]
            if _key_of(rest) is not None or _SEQUENCE_ENTRY.match(rest):
                # A collection that begins on the line of its dash is indented to where it begins.
                column = indent + dash.end()
                self._lines[self._at] = _Line(column, rest)
                items.append(self._block(column, depth + 1))
            else:
                self._at += 1
                items.append(self._value(rest, indent, depth))
        self._check_dedent(indent)
        return items

    def _check_dedent(self, indent: int) -> None:
        line = self._peek()
        if line is not None and line.indent > indent:
            raise UnreadableError("its indentation is not understood")

    def _value(self, text: str, indent: int, depth: int, *, in_mapping: bool = False) -> Any:
        """What stands after a key or a dash, or below it.

        Args:
            text: the rest of the line.
            indent: the indentation of the key or dash.
            depth: how deeply it is nested.
            in_mapping: whether a sequence below may stand as far left as the key.
        """
        anchor = _ANCHOR.match(text)
        text = text[anchor.end() :] if anchor else text
        first = text[:1]
        if first in ("[", "{"):
            return self._flow(text)
        if first in ('"', "'"):
            return _quoted(text)
        if first in ("|", ">", "*", "!"):
            self._skip(indent, in_mapping)
            return UNREAD
        text = _without_comment(text)
        if not text:
            return self._below(indent, depth, in_mapping)
        if first in _NO_PLAIN_START or (first in _INDICATORS and text[1:2] in ("", " ")):
            raise UnreadableError("a value is not understood")
        if ": " in text or text.endswith(":") or "\t" in text:
            raise UnreadableError("a value is not understood")
        if self._skip(indent, in_mapping=False):
            # A plain text that goes on below.
            return UNREAD
        return _scalar(text)

    def _below(self, indent: int, depth: int, in_mapping: bool) -> Any:
        line = self._peek()
        if line is None:
            return None
        beside = in_mapping and line.indent == indent and _SEQUENCE_ENTRY.match(line.text) is not None
        if line.indent > indent or beside:
            return self._block(line.indent, depth + 1)
        return None

    def _skip(self, indent: int, in_mapping: bool) -> bool:
        """Leaves out the lines that belong to a value; whether there are any."""
        start = self._at
        while (line := self._peek()) is not None:
            beside = in_mapping and line.indent == indent and _SEQUENCE_ENTRY.match(line.text) is not None
            if line.indent <= indent and not beside:
                break
            self._at += 1
        return self._at > start

    def _flow(self, text: str) -> Any:
        """A collection in brackets, over as many lines as it takes."""
        reader = _FlowReader()
        reader.add(text)
        while not reader.is_closed():
            line = self._peek()
            if line is None:
                raise UnreadableError("a bracket is not closed")
            self._at += 1
            reader.add(line.text)
        return reader.value()


def _key_of(text: str) -> tuple[Any, str] | None:
    """The key at the start of a line and what follows it; None where there is no key."""
    quoted = _QUOTED_KEY.match(text)
    if quoted is not None:
        return quoted[1][1:-1], text[quoted.end() :].strip()
    plain = _PLAIN_KEY.match(text)
    if plain is None:
        return None
    return _scalar(plain[0][:-1].rstrip()), text[plain.end() :].strip()


def _without_comment(text: str) -> str:
    """Plain text up to a comment, which a number sign after a space begins."""
    comment = _COMMENT.search(text)
    return (text[: comment.start()] if comment else text).strip()


def _quoted(text: str) -> Any:
    """A quoted scalar that fills the rest of its line."""
    value, end = _quoted_at(text, 0)
    if _without_comment(text[end:]):
        raise UnreadableError("a quoted text is not understood")
    return value


def _quoted_at(text: str, start: int) -> tuple[str, int]:
    """A quoted scalar within a text, and where it ends."""
    quote, at = text[start], start + 1
    letters: list[str] = []
    while at < len(text):
        letter = text[at]
        if letter == quote and quote == "'" and text[at + 1 : at + 2] == "'":
            letters.append(quote)
            at += 2
        elif letter == quote:
            return "".join(letters), at + 1
        elif letter == "\\" and quote == '"':
            escaped = _ESCAPES.get(text[at + 1 : at + 2])
            if escaped is None:
                break
            letters.append(escaped)
            at += 2
        else:
            letters.append(letter)
            at += 1
    raise UnreadableError("a quoted text is not understood")


class _FlowReader:
    """Reads a collection in brackets, which is given line by line."""

    _PLAIN_END = re.compile(r"[,\[\]{}]|: |:$|:(?=[,\[\]{}])")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._open = 0
        self._text = ""
        self._at = 0

    def add(self, line: str) -> None:
        """Takes another line."""
        at = 0
        before = ""
        while at < len(line):
            letter = line[at]
            if letter in "\"'":
                if before not in ("", "[", "{", ",", ":"):
                    raise UnreadableError("a quoted text is not understood")
                _, at = _quoted_at(line, at)
                before = letter
                continue
            if letter == "#" and line[at - 1 : at] in ("", " ", "\t"):
                line = line[:at]
            self._open += (letter in "[{") - (letter in "]}")
            before = before if letter == " " else letter
            at += 1
        self._pieces.append(line.strip())

    def is_closed(self) -> bool:
        """Whether all brackets are closed."""
        return self._open <= 0

    def value(self) -> Any:
        """The collection."""
        self._text, self._at = " ".join(self._pieces), 0
        value = self._collection(0)
        if self._text[self._at :].strip():
            raise UnreadableError("text follows a bracket")
        return value

    def _collection(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise UnreadableError("it is nested too deeply")
        is_mapping = self._text[self._at] == "{"
        closing = "}" if is_mapping else "]"
        items: list[Any] = []
        entries: dict[Any, Any] = {}
        self._at += 1
        while self._next() != closing:
            item = self._item(depth)
            if is_mapping:
                self._expect(":")
                value = None if self._next() in (",", "}") else self._item(depth)
                if isinstance(item, (str, int, float)):
                    entries[item] = value
            else:
                items.append(item)
            if self._next() != closing:
                self._expect(",")
        self._at += 1
        return entries if is_mapping else items

    def _next(self) -> str:
        while self._at < len(self._text) and self._text[self._at] == " ":
            self._at += 1
        if self._at >= len(self._text):
            raise UnreadableError("a bracket is not closed")
        return self._text[self._at]

    def _expect(self, letter: str) -> None:
        if self._next() != letter:
            raise UnreadableError("a collection in brackets is not understood")
        self._at += 1

    def _item(self, depth: int) -> Any:
        first = self._next()
        if first in "[{":
            return self._collection(depth + 1)
        if first in "\"'":
            value, self._at = _quoted_at(self._text, self._at)
            return value
        if first in "*!&|>%@`?,:#" or (first == "-" and self._text[self._at + 1 : self._at + 2] == " "):
            raise UnreadableError("a collection in brackets is not understood")
        end = self._PLAIN_END.search(self._text, self._at)
        stop = end.start() if end else len(self._text)
        text = self._text[self._at : stop].strip()
        self._at = stop
        return _scalar(text)


_PARSERS: dict[str, Callable[[str], Any]] = {"json": json.loads, "toml": _toml, "yaml": _yaml}
