"""What the gates said in an earlier run, told again where nothing has changed that they looked at.

Nearly all files of most projects are let go by the gates, for which every one of them is read. So the answer for all
files together is kept with the state of each: its size, its times and its number on the disk, as mypy and ruff tell
whether a file has changed. One file that is another than it was has all of them asked again, which is cheap; what an
analysis finds is kept by the content of files, and does not hang on this.

A file that was changed just before it was read may be changed once more without a trace in its times, so nothing is
kept where one is that young. Nor is it where the gates looked at more than the files that are checked.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence

from lr_lint.source.checked_files import checked_paths
from lr_lint.source.discovery import CACHE_FOLDER, read_file
from lr_lint.source.disk import ROOT_MARKERS, Disk
from lr_lint.source.gated_files import gated_files

TYPE_CHECKING = False  # few files are told apart without most of this
if TYPE_CHECKING:
    from typing import Any

    from lr_lint.runs.store import Store
    from lr_lint.source.gated_files import Gated, Interest
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.vocabulary.diagnostics import Failure

# Fewer files are asked in less time than it takes to find out whether they are as they were.
_FEWEST = 200
_MOST_ASKED = 2_000
# In nanoseconds; the times of some disks are no finer.
_YOUNG = 2_000_000_000
_ASKED = ("read", "beginning", "names_in", "lies_outside", "importable_at")


def remembered_gates(
    paths: Sequence[str],
    projects: ProjectSettings,
    files: Disk,
    is_of_interest: Interest,
    store: Callable[[], Store],
) -> Iterator[Gated]:
    """What `lr_lint.source.gated_files.gated_files` gives, by whose arguments these are called.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
        files: those around them, which learn what the gates find out for them.
        is_of_interest: whether there may be anything to say about a file besides its schedulers.
        store: gives what keeps the answers.
    """
    tree = _Tree(paths, projects, is_of_interest)
    if tree.key is None:
        yield from gated_files(paths, projects, files, is_of_interest)
        return
    kept = _answers(store().find(tree.key), paths)
    if kept is None:
        yield from _asked(paths, projects, files, is_of_interest, tree, store)
        return
    told, own = kept
    files.take_walk(tree.folders, own, ())
    for number, (path, failure) in enumerate(tree.found):
        yield path, read_file(path) if number in told else failure, projects.project_of(path).settings


def _asked(
    paths: Sequence[str],
    projects: ProjectSettings,
    files: Disk,
    is_of_interest: Interest,
    tree: _Tree,
    store: Callable[[], Store],
) -> Iterator[Gated]:
    watched = WatchedDisk(paths, {path for path, _ in tree.found})
    told: list[int] = []
    seen: list[str] = []
    is_whole = True
    for number, (path, content, settings) in enumerate(gated_files(paths, projects, watched, is_of_interest)):
        if not number and watched.walk is not None:
            files.take_walk(*watched.walk)
        seen.append(path)
        if isinstance(content, bytes):
            told.append(number)
        elif content is not None and tree.found[number : number + 1] != [(path, content)]:
            is_whole = False
        yield path, content, settings
    if tree.key is not None and is_whole and seen == [path for path, _ in tree.found] and watched.is_simple:
        import json

        _, own, _ = watched.walk or ((), (), ())
        text = json.dumps([told, sorted(own), watched.asked])
        store().keep(tree.key, text.encode("ascii"))


def _answers(value: bytes | None, paths: Sequence[str]) -> tuple[frozenset[int], list[str]] | None:
    """The numbers of the files that were let through, and the names of the project's own schedulers, if they hold."""
    if value is None:
        return None
    import json

    try:
        told, own, asked = json.loads(value)
        disk = WatchedDisk(paths)
        for (name, arguments), answer in asked:
            if name not in _ASKED or _digest(getattr(disk, name)(*arguments)) != answer:
                return None
        return frozenset(map(int, told)), list(map(str, own))
    except (AttributeError, RecursionError, TypeError, ValueError):
        return None  # it was written by somebody else


