"""Baselines: files of findings that are known and not to be told again, so that a check of old code tells new ones.

A finding is known by its file, its rule and its fingerprint (`lr_lint.source.fingerprints`), without line numbers, and
by how many there are of it: one more of the same kind is new. Files are named relative to the baseline's folder. An
entry has a line to itself, and the lines are sorted, so that two branches that change other entries merge.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lr_lint.source.discovery import read_if_there
from lr_lint.source.file_paths import display_path
from lr_lint.vocabulary.diagnostics import KnownFinding

_SCHEMA_VERSION = 1
# In bytes: a few hundred thousand entries.
_LARGEST_FILE = 50_000_000


class BaselineError(ValueError):
    """A file that is no baseline. Its text is one line for the user."""


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """The findings that are known.

    Attributes:
        path: absolute path of the file.
        counts: how many findings there are of each entry.
        is_missing: whether there is no such file yet.
    """

    path: str
    counts: Mapping[KnownFinding, int]
    is_missing: bool = False

    @property
    def shown(self) -> str:
        """Its path, as it is shown to the user."""
        return display_path(self.path)

    def named(self, path: str) -> str:
        """How it names a file whose path is relative to the current directory."""
        try:
            relative = os.path.relpath(os.path.abspath(path), os.path.dirname(self.path))
        except ValueError:  # another drive
            relative = os.path.abspath(path)
        return relative.replace(os.sep, "/")

    def located(self, entry: KnownFinding) -> str:
        """The path of an entry's file, relative to the current directory."""
        return display_path(os.path.join(os.path.dirname(self.path), entry.path))

    def counts_in(self, path: str) -> dict[KnownFinding, int]:
        """What it knows of a file."""
        name = self.named(path)
        return {entry: count for entry, count in self.counts.items() if entry.path == name}


def read_baseline(path: str) -> Baseline:
    """Read a baseline; one that is not there knows nothing.

    Args:
        path: of the file.

    Raises:
        BaselineError: if it cannot be read, or is no baseline.
    """
    absolute = os.path.abspath(path)
    data = read_if_there(absolute, _LARGEST_FILE + 1)
    if data is None and not os.path.lexists(absolute):
        return Baseline(absolute, {}, is_missing=True)
    if data is None:
        raise BaselineError(f"{display_path(path)}: no file that can be read")
    try:
        return Baseline(absolute, _counts(data))
    except BaselineError as error:
        raise BaselineError(f"{display_path(path)}: no baseline of lr-lint: {error}") from None


def _counts(data: bytes) -> dict[KnownFinding, int]:
    if len(data) > _LARGEST_FILE:
        raise BaselineError(f"it has more than {_LARGEST_FILE:,} bytes")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        conflict = "; a conflict of a merge is left in it" if b"<<<<<<<" in data else ""
        raise BaselineError(f"{' '.join(str(error).split())}{conflict}") from None
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise BaselineError("it has no list of findings")
    if document.get("schema_version") != _SCHEMA_VERSION:
        raise BaselineError(f"its schema_version is not {_SCHEMA_VERSION}")
    counts: dict[KnownFinding, int] = {}
    for entry, count in _entries(document["findings"]):
        # A merge of two branches that know of the same finding may have it twice.
        counts[entry] = max(count, counts.get(entry, 0))
    return counts


def _entries(rows: list[Any]) -> Iterator[tuple[KnownFinding, int]]:
    for number, row in enumerate(rows, 1):
        fields = [row.get(name) for name in KnownFinding._fields] if isinstance(row, dict) else [None]
        count = row.get("count") if isinstance(row, dict) else None
        if not all(isinstance(field, str) for field in fields):
            raise BaselineError(f"its entry {number} has no {', '.join(KnownFinding._fields)}")
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise BaselineError(f"the count of its entry {number} is not 1 or more")
        yield KnownFinding(*map(str, fields)), count


def baseline_text(counts: Mapping[KnownFinding, int]) -> str:
    """The content of a baseline's file, the same for the same entries."""
    rows = [json.dumps({**entry._asdict(), "count": count}) for entry, count in sorted(counts.items())]
    listed = "[\n    " + ",\n    ".join(rows) + "\n  ]" if rows else "[]"
    return f'{{\n  "schema_version": {_SCHEMA_VERSION},\n  "findings": {listed}\n}}\n'


def total(counts: Mapping[KnownFinding, int]) -> int:
    """How many findings these are."""
    return Counter(counts).total()
