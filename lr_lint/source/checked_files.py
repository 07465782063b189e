"""The files to check, each with its content, as far as the settings that hold for it let it through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from lr_lint.source.discovery import discover, read_file

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import TypeAlias, TypeVar

    from lr_lint.source.project_settings import ConfiguredProject, ProjectSettings
    from lr_lint.vocabulary.diagnostics import Failure

    _Content = TypeVar("_Content", "bytes | Failure | None", "Failure | None")
    Enter: TypeAlias = Callable[[str, Collection[str]], None]


def checked_files(
    paths: Iterable[str],
    projects: ProjectSettings,
    standard_input: tuple[str, bytes] | None = None,
    enter: Enter | None = None,
) -> Iterator[tuple[str, bytes | Failure]]:
    """The files of `checked_paths` with what is in them, or why that cannot be told.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
        standard_input: what the standard input is called and what it holds, if it is to be checked before them.
        enter: told of each folder that is looked through, and of the names in it, before what is in there.
    """
    paths, given = list(paths), () if standard_input is None else (standard_input,)
    for path, content in _let_through(paths, chain(given, _found(paths, projects, enter)), projects):
        yield path, read_file(path) if content is None else content


def checked_paths(
    paths: Iterable[str], projects: ProjectSettings, enter: Enter | None = None
) -> Iterator[tuple[str, Failure | None]]:
    """The files at some paths, and with a reason the paths that cannot be looked at.

    A project whose settings are not understood is one failure, that of its settings file, and its files are passed
    over: what they are to be checked for is not known. The files of other projects go on. Of what is named that is
    told even where there is no file to check.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
        enter: told of each folder that is looked through, and of the names in it, before what is in there.
    """
    paths = list(paths)
    return _let_through(paths, _found(paths, projects, enter), projects)


def _found(
    paths: Iterable[str], projects: ProjectSettings, enter: Enter | None = None
) -> Iterator[tuple[str, Failure | None]]:
    def entered(folder: str, names: Collection[str]) -> None:
        projects.enter(folder, names)
        if enter is not None:
            enter(folder, names)

    for found in discover(paths, projects.leaves_out, entered):
        yield (found, None) if isinstance(found, str) else (found.path, found)


def _let_through(
    named: Iterable[str], found: Iterable[tuple[str, _Content]], projects: ProjectSettings
) -> Iterator[tuple[str, _Content | Failure]]:
    told: set[str] = set()
    for path in named:
        yield from _problem(projects.project_at(path), told)
    for path, content in found:
        project = projects.project_of(path)
        if content is not None and not isinstance(content, bytes):
            yield path, content
        elif project.problem:
            yield from _problem(project, told)
        elif not projects.forces_out(path):
            yield path, content


def _problem(project: ConfiguredProject, told: set[str]) -> Iterator[tuple[str, Failure]]:
    """The failure of a project's settings file, once for all files that it is for."""
    if project.problem and project.file not in told:
        from lr_lint.vocabulary.diagnostics import Failure

        told.add(project.file)
        yield project.file, Failure(project.file, project.problem)
