"""What the probe sees, as plain data: it crosses the border between the child process and the command.

A rate is a float where it is one; complex and non-finite rates occur and are kept as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.time_units import STEP

Rate: TypeAlias = "float | complex"
# How the error of an observation begins where a slice lacks a value: it says nothing about the schedule.
NOT_SUPPLIED = "NeedsValue"


class Mode(str, Enum):
    """How a scheduler came to be."""

    SLICE = "slice"
    FACTORY = "factory"
    RUN = "run"
    # A scheduler handed over by a test.
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scheduler is constructed.

    Attributes:
        path: the file, relative to the current directory, with ``/``.
        line: counted from one.
        column: counted from zero, in characters.
        cell: of a notebook, in which the line is counted.
    """

    path: str
    line: int
    column: int = 0
    cell: int | None = None

    def __str__(self) -> str:
        return place(self.path, self.cell, self.line, None)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a training steps its schedule.

    Attributes:
        epochs: how many epochs it has.
        each: how many steps an epoch takes.
    """

    epochs: int
    each: float

    def start_of(self, epoch: int) -> int:
        """The step with which an epoch begins."""
        return round(epoch * self.each)


class EventKind(str, Enum):
    """What may happen in a run."""

    MADE = "scheduler made"
    STEP = "scheduler stepped"
    LOADED = "state loaded"
    SAVED = "state saved"
    UPDATE = "optimizer stepped"
    BACKWARD = "backward pass"
    # A loader has given a batch, or all that it has; without a loader, a backward pass begins a batch.
    BATCH = "batch"
    END = "end of the data"
    # What came before is complete: nothing was cut off.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something that happened in a run.

    Attributes:
        what: it.
        scheduler: which scheduler it happened to, counted from zero in the order of their construction.
        optimizer: which optimizer, in the order in which they were first met; of a scheduler that is made, its own.
        told: the type of what a step was told, as ``Tensor``; empty where it was told nothing.
        place: where, in the user's code.
    """

    what: EventKind
    scheduler: int | None = None
    optimizer: int | None = None
    told: str = ""
    place: Place | None = None


@dataclass(slots=True)
class ObservedGroup:
    """One param group of a scheduler.

    Attributes:
        initial_lr: what the optimizer was given, before any scheduler.
        lrs: the rates in force before step 0, 1, ...; shorter than asked for where stepping raised.
        peak_lr: the highest rate met, until the schedule first came down to zero. Where the rates asked for stay below
            the initial one, it is looked for further on, as long as the schedule does not fall.
        peak_step: the first step with that rate; may lie beyond ``lrs``.
        held_at_zero: whether a rate of 0 at first comes from a branch of its own, and not from the very expression that
            gives the later rates.
        later: steps beyond ``lrs`` that were looked at too, with their rates: those around each kink and jump (of the
            first ones, where there are many), some between them, that of the peak, and the last.
    """

    initial_lr: Rate
    lrs: list[Rate] = field(default_factory=list)
    peak_lr: float | None = None
    peak_step: int | None = None
    held_at_zero: bool = False
    later: list[tuple[int, Rate]] = field(default_factory=list)


@dataclass(slots=True)
class Observation:
    """One scheduler, as PyTorch runs it.

    Attributes:
        site: where it is constructed; None where no frame of the user's code is known.
        contract: qualified name of the library class that it is or derives from.
        class_name: qualified name of its own class.
        mode: how it came to be.
        groups: its optimizer's param groups.
        error: what the construction or a step raised, as ``TypeError: message``; empty if nothing.
        error_step: the step that raised; None for the construction.
        impurities: sentences on callables that do not depend on the time alone.
        notes: sentences on what was replaced or assumed to get here.
        part_of: qualified name of the class of the scheduler that it is a part of; empty if it stands alone. A part is
            observed by itself, from its own step 0.
        computes_itself: whether its class replaces the library's computation of the rates by its own.
        scales_with_rate: whether a callable returns twice as much when the rate in force is doubled.
        off_default: whether conditions had to be taken to hold that do not hold by default. Whoever makes them hold may
            give another rate too, so the size of the default one says little.
        assumed: names of counts that nobody gave.
        training: the steps of its training, where the code tells them; in all of them the rate must be one.
        unit: what one step is, in a word.
        unseen: why not all rates could be read that a training would see, or why others may be seen there; empty where
            nothing is amiss.
        number: which scheduler of the events of its run it is; None where there are none.
    """

    site: Place | None
    contract: str
    class_name: str
    mode: Mode
    groups: list[ObservedGroup] = field(default_factory=list)
    error: str = ""
    error_step: int | None = None
    impurities: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    part_of: str = ""
    computes_itself: bool = False
    scales_with_rate: bool = False
    off_default: bool = False
    assumed: list[str] = field(default_factory=list)
    training: int | None = None
    unit: str = STEP
    unseen: str = ""
    number: int | None = None


@dataclass(slots=True)
class ChildReport:
    """All that one child process tells.

    Attributes:
        device: where the parameters lay: ``cpu``, ``cuda:0``.
        torch: version of torch; empty if it could not be imported.
        observations: the schedulers, in the order of their construction.
        failure: why nothing (more) was observed, in one line for the user; empty if nothing is amiss.
        notes: what was redirected, replaced or switched off for the whole run.
        output: the last lines that the user's code printed; kept only beside a failure.
        events: what happened in a run until it was stopped, in order.
    """

    device: str = ""
    torch: str = ""
    observations: list[Observation] = field(default_factory=list)
    failure: str = ""
    notes: list[str] = field(default_factory=list)
    output: str = ""
    events: list[RunEvent] = field(default_factory=list)
