"""The Python interface: the checker as functions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from lr_lint.runs.plan import Plan, carried_out
from lr_lint.runs.results import results
from lr_lint.source.discovery import is_checked
from lr_lint.source.disk import Disk
from lr_lint.source.gate import has_comments_of_interest
from lr_lint.source.gated_files import gated_files

TYPE_CHECKING = False  # the command starts with this module, and `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.checks.fixes.rounds import Mending
    from lr_lint.checks.overview import Overview
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings
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


def check_files(
    files: Mapping[str, bytes], settings: Settings | None = None, *, only: Iterable[str] | None = None
) -> list[FileReport]:
    """Check the files of a project that need not be on the disk. What they give depends on the arguments alone.

    Args:
        files: what is in each of them, by their paths relative to the project, with "/". The other files that code
            imports or names are looked for among them.
        settings: which findings are wanted. If None, the defaults.
        only: those of the paths that are checked; if None, all of Python files and notebooks.

    Returns:
        A report for each file that is checked, in their order.

    Raises:
        ConfigurationError: if the settings are not understood. It is a `ValueError`.
    """
    from lr_lint.checks.engine import check_bytes
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import InMemory

    projects, around = _projects(settings or Settings()), InMemory(files)
    checked = filter(is_checked, files) if only is None else only
    return [check_bytes(path, files[path], projects.settings_for(path), around) for path in checked]


def check_paths(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    settings: Settings | None = None,
    *,
    jobs: int | None = 1,
) -> list[FileReport]:
    """Check files and folders.

    Args:
        paths: files, and folders in which Python files are looked for; or one of them.
        settings: which findings are wanted, in all files alike. If None, each file has those of the nearest
            ``pyproject.toml`` with a table ``[tool.lr-lint]`` above it, as with the command.
        jobs: how many processes work; if None, as many as pay. Those are started anew, so a script that asks for more
            than one does so below ``if __name__ == "__main__":``.

    Returns:
        One report for each file, and one for each path that could not be looked at.

    Raises:
        ConfigurationError: if the settings that are given are not understood. It is a `ValueError`. A settings file
            that is not understood is a report with a failure, and the files that it is for are passed over.
    """
    from lr_lint.vocabulary.diagnostics import FileReport

    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    found = check_each([os.fspath(path) for path in several], _projects(settings), plan=Plan(jobs))
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
    paths: Iterable[str],
    projects: ProjectSettings,
    standard_input: tuple[str, bytes] | None = None,
    plan: Plan | None = None,
) -> Iterator[tuple[str, FileReport | None]]:
    """Check files and folders one by one: path and report, which is None for a file that names no scheduler.

    Nothing but the text gate runs on such a file, and the modules that the others need are not even loaded.

    Args:
        paths: those of `lr_lint.source.checked_files.checked_files`, as the two that follow.
        projects: see there.
        standard_input: see there.
        plan: how it is done; if None, in this process, and nothing is kept.
    """
    plan, paths = plan or Plan(), list(paths)
    interest = has_comments_of_interest
    return carried_out(plan, paths, projects, interest, _check, _failed, _file_report, standard_input)


def inspect_each(
    paths: Iterable[str], projects: ProjectSettings, plan: Plan | None = None
) -> Iterator[tuple[str, Inventory | None]]:
    """List the constructions in files and folders: path and inventory, None for a file that names no scheduler."""
    return carried_out(plan or Plan(), list(paths), projects, _nothing, _inspect, _unlisted, _inventory)


def overview_each(
    paths: Iterable[str], projects: ProjectSettings, plan: Plan | None = None
) -> Iterator[tuple[str, Overview | None]]:
    """Check files and list their constructions at once: path and overview, None for a file that names no scheduler."""
    plan, interest = plan or Plan(), has_comments_of_interest
    return carried_out(plan, list(paths), projects, interest, _look_over, _unseen, _overview)


def repair_each(
    paths: Iterable[str],
    projects: ProjectSettings,
    standard_input: tuple[str, bytes] | None = None,
    *,
    unsafe: bool,
    writes: bool,
    plan: Plan | None = None,
) -> Iterator[tuple[str, Mending | None]]:
    """Fix what can be fixed in files and folders: path and what became of it, None for a file that names no scheduler.

    Args:
        paths: those of `check_each`, as the two that follow.
        projects: see there.
        standard_input: see there.
        unsafe: whether fixes that change training are applied too.
        writes: whether the caller writes each file before it asks for the next. Then one process works, since a file
            may import those that were written before it.
        plan: how it is done; nothing is kept. If None, one process works.
    """
    plan = plan or Plan()
    files = Disk(paths := list(paths))
    gated = gated_files(paths, projects, files, has_comments_of_interest, standard_input)
    if writes:
        return results(gated, partial(_mend_afresh, unsafe=unsafe, named=paths), _unmended, files, begun=plan.begun)
    return results(gated, partial(_mend, unsafe=unsafe), _unmended, files, plan.jobs, plan.begun)


def _check(path: str, data: bytes, settings: Settings, files: Surroundings) -> FileReport:
    from lr_lint.checks.engine import check_bytes

    return check_bytes(path, data, settings, files)


def _inspect(path: str, data: bytes, settings: Settings, files: Surroundings) -> Inventory:
    from lr_lint.checks.engine import inspect_bytes

    return inspect_bytes(path, data, files, settings)


def _look_over(path: str, data: bytes, settings: Settings, files: Surroundings) -> Overview:
    from lr_lint.checks.overview import overview_of

    return overview_of(path, data, settings, files)


def _file_report() -> type[FileReport]:
    from lr_lint.vocabulary.diagnostics import FileReport

    return FileReport


def _inventory() -> type[Inventory]:
    from lr_lint.vocabulary.site_records import Inventory

    return Inventory


def _overview() -> type[Overview]:
    from lr_lint.checks.overview import Overview

    return Overview


def _mend(path: str, data: bytes, settings: Settings, files: Surroundings, *, unsafe: bool) -> Mending:
    from lr_lint.checks.fixes.rounds import mend

    return mend(path, data, settings, files, unsafe=unsafe)


def _mend_afresh(
    path: str, data: bytes, settings: Settings, _: Surroundings, *, unsafe: bool, named: Sequence[str]
) -> Mending:
    """Nothing that was read before is known any more: it may have been written since."""
    return _mend(path, data, settings, Disk(named), unsafe=unsafe)


def _nothing(_: bytes, __: Settings) -> bool:
    return False


def _failed(failure: Failure) -> FileReport:
    from lr_lint.vocabulary.diagnostics import FileReport

    return FileReport(failure.path, failure=failure)


def _unmended(failure: Failure) -> Mending:
    from lr_lint.checks.fixes.rounds import Mending

    return Mending(_failed(failure))


def _unlisted(failure: Failure) -> Inventory:
    from lr_lint.vocabulary.site_records import Inventory

    return Inventory(failure.path, failure=failure)


def _unseen(failure: Failure) -> Overview:
    from lr_lint.checks.overview import unread

    return unread(failure)
