"""Follows the rate of one param group, step by step, up to its peak."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lr_lint.probe.records import ObservedGroup, Rate
from lr_lint.vocabulary.curves import bends, is_no_rate

# Zeros at the start are followed for so many times their number: what they turn into may go on growing.
_AFTER_ZEROS = 3
_NEARLY = 1 - 1e-6
# So many kinks of the rate beyond the steps that are told one by one are told too.
_MOST_KINKS = 64
# Beyond them, so many steps are told on the way to twice as many.
_MARKS_PER_DOUBLING = 8
# The beginnings of so many epochs are told.
_MOST_EPOCHS = 1_000
# A rate that differs by rounding does not fall.
_FALLEN = 1 - 1e-12


@dataclass(slots=True)
class Track:
    """Follows the rate of one group up to its peak.

    Attributes:
        group: what it belongs to.
        last_step: the last step followed.
        last_rate: the rate there.
        zeros: number of steps, from the first on, at which the rate is 0.
        fell: whether the rate ever came down.
        ended: whether the schedule came down to zero or below, or left the real numbers.
        kinks: how often the rate changed otherwise than before, beyond the steps that are told one by one.
        before: the two steps followed last, with their rates.
        next_mark: the next step that is told whatever happens there.
        later: what is told of these steps.
        every: how many steps an epoch takes, whose beginnings are told too; None where that is not known.
    """

    group: ObservedGroup
    last_step: int = -1
    last_rate: float = -math.inf
    zeros: int = 0
    fell: bool = False
    ended: bool = False
    kinks: int = 0
    before: tuple[tuple[int, float], ...] = ()
    next_mark: int = 0
    later: dict[int, Rate] = field(default_factory=dict)
    every: float | None = None

    def follow(self, step: int, rate: Rate) -> None:
        """Count the rate of the next step in."""
        if not isinstance(rate, complex):
            self.before = (*self.before[-1:], (step, rate))
        if self.ended:
            return
        if isinstance(rate, complex) or is_no_rate(rate) or (rate == 0 and self.last_rate > 0):
            self.ended = True
            return
        self.fell = self.fell or rate < self.last_rate * _FALLEN
        self.last_step, self.last_rate = step, rate
        if rate == 0:
            self.zeros += 1
        if self.group.peak_lr is None or rate > self.group.peak_lr:
            self.group.peak_lr, self.group.peak_step = rate, step

    def follow_further(self, step: int, rate: Rate) -> None:
        """Count in the rate of a step beyond those that are told one by one."""
        if isinstance(rate, complex) or is_no_rate(rate):
            if not self.ended:
                self.later[step] = rate
        elif self.kinks < _MOST_KINKS and len(self.before) == 2 and self._bends(rate):
            self.kinks += 1
            self.later |= {**dict(self.before), step: rate}
        elif step >= self.next_mark:
            self.later[step] = rate
            self.next_mark = step + step // _MARKS_PER_DOUBLING
        elif self._begins_epoch(step):
            self.later[step] = rate
        self.follow(step, rate)

    def _begins_epoch(self, step: int) -> bool:
        if self.every is None or step > self.every * _MOST_EPOCHS:
            return False
        return round(round(step / self.every) * self.every) == step

    def _bends(self, rate: float) -> bool:
        (_, first), (_, second) = self.before
        return bends(first, second, rate)

    def tell(self) -> None:
        """Note in the group what was seen beyond the steps asked for."""
        self.later |= {self.last_step: self.last_rate, **dict(self.before[-1:])}
        if self.group.peak_lr is not None and self.group.peak_step is not None:
            self.later[self.group.peak_step] = self.group.peak_lr
        self.group.later = [(step, rate) for step, rate in sorted(self.later.items()) if step >= len(self.group.lrs)]

    @property
    def climbing(self) -> bool:
        """Whether it is below the initial rate and may still come there.

        After a start with rates of 0, it is followed for a while longer: it may go on growing, as ``epoch // 30`` does.
        """
        initial, peak = self.group.initial_lr, self.group.peak_lr
        if self.ended or self.fell or isinstance(initial, complex) or peak is None or initial <= 0:
            return False
        return peak < initial * _NEARLY or (self.zeros > 1 and self.last_step < _AFTER_ZEROS * self.zeros)
