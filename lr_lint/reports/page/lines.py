"""The lines of a plot: what param groups are given over time, those that are given the same together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Points = Sequence[tuple[int, float]]

# To a reader of a plot or a table there is no difference beyond these digits.
_DIGITS = 7


@dataclass(frozen=True, slots=True)
class GroupLines:
    """What one param group is given.

    Attributes:
        lr: the initial lr as it is told to people.
        initial: the same as a number, where it is known.
        returned: what the callable returns over time.
        rates: the rates that the scheduler sets.
        meant: the rates that were meant, where they are others.
        meant_returned: what the callable was meant to return, where that is known and the rates are not.
    """

    lr: str
    initial: float | None
    returned: Points
    rates: Points
    meant: Points
    meant_returned: Points = ()


def lines_by_group(groups: Iterable[GroupLines]) -> list[dict[str, Any]]:
    """The groups as columns of numbers, by common times; groups that are given the same are one."""
    alike: dict[GroupLines, list[int]] = {}
    for position, group in enumerate(groups):
        alike.setdefault(group, []).append(position)
    return [_columns(group, positions) for group, positions in alike.items()]


def _columns(group: GroupLines, positions: Sequence[int]) -> dict[str, Any]:
    numbers = {
        "returned": dict(group.returned),
        "rates": dict(group.rates),
        "meant": dict(group.meant),
        "meant_returned": dict(group.meant_returned),
    }
    times = sorted({time for points in numbers.values() for time in points})
    return {
        "positions": positions,
        "lr": group.lr,
        "initial": rounded(group.initial),
        "times": times,
        **{name: column(points, times) for name, points in numbers.items()},
    }


def column(numbers: Mapping[int, float], times: Iterable[int]) -> list[float | None] | None:
    """The numbers at some times, with gaps where there is none; None where there are none at all."""
    return [rounded(numbers.get(time)) for time in times] if numbers else None


def rounded(number: float | None) -> float | None:
    """A number with as many digits as are shown."""
    return None if number is None else float(f"{number:.{_DIGITS}g}")
