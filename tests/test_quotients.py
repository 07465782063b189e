"""Dividing expressions by a rate: what cancels, what is written as a quotient, and that the numbers agree."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lr_lint.checks.fixes.quotients import Division, divides_tightly, spelled, unwrapped
from lr_lint.source.tree import code_of

RATES = {"lr", "args.lr"}


def quotient(text: str, divisor: str | None = None) -> str | None:
    """The expression that a text divided by the rate comes to; None where the rate cancels nowhere."""
    division = Division(
        lambda node: code_of(node.with_changes(lpar=[], rpar=[])) in RATES, spelled(divisor) if divisor else None
    )
    short = division.shortened(cst.parse_expression(text))
    return None if short is None else cst.Module([]).code_for_node(unwrapped(short))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0.9**e", id="no rate"),
        pytest.param("1 / lr", id="a rate that is divided by"),
        pytest.param("lr**2", id="a power of the rate"),
        pytest.param("0.5**lr", id="a rate as exponent"),
        pytest.param("min_lr + lr * x", id="a sum with something else"),
        pytest.param("f(lr)", id="an argument"),
        pytest.param("lr // 2", id="a whole quotient"),
        pytest.param("lr % 2", id="a remainder"),
        pytest.param("lr if a else b", id="one branch, and nothing to divide the other by"),
        pytest.param("max(lr * x, y)", id="one operand, and nothing to divide the other by"),
        pytest.param("max([lr, lr])", id="the greatest of a list"),
        pytest.param("(lr, lr)", id="a tuple"),
    ],
)
def test_what_does_not_cancel(text: str) -> None:
    assert quotient(text) is None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("lr", "1.0", id="the rate alone"),
        pytest.param("-lr", "-1", id="its negative"),
        pytest.param("lr * 0.9**e", "0.9**e", id="a leading factor"),
        pytest.param("0.9**e * args.lr", "0.9**e", id="a last factor"),
        pytest.param("lr * (1 - e / 10)", "1 - e / 10", id="parentheses that nothing needs any more"),
        pytest.param("lr * (a + b) * c", "(a + b) * c", id="parentheses that are needed still"),
        pytest.param("0.5 * lr * (1 + c)", "0.5 * (1 + c)", id="a factor in the middle"),
        pytest.param("lr / (1 + d * e)", "1 / (1 + d * e)", id="a numerator"),
        pytest.param("lr * a / b", "a / b", id="a factor of a numerator"),
        pytest.param("a / b * lr", "a / b", id="a factor behind a quotient"),
        pytest.param("c * (lr * (a + b))", "c * (a + b)", id="a factor in parentheses"),
        pytest.param("lr * a + lr * b", "a + b", id="both operands of a sum"),
        pytest.param("lr - lr * b", "1 - b", id="both operands of a difference"),
        pytest.param("lr if e < 5 else lr * 0.1", "1.0 if e < 5 else 0.1", id="both branches"),
        pytest.param("lr * a if e else lr / b if f else lr", "a if e else 1 / b if f else 1.0", id="many branches"),
        pytest.param("max(lr * a, lr)", "max(a, 1.0)", id="all operands of a choice"),
        pytest.param("lr * (a if b else c)", "a if b else c", id="a factor of a choice"),
        pytest.param("(lr) * a", "a", id="the rate in parentheses"),
    ],
)
def test_what_cancels(text: str, result: str) -> None:
    assert quotient(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("max(lr * a, min_lr)", "max(a, min_lr / lr)", id="a floor"),
        pytest.param("lr * a if e else b + c", "a if e else (b + c) / lr", id="another branch"),
        pytest.param("min(lr, a * b)", "min(1.0, a * b / lr)", id="a product"),
    ],
)
def test_what_is_divided_where_the_rate_cancels_beside_it(text: str, result: str) -> None:
    assert quotient(text, "lr") == result


@pytest.mark.parametrize("text", ["a", "a.b", "f(x)", "a * b", "a / b", "a**b", "-a", "(a + b)", "1e-3", "xs[0]"])
def test_no_parentheses_where_none_are_needed(text: str) -> None:
    assert divides_tightly(cst.parse_expression(text))


@pytest.mark.parametrize("text", ["a + b", "a - b", "a if b else c", "a or b", "a < b", "lambda: a", "not a"])
def test_parentheses_where_they_are_needed(text: str) -> None:
    assert not divides_tightly(cst.parse_expression(text))


NAMES = {"lr": 0.25, "a": 3.0, "b": 0.5, "c": 7.0}
EXPRESSIONS = st.recursive(
    st.sampled_from(["lr", "a", "b", "c", "2", "0.1"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, st.sampled_from("*/"), inner).map(" ".join).map(lambda text: f"({text})"),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(
            lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} > 1 else {parts[2]})"),
        inner.map(lambda text: f"-{text}"),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, st.sampled_from([None, "lr"]))
def test_a_quotient_times_the_rate_is_what_it_was(text: str, divisor: str | None) -> None:
    """The rate is positive, as rates are."""
    divided = quotient(text, divisor)
    if divided is None:
        return
    try:
        before = eval(text, {}, NAMES)
    except ZeroDivisionError:
        return

    assert eval(divided, {}, NAMES) * NAMES["lr"] == pytest.approx(before)
