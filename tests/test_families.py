"""What the numbers of a curve prove: each family with its borders, and nothing beyond them."""

from __future__ import annotations

import math

import pytest

from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.families import (
    Family,
    classify,
    classify_rates,
    classify_ratios,
    is_doubted,
    is_relative,
    may_be_relative,
    share_relative_base,
    usable_base,
)
from lr_lint.vocabulary.quantities import Number

POSSIBLE, LIKELY, CERTAIN = Confidence


def curve(*factors: Number) -> Curve:
    return Curve(tuple(enumerate(factors)))


def falling(peak: float) -> Curve:
    return curve(*(peak * 0.9**time for time in range(10)))


@pytest.mark.parametrize(
    ("factors", "base", "family"),
    [
        pytest.param(curve(1.0, 0.5), 1e-3, Family.FACTOR, id="it starts at 1"),
        pytest.param(curve(0.95, 0.5), 1e-3, Family.FACTOR, id="a twentieth below 1 is about 1"),
        pytest.param(curve(0.94, 0.5), 1e-3, Family.FRACTION, id="more than a twentieth below is not"),
        pytest.param(curve(0.0, 0.5, 1.0, 0.9), 1e-3, Family.FACTOR, id="a warm-up comes to 1"),
        pytest.param(curve(25.0, 50.0), 1e-3, Family.FACTOR, id="far above 1"),
        pytest.param(curve(1.0, -0.5), 1e-3, Family.FACTOR, id="negative later on"),
        pytest.param(curve(1e-4, 2e-4, 3e-4), 1e-3, Family.RISING, id="the last value is the highest"),
        pytest.param(curve(1e-4, 3e-4, 3e-4), 1e-3, Family.TINY, id="it has stopped rising"),
        pytest.param(curve(2e-4, 1e-4, 3e-4), 1e-3, Family.RISING, id="rising after a fall"),
        pytest.param(curve(1e-4, 2e-4, -1.0), 1e-3, Family.RISING, id="rising to the end of the schedule"),
        pytest.param(falling(1e-3), 1.0, Family.RELATIVE, id="the callable carries the rate"),
        pytest.param(falling(1e-3), 0.3, Family.RELATIVE, id="an initial lr of 0.3 is relative"),
        pytest.param(falling(0.29), 0.29, Family.ABSOLUTE, id="a smaller one may be a rate"),
        pytest.param(curve(1.0, 0.5), 1.0, Family.FACTOR, id="a factor on an initial lr of 1"),
        pytest.param(falling(0.3), 1e-3, Family.FRACTION, id="0.3 is no rate"),
        pytest.param(falling(0.3), 0.29, Family.FRACTION, id="nor is it one that is about the initial lr"),
        pytest.param(falling(0.29), 1e-3, Family.BETWEEN, id="what is smaller may be one"),
        pytest.param(falling(1e-3), 1e-3, Family.ABSOLUTE, id="the initial lr itself"),
        pytest.param(falling(1.05e-3), 1e-3, Family.ABSOLUTE, id="a twentieth above it"),
        pytest.param(falling(0.95e-3), 1e-3, Family.ABSOLUTE, id="a twentieth below it"),
        pytest.param(falling(1.06e-3), 1e-3, Family.TINY, id="more than a twentieth above"),
        pytest.param(falling(0.05), 1e-3, Family.TINY, id="a twentieth is tiny"),
        pytest.param(falling(0.051), 1e-3, Family.BETWEEN, id="what is larger is not"),
        pytest.param(falling(1e-3), None, Family.TINY, id="the initial lr is not known"),
        pytest.param(curve(0.0, 0.0), 1e-3, Family.ZERO, id="nothing but zeros"),
        pytest.param(curve(0.0, -1.0), 1e-3, Family.ZERO, id="zeros, and then it is over"),
        pytest.param(curve(0.0, 0.0, 1.0), 1e-3, Family.FACTOR, id="thawed"),
        pytest.param(curve(-1.0, 1.0), 1e-3, Family.NO_RATE, id="it starts below zero"),
        pytest.param(curve(1j, 1.0), 1e-3, Family.NO_RATE, id="it starts as a complex number"),
        pytest.param(curve(math.inf), 1e-3, Family.NO_RATE, id="it starts at infinity"),
        pytest.param(curve(math.nan), 1e-3, Family.NO_RATE, id="it starts as no number"),
        pytest.param(curve(), 1e-3, Family.ZERO, id="nothing was looked at"),
        pytest.param(Curve(((0, 1e-3),), complete=False), 1e-3, Family.BETWEEN, id="not known at all times"),
        pytest.param(Curve(((0, 0.0),), complete=False), 1e-3, Family.BETWEEN, id="zero where it is known"),
        pytest.param(Curve(((0, 0.5),), complete=False), 1e-3, Family.FRACTION, id="one large value is enough"),
    ],
)
def test_families(factors: Curve, base: float | None, family: Family) -> None:
    assert classify(factors, base).family is family


