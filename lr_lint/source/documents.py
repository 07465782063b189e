"""Settings files as plain data: JSON, TOML and YAML, of a size that settings have.

Whoever calls gets the same data in every environment, and no document costs more than its size allows, be it written
to be read or to stop its reader.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

from lr_lint.source.plain_data import LARGEST_DOCUMENT, UnreadableError, is_small

NOTATIONS = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}
# `tomllib` takes time and memory by the square of the number of parts of a dotted key.
_MOST_PARTS = 200
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_OUTSIDE_KEYS = re.compile(r"[\n,=\[\]{}#]")
_LONGEST_MESSAGE = 200


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
        document = _parsed(_PARSERS[notation], data)
    except UnreadableError as error:
        raise UnreadableError(f"it is no {notation} that can be read ({error})") from None
    if not is_small(document):
        raise UnreadableError("it holds more values, or deeper ones, than settings do")
    return document


def parse_toml(data: bytes | str) -> dict[str, Any]:
    """The tables of a TOML file, however many there are.

    Raises:
        UnreadableError: if it is no TOML, or nested so deeply or with numbers so long that nobody means it.
    """
    document: dict[str, Any] = _parsed(_toml, data)
    return document


def _parsed(parse: Callable[[str], Any], data: bytes | str) -> Any:
    try:
        return parse(data if isinstance(data, str) else data.decode("utf-8-sig"))
    except RecursionError:
        raise UnreadableError("it is nested too deeply") from None
    except ValueError as error:
        # The errors of the parsers, and of decoding, are kinds of ValueError; what is only that comes from `int`.
        message = "a number is too long" if type(error) is ValueError else " ".join(str(error).split())
        raise UnreadableError(message[:_LONGEST_MESSAGE]) from None


def _json(text: str) -> Any:
    import json

    return json.loads(text)


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    if any(piece.count(".") > _MOST_PARTS for piece in _OUTSIDE_KEYS.split(_QUOTED.sub("", text))):
        raise UnreadableError("a key has more parts than any setting")
    document: dict[str, Any] = tomllib.loads(text)
    return document


def _yaml(text: str) -> Any:
    from lr_lint.source.yaml_reader import read_yaml  # imports PyYAML

    return read_yaml(text)


_PARSERS: dict[str, Callable[[str], Any]] = {"json": _json, "toml": _toml, "yaml": _yaml}
