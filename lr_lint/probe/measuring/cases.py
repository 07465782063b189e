"""What the verdict on one param group rests on: its rates in the form in which their numbers are judged.

That form depends on what the scheduler does with its callable: it is given the rates over the initial lr, the ratios of
successive rates, or the rates as they are. What they prove is decided in ``vocabulary.families``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from lr_lint.probe.records import Observation, ObservedGroup, Rate
from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.families import (
    Reading,
    classify,
    classify_rates,
    classify_ratios,
    is_doubted,
    is_relative,
    share_relative_base,
    usable_base,
)

_TORCH = "torch."
LAMBDA = "torch.optim.lr_scheduler.LambdaLR"
MULTIPLICATIVE = "torch.optim.lr_scheduler.MultiplicativeLR"
BASE_CLASS = "torch.optim.lr_scheduler.LRScheduler"
KERAS = "keras.callbacks.LearningRateScheduler"


class ScheduleOutcome(str, Enum):
    """The verdict: on one param group, and on a schedule. OK means shown to be right, not merely not shown wrong."""

    OK = "ok"
    CONTRADICTS = "contradicts"
    UNDECIDED = "undecided"
    ERROR = "error"


class Pattern(str, Enum):
    """What the rates of one param group are."""

    FACTOR = "factor"
    ABSOLUTE = "absolute"
    RELATIVE_BASE = "relative base"
    NEVER_NEAR_1 = "never near 1"
    CUMULATIVE = "cumulative"
    ZERO_PLATEAU = "zero plateau"
    NEGATIVE_OR_COMPLEX = "negative or complex"
    NOT_FINITE = "not finite"
    RAISES = "raises"
    NOT_REACHED = "not reached"


@dataclass(slots=True)
class GroupVerdict:
    """One param group, judged.

    Attributes:
        initial_lr: what the optimizer was given.
        lrs: the rates in force before step 0, 1, ...
        later: some steps beyond these, with their rates.
        factors: the rates over the initial lr; NaN where that is 0.
        peak_factor: the highest factor met, beyond the steps asked for too; None where there is none.
        peak_step: its step.
        pattern: what the rates are.
        outcome: the verdict; what kept rates from being read is told by the schedule.
        sentence: the verdict for a person; where it is undecided, with the reason.
        meant: the rates that were evidently meant, by their step, where the verdict tells; empty where it does not.
    """

    initial_lr: Rate
    lrs: list[Rate]
    later: list[tuple[int, Rate]]
    factors: list[Rate]
    peak_factor: float | None
    peak_step: int | None
    pattern: Pattern
    outcome: ScheduleOutcome
    sentence: str
    meant: dict[int, Rate] = field(default_factory=dict)

    @property
    def contradicts(self) -> bool:
        """Whether the schedule cannot be meant."""
        return self.outcome is ScheduleOutcome.CONTRADICTS

    @property
    def first_factor(self) -> Rate | None:
        """The factor in force before step 0."""
        return self.factors[0] if self.factors else None

    @property
    def rates(self) -> dict[int, Rate]:
        """All rates that were told, by their step."""
        return {**dict(enumerate(self.lrs)), **dict(self.later)}

    def factor_of(self, rate: Rate) -> Rate:
        """A rate over the initial lr; NaN where that is none."""
        base = usable_base(self.initial_lr)
        return math.nan if base is None else rate / base


@dataclass(frozen=True, slots=True)
class Case:
    """What the verdict on one group rests on.

    Attributes:
        observation: the scheduler.
        group: the group.
        base: the initial lr, where a rate can be divided by it.
        curve: the rates over the initial lr; without points where that is none.
        reading: what these are.
        given: what the numbers are that its callable returns, as far as they are held against it beside the other
            groups; what the rates are where nobody knows of a callable.
        tolerance: how far from 1 a factor may be to count as 1.
        relative: whether its initial lr, or that of a group beside it, is relative.
        whole_training: whether the steps are those of the training, so that the rate must stay one in all of them.
    """

    observation: Observation
    group: ObservedGroup
    base: float | None
    curve: Curve
    reading: Reading
    given: Reading
    tolerance: float
    relative: bool
    whole_training: bool

    @property
    def rates(self) -> Curve:
        """The rates in force before step 0, 1, ..."""
        return Curve([*enumerate(self.group.lrs)])

    def rate_at(self, step: int) -> Rate | None:
        """The rate at a step that was told."""
        return {**dict(self.group.later), **dict(enumerate(self.group.lrs))}.get(step)

    @property
    def factors(self) -> list[Rate]:
        """These over the initial lr."""
        return [math.nan if self.base is None else rate / self.base for rate in self.group.lrs]

    @property
    def peak(self) -> float | None:
        """The highest factor."""
        return None if self.base is None or self.group.peak_lr is None else self.group.peak_lr / self.base

    @property
    def scheduler(self) -> str:
        """The name of the library class."""
        return self.observation.contract.rpartition(".")[2]

    def by_contract(self, *contracts: str) -> bool:
        """Whether the rates are what the library makes of what callables return."""
        return _is_by_contract(self.observation, *contracts)

    @property
    def computes_itself(self) -> bool:
        """Whether a class of the user's computes the rates, by itself or by callables that it is given."""
        contract = self.observation.contract
        own = contract == BASE_CLASS or not contract.startswith(_TORCH) or self.observation.computes_itself
        return own or self.by_contract(LAMBDA, MULTIPLICATIVE)

    def right(self, pattern: Pattern, sentence: str) -> GroupVerdict:
        """The verdict that the rates show this group to be right."""
        return self._verdict(pattern, sentence, ScheduleOutcome.OK)

    def wrong(self, pattern: Pattern, sentence: str) -> GroupVerdict:
        """The verdict that the rates cannot be meant."""
        return self._verdict(pattern, sentence, ScheduleOutcome.CONTRADICTS)

    def undecided(self, pattern: Pattern, sentence: str) -> GroupVerdict:
        """The verdict that the rates show neither; the sentence says why."""
        return self._verdict(pattern, sentence, ScheduleOutcome.UNDECIDED)

    def _verdict(self, pattern: Pattern, sentence: str, outcome: ScheduleOutcome) -> GroupVerdict:
        group = self.group
        step = None if self.peak is None else group.peak_step
        verdict = GroupVerdict(
            group.initial_lr, group.lrs, group.later, self.factors, self.peak, step, pattern, outcome, sentence
        )
        if verdict.contradicts:
            verdict.meant = self._meant(verdict)
        return verdict

    def _meant(self, verdict: GroupVerdict) -> dict[int, Rate]:
        """What a scheduler would have set that takes what the callable returns for what it is."""
        rates, base = verdict.rates, self.base
        if verdict.pattern in (Pattern.ABSOLUTE, Pattern.NEVER_NEAR_1) and self.by_contract(LAMBDA):
            return {step: verdict.factor_of(rate) for step, rate in rates.items()}
        if base is None or verdict.pattern not in (Pattern.CUMULATIVE, Pattern.ABSOLUTE, Pattern.FACTOR):
            return {}
        if self.by_contract(KERAS):
            return {step: base * rate for step, rate in rates.items()}
        if not self.by_contract(MULTIPLICATIVE):
            return {}
        unit = base if verdict.pattern is Pattern.CUMULATIVE else 1.0
        return {0: base, **{step: unit * ratio for step, ratio in ratios_of(verdict.lrs).points}}


