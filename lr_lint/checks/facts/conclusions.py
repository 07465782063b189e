"""What is concluded about the schedule of one param group."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.checks.facts.returned_numbers import curve_of
from lr_lint.vocabulary.diagnostics import Numbers
from lr_lint.vocabulary.quantities import real, told

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor
    from lr_lint.semantics.worlds.runs import GroupRun
    from lr_lint.vocabulary.diagnostics import Confidence
    from lr_lint.vocabulary.quantities import Quantity


class Conclusion(enum.Enum):
    """What a schedule turns out to be for one param group."""

    FACTOR = "factor"
    RATE = "rate"
    MIXED = "mixed"
    TINY = "tiny"
    ABSOLUTE = "absolute"
    FACTOR_AS_RATE = "factor as rate"
    RELATIVE_BASE = "relative base"
    UNKNOWN = "unknown"


_CONTRADICTIONS = frozenset({Conclusion.RATE, Conclusion.MIXED, Conclusion.TINY, Conclusion.FACTOR_AS_RATE})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one group's schedule is, and how sure that is.

    Attributes:
        conclusion: what it is.
        confidence: how sure it is; None where nothing is claimed.
        group: the group that was judged.
        culprit: the value that carries the rate.
        place: the returned expression.
        reason: why nothing could be told, for UNKNOWN.
    """

    conclusion: Conclusion
    confidence: Confidence | None
    group: GroupRun
    culprit: Quantity | None = None
    place: Anchor | None = None
    reason: str = ""

    @property
    def contradicts(self) -> bool:
        """Whether the schedule and its base do not fit."""
        return self.conclusion in _CONTRADICTIONS

    @property
    def reads_back(self) -> bool:
        """Whether the rate is the one that the optimizer has when the callable is called."""
        origins = () if self.culprit is None else self.culprit.origins
        return any(origin.key in self.group.read_back for origin in origins)

    @property
    def peak(self) -> float | None:
        """The number of the value that carries the rate: the highest up to the end, where numbers alone speak."""
        return None if self.culprit is None else real(self.culprit)

    @property
    def told_peak(self) -> float | None:
        """The peak as people are told it; None where a count that nobody wrote has a say in it."""
        written = all(point.is_written for point in self.group.points)
        return told(self.culprit) if self.culprit is not None and written else None

    @property
    def numbers(self) -> Numbers:
        """The schedule in numbers, as far as they are known."""
        points = [point for point in self.group.points if point.value is not None]
        curve = curve_of(points)
        factors = [factor for _, factor in curve.telling or curve.real]
        base = told(self.group.lr)
        first = points[0].told if points else None
        first_lr = base * first if base is not None and first is not None else None
        if self.conclusion is Conclusion.FACTOR_AS_RATE:
            first_lr = first
        known = curve.complete and all(point.is_written for point in points)
        return Numbers(base, first, max(factors) if factors and known else None, first_lr)
