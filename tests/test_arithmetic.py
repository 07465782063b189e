"""Arithmetic on quantities by itself: numbers, units, what does not fit, and the times that are worth a look."""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from lr_lint.project.imports import Project
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.array_numbers import compute_as_array, of_one
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.python_numbers import as_float
from lr_lint.semantics.values.world import World
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Number, Origin, Quantity, literal
from lr_lint.vocabulary.units import FACTOR, FREE, MIXED, RATE, UNKNOWN, Kind, Strength, Unit

ORIGIN = Origin(AccessPath.external("lr"), None, "lr")
LR = Quantity(0.001, RATE, key=AccessPath.external("lr"), origins=(ORIGIN,))
NAMED = Quantity(0.5, RATE.weakened(Strength.NAME), key=AccessPath.external("lr"), origins=(ORIGIN,))
TIME = Quantity(4, varies=True, key=paths.TIME)
DECAY = Quantity(0.5, varies=True)
TOTAL = Quantity(10, key=AccessPath.external("total"), basis=Basis.DEFAULT)
UNSEEN = Quantity(None, UNKNOWN, key=AccessPath.external("x"))
ZERO = literal(0)
Operation = Callable[[Quantity, Quantity, World], Quantity]


@pytest.fixture
def world() -> World:
    return new_world(ASSUMED_COUNTS[0], Project())


@pytest.mark.parametrize(
    ("operation", "left", "right", "number", "unit"),
    [
        pytest.param(arithmetic.add, LR, LR, 0.002, RATE, id="rate + rate"),
        pytest.param(arithmetic.subtract, LR, literal(0.25), -0.249, RATE, id="rate - small literal"),
        pytest.param(arithmetic.multiply_quantities, LR, DECAY, 0.0005, RATE, id="rate * factor"),
        pytest.param(arithmetic.multiply_quantities, LR, LR, 1e-6, Unit(power=2), id="rate * rate"),
        pytest.param(arithmetic.multiply_quantities, UNSEEN, ZERO, 0, UNKNOWN, id="unknown * 0"),
        pytest.param(arithmetic.multiply_quantities, ZERO, UNSEEN, 0, UNKNOWN, id="0 * unknown"),
        pytest.param(arithmetic.multiply_quantities, UNSEEN, DECAY, None, UNKNOWN, id="unknown * factor"),
        pytest.param(arithmetic.divide_quantities, LR, LR, 1.0, FACTOR, id="rate / rate"),
        pytest.param(arithmetic.divide_quantities, TIME, TOTAL, 0.4, FACTOR, id="time / total"),
        pytest.param(arithmetic.divide_quantities, DECAY, LR, 500.0, Unit(power=-1), id="factor / rate"),
        pytest.param(arithmetic.floor_divide, LR, DECAY, 0.0, RATE, id="rate // factor"),
        pytest.param(arithmetic.remainder, LR, literal(3), 0.001, RATE, id="rate % factor"),
        pytest.param(arithmetic.power, LR, literal(2), 1e-6, Unit(power=2), id="rate ** 2"),
        pytest.param(arithmetic.power, literal(0.1), literal(2), 0.1**2, FREE, id="small literal ** 2"),
        pytest.param(arithmetic.power, literal(0.1), UNSEEN, None, FACTOR, id="small literal ** unknown"),
        pytest.param(arithmetic.power, literal(0.5), TIME, 0.0625, FACTOR, id="factor ** time"),
        pytest.param(arithmetic.power, literal(0.1), TIME, 0.1**4, FACTOR, id="small literal ** time"),
        pytest.param(arithmetic.power, Quantity(1.0, RATE), TIME, 1.0, FACTOR, id="a rate of 1 ** time"),
        pytest.param(arithmetic.power, Quantity(0.0, RATE), TIME, 0.0, FACTOR, id="a rate of 0 ** time"),
        pytest.param(arithmetic.power, UNSEEN, ZERO, 1, UNKNOWN, id="unknown ** 0"),
        pytest.param(arithmetic.power, literal(1), UNSEEN, 1, FACTOR, id="1 ** unknown"),
        pytest.param(arithmetic.power, UNSEEN, literal(0.0), None, UNKNOWN, id="unknown ** 0.0 may be a float or none"),
        pytest.param(arithmetic.add, ZERO, LR, 0.001, RATE, id="0 + rate"),
        pytest.param(arithmetic.subtract, LR, ZERO, 0.001, RATE, id="rate - 0"),
    ],
)
def test_numbers_and_units(
    operation: Operation, left: Quantity, right: Quantity, number: float | None, unit: Unit, world: World
) -> None:
    result = operation(left, right, world)

    assert (result.number, result.unit) == (number, unit)
    assert result.offender is None
    assert result.varies is (left.varies or right.varies)
    assert result.basis is max(left.basis, right.basis)


