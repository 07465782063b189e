"""What became of one scheduler in a run, batch by batch, as far as the run went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lr_lint.probe.records import EventKind, RunEvent

_OF_BOTH = frozenset({EventKind.STEP, EventKind.UPDATE})


@dataclass(slots=True)
class Section:
    """One batch of a training, or what lies before, between or behind its batches.

    Attributes:
        steps: how often the scheduler was stepped.
        updates: how often its optimizer was.
        others: how often other optimizers were.
        first: which of the first two came first; None where none did.
        trains: whether anything was trained on.
        ends: whether it follows the end of the data.
        told: what the steps were told, by its type.
    """

    steps: int = 0
    updates: int = 0
    others: int = 0
    first: EventKind | None = None
    trains: bool = False
    ends: bool = False
    told: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a scheduler.

    Attributes:
        before: what there was before the first batch that is trained on.
        batches: those that were trained on, from beginning to end.
        ends: what followed where the data had come to its end, up to the next batch that is trained on.
        events: all that happened to it and to its optimizer but for steps, in order.
        remade: how many schedulers were made of its optimizer where it was made.
    """

    before: Section
    batches: Sequence[Section]
    ends: Sequence[Section]
    events: Sequence[RunEvent]
    remade: int = 1

    @property
    def updates(self) -> int:
        """How often its optimizer was stepped in the batches."""
        return sum(batch.updates for batch in self.batches)

    @property
    def others(self) -> int:
        """How often other optimizers were."""
        return sum(batch.others for batch in self.batches)

    @property
    def steps(self) -> int:
        """How often it was stepped once the training had begun."""
        return sum(each.steps for each in (*self.batches, *self.ends))

    @property
    def told(self) -> set[str]:
        """The types of what its steps were told."""
        return set().union(*(each.told for each in (self.before, *self.batches, *self.ends)))

    def loads(self, *, own: bool) -> int:
        """How often a state was loaded: into the scheduler, or into its optimizer before it was made."""
        made = next((at for at, event in enumerate(self.events) if event.what is EventKind.MADE), 0)
        chosen = self.events[made:] if own else self.events[:made]
        return sum(event.what is EventKind.LOADED and (event.scheduler is not None) is own for event in chosen)


def course_of(events: Sequence[RunEvent], number: int | None) -> Course | None:
    """What became of one scheduler.

    Args:
        events: all of a run.
        number: which of the schedulers; None for what is none that was noted.
    """
    made = next((each for each in events if each.what is EventKind.MADE and each.scheduler == number), None)
    if number is None or made is None:
        return None
    before, *later = _joined(_stretches(events, number, made.optimizer))
    own = [each for each in events if _concerns(each, number, made.optimizer)]
    again = (each for each in events if each.what is EventKind.MADE and each.optimizer == made.optimizer)
    return Course(
        before,
        [each for each in later if each.trains],
        # A loader that fetches ahead has the last batch trained on once the data has ended: no end can be told then.
        [each for each in later if each.ends and not each.trains],
        own,
        sum(each.place is not None and each.place == made.place for each in again),
    )


def _concerns(event: RunEvent, scheduler: int, optimizer: int | None) -> bool:
    if event.what in _OF_BOTH or (event.scheduler is None and event.optimizer is None):
        return False
    return event.scheduler == scheduler or (event.scheduler is None and event.optimizer == optimizer)


def _stretches(events: Iterable[RunEvent], scheduler: int, optimizer: int | None) -> Iterator[Section]:
    """The stretches between the beginnings of batches and ends of data; not the last one, where it may be cut off."""
    at = Section()
    for event in events:
        if event.what in (EventKind.BATCH, EventKind.END, EventKind.OVER):
            yield at
            at = Section(ends=event.what is EventKind.END)
        elif event.what is EventKind.BACKWARD:
            at.trains = True
        elif event.what is EventKind.UPDATE:
            at.trains = True
            at.updates += event.optimizer == optimizer
            at.others += event.optimizer != optimizer
            at.first = at.first or (event.what if event.optimizer == optimizer else None)
        elif event.what is EventKind.STEP and event.scheduler == scheduler:
            at.steps += 1
            at.first = at.first or event.what
            at.told |= {event.told} if event.told else set()


def _joined(stretches: Iterable[Section]) -> list[Section]:
    """The batches that are trained on, and all else between them as one: data may be gone through for a test there."""
    found = [Section()]
    for each in stretches:
        last = found[-1]
        if each.trains or last.trains:
            found.append(each)
        else:
            last.steps += each.steps
            last.ends |= each.ends and len(found) > 1
            last.first = last.first or each.first
            last.told |= each.told
    return found
