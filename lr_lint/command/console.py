"""What the commands share: their parser, and how they write, refuse and complain.

Start-up time is the greater part of most runs, so modules that only some runs need are imported where they are needed.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from functools import partial

from lr_lint.reports.pieces import NARROWEST, WIDEST
from lr_lint.source.near_misses import did_you_mean
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.visible import visible

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import NoReturn, TextIO, TypeVar

    from _typeshed import SupportsWrite

    from lr_lint.reports.summary import FilesSummary
    from lr_lint.runs.plan import Plan
    from lr_lint.vocabulary.diagnostics import Failure

    _Found = TypeVar("_Found")

HELP_WIDTH = 100
# What ``--color`` may say.
COLOURS = ("auto", "always", "never")
# What argparse says before the arguments that no option takes.
_UNRECOGNIZED = "unrecognized arguments: "


_END_OF_OPTIONS = "--"


class RefusalError(Exception):
    """Something that cannot be done as asked. Its text is one line for the user."""


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors are refusals."""

    def __init__(
        self,
        prog: str,
        description: str,
        usage: str | None = None,
        epilog: str | None = None,
        formatter: type[argparse.HelpFormatter] = argparse.HelpFormatter,
    ) -> None:
        # Without a width, argparse imports `shutil` for every option, to ask for that of the terminal.
        formed = partial(formatter, width=help_width())
        super().__init__(prog, usage, description, epilog, allow_abbrev=False, formatter_class=formed)

    def parse_with_paths(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options, and the ``paths`` among and after them: what follows ``--`` is a path, whatever it begins with.

        argparse takes ``--`` for the end of options only where another path came before it.

        Args:
            arguments: those of the command.

        Raises:
            RefusalError: if a path is empty, as that of a variable which is not set.
        """
        end = arguments.index(_END_OF_OPTIONS) if _END_OF_OPTIONS in arguments else len(arguments)
        options = self.parse_intermixed_args(arguments[:end])
        options.paths.extend(arguments[end + 1 :])
        if "" in options.paths:
            raise RefusalError("a path is empty")
        return options

    def error(self, message: str) -> NoReturn:
        """Refuse what the command line asks for."""
        _, _, unknown = message.partition(_UNRECOGNIZED)
        near = (did_you_mean(word.partition("=")[0], self._option_string_actions) for word in unknown.split())
        raise RefusalError(f"{message}{next(filter(None, near), '')} (see {self.prog} --help)")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print a help text or the version: argparse itself passes over what cannot be written."""
        if file is None or file is sys.stdout:
            write(message, None, 0)
        else:
            super()._print_message(message, file)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += did_you_mean(str(value), map(str, action.choices or ()))
            raise


def add_look_options(group: argparse._ActionsContainer, names: Iterable[str]) -> None:
    """Add the options that say how something is shown.

    Args:
        group: where to add them.
        names: those of the formats.
    """
    group.add_argument("--output-format", choices=tuple(names), default="text")
    group.add_argument("--color", choices=COLOURS, default="auto")


def read_standard_input() -> bytes:
    """All that comes in.

    Raises:
        RefusalError: if it cannot be read.
    """
    if sys.stdin is None:
        raise RefusalError("standard input is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise RefusalError(f"cannot read standard input: {error.strerror}") from error


def complain(message: str) -> None:
    """Say something on standard error, in one line."""
    say(f"lr-lint: {visible(message)}\n")


def complain_further(line: str) -> None:
    """Show a line that somebody else printed, below what was said on standard error."""
    say(f"  | {visible(line)}\n")


def say(text: str) -> None:
    """Write on standard error. Where nobody can read that, the exit status still says how it went."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _forget(sys.stderr)


def failure_line(failure: Failure) -> str:
    """What could not be analysed, with its place: ``path:line:column: message``."""
    column = None if failure.column is None else failure.column + 1
    return f"{place(failure.path, failure.cell, failure.line, column)}: {failure.message}"


def speaks_unicode() -> bool:
    """Whether standard output can show characters beyond ASCII."""
    encoding = getattr(sys.stdout, "encoding", None) or ""
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8")


def wants_colour(choice: str, output_file: str | None) -> bool:
    """Whether to write in colours.

    Args:
        choice: ``auto``, ``always`` or ``never``.
        output_file: where the report goes, None for standard output.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(output_file) and os.environ.get("TERM") != "dumb"


def complain_of_files(summary: FilesSummary, paths: Iterable[str], *, quiet: bool) -> None:
    """Say which files could not be analysed, and whether there were none at all.

    Args:
        summary: what a run over files came to.
        paths: what was looked at, as the user named it.
        quiet: whether nothing is said of what is no failure.
    """
    for failure in summary.failures:
        complain(failure_line(failure))
    if not summary.discovered and not quiet:
        complain(f"no Python files found in {', '.join(paths)}")


def is_terminal(output_file: str | None) -> bool:
    """Whether the report is shown on a terminal."""
    return output_file is None and sys.stdout is not None and sys.stdout.isatty()


def help_width() -> int:
    """Where to wrap the help of a command, in columns."""
    return min(HELP_WIDTH, text_width(None) or HELP_WIDTH)


def is_watched() -> bool:
    """Whether somebody sees at once what is said on standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def followed(found: Iterator[tuple[str, _Found]], plan: Plan, *, quiet: bool) -> Iterator[tuple[str, _Found]]:
    """Files with what was found in them. Who watches a run that takes long is told how far it is."""
    if quiet or not is_watched():
        return found
    from lr_lint.command.progress import telling

    return telling(found, plan)


def text_width(output_file: str | None) -> int | None:
    """Where to wrap lines, in columns: what ``COLUMNS`` says, else the terminal; None where nobody has a width.

    Args:
        output_file: where the report goes, None for standard output.
    """
    if output_file is not None:
        return None
    told = os.environ.get("COLUMNS", "")
    try:
        width = int(told) if told.isdecimal() else 0
        width = width or (os.get_terminal_size(sys.stdout.fileno()).columns if is_terminal(None) else 0)
    except (OSError, ValueError):
        width = 0
    return min(max(width, NARROWEST), WIDEST) if width else None


def write(text: str, output_file: str | None, status: int) -> int:
    """Write a report.

    Args:
        text: the report.
        output_file: where it goes, None for standard output.
        status: what to return.

    Raises:
        RefusalError: if it cannot be written; not if the reader has gone.
    """
    if output_file is not None:
        write_file(output_file, text.encode(errors="backslashreplace"))
        return status
    if sys.stdout is None:
        return status
    try:
        # A path may hold bytes, and a message characters, that the encoding of the terminal lacks.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        _forget(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise RefusalError(f"cannot write to standard output: {error.strerror}") from error
    return status


def _forget(stream: TextIO) -> None:
    """Have what a stream could not write go nowhere: Python flushes it once more at exit, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def write_bytes(data: bytes) -> None:
    """Write to standard output what is no text of ours, such as the user's own program.

    Raises:
        RefusalError: if it cannot be written.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise RefusalError(f"cannot write to standard output: {error.strerror}") from error


def write_file(path: str, data: bytes) -> None:
    """Write a file as a whole or not at all. A device or a pipe is written to as it is.

    Raises:
        RefusalError: if it cannot be written.
    """
    try:
        if _is_stream(path):
            with open(path, "wb") as file:
                file.write(data)
        else:
            _replace_file(os.path.realpath(path), data)
    except OSError as error:
        raise RefusalError(f"cannot write {path}: {error.strerror}") from error


def _is_stream(path: str) -> bool:
    """Whether what is written goes to somebody who is there already: a pipe, or what the shell opened for us."""
    return os.path.abspath(path).startswith(("/dev/", "/proc/")) or (os.path.exists(path) and not os.path.isfile(path))


def _replace_file(path: str, data: bytes) -> None:
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "xb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