@pytest.mark.parametrize(
    ("operation", "left", "right", "offender", "clash"),
    [
        pytest.param(arithmetic.add, LR, DECAY, LR, "+", id="rate + factor"),
        pytest.param(arithmetic.subtract, DECAY, LR, LR, "-", id="factor - rate"),
        pytest.param(arithmetic.power, LR, TIME, LR, "**", id="rate ** time"),
    ],
)
def test_what_does_not_fit(
    operation: Operation, left: Quantity, right: Quantity, offender: Quantity, clash: str, world: World
) -> None:
    """The rate does not, and it is still named after more was computed with the result."""
    result = operation(left, right, world)

    assert (result.unit.kind, result.offender, result.clash) == (Kind.MIXED, offender, clash)
    for later in (
        arithmetic.multiply_quantities(result, DECAY, world),
        arithmetic.multiply_quantities(DECAY, result, world),
        arithmetic.power(result, TIME, world),
    ):
        assert (later.unit.kind, later.offender, later.clash) == (Kind.MIXED, offender, clash)


@pytest.mark.parametrize(
    ("symbol", "values", "number"),
    [("min", (3, 1, 2), 1), ("max", (3, 1, 2), 3), ("min", (1, 1.0), 1), ("max", (True, 1), True)],
)
def test_the_least_and_the_greatest(symbol: str, values: tuple[Number, ...], number: Number, world: World) -> None:
    """Of equal ones the first, as in Python."""
    result = arithmetic.extremum(symbol, [literal(value) for value in values], world)

    assert repr(result.number) == repr(number)


def test_the_least_of_what_is_not_all_known(world: World) -> None:
    result = arithmetic.extremum("max", [LR, UNSEEN], world)
    assert (result.number, result.origins) == (None, (ORIGIN,))
    mixed = arithmetic.extremum("max", [LR, DECAY], world)
    assert (mixed.number, mixed.unit, mixed.offender, mixed.clash) == (0.5, MIXED, LR, "max")
    with pytest.raises(Raised, match="ValueError"):
        arithmetic.extremum("min", [], world)
    with pytest.raises(Raised, match="TypeError"):
        arithmetic.extremum("min", [literal(1j), literal(1)], world)


@pytest.mark.parametrize("symbol", ["<", "<=", ">", ">=", "==", "!="])
def test_comparisons(symbol: str, world: World) -> None:
    truth = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
    for left in (1, 2, 2.0, 3):
        expected = truth.get(symbol, operator.ne)(left, 2)
        assert arithmetic.compare(symbol, literal(left), literal(2), world) is expected
    assert arithmetic.compare(symbol, UNSEEN, literal(2), world) is None
    assert arithmetic.compare(symbol, literal(2), UNSEEN, world) is None


def test_what_cannot_be_ordered(world: World) -> None:
    with pytest.raises(Raised) as raised:
        arithmetic.compare("<", literal(1j), TOTAL, world)
    assert (raised.value.kind, raised.value.basis) == ("TypeError", Basis.DEFAULT)
    assert arithmetic.compare("==", literal(1j), literal(1), world) is False


@pytest.mark.parametrize(
    ("symbol", "number"), [("&", 4 & 6), ("|", 4 | 6), ("^", 4 ^ 6), ("<<", 4 << 6), (">>", 4 >> 6)]
)
def test_bits(symbol: str, number: int, world: World) -> None:
    assert arithmetic.bitwise(symbol, literal(4), literal(6), world).number == number
    with pytest.raises(Raised, match="TypeError"):
        arithmetic.bitwise(symbol, literal(4.0), literal(6), world)