@pytest.mark.parametrize(
    ("factors", "base", "confidence"),
    [
        pytest.param(falling(1e-3), 1e-3, CERTAIN, id="the initial lr, and it falls from there"),
        pytest.param(falling(0.049), 0.049, CERTAIN, id="the initial lr just below a twentieth"),
        pytest.param(falling(0.05), 0.05, LIKELY, id="an initial lr that may be relative"),
        pytest.param(falling(0.0098), 0.01, CERTAIN, id="about the initial lr, and tiny"),
        pytest.param(falling(0.0196), 0.02, LIKELY, id="about the initial lr"),
        pytest.param(falling(0.098), 0.1, LIKELY, id="about an initial lr that may be relative"),
        pytest.param(curve(1e-3, 1e-3), 1e-3, LIKELY, id="the initial lr as a constant"),
        pytest.param(curve(0.0, 1e-3, 1e-3), 1e-3, LIKELY, id="the same after a zero"),
        pytest.param(curve(0.05, 0.05), 0.05, POSSIBLE, id="a constant that may be a factor"),
        pytest.param(curve(0.0, 0.1, 0.1), 0.1, POSSIBLE, id="the same after a zero"),
        pytest.param(curve(9.8e-3, 9.8e-3), 0.01, LIKELY, id="a tiny constant about the initial lr"),
        pytest.param(curve(0.0196, 0.0196), 0.02, POSSIBLE, id="a small constant about the initial lr"),
        pytest.param(curve(0.098, 0.098), 0.1, None, id="a larger one"),
        pytest.param(falling(0.01), 2e-3, CERTAIN, id="a hundredth at most"),
        pytest.param(falling(0.011), 2e-3, POSSIBLE, id="more than a hundredth"),
        pytest.param(curve(0.01, 0.01), 2e-3, LIKELY, id="a constant hundredth"),
        pytest.param(curve(0.02, 0.02), 2e-3, POSSIBLE, id="a constant fiftieth"),
        pytest.param(falling(5e-3), 0.049, CERTAIN, id="tiny on an initial lr below a twentieth"),
        pytest.param(falling(5e-3), 0.05, POSSIBLE, id="tiny on one that may be relative"),
        pytest.param(falling(5e-3), None, POSSIBLE, id="tiny on one that is not known"),
        pytest.param(curve(1e-3, 5e-4, 0.0, 0.5), 1e-3, LIKELY, id="it goes on after its end, and not as a rate"),
        pytest.param(falling(0.1), 1e-3, None, id="it may be either"),
        pytest.param(falling(1e-3), 1.0, None, id="rates on a relative initial lr"),
        pytest.param(curve(-1.0), 1e-3, None, id="no rate at all"),
    ],
)
def test_how_sure_the_numbers_are(factors: Curve, base: float | None, confidence: Confidence | None) -> None:
    reading = classify(factors, base)

    assert reading.confidence is confidence
    assert reading.contradicts is (confidence in (LIKELY, CERTAIN))


def test_tolerance_is_that_of_the_user() -> None:
    assert classify(curve(0.9, 0.9), 1e-3).family is Family.FRACTION
    assert classify(curve(0.9, 0.9), 1e-3, tolerance=0.1).family is Family.FACTOR


def test_a_reading_says_where_the_peak_is() -> None:
    reading = classify(curve(0.0, 2e-3, 4e-3, 4e-3, 1e-3), 2e-3)

    assert (reading.peak, reading.peak_time, reading.rho, reading.constant) == (4e-3, 2, 2.0, False)


