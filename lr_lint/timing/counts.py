"""How often things happen in a training: numbers that are written, to hold against horizons."""

from __future__ import annotations

from dataclasses import dataclass

from lr_lint.timing.claims import ClockUnit
from lr_lint.timing.loops import number_of
from lr_lint.timing.ways import Way

# A right schedule takes as many steps as its horizon says, give or take an incomplete batch.
_TOLERANCE = 0.12


@dataclass(frozen=True, slots=True)
class Counted:
    """How often things happen in a training, as far as that is written.

    Attributes:
        epochs: how many epochs there are.
        batches: how many batches an epoch has.
        every: of how many batches one is an update; None where that is not known.
        group: of how many batches one moves the optimizer, where each of them takes the step.
        flat: how many turns a loop has that knows no epochs.
    """

    epochs: float | None = None
    batches: float | None = None
    every: float | None = 1.0
    flat: float | None = None
    group: float | None = None

    def steps(self, unit: ClockUnit) -> float | None:
        """How many steps there are of a clock."""
        if unit is ClockUnit.EPOCH:
            return self.epochs
        turns = self._turns()
        return None if turns is None or not self.every else turns / self.every

    def often(self, unit: ClockUnit) -> float | None:
        """How often something else happens than a step."""
        if unit is ClockUnit.EPOCH:
            return self.epochs
        every = 1.0 if unit is ClockUnit.BATCH else self.every if self.group is None else self.group
        turns = self._turns()
        return None if turns is None or not every else turns / every

    def _turns(self) -> float | None:
        """How many batches there are in all."""
        if self.flat is None and self.epochs is not None and self.batches is not None:
            return self.epochs * self.batches
        return self.flat


def is_as_many(number: float | None, times: float | None) -> bool:
    """Whether a horizon is as much as happens in the training, both written."""
    if not number or times is None:
        return False
    return abs(times / number - 1) <= _TOLERANCE


def counted_on(way: Way) -> Counted:
    """How often things happen on one way to a step."""
    loop = way.batches or (way.within[0] if len(way.within) == 1 else None)
    every: float | None = 1.0
    if way.every is not None:
        every = number_of(way.every.every)
    return Counted(
        None if way.epochs is None else way.epochs.number,
        None if loop is None else loop.number,
        None if way.updates else every,
        None if way.flat is None else way.flat.number,
        None if way.accumulation is None else number_of(way.accumulation.every),
    )
