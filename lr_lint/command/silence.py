"""``lr-lint check --add-suppressions``: comments that silence what is found, written into the files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lr_lint.checks.silencing import Silenced, silence
from lr_lint.command.changed_lines import ChangedLines
from lr_lint.command.conclusion import conclude
from lr_lint.command.console import RefusalError, complain, followed
from lr_lint.command.rewriting import refuse_to_leave_project, rewrite
from lr_lint.reports.summary import CheckSummary, counted
from lr_lint.runs.plan import Plan
from lr_lint.source.checked_files import checked_files
from lr_lint.source.disk import Disk
from lr_lint.vocabulary.diagnostics import FileReport

if TYPE_CHECKING:
    import argparse

    from lr_lint.source.project_settings import ProjectSettings


def add_suppressions(options: argparse.Namespace, paths: Sequence[str], projects: ProjectSettings) -> int:
    """Write a comment for each finding, and report what is left.

    Args:
        options: those of the command line.
        paths: files and folders.
        projects: the settings of each file.

    Returns:
        The exit status.

    Raises:
        RefusalError: if the revision that is named cannot be compared with, or a report cannot be written.
    """
    changes = None if options.diff_base is None else ChangedLines(options.diff_base, paths)
    narrowed = (lambda report: report) if changes is None else changes.narrowed
    files, summary = Disk(paths), CheckSummary(forgives=options.exit_zero)
    contents: dict[str, bytes] = {}
    count = 0
    for path, content in followed(checked_files(paths, projects), Plan(), quiet=options.quiet):
        if not isinstance(content, bytes):
            summary.add(FileReport(path, failure=content))
            continue
        silenced = silence(path, content, projects.settings_for(path), files, narrowed)
        if silenced.data != content and _is_written(path, content, silenced, paths):
            contents[path] = silenced.data
            count += len(silenced.before.diagnostics) - len(silenced.report.diagnostics)
            summary.add(silenced.report)
        else:
            if silenced.problem:
                complain(f"{path}: no comment is written, since {silenced.problem}")
            summary.refused += bool(silenced.before.diagnostics)
            summary.add(silenced.before)
    if not options.quiet:
        complain(f"{counted(count, 'finding')} suppressed in {counted(len(contents), 'file')}")
    return conclude(summary, options, paths, contents)


def _is_written(path: str, old: bytes, silenced: Silenced, paths: Sequence[str]) -> bool:
    try:
        refuse_to_leave_project(path, paths)
        rewrite(path, old, silenced.data)
    except RefusalError as refusal:
        complain(str(refusal))
        return False
    return True