def test_integers_that_are_too_large_are_not_computed(world: World) -> None:
    huge = literal(1 << 4000)
    for result in (
        arithmetic.power(literal(3), literal(10**9), world),
        arithmetic.power(literal(-3), literal(10**9), world),
        arithmetic.bitwise("<<", literal(1), literal(10**9), world),
        arithmetic.multiply_quantities(huge, huge, world),
    ):
        assert result.number is None
    assert arithmetic.power(literal(1), literal(10**9), world).number == 1
    assert arithmetic.power(literal(2), literal(100), world).number == 2**100
    assert arithmetic.multiply_quantities(huge, literal(2), world).number == 1 << 4001


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (lambda world: arithmetic.divide_quantities(literal(1), literal(0), world), "ZeroDivisionError"),
        (lambda world: arithmetic.remainder(TOTAL, literal(0.0), world), "ZeroDivisionError"),
        (lambda world: arithmetic.power(literal(10.0), literal(400), world), "OverflowError"),
        (lambda world: arithmetic.floor_divide(literal(1j), literal(2), world), "TypeError"),
    ],
)
def test_exceptions_are_pythons(operation: Callable[[World], object], kind: str, world: World) -> None:
    with pytest.raises(Raised) as raised:
        operation(world)
    assert raised.value.kind == kind


@pytest.mark.parametrize(
    ("run", "seen"),
    [
        pytest.param(lambda w: arithmetic.compare("<", TIME, literal(30), w), {30}, id="time < 30"),
        pytest.param(lambda w: arithmetic.compare("<", literal(30), TIME, w), {30}, id="30 < time"),
        pytest.param(lambda w: arithmetic.subtract(TIME, TOTAL, w), {10}, id="time - total"),
        pytest.param(lambda w: arithmetic.divide_quantities(TIME, TOTAL, w), {10}, id="time / total"),
        pytest.param(lambda w: arithmetic.floor_divide(TIME, literal(7), w), {7}, id="time // 7"),
        pytest.param(lambda w: arithmetic.remainder(TIME, literal(7), w), {7}, id="time % 7"),
        pytest.param(lambda w: arithmetic.extremum("min", [TIME, literal(20)], w), {20}, id="min(time, 20)"),
        pytest.param(lambda w: arithmetic.extremum("min", [literal(20), TIME], w), {20}, id="min(20, time)"),
        pytest.param(lambda w: arithmetic.compare("<", DECAY, literal(3), w), set(), id="what is no count"),
        pytest.param(lambda w: arithmetic.compare("<", TIME, TIME, w), set(), id="what varies is no mark"),
        pytest.param(lambda w: arithmetic.compare("<", TIME, UNSEEN, w), set(), id="what is not known is none"),
        pytest.param(lambda w: arithmetic.compare("<", TIME, literal(10**15), w), {10**15}, id="as late as can be"),
        pytest.param(lambda w: arithmetic.compare("<", TIME, literal(10**15 + 1), w), set(), id="later than that"),
        pytest.param(lambda w: arithmetic.compare("<", TIME, literal(-(10**15) - 1), w), set(), id="earlier than that"),
    ],
)
def test_times_that_are_worth_a_look(run: Callable[[World], object], seen: set[int], world: World) -> None:
    """Samples are taken on both sides of what the step is compared with."""
    run(world)
    assert world.seen.breakpoints == seen


def test_what_is_taken_from_one_is_no_rate(world: World) -> None:
    """``1 - lr_fraction``: whatever it is called."""
    arithmetic.subtract(literal(2), NAMED, world)
    arithmetic.add(LR, literal(1), world)
    assert world.assumptions.dimensionless == set()
    arithmetic.subtract(literal(1), NAMED, world)
    assert world.assumptions.dimensionless == {ORIGIN.key}


def test_identities_of_what_is_computed(world: World) -> None:
    """The same operation on the same values gives the same value; what varies with time has no identity."""
    once = arithmetic.multiply_quantities(LR, TOTAL, world)
    assert once.key is not None
    assert once.key is arithmetic.multiply_quantities(LR, TOTAL, world).key
    assert once.key is not arithmetic.multiply_quantities(TOTAL, LR, world).key
    assert once.key is not arithmetic.divide_quantities(LR, TOTAL, world).key
    assert arithmetic.multiply_quantities(LR, DECAY, world).key is None
    assert arithmetic.multiply_quantities(LR, Quantity(None), world).key is None
    assert arithmetic.multiply_quantities(LR, literal(2), world).key is not None


