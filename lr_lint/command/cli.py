"""The command ``lr-lint``.

Start-up time is the greater part of most runs, so modules that only some runs need are imported where they are needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from lr_lint.command.commands import COMMANDS, DEFAULT
from lr_lint.command.console import RefusalError, complain
from lr_lint.reports.summary import FAILED
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.settings import ConfigurationError

INTERRUPTED = 130


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
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]].run(arguments[1:])
    if arguments:
        _refuse_mistyped_command(arguments[0])
    return COMMANDS[DEFAULT].run(arguments)


def _refuse_mistyped_command(word: str) -> None:
    """Refuse a path that is not there where a command may stand that is called nearly so."""
    if word.isalpha() and not os.path.lexists(word):
        near = did_you_mean(word, COMMANDS)
        if near:
            raise RefusalError(f"{word} is neither a command nor a path{near}")
