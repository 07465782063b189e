"""The files of the project that a file belongs to, as the disk has them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from lr_lint.source.discovery import discover, read_if_there
from lr_lint.source.file_paths import is_notebook
from lr_lint.source.surroundings import Surroundings, nearest_first

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Any

_ROOT_MARKERS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")
_HIGHEST_ROOT = 8
# Beyond these a folder is no project that anybody wants searched for callers.
_MOST_FILES = 3_000
_MOST_BYTES = 40_000_000


class Disk(Surroundings):
    """The files on the disk. A project is read once, and only if somebody asks who mentions a word.

    The project of a file is the nearest folder above it that looks like the root of one; else the current directory, or
    a folder that the user named, if the file is in it; else what holds the package that the file belongs to. Code and
    settings are read in there alone, wherever imports, paths and links lead: whoever checks code that they do not trust
    should not find in a report what else is on their disk.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        """Take the paths that the user named."""
        self._named = [os.path.abspath(path) for path in named if os.path.isdir(path)]
        self._roots: dict[str, str] = {}
        self._projects: dict[str, dict[str, bytes]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What it was made of, and nothing that was read."""
        return {"_named": self._named, "_roots": {}, "_projects": {}}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file, or none that can be read."""
        return read_if_there(path)

    def beginning(self, path: str, size: int) -> bytes | None:
        """The first bytes of a file, without reading the others."""
        return read_if_there(path, size)

    def names_in(self, folder: str) -> frozenset[str]:
        """The names of the files and folders right in a folder; none where it cannot be looked into."""
        try:
            return frozenset(os.listdir(folder or "."))
        except (OSError, ValueError):
            return frozenset()

    def mentioning(self, path: str, word: bytes) -> Sequence[str]:
        """The other Python files of a file's project that contain a word, the nearest first.

        Of a folder with more files than any project that is worth it, none are told.
        """
        return nearest_first(path, [other for other, data in self.project_of(path).items() if word in data])

    def project_of(self, path: str) -> Mapping[str, bytes]:
        """The Python files of a file's project, as they were when somebody asked first."""
        root = self._root_of(path)
        if root not in self._projects:
            self._projects[root] = _python_files(root)
        return self._projects[root]

    def lies_outside(self, path: str, other: str) -> bool:
        """Whether there is a file at another path, but it is no part of a file's project, and so not to be read."""
        return os.path.isfile(other) and not _is_below(other, self._root_of(path))

    def _root_of(self, path: str) -> str:
        folder = os.path.dirname(os.path.abspath(path))
        if folder not in self._roots:
            homes = (home for home in (os.getcwd(), *self._named) if _is_below(folder, home) and not _is_top(home))
            self._roots[folder] = _marked_root(folder) or next(homes, None) or _home_of_package(folder)
        return self._roots[folder]


def _marked_root(folder: str) -> str | None:
    """The nearest folder from there upwards that looks like the root of a project."""
    for _ in range(_HIGHEST_ROOT):
        if any(os.path.exists(os.path.join(folder, marker)) for marker in _ROOT_MARKERS):
            return folder
        folder = os.path.dirname(folder)
    return None


def _is_top(folder: str) -> bool:
    """Whether a folder holds the whole disk, and so no project."""
    return os.path.dirname(folder) == folder


def _home_of_package(folder: str) -> str:
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder


def _is_below(path: str, folder: str) -> bool:
    """Whether a path is that of a folder or in it, once all links are followed."""
    path, folder = os.path.realpath(path), os.path.realpath(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _python_files(root: str) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    size = 0
    for found in discover([root]):
        if not isinstance(found, str) or is_notebook(found):  # nobody imports a notebook
            continue
        if os.path.islink(found) and not _is_below(found, root):
            continue
        data = read_if_there(found, _MOST_BYTES + 1 - size)
        if data is None:
            continue
        contents[found] = data
        size += len(data)
        if len(contents) > _MOST_FILES or size > _MOST_BYTES:
            return {}
    return contents
