"""What the observed rates of one param group prove, and the sentence that says so.

What their numbers prove is held against the schedule only where the scheduler is known to take them from a callable,
and where the way in which they were come by leaves no other reading.
"""

from __future__ import annotations

from collections.abc import Callable

from lr_lint.probe.measuring.cases import (
    BASE_CLASS,
    KERAS,
    LAMBDA,
    MULTIPLICATIVE,
    Case,
    GroupVerdict,
    Pattern,
    number,
    ratios_of,
)
from lr_lint.probe.measuring.doubts import doubt_about
from lr_lint.probe.records import NOT_SUPPLIED, Observation, Rate
from lr_lint.vocabulary.curves import is_no_rate
from lr_lint.vocabulary.decays import closed_form
from lr_lint.vocabulary.families import Family
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE

# With this, an error says what a slice lacks, not what is wrong with the schedule.
_NOT_SUPPLIED = f"{NOT_SUPPLIED}: "
# What tells how to go on, and what is said where nothing does.
_ADVICE = ("--set", "--run", "install it")
_NEXT = ": probe the script with --run, or name a function that makes the scheduler (package.module:function)"


def judge_group(case: Case) -> GroupVerdict:
    """Judge one param group: the first judgement that has something to say."""
    for judgement in _JUDGEMENTS:
        verdict = judgement(case)
        if verdict is not None:
            return verdict
    return _never_near_1(case)


def _raises(case: Case) -> GroupVerdict | None:
    if case.group.lrs:
        return None
    return case.undecided(Pattern.RAISES, error_sentence(case.observation) or "no rate was read")


def _no_rate_at_first(case: Case) -> GroupVerdict | None:
    """The rate that the training would start with is none."""
    first = case.group.lrs[0]
    return _no_rate(case, f"the rate starts at {number(first)}", first) if is_no_rate(first) else None


def _no_rate(case: Case, sentence: str, rate: Rate) -> GroupVerdict:
    negative = isinstance(rate, complex) or rate < 0
    return case.wrong(Pattern.NEGATIVE_OR_COMPLEX if negative else Pattern.NOT_FINITE, sentence)


def _keras(case: Case) -> GroupVerdict | None:
    """The callable returns the rate itself."""
    if not case.by_contract(KERAS):
        return None
    first = case.group.lrs[0]
    if not case.given.contradicts:
        sentence = f"the rate starts at {number(first)}, which is what the callable returns"
        if case.given.family is Family.ABSOLUTE:
            return case.right(Pattern.ABSOLUTE, sentence)
        return case.undecided(Pattern.ABSOLUTE, f"{sentence}: large for a rate, and it may be a factor")
    instead = "" if case.base is None else f", not at {number(case.base)}"
    return case.wrong(
        Pattern.FACTOR,
        f"the rate starts at {number(first)}{instead}: the callable returns a factor, and {case.scheduler} takes it "
        "for the rate",
    )


def _no_base(case: Case) -> GroupVerdict | None:
    if case.base is not None:
        return None
    initial = number(case.group.initial_lr)
    return case.undecided(Pattern.NOT_REACHED, f"the initial lr is {initial}, so no factor can be told")


def _reads_rate_back(case: Case) -> GroupVerdict | None:
    if not case.observation.scales_with_rate or case.relative or not case.by_contract(LAMBDA, MULTIPLICATIVE):
        return None
    step = 1 if case.by_contract(MULTIPLICATIVE) else 0
    if len(case.group.lrs) <= step:
        return None
    return case.wrong(
        Pattern.ABSOLUTE,
        f"the rate is {number(case.group.lrs[step])} at step {step}, not about {number(case.base)}: the callable "
        f"returns the rate in force times something, and {case.scheduler} multiplies it by the rate again",
    )


