"""What rates prove. Right schedules come first: none of them may be convicted."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_lint.probe.measuring.cases import Pattern, ScheduleOutcome
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, judge
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Rate
from lr_lint.reports.pieces import plain
from lr_lint.reports.probe import ProbeSummary, probe_json, render_probe

LIBRARY = "torch.optim.lr_scheduler."
LAMBDA, MULTIPLICATIVE = LIBRARY + "LambdaLR", LIBRARY + "MultiplicativeLR"
KERAS = "keras.callbacks.LearningRateScheduler"

Schedule = Callable[[int], Any]


def group(function: Schedule, base: Any, steps: int = 10, horizon: int = 0) -> ObservedGroup:
    """What is seen of ``LambdaLR`` with a function.

    Args:
        function: the callable.
        base: the initial lr.
        steps: how many rates are read.
        horizon: how far the peak is looked for; not beyond ``steps`` if 0.
    """
    found = ObservedGroup(base, [base * function(step) for step in range(steps)])
    if horizon:
        rates = [base * function(step) for step in range(horizon)]
        found.peak_lr = max(rates)
        found.peak_step = rates.index(found.peak_lr)
        found.later = [*enumerate(rates)][steps:]
    return found


def observation(*groups: ObservedGroup, contract: str = LAMBDA, **fields: Any) -> Observation:
    return Observation(None, contract, fields.pop("class_name", contract), Mode.DIRECT, list(groups), **fields)


def judged(function: Schedule, base: Any = 0.001, horizon: int = 0, **fields: Any) -> ScheduleVerdict:
    return judge(observation(group(function, base, horizon=horizon, **fields)))


def multiplied(ratio: Schedule, base: float = 0.001, steps: int = 10, **fields: Any) -> ScheduleVerdict:
    """The verdict on ``MultiplicativeLR`` with a function."""
    rates: list[Rate] = [base]
    for step in range(1, steps):
        rates.append(rates[-1] * ratio(step))
    return judge(observation(ObservedGroup(base, rates), contract=MULTIPLICATIVE, **fields))


def noam(step: int) -> float:
    return float(512**-0.5 * min((step + 1) ** -0.5, (step + 1) * 4000**-1.5))


def inverse(rate: float) -> Schedule:
    return lambda step: rate * (1 + 0.001 * step) ** -0.75


def cosine(step: int) -> float:
    return (1 + math.cos(math.pi * step / 20)) / 2


@pytest.mark.parametrize(
    ("function", "base", "horizon", "word"),
    [
        pytest.param(lambda step: (10 - step) / 10, 1e-3, 10, Pattern.FACTOR, id="linear decay"),
        pytest.param(lambda step: max(1e-6, min(1, step / 1000)), 1e-4, 1001, Pattern.FACTOR, id="warm-up from 1e-6"),
        pytest.param(lambda step: step / 5 if step < 5 else 0.9 ** (step - 5), 1e-3, 10, Pattern.FACTOR, id="f(0) = 0"),
        pytest.param(lambda step: 1e-3 * 0.9**step / 1e-3, 1e-3, 10, Pattern.FACTOR, id="rate over its own base"),
        pytest.param(lambda step: 1, 1e-3, 10, Pattern.FACTOR, id="constant 1"),
        pytest.param(lambda step: 0.01**step, 1e-3, 10, Pattern.FACTOR, id="a steep decay"),
        pytest.param(lambda step: 0.1 ** (step // 3), 1e-3, 10, Pattern.FACTOR, id="steps by ten"),
        pytest.param(lambda step: (1 - step / 30) ** 4, 1e-3, 31, Pattern.FACTOR, id="a power that falls to zero"),
        pytest.param(lambda step: max(1e-6, 0.9**step), 3e-4, 10, Pattern.FACTOR, id="a floor that is not reached"),
        pytest.param(lambda step: max(0.01, 0.5**step), 1e-3, 10, Pattern.FACTOR, id="a floor above the initial lr"),
        pytest.param(lambda step: max(0.1, 0.5**step), 0.5, 10, Pattern.FACTOR, id="a floor of a tenth"),
        pytest.param(lambda step: 0.97 ** (step + 1), 1e-3, 10, Pattern.FACTOR, id="a decay that starts below 1"),
        pytest.param(lambda step: 1e-3 * 0.9**step, 1.0, 10, Pattern.RELATIVE_BASE, id="base 1 and a rate"),
        pytest.param(noam, 1.0, 8000, Pattern.RELATIVE_BASE, id="Noam"),
        pytest.param(noam, 2.0, 8000, Pattern.RELATIVE_BASE, id="Noam with a factor of 2"),
    ],
)
def test_right_schedules_are_shown_to_be_right(function: Schedule, base: float, horizon: int, word: Pattern) -> None:
    verdict = judged(function, base, horizon)

    assert verdict.outcome is ScheduleOutcome.OK
    assert [each.pattern for each in verdict.groups] == [word]


@pytest.mark.parametrize(
    ("function", "base", "horizon", "word"),
    [
        pytest.param(lambda step: 0.4, 0.4, 10, Pattern.RELATIVE_BASE, id="large base"),
        pytest.param(lambda step: 0.5, 1e-3, 10, Pattern.NEVER_NEAR_1, id="half"),
        pytest.param(lambda step: 0.02, 1e-3, 10, Pattern.NEVER_NEAR_1, id="a fiftieth"),
        pytest.param(lambda step: 0.1, 0.1, 10, Pattern.ABSOLUTE, id="constant that may be either"),
        pytest.param(lambda step: 0.0, 1e-3, 10, Pattern.ZERO_PLATEAU, id="frozen"),
        pytest.param(lambda step: 0 if step < 5 else 1, 1e-3, 10, Pattern.ZERO_PLATEAU, id="thawed"),
        pytest.param(lambda step: 0 if step < 50 else 1, 1e-3, 100, Pattern.ZERO_PLATEAU, id="thawed late"),
        pytest.param(lambda step: 0 if step < 5 else 10, 1e-5, 20, Pattern.ZERO_PLATEAU, id="thawed at ten times that"),
        pytest.param(lambda step: max(0, step - 30) / 10, 1e-3, 91, Pattern.ZERO_PLATEAU, id="a ramp that begins late"),
        pytest.param(lambda step: step // 2, 1e-3, 10, Pattern.ZERO_PLATEAU, id="two zeros are a slow start"),
        pytest.param(lambda step: 0.1 if step else 0, 0.1, 10, Pattern.ABSOLUTE, id="either, after a zero"),
        pytest.param(lambda step: 0.3 * 0.9**step, 0.29, 10, Pattern.NEVER_NEAR_1, id="too large for a rate"),
        pytest.param(lambda step: (step + 1) * 1e-6, 1e-3, 10, Pattern.NOT_REACHED, id="rising as far as one looks"),
    ],
)
def test_what_may_be_either_is_undecided(function: Schedule, base: float, horizon: int, word: Pattern) -> None:
    verdict = judged(function, base, horizon)

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert [each.pattern for each in verdict.groups] == [word]


def warm_up_then(rest: Schedule) -> Schedule:
    return lambda step: (step + 1) / 5 if step < 5 else rest(step - 5)


@pytest.mark.parametrize(
    ("function", "base", "said"),
    [
        (warm_up_then(lambda step: 2e-3 * 0.9**step), 2e-3, "from step 4 to step 5 it falls at once from 0.002 to"),
        (warm_up_then(lambda step: 1e-4), 3e-4, "is one of the two branches a rate?"),
        (lambda step: 2e-3 if step < 4 else 1.0, 2e-3, "from step 3 to step 4 it rises at once from 4e-06 to 0.002"),
        (lambda step: max(1e-4, 0.1**step), 0.05, "from step 4 on it stays at 5e-06, 0.0001 times the initial lr"),
        (lambda step: 25 * step, 1e-5, "it peaks at 0.00225 (step 9), 225 times that"),
        (lambda step: 1 - step / 6, 1e-3, "right only if the training ends before"),
    ],
)
def test_one_factor_near_1_does_not_acquit_the_rest(function: Schedule, base: float, said: str) -> None:
    verdict = judged(function, base)

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.UNDECIDED, Pattern.FACTOR)
    assert said in verdict.message


def test_rate_that_is_zero_for_much_of_the_training_is_undecided() -> None:
    seen = observation(group(lambda step: max(0.0, 1 - step / 6), 1e-3, steps=20))

    assert judge(seen).outcome is ScheduleOutcome.OK
    assert judge(seen, whole_training=True).outcome is ScheduleOutcome.UNDECIDED
    assert "it is 0 at step 6, and next to nothing from there on" in judge(seen, whole_training=True).message
    vanishing = observation(group(lambda step: 0.1**step, 1e-3, steps=20), training=20)
    assert judge(vanishing).message.endswith("it is 1e-10 at step 7, and next to nothing from there on, to step 19")


def test_schedule_that_changes_nothing_in_a_whole_training_is_undecided() -> None:
    idle = judge(observation(group(lambda step: 1.0, 1e-3, steps=30), training=30))
    short = judge(observation(group(lambda step: 1.0, 1e-3, steps=3), training=3))

    assert (idle.outcome, short.outcome) == (ScheduleOutcome.UNDECIDED, ScheduleOutcome.OK)
    assert idle.message.endswith("it stays that at all 30 steps of the training: the schedule changes nothing")


def test_first_epoch_that_trains_with_a_rate_of_zero_is_undecided() -> None:
    seen = group(lambda step: min(1.0, step / 5), 1e-3)

    assert judge(observation(seen, unit="epoch")).outcome is ScheduleOutcome.UNDECIDED
    assert judge(observation(seen, unit="step")).outcome is ScheduleOutcome.OK


def test_ratios_that_fall_as_no_known_decay_does_are_undecided() -> None:
    verdict = multiplied(lambda step: 0.9 ** (step + 1))

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert "by step 9: the factors fall, from 0.81 to 0.3487" in verdict.message


def test_rates_that_a_metric_decides_are_undecided() -> None:
    seen = observation(
        ObservedGroup(0.1, [0.1]), contract=LIBRARY + "ReduceLROnPlateau", unseen="it waits for a metric"
    )

    assert judge(seen).outcome is ScheduleOutcome.UNDECIDED
    assert judge(seen).message == "the rate starts at 0.1, the initial lr; it waits for a metric"


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.03])
def test_relative_rates_of_groups_are_not_convicted(rate: float) -> None:
    verdict = judge(observation(group(inverse(rate), 0.1), group(inverse(rate), 1.0)))

    assert verdict.outcome is ScheduleOutcome.OK
    assert [each.pattern for each in verdict.groups] == [Pattern.RELATIVE_BASE] * 2


@pytest.mark.parametrize("small", [lambda step: 1e-3, lambda step: 1e-3 * 0.9**step, lambda step: 0.005])
def test_small_factor_beside_a_factor_is_not_convicted(small: Schedule) -> None:
    verdict = judge(observation(group(small, 1e-3), group(lambda step: 0.9**step, 1e-3)))

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert verdict.message.startswith("group 0: ")


def test_warm_up_that_is_still_rising_is_not_convicted() -> None:
    verdict = judge(observation(group(lambda step: step / 1e6, 1e-3, horizon=20_000)))

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert [each.pattern for each in verdict.groups] == [Pattern.NOT_REACHED]
    assert "--steps" in verdict.message


@pytest.mark.parametrize("contract", ["ConstantLR", "LinearLR", "SequentialLR", "ReduceLROnPlateau", "LRScheduler"])
def test_schedulers_without_a_callable_are_not_convicted_of_small_rates(contract: str) -> None:
    for small in (lambda step: 0.01, lambda step: 0.001 * 0.9**step):
        verdict = judge(observation(group(small, 0.01), contract=LIBRARY + contract))
        assert verdict.outcome is ScheduleOutcome.UNDECIDED


def test_class_with_its_own_arithmetic_is_not_judged_as_its_base() -> None:
    verdict = judge(observation(group(lambda step: 1e-3 * 0.9**step, 1e-3), computes_itself=True))

    assert verdict.outcome is ScheduleOutcome.UNDECIDED


def test_initial_rate_of_zero_tells_nothing() -> None:
    verdict = judged(lambda step: 0.0, 0.0)

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert verdict.message == "the initial lr is 0, so no factor can be told"
    assert all(math.isnan(factor) for factor in verdict.groups[0].factors)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "base", "word"),
    [
        pytest.param(lambda step: (1e-3 - 1e-8) * (10 - step) / 10, 1e-3, Pattern.ABSOLUTE, id="from Keras"),
        pytest.param(lambda step: 1e-3, 1e-3, Pattern.ABSOLUTE, id="the constant rate itself"),
        pytest.param(inverse(0.01), 0.01, Pattern.ABSOLUTE, id="the rate in the lambda"),
        pytest.param(inverse(0.1), 0.1, Pattern.ABSOLUTE, id="a large rate that decays"),
        pytest.param(lambda step: 1e-3 * min(1, step / 5), 1e-3, Pattern.ABSOLUTE, id="with a warm-up"),
        pytest.param(lambda step: 5e-4 * 0.9**step, 1e-3, Pattern.NEVER_NEAR_1, id="another rate"),
        pytest.param(
            lambda step: 1e-3 * 0.9 ** (step - 2) * (step > 1), 1e-3, Pattern.ABSOLUTE, id="a rate, frozen first"
        ),
        pytest.param(lambda step: -1, 1e-3, Pattern.NEGATIVE_OR_COMPLEX, id="negative"),
        pytest.param(lambda step: (step - 1 + 0j) ** 0.5, 1e-3, Pattern.NEGATIVE_OR_COMPLEX, id="complex"),
        pytest.param(lambda step: math.nan, 1e-3, Pattern.NOT_FINITE, id="not a number"),
        pytest.param(lambda step: math.inf, 1e-3, Pattern.NOT_FINITE, id="infinite"),
    ],
)
def test_wrong_schedules_are_convicted(function: Schedule, base: float, word: Pattern) -> None:
    verdict = judged(function, base)

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert [each.pattern for each in verdict.groups] == [word]


def test_sentence_names_the_rate_and_what_it_should_be() -> None:
    assert judged(lambda step: (1e-3 - 1e-8) * (10 - step) / 10).message == (
        "the rate starts at 9.9999e-07, not at 0.001: the callable returns a rate, and LambdaLR multiplies it by the "
        "initial lr"
    )
    assert judged(lambda step: 0.9**step).message == "the rate starts at 0.001, the initial lr"
    assert judged(lambda step: min(1, step / 500), horizon=501).message == (
        "the rate starts at 0 and comes to 0.001, the initial lr, at step 500"
    )


def test_integer_division_is_convicted() -> None:
    verdict = judged(lambda step: step // 30, 0.05, horizon=91)

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert verdict.groups[0].pattern is Pattern.ZERO_PLATEAU
    assert verdict.message == (
        "the rate is 0 at the first 10 steps and more; its peak is 0.15 at step 90, 3 times the initial lr: "
        "is that an integer division?"
    )


def test_zeros_of_a_branch_of_their_own_are_not_convicted() -> None:
    frozen = observation(group(lambda step: 0 if step < 20 else step // 20, 0.1, horizon=91))
    frozen.groups[0].held_at_zero = True

    verdict = judge(frozen)

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert "the rate is 0 at the first 10 steps and more; its peak is 0.4 at step 80" in verdict.message


def test_parts_that_are_thawed_and_then_trained_with_the_initial_rate_are_right() -> None:
    thawed = observation(group(lambda step: 0 if step < 5 else 1, 0.1))
    thawed.groups[0].held_at_zero = True

    assert judge(thawed).outcome is ScheduleOutcome.OK
    assert judge(thawed).message == "the rate starts at 0 and comes to 0.1, the initial lr, at step 5"


def test_what_was_meant_is_told_where_a_rate_was_given_for_a_factor_or_a_decay_for_a_ratio() -> None:
    (absolute,) = judged(lambda step: 2e-3 * 0.5**step, 2e-3).groups
    (cumulative,) = multiplied(lambda step: 0.5**step, 0.1).groups
    (right,) = judged(lambda step: 0.5**step, 2e-3).groups
    keras = judge(observation(ObservedGroup(0.1, [0.9**epoch for epoch in range(5)]), contract=KERAS)).groups[0]

    assert absolute.meant == pytest.approx({step: 2e-3 * 0.5**step for step in range(10)})
    assert cumulative.meant == pytest.approx({step: 0.1 * 0.5**step for step in range(10)})
    assert right.meant == {}
    assert keras.meant == pytest.approx({epoch: 0.1 * 0.9**epoch for epoch in range(5)})


def test_tolerance() -> None:
    rates = observation(group(lambda step: 0.9, 1e-3))

    assert judge(rates).groups[0].pattern is Pattern.NEVER_NEAR_1
    assert judge(rates, tolerance=0.1).groups[0].pattern is Pattern.FACTOR


def test_peak_is_found_where_nobody_looked_for_it() -> None:
    verdict = judged(lambda step: min(1, step / 4))

    assert (verdict.groups[0].peak_factor, verdict.groups[0].peak_step) == (1.0, 4)


@pytest.mark.parametrize(
    ("function", "word"),
    [
        (lambda step: 1 - step / 5, Pattern.NEGATIVE_OR_COMPLEX),
        (lambda step: math.nan if step == 7 else 1, Pattern.NOT_FINITE),
    ],
)
def test_end_of_a_schedule_counts_within_the_training_only(function: Schedule, word: Pattern) -> None:
    rates = observation(group(function, 1e-3))
    beyond, within = judge(rates), judge(rates, whole_training=True)

    assert (beyond.outcome, beyond.groups[0].pattern) == (ScheduleOutcome.UNDECIDED, Pattern.FACTOR)
    assert "which is right only if the training ends before" in beyond.message
    assert (within.outcome, within.groups[0].pattern) == (ScheduleOutcome.CONTRADICTS, word)


def test_construction_that_raises() -> None:
    verdict = judge(observation(error="ZeroDivisionError: division by zero"))

    assert verdict.outcome is ScheduleOutcome.ERROR
    assert verdict.message == "it cannot be constructed: ZeroDivisionError: division by zero"


def test_slice_that_lacks_something() -> None:
    verdict = judge(observation(error="NeedsValue: nothing tells args.lr (--set args.lr=...)"))

    assert verdict.outcome is ScheduleOutcome.ERROR
    assert verdict.message == "it was not probed: nothing tells args.lr (--set args.lr=...)"


def test_step_that_raises() -> None:
    verdict = judge(observation(group(lambda step: 1, 1e-3, steps=3), error="IndexError: end", error_step=3))

    assert verdict.outcome is ScheduleOutcome.ERROR
    assert verdict.groups[0].pattern is Pattern.RAISES
    assert verdict.message == "step 3 raises IndexError: end (if the training is shorter: --steps 3)"


def test_what_is_proved_before_a_step_raises_stays_proved() -> None:
    seen = group(lambda step: 1e-3 * 0.9**step, 1e-3, steps=3)
    verdict = judge(observation(seen, error="IndexError: end", error_step=3))

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert "step 3 raises IndexError: end" in verdict.message


@pytest.mark.parametrize(
    "ratio",
    [
        pytest.param(lambda step: 0.95, id="constant"),
        pytest.param(lambda step: 0.1, id="by ten"),
        pytest.param(lambda step: 1.0, id="none"),
        pytest.param(lambda step: 0.1 if step in (3, 6) else 1, id="milestones"),
        pytest.param(lambda step: (10 - step) / (11 - step), id="ratio of a linear decay"),
        pytest.param(lambda step: cosine(step) / cosine(step - 1), id="ratio of a cosine"),
        pytest.param(lambda step: (1 + 0.1 * (step - 1)) / (1 + 0.1 * step), id="ratio of inverse time"),
        pytest.param(lambda step: step / (step + 1), id="harmonic"),
        pytest.param(lambda step: 1 - 1e-6, id="hardly any"),
        pytest.param(lambda step: 0.999 if step < 5 else 0.9, id="faster later"),
    ],
)
def test_right_ratios_are_not_convicted(ratio: Schedule) -> None:
    verdict = multiplied(ratio)

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.OK, Pattern.FACTOR)


@pytest.mark.parametrize(
    ("factor", "curve"),
    [
        (lambda step: (10 - step) / 10, "a linear decay"),
        (lambda step: max(0.0, 1 - step / 6), "a linear decay"),
        (lambda step: 0.95**step, "an exponential decay"),
        (lambda step: 1 / (1 + 0.1 * step), "an inverse-time decay"),
        (cosine, "a cosine decay"),
    ],
)
def test_cumulative_factors_are_convicted(factor: Schedule, curve: str) -> None:
    verdict = multiplied(factor)

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.CONTRADICTS, Pattern.CUMULATIVE)
    assert f"the callable returns {curve}" in verdict.message


def test_rate_given_as_a_ratio_is_convicted() -> None:
    verdict = multiplied(lambda step: 1e-3 * 0.95**step)

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.CONTRADICTS, Pattern.ABSOLUTE)
    assert verdict.message.startswith("the rate collapses, 0.001, 9.5e-07, 8.57375e-10, 7.35092e-13: ")


def test_callable_that_scales_with_the_rate_in_force_is_convicted() -> None:
    compounding: list[Rate] = [0.1 * 0.09**step * 0.09 for step in range(10)]
    seen = observation(ObservedGroup(0.1, compounding), scales_with_rate=True, impurities=["it compounds"])
    relative = observation(ObservedGroup(1.0, [0.9**step for step in range(10)]), scales_with_rate=True)

    assert judge(seen).outcome is ScheduleOutcome.CONTRADICTS
    assert judge(seen).message.endswith("; it compounds")
    assert judge(relative).outcome is ScheduleOutcome.OK


def test_own_class_that_squares_the_rate_is_convicted() -> None:
    rates = group(lambda step: 1e-3 * 0.9**step, 1e-3)
    verdict = judge(observation(rates, contract=LIBRARY + "LRScheduler", class_name="train.Decay"))

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.CONTRADICTS, Pattern.ABSOLUTE)


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        (1e-3, ScheduleOutcome.OK),
        (0.01, ScheduleOutcome.OK),
        (0.3, ScheduleOutcome.UNDECIDED),
        (0.9, ScheduleOutcome.UNDECIDED),
    ],
)
def test_keras_rates_are_not_convicted(first: float, outcome: ScheduleOutcome) -> None:
    rates = ObservedGroup(0.001, [first * 0.9**epoch for epoch in range(10)])
    verdict = judge(observation(rates, contract=KERAS))

    assert (verdict.outcome, verdict.groups[0].pattern) == (outcome, Pattern.ABSOLUTE)


@pytest.mark.parametrize("initial", [0.001, math.nan])
def test_factor_returned_to_keras_is_convicted(initial: float) -> None:
    rates = ObservedGroup(initial, [0.9**epoch for epoch in range(10)])
    verdict = judge(observation(rates, contract=KERAS))

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.CONTRADICTS, Pattern.FACTOR)
    assert "nan" not in verdict.message


@pytest.mark.parametrize("function", [lambda epoch: 1.0, lambda epoch: 1 / (1 + epoch), lambda epoch: 1 + epoch])
def test_what_may_be_a_rate_of_1_is_not_held_against_keras(function: Schedule) -> None:
    verdict = judge(observation(ObservedGroup(0.001, [function(epoch) for epoch in range(10)]), contract=KERAS))

    assert (verdict.outcome, verdict.groups[0].pattern) == (ScheduleOutcome.UNDECIDED, Pattern.ABSOLUTE)


def test_constant_ratio_is_convicted_where_it_is_the_rate_itself() -> None:
    assert multiplied(lambda step: 0.01, base=0.001).outcome is ScheduleOutcome.OK
    assert multiplied(lambda step: 0.01, base=0.01).outcome is ScheduleOutcome.CONTRADICTS


def test_keras_rate_of_1_on_a_base_of_1_is_not_convicted() -> None:
    assert judge(observation(ObservedGroup(1.0, [1.0] * 10), contract=KERAS)).outcome is ScheduleOutcome.UNDECIDED


def test_group_that_is_wrong_is_named() -> None:
    verdict = judge(observation(group(lambda step: 0.9**step, 1e-3), group(lambda step: -1, 1e-3)))

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert verdict.message == "group 1: the rate starts at -0.001"


any_rate = st.one_of(st.floats(), st.sampled_from([0.0, 1.0, 1e-3, -1e-3, math.inf, math.nan]), st.complex_numbers())
any_group = st.builds(
    ObservedGroup,
    any_rate,
    st.lists(any_rate, max_size=12),
    later=st.lists(st.tuples(st.integers(12, 99), any_rate), max_size=3),
)
any_observation = st.builds(
    lambda groups, contract, error, own, scales: observation(
        *groups, contract=contract, error=error, error_step=0, computes_itself=own, scales_with_rate=scales
    ),
    st.lists(any_group, max_size=3),
    st.sampled_from([LAMBDA, MULTIPLICATIVE, KERAS, LIBRARY + "LRScheduler", LIBRARY + "StepLR"]),
    st.sampled_from(["", "ValueError: no"]),
    st.booleans(),
    st.booleans(),
)


@given(any_observation, st.floats(0, 0.99), st.booleans())
def test_any_rates_get_a_verdict_that_can_be_told(seen: Observation, tolerance: float, whole: bool) -> None:
    verdict = judge(seen, tolerance, whole)
    outcome = ProbeSummary("cpu", "2", [verdict])

    assert verdict.message
    assert json.loads(probe_json(outcome, 12))
    assert plain(render_probe(outcome, everything=True))


shapes = st.one_of(
    st.floats(0.5, 0.9999).map(lambda gamma: lambda step: gamma**step),
    st.integers(2, 500).map(lambda total: lambda step: max(0.0, 1 - step / total)),
    st.integers(2, 500).map(lambda total: lambda step: (1 + math.cos(math.pi * min(1, step / total))) / 2),
    st.integers(1, 9).map(lambda warm: lambda step: min(1.0, (step + 1) / warm) * 0.99 ** max(0, step - warm)),
    st.integers(1, 9).map(lambda every: lambda step: 0.1 ** (step // every)),
    st.floats(0.001, 10).map(lambda decay: lambda step: 1 / (1 + decay * step)),
)
rates = st.floats(1e-6, 0.29)


@given(shapes, rates)
def test_no_usual_factor_is_convicted(shape: Schedule, rate: float) -> None:
    assert judged(shape, rate).outcome is ScheduleOutcome.OK


@given(shapes, rates.filter(lambda rate: rate < 0.04))
def test_every_usual_factor_times_the_rate_is_convicted(shape: Schedule, rate: float) -> None:
    assert judged(lambda step: rate * shape(step), rate).outcome is ScheduleOutcome.CONTRADICTS


@given(shapes, rates)
def test_every_usual_factor_times_the_rate_is_right_on_a_base_of_1(shape: Schedule, rate: float) -> None:
    assert judged(lambda step: rate * shape(step), 1.0).outcome is ScheduleOutcome.OK


@given(shapes, rates)
def test_no_usual_ratio_is_convicted(shape: Schedule, rate: float) -> None:
    ratios = {step: shape(step) / shape(step - 1) if shape(step - 1) else 0.0 for step in range(1, 10)}
    verdict = multiplied(ratios.__getitem__, rate)

    grows = max(ratios.values()) > 1
    assert verdict.outcome is ScheduleOutcome.OK or grows or max(ratios.values()) < 0.05
    assert verdict.outcome is not ScheduleOutcome.CONTRADICTS or max(ratios.values()) < 0.05


def test_what_was_not_probed_names_what_to_try_next() -> None:
    def told(error: str) -> str:
        return judge(observation(error=f"NeedsValue: {error}")).message

    assert told("args.lr is not known: --set args.lr=VALUE").endswith("--set args.lr=VALUE")
    assert "probe the script with --run, or name a function" in told("NameError: name 'start' is not defined")
