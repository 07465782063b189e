"""The files around those that are checked: what an import names, and who calls what is defined here.

Whoever starts an analysis says where they come from: from the disk (`lr_lint.source.disk`), or from memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import takewhile

from lr_lint.source.file_paths import PYTHON_SUFFIXES

# Beyond these, files are no project that anybody wants searched for callers.
MOST_FILES = 3_000
MOST_BYTES = 40_000_000

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Any


class Surroundings:
    """No files at all: what a program that is not on the disk has around it.

    It can be sent to another process, where it finds out anew what it has found out.
    """

    def __getstate__(self) -> dict[str, Any]:
        """What it was made of."""
        return {name: value for name, value in vars(self).items() if name != "memo"}

    @cached_property
    def memo(self) -> dict[str, Any]:
        """What others have found out about these files, under a name that they choose."""
        return {}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file."""
        return None

    def beginning(self, path: str, size: int) -> bytes | None:
        """The first bytes of a file: files that are no code may be of any size."""
        data = self.read(path)
        return None if data is None else data[:size]

    def names_in(self, folder: str) -> frozenset[str]:
        """The names of the files and folders right in a folder."""
        return frozenset()

    def lies_outside(self, path: str, other: str) -> bool:
        """Whether there is a file at another path, but it is no part of a file's project, and so not to be read."""
        return False

    def names_no_own(self, path: str, data: bytes) -> bool:
        """Whether it is known that a file names no class that its project derives from a scheduler.

        Args:
            path: of the file.
            data: its content.
        """
        return False

    def mentioning(self, path: str, word: bytes) -> Sequence[str]:
        """The other Python files of a file's project that contain a word, the nearest first."""
        return ()


class InMemory(Surroundings):
    """Files that are given, by their paths."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file."""
        return self._files.get(path)

    def names_in(self, folder: str) -> frozenset[str]:
        """The names of the files and folders right in a folder, which begin with its path."""
        return frozenset(self._names.get(folder, ()))

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        names: dict[str, set[str]] = {}
        for path in self._files:
            while path:
                folder, _, name = path.rpartition("/")
                names.setdefault(folder, set()).add(name)
                path = folder
        return names

    def mentioning(self, path: str, word: bytes) -> Sequence[str]:
        """The other Python files that contain a word, the nearest first; none of more files than a project has."""
        return nearest_first(path, [other for other, data in self._searched if word in data])

    @cached_property
    def _searched(self) -> list[tuple[str, bytes]]:
        found = [(path, data) for path, data in self._files.items() if path.endswith(PYTHON_SUFFIXES)]
        size = sum(len(data) for _, data in found)
        return found if len(found) <= MOST_FILES and size <= MOST_BYTES else []


def nearest_first(path: str, others: Sequence[str]) -> list[str]:
    """Paths without the first one, those that share the most folders with it first."""
    folders = path.split("/")[:-1]

    def distance(other: str) -> tuple[int, str]:
        above = other.split("/")[:-1]
        pairs = zip(folders, above, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return len(folders) + len(above) - 2 * shared, other

    return sorted((other for other in others if other != path), key=distance)