def cases_of(observation: Observation, tolerance: float, whole_training: bool) -> list[Case]:
    """The param groups of one scheduler, read by themselves and then beside each other.

    Args:
        observation: what was seen.
        tolerance: how far from 1 a factor may be to count as 1.
        whole_training: whether the steps are those of the training.
    """
    groups = observation.groups
    bases = [usable_base(group.initial_lr) for group in groups]
    relative, shared = any(map(is_relative, bases)), share_relative_base(bases)
    given = [_given(observation, group, tolerance) for group in groups]
    fit = [reading.fits for reading in given]
    cases = []
    for position, group in enumerate(groups):
        _complete(group)
        doubted = (shared or is_doubted(position, fit, bases)) and not _is_by_contract(observation, KERAS)
        curve, base = curve_of(group), bases[position]
        reading = classify(curve, base, tolerance)
        told = given[position].doubted if doubted else given[position]
        cases.append(Case(observation, group, base, curve, reading, told, tolerance, relative, whole_training))
    return cases


def curve_of(group: ObservedGroup) -> Curve:
    """All rates that were read of a group, over its initial lr; without points where that is no rate."""
    base = usable_base(group.initial_lr)
    rates = {**dict(group.later), **dict(enumerate(group.lrs))}
    return Curve([(step, rates[step] / base) for step in sorted(rates)] if base is not None else [])


def _given(observation: Observation, group: ObservedGroup, tolerance: float) -> Reading:
    """What the numbers are that the callable returns, by themselves."""
    base = usable_base(group.initial_lr)
    if _is_by_contract(observation, KERAS):
        return classify_rates(Curve([*enumerate(group.lrs)]), base, tolerance)
    if _is_by_contract(observation, MULTIPLICATIVE):
        return classify_ratios(ratios_of(group.lrs), base, tolerance)
    return classify(curve_of(group), base, tolerance)


def _is_by_contract(observation: Observation, *contracts: str) -> bool:
    return observation.contract in contracts and not observation.computes_itself


def _complete(group: ObservedGroup) -> None:
    """Find the peak among the rates, where nobody has looked for it."""
    rates = Curve([*enumerate(group.lrs)])
    points = rates.telling or rates.real
    if group.peak_lr is None and points:
        group.peak_step, group.peak_lr = max(points, key=lambda point: point[1])


def ratios_of(lrs: Sequence[Rate]) -> Curve:
    """What each rate is of the one before it, from step 1 on, up to the first that says nothing."""
    ratios: list[tuple[int, float]] = []
    for step, (before, rate) in enumerate(pairwise(lrs), 1):
        if isinstance(before, complex) or isinstance(rate, complex) or not before or rate <= 0:
            break
        ratios.append((step, rate / before))
    return Curve(ratios)


def number(rate: Rate | None) -> str:
    """A rate or a factor for a person, to six digits."""
    return "none" if rate is None else f"{rate:.6g}"
