"""The command ``lr-lint probe``: it runs the real schedulers in child processes and says what rates they set."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lr_lint.command.console import (
    CommandParser,
    RefusalError,
    complain,
    failure_line,
    is_terminal,
    speaks_unicode,
    wants_colour,
    write,
    write_file,
)
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, judge
from lr_lint.probe.records import ChildReport, Mode
from lr_lint.probe.request import DEFAULT_STEPS, DEFAULT_TIMEOUT, Request
from lr_lint.probe.targets import FactoryTarget, FileTarget, TargetError, parse_target, torch_is_installed
from lr_lint.reports.formats import SCHEDULES, TEXT, Look
from lr_lint.reports.plots import IMAGE_FORMATS, can_plot_images, can_plot_in_terminal
from lr_lint.reports.probe import ProbeOutcome
from lr_lint.source.file_paths import display_path
from lr_lint.vocabulary.curves import ABOUT_ONE

if TYPE_CHECKING:
    from threading import Timer

_USAGE = """\
lr-lint probe TARGET ... [options]
       lr-lint probe --run train.py [options] [-- ARGS]"""
_EPILOG = """\
TARGET is train.py or train.py:LINE (what a scheduler needs is cut out of the file and run, without data or training),
package.module:function (a function that returns the scheduler), or a whole script with --run, which is stopped at its
first training step. Exit status: 0 all schedules are in order, 1 one contradicts its scheduler, 2 something could not
be run or asked for, 3 both."""
_PLOT_ON_TERMINAL = "-"
_PLOT_HEIGHT = 14
_WIDEST_PLOT = 100
_WIDTH_WITHOUT_TERMINAL = 80
_MOST_STEPS = 1_000_000
_LINES_OF_OUTPUT = 10
_DEVICE = re.compile(r"auto|cpu|cuda|cuda:[0-9]+")
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
# Before this many seconds, nobody wonders what is going on.
_PATIENCE = 1.0


def probe(arguments: Sequence[str]) -> int:
    """Run ``lr-lint probe``.

    Args:
        arguments: those after the word ``probe``.

    Returns:
        The exit status: 0 if all is well, 1 for a contradiction, 2 for what could not be run, 3 for both.

    Raises:
        RefusalError: if what is asked for makes no sense, or a library that it needs is missing.
    """
    own, script_arguments = _split(arguments)
    options = _parser().parse_intermixed_args(own)
    _refuse_nonsense(options, script_arguments)
    steps: int = options.steps or DEFAULT_STEPS
    request = Request(
        mode=Mode.RUN,
        steps=steps,
        device=options.device,
        arguments=tuple(script_arguments or ()),
        settings=dict(options.settings or ()),
        timeout=options.timeout,
    )
    outcome = ProbeOutcome()
    for job, target in _jobs(options, request, outcome):
        failures = len(outcome.failures)
        with _progress(f"probing {job.target}"):
            report = _launch(job, None if target is None else partial(_slices, target, job.settings, outcome))
        # What could not be sliced is said already, and where nothing could be, there is no more to say.
        if report != ChildReport() or len(outcome.failures) == failures:
            _add(outcome, job, report, options)
    _complain_of(outcome.failures)
    if options.plot not in (None, _PLOT_ON_TERMINAL) and outcome.schedules:
        _write_image(outcome.schedules, options.plot)
    if options.output_format != TEXT:
        for note in outcome.notes:
            complain(note)
    colours = wants_colour(options.color, None)
    look = Look(colours=colours, in_full=options.all, plot=_plotter(options))
    return write(SCHEDULES[options.output_format](outcome, steps, look), None, outcome.status)


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """The arguments for us, and those behind ``--`` for the script, if there is a ``--``."""
    own = list(arguments)
    if "--" not in own:
        return own, None
    border = own.index("--")
    return own[:border], own[border + 1 :]


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="lr-lint probe",
        usage=_USAGE,
        description="Run the real schedulers, without training, and say what learning rates they set.",
        epilog=_EPILOG,
    )
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="file, file:LINE or package.module:function")
    what = parser.add_argument_group("what runs")
    what.add_argument("--run", action="store_true", help="run the script itself, up to its first training step")
    what.add_argument("--device", type=_device, default="auto", help="auto, cpu, cuda or cuda:N (default: auto)")
    what.add_argument(
        "--steps",
        type=_step_count,
        metavar="N",
        help=f"steps that the training takes, in all of which the rate must be one (default: look at {DEFAULT_STEPS})",
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
    output = parser.add_argument_group("output")
    output.add_argument("--all", action="store_true", help="show schedules in order in full, however many there are")
    output.add_argument("--output-format", choices=tuple(SCHEDULES), default=TEXT)
    output.add_argument("--plot", metavar="FILE", help="draw the rates into a png or svg file, or - for in the text")
    output.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    return parser


def _device(text: str) -> str:
    if not _DEVICE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is none of auto, cpu, cuda, cuda:N")
    return text


def _step_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_STEPS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST_STEPS}")
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
    if options.run and options.settings:
        raise RefusalError("--set has no meaning with --run: the script gets its arguments behind --")
    if options.plot == _PLOT_ON_TERMINAL:
        if options.output_format != TEXT:
            raise RefusalError(
                f"--plot - draws into the text: it cannot go with --output-format {options.output_format}"
            )
        if not can_plot_in_terminal():
            raise RefusalError("--plot - needs plotext 6: pip install 'lr-lint[plot]'")
    elif options.plot is not None:
        if _image_format(options.plot) not in IMAGE_FORMATS:
            raise RefusalError(f"--plot: {options.plot} ends in neither of {', '.join(IMAGE_FORMATS)}")
        if not can_plot_images():
            raise RefusalError("--plot needs matplotlib: pip install 'lr-lint[plot]'")
    if not torch_is_installed():
        raise RefusalError("the probe needs torch where lr-lint is installed: pip install 'lr-lint[probe]'")


def _image_format(path: str) -> str:
    return os.path.splitext(path)[1].lower().lstrip(".")


def _jobs(
    options: argparse.Namespace, request: Request, outcome: ProbeOutcome
) -> Iterator[tuple[Request, FileTarget | None]]:
    """One request for each target that can be asked for; what is wrong with the others goes to the failures.

    Beside it stands the file that has yet to be sliced, if it is about one.
    """
    for text in options.targets:
        try:
            target = _script(text) if options.run else parse_target(text)
        except TargetError as error:
            outcome.failures.append(str(error))
            continue
        if options.run:
            yield replace(request, target=text), None
        elif isinstance(target, FactoryTarget):
            yield replace(request, mode=Mode.FACTORY, target=target.name), None
        else:
            yield replace(request, mode=Mode.SLICE, target=target.path), target


def _script(text: str) -> FileTarget:
    if not os.path.isfile(text):
        raise TargetError(f"{text}: no such file (--run takes a script)")
    return FileTarget(text)


def _slices(target: FileTarget, settings: dict[str, str], outcome: ProbeOutcome) -> list[dict[str, Any]]:
    """The slices of a file; what cannot be sliced goes to the failures."""
    from lr_lint.probe.slicing.slices import slices_of
    from lr_lint.source.disk import Disk

    programs, failures = slices_of(display_path(target.path), target.line, Disk(), settings)
    outcome.failures += [failure_line(failure) for failure in failures]
    return programs


def _launch(request: Request, programs: Callable[[], list[dict[str, Any]]] | None) -> ChildReport:
    from lr_lint.probe.launch import launch

    try:
        return launch(request, programs)
    except OSError as error:
        raise RefusalError(f"cannot start a process to probe in: {error.strerror}") from error


def _add(outcome: ProbeOutcome, job: Request, report: ChildReport, options: argparse.Namespace) -> None:
    judged = [
        judge(observation, options.tolerance, whole_training=options.steps is not None)
        for observation in report.observations
    ]
    outcome.add(report, judged)
    if report.failure:
        printed = [f"  | {line}" for line in report.output.splitlines() if line.strip()]
        outcome.failures.append("\n".join([report.failure, *printed[-_LINES_OF_OUTPUT:]]))
    elif not judged:
        outcome.failures.append(f"{job.target}: no scheduler was seen")


def _complain_of(failures: Sequence[str]) -> None:
    """Each failure in one line, then what the user's code printed before it."""
    for failure in failures:
        first, _, printed = failure.partition("\n")
        complain(first)
        if printed and sys.stderr is not None:
            print(printed, file=sys.stderr)


@contextmanager
def _progress(text: str) -> Iterator[None]:
    """Say on a terminal that something is going on, when it takes a while."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    shown: list[Any] = []

    def show() -> None:
        from rich.console import Console

        status = Console(stderr=True).status(text)
        status.start()
        shown.append(status)

    timer: Timer = Timer(_PATIENCE, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in shown:
            status.stop()


def _plotter(options: argparse.Namespace) -> Callable[[ScheduleVerdict], str] | None:
    """What draws a schedule in the text: asked for, or on a terminal where that is possible."""
    asked = options.plot == _PLOT_ON_TERMINAL
    if not asked and not (options.plot is None and is_terminal(None) and can_plot_in_terminal()):
        return None
    from shutil import get_terminal_size

    from lr_lint.reports.plots import terminal_plot

    columns = get_terminal_size().columns if is_terminal(None) else _WIDTH_WITHOUT_TERMINAL
    width = min(columns - 1, _WIDEST_PLOT)
    return lambda schedule: terminal_plot(schedule, width, _PLOT_HEIGHT, unicode=speaks_unicode())


def _write_image(schedules: Sequence[ScheduleVerdict], path: str) -> None:
    from lr_lint.reports.plots import image

    write_file(path, image(schedules, _image_format(path)))