def _multiplied_twice(case: Case) -> GroupVerdict | None:
    """What the ratios of successive rates say, where the callable returns these ratios."""
    if not case.by_contract(MULTIPLICATIVE):
        return None
    shown = ", ".join(number(rate) for rate in case.group.lrs[:4])
    if case.given.contradicts:
        return case.wrong(
            Pattern.ABSOLUTE if case.given.family is Family.ABSOLUTE else Pattern.NEVER_NEAR_1,
            f"the rate collapses, {shown}: the callable returns a rate, and {case.scheduler} multiplies the rate in "
            "force by it at every step",
        )
    decay = closed_form(ratios_of(case.group.lrs))
    if decay:
        return case.wrong(
            Pattern.CUMULATIVE,
            f"the rate collapses, {shown}: the callable returns {decay} from the start on, and {case.scheduler} "
            "multiplies the rate in force by it at every step (LambdaLR takes such a factor)",
        )
    return None


def _turns_negative(case: Case) -> GroupVerdict | None:
    """The rate stops being one within the steps that the training takes."""
    found = case.rates.first_no_rate
    if not case.whole_training or found is None:
        return None
    step, rate = found
    return _no_rate(case, f"the rate is {number(rate)} at step {step}", rate)


def _absolute(case: Case) -> GroupVerdict | None:
    """The factor is about the initial lr: is it a rate, which the scheduler multiplies by the rate?"""
    reading = case.given
    if case.relative or reading.family is not Family.ABSOLUTE or case.by_contract(MULTIPLICATIVE):
        return None
    if not case.by_contract(LAMBDA) and not _squares_itself(case):
        return None
    if not reading.contradicts:
        return case.undecided(
            Pattern.ABSOLUTE,
            f"the rate peaks at {number(case.group.peak_lr)}: the factor, {reading.peak:.6g}, is about the initial lr "
            "itself, which is wrong if it is meant as the rate",
        )
    return case.wrong(
        Pattern.ABSOLUTE,
        f"{_start_or_peak(case)}: the callable returns a rate, and {case.scheduler} multiplies it by the initial lr"
        if case.by_contract(LAMBDA)
        else f"{_start_or_peak(case)}: that is the initial lr multiplied by itself",
    )


def _squares_itself(case: Case) -> bool:
    """Whether a class of the user's own, which is given no callable to blame, falls from exactly ``lr * lr``."""
    own = case.observation.contract == BASE_CLASS and case.observation.class_name != BASE_CLASS
    return own and case.given.is_initial_lr and case.given.peak_time == 0 and not case.given.constant


def _tiny(case: Case) -> GroupVerdict | None:
    """The factor is as small as rates are; where defaults do not lead here, the rate may be another one too."""
    reading = case.given
    blamed = case.by_contract(LAMBDA) and not case.observation.off_default and not case.relative
    if reading.family is not Family.TINY or not reading.contradicts or not blamed:
        return None
    return case.wrong(
        Pattern.NEVER_NEAR_1,
        f"{_start_or_peak(case)}: a factor of {reading.peak:.4g} at most is one of a rate, and {case.scheduler} "
        "multiplies it by the initial lr",
    )


def _start_or_peak(case: Case) -> str:
    group = case.group
    if group.peak_step == 0:
        return f"the rate starts at {number(group.peak_lr)}, not at {number(group.initial_lr)}"
    return f"the rate peaks at {number(group.peak_lr)} (step {group.peak_step}), not at {number(group.initial_lr)}"


def _zero_plateau(case: Case) -> GroupVerdict | None:
    """No training at first: meant for parts that are thawed later, not meant where the rate then grows by itself."""
    group = case.group
    thawed = group.held_at_zero and case.reading.family is Family.FACTOR
    if len(case.curve.zeros) < 2 or (thawed and not case.curve.climbs_in_steps_from_zero):
        return None
    start = next((step for step, rate in enumerate(group.lrs) if rate), None)
    if not case.peak:
        return case.undecided(Pattern.ZERO_PLATEAU, "the rate is 0 at every step looked at")
    length = f"up to step {start - 1}" if start is not None else f"at the first {len(group.lrs)} steps and more"
    sentence = f"the rate is 0 {length}; its peak is {number(group.peak_lr)} at step {group.peak_step}"
    if group.held_at_zero or not case.curve.climbs_in_steps_from_zero:
        return case.undecided(Pattern.ZERO_PLATEAU, f"{sentence}: right only if nothing is to be trained before")
    return case.wrong(
        Pattern.ZERO_PLATEAU, f"{sentence}, {case.peak:.4g} times the initial lr: is that an integer division?"
    )


