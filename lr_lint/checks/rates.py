"""The rates that a scheduler sets with the numbers of its callable, and those that were evidently meant."""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.vocabulary.contracts import FACTORS, Meaning

Points = tuple[tuple[int, float], ...]


def rates_set(meaning: Meaning, lr: float | None, curve: Sequence[tuple[int, float]]) -> Points:
    """The rates that are in force, by their times; none where they do not follow from the callable.

    Args:
        meaning: what the scheduler does with a number of the callable.
        lr: the group's initial lr, where that is known.
        curve: pairs of a time and what the callable returns then.
    """
    if meaning is Meaning.RATE:
        return tuple(curve)
    if lr is None or not curve:
        return ()
    if meaning is Meaning.FACTOR_OF_INITIAL:
        return tuple((time, lr * factor) for time, factor in curve)
    return _multiplied(lr, curve) if meaning is Meaning.FACTOR_OF_PREVIOUS else ()


def _multiplied(lr: float, curve: Sequence[tuple[int, float]]) -> Points:
    """The rates where each step multiplies the one before: up to the first step of which the factor is not known.

    A factor that is one and the same wherever it was looked at is taken for that of the steps between, too.
    """
    factors = {factor for _, factor in curve}
    if len(factors) == 1 and len(curve) > 1:
        (factor,) = factors
        return ((0, lr), *((time, lr * factor**time) for time, _ in curve if time > 0))
    rates = [(0, lr)]
    for time, factor in curve:
        last, rate = rates[-1]
        if time == last + 1:
            rates.append((time, rate * factor))
        elif time > last:
            break
    return tuple(rates)


def rates_meant(
    meaning: Meaning, conclusion: Conclusion, lr: float | None, curve: Sequence[tuple[int, float]]
) -> Points:
    """The rates that were meant, where what the callable returns is all of one unit, and not of the one that is wanted.

    Args:
        meaning: what the scheduler does with a number of the callable.
        conclusion: what these numbers are.
        lr: the group's initial lr, where that is known.
        curve: pairs of a time and what the callable returns then.
    """
    if meaning in FACTORS and conclusion in (Conclusion.RATE, Conclusion.TINY):
        return rates_set(Meaning.RATE, lr, curve)
    if conclusion is Conclusion.FACTOR_AS_RATE:
        return rates_set(Meaning.FACTOR_OF_INITIAL, lr, curve)
    return ()
