"""Numbers that are right but for their last digits, since a library rounds in its own way.

NumPy and PyTorch compute ``exp``, ``log`` and their kin with vector instructions. Their last digits are not those of
the module ``math`` and differ from one processor to the next (NumPy's own tests allow 4 units in the last place). A
result that jumps where the operand moves by so little, as ``%`` and ``floor`` may, is not known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from typing import Any

from lr_lint.vocabulary.quantities import Number, Quantity

ON_LAST_DIGITS = "last digits decide it, which a library rounds in its own way"
_ULPS = 4
# A result that moves by more than this part of it has jumped, or has lost its digits.
_LARGEST_PART = 1e-9


def rounded_elsewhere(value: Quantity) -> Quantity:
    """A number that a library computes in its own way."""
    if not isinstance(value.number, float) or not math.isfinite(value.number):
        return value
    return replace(value, error=value.error + _ULPS * math.ulp(value.number))


def with_error(result: Quantity, compute: Callable[..., Number | None], *operands: Quantity) -> Quantity:
    """A result with the bound of its error; without its number, where last digits of the operands decide about that.

    Args:
        result: what the operands' numbers give.
        compute: gives a result for other numbers.
        operands: the quantities.
    """
    error = _spread(result.number, compute, product(*map(_ends, operands)))
    return replace(result, number=None if error is None else result.number, error=error or 0.0)


def _ends(value: Quantity) -> tuple[Any, ...]:
    """The numbers between which the program's own one lies."""
    number: Any = value.number
    return (number - value.error, number + value.error) if value.error else (number,)


def _spread(
    number: Number | None, compute: Callable[..., Number | None], corners: Iterable[tuple[Any, ...]]
) -> float | None:
    """How far results at the ends lie from one number; None where that is not little."""
    if number is None or not math.isfinite(abs(number)):
        return None
    farthest = 0.0
    for corner in corners:
        try:
            other = compute(*corner)
            if other is None or type(other) is not type(number):
                return None
            farthest = max(farthest, float(abs(other - number)))
        except (ArithmeticError, TypeError, ValueError):
            return None
    return farthest if farthest <= _LARGEST_PART * max(1.0, float(abs(number))) else None
