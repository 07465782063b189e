"""What is concluded from the values of one param group, and how surely: units first, then numbers."""

from __future__ import annotations

import libcst as cst
import pytest

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.group_judgement import judge_absolute, judge_group
from lr_lint.checks.judgement import judge
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.runs import GroupRun, Point, Run, Runs
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.paths import AccessPath, attribute, item
from lr_lint.vocabulary.quantities import Basis, Number, Origin, Quantity
from lr_lint.vocabulary.units import FACTOR, FREE, MIXED, RATE, UNKNOWN, Strength, Unit
from tests.harness import module_of

ANCHOR = Anchor(module_of("x = 1\n"), cst.Name("x"))
BASE = AccessPath.external("base")
OTHER = AccessPath.external("other")
READ = item(item(attribute(AccessPath.external("optimizer"), "param_groups"), 0), "lr")
POSSIBLE, LIKELY, CERTAIN = Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CERTAIN
NAMED = RATE.weakened(Strength.NAME)
GUESSED = RATE.weakened(Strength.GUESS)
Claim = tuple[Conclusion, "Confidence | None"]


def value(
    number: Number | None,
    unit: Unit = FACTOR,
    key: AccessPath | None = None,
    *,
    basis: Basis = Basis.PROVED,
    offender: Quantity | None = None,
    clash: str = "",
) -> Quantity:
    """A value that varies, with an origin where it is known by one."""
    origins = () if key is None else (Origin(key, None, "it"),)
    return Quantity(number, unit, varies=True, basis=basis, origins=origins, offender=offender, clash=clash)


def group(
    lr: Number | None,
    *values: Quantity,
    unit: Unit = FREE,
    own: bool = True,
    settled: bool = True,
    basis: Basis = Basis.PROVED,
) -> GroupRun:
    points = [Point(time, each, place=ANCHOR) for time, each in enumerate(values)]
    return GroupRun(Quantity(lr, unit, basis=basis), ANCHOR, frozenset({BASE}), own, settled, points)


def decay(
    first: float | None, unit: Unit = FACTOR, key: AccessPath | None = None, basis: Basis = Basis.PROVED
) -> list[Quantity]:
    return [value(None if first is None else first * share, unit, key, basis=basis) for share in (1, 0.5, 0.25)]


def claim_of(judgement: Judgement) -> Claim:
    return judgement.conclusion, judgement.confidence


