"""What the rules about numbers share: the factor over time, where it is known at every sampled time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.returned_numbers import curve_of
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.vocabulary.curves import Curve
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor
    from lr_lint.semantics.worlds.runs import GroupRun, Point
    from lr_lint.vocabulary.diagnostics import Numbers

# Fewer numbers than this say nothing about a shape.
_FEWEST_POINTS = 8


@dataclass(frozen=True, slots=True)
class FactorCurve:
    """A factor over time, known at every sampled time.

    Attributes:
        factors: the numbers.
        proved: whether they rest on the code alone.
        places: how many expressions give them.
        later_places: how many do after the first step, which may be told apart: ``0.95 * epoch if epoch else 1``.
        bounded: whether the time is compared with something or divided by it: a length that may well end the schedule.
        place: the one that gives the last.
        written: whether no count that nobody wrote has a say in them.
        lasting: whether nothing that they rest on is set again after the scheduler is made.
        whole_divisors: numbers that the time is divided by without remainder.
    """

    factors: Curve
    proved: bool
    places: int
    later_places: int
    bounded: bool
    place: Anchor | None
    written: bool
    lasting: bool
    whole_divisors: frozenset[float] = frozenset()


def _curve(group: GroupRun) -> FactorCurve | None:
    """The numbers of one group; None where some are not known or not real."""
    values = [point.value for point in group.points if point.value is not None]
    factors = curve_of(group.points)
    known = factors.complete and not any(isinstance(factor, complex) for _, factor in factors.points)
    if len(values) < _FEWEST_POINTS or not known:
        return None
    places, later = (_places_of(points) for points in (group.points, group.points[1:]))
    proved = all(value.basis is Basis.PROVED for value in values)
    written = all(point.is_written for point in group.points)
    lasting = not any(point.outdated for point in group.points)
    place, bounded = group.points[-1].place, bool(group.breakpoints)
    return FactorCurve(factors, proved, places, later, bounded, place, written, lasting, group.whole_divisors)


def _places_of(points: Sequence[Point]) -> int:
    """How many expressions give the values."""
    return len({id(point.source.node) for point in points if point.source is not None})


def curves_that(holds: Callable[[FactorCurve], bool], site: SiteFacts) -> Iterator[tuple[FactorCurve, Numbers]]:
    """The first curve of each param group of which something holds in all worlds."""
    for history in site.histories:
        curves = [_curve(group) for group in history]
        known = [curve for curve in curves if curve is not None]
        if known and len(known) == len(curves) and all(map(holds, known)):
            yield known[0], Judgement(Conclusion.UNKNOWN, None, history[0]).numbers


def points_that_agree(find: Callable[[GroupRun], Point | None], site: SiteFacts) -> tuple[Point, Numbers] | None:
    """A point that each param group of one of the worlds has, as its first group has it; None where no world does."""
    for history in site.histories:
        found = [find(group) for group in history]
        if found and found[0] is not None and None not in found:
            return found[0], Judgement(Conclusion.UNKNOWN, None, history[0]).numbers
    return None


def surety(curve: FactorCurve) -> Confidence:
    """How sure a claim about the numbers is."""
    return Confidence.CERTAIN if curve.proved and curve.lasting else Confidence.LIKELY
