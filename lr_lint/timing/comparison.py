"""Whether a horizon fits a clock: the units of both, and what the numbers say where there are some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.timing.accelerators import counts_processes
from lr_lint.timing.bare_numbers import are_drops_of_epochs, comes_to, is_absurd, is_endless
from lr_lint.timing.claims import Claim, ClockUnit, Mismatch, StepClock
from lr_lint.timing.counts import Counted, is_as_many
from lr_lint.timing.horizons import Mark
from lr_lint.timing.terms import Known, Term, sides_of, term_of
from lr_lint.vocabulary.contracts import Extent
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.paths import WRITTEN, AccessPath
from lr_lint.vocabulary.time_units import SAMPLES_PER_BATCH, TimeUnit

_MISMATCHES = {
    (ClockUnit.EPOCH, ClockUnit.BATCH): Mismatch.EPOCHS_PER_BATCH,
    (ClockUnit.EPOCH, ClockUnit.UPDATE): Mismatch.EPOCHS_PER_BATCH,
    (ClockUnit.BATCH, ClockUnit.EPOCH): Mismatch.BATCHES_PER_EPOCH,
    (ClockUnit.UPDATE, ClockUnit.EPOCH): Mismatch.BATCHES_PER_EPOCH,
    (ClockUnit.SAMPLE, ClockUnit.EPOCH): Mismatch.BATCHES_PER_EPOCH,
    (ClockUnit.BATCH, ClockUnit.UPDATE): Mismatch.ACCUMULATION,
    (ClockUnit.UPDATE, ClockUnit.BATCH): Mismatch.ACCUMULATION,
    (ClockUnit.SAMPLE, ClockUnit.BATCH): Mismatch.ACCUMULATION,
    (ClockUnit.SAMPLE, ClockUnit.UPDATE): Mismatch.ACCUMULATION,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A clock and the marks of a schedule.

    Attributes:
        construction: where the schedule is constructed.
        clock: how often it is stepped.
        marks: what its time is measured against.
        units: the units of the values that the training gives a meaning.
        counted: how often things happen in it.
        partial: whether some turns leave the step out, or the loops are not all in sight.
        once: whether an epoch has one batch, as far as the code shows, so that its units are one.
        by_interval: whether a trainer steps it, at an interval that the code says.
        nested: whether a loop over the batches of an epoch steps it, within one over epochs.
    """

    construction: Construction
    clock: StepClock
    marks: Sequence[Mark]
    units: Mapping[AccessPath, TimeUnit]
    counted: Counted
    partial: bool = False
    once: bool = False
    by_interval: bool = False
    nested: bool = False

    def claims(self) -> Iterator[Claim]:
        """What does not fit: the first of what is sure, else of what is likely."""
        found = [claim for claim in (*map(self._claimed, self.marks), self._of_processes()) if claim is not None]
        found.sort(key=lambda claim: -claim.confidence)
        yield from found[:1]

    def _claimed(self, mark: Mark) -> Claim | None:
        sides = self._sides_of(mark)
        if len(sides) == 1:
            return self._claim(mark)
        found = next((claim for claim in map(self._claim, sides) if claim is not None), None)
        return None if found is None else replace(found, confidence=Confidence.LIKELY)

    def _claim(self, mark: Mark) -> Claim | None:
        if self._is_covered(mark):
            return None
        term = mark.term(self.units)
        unit = unit_of(term)
        if self.clock.adds_up and (unit is ClockUnit.EPOCH or term.free):
            return self._made(Mismatch.EPOCHS_PER_BATCH, mark, Confidence.CERTAIN, ClockUnit.EPOCH)
        if self.clock.forgets and mark.extent is not Extent.DONE and (unit is ClockUnit.EPOCH or term.free):
            return self._made(Mismatch.EPOCHS_PER_BATCH, mark, Confidence.LIKELY, ClockUnit.EPOCH)
        if mark.node is None and self._may_convert(mark):
            others = (each for each in self.marks if each.node is None)
            return self._of_names(mark, term) if all(each.is_called_epochs for each in others) else None
        if unit is None:
            return self._of_numbers(mark, term) or self._of_names(mark, term)
        found = _MISMATCHES.get((unit, self.clock.unit))
        if found is None or (found is Mismatch.EPOCHS_PER_BATCH and self.once):
            return None
        if found is Mismatch.ACCUMULATION and not self._accumulates(unit, term):
            return None
        if self.by_interval:
            found = Mismatch.INTERVAL
        is_apart = unit is not ClockUnit.SAMPLE or found is not Mismatch.ACCUMULATION or self._has_samples()
        sure = term.known is Known.ALL and not self.partial and is_apart
        return self._made(found, mark, Confidence.CERTAIN if sure else Confidence.LIKELY, unit)

    def _sides_of(self, mark: Mark) -> Sequence[Mark]:
        """An amount; where a callable adds one unit to another, the two, since one of them does not fit."""
        parts = sides_of(mark.path) if mark.node is None else ()
        units = {unit_of(term_of(each, self.units)) for each in parts}
        return [replace(mark, path=each, number=None) for each in parts] if len(units - {None}) > 1 else [mark]

    def _of_numbers(self, mark: Mark, term: Term) -> Claim | None:
        """What a number proves that has no unit."""
        clock, sees_all = self.clock.unit, not self.partial and not self.by_interval
        counts = comes_to(mark, clock, self.counted) if sees_all else None
        if counts is None and clock is ClockUnit.EPOCH and sees_all and is_endless(mark, term, self.counted):
            counts = ClockUnit.BATCH
        elif counts is None and clock in {ClockUnit.BATCH, ClockUnit.UPDATE}:
            drops = sees_all and self.nested and are_drops_of_epochs(mark, self.marks, self.units, self.counted)
            absurd = drops or is_absurd(mark, term, self.counted)
            counts = ClockUnit.EPOCH if absurd else None
        found = None if counts is None else _MISMATCHES.get((counts, clock))
        if counts is None or found is None or (self.once and counts is ClockUnit.EPOCH):
            return None
        return self._made(found, mark, Confidence.LIKELY, counts)

    def _of_names(self, mark: Mark, term: Term) -> Claim | None:
        """What only its name says of an amount, where each batch of each epoch steps: it may be wrong."""
        has_unit = term.known is not Known.NOTHING and not term.free
        if not self.nested or self.once or has_unit or not mark.is_called_epochs or mark.extent is Extent.DONE:
            return None
        return self._made(Mismatch.EPOCHS_PER_BATCH, mark, Confidence.POSSIBLE, ClockUnit.EPOCH)

    def _may_convert(self, mark: Mark) -> bool:
        """Whether a callable compares its time with something else that nobody knows, which may convert it."""
        others = (each for each in self.marks if each.node is None and each is not mark and each.extent is mark.extent)
        terms = [each.term(self.units) for each in others if len(self._sides_of(each)) == 1]
        return any(term.known is Known.NOTHING and not term.free for term in terms)

    def _of_processes(self) -> Claim | None:
        """One argument counts the processes, and another one does not: two units in one object."""
        units = [(mark, mark.term(self.units)) for mark in self.marks]
        counted = [term for _, term in units if term.known is not Known.NOTHING and term.unit.process == 1]
        others = [(mark, term) for mark, term in units if unit_of(term) in {ClockUnit.BATCH, ClockUnit.UPDATE}]
        others = [(mark, term) for mark, term in others if not counts_processes(mark.path, self.units)]
        if not counted or not others:
            return None
        mark, term = others[0]
        return self._made(Mismatch.PROCESSES, mark, Confidence.LIKELY, unit_of(term) or ClockUnit.UNKNOWN)

    def _accumulates(self, unit: ClockUnit, term: Term) -> bool:
        """Whether the accumulation that one side counts and the other does not is there at all."""
        if term.known is not Known.ALL or term.scaled:
            return False
        if unit is ClockUnit.SAMPLE:
            # A number that samples are divided by may be how many of them a batch has.
            return not term.divided
        if unit is ClockUnit.UPDATE:
            return self.counted.group != 1
        return not term.divided and self.counted.every != 1

    def _has_samples(self) -> bool:
        """Whether the number of samples that a batch has is written: it is more than one then, which has no unit."""
        return any(unit == SAMPLES_PER_BATCH and path.kind in WRITTEN for path, unit in self.units.items())

    def _made(self, found: Mismatch, mark: Mark, confidence: Confidence, unit: ClockUnit) -> Claim:
        place = None if mark.node is None else Anchor(self.construction.module, mark.node)
        return Claim(
            found,
            confidence,
            mark.source,
            self.clock.step,
            place,
            self.counted.epochs,
            mark.number,
            unit,
            extent=mark.extent,
        )

    def _is_covered(self, mark: Mark) -> bool:
        """Whether the steps of the training come to what the horizon says, whatever the two are called."""
        return mark.extent is Extent.WHOLE and is_as_many(mark.number, self.counted.steps(self.clock.unit))


def unit_of(term: Term) -> ClockUnit | None:
    """What an amount counts; None where that is not known."""
    unit = term.unit
    if term.known is Known.NOTHING or term.free or unit.is_plain or unit.process:
        return None
    if unit.epoch not in {0, -1}:
        whole = unit.epoch == 1 and not (unit.batch or unit.update or unit.sample)
        return ClockUnit.EPOCH if whole and term.known is Known.ALL and not term.scaled else None
    for counted, other, kind in (
        (unit.batch, (unit.update, unit.sample), ClockUnit.BATCH),
        (unit.update, (unit.batch, unit.sample), ClockUnit.UPDATE),
        (unit.sample, (unit.batch, unit.update), ClockUnit.SAMPLE),
    ):
        if counted == 1 and other == (0, 0):
            return kind
    return None