def _factor(case: Case) -> GroupVerdict | None:
    reading = case.reading
    if reading.family is not Family.FACTOR:
        return None
    first = case.group.lrs[0]
    if case.curve.starts_about_1(case.tolerance):
        sentence = f"the rate starts at {number(first)}, the initial lr"
    else:
        step = case.curve.reaches(min(1.0, reading.peak))
        sentence = (
            f"the rate starts at {number(first)} and comes to {number(case.group.initial_lr)}, the initial lr, at step "
            f"{step}"
        )
    doubt = doubt_about(case)
    return case.undecided(Pattern.FACTOR, f"{sentence}; {doubt}") if doubt else case.right(Pattern.FACTOR, sentence)


def _not_reached(case: Case) -> GroupVerdict | None:
    if case.reading.family is not Family.RISING:
        return None
    group = case.group
    if case.observation.part_of and case.whole_training and case.given.is_initial_lr and case.by_contract(LAMBDA):
        return case.wrong(
            Pattern.ABSOLUTE,
            f"the rate comes to {number(group.peak_lr)}, not to {number(group.initial_lr)}, where its part of the "
            f"training ends: the callable returns a rate, and {case.scheduler} multiplies it by the initial lr",
        )
    ends = "and the training ends" if case.whole_training else "(--steps looks further)"
    return case.undecided(
        Pattern.NOT_REACHED,
        f"the rate is still rising at step {group.peak_step}, where it is {number(group.peak_lr)} and the initial lr "
        f"{number(group.initial_lr)} {ends}",
    )


def _relative_base(case: Case) -> GroupVerdict | None:
    """An initial lr that is no rate: right if the schedule carries one, and that is seen where it is a usual rate."""
    if not case.relative:
        return None
    group = case.group
    sentence = (
        f"the initial lr of {number(group.initial_lr)} is relative, and the schedule carries the rate: it starts at "
        f"{number(group.lrs[0])} and peaks at {number(group.peak_lr)}"
    )
    highest = max(group.peak_lr or 0.0, case.reading.peak)
    if 0 < highest < LARGEST_PLAUSIBLE_RATE and not case.reading.constant:
        return case.right(Pattern.RELATIVE_BASE, sentence)
    return case.undecided(Pattern.RELATIVE_BASE, f"{sentence}, which may be a factor of a large rate too")


def _never_near_1(case: Case) -> GroupVerdict:
    group, peak = case.group, case.peak
    if not peak:
        return case.undecided(Pattern.NEVER_NEAR_1, "no rate above 0 was read")
    sentence = f"the rate peaks at {number(group.peak_lr)}, {peak:.4g} times the initial lr of"
    return case.undecided(
        Pattern.NEVER_NEAR_1, f"{sentence} {number(group.initial_lr)}: right only if that factor is meant"
    )


# In this order: the first that has something to say is the verdict.
_JUDGEMENTS: tuple[Callable[[Case], GroupVerdict | None], ...] = (
    _raises,
    _no_rate_at_first,
    _keras,
    _no_base,
    _reads_rate_back,
    _multiplied_twice,
    _turns_negative,
    _absolute,
    _tiny,
    _zero_plateau,
    _factor,
    _not_reached,
    _relative_base,
)


def error_sentence(observation: Observation) -> str:
    """What was raised, for a person; empty if nothing was."""
    if not observation.error:
        return ""
    error = " ".join(observation.error.split())
    if error.startswith(_NOT_SUPPLIED):
        told = error.removeprefix(_NOT_SUPPLIED)
        advised = any(word in told for word in _ADVICE)
        return f"it was not probed: {told}{'' if advised else _NEXT}"
    if observation.error_step is None:
        return f"it cannot be constructed: {error}"
    sentence = f"step {observation.error_step} raises {error}"
    if observation.error_step > 0:
        sentence += f" (if the training is shorter: --steps {observation.error_step})"
    return sentence
