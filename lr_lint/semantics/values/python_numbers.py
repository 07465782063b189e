"""Numbers as CPython computes them: what it raises, and how far integers are followed."""

from __future__ import annotations

from collections.abc import Callable

from lr_lint.semantics.values.context import Raised
from lr_lint.vocabulary.quantities import Basis, Number

# Integers beyond this many bits are no learning rates, and computing them may never end.
_LARGEST_INTEGER_BITS = 4096


def guarded(
    compute: Callable[[], Number | None], basis: Basis = Basis.PROVED, divisor: Basis | None = None
) -> Number | None:
    """What CPython computes; None for an integer that is too large to go on with, and for what is no number.

    Args:
        compute: does it.
        basis: what the operands rest on.
        divisor: what the one rests on that may be zero, where that is known.

    Raises:
        Raised: what the computation raises.
    """
    try:
        number = compute()
    except ZeroDivisionError:
        raise Raised(ZeroDivisionError.__name__, basis if divisor is None else divisor) from None
    except (TypeError, ValueError, OverflowError) as error:
        raise Raised(type(error).__name__, basis) from None
    if isinstance(number, int) and number.bit_length() > _LARGEST_INTEGER_BITS:
        return None
    return number if isinstance(number, (int, float, complex)) else None


def as_float(number: Number | None) -> float | None:
    """A real number as a float; None for one that is too large."""
    try:
        return float(number) if isinstance(number, (int, float)) else None
    except OverflowError:
        return None


def is_large(number: Number) -> bool:
    """Whether a number is an integer whose product with its like is not followed any more."""
    return isinstance(number, int) and number.bit_length() > _LARGEST_INTEGER_BITS // 2


def checked_power(base: Number, exponent: Number) -> Number | None:
    """``base ** exponent``; None for an integer that is too large to go on with."""
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1:
        bits = base.bit_length() * exponent
        if bits > _LARGEST_INTEGER_BITS:
            return None
    result: Number = base**exponent
    return result


def checked_shift(left: Number, right: Number) -> Number | None:
    """``left << right``; None for a shift that is too long to go on with.

    Raises:
        TypeError: for anything but integers.
    """
    if not isinstance(left, int) or not isinstance(right, int):
        raise TypeError("unsupported operand type(s) for <<")
    return None if right > _LARGEST_INTEGER_BITS else left << right
