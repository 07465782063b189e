"""The command ``lr-lint check``, which is what is run without the name of a command."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from lr_lint import __version__
from lr_lint.api import check_each
from lr_lint.command.adoption_options import add_adoption_options, take_adoption_options
from lr_lint.command.commands import description, fitted, usage
from lr_lint.command.conclusion import conclude, lines_in
from lr_lint.command.console import (
    CommandParser,
    RefusalError,
    followed,
    read_standard_input,
)
from lr_lint.command.outputs import add_output_options, outputs_of
from lr_lint.command.run_options import add_run_options, plan_of, tell_of
from lr_lint.command.settings_options import add_file_options, add_rule_options, project_settings
from lr_lint.reports import formats
from lr_lint.reports.summary import CheckSummary
from lr_lint.source.file_paths import NOTEBOOK_SUFFIX, display_path

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.command.changed_lines import ChangedLines
    from lr_lint.command.conclusion import LinesOf
    from lr_lint.runs.plan import Plan
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.vocabulary.diagnostics import FileReport

    Reports = Iterable[tuple[str, FileReport | None]]

_STANDARD_INPUT = "-"
_UNNAMED = "<stdin>"


def run(arguments: list[str]) -> int:
    """Run ``lr-lint check``.

    Args:
        arguments: those after the word ``check``, or all if there is no such word.

    Returns:
        The exit status.

    Raises:
        RefusalError: if something that is asked for cannot be done or written.
    """
    options = parser().parse_with_paths(arguments)
    take_adoption_options(options)
    if options.stdin_filename is not None and _STANDARD_INPUT not in options.paths:
        raise RefusalError("--stdin-filename needs - among the paths")
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise RefusalError("--unsafe-fixes needs --fix, or --diff to show what that would do")
    options.outputs = outputs_of(options)
    stdin_path = display_path(options.stdin_filename) if options.stdin_filename else _UNNAMED
    paths = [path for path in options.paths if path != _STANDARD_INPUT]
    projects = project_settings(options, fixes=options.fixes and not (options.fix or options.diff))
    if options.show_settings or options.show_files:
        from lr_lint.command.show import show_files, show_settings

        shown = [stdin_path if path == _STANDARD_INPUT else path for path in options.paths]
        return show_settings(shown, projects, options) if options.show_settings else show_files(shown, projects)
    stdin = _read(stdin_path) if _STANDARD_INPUT in options.paths else None
    plan = plan_of(options, projects)
    if options.fix or options.diff:
        from lr_lint.command.fix import FixRequest, fix

        return fix(FixRequest(options, paths, projects, stdin, plan))

    if options.fixes and not any(output.shows_fixes for output in options.outputs):
        shown_in = " and ".join(formats.WITH_FIXES)
        raise RefusalError(f"--fixes is for the formats {shown_in}; --diff shows fixes to people")
    if options.add_suppressions:
        from lr_lint.command.silence import add_suppressions

        return add_suppressions(options, paths, projects)
    return check(options, paths, projects, stdin, plan)


def _read(name: str) -> tuple[str, bytes]:
    """What the standard input is called and what it holds. A notebook without a name is one all the same.

    As Python, its JSON would be a dict in which nothing is wrong.
    """
    data = read_standard_input()
    is_notebook = name == _UNNAMED and data.lstrip().startswith(b"{") and b'"nbformat"' in data
    return f"{name}{NOTEBOOK_SUFFIX}" if is_notebook else name, data


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint",
        usage=usage(),
        description=description(),
        epilog=fitted("Exit status: 0 clean, 1 findings, 2 something could not be analysed or asked for, 3 both."),
        formatter=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help="file or folder, - for standard input")
    parser.add_argument("--version", "-V", action="version", version=f"lr-lint {__version__}")

    add_rule_options(parser)
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--diff", action="store_true", help="show what fixes would change, and write nothing")
    fixes.add_argument("--fix", action="store_true", help="apply the fixes that do not change training")
    fixes.add_argument("--unsafe-fixes", action="store_true", help="with --fix, apply those that change training too")

    fixes.add_argument("--fixes", action="store_true", help="look for fixes, which takes time, and report them")
    fixes.add_argument("--no-fixes", action="store_false", dest="fixes", help="look for none (the default)")

    files = add_file_options(parser)
    files.add_argument("--stdin-filename", metavar="PATH", help="what the standard input is called")
    add_adoption_options(parser)
    add_run_options(parser)
    instead = parser.add_argument_group("instead of checking").add_mutually_exclusive_group()
    instead.add_argument("--show-settings", action="store_true", help="show the settings, and where each comes from")
    instead.add_argument("--show-files", action="store_true", help="list the files that would be checked")
    add_output_options(parser.add_argument_group("output"))
    return parser


def check(
    options: argparse.Namespace,
    paths: Sequence[str],
    projects: ProjectSettings,
    stdin: tuple[str, bytes] | None,
    plan: Plan,
) -> int:
    """Check files and folders, and report.

    Args:
        options: those of the command line, with their ``outputs``.
        paths: files and folders.
        projects: the settings of each file.
        stdin: what the standard input is called and what it holds, if it is to be checked.
        plan: how it is done.

    Returns:
        The exit status.

    Raises:
        RefusalError: if something that is asked for cannot be done or written.
    """
    contents = {} if stdin is None else {stdin[0]: stdin[1]}
    adopted = _with_baseline_written if options.write_baseline is not None else _with_baseline
    changes = None if options.diff_base is None else _changed_lines(options.diff_base, paths)
    found = followed(check_each(paths, projects, stdin, plan), plan, quiet=options.quiet)
    summary = CheckSummary(forgives=options.exit_zero, fixes=options.fixes)
    for _, report in adopted(found, options, projects, lines_in(contents)):
        summary.add(report if report is None or changes is None else changes.narrowed(report))
    tell_of(plan, quiet=options.quiet)
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
