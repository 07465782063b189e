"""What can be seen of factors over time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest

from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.decays import closed_form
from lr_lint.vocabulary.quantities import Number

# As the interpreter looks: often at first, then at a few times only.
FEW = (0, 1, 2, 3, 5, 8, 10, 15, 20, 29, 30, 31, 40, 50, 70, 99, 100, 300, 1_000, 50_000, 100_000)


def curve(*factors: Number) -> Curve:
    return Curve(tuple(enumerate(factors)))


def sampled(function: Callable[[int], float], times: Iterable[int] = FEW) -> Curve:
    return Curve(tuple((time, function(time)) for time in times))


def test_where_it_stops_being_a_rate() -> None:
    assert curve(1.0, 0.5).first_no_rate is None
    assert curve(1.0, 0.0, -0.5, -1.0).first_no_rate == (2, -0.5)
    assert curve(1.0, 1j).first_no_rate == (1, 1j)
    assert curve(1.0, math.inf).first_no_rate == (1, math.inf)
    assert curve(1.0, 0.5, -1.0, 2.0).real == [(0, 1.0), (1, 0.5)]


def test_zeros_say_nothing_at_the_start_and_end_it_later() -> None:
    assert curve(0, 0, 0.5, 1, 0, 1).telling == [(2, 0.5), (3, 1)]
    assert curve(0.5, 1, -1, 1).telling == [(0, 0.5), (1, 1)]
    assert curve(0, 0).telling == []
    assert curve(0, 0, 1, 0).zeros == [0, 1]
    assert curve(1, 0).zeros == []


@pytest.mark.parametrize(
    ("function", "climbs"),
    [
        pytest.param(lambda t: t // 30, True, id="a staircase"),
        pytest.param(lambda t: 0.5 * (t // 8), True, id="a staircase of halves"),
        pytest.param(lambda t: t // 4, True, id="four zeros"),
        pytest.param(lambda t: t // 3, False, id="three are a slow start"),
        pytest.param(lambda t: 1 + t // 30, False, id="it begins at 1"),
        pytest.param(lambda t: min(1, t // 30), False, id="it ends at 1"),
        pytest.param(lambda t: min(2, t // 20), False, id="it ends"),
        pytest.param(lambda t: 10.0 * (t >= 10), False, id="a switch"),
        pytest.param(lambda t: max(0, t - 30) / 10, False, id="a ramp that begins late"),
        pytest.param(lambda t: (t // 30) % 2, False, id="it comes down again"),
        pytest.param(lambda t: 0, False, id="nothing but zeros"),
        pytest.param(lambda t: t // 30 - 1, False, id="it begins below zero"),
    ],
)
def test_steps_from_zero(function: Callable[[int], float], climbs: bool) -> None:
    """The same is seen at all times up to 95 and at a few times up to far beyond."""
    assert sampled(function, range(95)).climbs_in_steps_from_zero is climbs
    assert sampled(function).climbs_in_steps_from_zero is climbs


@pytest.mark.parametrize(
    ("function", "grows"),
    [
        pytest.param(lambda t: t, True, id="the time itself"),
        pytest.param(lambda t: 0.95 * t, True, id="nearly"),
        pytest.param(lambda t: 0.5 * t, False, id="half of it may be a warm-up"),
        pytest.param(lambda t: 1 + t, True, id="from 1"),
        pytest.param(lambda t: 2 * t - 1, True, id="from below zero"),
        pytest.param(lambda t: math.sqrt(t), False, id="ever slower"),
        pytest.param(lambda t: t % 20, False, id="restarts"),
        pytest.param(lambda t: min(8, t), False, id="bounded"),
        pytest.param(lambda t: float(t) ** 4, False, id="as a search does"),
    ],
)
def test_growth(function: Callable[[int], float], grows: bool) -> None:
    assert sampled(function).grows_with_time is grows


def test_the_start_and_what_it_reaches() -> None:
    assert [curve(first).starts_about_1() for first in (0.94, 0.95, 1.05, 1.06, -1)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert curve(0.9).starts_about_1(tolerance=0.1)
    assert not curve().starts_about_1()
    warm_up = curve(0.0, 0.5, 1.0, 1.0)
    assert (warm_up.reaches(1), warm_up.reaches(0.5), warm_up.reaches(2)) == (2, 1, None)


@pytest.mark.parametrize(
    ("decay", "name"),
    [
        pytest.param(lambda t: 0.95**t, "an exponential decay", id="exponential"),
        pytest.param(lambda t: 1 / (1 + 4 * t), "an inverse-time decay", id="inverse time, however fast"),
        pytest.param(lambda t: max(0.0, 1 - t / 20), "a linear decay", id="linear with an end"),
        pytest.param(lambda t: (1 + math.cos(math.pi * t / 50)) / 2, "a cosine decay", id="cosine, which comes back"),
        pytest.param(lambda t: 0.95, "", id="a constant"),
        pytest.param(lambda t: t / (t + 1), "", id="the ratio of harmonic numbers"),
        pytest.param(lambda t: 1e-3 * 0.95**t, "", id="a rate"),
        pytest.param(lambda t: max(0.6, 1 - t / 10), "", id="what has a floor is not followed to its end"),
    ],
)
def test_closed_forms(decay: Callable[[int], float], name: str) -> None:
    assert closed_form(sampled(decay)) == name
    assert closed_form(sampled(decay, range(1, 12))) == name


def test_few_values_follow_anything() -> None:
    assert closed_form(sampled(lambda t: 0.95**t, range(1, 4))) == ""
    assert closed_form(sampled(lambda t: 0.95**t, range(1, 5))) == "an exponential decay"
    assert closed_form(sampled(lambda t: 0.95**t, range(2, 12))) == ""


def test_what_is_no_real_number_does_not_rise() -> None:
    assert curve(0, 1, 2).never_falls
    assert not curve(0, 2, 1).never_falls
    assert not curve(0, 1, 2j).never_falls
