"""The commands: what each takes and does in a line, and the functions that parse its options and run it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from lr_lint.command.console import CommandParser, help_width
from lr_lint.reports.pieces import line, plain

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Any

_INDENT = " " * len("usage: ")
_PACKAGE = "lr_lint.command."


@dataclass(frozen=True, slots=True)
class Command:
    """One of the commands. Its modules are imported where it is asked for something.

    Attributes:
        arguments: what it takes, as a usage line shows it.
        summary: what it does, in a few words.
        runs: the function that takes the arguments and gives the exit status, as ``module:function`` of this folder.
        parses: the function that gives the parser of its options, likewise.
    """

    arguments: str
    summary: str
    runs: str
    parses: str

    def run(self, arguments: list[str]) -> int:
        """Run it.

        Args:
            arguments: those after its name.

        Returns:
            The exit status.
        """
        status: int = _named(self.runs)(arguments)
        return status

    def parser(self) -> CommandParser:
        """The parser of its options."""
        parser: CommandParser = _named(self.parses)()
        return parser


def _named(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(_PACKAGE + module), function)


# Without the name of a command, what is given is checked.
DEFAULT = "check"
# In the order in which they are told.
COMMANDS = {
    "check": Command(
        "[PATH ...] [options]",
        "find what is wrong, and mend it (the default)",
        "check:run",
        "check:parser",
    ),
    "sites": Command(
        "[PATH ...] [options]", "list every scheduler with its predicted schedule", "sites:sites", "sites:parser"
    ),
    "probe": Command(
        "TARGET ... [options] [-- ARGS]",
        "run the real schedulers, and say what rates they set",
        "probe:probe",
        "probe_options:parser",
    ),
    "report": Command(
        "[PATH ...] [options]", "write a page with every scheduler and its curve", "report:report", "report:parser"
    ),
    "server": Command("", "tell an editor what is found while code is written", "server:serve", "server:parser"),
    "explain": Command(
        "RULE", "what a rule finds, why, and what to write instead", "lists:explain", "lists:explain_parser"
    ),
    "rules": Command("", "list the rules", "lists:list_rules", "lists:rules_parser"),
    "contracts": Command("", "list the schedulers that are known", "lists:list_contracts", "lists:contracts_parser"),
    "completion": Command("SHELL", "what completes lr-lint in a shell", "completion:complete", "completion:parser"),
    "help": Command("[COMMAND]", "show the help of a command", "helping:show_help", "helping:parser"),
}


def usage(*names: str) -> str:
    """How they are called, a line each: all of them where none are named."""
    named = ((name, COMMANDS[name]) for name in names or COMMANDS)
    lines = (f"lr-lint {'[check]' if name == DEFAULT else name} {each.arguments}" for name, each in named)
    return f"\n{_INDENT}".join(map(str.rstrip, lines))


def description() -> str:
    """What they do, a line each."""
    width = max(map(len, COMMANDS))
    rows = (f"  {name:{width}}  {each.summary}" for name, each in COMMANDS.items())
    return fitted("Prove that learning-rate schedules mean what their authors think.", "", "commands:", *rows)


def fitted(*lines: str) -> str:
    """Lines wrapped as argparse wraps the rest of a help text."""
    return plain((piece for each in lines for piece in line(each)), help_width())