@pytest.mark.parametrize(
    ("judged", "claim"),
    [
        pytest.param(group(1e-3, *decay(1e-3, RATE, BASE)), (Conclusion.RATE, CERTAIN), id="the very lr"),
        pytest.param(group(1e-3, *decay(1e-3, NAMED, BASE)), (Conclusion.RATE, LIKELY), id="the lr, by its name"),
        pytest.param(group(1e-3, *decay(None, GUESSED, BASE)), (Conclusion.RATE, LIKELY), id="the lr, a guess"),
        pytest.param(group(1e-3, *decay(None, GUESSED, OTHER)), (Conclusion.RATE, POSSIBLE), id="a guessed rate"),
        pytest.param(
            group(1e-3, *decay(None, RATE.weakened(Strength.NONE), BASE)), (Conclusion.RATE, POSSIBLE), id="who knows"
        ),
        pytest.param(group(1e-3, *decay(None, NAMED, OTHER)), (Conclusion.RATE, LIKELY), id="two rates"),
        pytest.param(group(0.05, *decay(None, NAMED, OTHER)), (Conclusion.RATE, POSSIBLE), id="a bare 0.05 and a rate"),
        pytest.param(
            group(0.05, *decay(None, NAMED, OTHER), unit=RATE),
            (Conclusion.RATE, LIKELY),
            id="a rate of 0.05 and another",
        ),
        pytest.param(group(None, *decay(None, NAMED, OTHER)), (Conclusion.RATE, POSSIBLE), id="an lr not known"),
        pytest.param(group(None, *decay(None, NAMED, OTHER), unit=NAMED), (Conclusion.RATE, POSSIBLE), id="two names"),
        pytest.param(
            group(None, *decay(1e-3, NAMED, OTHER), unit=NAMED), (Conclusion.RATE, LIKELY), id="a rate not known"
        ),
        pytest.param(
            group(1e-3, *decay(1e-3, RATE, BASE), settled=False), (Conclusion.RATE, POSSIBLE), id="not settled"
        ),
        pytest.param(
            group(1e-3, *decay(1e-3, RATE, READ), settled=False), (Conclusion.RATE, CERTAIN), id="read from the group"
        ),
        pytest.param(group(1, *decay(1.0, RATE, BASE)), (Conclusion.RELATIVE_BASE, None), id="an lr of 1"),
        pytest.param(group(0.3, *decay(0.3, NAMED, OTHER)), (Conclusion.RELATIVE_BASE, None), id="an lr of 0.3"),
        pytest.param(group(0.3, *decay(0.3, RATE, BASE)), (Conclusion.RATE, CERTAIN), id="a rate of 0.3"),
        pytest.param(
            group(None, *decay(None, NAMED, OTHER), unit=FACTOR),
            (Conclusion.RELATIVE_BASE, None),
            id="an lr without unit",
        ),
        pytest.param(
            group(None, *decay(None, NAMED, OTHER), unit=FACTOR, own=False),
            (Conclusion.RATE, POSSIBLE),
            id="not its own",
        ),
        pytest.param(
            group(None, *decay(None, NAMED, OTHER), unit=UNKNOWN),
            (Conclusion.RATE, POSSIBLE),
            id="an lr not understood",
        ),
        pytest.param(
            group(1e-3, value(0), *decay(1e-3, RATE, BASE)), (Conclusion.RATE, CERTAIN), id="zero fits every unit"
        ),
        pytest.param(
            group(1e-3, *decay(1e-3, RATE, BASE), value(-1)), (Conclusion.RATE, CERTAIN), id="what comes after the end"
        ),
        pytest.param(group(1e-3, value(0), value(0)), (Conclusion.UNKNOWN, None), id="nothing but zero"),
        pytest.param(group(1e-3), (Conclusion.UNKNOWN, None), id="nothing"),
    ],
)
def test_rates(judged: GroupRun, claim: Claim) -> None:
    judgement = judge_group(judged, Meaning.FACTOR_OF_INITIAL)

    assert claim_of(judgement) == claim
    assert judgement.group is judged
    assert (judgement.culprit is not None) is judgement.contradicts


@pytest.mark.parametrize(
    ("unit", "offender", "clash", "lr", "claim"),
    [
        pytest.param(MIXED, value(1e-3, RATE, BASE), "max", 1e-3, (Conclusion.MIXED, CERTAIN), id="the very lr"),
        pytest.param(
            MIXED.weakened(Strength.NAME),
            value(1e-3, RATE, BASE),
            "max",
            1e-3,
            (Conclusion.MIXED, LIKELY),
            id="by name",
        ),
        pytest.param(
            MIXED.weakened(Strength.GUESS),
            value(1e-3, RATE, BASE),
            "max",
            1e-3,
            (Conclusion.MIXED, POSSIBLE),
            id="a guess",
        ),
        pytest.param(MIXED, value(1e-3, RATE, BASE), "+", 1e-3, (Conclusion.MIXED, POSSIBLE), id="a sum with the lr"),
        pytest.param(MIXED, value(1e-3, RATE, BASE), "-", 1e-3, (Conclusion.MIXED, POSSIBLE), id="less the lr"),
        pytest.param(
            MIXED, value(1e-3, NAMED, OTHER), "+", 1e-2, (Conclusion.MIXED, LIKELY), id="a small rate by name"
        ),
        pytest.param(MIXED, value(1e-3, NAMED, OTHER), "max", 1e-2, (Conclusion.MIXED, LIKELY), id="a small floor"),
        pytest.param(MIXED, value(2e-3, NAMED, OTHER), "max", 1e-2, (Conclusion.MIXED, POSSIBLE), id="a larger floor"),
        pytest.param(MIXED, value(1e-3, NAMED, OTHER), "max", 1e-4, (Conclusion.MIXED, POSSIBLE), id="above the lr"),
        pytest.param(MIXED, value(1e-3, NAMED, OTHER), "max", 1e-3, (Conclusion.MIXED, LIKELY), id="as high as the lr"),
        pytest.param(MIXED, value(1e-4, NAMED, OTHER), "max", None, (Conclusion.MIXED, POSSIBLE), id="an lr not known"),
        pytest.param(
            MIXED, value(2e-4, NAMED, OTHER), "max", None, (Conclusion.MIXED, POSSIBLE), id="no lr to compare"
        ),
        pytest.param(MIXED, value(None, NAMED, OTHER), "max", 1e-2, (Conclusion.MIXED, POSSIBLE), id="not known"),
        pytest.param(MIXED, value(None, NAMED, OTHER), "**", 1e-2, (Conclusion.MIXED, LIKELY), id="a base of powers"),
        pytest.param(MIXED, value(0.5, FACTOR, OTHER), "max", 1e-2, (Conclusion.MIXED, POSSIBLE), id="no rate at all"),
        pytest.param(MIXED, value(1e-3, NAMED, OTHER), "max", 1, (Conclusion.UNKNOWN, None), id="an lr of 1"),
        pytest.param(MIXED, value(1e-3, NAMED, OTHER), "max", 0.3, (Conclusion.UNKNOWN, None), id="a relative lr"),
        pytest.param(MIXED, value(0.3, RATE, BASE), "max", 0.3, (Conclusion.MIXED, CERTAIN), id="the very lr, 0.3"),
    ],
)
def test_a_rate_beside_a_factor(unit: Unit, offender: Quantity, clash: str, lr: float | None, claim: Claim) -> None:
    judged = group(lr, value(0.5, unit, offender=offender, clash=clash))
    judgement = judge_group(judged, Meaning.FACTOR_OF_INITIAL)

    assert claim_of(judgement) == claim
    if judgement.contradicts:
        assert judgement.culprit is not None
        assert (judgement.culprit.number, judgement.culprit.clash) == (offender.number, clash)


