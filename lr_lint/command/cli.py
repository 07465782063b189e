"""The command ``lr-lint``.

Start-up time is the greater part of most runs, so modules that only some runs need are imported where they are needed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence

from lr_lint import __version__
from lr_lint.api import check_each, inspect_each
from lr_lint.command.check import conclude
from lr_lint.command.console import (
    HELP_WIDTH,
    CommandParser,
    RefusalError,
    complain,
    failure_line,
    is_terminal,
    speaks_unicode,
    text_width,
    wants_colour,
    write,
)
from lr_lint.command.settings_options import (
    add_config_options,
    add_file_options,
    add_rule_options,
    all_rules,
    project_settings,
)
from lr_lint.reports import formats
from lr_lint.reports.summary import FAILED, CheckSummary
from lr_lint.source.file_paths import display_path
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.settings import ConfigurationError, unknown_rule

INTERRUPTED = 130
_STANDARD_INPUT = "-"
_USAGE = """\
lr-lint [check] [PATH ...] [options]
       lr-lint sites [PATH ...] [options]
       lr-lint probe TARGET ... [options] [-- ARGS]
       lr-lint explain RULE
       lr-lint rules
       lr-lint contracts"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: those of the command line if None.

    Returns:
        The exit status: 0 if all is well, 1 for findings, 2 for what could not be done, 3 for both.
    """
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except (RefusalError, ConfigurationError) as error:
        complain(str(error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: list[str]) -> int:
    try:
        os.getcwd()
    except OSError as error:
        raise RefusalError(f"the current directory is gone: {error.strerror}") from error
    commands = {
        "check": _check,
        "sites": _sites,
        "probe": _probe,
        "explain": _explain,
        "rules": _list_rules,
        "contracts": _list_contracts,
    }
    if arguments and arguments[0] in commands:
        return commands[arguments[0]](arguments[1:])
    if arguments:
        _refuse_mistyped_command(arguments[0], commands)
    return _check(arguments)


def _refuse_mistyped_command(word: str, commands: Iterable[str]) -> None:
    """Refuse a path that is not there where a command may stand that is called nearly so."""
    if word.isalpha() and not os.path.lexists(word):
        near = did_you_mean(word, commands)
        if near:
            raise RefusalError(f"{word} is neither a command nor a path{near}")


def _check(arguments: list[str]) -> int:
    options = _check_parser().parse_intermixed_args(arguments)
    if options.stdin_filename is not None and _STANDARD_INPUT not in options.paths:
        raise RefusalError("--stdin-filename needs - among the paths")
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise RefusalError("--unsafe-fixes needs --fix, or --diff to show what that would do")
    stdin_path = display_path(options.stdin_filename) if options.stdin_filename else "<stdin>"
    paths = [path for path in options.paths if path != _STANDARD_INPUT]
    fixes = options.output_format in formats.WITH_FIXES and not (options.fix or options.diff)
    projects = project_settings(options, fixes=fixes)
    stdin = (stdin_path, _standard_input()) if _STANDARD_INPUT in options.paths else None
    if options.fix or options.diff:
        from lr_lint.command.fix import FixRequest, fix

        return fix(FixRequest(options, paths, projects, stdin))

    summary = CheckSummary()
    for _, report in check_each(paths, projects, stdin):
        summary.add(report)
    return conclude(summary, options, options.paths, {} if stdin is None else {stdin[0]: stdin[1]})


def _check_parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="lr-lint",
        usage=_USAGE,
        description="Check that learning-rate schedules return what their scheduler multiplies by.",
        epilog="Exit status: 0 clean, 1 findings, 2 something could not be analysed or asked for, 3 both.",
    )
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="file or folder, - for standard input")
    parser.add_argument("--version", action="version", version=f"lr-lint {__version__}")

    add_rule_options(parser)
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--diff", action="store_true", help="show what fixes would change, and write nothing")
    fixes.add_argument("--fix", action="store_true", help="apply the fixes that do not change training")
    fixes.add_argument("--unsafe-fixes", action="store_true", help="with --fix, apply those that change training too")

    files = add_file_options(parser)
    files.add_argument("--stdin-filename", metavar="PATH", help="what the standard input is called")
    output = _add_output_options(parser, formats.FINDINGS)
    output.add_argument("--exit-zero", action="store_true", help="findings do not change the exit status")
    return parser


def _add_format_option(group: argparse._ActionsContainer, names: Iterable[str]) -> None:
    group.add_argument("--output-format", choices=tuple(names), default=formats.TEXT)


def _add_output_options(parser: CommandParser, names: Iterable[str]) -> argparse._ArgumentGroup:
    output = parser.add_argument_group("output")
    _add_format_option(output, names)
    output.add_argument("--output-file", metavar="FILE", help="write the report to a file")
    output.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    output.add_argument("--quiet", "-q", action="store_true", help="no closing line and no warnings")
    return output


def _sites(arguments: list[str]) -> int:
    parser = CommandParser(
        prog="lr-lint sites",
        description="List every scheduler that is constructed, with its predicted schedule and whether that fits.",
        epilog="Exit status: 0, or 2 when something could not be analysed or asked for.",
    )
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="file or folder")
    add_file_options(parser)
    _add_output_options(parser, formats.SITES)
    options = parser.parse_intermixed_args(arguments)
    from lr_lint.reports.listing import SitesSummary

    summary = SitesSummary()
    for _, inventory in inspect_each(options.paths, project_settings(options)):
        summary.add(inventory)
    for failure in summary.failures:
        complain(failure_line(failure))
    if not summary.discovered and not options.quiet:
        complain(f"no Python files found in {', '.join(options.paths)}")
    colours = wants_colour(options.color, options.output_file)
    look = formats.Look(
        colours=colours,
        draws=colours or is_terminal(options.output_file),
        unicode=options.output_file is not None or speaks_unicode(),
        closes=not options.quiet,
        width=text_width(options.output_file),
    )
    return write(formats.SITES[options.output_format](summary, look), options.output_file, summary.status)


def _probe(arguments: list[str]) -> int:
    from lr_lint.command.probe import probe

    return probe(arguments)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise RefusalError("standard input is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise RefusalError(f"cannot read standard input: {error.strerror}") from error


def _explain(arguments: list[str]) -> int:
    parser = CommandParser(prog="lr-lint explain", description="Say what a rule finds, why, and what to write instead.")
    parser.add_argument("rule", metavar="RULE", help="its code or its name")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    options = parser.parse_args(arguments)
    from lr_lint.checks.rules import by_code_or_name
    from lr_lint.reports.manual import explanation

    rule = by_code_or_name(options.rule)
    if rule is None:
        raise RefusalError(unknown_rule(options.rule, all_rules()))
    text = explanation(rule)
    if wants_colour(options.color, None):
        from shutil import get_terminal_size

        from rich.markdown import Markdown

        from lr_lint.reports.pieces import in_colours

        text = in_colours(Markdown(text), width=min(HELP_WIDTH, get_terminal_size().columns))
    return write(text, None, 0)


def _list_rules(arguments: list[str]) -> int:
    parser = CommandParser(prog="lr-lint rules", description="List the rules.")
    _add_format_option(parser, formats.RULES)
    options = parser.parse_args(arguments)
    return write(formats.RULES[options.output_format](all_rules()), None, 0)


def _list_contracts(arguments: list[str]) -> int:
    parser = CommandParser(
        prog="lr-lint contracts",
        description="List the schedulers that are known, with what their callable has to return.",
    )
    _add_format_option(parser, formats.CONTRACTS)
    add_config_options(parser)
    options = parser.parse_args(arguments)
    rows = project_settings(options).settings_for("any.py").contracts.rows
    return write(formats.CONTRACTS[options.output_format](rows), None, 0)
