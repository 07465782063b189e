"""The files to check, each with its content, as far as the settings that hold for it let it through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from lr_lint.source.discovery import discover, read_file

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import TypeVar

    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.vocabulary.diagnostics import Failure

    _Content = TypeVar("_Content", "bytes | Failure | None", "Failure | None")


def checked_files(
    paths: Iterable[str], projects: ProjectSettings, standard_input: tuple[str, bytes] | None = None
) -> Iterator[tuple[str, bytes | Failure]]:
    """The files of `checked_paths` with what is in them, or why that cannot be told.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
        standard_input: what the standard input is called and what it holds, if it is to be checked before them.
    """
    given = () if standard_input is None else (standard_input,)
    for path, content in _let_through(chain(given, _found(paths, projects)), projects):
        yield path, read_file(path) if content is None else content


def checked_paths(paths: Iterable[str], projects: ProjectSettings) -> Iterator[tuple[str, Failure | None]]:
    """The files at some paths, and with a reason the paths that cannot be looked at.

    A project whose settings are not understood is one failure, that of its settings file, and its files are passed
    over: what they are to be checked for is not known. The files of other projects go on.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
    """
    return _let_through(_found(paths, projects), projects)


def _found(paths: Iterable[str], projects: ProjectSettings) -> Iterator[tuple[str, Failure | None]]:
    for found in discover(paths, projects.leaves_out, projects.enter):
        yield (found, None) if isinstance(found, str) else (found.path, found)


def _let_through(
    found: Iterable[tuple[str, _Content]], projects: ProjectSettings
) -> Iterator[tuple[str, _Content | Failure]]:
    told: set[str] = set()
    for path, content in found:
        project = projects.project_of(path)
        if content is not None and not isinstance(content, bytes):
            yield path, content
        elif project.problem:
            if project.file not in told:
                from lr_lint.vocabulary.diagnostics import Failure

                told.add(project.file)
                yield project.file, Failure(project.file, project.problem)
        elif not projects.forces_out(path):
            yield path, content