def test_origins_are_kept_once(world: World) -> None:
    other = Origin(AccessPath.external("other"), None, "other")
    second = Quantity(0.1, RATE, origins=(ORIGIN, other))
    assert arithmetic.add(LR, second, world).origins == (ORIGIN, other)
    assert arithmetic.add(second, literal(0.1), world).origins == (ORIGIN, other)
    assert arithmetic.add(literal(0.1), second, world).origins == (ORIGIN, other)


def test_one_quantity_transformed() -> None:
    result = arithmetic.transformed("sqrt", math.sqrt, TOTAL, FACTOR)
    assert (result.number, result.basis, result.name) == (math.sqrt(10), Basis.DEFAULT, "")
    assert arithmetic.transformed("sqrt", math.sqrt, TOTAL, FACTOR, Basis.PROVED).basis is Basis.PROVED
    assert arithmetic.transformed("sqrt", math.sqrt, UNSEEN, FACTOR).number is None
    assert arithmetic.negative(LR).number == -0.001
    assert arithmetic.negative(LR).unit == RATE
    # ``int(step)`` is the step still, where it changes nothing.
    assert arithmetic.transformed("int", int, TIME, FACTOR).key is paths.TIME
    assert arithmetic.transformed("neg", operator.neg, TIME, FACTOR).key is None


def test_the_unit_of_several_results() -> None:
    assert arithmetic.join([LR]) == RATE
    assert arithmetic.join([LR, LR, literal(0.1)]) == RATE
    assert arithmetic.join([LR, DECAY]) == MIXED


@pytest.mark.parametrize(("number", "expected"), [(2, 2.0), (0.5, 0.5), (1j, None), (None, None), (10**400, None)])
def test_real_numbers(number: Number | None, expected: float | None) -> None:
    assert as_float(number) == expected


SMALL = (-2, -1, 0, 1, 3, -0.0, 0.0, 0.5, -1.5, 2.0, 3.0, 1e200, math.inf, -math.inf, math.nan)
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}


@pytest.mark.parametrize("symbol", OPERATORS)
def test_operators_on_numbers_of_numpy(symbol: str) -> None:
    """As NumPy has it, or not known; the latter only where integers overflow or fail, and rounding has no end."""
    numpy = pytest.importorskip("numpy")
    compute = OPERATORS[symbol]
    numbers: tuple[float, ...] = SMALL if symbol == "**" else (*SMALL, 2**62)
    for left in numbers:
        for right in numbers:
            ours: Any = compute_as_array(compute, left, right)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    theirs = compute(numpy.asarray(left)[()], numpy.asarray(right)[()]).item()
                except ValueError:
                    theirs = None
            whole = isinstance(left, int) and isinstance(right, int)
            rounds = symbol in {"//", "%"} and (not right or not math.isfinite(left) or not math.isfinite(right))
            if ours is None:
                assert (whole and (theirs is None or not right or abs(compute(left, right)) >= 2**63)) or rounds
            else:
                assert type(ours) is type(theirs), (left, right)
                assert ours == theirs or (math.isnan(ours) and math.isnan(theirs)), (left, right)
                assert math.isnan(theirs) or math.copysign(1, ours) == math.copysign(1, theirs), (left, right)


@pytest.mark.parametrize("pair", [(True, False), (1j, 1), (1, 1j), (10**400, 1.0), (10**400, 1), (1.0, 10**400)])
def test_numbers_that_numpy_has_otherwise(pair: tuple[Number, Number]) -> None:
    assert compute_as_array(operator.add, *pair) is None
    assert compute_as_array(operator.truediv, *pair) is None


@pytest.mark.parametrize("name", "sqrt log log2 log10 log1p exp expm1 sinh cosh tanh asin acosh atanh sin".split())
def test_functions_of_numpy(name: str) -> None:
    numpy = pytest.importorskip("numpy")
    spelled = {"asin": "arcsin", "acosh": "arccosh", "atanh": "arctanh"}.get(name, name)
    for number in (-800, -2.0, -1.0, -0.5, 0, 0.0, 1, 1.0, 2.5, 800.0, -800.0):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = float(getattr(numpy, spelled)(number))
        ours = of_one(getattr(math, name), name, number)
        if ours is None:
            assert isinstance(number, int)
        else:
            assert math.isclose(ours, theirs, rel_tol=1e-12) or (math.isnan(ours) and math.isnan(theirs)), number
    assert of_one(getattr(math, name), name, True) is None
    assert of_one(getattr(math, name), name, 1j) is None