def test_a_speed_is_no_rate_where_the_sum_is_gone() -> None:
    """``1 / (1 + lr * t)``: at 0 the very expression that mixes units is a plain factor."""
    mixed = value(0.9, MIXED, offender=value(1e-3, RATE, BASE), clash="+")
    judged = group(1e-3)
    judged.points = [Point(0, value(1.0), source=ANCHOR), Point(1, mixed, source=ANCHOR)]
    assert claim_of(judge_group(judged, Meaning.FACTOR_OF_INITIAL)) == (Conclusion.FACTOR, None)

    elsewhere = Anchor(ANCHOR.module, cst.Name("x"))
    judged.points = [Point(0, value(1.0), source=elsewhere), Point(1, mixed, source=ANCHOR)]
    assert claim_of(judge_group(judged, Meaning.FACTOR_OF_INITIAL)) == (Conclusion.MIXED, POSSIBLE)


@pytest.mark.parametrize(
    ("others", "claim"),
    [
        pytest.param([value(0.1, FREE)], (Conclusion.RATE, CERTAIN), id="a small literal takes the unit"),
        pytest.param([value(0.1, UNKNOWN)], (Conclusion.RATE, CERTAIN), id="so does what is not known"),
        pytest.param([value(None, UNKNOWN)], (Conclusion.RATE, CERTAIN), id="whatever its number"),
        pytest.param([value(0.3, UNKNOWN)], (Conclusion.MIXED, CERTAIN), id="but not what is too large"),
        pytest.param([value(1.0)], (Conclusion.MIXED, CERTAIN), id="a factor is none"),
    ],
)
def test_a_branch_that_returns_a_rate(others: list[Quantity], claim: Claim) -> None:
    judged = group(1e-3, *decay(1e-3, RATE, BASE), *others)

    assert claim_of(judge_group(judged, Meaning.FACTOR_OF_INITIAL)) == claim