class WatchedDisk(Disk):
    """The files on the disk, with a list of what was asked about them.

    Attributes:
        asked: the questions, each with a digest of the answer.
        walk: what was told of a walk; None where there was none.
    """

    def __init__(self, named: Iterable[str] = (), told_of: Container[str] = ()) -> None:
        """Nothing has been asked yet.

        Args:
            named: the paths that the user named.
            told_of: those of files whose content need not be noted.
        """
        super().__init__(named)
        self._told_of = told_of
        self.asked: list[tuple[tuple[str, tuple[str | int, ...]], str]] = []
        self.walk: tuple[list[str], list[str], list[str]] | None = None
        self._walks = 0

    @property
    def is_simple(self) -> bool:
        """Whether one walk has told all, but for a few questions."""
        return self._walks == 1 and self.walk is not None and not self.walk[2] and len(self.asked) <= _MOST_ASKED

    def _note(self, name: str, answer: Any, *arguments: str | int) -> Any:
        if len(self.asked) <= _MOST_ASKED:
            self.asked.append(((name, arguments), _digest(answer)))
        return answer

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file, or none that can be read."""
        data = super().read(path)
        if path not in self._told_of:
            self._note("read", data, path)
        return data

    def beginning(self, path: str, size: int) -> bytes | None:
        """The first bytes of a file, without reading the others."""
        data = super().beginning(path, size)
        if path not in self._told_of:
            self._note("beginning", data, path, size)
        return data

    def names_in(self, folder: str) -> frozenset[str]:
        """The names of the files and folders right in a folder; none where it cannot be looked into."""
        names: frozenset[str] = self._note("names_in", super().names_in(folder) - {CACHE_FOLDER}, folder)
        return names

    def lies_outside(self, path: str, other: str) -> bool:
        """Whether there is a file at another path, but it is no part of a file's project, and so not to be read."""
        answer: bool = self._note("lies_outside", super().lies_outside(path, other), path, other)
        return answer

    def importable_at(self, path: str, most: int) -> list[str] | None:
        """The files at a path, or below it, that its project may import; None for more files and folders than that."""
        found: list[str] | None = self._note("importable_at", super().importable_at(path, most), path, most)
        return found

    def take_walk(self, folders: Iterable[str], own: Iterable[str], unread: Iterable[str]) -> None:
        """Learn from whoever has read all files of some folders which classes derive from a scheduler."""
        self.walk = list(folders), list(own), list(unread)
        self._walks += 1
        super().take_walk(*self.walk)


def _digest(answer: Any) -> str:
    if isinstance(answer, bytes):
        from hashlib import blake2b

        return blake2b(answer, digest_size=16).hexdigest()
    return repr(sorted(answer) if isinstance(answer, (frozenset, list)) else answer)


class _Tree:
    """The files that are checked, as far as can be told without reading them.

    Attributes:
        found: their paths, with the reason where one cannot be looked at.
        folders: those that were looked through.
        key: a digest of all of that, of their states, and of what else the gates go by; None where nothing can be kept.
    """

    def __init__(self, paths: Sequence[str], projects: ProjectSettings, is_of_interest: Interest) -> None:
        self.folders: list[str] = []
        self._names: list[str] = []
        self.found: list[tuple[str, Failure | None]] = list(checked_paths(paths, projects, self._enter))
        self.key: bytes | None = None
        if len(self.found) >= _FEWEST:
            states = self._states(projects)
            if states is not None:
                from lr_lint.runs.versions import digest_of, versions

                around = [repr(_around(path)) for path in (".", *paths)]
                parts = [is_of_interest.__name__, *versions(), *paths, *around, *self._names, *states]
                self.key = digest_of("gates", os.getcwd(), *parts)

    def _enter(self, folder: str, names: Collection[str]) -> None:
        self.folders.append(folder)
        self._names.append(repr((folder, sorted(set(names) - {CACHE_FOLDER}))))

    def _states(self, projects: ProjectSettings) -> list[str] | None:
        """The state of each file, with the settings where these change; None where one is too young."""
        from lr_lint.runs.versions import canonical

        states: list[str] = []
        settings, now = None, time.time_ns()
        for path, failure in self.found:
            mine = projects.project_of(path).settings
            if mine is not settings:
                settings = mine
                states.append(repr(canonical(mine)))
            if failure is not None:
                states.append(repr(failure))
                continue
            try:
                status = os.stat(path)
            except (OSError, ValueError):
                return None
            if max(status.st_mtime_ns, status.st_ctime_ns) > now - _YOUNG:
                return None
            times = f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_dev} {status.st_ino}"
            states.append(f"{path} {status.st_size} {times}")
        return states


def _around(path: str) -> list[tuple[str, list[bool]]]:
    """What marks the folders above a path as those of a project."""
    folder = os.path.realpath(path)
    found = []
    while os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        found.append((folder, [os.path.exists(os.path.join(folder, name)) for name in (*ROOT_MARKERS, "__init__.py")]))
    return found
