"""The command ``lr-lint``.

Start-up time is the greater part of most runs, so modules that only some runs need are imported where they are needed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lr_lint import __version__
from lr_lint.api import inspect_each
from lr_lint.command.adoption_options import add_adoption_options, take_adoption_options
from lr_lint.command.check import check
from lr_lint.command.console import (
    COLOURS,
    HELP_WIDTH,
    CommandParser,
    RefusalError,
    complain,
    failure_line,
    followed,
    help_width,
    is_terminal,
    speaks_unicode,
    text_width,
    wants_colour,
    write,
)
from lr_lint.command.outputs import add_output_options, outputs_of
from lr_lint.command.settings_options import (
    add_config_options,
    add_file_options,
    add_rule_options,
    all_rules,
    project_settings,
)
from lr_lint.reports import formats
from lr_lint.reports.pieces import line, plain
from lr_lint.reports.summary import FAILED
from lr_lint.source.file_paths import display_path
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.settings import ConfigurationError, unknown_rule

INTERRUPTED = 130
_STANDARD_INPUT = "-"
_INDENT = " " * len("usage: ")


@dataclass(frozen=True, slots=True)
class _Command:
    """One of the commands.

    Attributes:
        arguments: what it takes, as a usage line shows it.
        summary: what it does, in a few words.
        run: takes the arguments, gives the exit status.
    """

    arguments: str
    summary: str
    run: Callable[[list[str]], int]


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
        complain("interrupted")
        return INTERRUPTED


def _run(arguments: list[str]) -> int:
    try:
        os.getcwd()
    except OSError as error:
        raise RefusalError(f"the current directory is gone: {error.strerror}") from error
    if arguments and arguments[0] in _COMMANDS:
        return _COMMANDS[arguments[0]].run(arguments[1:])
    if arguments:
        _refuse_mistyped_command(arguments[0], _COMMANDS)
    return _check(arguments)


def _help(arguments: list[str]) -> int:
    if not arguments:
        return _check(["--help"])
    name, *more = arguments
    if name not in _COMMANDS or more:
        raise RefusalError(f"no command is called {' '.join(arguments)!r}{did_you_mean(name, _COMMANDS)}")
    return _help([]) if name == "help" else _COMMANDS[name].run(["--help"])


def _refuse_mistyped_command(word: str, commands: Iterable[str]) -> None:
    """Refuse a path that is not there where a command may stand that is called nearly so."""
    if word.isalpha() and not os.path.lexists(word):
        near = did_you_mean(word, commands)
        if near:
            raise RefusalError(f"{word} is neither a command nor a path{near}")


def _check(arguments: list[str]) -> int:
    options = _check_parser().parse_intermixed_args(arguments)
    take_adoption_options(options)
    if options.stdin_filename is not None and _STANDARD_INPUT not in options.paths:
        raise RefusalError("--stdin-filename needs - among the paths")
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise RefusalError("--unsafe-fixes needs --fix, or --diff to show what that would do")
    options.outputs = outputs_of(options)
    stdin_path = display_path(options.stdin_filename) if options.stdin_filename else "<stdin>"
    paths = [path for path in options.paths if path != _STANDARD_INPUT]
    projects = project_settings(options, fixes=options.fixes and not (options.fix or options.diff))
    if options.show_settings or options.show_files:
        from lr_lint.command.show import show_files, show_settings

        shown = [stdin_path if path == _STANDARD_INPUT else path for path in options.paths]
        return show_settings(shown, projects, options) if options.show_settings else show_files(shown, projects)
    stdin = (stdin_path, _standard_input()) if _STANDARD_INPUT in options.paths else None
    if options.fix or options.diff:
        from lr_lint.command.fix import FixRequest, fix

        return fix(FixRequest(options, paths, projects, stdin))

    if options.fixes and not any(output.shows_fixes for output in options.outputs):
        shown_in = " and ".join(formats.WITH_FIXES)
        raise RefusalError(f"--fixes is for the formats {shown_in}; --diff shows fixes to people")
    if options.add_suppressions:
        from lr_lint.command.silence import add_suppressions

        return add_suppressions(options, paths, projects)
    return check(options, paths, projects, stdin)


def _check_parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        prog="lr-lint",
        usage=_usage(),
        description=_describe(),
        epilog=_fitted("Exit status: 0 clean, 1 findings, 2 something could not be analysed or asked for, 3 both."),
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
    instead = parser.add_argument_group("instead of checking").add_mutually_exclusive_group()
    instead.add_argument("--show-settings", action="store_true", help="show the settings, and where each comes from")
    instead.add_argument("--show-files", action="store_true", help="list the files that would be checked")
    add_output_options(parser.add_argument_group("output"))
    return parser


def _usage() -> str:
    lines = (f"lr-lint {'[check]' if name == 'check' else name} {each.arguments}" for name, each in _COMMANDS.items())
    return f"\n{_INDENT}".join(map(str.rstrip, lines))


def _describe() -> str:
    """What the commands do, a line each."""
    width = max(map(len, _COMMANDS))
    rows = (f"  {name:{width}}  {each.summary}" for name, each in _COMMANDS.items())
    return _fitted("Prove that learning-rate schedules mean what their authors think.", "", "commands:", *rows)


def _fitted(*lines: str) -> str:
    """Lines wrapped as argparse wraps the rest of a help text."""
    return plain((piece for each in lines for piece in line(each)), help_width())


def _add_look_options(group: argparse._ActionsContainer, names: Iterable[str]) -> None:
    group.add_argument("--output-format", choices=tuple(names), default=formats.TEXT)
    group.add_argument("--color", choices=COLOURS, default="auto")


def _add_output_options(parser: CommandParser, names: Iterable[str]) -> None:
    output = parser.add_argument_group("output")
    _add_look_options(output, names)
    output.add_argument("--output-file", metavar="FILE", help="write the report to a file")
    output.add_argument("--quiet", "-q", action="store_true", help="no closing line and no warnings")


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
    for _, inventory in followed(inspect_each(options.paths, project_settings(options)), quiet=options.quiet):
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


def _report(arguments: list[str]) -> int:
    from lr_lint.command.report import report

    return report(arguments)


def _server(arguments: list[str]) -> int:
    from lr_lint.command.server import serve

    return serve(arguments)


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
    parser.add_argument("--color", choices=COLOURS, default="auto")
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
    _add_look_options(parser, formats.RULES)
    options = parser.parse_args(arguments)
    return write(formats.RULES[options.output_format](all_rules(), _look(options)), None, 0)


def _list_contracts(arguments: list[str]) -> int:
    parser = CommandParser(
        prog="lr-lint contracts",
        description="List the schedulers that are known, with what their callable has to return.",
    )
    _add_look_options(parser, formats.CONTRACTS)
    add_config_options(parser)
    options = parser.parse_args(arguments)
    rows = project_settings(options).settings_for("any.py").contracts.rows
    return write(formats.CONTRACTS[options.output_format](rows, _look(options)), None, 0)


def _look(options: argparse.Namespace) -> formats.Look:
    """How a list is shown on standard output."""
    return formats.Look(colours=wants_colour(options.color, None), width=text_width(None))


# In the order in which they are told. Without the name of a command, what is given is checked.
_COMMANDS = {
    "check": _Command("[PATH ...] [options]", "find schedules that are wrong, and mend them (the default)", _check),
    "sites": _Command("[PATH ...] [options]", "list every scheduler with its predicted schedule", _sites),
    "probe": _Command("TARGET ... [options] [-- ARGS]", "run the real schedulers, and say what rates they set", _probe),
    "report": _Command("[PATH ...] [options]", "write a page with every scheduler and its curve", _report),
    "server": _Command("", "tell an editor what is found while code is written", _server),
    "explain": _Command("RULE", "what a rule finds, why, and what to write instead", _explain),
    "rules": _Command("", "list the rules", _list_rules),
    "contracts": _Command("", "list the schedulers that are known", _list_contracts),
    "help": _Command("[COMMAND]", "show the help of a command", _help),
}