@pytest.mark.parametrize(
    ("judged", "claim"),
    [
        pytest.param(group(1e-3, *decay(1.0)), (Conclusion.FACTOR, None), id="a decay from 1"),
        pytest.param(group(1e-3, *decay(None)), (Conclusion.FACTOR, None), id="no rate in it"),
        pytest.param(group(1e-3, *decay(None, UNKNOWN)), (Conclusion.UNKNOWN, None), id="nothing known"),
        pytest.param(group(1e-3, *decay(1e-3, FREE)), (Conclusion.RATE, CERTAIN), id="the number of the lr"),
        pytest.param(group(1e-3, *decay(1e-3)), (Conclusion.RATE, LIKELY), id="that number, computed"),
        pytest.param(
            group(1e-3, *decay(1e-3, FREE), basis=Basis.DEFAULT), (Conclusion.RATE, LIKELY), id="that number by default"
        ),
        pytest.param(
            group(1e-3, *decay(1e-3, FREE, basis=Basis.DEFAULT)),
            (Conclusion.RATE, LIKELY),
            id="a default of that number",
        ),
        pytest.param(group(1e-3, *decay(1e-3, FREE), settled=False), (Conclusion.RATE, POSSIBLE), id="not settled"),
        pytest.param(group(0.1, *decay(0.1)), (Conclusion.RATE, POSSIBLE), id="a tenth, computed"),
        pytest.param(group(0.1, *decay(0.1, FREE)), (Conclusion.RATE, LIKELY), id="a tenth, written"),
        pytest.param(group(1e-3, *decay(3e-4)), (Conclusion.TINY, CERTAIN), id="tiny"),
        pytest.param(group(1e-3, *decay(3e-4, basis=Basis.DEFAULT)), (Conclusion.TINY, POSSIBLE), id="tiny by default"),
        pytest.param(group(1e-3, *decay(0.2, FREE)), (Conclusion.UNKNOWN, None), id="between"),
        pytest.param(group(1e-3, *decay(0.2)), (Conclusion.FACTOR, None), id="nothing in it may be a rate"),
        pytest.param(
            group(1e-3, *decay(0.2, basis=Basis.ASSUMED_COUNT)), (Conclusion.UNKNOWN, None), id="a count nobody wrote"
        ),
        pytest.param(group(1e-3, value(-1.0), value(1.0)), (Conclusion.UNKNOWN, None), id="no rate at first"),
        pytest.param(group(1e-3, value(1e-3), value(None)), (Conclusion.UNKNOWN, None), id="known at some times only"),
    ],
)
def test_numbers_alone(judged: GroupRun, claim: Claim) -> None:
    assert claim_of(judge_group(judged, Meaning.FACTOR_OF_INITIAL)) == claim


def test_numbers_of_the_previous_rate_are_others() -> None:
    tenth = group(1e-3, value(0.1, FREE), value(0.1, FREE))
    small = group(0.1, *decay(0.03))

    assert judge_group(tenth, Meaning.FACTOR_OF_PREVIOUS).conclusion is Conclusion.FACTOR
    assert judge_group(tenth, Meaning.FACTOR_OF_INITIAL).conclusion is Conclusion.UNKNOWN
    assert claim_of(judge_group(small, Meaning.FACTOR_OF_PREVIOUS)) == (Conclusion.TINY, LIKELY)
    assert claim_of(judge_group(small, Meaning.FACTOR_OF_INITIAL)) == (Conclusion.TINY, POSSIBLE)


@pytest.mark.parametrize(
    ("judged", "reason"),
    [
        (group(1e-3), "it returns nothing that is known"),
        (group(1e-3, value(0)), "it is zero at all sampled times"),
        (group(1, value(0.5, MIXED)), "a rate meets a factor on a relative base"),
        (group(1e-3, value(None, UNKNOWN)), "neither its unit nor its numbers are known"),
        (group(1e-3, value(-1.0), value(1.0)), "its factor starts as no rate: negative, complex or infinite"),
        (group(1e-3, value(0.2), value(None)), "its numbers are known at some times only"),
        (group(1e-3, value(0.2, FREE), value(0.1, FREE)), "its factor peaks at 0.2"),
        (group(1e-3, value(0), value(-1)), "it is zero for as long as it is a rate"),
    ],
)
def test_why_nothing_is_told(judged: GroupRun, reason: str) -> None:
    assert judge_group(judged, Meaning.FACTOR_OF_INITIAL).reason == reason


def test_the_reason_of_the_interpreter_comes_first() -> None:
    judged = group(1e-3)
    judged.points = [Point(0), Point(1, reason="it is read from the command line")]

    assert judge_group(judged, Meaning.FACTOR_OF_INITIAL).reason == "it is read from the command line"
    assert judge_absolute(judged).reason == "it is read from the command line"


GENTLE = [value(share) for share in (1.0, 0.9, 0.81)]


