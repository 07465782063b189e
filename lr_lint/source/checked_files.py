"""The files to check, each with its content, as far as the settings that hold for it let it through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from lr_lint.source.discovery import discover, read_file

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.vocabulary.diagnostics import Failure


def checked_files(
    paths: Iterable[str], projects: ProjectSettings, standard_input: tuple[str, bytes] | None = None
) -> Iterator[tuple[str, bytes | Failure]]:
    """The files at some paths with what is in them, or why that cannot be told.

    A project whose settings are not understood is one failure, that of its settings file, and its files are passed
    over: what they are to be checked for is not known. The files of other projects go on.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
        standard_input: what the standard input is called and what it holds, if it is to be checked before them.
    """
    told: set[str] = set()
    given = () if standard_input is None else (standard_input,)
    for path, content in chain(given, _found(paths, projects)):
        project = projects.project_of(path)
        if not isinstance(content, bytes) and content is not None:
            yield path, content
        elif project.problem:
            if project.file not in told:
                from lr_lint.vocabulary.diagnostics import Failure

                told.add(project.file)
                yield project.file, Failure(project.file, project.problem)
        elif not projects.forces_out(path):
            yield path, read_file(path) if content is None else content


def _found(paths: Iterable[str], projects: ProjectSettings) -> Iterator[tuple[str, Failure | None]]:
    """Paths, those that cannot be looked at with the reason; nothing is read yet."""
    for found in discover(paths, projects.leaves_out, projects.enter):
        yield (found, None) if isinstance(found, str) else (found.path, found)
