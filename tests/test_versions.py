"""Two versions of a program compared number by number, by which fixes are judged."""

from __future__ import annotations

import math

import libcst as cst
import pytest

from lr_lint.checks.fixes.comparison import equal, paired, same_group, versions_of
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.runs import GroupRun, Point, Run, Runs
from lr_lint.vocabulary.quantities import Basis, Number, Quantity
from lr_lint.vocabulary.units import FACTOR, RATE, Unit
from tests.harness import module_of

ANCHOR = Anchor(module_of("x = 1\n"), cst.Name("x"))


def group(lr: Number | None, *points: Point, unit: Unit = FACTOR) -> GroupRun:
    return GroupRun(Quantity(lr, unit), ANCHOR, frozenset(), own=True, settled=True, points=list(points))


def point(time: int, number: Number | None, unit: Unit = FACTOR) -> Point:
    return Point(time, Quantity(number, unit))


def runs(*numbers: int, exhausted: bool = False) -> Runs:
    """One world for each number of groups."""
    return Runs([Run(None, [group(0.1) for _ in range(number)], []) for number in numbers], exhausted=exhausted)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (None, None, True),
        (None, 1.0, False),
        (1.0, None, False),
        (0.1, 0.1, True),
        (0.1, 0.1 * (1 + 1e-10), True),
        (0.1, 0.1 * (1 + 1e-7), False),
        (0.0, 1e-16, True),
        (0.0, 1e-13, False),
        (1j, 1j * (1 + 1e-10), True),
        (1j, 1, False),
        (1, 1j, False),
        (math.nan, math.nan, True),
        (math.nan, 1.0, False),
        (1.0, math.nan, False),
        (math.inf, math.inf, True),
    ],
)
def test_numbers_that_are_the_same_but_for_rounding(first: Number | None, second: Number | None, same: bool) -> None:
    assert equal(first, second) is same


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(group(0.1, point(0, 1.0), point(1, 0.5)), True, id="the same"),
        pytest.param(group(0.2, point(0, 1.0), point(1, 0.5)), False, id="another lr"),
        pytest.param(group(0.1, point(0, 1.0), point(1, 0.5), unit=RATE), False, id="an lr of another unit"),
        pytest.param(group(0.1, point(0, 1.0)), False, id="fewer times"),
        pytest.param(group(0.1, point(0, 1.0), point(1, 0.6)), False, id="another number"),
        pytest.param(group(0.1, point(0, 1.0), point(1, 0.5, RATE)), False, id="another unit"),
        pytest.param(group(0.1, point(0, 1.0), Point(1)), False, id="nothing at one time"),
    ],
)
def test_groups_that_do_the_same(other: GroupRun, same: bool) -> None:
    assert same_group(group(0.1, point(0, 1.0), point(1, 0.5)), other) is same


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Point(0, raised=("ValueError", Basis.PROVED)), True),
        (Point(0, raised=("KeyError", Basis.PROVED)), False),
        (Point(0, raised=("ValueError", Basis.PROVED), nothing=True), False),
        (Point(0), False),
    ],
)
def test_groups_that_fail_alike(other: Point, same: bool) -> None:
    failing = Point(0, raised=("ValueError", Basis.PROVED))
    assert same_group(group(0.1, failing), group(0.1, other)) is same


def test_two_versions_of_a_group() -> None:
    old = group(0.1, point(0, 0.1), point(1, 0.05), point(5, 0.01))
    new = group(0.1, point(1, 0.5), point(0, 1.0), point(2, 0.3))
    versions = versions_of(old, new)

    assert versions is not None
    assert (versions.base, versions.times, versions.start.number) == (0.1, [0, 1], 1.0)
    assert versions.one_of_many is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(group(None, point(0, 1.0)), group(0.1, point(0, 1.0)), id="an lr that was not known"),
        pytest.param(group(0.1, point(0, 1.0)), group(None, point(0, 1.0)), id="an lr that is not known"),
        pytest.param(group(0.1, point(0, 1.0)), group(0.2, point(0, 1.0)), id="another lr"),
        pytest.param(group(0.1, point(0, 1.0)), group(0.1), id="nothing is run"),
        pytest.param(group(0.1, point(0, 1.0)), group(0.1, Point(0), point(1, 1.0)), id="nothing at first"),
    ],
)
def test_versions_that_cannot_be_compared(old: GroupRun, new: GroupRun) -> None:
    assert versions_of(old, new) is None


def test_groups_are_paired_world_by_world() -> None:
    old, new = runs(2, 1), runs(2, 1)
    pairs = paired(old, new)

    assert pairs is not None
    assert [at for at, _, _ in pairs] == [0, 1, 0]
    assert [(first, second) for _, first, second in pairs][2] == (old.runs[1].groups[0], new.runs[1].groups[0])
    assert paired(runs(2), runs(2, 1)) is None
    assert paired(runs(2), runs(1)) is None
    assert paired(runs(1, exhausted=True), runs(1)) is None
    assert paired(runs(1), runs(1, exhausted=True)) is None
