"""The files of the project that a file belongs to, as the disk has them."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from lr_lint.source.discovery import discover, read_if_there
from lr_lint.source.file_paths import is_notebook
from lr_lint.source.import_statements import SUFFIX, may_be_imported
from lr_lint.source.surroundings import MOST_BYTES, MOST_FILES, Surroundings, nearest_first

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Any

ROOT_MARKERS = (".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg")
_HIGHEST_ROOT = 8


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
        self._looked_through: frozenset[str] = frozenset()
        self._own: frozenset[bytes] = frozenset()
        self._forget()

    def _forget(self) -> None:
        self._roots: dict[str, str] = {}
        self._marked: dict[str, bool] = {}
        self._real_folders: dict[str, str] = {}
        self._projects: dict[str, dict[str, bytes]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What it was made of and what it was told, and nothing that was read."""
        return {"_named": self._named, "_looked_through": self._looked_through, "_own": self._own}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Begin anew with that."""
        vars(self).update(state)
        self._forget()

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
        root = self.root_of(path)
        if root not in self._projects:
            # Files are checked project by project, so that nobody asks for one before the last again.
            self._projects = dict([*self._projects.items()][-1:])
            self._projects[root] = self._python_files(root)
        return self._projects[root]

    def lies_outside(self, path: str, other: str) -> bool:
        """Whether there is a file at another path, but it is no part of a file's project, and so not to be read."""
        return os.path.isfile(other) and not self._is_below(other, self.root_of(path))

    def take_walk(self, folders: Iterable[str], own: Iterable[str], unread: Iterable[str]) -> None:
        """Learn from whoever has read all files of some folders which classes derive from a scheduler.

        Args:
            folders: those folders.
            own: the names of those classes.
            unread: what is in there and was not read, though code may import it.
        """
        walked = {os.path.abspath(folder) for folder in folders}
        around = {above for path in unread for above in _folders_above(os.path.abspath(path))}
        roots = {folder: self.root_of(os.path.join(folder, "file")) for folder in walked}
        self._own |= {name.encode() for name in own}
        self._looked_through |= frozenset(
            folder for folder, root in roots.items() if root not in around and _is_walked(folder, root, walked)
        )

    def derives_nothing(self, path: str) -> bool:
        """Whether it is known that no class of a file's project derives from a scheduler."""
        return not self._own and self._is_looked_through(path)

    def names_no_own(self, path: str, data: bytes) -> bool:
        """Whether it is known that a file names no class that its project derives from a scheduler."""
        return self._is_looked_through(path) and not any(name in data for name in self._own)

    def _is_looked_through(self, path: str) -> bool:
        return bool(self._looked_through) and os.path.dirname(os.path.abspath(path)) in self._looked_through

    def importable_at(self, path: str, most: int) -> list[str] | None:
        """The files at a path, or below it, that its project may import; None for more files and folders than that."""
        found: list[str] = []
        pending = [path]
        while pending and len(found) + len(pending) <= most:
            at = pending.pop()
            if at.endswith(SUFFIX):
                found += [at] if os.path.isfile(at) else []
            elif os.path.isdir(at) and self._is_below(at, self.root_of(path)):
                pending += (os.path.join(at, name) for name in self.names_in(at) if may_be_imported(name))
        return None if pending else found

    def root_of(self, path: str) -> str:
        """The folder that a file's project lies in, by its absolute path."""
        folder = os.path.dirname(os.path.abspath(path))
        known = self._roots.get(folder)
        if known is None:
            homes = (home for home in (os.getcwd(), *self._named) if self._is_below(folder, home) and not _is_top(home))
            known = self._marked_root(folder) or next(homes, None) or _home_of_package(folder)
            self._roots[folder] = known
        return known

    def _marked_root(self, folder: str) -> str | None:
        """The nearest folder from there upwards that looks like the root of a project."""
        for _ in range(_HIGHEST_ROOT):
            marked = self._marked.get(folder)
            if marked is None:
                marked = any(os.path.exists(os.path.join(folder, marker)) for marker in ROOT_MARKERS)
                self._marked[folder] = marked
            if marked:
                return folder
            folder = os.path.dirname(folder)
        return None

    def _is_below(self, path: str, folder: str) -> bool:
        """Whether a path is that of a folder or in it, once all links are followed."""
        path, folder = self._real(path), self._real(folder)
        return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)

    def _real(self, path: str) -> str:
        """Where a path leads once all links are followed. That of a folder is found out once for all in it."""
        folder, name = os.path.split(path)
        if not name.strip(".") or os.path.islink(path):
            return os.path.realpath(path)
        known = self._real_folders.get(folder)
        if known is None:
            known = self._real_folders[folder] = os.path.realpath(folder)
        return os.path.join(known, name)

    def _python_files(self, root: str) -> dict[str, bytes]:
        contents: dict[str, bytes] = {}
        size = 0
        for found in discover([root]):
            if not isinstance(found, str) or is_notebook(found):  # nobody imports a notebook
                continue
            if os.path.islink(found) and not self._is_below(found, root):
                continue
            data = read_if_there(found, MOST_BYTES + 1 - size)
            if data is None:
                continue
            contents[found] = data
            size += len(data)
            if len(contents) > MOST_FILES or size > MOST_BYTES:
                return {}
        return contents


def _folders_above(path: str) -> Iterator[str]:
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above


def _is_walked(folder: str, root: str, walked: Container[str]) -> bool:
    """Whether a folder and all above it up to the root of its project have been walked through."""
    around = (folder, *_folders_above(folder))
    return root in around and all(each in walked for each in around[: around.index(root) + 1])


def _is_top(folder: str) -> bool:
    """Whether a folder holds the whole disk, and so no project."""
    return os.path.dirname(folder) == folder


def _home_of_package(folder: str) -> str:
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    return folder
