"""The commands that tell what lr-lint knows: ``explain``, ``rules`` and ``contracts``."""

from __future__ import annotations

import argparse

from lr_lint.command.console import (
    COLOURS,
    HELP_WIDTH,
    CommandParser,
    RefusalError,
    add_look_options,
    text_width,
    wants_colour,
    write,
)
from lr_lint.command.settings_options import add_config_options, all_rules, project_settings
from lr_lint.reports import formats
from lr_lint.source.settings import unknown_rule


def explain(arguments: list[str]) -> int:
    """Say what a rule finds, why, and what to write instead.

    Raises:
        RefusalError: if there is no such rule.
    """
    options = explain_parser().parse_args(arguments)
    from lr_lint.checks.rules import by_code_or_name
    from lr_lint.reports.manual import explanation

    rule = by_code_or_name(options.rule)
    if rule is None:
        raise RefusalError(unknown_rule(options.rule, all_rules(), one=True))
    text = explanation(rule)
    if wants_colour(options.color, None):
        from shutil import get_terminal_size

        from rich.markdown import Markdown

        from lr_lint.reports.pieces import in_colours

        text = in_colours(Markdown(text), width=min(HELP_WIDTH, get_terminal_size().columns))
    return write(text, None, 0)


def explain_parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(prog="lr-lint explain", description="Say what a rule finds, why, and what to write instead.")
    parser.add_argument("rule", metavar="RULE", help="its code or its name")
    parser.add_argument("--color", choices=COLOURS, default="auto")
    return parser


def list_rules(arguments: list[str]) -> int:
    """List the rules."""
    options = rules_parser().parse_args(arguments)
    return write(formats.RULES[options.output_format](all_rules(), _look(options)), None, 0)


def rules_parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(prog="lr-lint rules", description="List the rules.")
    add_look_options(parser, formats.RULES)
    return parser


def list_contracts(arguments: list[str]) -> int:
    """List the schedulers that are known."""
    options = contracts_parser().parse_args(arguments)
    rows = project_settings(options).settings_for("any.py").contracts.rows
    return write(formats.CONTRACTS[options.output_format](rows, _look(options)), None, 0)


def contracts_parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint contracts",
        description="List the schedulers that are known, with what their callable has to return.",
    )
    add_look_options(parser, formats.CONTRACTS)
    add_config_options(parser)
    return parser


def _look(options: argparse.Namespace) -> formats.Look:
    """How a list is shown on standard output."""
    return formats.Look(colours=wants_colour(options.color, None), width=text_width(None))
