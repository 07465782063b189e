"""The command ``lr-lint probe``: it runs the real schedulers in child processes and says what rates they set."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from lr_lint.command.console import (
    RefusalError,
    complain,
    complain_further,
    failure_line,
    is_terminal,
    is_watched,
    speaks_unicode,
    text_width,
    wants_colour,
    write,
    write_file,
)
from lr_lint.command.probe_options import PLOT_ON_TERMINAL, image_format, parse, refuse_without_torch
from lr_lint.command.settings_options import project_settings
from lr_lint.probe.measuring.courses import course_of
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, judge
from lr_lint.probe.records import ChildReport, Mode, Observation, Place
from lr_lint.probe.request import Request
from lr_lint.probe.targets import (
    FactoryTarget,
    FileTarget,
    ModuleTarget,
    TargetError,
    cells_of,
    parse_script,
    parse_target,
)
from lr_lint.reports.formats import SCHEDULES, TEXT, Look
from lr_lint.reports.plots import can_plot_in_terminal
from lr_lint.reports.probe import ProbeFailure, ProbeSummary
from lr_lint.source.file_paths import display_path
from lr_lint.source.settings import ConfigurationError

if TYPE_CHECKING:
    from lr_lint.probe.consultation import Consultation
    from lr_lint.source.project_settings import ProjectSettings

_NEXT = ": name a function that makes one (package.module:function)"
_PLOT_HEIGHT = 14
_WIDEST_PLOT = 100
_WIDTH_WITHOUT_TERMINAL = 80
_LINES_OF_OUTPUT = 10


def probe(arguments: Sequence[str]) -> int:
    """Run ``lr-lint probe``.

    Args:
        arguments: those after the word ``probe``.

    Returns:
        The exit status: 0 if all is well, 1 for a contradiction, 2 for what could not be run, 3 for both.

    Raises:
        RefusalError: if what is asked for makes no sense, or a library that it needs is missing.
    """
    options, script_arguments = parse(arguments)
    request = Request(
        mode=Mode.RUN,
        steps=options.steps,
        device=options.device,
        arguments=tuple(script_arguments or ()),
        settings=dict(options.settings or ()),
        timeout=options.timeout,
        batches=options.batches or 0,
    )
    summary = ProbeSummary()
    projects = project_settings(options)
    consultation = _consultation(bool(options.settings or script_arguments), projects)
    measure = partial(judge, tolerance=options.tolerance, whole_training=options.steps is not None)
    for job, target in _jobs(options, request, projects, summary):
        _run(job, target, summary, measure, consultation)
    complain_of(summary.failures)
    if options.plot not in (None, PLOT_ON_TERMINAL) and summary.schedules:
        _write_image(summary.schedules, options.plot)
    if options.output_format != TEXT:
        for note in summary.notes:
            complain(note)
    colours = wants_colour(options.color, None)
    look = Look(colours=colours, in_full=options.all, width=text_width(None), plot=_plotter(options))
    return write(SCHEDULES[options.output_format](summary, options.steps, look), None, summary.status)


def probe_files(paths: Iterable[str], projects: ProjectSettings) -> ProbeSummary:
    """Probe every scheduler in some files, as ``lr-lint probe FILE ...`` does without options.

    Args:
        paths: the files.
        projects: the settings that hold in them.

    Raises:
        RefusalError: if a library that it needs is missing, or no process can be started.
    """
    refuse_without_torch()
    summary, consultation = ProbeSummary(), _consultation(False, projects)
    for path in paths:
        _run(Request(mode=Mode.SLICE, target=path), FileTarget(path), summary, judge, consultation)
    return summary


def _run(
    job: Request,
    target: FileTarget | None,
    summary: ProbeSummary,
    measure: Callable[[Observation], ScheduleVerdict],
    consultation: Consultation,
) -> None:
    """Start one child process and count in what it tells."""
    failures = len(summary.failures)
    if job.mode is Mode.RUN:
        job = replace(job, paces=tuple(consultation.paces(display_path(job.target))))
    with _progress(job.target):
        report = _launch(job, None if target is None else partial(_slices, target, job.settings, summary, consultation))
    # What could not be sliced is said already, and where nothing could be, there is no more to say.
    if report != ChildReport() or len(summary.failures) == failures:
        _add(summary, job, report, measure, consultation)


def _jobs(
    options: argparse.Namespace, request: Request, projects: ProjectSettings, summary: ProbeSummary
) -> Iterator[tuple[Request, FileTarget | None]]:
    """One request for each target that can be asked for; what is wrong with the others goes to the failures.

    Beside it stands the file that has yet to be sliced, if it is about one.
    """
    for text in options.targets:
        try:
            target = parse_script(text) if options.run else parse_target(text)
            if isinstance(target, FileTarget):
                projects.settings_for(display_path(target.path))
        except (TargetError, ConfigurationError) as error:
            summary.failures.append(ProbeFailure(str(error)))
            continue
        if isinstance(target, ModuleTarget):
            yield replace(request, target=target.path, module=target.name), None
        elif options.run:
            cells, broken = cells_of(text)
            summary.failures += [ProbeFailure(failure_line(failure)) for failure in broken]
            if cells or not broken:
                yield replace(request, target=text, cells=cells), None
        elif isinstance(target, FactoryTarget):
            yield replace(request, mode=Mode.FACTORY, target=target.name), None
        else:
            yield replace(request, mode=Mode.SLICE, target=target.path), target


def _slices(
    target: FileTarget, settings: dict[str, str], summary: ProbeSummary, consultation: Consultation
) -> list[dict[str, Any]]:
    """The slices of a file; what cannot be sliced goes to the failures."""
    from lr_lint.probe.slicing.slices import slices_of
    from lr_lint.source.disk import Disk

    programs, failures = slices_of(display_path(target.path), target.line, Disk(), settings, target.cell)
    summary.failures += [ProbeFailure(failure_line(failure)) for failure in failures]
    for program in programs:
        site = Place(program["path"], program["line"], program["column"], program["cell"])
        pace = consultation.pace(site)
        program["pace"] = None if pace is None else [pace.epochs, pace.each]
        program["rate"] = consultation.rate(site)
    return programs


def _launch(request: Request, programs: Callable[[], list[dict[str, Any]]] | None) -> ChildReport:
    from lr_lint.probe.launch import launch

    try:
        return launch(request, programs)
    except OSError as error:
        raise RefusalError(f"cannot start a process to probe in: {error.strerror}") from error


def _consultation(altered: bool, projects: ProjectSettings) -> Consultation:
    """Who asks the check about what is probed, with values that the check does not know of or without."""
    from lr_lint.probe.consultation import Consultation
    from lr_lint.source.disk import Disk

    return Consultation(Disk(), altered, projects)


def _add(
    summary: ProbeSummary,
    job: Request,
    report: ChildReport,
    measure: Callable[[Observation], ScheduleVerdict],
    consultation: Consultation,
) -> None:
    judged = [measure(observation) for observation in report.observations]
    for verdict in judged:
        verdict.course = course_of(report.events, verdict.observation.number)
        consultation.weigh(verdict)
    summary.add(report, judged)
    if report.failure:
        printed = [line for line in report.output.splitlines() if line.strip()]
        summary.failures.append(ProbeFailure(report.failure, tuple(printed[-_LINES_OF_OUTPUT:])))
    elif not judged:
        summary.failures.append(ProbeFailure(f"{job.target}: no scheduler was seen{_NEXT}"))


def complain_of(failures: Sequence[ProbeFailure]) -> None:
    """Each failure in one line, then what the user's code printed before it."""
    for failure in failures:
        complain(failure.message)
        for line in failure.printed:
            complain_further(line)


def _progress(target: str) -> AbstractContextManager[object]:
    """Says on a terminal that something is going on, when it takes a while."""
    if not is_watched():
        return nullcontext()
    from lr_lint.command.progress import Progress

    return Progress(f"probing {target}")


def _plotter(options: argparse.Namespace) -> Callable[[ScheduleVerdict], str] | None:
    """What draws a schedule in the text: asked for, or on a terminal where that is possible."""
    asked = options.plot == PLOT_ON_TERMINAL
    if not asked and not (options.plot is None and is_terminal(None) and can_plot_in_terminal()):
        return None
    from shutil import get_terminal_size

    from lr_lint.reports.plots import terminal_plot

    columns = get_terminal_size().columns if is_terminal(None) else _WIDTH_WITHOUT_TERMINAL
    width = min(columns - 1, _WIDEST_PLOT)
    return lambda schedule: terminal_plot(schedule, width, _PLOT_HEIGHT, unicode=speaks_unicode())


def _write_image(schedules: Sequence[ScheduleVerdict], path: str) -> None:
    from lr_lint.reports.plots import image

    write_file(path, image(schedules, image_format(path)))
