"""Arithmetic on numbers of NumPy and its kin: inf and nan where Python's own numbers raise.

Floats are taken for float64 and integers for int64, which is what these libraries make of Python's. That shorter floats
are rounded more coarsely is not followed.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from lr_lint.vocabulary.quantities import Number

_LARGEST_INTEGER = 2**63 - 1
_ROUNDING_DOWN = (operator.floordiv, operator.mod)


def compute_as_array(compute: Callable[[Any, Any], Number | None], left: Number, right: Number) -> Number | None:
    """The result of an operator of which an operand is such a number.

    Returns:
        The number; None where the libraries, their versions or their types differ.

    Raises:
        TypeError: where an operand has no such operator.
    """
    if isinstance(left, bool) and isinstance(right, bool):
        # Their sum is a logical one, and some operators are refused.
        return None
    if isinstance(left, complex) or isinstance(right, complex):
        return None
    if isinstance(left, int) and isinstance(right, int):
        return _of_integers(compute, left, right)
    try:
        a, b = float(left), float(right)
    except OverflowError:
        return None
    if compute in _ROUNDING_DOWN:
        return compute(a, b) if math.isfinite(a) and math.isfinite(b) and b else None
    if compute is operator.truediv and b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)
    return _of_floats(compute, a, b)


def _of_integers(compute: Callable[[Any, Any], Number | None], left: int, right: int) -> Number | None:
    if compute is operator.truediv:
        return compute_as_array(compute, float(left), float(right)) if _fits(left) and _fits(right) else None
    try:
        result = compute(left, right)
    except (ZeroDivisionError, ValueError):
        return None
    # Negative powers are refused, and what is too large begins again at the other end.
    return result if isinstance(result, int) and _fits(result) else None


def _of_floats(compute: Callable[[Any, Any], Number | None], left: float, right: float) -> Number | None:
    try:
        result = compute(left, right)
    except ZeroDivisionError:
        # A negative power of zero, whose sign is that of odd powers.
        return math.copysign(math.inf, left) if right % 2 == 1 else math.inf
    except OverflowError:
        return -math.inf if left < 0 and right % 2 == 1 else math.inf
    return math.nan if isinstance(result, complex) else result


def _fits(number: int) -> bool:
    return -_LARGEST_INTEGER <= number <= _LARGEST_INTEGER


def as_element(number: Number | None) -> Number | None:
    """A number as these libraries take it; None for an integer that is too large, which is an object to them."""
    return None if isinstance(number, int) and not _fits(number) else number


def of_one(compute: Callable[[Any], float], name: str, number: Number) -> float | None:
    """A function of the module ``math`` as these libraries have it."""
    if isinstance(number, (bool, complex)) or (isinstance(number, int) and not _fits(number)):
        # An integer that is too large is an object to them, of which they know no function.
        return None
    value = float(number)
    try:
        return compute(value)
    except OverflowError:
        return math.copysign(math.inf, value) if name == "sinh" else math.inf
    except ValueError:
        pole = {"log": 0.0, "log2": 0.0, "log10": 0.0, "log1p": -1.0}.get(name)
        if name == "atanh" and abs(value) == 1:
            return math.copysign(math.inf, value)
        return -math.inf if value == pole else math.nan
