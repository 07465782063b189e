"""The Python interface: the checker as functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from lr_lint.source.checked_files import checked_files
from lr_lint.source.disk import Disk
from lr_lint.source.gate import is_worth_reading, mentions_scheduler
from lr_lint.source.own_schedulers import own_schedulers

TYPE_CHECKING = False  # the command starts with this module, and `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.checks.overview import Overview
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.source.settings import Settings
    from lr_lint.vocabulary.diagnostics import Failure, FileReport
    from lr_lint.vocabulary.site_records import Inventory


def check_source(
    data: bytes | str, path: str | os.PathLike[str] | None = None, settings: Settings | None = None
) -> FileReport:
    """Check a program that need not be on the disk. No other file is looked at for it.

    Args:
        data: the program: bytes in the encoding that they declare, or text.
        path: what to call it in the report, and where its settings are looked for; if None, it is called ``<string>``.
        settings: which findings are wanted. If None, those of the nearest ``pyproject.toml`` with a table
            ``[tool.lr-lint]`` above the path, as the command has them, and the defaults if there is no path.

    Returns:
        The findings, or the reason why there are none. There are none where the settings exclude the path by force.

    Raises:
        ConfigurationError: if the settings are not understood. It is a `ValueError`.
    """
    from lr_lint.checks.engine import check_bytes, check_text
    from lr_lint.vocabulary.diagnostics import FileReport

    shown = "<string>" if path is None else os.fspath(path)
    projects, spelled = _projects(settings, isolated=path is None), shown.replace(os.sep, "/")
    wanted = projects.settings_for(spelled)
    if projects.forces_out(spelled):
        return FileReport(shown)
    return check_text(shown, data, wanted) if isinstance(data, str) else check_bytes(shown, data, wanted)


def check_paths(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], settings: Settings | None = None
) -> list[FileReport]:
    """Check files and folders.

    Args:
        paths: files, and folders in which Python files are looked for; or one of them.
        settings: which findings are wanted, in all files alike. If None, each file has those of the nearest
            ``pyproject.toml`` with a table ``[tool.lr-lint]`` above it, as with the command.

    Returns:
        One report for each file, and one for each path that could not be looked at.

    Raises:
        ConfigurationError: if the settings that are given are not understood. It is a `ValueError`. A settings file
            that is not understood is a report with a failure, and the files that it is for are passed over.
    """
    from lr_lint.vocabulary.diagnostics import FileReport

    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    found = check_each([os.fspath(path) for path in several], _projects(settings))
    return [report or FileReport(path) for path, report in found]


def settings_for(path: str | os.PathLike[str]) -> Settings:
    """The settings of a file, as the command has them without options.

    Args:
        path: of the file, which need not be there.

    Raises:
        ConfigurationError: if the settings file that holds for it is not understood. It is a `ValueError`.
    """
    return _projects(None).settings_for(os.fspath(path).replace(os.sep, "/"))


def _projects(settings: Settings | None, *, isolated: bool = False) -> ProjectSettings:
    from lr_lint.checks.rules import RULES
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.source.settings import check_settings

    if settings is None:
        return ProjectSettings(lambda: RULES, isolated=isolated)
    check_settings(settings, lambda: RULES)
    return ProjectSettings.everywhere(settings)


def check_each(
    paths: Iterable[str], projects: ProjectSettings, standard_input: tuple[str, bytes] | None = None
) -> Iterator[tuple[str, FileReport | None]]:
    """Check files and folders one by one: path and report, which is None for a file that names no scheduler.

    Nothing but the text gate runs on such a file, and the modules that the others need are not even loaded. The
    arguments are those of `lr_lint.source.checked_files.checked_files`.
    """
    for path, content, settings, files in _gated(paths, projects, is_worth_reading, standard_input):
        if isinstance(content, bytes):
            from lr_lint.checks.engine import check_bytes

            yield path, check_bytes(path, content, settings, files)
        else:
            yield path, None if content is None else _failed(content)


def inspect_each(paths: Iterable[str], projects: ProjectSettings) -> Iterator[tuple[str, Inventory | None]]:
    """List the constructions in files and folders: path and inventory, None for a file that names no scheduler."""
    for path, content, settings, files in _gated(paths, projects, _mentions_scheduler):
        if isinstance(content, bytes):
            from lr_lint.checks.engine import inspect_bytes

            yield path, inspect_bytes(path, content, files, settings)
        else:
            yield path, None if content is None else _unlisted(content)


def overview_each(paths: Iterable[str], projects: ProjectSettings) -> Iterator[tuple[str, Overview | None]]:
    """Check files and list their constructions at once: path and overview, None for a file that names no scheduler."""
    for path, content, settings, files in _gated(paths, projects, is_worth_reading):
        if isinstance(content, bytes):
            from lr_lint.checks.overview import overview_of

            yield path, overview_of(path, content, settings, files)
        else:
            yield path, None if content is None else _unseen(content)


def _gated(
    paths: Iterable[str],
    projects: ProjectSettings,
    is_let_through: Callable[[bytes, Settings], bool],
    standard_input: tuple[str, bytes] | None = None,
) -> Iterator[tuple[str, bytes | Failure | None, Settings, Disk]]:
    """The files, each with its content, its settings and those around it; None for one with nothing to look at in it.

    That is what the text gate says, or the file names a scheduler class that the project defines for itself.
    """
    paths = list(paths)
    files = Disk(paths)
    for path, content in checked_files(paths, projects, standard_input):
        settings = projects.project_of(path).settings
        is_told = (
            not isinstance(content, bytes)
            or is_let_through(content, settings)
            or own_schedulers(files, settings.contracts).named_in(path, content)
        )
        yield path, content if is_told else None, settings, files


def _mentions_scheduler(content: bytes, settings: Settings) -> bool:
    return mentions_scheduler(content, settings.contracts)


def _failed(failure: Failure) -> FileReport:
    from lr_lint.vocabulary.diagnostics import FileReport

    return FileReport(failure.path, failure=failure)


def _unlisted(failure: Failure) -> Inventory:
    from lr_lint.vocabulary.site_records import Inventory

    return Inventory(failure.path, failure=failure)


def _unseen(failure: Failure) -> Overview:
    from lr_lint.checks.overview import unread

    return unread(failure)
