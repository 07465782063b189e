"""Which well-known decay a curve is, counted from 1 at time 0, as it is written for ``LambdaLR``."""

from __future__ import annotations

import math
from collections.abc import Callable

from lr_lint.vocabulary.curves import EXACT, Curve

# How many values must fit a decay whose one parameter the value before them gave, and how well.
_LEAST_FITTING = 3
_FIT = 1e-3


def closed_form(curve: Curve) -> str:
    """The decay that the values follow from time 1 on, as "a linear decay"; empty if they follow none.

    Right ratios of successive rates do not: those of a linear decay are ``(T - t) / (T - t + 1)``, those of an
    exponential one constant.
    """
    points = [point for point in curve.telling if point[0] >= 1]
    if len(points) <= _LEAST_FITTING or points[0][0] != 1 or not points[0][1] < 1 - EXACT:
        return ""
    for name, decay in _decays(points[0][1]).items():
        expected = [(factor, decay(time)) for time, factor in points]
        # Where the decay has ended, a clamp or a floor may take over.
        end = next((at for at, (_, value) in enumerate(expected) if value <= EXACT), len(expected))
        pairs = expected[1:end]
        if len(pairs) >= _LEAST_FITTING and all(map(_fits, pairs)):
            return name
    return ""


def _fits(pair: tuple[float, float]) -> bool:
    """Whether a factor is the one expected, by what is left of 1 and by what has gone."""
    factor, expected = pair
    return abs(factor - expected) <= _FIT * min(expected, 1 - expected)


def _decays(first: float) -> dict[str, Callable[[int], float]]:
    """The decays that start at 1 and have that value at time 1."""
    angle = math.acos(2 * first - 1)
    return {
        "a linear decay": lambda time: 1 - (1 - first) * time,
        "an exponential decay": lambda time: first**time,
        "an inverse-time decay": lambda time: 1 / (1 + (1 / first - 1) * time),
        "a cosine decay": lambda time: (1 + math.cos(angle * time)) / 2,
    }
