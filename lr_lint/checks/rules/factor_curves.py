"""What the rules about numbers share: the factor over time, where it is known at every sampled time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis, real

if TYPE_CHECKING:
    from lr_lint.semantics.values.domain import Anchor
    from lr_lint.semantics.worlds.explore import GroupRun
    from lr_lint.vocabulary.diagnostics import Numbers

# Fewer numbers than this say nothing about a shape.
_FEWEST_POINTS = 8


@dataclass(frozen=True, slots=True)
class FactorCurve:
    """A factor over time, known at every sampled time.

    Attributes:
        points: times and factors, in order of time.
        proved: whether the numbers rest on the code alone.
        places: how many returned expressions give them.
        bounded: whether the time is compared with something or divided by it: a length that may well end the schedule.
        place: the one that gives the last.
    """

    points: Sequence[tuple[int, float]]
    proved: bool
    places: int
    bounded: bool
    place: Anchor | None

    @property
    def rises(self) -> bool:
        """Whether it never falls, and is still rising at the last times."""
        factors = [factor for _, factor in self.points]
        return factors[-1] > factors[-2] and all(now <= later for now, later in itertools.pairwise(factors))


def curve_of(group: GroupRun) -> FactorCurve | None:
    """The numbers of one group; None where some are not known or not real."""
    values = [sample.value for sample in group.points if sample.value is not None]
    factors = [real(value) for value in values]
    if len(values) < _FEWEST_POINTS or len(values) < len(group.points) or None in factors:
        return None
    points = [(sample.time, factor) for sample, factor in zip(group.points, factors, strict=True) if factor is not None]
    places = {id(sample.place.node) for sample in group.points if sample.place is not None}
    proved = all(value.basis is Basis.PROVED for value in values)
    return FactorCurve(points, proved, len(places), bool(group.breakpoints), group.points[-1].place)


def curves_that(holds: Callable[[FactorCurve], bool], site: SiteFacts) -> Iterator[tuple[FactorCurve, Numbers]]:
    """The first curve of each param group of which something holds in all worlds."""
    for history in site.histories:
        curves = [curve_of(group) for group in history]
        known = [curve for curve in curves if curve is not None]
        if known and len(known) == len(curves) and all(map(holds, known)):
            yield known[0], Judgement(Conclusion.UNKNOWN, None, history[0]).numbers


def surety(curve: FactorCurve) -> Confidence:
    """How sure a claim about the numbers is."""
    return Confidence.CERTAIN if curve.proved else Confidence.LIKELY
