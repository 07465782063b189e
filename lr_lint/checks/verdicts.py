"""What is concluded about a construction, as the rules see it: plain objects, no syntax."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lr_lint.vocabulary.diagnostics import Confidence, Numbers
from lr_lint.vocabulary.lifecycles import NOTHING_KNOWN, Lifecycle

if TYPE_CHECKING:
    from lr_lint.checks.facts.shapes import Shape
    from lr_lint.semantics.worlds.explore import GroupRun
    from lr_lint.vocabulary.contracts import Contract
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
        conclusion: the verdict.
        confidence: how sure it is; None where nothing is claimed.
        group: the group that was judged.
        culprit: the value that carries the rate.
        place: anchor of the returned expression.
        reason: why nothing could be told, for UNKNOWN.
    """

    conclusion: Conclusion
    confidence: Confidence | None
    group: GroupRun
    culprit: Quantity | None = None
    place: Any = None
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
    def numbers(self) -> Numbers:
        """The schedule in numbers, as far as they are known."""
        values = [sample.value for sample in self.group.points if sample.value is not None]
        factors = [factor for factor in map(real, values) if factor is not None]
        base = real(self.group.lr)
        first = real(values[0]) if values else None
        first_lr = base * first if base is not None and first is not None else None
        if self.conclusion is Conclusion.FACTOR_AS_RATE:
            first_lr = first
        peak = max(factors) if factors and len(factors) == len(values) else None
        return Numbers(base, first, peak, first_lr)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One construction with everything that the rules may ask about it.

    Attributes:
        contract: what the scheduler does with its callable.
        optimizer: what messages call the optimizer.
        judgements: one per param group.
        histories: for each param group, what it does in each world.
        shapes: what is passed as the callable in each world.
        lifecycle: what becomes of the scheduler.
        construction: anchor of the call that constructs it.
    """

    contract: Contract
    optimizer: str
    judgements: Sequence[Judgement]
    histories: Sequence[Sequence[GroupRun]]
    shapes: Sequence[Shape] = ()
    lifecycle: Lifecycle = NOTHING_KNOWN
    construction: Any = None

    @property
    def is_decided(self) -> bool:
        """Whether the schedule fits, or surely enough does not."""
        claims = [judgement for judgement in self.judgements if judgement.contradicts]
        if claims:
            return any((claim.confidence or Confidence.POSSIBLE) >= Confidence.LIKELY for claim in claims)
        return any(judgement.conclusion is not Conclusion.UNKNOWN for judgement in self.judgements)


def real(value: Quantity) -> float | None:
    """The number of a quantity as a float, where it is a real number that a float can hold."""
    number = value.number
    if not isinstance(number, (int, float)):
        return None
    try:
        return float(number)
    except OverflowError:
        return None
