"""The unit algebra by itself: laws that hold for all units, and what single operations mean in a schedule."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lr_lint.vocabulary.units import (
    FACTOR,
    FREE,
    MIXED,
    RATE,
    UNKNOWN,
    Kind,
    Strength,
    Unit,
    agree,
    divide,
    exponential,
    logarithm,
    multiply,
    raise_to,
    scaled,
    sum_of_logarithms,
)

NAMED_RATE = RATE.weakened(Strength.NAME)
NAMED_FACTOR = FACTOR.weakened(Strength.NAME)
GUESSED_RATE = RATE.weakened(Strength.GUESS)
SQUARED_RATE = Unit(power=2.0)

# Halves, so that square roots stay exact.
powers = st.integers(-6, 6).map(lambda half: half / 2)
strengths = st.sampled_from(Strength)
powered = st.builds(Unit, st.just(Kind.POWER), powers, strengths)
known = st.builds(Unit, st.just(Kind.POWER), powers, st.sampled_from([Strength.NAME, Strength.CERTAIN]))
weak = st.builds(Unit, st.just(Kind.POWER), powers, st.sampled_from([s for s in Strength if s <= Strength.GUESS]))
mixed = st.builds(MIXED.weakened, strengths)
units = st.one_of(powered, mixed, st.just(FREE))
operations = st.sampled_from([multiply, divide, agree])

laws = settings(deadline=None, derandomize=True, max_examples=200)


@laws
@given(units, units)
def test_the_order_of_factors_does_not_matter(left: Unit, right: Unit) -> None:
    """``lr * f`` and ``f * lr`` have one unit."""
    assert multiply(left, right) == multiply(right, left)


@laws
@given(units, units)
def test_the_order_of_summands_does_not_matter(left: Unit, right: Unit) -> None:
    """``a + b`` and ``b + a``, ``max(a, b)`` and ``max(b, a)`` have one unit."""
    assert agree(left, right) == agree(right, left)


@laws
@given(st.one_of(powered, mixed), st.one_of(powered, mixed), st.one_of(powered, mixed))
def test_the_grouping_of_factors_does_not_matter(first: Unit, second: Unit, third: Unit) -> None:
    """``(a * b) * c`` is ``a * (b * c)`` where no bare literal is among them."""
    assert multiply(multiply(first, second), third) == multiply(first, multiply(second, third))


@laws
@given(powered, powered)
def test_division_undoes_multiplication(left: Unit, right: Unit) -> None:
    """``a * b / b`` has the exponent of ``a``, known as well as the weaker of the two."""
    restored = divide(multiply(left, right), right)
    assert restored == left.weakened(right.strength)


@laws
@given(powered)
def test_a_value_over_itself_is_a_factor(unit: Unit) -> None:
    """``lr / lr`` is dimensionless whatever ``lr`` is."""
    assert divide(unit, unit).is_factor


@laws
@given(powered, powered)
def test_a_product_is_no_better_known_than_its_operands(left: Unit, right: Unit) -> None:
    """Evidence does not grow by multiplying or dividing."""
    weakest = min(left.strength, right.strength)
    assert multiply(left, right).strength == weakest
    assert divide(left, right).strength == weakest


@laws
@given(weak, units)
def test_a_guess_does_not_become_known_by_arithmetic(guess: Unit, other: Unit) -> None:
    """Nothing that is multiplied with, divided by or raised from a guess is known."""
    products = [multiply(guess, other), multiply(other, guess), divide(guess, other), divide(other, guess)]
    assert not any(unit.is_known for unit in products)
    assert not raise_to(guess, 2.0).is_known


@laws
@given(weak, known)
def test_a_guess_is_settled_only_by_an_equal_exponent(guess: Unit, certain: Unit) -> None:
    """``unknown + lr`` is taken for a rate, but only as a guess, unless the guess was right already."""
    together = agree(guess, certain)
    assert together.power == certain.power
    assert together.is_known is (guess.power == certain.power)


@laws
@given(mixed, units, operations)
def test_mixed_absorbs(bad: Unit, other: Unit, operation: Callable[[Unit, Unit], Unit]) -> None:
    """What is inconsistent stays so, on either side, and is no better known than its parts."""
    for result in (operation(bad, other), operation(other, bad)):
        assert result.kind is Kind.MIXED
        assert result.strength == min(bad.strength, other.strength)


@laws
@given(units)
def test_a_bare_literal_takes_the_unit_that_it_is_added_to(unit: Unit) -> None:
    """``1e-6 + x`` and ``max(1e-6, x)`` have the unit of ``x``."""
    assert agree(FREE, unit) == unit
    assert agree(unit, FREE) == unit


@laws
@given(known.filter(lambda unit: not unit.is_factor))
def test_a_bare_literal_does_not_change_what_it_multiplies(unit: Unit) -> None:
    """``0.1 * lr`` is a rate, known as well as ``lr`` is."""
    assert multiply(FREE, unit) == unit


@laws
@given(units)
def test_a_value_agrees_with_itself(unit: Unit) -> None:
    """``max(x, x)`` has the unit of ``x``."""
    assert agree(unit, unit) == unit


@laws
@given(known, known)
def test_two_known_exponents_either_agree_or_mix(left: Unit, right: Unit) -> None:
    """A sum of different units is mixed, known as well as the weaker; of equal ones, known as well as the better."""
    result = agree(left, right)
    if left.power == right.power:
        assert result == Unit(power=left.power, strength=max(left.strength, right.strength))
    else:
        assert result == MIXED.weakened(min(left.strength, right.strength))


@laws
@given(powered)
def test_powers_are_repeated_products(unit: Unit) -> None:
    """``x ** 2`` is ``x * x``, ``x ** -1`` is ``1 / x``, ``x ** 0`` is a factor, and a root undoes a square."""
    assert raise_to(unit, 2.0) == multiply(unit, unit)
    assert raise_to(unit, 1.0) == unit
    assert raise_to(unit, -1.0) == divide(FACTOR, unit)
    assert raise_to(unit, 0.0).is_factor
    assert raise_to(raise_to(unit, 2.0), 0.5) == unit


@laws
@given(powered)
def test_an_unknown_exponent_leaves_nothing_known_but_a_factor(unit: Unit) -> None:
    """``x ** n`` with an unknown ``n`` is dimensionless if ``x`` is, and else anything."""
    assert raise_to(unit, None) == (unit if unit.is_factor else UNKNOWN)


@laws
@given(units, strengths)
def test_weakening_never_strengthens(unit: Unit, strength: Strength) -> None:
    """A unit is known at most as well as it was, and keeps its exponent."""
    weakened = unit.weakened(strength)
    assert weakened.strength == min(unit.strength, strength)
    assert (weakened.kind, weakened.power) == (unit.kind, unit.power)
    assert weakened.weakened(strength) == weakened


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(multiply(RATE, FACTOR), RATE, id="a rate times a factor is a rate: lr * 0.95**epoch"),
        pytest.param(multiply(RATE, RATE), SQUARED_RATE, id="a rate times a rate is the bug: lr * lr"),
        pytest.param(multiply(NAMED_RATE, FACTOR), NAMED_RATE, id="a rate by name stays one by name: base_lr * f"),
        pytest.param(divide(NAMED_RATE, RATE), NAMED_FACTOR, id="a rate over the rate is a factor: min_lr / lr"),
        pytest.param(divide(FACTOR, RATE), Unit(power=-1.0), id="one over a rate has exponent -1: 1 / lr"),
        pytest.param(multiply(divide(FACTOR, RATE), RATE), FACTOR, id="the reciprocal cancels the rate: (1 / lr) * lr"),
        pytest.param(divide(FREE, RATE), FACTOR, id="a small literal over a rate is a factor: 1e-6 / lr"),
        pytest.param(divide(FREE, FREE), FREE, id="a small literal over another may be anything: 1e-6 / 1e-3"),
        pytest.param(divide(FREE, FACTOR), FREE, id="a small literal over a count stays free: 1e-3 / 10"),
        pytest.param(divide(RATE, FREE), UNKNOWN, id="a rate over a small literal may be either: lr / 0.1"),
        pytest.param(multiply(FREE, FACTOR), FREE, id="a literal before a factor may be the rate: 1e-3 * 0.9**epoch"),
        pytest.param(multiply(FREE, NAMED_FACTOR), FREE, id="a literal before a named factor may be the rate: 0.1 * f"),
        pytest.param(multiply(FREE, UNKNOWN), UNKNOWN, id="a literal before an unknown stays unknown: 0.1 * x"),
        pytest.param(agree(RATE, FACTOR), MIXED, id="a rate beside a factor is mixed: max(lr, 0.9**epoch)"),
        pytest.param(
            agree(NAMED_RATE, FACTOR),
            MIXED.weakened(Strength.NAME),
            id="a rate by name beside a factor is mixed by name: max(min_lr, 0.9**epoch)",
        ),
        pytest.param(agree(UNKNOWN, FACTOR), FACTOR, id="an unknown beside a factor is a factor: 1 - x"),
        pytest.param(agree(RATE, NAMED_RATE), RATE, id="one certain rate settles the other: lr - min_lr"),
        pytest.param(raise_to(RATE, 2.0), SQUARED_RATE, id="a rate squared: lr ** 2"),
        pytest.param(raise_to(RATE, 0.5), Unit(power=0.5), id="the root of a rate: lr ** 0.5"),
        pytest.param(raise_to(FREE, 3.0), FREE, id="a small literal to a power stays free: 0.1 ** 3"),
        pytest.param(raise_to(MIXED, 2.0), MIXED, id="a mixture to a power stays one"),
    ],
)
def test_single_operations(actual: Unit, expected: Unit) -> None:
    """What each operation means in a schedule."""
    assert actual == expected


@pytest.mark.parametrize(
    ("unit", "is_rate", "is_factor", "is_known"),
    [
        pytest.param(RATE, True, False, True, id="the optimizer's lr is a known rate"),
        pytest.param(NAMED_RATE, True, False, True, id="base_lr is a known rate"),
        pytest.param(GUESSED_RATE, True, False, False, id="a guessed rate is not known"),
        pytest.param(FACTOR, False, True, True, id="a count is a known factor"),
        pytest.param(UNKNOWN, False, True, False, id="an unknown counts as a factor and is not known"),
        pytest.param(SQUARED_RATE, False, False, True, id="a squared rate is neither rate nor factor"),
        pytest.param(FREE, False, False, False, id="a small literal is neither and not known"),
        pytest.param(MIXED, False, False, False, id="a mixture is neither and not known"),
    ],
)
def test_questions_about_units(unit: Unit, is_rate: bool, is_factor: bool, is_known: bool) -> None:
    """The questions that verdicts rest on."""
    assert (unit.is_rate, unit.is_factor, unit.is_known) == (is_rate, is_factor, is_known)


@laws
@given(powers, st.sampled_from([1.0, 2.302585092994046]), st.integers(0, 20).map(lambda part: part / 20))
def test_a_weighted_mean_of_logarithms_gives_the_unit_back(power: float, scale: float, weight: float) -> None:
    """``exp(log(a) * (1 - p) + log(b) * p)``, in whatever base."""
    log = logarithm(Unit(power=power), scale)

    mean = sum_of_logarithms(scaled(log, 1 - weight), scaled(log, weight), 1) if power else log

    assert exponential(mean, scale) == Unit(power=power)


def test_a_difference_of_logarithms_is_a_ratio() -> None:
    assert sum_of_logarithms(logarithm(RATE), logarithm(RATE), -1) == FACTOR
    assert sum_of_logarithms(logarithm(RATE), FACTOR, 1) == logarithm(RATE)
    assert sum_of_logarithms(logarithm(RATE), RATE, 1) == UNKNOWN


@pytest.mark.parametrize("operation", [multiply, divide])
def test_logarithms_are_no_factors(operation: Callable[[Unit, Unit], Unit]) -> None:
    assert operation(logarithm(RATE), RATE) == UNKNOWN
    assert scaled(logarithm(RATE), None) == UNKNOWN
    assert raise_to(logarithm(RATE), 2) == UNKNOWN


def test_what_a_name_makes_a_factor_is_a_rate_over_a_rate() -> None:
    """``options.least_rate / lr``: rate is a word that factors are called by, too."""
    assert divide(NAMED_FACTOR, RATE) == NAMED_FACTOR
    assert divide(FACTOR, RATE) == Unit(power=-1.0)
