"""What the probe saw, for people and for programs. Lines and columns are counted from one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lr_lint.probe.measuring.cases import GroupVerdict, Pattern, ScheduleOutcome, number
from lr_lint.probe.measuring.seen_lives import Standing, summary_of
from lr_lint.probe.measuring.tables import rate_table
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, WeighedFinding
from lr_lint.probe.records import EventKind, Place, Rate
from lr_lint.reports.json_text import json_text
from lr_lint.reports.pieces import LINE_END, PLAIN, block, line
from lr_lint.reports.summary import RunSummary
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.time_units import EPOCH

if TYPE_CHECKING:
    from lr_lint.probe.measuring.courses import Course
    from lr_lint.probe.measuring.verdicts import WeighedClock
    from lr_lint.probe.records import ChildReport, Observation, Pace, RunEvent
    from lr_lint.reports.pieces import Piece

SCHEMA_VERSION = 1
# More schedules than these are shown in one line each, those that are in order.
_SHOWN_IN_FULL = 3

# In the order in which schedules are shown.
_STYLES = {
    ScheduleOutcome.CONTRADICTS: "bold red",
    ScheduleOutcome.ERROR: "yellow",
    ScheduleOutcome.UNDECIDED: "cyan",
    ScheduleOutcome.OK: "green",
}
_ORDER = tuple(_STYLES)


@dataclass(frozen=True, slots=True)
class ProbeFailure:
    """What could not be probed.

    Attributes:
        message: why.
        printed: the lines that the user's code printed before.
    """

    message: str
    printed: tuple[str, ...] = ()


@dataclass(slots=True)
class ProbeSummary(RunSummary):
    """What the targets of one command came to.

    Attributes:
        device: where the parameters lay; empty if nothing ran.
        torch: its version; empty if nothing ran.
        schedules: the schedulers, judged, in the order of the targets.
        failures: what could not be probed.
        notes: what was replaced or redirected, one line each.
    """

    device: str = ""
    torch: str = ""
    schedules: list[ScheduleVerdict] = field(default_factory=list)
    failures: list[ProbeFailure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, report: ChildReport, schedules: Sequence[ScheduleVerdict]) -> None:
        """Count in what one child process tells, and the verdicts on that."""
        self.device = self.device or report.device
        self.torch = self.torch or report.torch
        self.notes += [note for note in report.notes if note not in self.notes]
        self.schedules += schedules

    @property
    def ran_on(self) -> str:
        """The device and the library; empty if nothing ran."""
        return f"{self.device} with torch {self.torch}" if self.device else ""

    @property
    def found(self) -> bool:
        """Whether some schedule contradicts its scheduler."""
        return any(schedule.outcome is ScheduleOutcome.CONTRADICTS for schedule in self.schedules)

    @property
    def errors(self) -> int:
        """How many schedulers raised, or could not be made."""
        return sum(schedule.outcome is ScheduleOutcome.ERROR for schedule in self.schedules)

    @property
    def failed(self) -> bool:
        """Whether something could not be probed, or raised."""
        return bool(self.failures or self.errors)


def probe_json(summary: ProbeSummary, steps: int | None) -> str:
    """The outcome in the versioned JSON format.

    Args:
        summary: what is to be told.
        steps: how many rates each list holds; those that were not read are null. If None, those that were read.
    """
    document = {
        "schema_version": SCHEMA_VERSION,
        "device": summary.device,
        "torch": summary.torch,
        "schedules": [_schedule(schedule, steps) for schedule in summary.schedules],
        "notes": summary.notes,
        "failures": [{"message": each.message, "printed": list(each.printed)} for each in summary.failures],
    }
    return json_text(document)


def _schedule(schedule: ScheduleVerdict, steps: int | None) -> dict[str, Any]:
    observation = schedule.observation
    site = observation.site
    return {
        "site": None if site is None else _site(site),
        "contract": observation.contract,
        "mode": observation.mode.value,
        "groups": [_group(group, steps) for group in schedule.groups],
        "verdict": schedule.outcome.value,
        "message": schedule.message,
        "notes": observation.notes,
        "findings": [_finding(weighed) for weighed in schedule.findings],
        "course": None if schedule.course is None else _course(schedule.course),
        "clock": None if schedule.clock is None else _clock(schedule.clock),
        "epochs": None if schedule.pace is None else _epochs(schedule.pace),
    }


def _course(course: Course) -> dict[str, Any]:
    """What became of the scheduler, batch by batch."""
    return {
        "before": course.before.steps,
        "scheduler_steps": [batch.steps for batch in course.batches],
        "optimizer_steps": [batch.updates for batch in course.batches],
        "other_optimizer_steps": [batch.others for batch in course.batches],
        "after_epochs": [end.steps for end in course.ends],
        "events": [_event(event) for event in course.events],
    }


def _event(event: RunEvent) -> dict[str, Any]:
    subject = None if event.what is EventKind.MADE else "optimizer" if event.scheduler is None else "scheduler"
    return {"what": event.what.value, "of": subject, "at": None if event.place is None else _site(event.place)}


def _clock(clock: WeighedClock) -> dict[str, Any]:
    return {"unit": clock.unit, "standing": clock.answer.standing.value, "reason": clock.answer.reason}


def _epochs(pace: Pace) -> dict[str, Any]:
    return {"count": pace.epochs, "steps": pace.each}


def _site(site: Place) -> dict[str, Any]:
    return {"path": site.path, "cell": site.cell, "line": site.line, "column": site.column + 1}


def _finding(weighed: WeighedFinding) -> dict[str, Any]:
    """What the check says about the construction, and what the rates say to that."""
    diagnostic = weighed.diagnostic
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "confidence": diagnostic.confidence.label,
        "message": diagnostic.message,
        "standing": weighed.standing.value,
        "reason": weighed.reason,
    }


def _group(group: GroupVerdict, steps: int | None) -> dict[str, Any]:
    return {
        "initial_lr": _finite(group.initial_lr),
        "factors": _padded(group.factors, steps),
        "lrs": _padded(group.lrs, steps),
        "first_factor": _finite(group.first_factor),
        "peak_factor": _finite(group.peak_factor),
        "peak_step": group.peak_step,
        "verdict": group.pattern.value,
    }


def _padded(values: Sequence[Rate], steps: int | None) -> list[float | None]:
    known = [_finite(value) for value in values]
    return known + [None] * ((steps or 0) - len(known))


def _finite(value: Rate | None) -> float | None:
    """A number as JSON can carry it. A complex rate, an infinite one and NaN are null."""
    return None if value is None or isinstance(value, complex) or not math.isfinite(value) else value


def render_probe(
    summary: ProbeSummary, everything: bool, plot: Callable[[ScheduleVerdict], str] | None = None
) -> Iterator[Piece]:
    """The schedules: contradictions first, then those that raised, then the undecided ones, then the others.

    Args:
        summary: what is to be told.
        everything: whether schedules that are in order are shown in full, however many there are.
        plot: draws the rates of one schedule as text, or is None for no drawing.
    """
    full = everything or len(summary.schedules) <= _SHOWN_IN_FULL
    for schedule in sorted(summary.schedules, key=lambda schedule: _ORDER.index(schedule.outcome)):
        yield from _header(schedule)
        if full or schedule.outcome is not ScheduleOutcome.OK:
            yield from _details(schedule, plot)
        yield from _notes(schedule)
        yield LINE_END
    for note in summary.notes:
        yield from line(f"Note: {note}", "dim")
    yield from _closing(summary)


def _header(schedule: ScheduleVerdict) -> Iterator[Piece]:
    observation = schedule.observation
    yield _place(observation), "bold"
    yield f" {_name(observation)}  ", PLAIN
    yield from line(schedule.outcome.value, _STYLES[schedule.outcome])
    yield from line(f"  {schedule.message}")


def _place(observation: Observation) -> str:
    site = observation.site
    return f"({observation.mode.value})" if site is None else place(site.path, site.cell, site.line, site.column + 1)


def _name(observation: Observation) -> str:
    own, library = (name.rpartition(".")[2] for name in (observation.class_name, observation.contract))
    name = own if own in (library, "") else f"{own} ({library})"
    whole = observation.part_of.rpartition(".")[2]
    return f"{name} in {whole}" if whole else name


def _details(schedule: ScheduleVerdict, plot: Callable[[ScheduleVerdict], str] | None) -> Iterator[Piece]:
    for position, group in enumerate(schedule.groups):
        yield from _intention(position if len(schedule.groups) > 1 else None, group, schedule.observation.unit)
    yield from _seen(schedule)
    once = schedule.pace is not None and schedule.pace.each == 1
    table = rate_table(schedule.groups, "  ", EPOCH if once else schedule.observation.unit, schedule.pace)
    if table:
        yield from block(f"\n{table}")
    if plot is not None and schedule.groups:
        yield from block(f"\n{plot(schedule)}")


def _seen(schedule: ScheduleVerdict) -> Iterator[Piece]:
    """How it was stepped, and how it is by the code."""
    pace, clock = schedule.pace, schedule.clock
    if pace is not None:
        each = f"{pace.each:g} step{'' if pace.each == 1 else 's'} each"
        yield from line(f"  {pace.epochs} epoch{'' if pace.epochs == 1 else 's'} of {each}")
    told = "" if schedule.course is None else summary_of(schedule.course)
    if told:
        yield from line(f"  seen in {told}")
        if clock is not None and clock.answer.standing is Standing.CONFIRMED:
            yield from line(f"  stepped once per {clock.unit}, as lr-lint reads it", "dim")


def _notes(schedule: ScheduleVerdict) -> Iterator[Piece]:
    """What was made up or replaced: a verdict in one line rests on it no less than one in full."""
    for note in schedule.observation.notes:
        yield from line(f"  note: {note}", "dim")


def _intention(position: int | None, group: GroupVerdict, unit: str) -> Iterator[Piece]:
    """What the rate is meant to come to, against what it comes to."""
    initial = number(group.initial_lr)
    yield "  " if position is None else f"  group {position}: ", PLAIN
    if group.pattern is Pattern.RELATIVE_BASE or group.first_factor is None:
        yield f"initial lr {initial}", PLAIN
    else:
        yield f"intended {initial} (initial lr x 1)", "green"
    peak = _peak(group, unit)
    yield (f", actual {peak}" if peak else ", actual none"), "red" if group.contradicts else PLAIN
    yield from line(f"  [{group.pattern.value}]", "dim")


def _peak(group: GroupVerdict, unit: str) -> str:
    rates = [rate for rate in group.lrs if not isinstance(rate, complex) and math.isfinite(rate)]
    if group.peak_factor is not None and not isinstance(group.initial_lr, complex):
        highest = group.peak_factor * group.initial_lr
    elif rates:
        highest = max(rates)
    else:
        return ""
    return number(highest) if group.peak_step is None else f"{number(highest)} at most ({unit} {group.peak_step})"


def _closing(summary: ProbeSummary) -> Iterator[Piece]:
    told = ", ".join(
        f"{count} {kind.value}"
        for kind in _ORDER
        if (count := sum(schedule.outcome is kind for schedule in summary.schedules))
    )
    schedules = len(summary.schedules)
    closing = f"{schedules} scheduler{'' if schedules == 1 else 's'} probed"
    if summary.ran_on:
        closing += f" on {summary.ran_on}"
    yield from line(f"{closing}: {told}." if told else f"{closing}.")
