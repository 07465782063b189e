"""What a schedule's horizon counts, and what that rests on: code, numbers that agree, or its name alone.

A number without a unit has one all the same where it is as many as the steps that the training takes, and where it
could only be absurd if it counted something else. Any other number fits any clock: what it counts stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lr_lint.timing.bare_numbers import are_drops_of_epochs, comes_to, is_absurd, is_endless
from lr_lint.timing.claims import ClockUnit, HorizonEvidence, HorizonUnit
from lr_lint.timing.comparison import unit_of
from lr_lint.timing.counts import Counted, is_as_many
from lr_lint.timing.horizons import Mark
from lr_lint.timing.terms import Known, Term
from lr_lint.vocabulary.contracts import Extent
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.time_units import TimeUnit

_NO_LENGTHS = frozenset({Extent.EACH_STEP, Extent.DONE})
_BEST_FIRST = (HorizonEvidence.CODE, HorizonEvidence.NUMBERS, HorizonEvidence.NAME, HorizonEvidence.NONE)
_PLAIN_NUMBER = "what its horizon counts is not known: a plain number fits any clock"
_NOT_SAID = "what its horizon counts is not known: no loop and no length in sight gives it a meaning"
_ONLY_A_NAME = "only a name says what its horizon counts"


@dataclass(frozen=True, slots=True)
class Measure:
    """What there is to tell the units of a schedule's horizons.

    Attributes:
        marks: the amounts of time that it knows of.
        units: the units of the values that the training gives a meaning.
        clock: what a step is one of.
        counted: how often things happen in the training.
    """

    marks: Sequence[Mark]
    units: Mapping[AccessPath, TimeUnit] = field(default_factory=dict)
    clock: ClockUnit = ClockUnit.UNKNOWN
    counted: Counted = field(default_factory=Counted)

    def horizon(self) -> HorizonUnit | None:
        """What the schedule is measured against: the amount of which most is known, its whole length before others."""
        found = [(mark, self._told(mark)) for mark in self.marks if not _is_no_length(mark)]
        if not found:
            return None
        found.sort(key=lambda each: (_BEST_FIRST.index(each[1].evidence), each[0].extent is not Extent.WHOLE))
        return found[0][1]

    def _told(self, mark: Mark) -> HorizonUnit:
        term = mark.term(self.units)
        unit = unit_of(term)
        if unit is not None:
            return HorizonUnit(mark.number, unit, mark.source, HorizonEvidence.CODE)
        unit = self._by_numbers(mark, term)
        if unit is not None:
            return HorizonUnit(mark.number, unit, mark.source, HorizonEvidence.NUMBERS)
        has_unit = term.known is not Known.NOTHING and not term.free
        # Other words say less: public code calls epochs iterations and steps as well.
        if mark.is_called_epochs and not has_unit:
            return HorizonUnit(mark.number, ClockUnit.EPOCH, mark.source, HorizonEvidence.NAME, _ONLY_A_NAME)
        reason = _PLAIN_NUMBER if term.free or mark.number is not None else _NOT_SAID
        return HorizonUnit(mark.number, ClockUnit.UNKNOWN, mark.source, reason=reason)

    def _by_numbers(self, mark: Mark, term: Term) -> ClockUnit | None:
        """What a number counts by how often things happen; None where it may count anything."""
        # Parts of epochs are counted in epochs.
        clock = ClockUnit.EPOCH if self.clock is ClockUnit.FRACTION else self.clock
        counted = self.counted
        if clock is ClockUnit.UNKNOWN:
            return None
        steps, is_whole = counted.steps(clock), mark.extent is Extent.WHOLE
        if is_as_many(mark.number, steps) if is_whole else mark.number is not None and mark.number == steps:
            return clock
        other = comes_to(mark, clock, counted)
        if other is not None:
            return other
        if clock is ClockUnit.EPOCH and is_endless(mark, term, counted):
            return ClockUnit.BATCH
        drops = are_drops_of_epochs(mark, self.marks, self.units, counted)
        return ClockUnit.EPOCH if drops or is_absurd(mark, term, counted) else None


def _is_no_length(mark: Mark) -> bool:
    """Whether an amount measures nothing: what is over, or a drop that comes with each step."""
    return mark.extent in _NO_LENGTHS or (mark.extent is Extent.PERIOD and mark.decay is not None and mark.number == 1)
