"""What the observed rates say: is the callable a factor, as the scheduler wants it, or a rate?

Only what the numbers prove is called a contradiction. The statistic is ``rho``: the peak of the factor over the initial
lr of the group. It is about 1 where an absolute rate is returned (the effective rate is then ``lr * lr``), far above 1
for a factor, and far below 1 where the initial lr is 1 and the callable carries the rate, which is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from lr_lint.probe.records import NOT_SUPPLIED, Observation, ObservedGroup, Rate
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE

DEFAULT_TOLERANCE = 0.05

_LAMBDA = "torch.optim.lr_scheduler.LambdaLR"
_MULTIPLICATIVE = "torch.optim.lr_scheduler.MultiplicativeLR"
_BASE_CLASS = "torch.optim.lr_scheduler.LRScheduler"
_KERAS = "keras.callbacks.LearningRateScheduler"

# With this, an error says what a slice lacks, not what is wrong with the schedule.
_NOT_SUPPLIED = f"{NOT_SUPPLIED}: "
# A base lr of this size or more can be a relative rate (0.1 for the backbone, 1.0 for the head), and a constant factor
# of this size or more can be meant as one.
_SMALLEST_RELATIVE_BASE = 0.05
_LIKELY_RELATIVE_BASE = 0.1
# A factor that never exceeds this is the fingerprint of a rate.
_TINY = 0.01
_GROWN = 1.5
_EXACT = 1e-6
# How many values must fit a curve whose one parameter the value before them gave.
_LEAST_FITTING = 3
_FIT = 1e-3


class Word(str, Enum):
    """The verdict on one param group."""

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


class Outcome(str, Enum):
    """The verdict on one schedule."""

    OK = "ok"
    CONTRADICTS = "contradicts"
    ERROR = "error"


@dataclass(slots=True)
class GroupVerdict:
    """One param group, judged.

    Attributes:
        initial_lr: what the optimizer was given.
        lrs: the rates in force before step 0, 1, ...
        factors: the rates over the initial lr; NaN where that is 0.
        peak_factor: the highest factor met, beyond the steps asked for too; None where there is none.
        peak_step: its step.
        word: the verdict.
        contradicts: whether the schedule cannot be meant.
        sentence: the verdict for a person.
    """

    initial_lr: Rate
    lrs: list[Rate]
    factors: list[Rate]
    peak_factor: float | None
    peak_step: int | None
    word: Word
    contradicts: bool
    sentence: str

    @property
    def first_factor(self) -> Rate | None:
        """The factor in force before step 0."""
        return self.factors[0] if self.factors else None


@dataclass(slots=True)
class ScheduleVerdict:
    """One scheduler, judged.

    Attributes:
        observation: what was seen.
        groups: the verdicts on its param groups.
        outcome: the verdict.
        message: the verdict for a person, with what else was found out about the callables.
    """

    observation: Observation
    groups: list[GroupVerdict] = field(default_factory=list)
    outcome: Outcome = Outcome.OK
    message: str = ""


def judge(
    observation: Observation, tolerance: float = DEFAULT_TOLERANCE, whole_training: bool = False
) -> ScheduleVerdict:
    """Judge one scheduler by its rates.

    Args:
        observation: what was seen.
        tolerance: how far from 1 a factor may be to count as 1.
        whole_training: whether the steps are those of the training. Otherwise there may be more than the training
            takes, and a rate that turns negative at the end of them is told but held against nobody.
    """
    for observed in observation.groups:
        _complete(observed)
    judged = [
        _judge_group(_Case(observation, position, tolerance, whole_training))
        for position in range(len(observation.groups))
    ]
    verdict = ScheduleVerdict(observation, judged)
    if any(group.contradicts for group in judged):
        verdict.outcome = Outcome.CONTRADICTS
    elif observation.error:
        verdict.outcome = Outcome.ERROR
        for group in judged:
            group.word = Word.RAISES
    verdict.message = _message(verdict)
    return verdict


def _complete(group: ObservedGroup) -> None:
    """Find the peak among the rates, where nobody has looked for it."""
    real = [(rate, step) for step, rate in enumerate(group.lrs) if not isinstance(rate, complex) and rate >= 0]
    if group.peak_lr is None and real:
        group.peak_lr, group.peak_step = max(real, key=lambda pair: (pair[0], -pair[1]))


def _message(verdict: ScheduleVerdict) -> str:
    observation, groups = verdict.observation, verdict.groups
    error = _error_sentence(observation)
    if verdict.outcome is Outcome.ERROR or not groups:
        sentences = [error or "it has no param groups"]
    else:
        told = [position for position, group in enumerate(groups) if group.contradicts] or range(len(groups))
        first = told[0]
        same = all(group.sentence == groups[first].sentence for group in groups)
        sentences = [groups[first].sentence if same else f"group {first}: {groups[first].sentence}"]
        if error:
            sentences.append(error)
    return "; ".join([*sentences, *observation.impurities])


def _error_sentence(observation: Observation) -> str:
    if not observation.error:
        return ""
    error = " ".join(observation.error.split())
    if error.startswith(_NOT_SUPPLIED):
        return f"it was not probed: {error.removeprefix(_NOT_SUPPLIED)}"
    if observation.error_step is None:
        return f"it cannot be constructed: {error}"
    sentence = f"step {observation.error_step} raises {error}"
    if observation.error_step > 0:
        sentence += f" (if the training is shorter: --steps {observation.error_step})"
    return sentence


@dataclass(slots=True)
class _Case:
    """What a judgement on one group rests on."""

    observation: Observation
    position: int
    tolerance: float
    whole_training: bool

    @property
    def group(self) -> ObservedGroup:
        return self.observation.groups[self.position]

    @property
    def base(self) -> float | None:
        """The initial lr, where it is one."""
        return _usable(self.group.initial_lr)

    @property
    def factors(self) -> list[Rate]:
        base = self.base
        return [math.nan if base is None else rate / base for rate in self.group.lrs]

    @property
    def peak(self) -> float | None:
        """The highest factor."""
        return None if self.base is None or self.group.peak_lr is None else self.group.peak_lr / self.base

    @property
    def near_1(self) -> float:
        """From which factor on the initial lr counts as reached."""
        return 1 - self.tolerance - _EXACT

    @property
    def relative(self) -> bool:
        """Whether the initial lr, or that of a group beside it, is relative rather than a rate."""
        bases = (_usable(group.initial_lr) for group in self.observation.groups)
        return any(base is not None and base >= LARGEST_PLAUSIBLE_RATE for base in bases)

    @property
    def constant(self) -> bool:
        """Whether the rate never changes, as far as it was looked at."""
        return len(set(self.group.lrs)) == 1 and self.group.peak_lr == self.group.lrs[0]

    @property
    def one_of_equal_bases(self) -> bool:
        """Whether all of several groups start from the same lr, so large that it may be a relative one: 0.1 each."""
        bases = [_usable(group.initial_lr) for group in self.observation.groups]
        base = bases[0]
        return len(bases) > 1 and len(set(bases)) == 1 and base is not None and base >= _LIKELY_RELATIVE_BASE

    @property
    def beside_a_factor(self) -> bool:
        """Whether the callable of another group is a factor: then this one can be a small factor."""
        others = (group for position, group in enumerate(self.observation.groups) if position != self.position)
        for other in others:
            base = _usable(other.initial_lr)
            if base is not None and other.peak_lr is not None and other.peak_lr >= base * self.near_1:
                return True
        return False

    @property
    def scheduler(self) -> str:
        """The name of the library class."""
        return self.observation.contract.rpartition(".")[2]

    def by_contract(self, *contracts: str) -> bool:
        """Whether the rates are what the library makes of what callables return."""
        return self.observation.contract in contracts and not self.observation.computes_itself

    def verdict(self, word: Word, sentence: str, contradicts: bool = False) -> GroupVerdict:
        """The verdict on this group."""
        group = self.group
        step = None if self.peak is None else group.peak_step
        return GroupVerdict(group.initial_lr, group.lrs, self.factors, self.peak, step, word, contradicts, sentence)


def _usable(rate: Rate) -> float | None:
    """A rate by which one can divide."""
    return None if isinstance(rate, complex) or not math.isfinite(rate) or rate <= 0 else rate


def _judge_group(case: _Case) -> GroupVerdict:
    """The first judgement that has something to say."""
    for judgement in _JUDGEMENTS:
        verdict = judgement(case)
        if verdict is not None:
            return verdict
    return _never_near_1(case)


def _raises(case: _Case) -> GroupVerdict | None:
    if case.group.lrs:
        return None
    return case.verdict(Word.RAISES, _error_sentence(case.observation) or "no rate was read")


def _no_rate_at_first(case: _Case) -> GroupVerdict | None:
    """The rate that the training would start with is none."""
    first = case.group.lrs[0]
    if isinstance(first, complex) or first < 0:
        return case.verdict(Word.NEGATIVE_OR_COMPLEX, f"the rate starts at {number(first)}", True)
    if not math.isfinite(first):
        return case.verdict(Word.NOT_FINITE, f"the rate starts at {first:g}", True)
    return None


def _keras(case: _Case) -> GroupVerdict | None:
    """The callable returns the rate itself."""
    if not case.by_contract(_KERAS):
        return None
    first = case.group.lrs[0]
    if not isinstance(first, complex) and abs(first - 1) <= case.tolerance + _EXACT and not case.relative:
        instead = "" if case.base is None else f", not at {number(case.base)}"
        return case.verdict(
            Word.FACTOR,
            f"the rate starts at {number(first)}{instead}: the callable returns a factor, and {case.scheduler} takes "
            "it for the rate",
            True,
        )
    return case.verdict(Word.ABSOLUTE, f"the rate starts at {number(first)}, which is what the callable returns")


def _no_base(case: _Case) -> GroupVerdict | None:
    if case.base is not None:
        return None
    initial = number(case.group.initial_lr)
    return case.verdict(Word.NOT_REACHED, f"the initial lr is {initial}, so no factor can be told")


def _reads_rate_back(case: _Case) -> GroupVerdict | None:
    if not case.observation.scales_with_rate or case.relative or not case.by_contract(_LAMBDA, _MULTIPLICATIVE):
        return None
    step = 1 if case.by_contract(_MULTIPLICATIVE) else 0
    if len(case.group.lrs) <= step:
        return None
    return case.verdict(
        Word.ABSOLUTE,
        f"the rate is {number(case.group.lrs[step])} at step {step}, not about {number(case.base)}: the callable "
        f"returns the rate in force times something, and {case.scheduler} multiplies it by the rate again",
        True,
    )


def _multiplied_twice(case: _Case) -> GroupVerdict | None:
    """What the ratios of successive rates say, where the callable returns these ratios."""
    if not case.by_contract(_MULTIPLICATIVE):
        return None
    ratios = _ratios(case.group.lrs)
    shown = ", ".join(number(rate) for rate in case.group.lrs[:4])
    if len(ratios) >= _LEAST_FITTING - 1 and max(ratios) < _SMALLEST_RELATIVE_BASE and not case.relative:
        rho = max(ratios) / case.base if case.base is not None else math.nan
        about_the_base = 0.5 <= rho <= 1 + case.tolerance
        return case.verdict(
            Word.ABSOLUTE if about_the_base else Word.NEVER_NEAR_1,
            f"the rate collapses, {shown}: the callable returns a rate, and {case.scheduler} multiplies the rate in "
            "force by it at every step",
            True,
        )
    curve = _cumulative_curve(ratios)
    if curve:
        return case.verdict(
            Word.CUMULATIVE,
            f"the rate collapses, {shown}: the callable returns {curve} from the start on, and {case.scheduler} "
            "multiplies the rate in force by it at every step (LambdaLR takes such a factor)",
            True,
        )
    return None


def _ratios(lrs: Sequence[Rate]) -> list[float]:
    """What each rate is of the one before it, from step 1 on, up to the first that says nothing."""
    ratios: list[float] = []
    for before, rate in pairwise(lrs):
        if isinstance(before, complex) or isinstance(rate, complex) or not before or rate <= 0:
            break
        ratios.append(rate / before)
    return ratios


def _cumulative_curve(ratios: Sequence[float]) -> str:
    """Which well-known decay, counted from 1 at step 0, the ratios themselves follow; empty if none.

    Right ratios do not: those of a linear decay are ``(T - k) / (T - k + 1)``, those of an exponential one constant.
    """
    if len(ratios) <= _LEAST_FITTING or not 0 < ratios[0] < 1 - _EXACT:
        return ""
    first = ratios[0]
    angle = math.acos(2 * first - 1)
    curves: dict[str, Callable[[int], float]] = {
        "a linear decay": lambda step: 1 - (1 - first) * step,
        "an exponential decay": lambda step: first**step,
        "an inverse-time decay": lambda step: 1 / (1 + (1 / first - 1) * step),
        "a cosine decay": lambda step: (1 + math.cos(angle * step)) / 2,
    }
    for name, curve in curves.items():
        expected = [curve(step) for step in range(1, len(ratios) + 1)]
        # Where the curve has ended, a clamp or a floor may take over.
        running = next((step for step, value in enumerate(expected) if value <= _EXACT), len(expected))
        pairs = list(zip(ratios, expected, strict=True))[1 : min(running, len(ratios))]
        if len(pairs) >= _LEAST_FITTING and all(abs(ratio - value) <= _FIT * (1 - value) for ratio, value in pairs):
            return name
    return ""


def _turns_negative(case: _Case) -> GroupVerdict | None:
    """The rate stops being one within the steps that the training takes."""
    if not case.whole_training:
        return None
    for step, rate in enumerate(case.group.lrs):
        if isinstance(rate, complex) or rate < 0:
            return case.verdict(Word.NEGATIVE_OR_COMPLEX, f"the rate is {number(rate)} at step {step}", True)
        if not math.isfinite(rate):
            return case.verdict(Word.NOT_FINITE, f"the rate is {rate:g} at step {step}", True)
    return None


def _zero_plateau(case: _Case) -> GroupVerdict | None:
    """No training at first: meant for parts that are thawed later, not meant where the rate then grows by itself."""
    group = case.group
    if len(group.lrs) < 2 or any(group.lrs[:2]):
        return None
    start = next((step for step, rate in enumerate(group.lrs) if rate), None)
    if case.peak is None or not case.peak:
        return case.verdict(Word.ZERO_PLATEAU, "the rate is 0 at every step looked at")
    length = f"up to step {start - 1}" if start is not None else f"at the first {len(group.lrs)} steps and more"
    sentence = f"the rate is 0 {length}; its peak is {number(group.peak_lr)} at step {group.peak_step}"
    if case.peak < _GROWN or group.held_at_zero:
        return case.verdict(Word.ZERO_PLATEAU, sentence)
    return case.verdict(
        Word.ZERO_PLATEAU, f"{sentence}, {case.peak:.4g} times the initial lr: is that an integer division?", True
    )


def _factor(case: _Case) -> GroupVerdict | None:
    group, peak = case.group, case.peak
    if peak is None or peak < case.near_1:
        return None
    end = _end_sentence(case)
    first = group.lrs[0]
    if abs(case.factors[0] - 1) <= case.tolerance + _EXACT:
        return case.verdict(Word.FACTOR, f"the rate starts at {number(first)}, the initial lr{end}")
    reached = min(1.0, peak) * (1 - _EXACT)
    step = next((step for step, factor in enumerate(case.factors) if _at_least(factor, reached)), group.peak_step)
    return case.verdict(
        Word.FACTOR,
        f"the rate starts at {number(first)} and comes to {number(group.initial_lr)}, the initial lr, at step {step}"
        + end,
    )


def _at_least(factor: Rate, least: float) -> bool:
    return not isinstance(factor, complex) and factor >= least


def _end_sentence(case: _Case) -> str:
    """What else a person should know: that the rate grows far above the initial one, or is none any more."""
    group, peak = case.group, case.peak
    sentence = ""
    if peak is not None and peak >= _GROWN:
        sentence = f"; it peaks at {number(group.peak_lr)} (step {group.peak_step}), {peak:.4g} times that"
    for step, rate in enumerate(group.lrs):
        if isinstance(rate, complex) or rate < 0 or not math.isfinite(rate):
            return f"{sentence}; it is {number(rate)} at step {step}, which is right only if the training ends before"
    return sentence


def _relative_base(case: _Case) -> GroupVerdict | None:
    if not case.relative:
        return None
    return case.verdict(
        Word.RELATIVE_BASE,
        f"the initial lr of {number(case.group.initial_lr)} is relative, and the schedule carries the rate: it starts "
        f"at {number(case.group.lrs[0])} and peaks at {number(case.group.peak_lr)}",
    )


def _not_reached(case: _Case) -> GroupVerdict | None:
    if not case.group.rising:
        return None
    group = case.group
    return case.verdict(
        Word.NOT_REACHED,
        f"the rate is still rising at step {group.peak_step}, where it is {number(group.peak_lr)} and the initial lr "
        f"{number(group.initial_lr)} (--steps looks further)",
    )


def _absolute(case: _Case) -> GroupVerdict | None:
    base, peak = case.base, case.peak
    if base is None or peak is None:
        return None
    rho = peak / base
    if case.by_contract(_LAMBDA):
        if abs(rho - 1) > case.tolerance + _EXACT:
            return None
    elif not _squares_itself(case, rho):
        return None
    if case.beside_a_factor or case.one_of_equal_bases or (case.constant and peak >= _SMALLEST_RELATIVE_BASE):
        return case.verdict(
            Word.ABSOLUTE,
            f"the rate peaks at {number(case.group.peak_lr)}: the factor, {peak:.6g}, is about the initial lr itself, "
            "which is wrong if it is meant as the rate",
        )
    return case.verdict(
        Word.ABSOLUTE,
        f"{_start_or_peak(case)}: the callable returns a rate, and {case.scheduler} multiplies it by the initial lr"
        if case.by_contract(_LAMBDA)
        else f"{_start_or_peak(case)}: that is the initial lr multiplied by itself",
        True,
    )


def _squares_itself(case: _Case, rho: float) -> bool:
    """Whether a class of the user's own, which is given no callable to blame, falls from exactly ``lr * lr``."""
    own = case.observation.contract == _BASE_CLASS and case.observation.class_name != _BASE_CLASS
    return own and abs(rho - 1) <= _EXACT and case.group.peak_step == 0 and not case.constant


