"""The command ``lr-lint completion``: what a shell needs to complete commands, options, choices and paths."""

from __future__ import annotations

import argparse
from importlib.util import find_spec

from lr_lint.command.commands import COMMANDS, DEFAULT
from lr_lint.command.console import CommandParser, RefusalError, write
from lr_lint.command.settings_options import all_rules

_SHELLS = ("bash", "zsh", "tcsh")
# What stands for a path where an option or an argument is described; for a folder; for a rule.
_PATHS = frozenset({"PATH", "FILE", "[FORMAT:]FILE", "TARGET"})
_FOLDER = "FOLDER"
_RULES = frozenset({"RULE", "RULES"})


def complete(arguments: list[str]) -> int:
    """Print the completion for a shell.

    Raises:
        RefusalError: if the library that makes it is missing.
    """
    options = parser().parse_args(arguments)
    if find_spec("shtab") is None:
        raise RefusalError("completion needs shtab: pip install 'lr-lint[completion]'")
    import shtab

    return write(shtab.complete(_all_commands(), options.shell) + "\n", None, 0)


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint completion",
        description="Print what completes lr-lint in a shell: eval it, or put it where the shell looks.",
    )
    parser.add_argument("shell", choices=_SHELLS, metavar="SHELL", help=", ".join(_SHELLS))
    return parser


def _all_commands() -> argparse.ArgumentParser:
    """One parser of all commands, and of the options of the default one. It parses nothing: it is only looked at.

    The first word is completed as a command; where none begins so, shells complete a path by themselves.
    """
    whole = argparse.ArgumentParser("lr-lint", add_help=False)
    for action in COMMANDS[DEFAULT].parser()._actions:
        if action.option_strings:
            _mark(action)
            whole._add_action(action)
    commands = whole.add_subparsers()
    for name, command in COMMANDS.items():
        each = commands.add_parser(name, parents=[command.parser()], add_help=False, help=command.summary)
        for action in each._actions:
            _mark(action)
    return whole


def _mark(action: argparse.Action) -> None:
    """Note what completes the value of an option or an argument, where that is known."""
    import shtab

    if action.metavar in _PATHS or action.metavar == _FOLDER:
        kind = shtab.DIRECTORY if action.metavar == _FOLDER else shtab.FILE
        action.complete = kind  # type: ignore[attr-defined]
    elif action.metavar in _RULES:
        action.choices = tuple(word for rule in all_rules() for word in (rule.code, rule.name))
    elif action.metavar == "COMMAND":
        action.choices = tuple(COMMANDS)
