"""What a callable returns in two versions of a program, number by number."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

from lr_lint.semantics.worlds.runs import GroupRun, Point, Runs
from lr_lint.vocabulary.quantities import Number, real

_RELATIVE, _ABSOLUTE = 1e-9, 1e-15


@dataclass(frozen=True, slots=True)
class Versions:
    """One param group in one world, before and after a change that leaves its initial lr as it is.

    Attributes:
        base: the initial lr.
        before: what the callable returned, by time.
        after: what it returns now, by time; at the first time it is a value.
        one_of_many: whether it stands for groups that are made in a loop, each with an lr of its own.
    """

    base: float
    before: dict[int, Point]
    after: dict[int, Point]
    one_of_many: bool

    @property
    def times(self) -> Sequence[int]:
        """The times at which both versions were run."""
        return sorted(self.before.keys() & self.after.keys())

    @property
    def start(self) -> Point:
        """What the changed callable returns at first."""
        return self.after[min(self.after)]


def versions_of(old: GroupRun, new: GroupRun) -> Versions | None:
    """The two versions of a group; None where the rates that they come to are not known from the first step on."""
    base, new_base = real(old.lr), real(new.lr)
    if base is None or new_base is None or not equal(base, new_base) or not new.points:
        return None
    versions = Versions(base, by_time(old), by_time(new), old.one_of_many)
    return None if versions.start.value is None else versions


def by_time(group: GroupRun) -> dict[int, Point]:
    """What a group's callable does at each time."""
    return {point.time: point for point in group.points}


def equal(first: Number | None, second: Number | None) -> bool:
    """Whether two numbers are one but for rounding. What is not known equals nothing but what is not known either."""
    if first is None or second is None:
        return first is second
    if isinstance(first, complex) or isinstance(second, complex):
        return cmath.isclose(first, second, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return math.isclose(first, second, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)


def same_group(old: GroupRun, new: GroupRun) -> bool:
    """Whether a group has the same initial lr, and its callable does the same at all times."""
    if not equal(old.lr.number, new.lr.number) or old.lr.unit != new.lr.unit:
        return False
    before, after = by_time(old), by_time(new)
    return before.keys() == after.keys() and all(_same_point(before[time], after[time]) for time in before)


def _same_point(old: Point, new: Point) -> bool:
    if old.value is None or new.value is None:
        return old.value is new.value and old.raised == new.raised and old.nothing == new.nothing
    return equal(old.value.number, new.value.number) and old.value.unit == new.value.unit


def paired(old: Runs, new: Runs) -> list[tuple[int, GroupRun, GroupRun]] | None:
    """The param groups of both versions by position, world by world; None where they do not correspond."""
    if len(old.runs) != len(new.runs) or old.exhausted or new.exhausted:
        return None
    pairs: list[tuple[int, GroupRun, GroupRun]] = []
    for first, second in zip(old.runs, new.runs, strict=True):
        if len(first.groups) != len(second.groups):
            return None
        pairs += [(at, *both) for at, both in enumerate(zip(first.groups, second.groups, strict=True))]
    return pairs
