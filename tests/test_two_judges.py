"""The check and the probe on the same numbers: what one holds against a schedule, the other does not call right."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.judgement import judge as judge_runs
from lr_lint.probe.measuring.cases import GroupVerdict, Pattern
from lr_lint.probe.measuring.verdicts import judge as judge_rates
from lr_lint.probe.records import Mode, Observation, ObservedGroup
from lr_lint.project.modules import Module
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.runs import GroupRun, Point, Run, Runs
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Quantity, literal
from tests.harness import module_of

CONTRACTS = {
    Meaning.FACTOR_OF_INITIAL: "torch.optim.lr_scheduler.LambdaLR",
    Meaning.FACTOR_OF_PREVIOUS: "torch.optim.lr_scheduler.MultiplicativeLR",
    Meaning.RATE: "keras.callbacks.LearningRateScheduler",
}
MODULE: Module = module_of("")
Group = tuple[float, list[float]]


def read_by_the_check(groups: Sequence[Group], meaning: Meaning) -> list[Judgement]:
    """The judgements on groups that state their lr, whose callables return these numbers, with nothing else known."""
    anchor = Anchor(MODULE, MODULE.tree)
    runs = []
    for base, rates in groups:
        points = [Point(time, quantity(number), place=anchor) for time, number in given_numbers(base, rates, meaning)]
        runs.append(GroupRun(quantity(base), anchor, frozenset(), own=True, settled=True, points=points))
    return judge_runs(Runs([Run(None, runs, [])]), meaning)


def quantity(number: float) -> Quantity:
    return Quantity(number, literal(number).unit, varies=True)


def given_numbers(base: float, rates: Sequence[float], meaning: Meaning) -> list[tuple[int, float]]:
    """What a callable returned for the scheduler to set these rates, as far as that can be told from them."""
    if meaning is Meaning.RATE:
        return [*enumerate(rates)]
    if meaning is Meaning.FACTOR_OF_INITIAL:
        return [(step, rate / base) for step, rate in enumerate(rates)]
    end = next((step for step, rate in enumerate(rates) if rate <= 0), len(rates))
    return [(step, rates[step] / rates[step - 1]) for step in range(1, end)]


def seen_by_the_probe(groups: Sequence[Group], meaning: Meaning) -> list[GroupVerdict]:
    """The verdicts on the rates."""
    seen = [ObservedGroup(base, [*rates]) for base, rates in groups]
    return judge_rates(Observation(None, CONTRACTS[meaning], CONTRACTS[meaning], Mode.DIRECT, seen)).groups


def agree(judgement: Judgement, verdict: GroupVerdict) -> bool:
    claimed = judgement.contradicts and (judgement.confidence or 0) >= Confidence.LIKELY
    if verdict.pattern in (Pattern.NEGATIVE_OR_COMPLEX, Pattern.NOT_FINITE):
        return verdict.contradicts and not claimed and judgement.conclusion is Conclusion.UNKNOWN
    if verdict.contradicts and verdict.pattern is Pattern.ZERO_PLATEAU:
        # The check has a rule of its own for that, which asks the curve.
        return Curve([*enumerate(verdict.factors)]).climbs_in_steps_from_zero
    return claimed is verdict.contradicts


sizes = st.one_of(
    st.sampled_from([1.0, 0.95, 0.5, 0.3, 0.29, 0.1, 0.05, 0.049, 0.02, 0.01, 5e-3, 1e-3, 5e-4, 1e-6]),
    st.floats(1e-7, 2.0),
)
shapes: st.SearchStrategy[Callable[[int], float]] = st.one_of(
    st.floats(0.3, 1.0).map(lambda gamma: lambda step: gamma**step),
    st.integers(2, 30).map(lambda total: lambda step: 1 - step / total),
    st.integers(2, 30).map(lambda total: lambda step: (1 - step / total) ** 2),
    st.integers(1, 12).map(lambda warm: lambda step: min(1.0, step / warm)),
    st.integers(1, 6).map(lambda warm: lambda step: min(1.0, (step + 1) / warm) * 0.9 ** max(0, step - warm)),
    st.integers(1, 6).map(lambda every: lambda step: 0.1 ** (step // every)),
    st.integers(1, 6).map(lambda every: lambda step: float(step // every)),
    st.integers(1, 9).map(lambda start: lambda step: float(step >= start)),
    st.floats(0.01, 5).map(lambda speed: lambda step: 1 / (1 + speed * step)),
    st.integers(2, 12).map(lambda total: lambda step: (1 + math.cos(math.pi * step / total)) / 2),
    st.lists(st.one_of(st.just(0.0), sizes), min_size=12, max_size=12).map(lambda values: values.__getitem__),
)


@st.composite
def one_group(draw: st.DrawFn) -> Group:
    """An initial lr, and rates that are some shape times the initial lr, a rate, or both."""
    base = draw(sizes)
    shape, factor = draw(shapes), draw(sizes) * draw(st.sampled_from([1.0, base, 0.97 * base]))
    return base, [base * factor * shape(step) for step in range(draw(st.integers(3, 12)))]


@settings(max_examples=600)
@given(st.lists(one_group(), min_size=1, max_size=3))
@example([(0.29, [0.29 * 0.3 * 0.9**step for step in range(10)])])
@example([(0.1, [0.1 * 0.098 * 0.9**step for step in range(10)])])
@example([(0.02, [0.02 * 0.0197 * 0.9**step for step in range(10)])])
@example([(0.1, [0.0, *[0.01] * 9])])
@example([(1e-3, [0.0, 0.0, *[1e-6 * 0.9**step for step in range(8)]])])
@example([(1e-3, [1e-6, 2e-6, 3e-6])])
@example([(1e-3, [5e-4] * 10), (1e-3, [1e-6] * 10)])
@example([(0.1, [0.01 * 0.9**step for step in range(10)])] * 2)
@example([(1e-3, [-1e-6] * 10)])
@example([(1e-3, [0.0, -1e-6, -2e-6])])
def test_factors_of_the_initial_rate(groups: list[Group]) -> None:
    judgements = read_by_the_check(groups, Meaning.FACTOR_OF_INITIAL)
    verdicts = seen_by_the_probe(groups, Meaning.FACTOR_OF_INITIAL)

    assert all(map(agree, judgements, verdicts)), (judgements, verdicts)


@settings(max_examples=300)
@given(st.lists(one_group(), min_size=1, max_size=2))
@example([(1e-3, [1e-3 * 0.01**step for step in range(6)])])
@example([(0.01, [0.01 * 0.01**step for step in range(6)])])
@example([(0.2, [0.2, 6e-3, 1.5e-4, 3e-6])])
@example([(0.1, [0.1, 0.01, 5e-4, 2.5e-5])])
def test_factors_of_the_previous_rate(groups: list[Group]) -> None:
    """Whole decays that compound are another rule's, and need no rate in what the callable returns."""
    groups = [(base, [base, *rates]) for base, rates in groups]
    judgements = read_by_the_check(groups, Meaning.FACTOR_OF_PREVIOUS)
    verdicts = seen_by_the_probe(groups, Meaning.FACTOR_OF_PREVIOUS)

    for judgement, verdict in zip(judgements, verdicts, strict=True):
        assert verdict.pattern is Pattern.CUMULATIVE or agree(judgement, verdict), (judgement, verdict)


@settings(max_examples=300)
@given(one_group())
@example((1e-3, [1.0] * 10))
@example((1e-3, [1 / (1 + step) for step in range(10)]))
@example((1e-3, [1.0, 1.2, 0.9]))
@example((1.0, [0.9**step for step in range(10)]))
def test_rates(group: Group) -> None:
    (judgement,) = read_by_the_check([group], Meaning.RATE)
    (verdict,) = seen_by_the_probe([group], Meaning.RATE)

    assert agree(judgement, verdict), (judgement, verdict)
