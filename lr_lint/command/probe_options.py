"""The command line of ``lr-lint probe``: what it takes, and what makes no sense."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from contextlib import suppress

from lr_lint.command.console import COLOURS, CommandParser, RefusalError
from lr_lint.command.settings_options import add_config_options
from lr_lint.probe.request import DEFAULT_TIMEOUT
from lr_lint.probe.targets import torch_is_installed
from lr_lint.reports.formats import SCHEDULES, TEXT
from lr_lint.reports.plots import IMAGE_FORMATS, can_plot_images, can_plot_in_terminal
from lr_lint.vocabulary.curves import ABOUT_ONE

# What stands for a file of that name in ``--plot``.
PLOT_ON_TERMINAL = "-"
_USAGE = """\
lr-lint probe TARGET ... [options]
       lr-lint probe --run train.py [options] [-- ARGS]"""
_EPILOG = """\
TARGET is train.py, train.py:LINE or "train.ipynb:cell N:LINE" (what a scheduler needs is cut out of the file and run,
without data or training), package.module:function (a function that returns the scheduler), or with --run a whole script
or notebook, or a module as python -m takes it, which is stopped at its first training step, or with --batches N after
so many batches of its training. Exit status: 0 all
schedules are in order or undecided, 1 one contradicts its scheduler, 2 something could not be run or asked for, 3
both."""
_MOST_STEPS = 1_000_000
_MOST_BATCHES = 1_000
_DEVICE = re.compile(r"auto|cpu|cuda|cuda:[0-9]+")
# As code spells a value: ``args.lr``, ``cfg["lr"]``, ``net.parts[0].width``, ``len(loader)``.
_PART = r"(?:\.\w+|\[[^\[\]=]+\]|\(\))"
_NAME = re.compile(rf"[^\W\d]\w*{_PART}*|len\([^\W\d]\w*{_PART}*\)")


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str] | None]:
    """The options of the command line, and the arguments for a script, if there is a ``--``.

    Raises:
        RefusalError: if what is asked for makes no sense, or a library that it needs is missing.
    """
    own, script_arguments = _split(arguments)
    options = parser().parse_intermixed_args(own)
    _refuse_nonsense(options, script_arguments)
    return options, script_arguments


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """The arguments for us, and those behind ``--`` for the script, if there is a ``--``."""
    own = list(arguments)
    if "--" not in own:
        return own, None
    border = own.index("--")
    return own[:border], own[border + 1 :]


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint probe",
        usage=_USAGE,
        description="Run the real schedulers, without training, and say what learning rates they set.",
        epilog=_EPILOG,
    )
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="file, file:LINE or package.module:function")
    what = parser.add_argument_group("what runs")
    what.add_argument(
        "--run",
        action="store_true",
        help="run the script itself, up to its first training step; all that it does before is real, files too",
    )
    what.add_argument(
        "--batches",
        type=_batch_count,
        metavar="N",
        help="with --run, train on the first N batches of the script's own data, and count the steps in each",
    )
    what.add_argument("--device", type=_device, default="auto", help="auto, cpu, cuda or cuda:N (default: auto)")
    what.add_argument(
        "--steps",
        type=_step_count,
        metavar="N",
        help="steps that the training takes, in all of which the rate must be one (default: as the script tells)",
    )
    what.add_argument(
        "--tolerance",
        type=_tolerance,
        default=ABOUT_ONE,
        metavar="X",
        help=f"how far from 1 a factor may be to count as 1 (default: {ABOUT_ONE})",
    )
    what.add_argument(
        "--timeout",
        type=_seconds,
        default=DEFAULT_TIMEOUT,
        metavar="S",
        help=f"seconds for each target (default: {DEFAULT_TIMEOUT:g})",
    )
    what.add_argument(
        "--set",
        type=_setting,
        action="append",
        dest="settings",
        metavar="NAME=VALUE",
        help="a value that cannot be found out, as args.lr=0.1, or an argument of a factory; may be repeated",
    )
    add_config_options(parser.add_argument_group("which settings of the check"))
    output = parser.add_argument_group("output")
    output.add_argument("--all", action="store_true", help="show schedules in order in full, however many there are")
    output.add_argument("--output-format", choices=tuple(SCHEDULES), default=TEXT)
    output.add_argument("--plot", metavar="FILE", help="draw the rates into a png or svg file, or - for in the text")
    output.add_argument("--color", choices=COLOURS, default="auto")
    return parser


def _device(text: str) -> str:
    if not _DEVICE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is none of auto, cpu, cuda, cuda:N")
    return text


def _step_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_STEPS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_STEPS}")
    return int(text)


def _batch_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_BATCHES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_BATCHES}")
    return int(text)


def _tolerance(text: str) -> float:
    with suppress(ValueError):
        if 0 <= float(text) < 1:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to below 1")


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) < float("inf"):
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not _NAME.fullmatch(name.strip()):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name.strip(), value.strip()


def _refuse_nonsense(options: argparse.Namespace, script_arguments: list[str] | None) -> None:
    if script_arguments is not None and not options.run:
        raise RefusalError("arguments after -- are for a script: they need --run")
    if options.run and len(options.targets) > 1:
        raise RefusalError("--run takes one script (its arguments go behind --)")
    if options.batches and not options.run:
        raise RefusalError("--batches counts the steps of a script that runs: it needs --run")
    if options.run and options.settings:
        raise RefusalError("--set has no meaning with --run: the script gets its arguments behind --")
    if options.plot == PLOT_ON_TERMINAL:
        if options.output_format != TEXT:
            raise RefusalError(
                f"--plot - draws into the text: it cannot go with --output-format {options.output_format}"
            )
        if not can_plot_in_terminal():
            raise RefusalError("--plot - needs plotext 6: pip install 'lr-lint[plot]'")
    elif options.plot is not None:
        if image_format(options.plot) not in IMAGE_FORMATS:
            raise RefusalError(f"--plot: {options.plot} ends in neither of {', '.join(IMAGE_FORMATS)}")
        if not can_plot_images():
            raise RefusalError("--plot needs matplotlib: pip install 'lr-lint[plot]'")
    refuse_without_torch()


def refuse_without_torch() -> None:
    """Say what to install, before anything is started that needs it.

    Raises:
        RefusalError: if torch is missing.
    """
    if not torch_is_installed():
        raise RefusalError("the probe needs torch where lr-lint is installed: pip install 'lr-lint[probe]'")


def image_format(path: str) -> str:
    """The format that the name of a file asks for: its ending."""
    return os.path.splitext(path)[1].lower().lstrip(".")
