"""What a clock and a horizon say together: plain data for the rules."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lr_lint.vocabulary.contracts import Extent
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor

# Fewer epochs than these, and equal numbers may be chance.
FEWEST_EPOCHS = 5
# A warm-up of so many trainings, and of so many steps, is none that a short run leaves unfinished.
_MANY_TRAININGS, _MANY_STEPS = 10.0, 100.0


class ClockUnit(enum.Enum):
    """What a call of ``step()`` is one of."""

    EPOCH = "epoch"
    BATCH = "batch"
    UPDATE = "update"
    SAMPLE = "sample"
    FRACTION = "fraction"
    UNKNOWN = "unknown"

    @property
    def plural(self) -> str:
        """Several of them, as people are told."""
        return "batches" if self is ClockUnit.BATCH else f"{self.value}s"


class HorizonEvidence(enum.Enum):
    """What the unit of a horizon rests on."""

    CODE = "code"
    NUMBERS = "numbers"
    NAME = "name"
    NONE = ""

    @property
    def is_proof(self) -> bool:
        """Whether it holds whatever things are called."""
        return self in {HorizonEvidence.CODE, HorizonEvidence.NUMBERS}


class Mismatch(enum.Enum):
    """How a horizon and a clock do not fit."""

    EPOCHS_PER_BATCH = "the horizon counts epochs, and each batch steps"
    BATCHES_PER_EPOCH = "the horizon counts batches, and each epoch steps"
    ACCUMULATION = "the horizon counts batches, and each update steps, or the other way round"
    PROCESSES = "the horizon does not count the processes"
    INTERVAL = "the trainer steps at another interval than the horizon wants"


@dataclass(frozen=True, slots=True)
class StepClock:
    """How often a schedule is stepped.

    Attributes:
        unit: what a step is one of.
        source: how that is known, or why it is not.
        step: where it is stepped; None where a trainer does so, or where that is not known.
        adds_up: whether it is told the sum of the epoch and of the batch in it.
        forgets: whether it is told the part of an epoch that is over, and not which epoch it is.
        shared: whether the step is an engine's, which moves the optimizer too.
        optional: whether a condition that the code leaves open decides, once for all, that it is stepped there, or only
            a name tells that it is.
    """

    unit: ClockUnit
    source: str
    step: Anchor | None = None
    adds_up: bool = False
    forgets: bool = False
    shared: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class HorizonUnit:
    """What a schedule's time is measured against.

    Attributes:
        value: how much, where that is written.
        unit: what it counts.
        source: how the code spells it.
        evidence: what that rests on: the code around (loops, lengths, trainers), numbers that agree, or a name.
        reason: why the unit is not known; empty where it is.
    """

    value: float | None
    unit: ClockUnit
    source: str
    evidence: HorizonEvidence = HorizonEvidence.NONE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A horizon that does not fit the clock.

    Attributes:
        mismatch: how.
        confidence: how sure that is.
        source: how the code spells the horizon; empty where a callable compares its time with it.
        step: where the schedule is stepped, or where a trainer is told how often to.
        place: the argument that counts; None where there is none.
        epochs: how many epochs the training has, where that is written.
        horizon: how much the horizon is, where that is written.
        unit: what the horizon counts.
        misplaced: whether the step is an interval that no trainer reads.
        extent: what the horizon says; None where it is a callable's.
    """

    mismatch: Mismatch
    confidence: Confidence
    source: str
    step: Anchor | None = None
    place: Anchor | None = None
    epochs: float | None = None
    horizon: float | None = None
    unit: ClockUnit = ClockUnit.UNKNOWN
    misplaced: bool = False
    extent: Extent | None = None


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a training lasts.

    Attributes:
        steps: how many steps of the schedule it takes.
        basis: what that rests on.
    """

    steps: float
    basis: Basis

    @property
    def is_proved(self) -> bool:
        """Whether nobody can change it from outside, as they can an option."""
        return self.basis is Basis.PROVED


@dataclass(frozen=True, slots=True)
class Timing:
    """A schedule's time.

    Attributes:
        clock: how often it is stepped.
        horizon: what its time is measured against; None where it has no such thing.
        claims: what does not fit.
        epochs: how many epochs the training has, where that is written.
        steps: how many steps the training takes, where that is written.
        lasts: the same where nothing may end it earlier; None where something may.
    """

    clock: StepClock
    horizon: HorizonUnit | None = None
    claims: tuple[Claim, ...] = ()
    epochs: float | None = None
    steps: float | None = None
    lasts: Lasting | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is known how often it is stepped, and not what its time is measured against."""
        if self.clock.unit is ClockUnit.UNKNOWN or self.horizon is None:
            return False
        return not self.horizon.evidence.is_proof

    def as_all(self, others: Sequence[Timing]) -> Timing:
        """The same with what is known of each schedule that is made at one place, where it is known alike.

        Args:
            others: the accounts of these, one for each call that has one made.
        """
        horizons = [each.horizon for each in others if each.horizon is not None]
        are_alike = len({(each.unit, each.evidence) for each in horizons}) == 1 and len(horizons) == len(others)
        if not are_alike or any(each.clock.unit is not self.clock.unit for each in others):
            return self
        found = [each.claims[0] for each in others if each.claims]
        same = len(found) == len(others) and len({claim.mismatch for claim in found}) == 1
        claims = (min(found, key=lambda claim: claim.confidence),) if same else ()
        horizon, values = horizons[0], {each.value for each in horizons}
        return replace(
            self,
            horizon=horizon if len(values) == 1 else replace(horizon, value=None),
            claims=self.claims or claims,
        )


NOT_ASKED = Timing(StepClock(ClockUnit.UNKNOWN, "nobody asked"))


def is_long_for(number: float, epochs: float) -> bool:
    """Whether some steps are far more than a training of some epochs can have been meant to take of them."""
    return epochs >= FEWEST_EPOCHS and number >= max(_MANY_STEPS, _MANY_TRAININGS * epochs)
