"""The command ``lr-lint help``."""

from __future__ import annotations

from lr_lint.command.commands import COMMANDS, DEFAULT
from lr_lint.command.console import CommandParser, RefusalError
from lr_lint.source.near_misses import did_you_mean


def show_help(arguments: list[str]) -> int:
    """Show the help of a command; of all without its name.

    Raises:
        RefusalError: if there is no such command.
    """
    name = parser().parse_args(arguments).command
    if name not in COMMANDS:
        raise RefusalError(f"no command is called {name!r}{did_you_mean(name, COMMANDS)}")
    COMMANDS[name].parser().print_help()
    return 0


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(prog="lr-lint help", description="Show the help of a command.")
    parser.add_argument("command", nargs="?", default=DEFAULT, metavar="COMMAND", help="its name")
    return parser
