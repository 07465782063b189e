"""The files of the project that a file belongs to, as the disk has them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from lr_lint.source.discovery import discover, read_if_there
from lr_lint.source.surroundings import Surroundings, nearest_first

_ROOT_MARKERS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")
_HIGHEST_ROOT = 8
# Beyond these a folder is no project that anybody wants searched for callers.
_MOST_FILES = 3_000
_MOST_BYTES = 40_000_000


class Disk(Surroundings):
    """The files on the disk. A project is read once, and only if somebody asks who mentions a word."""

    def __init__(self) -> None:
        self._projects: dict[str, dict[str, bytes]] = {}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file, or none that can be read."""
        return read_if_there(path)

    def beginning(self, path: str, size: int) -> bytes | None:
        """The first bytes of a file, without reading the others."""
        return read_if_there(path, size)

    def mentioning(self, path: str, word: bytes) -> Sequence[str]:
        """The other Python files of a file's project that contain a word, the nearest first.

        The project is the nearest folder above the file that looks like the root of one, else the current directory
        if the file is in it, else the file's own folder. Of a folder with more files than any project that is worth
        it, none are told.
        """
        root = _root_of(path)
        if root not in self._projects:
            self._projects[root] = _python_files(root)
        return nearest_first(path, [other for other, data in self._projects[root].items() if word in data])


def _root_of(path: str) -> str:
    """The folder to search for callers, as `discover` takes it."""
    here = folder = os.path.dirname(os.path.abspath(path))
    for _ in range(_HIGHEST_ROOT):
        if any(os.path.exists(os.path.join(folder, marker)) for marker in _ROOT_MARKERS):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    current = os.getcwd()
    return current if (here + os.sep).startswith(current.rstrip(os.sep) + os.sep) else here


def _python_files(root: str) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    size = 0
    for found in discover([root]):
        data = read_if_there(found) if isinstance(found, str) else None
        if data is None or not isinstance(found, str):
            continue
        contents[found] = data
        size += len(data)
        if len(contents) > _MOST_FILES or size > _MOST_BYTES:
            return {}
    return contents
