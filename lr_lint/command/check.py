"""A check, and what it came to, written where and how the options of the command say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from lr_lint.api import check_each
from lr_lint.command.console import complain, failure_line, followed
from lr_lint.command.outputs import write_reports
from lr_lint.reports.summary import CheckSummary
from lr_lint.source.discovery import read_if_there

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    import argparse

    from lr_lint.command.changed_lines import ChangedLines
    from lr_lint.source.files import SourceFile
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.vocabulary.diagnostics import FileReport

    Reports = Iterable[tuple[str, FileReport | None]]
    LinesOf = Callable[[str, int | None], list[str] | None]


def check(
    options: argparse.Namespace, paths: Sequence[str], projects: ProjectSettings, stdin: tuple[str, bytes] | None
) -> int:
    """Check files and folders, and report.

    Args:
        options: those of the command line, with their ``outputs``.
        paths: files and folders.
        projects: the settings of each file.
        stdin: what the standard input is called and what it holds, if it is to be checked.

    Returns:
        The exit status.

    Raises:
        RefusalError: if something that is asked for cannot be done or written.
    """
    contents = {} if stdin is None else {stdin[0]: stdin[1]}
    adopted = _with_baseline_written if options.write_baseline is not None else _with_baseline
    changes = None if options.diff_base is None else _changed_lines(options.diff_base, paths)
    found = followed(check_each(paths, projects, stdin), quiet=options.quiet)
    summary = CheckSummary(forgives=options.exit_zero, fixes=options.fixes)
    for _, report in adopted(found, options, projects, lines_in(contents)):
        summary.add(report if report is None or changes is None else changes.narrowed(report))
    summary.unchanged = 0 if changes is None else changes.left_out
    return conclude(summary, options, options.paths, contents)


def _changed_lines(revision: str, paths: Sequence[str]) -> ChangedLines:
    from lr_lint.command.changed_lines import ChangedLines

    return ChangedLines(revision, paths)


def _with_baseline(found: Reports, options: argparse.Namespace, projects: ProjectSettings, _: LinesOf) -> Reports:
    reports = list(found)
    if all(projects.project_of(path).settings.baseline is None for path, _ in reports):
        return reports
    from lr_lint.command.baselines import BaselineRun

    return BaselineRun(options, projects).settle(reports)


def _with_baseline_written(
    found: Reports, options: argparse.Namespace, projects: ProjectSettings, lines_of: LinesOf
) -> Reports:
    from lr_lint.command.baselines import BaselineRun

    # Before anything is analysed, it refuses what would be lost.
    run = BaselineRun(options, projects)
    return run.write(list(found), lines_of)


def conclude(
    summary: CheckSummary, options: argparse.Namespace, paths: Sequence[str], contents: Mapping[str, bytes]
) -> int:
    """Write the reports.

    Args:
        summary: what is to be told.
        options: those of the command line, with their ``outputs``.
        paths: what was checked, for a message if there was nothing in it.
        contents: files that are not what is on the disk, by their paths.

    Returns:
        The exit status.

    Raises:
        RefusalError: if a report cannot be written.
    """
    summary.diagnostics.sort()
    for failure in summary.failures:
        complain(failure_line(failure))
    if not summary.discovered and not options.quiet:
        complain(f"no Python files found in {', '.join(paths)}")
    write_reports(summary, options, lines_in(contents))
    return summary.status


def lines_in(contents: Mapping[str, bytes]) -> LinesOf:
    """Gives the lines of a file, or of a cell of a notebook, each file read once, to show them.

    One whose content changed into something unreadable is shown without.
    """
    opened: dict[str, SourceFile | None] = {}

    def lines_of(path: str, cell: int | None) -> list[str] | None:
        from lr_lint.source.files import split_lines

        if path not in opened:
            opened[path] = _opened(path, contents.get(path))
        source = opened[path]
        if source is None or source.notebook is None:
            return None if source is None or cell is not None else split_lines(source.text)
        return None if cell is None else source.notebook.lines_of(cell)

    return lines_of


def _opened(path: str, data: bytes | None) -> SourceFile | None:
    from lr_lint.source.files import SourceFile
    from lr_lint.source.opening import open_source

    data = read_if_there(path) if data is None else data
    source = None if data is None else open_source(path, data)
    return source if isinstance(source, SourceFile) else None