@pytest.mark.parametrize(
    ("judged", "claim"),
    [
        pytest.param(group(1e-3, *GENTLE), (Conclusion.FACTOR_AS_RATE, CERTAIN), id="a gentle decay from 1"),
        pytest.param(group(None, *GENTLE), (Conclusion.FACTOR_AS_RATE, LIKELY), id="from an lr not known"),
        pytest.param(
            group(1e-3, *GENTLE, basis=Basis.DEFAULT), (Conclusion.FACTOR_AS_RATE, LIKELY), id="from an lr by default"
        ),
        pytest.param(group(1e-3, *GENTLE, value(None)), (Conclusion.FACTOR_AS_RATE, LIKELY), id="not known to the end"),
        pytest.param(
            group(1e-3, value(1.0, basis=Basis.DEFAULT), *GENTLE[1:]),
            (Conclusion.FACTOR_AS_RATE, LIKELY),
            id="a default",
        ),
        pytest.param(
            group(1e-3, value(1.0, FACTOR.weakened(Strength.NAME)), *GENTLE[1:]),
            (Conclusion.FACTOR_AS_RATE, LIKELY),
            id="a factor by name",
        ),
        pytest.param(group(1.0, *GENTLE), (Conclusion.RELATIVE_BASE, None), id="where the lr is 1"),
        pytest.param(group(1e-3, *decay(1e-3)), (Conclusion.ABSOLUTE, None), id="numbers of rates"),
        pytest.param(group(1e-3, *decay(None, NAMED)), (Conclusion.ABSOLUTE, None), id="a rate"),
        pytest.param(group(1e-3, value(1.0), value(1e-3, NAMED)), (Conclusion.ABSOLUTE, None), id="a rate at times"),
        pytest.param(group(1e-3, value(1.0, UNKNOWN), *GENTLE[1:]), (Conclusion.UNKNOWN, None), id="an unknown unit"),
        pytest.param(group(1e-3, value(1.0), value(0.9, MIXED)), (Conclusion.UNKNOWN, None), id="mixed"),
        pytest.param(group(1e-3, Quantity(1.0), Quantity(0.9)), (Conclusion.UNKNOWN, None), id="a table"),
        pytest.param(group(1e-3, value(1.0), value(0.5)), (Conclusion.UNKNOWN, None), id="a steep decay"),
        pytest.param(group(1e-3, value(None), *GENTLE), (Conclusion.UNKNOWN, None), id="not known at first"),
        pytest.param(group(1e-3), (Conclusion.UNKNOWN, None), id="nothing"),
    ],
)
def test_what_is_taken_for_the_rate_itself(judged: GroupRun, claim: Claim) -> None:
    assert claim_of(judge_absolute(judged)) == claim


def test_what_is_not_known_at_first_may_be_anything() -> None:
    judged = group(1e-3)
    judged.points = [Point(0, reason="who knows"), *(Point(time + 1, each) for time, each in enumerate(GENTLE))]

    assert claim_of(judge_absolute(judged)) == (Conclusion.UNKNOWN, None)


def worlds(*groups: GroupRun) -> Runs:
    """One group in each of several worlds."""
    return Runs([Run(None, [each], []) for each in groups])


SURE = group(1e-3, *decay(1e-3, RATE, BASE))
WEAK = group(1e-3, *decay(1e-3, NAMED, BASE))
RIGHT = group(1e-3, *decay(1.0))
OPEN = group(1e-3)


