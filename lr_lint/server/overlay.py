"""The files around a document: those of the disk, under the texts that are open and may not be saved.

What an analysis looks at is noted, so that a change somewhere is followed by the analyses that it may concern, and by
no others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lr_lint.source.disk import Disk
from lr_lint.source.file_paths import display_path
from lr_lint.source.surroundings import Surroundings, nearest_first

# What a search for words goes through.
_SEARCHED = (".py", ".pyi", ".ipynb")


def key_of(path: str) -> str:
    """What stands for a file, however its path is spelled."""
    return os.path.normcase(os.path.abspath(path))


@dataclass(frozen=True, slots=True)
class FileChange:
    """Something that happened to a file.

    Attributes:
        path: its absolute path.
        contents: what it held before and after; None where that is not known.
        moves: whether it may have come to be, or ceased to.
    """

    path: str
    contents: tuple[bytes, ...] | None = None
    moves: bool = False

    @classmethod
    def between(cls, path: str, before: bytes | None, after: bytes | None) -> FileChange | None:
        """What becomes of a file; None if it is on no disk, or stays as it is. A content of None is no file."""
        if not path or before == after:
            return None
        return cls(path, (before or b"", after or b""), moves=before is None or after is None)


@dataclass(slots=True)
class Trace:
    """What an analysis has looked at.

    Attributes:
        paths: the files and folders that it asked for, there or not.
        words: what it looked for in all files of the project.
    """

    paths: set[str] = field(default_factory=set)
    words: set[bytes] = field(default_factory=set)

    def concerns(self, change: FileChange) -> bool:
        """Whether the analysis may come to something else after a change."""
        path = key_of(change.path)
        if path in self.paths or (change.moves and os.path.dirname(path) in self.paths):
            return True
        words = tuple(self.words)
        if not words or not path.endswith(_SEARCHED):
            return False
        return change.contents is None or any(word in data for word in words for data in change.contents)


class Overlay(Surroundings):
    """The files on the disk, but for those that are open."""

    def __init__(self, disk: Disk, opened: Iterable[tuple[str, bytes]], trace: Trace) -> None:
        """Lay texts over the disk.

        Args:
            disk: what lies below.
            opened: the paths of open files, and what they hold.
            trace: is told what is looked at.
        """
        self._disk = disk
        self._trace = trace
        self._opened: Mapping[str, bytes] = {key_of(path): data for path, data in opened}
        self._shown: Mapping[str, bytes] = {display_path(path): data for path, data in self._opened.items()}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file, or none that can be read."""
        data = self._unsaved(path)
        return self._disk.read(path) if data is None else data

    def beginning(self, path: str, size: int) -> bytes | None:
        """The first bytes of a file."""
        data = self._unsaved(path)
        return self._disk.beginning(path, size) if data is None else data[:size]

    def names_in(self, folder: str) -> frozenset[str]:
        """The names of the files and folders right in a folder; none where it cannot be looked into."""
        above = key_of(folder)
        self._trace.paths.add(above)
        unsaved = (os.path.split(path) for path in self._opened)
        return self._disk.names_in(folder) | {name for home, name in unsaved if home == above}

    def lies_outside(self, path: str, other: str) -> bool:
        """Whether there is a file at another path, but it is no part of a file's project, and so not to be read."""
        return self._disk.lies_outside(path, other)

    def mentioning(self, path: str, word: bytes) -> Sequence[str]:
        """The other Python files of a file's project that contain a word, the nearest first.

        A file that was never saved is none of them.
        """
        self._trace.words.add(word)
        files = self._disk.project_of(path).items()
        return nearest_first(path, [other for other, data in files if word in self._shown.get(other, data)])

    def _unsaved(self, path: str) -> bytes | None:
        key = key_of(path)
        self._trace.paths.add(key)
        return self._opened.get(key)
