"""What is presumed and what is claimed.

Some conditions the code decides itself, in a way that the machine does not follow: whether an object of an unread class
is greater than another. A world presumes an answer. What a callable gives is known all the same where it is the same
for either answer, and for all such answers together; anything else is withdrawn.
"""

from __future__ import annotations

from dataclasses import replace

from lr_lint.semantics.worlds.runs import Point, Run, Runs
from lr_lint.vocabulary.paths import AccessPath, is_left_open
from lr_lint.vocabulary.quantities import Basis, Number

_NOT_FOLLOWED = "it depends on a condition that is not followed"


def withdraw_presumed(result: Runs) -> None:
    """Takes back what rests on presumed conditions, in all runs."""
    kept = [_kept_points(run, result) for run in result.runs]
    for run, columns in zip(result.runs, kept, strict=True):
        for group, points in zip(run.groups, columns, strict=True):
            group.points = points


def _kept_points(run: Run, result: Runs) -> list[list[Point]]:
    """The points of each group, with what is still claimed of them."""
    others = [other for other in result.runs if _differs_in_presumptions(run, other)]
    return [
        [_held_against(point, at, run, others, complete=result.complete) for point in group.points]
        for at, group in enumerate(run.groups)
    ]


def _held_against(point: Point, position: int, run: Run, others: list[Run], *, complete: bool) -> Point:
    """A point as it is, if all answers to what is presumed were tried and give the same; else without its claims."""
    told = [_point_at(point.time, other, position) for other in others]
    same = all(each is None or outcome(each) == outcome(point) for each in told)
    tried = not point.presumed or (complete and None not in told and _all_tried(point, run, others))
    return point if same and tried else without_claims(point, _NOT_FOLLOWED)


def _all_tried(point: Point, run: Run, others: list[Run]) -> bool:
    """Whether each condition that a point presumes has the other answer in some run."""
    return all(
        any(_answer(condition, other) is (not _answer(condition, run)) for other in others)
        for condition in point.presumed
    )


def _answer(condition: AccessPath, run: Run) -> bool | None:
    return None if run.world is None else run.world.assumptions.decisions.get(condition)


def _point_at(time: int, run: Run, position: int) -> Point | None:
    if position >= len(run.groups):
        return None
    return next((point for point in run.groups[position].points if point.time == time), None)


def _differs_in_presumptions(run: Run, other: Run) -> bool:
    """Whether two runs differ in nothing but answers to conditions that nobody leaves open."""
    if run is other or run.world is None or other.world is None:
        return False
    first, second = run.world.assumptions, other.world.assumptions
    if first.counts != second.counts or first.by_default != second.by_default:
        return False
    different = [
        path
        for path in first.decisions.keys() & second.decisions.keys()
        if first.decisions[path] != second.decisions[path]
    ]
    return bool(different) and not any(map(is_left_open, different))


def outcome(point: Point) -> tuple[Number | str | None, object, bool]:
    """What is claimed at a point, to be compared."""
    number = None if point.number is None else repr(point.number)
    return number, point.raised, point.nothing


def without_claims(point: Point, reason: str) -> Point:
    """A point whose value may be another: what is left is its unit."""
    value = None if point.value is None else replace(point.value, number=None)
    raised = None if point.raised is None else (point.raised[0], Basis.DEFAULT)
    return replace(point, value=value, raised=raised, nothing=False, reason=point.reason or reason)
