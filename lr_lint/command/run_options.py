"""The options that say how a run over files goes, which makes no difference to what is found."""

from __future__ import annotations

import argparse

from lr_lint.command.console import CommandParser

_AUTO = "auto"
# In no machine there are more processors.
_MOST_JOBS = 1024


def add_run_options(parser: CommandParser) -> argparse._ArgumentGroup:
    """Add them; the group that they are in."""
    group = parser.add_argument_group("how it runs")
    group.add_argument(
        "--jobs",
        "-j",
        type=_jobs,
        metavar="N",
        help="how many processes work (default: auto, as many as there are processors, where that pays)",
    )
    return group


def _jobs(text: str) -> int | None:
    """The number of processes; None for as many as pay."""
    if text == _AUTO:
        return None
    if text.isdecimal() and 1 <= int(text) <= _MOST_JOBS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is neither auto nor a number from 1 to {_MOST_JOBS}")