@pytest.mark.parametrize(
    ("runs", "claim"),
    [
        pytest.param(worlds(SURE), (Conclusion.RATE, CERTAIN), id="one world"),
        pytest.param(worlds(SURE, WEAK), (Conclusion.RATE, LIKELY), id="as sure as the weakest"),
        pytest.param(worlds(OPEN, SURE), (Conclusion.RATE, CERTAIN), id="a world that says nothing"),
        pytest.param(worlds(OPEN, OPEN), (Conclusion.UNKNOWN, None), id="none says anything"),
        pytest.param(worlds(RIGHT, OPEN), (Conclusion.FACTOR, None), id="one says that it is right"),
        pytest.param(worlds(RIGHT, SURE), (Conclusion.MIXED, LIKELY), id="wrong in one of two"),
        pytest.param(worlds(RIGHT, group(1e-3, *decay(3e-4))), (Conclusion.TINY, POSSIBLE), id="tiny in one of two"),
        pytest.param(
            worlds(SURE, group(1.0, *decay(1e-3, RATE, OTHER))),
            (Conclusion.RATE, POSSIBLE),
            id="relative in one of two",
        ),
        pytest.param(worlds(SURE, group(1.0)), (Conclusion.RATE, POSSIBLE), id="not known where it may be relative"),
        pytest.param(
            worlds(SURE, group(1e-3, value(1e-3, MIXED, offender=value(1e-3, RATE, BASE), clash="max"))),
            (Conclusion.RATE, CERTAIN),
            id="a rate, or a rate in a sum",
        ),
        pytest.param(
            worlds(group(1e-3, *decay(4e-4)), group(1e-3, *decay(3e-4))), (Conclusion.TINY, CERTAIN), id="about as tiny"
        ),
        pytest.param(
            worlds(group(1e-3, *decay(4e-4)), group(1e-3, *decay(2e-4))), (Conclusion.TINY, CERTAIN), id="twice as tiny"
        ),
        pytest.param(
            worlds(group(1e-3, *decay(4e-4)), group(1e-3, *decay(1e-4))),
            (Conclusion.TINY, POSSIBLE),
            id="a matter of counts",
        ),
    ],
)
def test_worlds_together(runs: Runs, claim: Claim) -> None:
    (judgement,) = judge(runs, Meaning.FACTOR_OF_INITIAL)

    assert claim_of(judgement) == claim


@pytest.mark.parametrize(
    ("groups", "claims"),
    [
        pytest.param(
            [SURE, RIGHT], [(Conclusion.RATE, CERTAIN), (Conclusion.FACTOR, None)], id="a symbol is no number"
        ),
        pytest.param(
            [group(1e-3, *decay(3e-4)), RIGHT],
            [(Conclusion.TINY, POSSIBLE), (Conclusion.FACTOR, None)],
            id="a small factor",
        ),
        pytest.param(
            [group(1e-3, *decay(3e-4)), group(1e-3, *decay(3e-4))],
            [(Conclusion.TINY, CERTAIN), (Conclusion.TINY, CERTAIN)],
            id="two alike",
        ),
        pytest.param(
            [group(0.1, *decay(0.1, FREE)), group(0.1, *decay(0.1, FREE))],
            [(Conclusion.RATE, POSSIBLE), (Conclusion.RATE, POSSIBLE)],
            id="two that share a tenth",
        ),
        pytest.param(
            [group(0.1, *decay(0.1, NAMED, OTHER)), group(1.0, *decay(0.1, NAMED, OTHER))],
            [(Conclusion.RELATIVE_BASE, None), (Conclusion.RELATIVE_BASE, None)],
            id="a tenth beside an lr of 1",
        ),
        pytest.param(
            [group(0.1, *decay(0.1, NAMED, OTHER), own=False), group(1.0, *decay(0.1, NAMED, OTHER))],
            [(Conclusion.RATE, POSSIBLE), (Conclusion.RELATIVE_BASE, None)],
            id="unless it is not its own",
        ),
    ],
)
def test_groups_together(groups: list[GroupRun], claims: list[Claim]) -> None:
    judgements = judge(Runs([Run(None, groups, [])]), Meaning.FACTOR_OF_INITIAL)

    assert [claim_of(judgement) for judgement in judgements] == claims


def test_worlds_together_where_the_rate_itself_is_returned() -> None:
    """That it is a factor has to hold in each."""
    factor, weaker = group(1e-3, *GENTLE), group(None, *GENTLE)
    rate = group(1e-3, *decay(1e-3))

    def claimed(*groups: GroupRun) -> Claim:
        (judgement,) = judge(worlds(*groups), Meaning.RATE)
        return claim_of(judgement)

    assert claimed(factor, factor) == (Conclusion.FACTOR_AS_RATE, CERTAIN)
    assert claimed(factor, weaker) == (Conclusion.FACTOR_AS_RATE, LIKELY)
    assert claimed(factor, rate) == (Conclusion.ABSOLUTE, None)
    assert claimed(factor, OPEN) == (Conclusion.UNKNOWN, None)
    assert claimed(OPEN, factor, rate) == (Conclusion.ABSOLUTE, None)
