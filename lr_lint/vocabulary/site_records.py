"""What is known about every construction of a scheduler, whether or not anything is wrong with it: frozen plain data.

Positions follow the convention of the diagnostics: lines are 1-based, columns are 0-based.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from lr_lint.vocabulary.diagnostics import Failure, SiteReference, Span


class SiteVerdict(enum.Enum):
    """Whether a schedule and the rates of its optimizer fit."""

    CONSISTENT = "consistent"
    CONTRADICTS = "contradicts"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class ScheduleCallable:
    """What a scheduler calls.

    Attributes:
        kind: ``lambda``, ``function``, ``method``, ``factory`` (a function that another one made), ``partial``,
            ``instance`` (of a class with ``__call__``) or ``library``.
        path: the file that defines it; None where the project does not.
        line: where in that file.
        cell: likewise, in a notebook.
        span: all of the definition.
    """

    kind: str
    path: str | None = None
    line: int | None = None
    cell: int | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class GroupRate:
    """The initial lr of a param group: its number, where that is known, and how the code spells it."""

    lr: float | None
    source: str


@dataclass(frozen=True, slots=True)
class GroupCurve:
    """The schedule of a param group over time, as far as it is known.

    Attributes:
        returned: pairs of a time and what the callable returns then.
        rates: pairs of a time and the rate that the scheduler sets.
        meant: pairs of a time and the rate that was evidently meant, where it is another one and follows from the code.
    """

    returned: tuple[tuple[int, float], ...]
    rates: tuple[tuple[int, float], ...]
    meant: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class CountedTime:
    """An amount of time, or what a step is one of.

    Attributes:
        unit: ``epoch``, ``batch``, ``update``, ``sample``, ``fraction`` or ``unknown``.
        source: how that is known, or why it is not; of a horizon how the code spells it.
        value: how much it is, where that is written.
        evidence: of a horizon what its unit rests on: ``code``, ``numbers``, ``name``, or empty.
    """

    unit: str
    source: str
    value: float | None = None
    evidence: str = ""


NO_CLOCK = CountedTime("unknown", "its time is no count of steps")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a construction comes to.

    Attributes:
        groups: the param groups of the optimizer, as far as they could be read.
        unit: of what the callable returns: ``factor``, ``rate``, ``mixed``, ``free`` (numbers that may be either) or
            ``unknown``.
        first_factor: what it returns at first, where that is known.
        peak_factor: the most that it returns, where all of it is known.
        curve: pairs of a time and what it returns then; unknown numbers are left out.
        verdict: whether it fits the optimizer.
        reason: what contradicts it, by codes and names of rules, or why that is undecided; empty where it fits.
        assumed: the counts that nobody wrote and the numbers of the curve rest on, by the names that the code has for
            them.
        clock: what a call of its ``step`` is one of.
        horizon: what its time is measured against; None where it has no such thing.
        epochs: pairs of an epoch of the training and the factor that is in force when it begins; None where that is not
            known.
        has_callable: whether a callable says what its factors are; else it has a curve of its own.
        by_group: the schedule of each of the groups, in their order.
        training: how many epochs the training has and how many steps of the schedule it takes, where both are written.
        is_only: whether the curve is that of every call of the code around the construction, and of every branch, as
            far as they were followed.
    """

    groups: tuple[GroupRate, ...]
    unit: str
    first_factor: float | None
    peak_factor: float | None
    curve: tuple[tuple[int, float], ...]
    verdict: SiteVerdict
    reason: str = ""
    assumed: tuple[tuple[str, int], ...] = ()
    clock: CountedTime = NO_CLOCK
    horizon: CountedTime | None = None
    epochs: tuple[tuple[int, float], ...] | None = None
    has_callable: bool = True
    by_group: tuple[GroupCurve, ...] = ()
    training: tuple[float, float] | None = None
    is_only: bool = False


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """A construction of a scheduler.

    Attributes:
        path: the file, as it is shown to the user.
        line: where the call begins.
        column: where the call begins.
        contract: dotted name of the scheduler's class.
        callable: what it calls; None where that could not be read.
        schedule: what it comes to.
        cell: of a notebook, in which the line is counted.
        span: all of the call.
    """

    path: str
    line: int
    column: int
    contract: str
    callable: ScheduleCallable | None
    schedule: Schedule
    cell: int | None = None
    span: Span | None = None

    def is_at(self, place: SiteReference | None) -> bool:
        """Whether a finding that names a construction is about this one."""
        there = None if place is None else (place.path, place.cell, place.line, place.column)
        return there == (self.path, self.cell, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The constructions in one file, in source order, or the reason why there are none to tell."""

    path: str
    sites: tuple[SiteRecord, ...] = ()
    failure: Failure | None = None