def _start_or_peak(case: _Case) -> str:
    group = case.group
    if group.peak_step == 0:
        return f"the rate starts at {number(group.peak_lr)}, not at {number(group.initial_lr)}"
    return f"the rate peaks at {number(group.peak_lr)} (step {group.peak_step}), not at {number(group.initial_lr)}"


def _never_near_1(case: _Case) -> GroupVerdict:
    group, base, peak = case.group, case.base, case.peak
    if base is None or peak is None:
        return case.verdict(Word.NEVER_NEAR_1, "no rate above 0 was read")
    small = peak <= _TINY and base < _SMALLEST_RELATIVE_BASE and not case.observation.off_default
    if small and case.by_contract(_LAMBDA) and not case.beside_a_factor:
        return case.verdict(
            Word.NEVER_NEAR_1,
            f"{_start_or_peak(case)}: a factor of {peak:.4g} at most is one of a rate, and {case.scheduler} multiplies "
            "it by the initial lr",
            True,
        )
    return case.verdict(
        Word.NEVER_NEAR_1,
        f"the rate peaks at {number(group.peak_lr)}, {peak:.4g} times the initial lr of {number(group.initial_lr)}",
    )


# In this order: the first that has something to say is the verdict.
_JUDGEMENTS: tuple[Callable[[_Case], GroupVerdict | None], ...] = (
    _raises,
    _no_rate_at_first,
    _keras,
    _no_base,
    _reads_rate_back,
    _multiplied_twice,
    _turns_negative,
    _zero_plateau,
    _factor,
    _not_reached,
    _relative_base,
    _absolute,
)


def number(rate: Rate | None) -> str:
    """A rate or a factor for a person, to six digits."""
    return "none" if rate is None else f"{rate:.6g}"