@pytest.mark.parametrize(
    ("ratios", "base", "family", "confidence"),
    [
        pytest.param(curve(0.95, 0.95), 1e-3, Family.FACTOR, None, id="a slow decay"),
        pytest.param(curve(0.1, 0.1), 1e-3, Family.FRACTION, None, id="by ten at each step"),
        pytest.param(curve(0.01, 0.01), 1e-3, Family.FRACTION, None, id="by a hundred, at milestones perhaps"),
        pytest.param(curve(0.01, 0.01), None, Family.FRACTION, None, id="by a hundred from who knows where"),
        pytest.param(curve(0.1, 0.1), 0.1, Family.FRACTION, None, id="by ten from a tenth"),
        pytest.param(curve(0.01, 0.01), 0.01, Family.ABSOLUTE, LIKELY, id="the initial lr at each step"),
        pytest.param(falling(0.9e-3), 1e-3, Family.ABSOLUTE, CERTAIN, id="a rate, by step 1 down to nine tenths"),
        pytest.param(falling(0.4e-3), 1e-3, Family.TINY, CERTAIN, id="less than half of the initial lr at step 1"),
        pytest.param(falling(0.03), 1e-3, Family.TINY, LIKELY, id="nothing is left to train with"),
        pytest.param(falling(0.03), 0.2, Family.TINY, LIKELY, id="whatever the initial lr"),
        pytest.param(falling(0.06), 0.2, Family.BETWEEN, None, id="a twentieth and more may be meant"),
        pytest.param(falling(0.1), 0.1, Family.ABSOLUTE, LIKELY, id="unless it is the initial lr"),
        pytest.param(falling(0.03), None, Family.TINY, POSSIBLE, id="the initial lr is not known"),
        pytest.param(falling(0.03), 1.0, Family.RELATIVE, None, id="the initial lr is relative"),
        pytest.param(curve(-1.0), 1e-3, Family.NO_RATE, None, id="it turns around"),
    ],
)
def test_factors_of_the_previous_rate(
    ratios: Curve, base: float | None, family: Family, confidence: Confidence | None
) -> None:
    reading = classify_ratios(ratios, base)

    assert (reading.family, reading.confidence) == (family, confidence)


@pytest.mark.parametrize(
    ("values", "base", "family"),
    [
        pytest.param(falling(1.0), 1e-3, Family.FACTOR, id="a decay from 1"),
        pytest.param(falling(1.0), None, Family.FACTOR, id="whatever the initial lr is"),
        pytest.param(falling(0.95), 1e-3, Family.FACTOR, id="from about 1"),
        pytest.param(falling(0.94), 1e-3, Family.BETWEEN, id="from less"),
        pytest.param(falling(1.0), 1.0, Family.RELATIVE, id="where rates are that large"),
        pytest.param(falling(0.29), 1e-3, Family.ABSOLUTE, id="it starts as a rate may"),
        pytest.param(curve(0.0, 0.5, 1.0), 1e-3, Family.BETWEEN, id="a warm-up"),
        pytest.param(curve(1.0, 1.0), 1e-3, Family.BETWEEN, id="it stays at 1"),
        pytest.param(curve(1.0, 1.2, 0.5), 1e-3, Family.BETWEEN, id="it rises above 1"),
        pytest.param(curve(1.0, 0.75, 0.5), 1e-3, Family.FACTOR, id="a gentle drop"),
        pytest.param(curve(1.0, 0.74, 0.5), 1e-3, Family.BETWEEN, id="a steep one, as 1 / t has"),
        pytest.param(curve(1.0, 0.9, -1.0), 1e-3, Family.FACTOR, id="until it is over"),
        pytest.param(Curve(((0, 1.0),), complete=False), 1e-3, Family.FACTOR, id="what follows is not known"),
        pytest.param(curve(-1.0), 1e-3, Family.NO_RATE, id="no rate"),
        pytest.param(curve(), 1e-3, Family.BETWEEN, id="nothing"),
    ],
)
def test_rates_that_are_taken_as_they_are(values: Curve, base: float | None, family: Family) -> None:
    reading = classify_rates(values, base)

    assert reading.family is family
    assert reading.contradicts is (family is Family.FACTOR)


@pytest.mark.parametrize(
    ("position", "fit", "bases", "doubted"),
    [
        pytest.param(0, [False], [1e-3], False, id="alone"),
        pytest.param(0, [True], [1.0], False, id="it casts no doubt on itself"),
        pytest.param(0, [False, True], [1e-3, 1e-3], True, id="beside a factor"),
        pytest.param(1, [False, False], [1.0, 1e-3], True, id="beside a relative initial lr"),
        pytest.param(1, [False, False], [None, 1e-3], False, id="beside one that is not known"),
    ],
)
def test_what_stands_beside_a_group(position: int, fit: list[bool], bases: list[float | None], doubted: bool) -> None:
    assert is_doubted(position, fit, bases) is doubted


@pytest.mark.parametrize(
    ("bases", "shared"),
    [
        ([0.1], False),
        ([0.1, 0.1], True),
        ([0.1, 0.2], False),
        ([0.09, 0.09], False),
        ([None, None], False),
        ([], False),
    ],
)
def test_groups_that_start_from_one_lr(bases: list[float | None], shared: bool) -> None:
    assert share_relative_base(bases) is shared


@pytest.mark.parametrize("rate", [None, 0.0, -1e-3, 1j, math.inf, math.nan])
def test_what_no_rate_can_be_divided_by(rate: Number | None) -> None:
    assert usable_base(rate) is None


def test_sizes_of_an_initial_lr() -> None:
    assert [is_relative(base) for base in (None, 0.29, 0.3, 1.0)] == [False, False, True, True]
    assert [may_be_relative(base) for base in (0.049, 0.05, 0.1)] == [False, True, True]
