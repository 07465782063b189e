"""What a remedy is: how a finding may be mended, what the change promises, and how that is confirmed.

A promise is about the rate of the schedule. The old callable names it, one way or another; the changed one must lead
to it, at every time at which it is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lr_lint.checks.definitions import function_around
from lr_lint.checks.examination import Examination
from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.fixes.comparison import Versions, equal
from lr_lint.checks.fixes.drafts import Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.rules.base import Finding
from lr_lint.semantics.worlds.runs import Point
from lr_lint.timing.claims import Claim, ClockUnit, Timing
from lr_lint.vocabulary.diagnostics import UNSAFE
from lr_lint.vocabulary.quantities import Number


@dataclass(frozen=True, slots=True)
class NamedRate:
    """The rate that a callable names: a number, or between which numbers it lies."""

    least: Number
    most: Number

    @classmethod
    def exactly(cls, number: Number | None) -> NamedRate | None:
        """A rate that is known; None for one that is not."""
        return None if number is None else cls(number, number)

    def fits(self, number: Number | None) -> bool:
        """Whether a number may be that rate."""
        if equal(number, self.least) or equal(number, self.most):
            return True
        if number is None or isinstance(number, complex):
            return False
        least, most = self.least, self.most
        return not isinstance(least, complex) and not isinstance(most, complex) and least <= number <= most


class Remedy(ABC):
    """A way to mend the findings of a rule.

    Attributes:
        name: what the rule calls it.
        safety: of its fixes; all that there are change training, or make a program run that did not.
        is_about_units: whether it changes the unit of what a function returns, so that a scheduler for which the
            function is right stands in its way.
    """

    name: ClassVar[str]
    safety: ClassVar[str] = UNSAFE
    is_about_units: ClassVar[bool] = False

    @abstractmethod
    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """What could be changed, the best first.

        Raises:
            NoFixError: while iterating, if there is nothing, or nothing further.
        """

    def positions(self, finding: Finding) -> Sequence[int]:
        """The param groups that a finding is about: all of them, unless a remedy knows better."""
        return range(max(1, len(finding.site.judgements)))

    def leaves_a_choice(self, finding: Finding) -> bool:
        """Whether the drafts are so many ways to mend a finding, and only its author knows which is meant."""
        return False

    def is_resolved(self, problem: Problem, new: Examination) -> bool:
        """Whether the finding is gone from the changed construction."""
        return problem.finding.rule.code not in new.codes

    def is_confirmed(self, versions: Versions) -> bool:
        """Whether the changed schedule has the rates that its author evidently meant, from the first step on."""
        base, times = versions.base, versions.times
        named = {time: self.named_rate(versions.before[time], base) for time in times}
        known = {time: rate for time, rate in named.items() if rate is not None}
        effective = {time: self.effective_rate(versions.after[time], base) for time in known}
        return bool(times) and times[0] in known and all(known[time].fits(effective[time]) for time in known)

    def named_rate(self, point: Point, base: float) -> NamedRate | None:
        """The rate that the old callable names at a time, here as a factor of the initial lr; None if nobody knows."""
        return None if point.number is None else NamedRate.exactly(base * point.number)

    def effective_rate(self, point: Point, base: float) -> Number | None:
        """The rate that the changed callable leads to, here as a factor of the initial lr."""
        return None if point.number is None else base * point.number


class UnitRemedy(Remedy):
    """One that gives what a function returns the unit that its scheduler wants.

    Attributes:
        conclusion: what the param groups have in common that it is for.
    """

    is_about_units = True
    conclusion: ClassVar[Conclusion]

    def positions(self, finding: Finding) -> Sequence[int]:
        """The groups of which the same is concluded, on account of the same function."""
        function = None if finding.place is None else function_around(finding.place)
        return tuple(
            at
            for at, judgement in enumerate(finding.site.judgements)
            if judgement.conclusion is self.conclusion
            and judgement.place is not None
            and function_around(judgement.place) is function
        )

    def is_resolved(self, problem: Problem, new: Examination) -> bool:
        """Whether no rule about units says anything of the param groups: others may still be wrong."""
        return new.facts.contradicted.isdisjoint(problem.positions)


class UseRemedy(Remedy):
    """One that leaves a schedule as it is, and changes what code does with the scheduler besides."""

    def positions(self, finding: Finding) -> Sequence[int]:
        """None: no param group is to change."""
        return ()

    def is_resolved(self, problem: Problem, new: Examination) -> bool:
        """Whether the construction has fewer findings of the rule: each has a fix of its own."""
        code = problem.finding.rule.code
        before, after = (
            [each for each in found if each.rule.code == code] for found in (problem.examination.findings, new.findings)
        )
        return len(after) < len(before)


class TimeRemedy(Remedy):
    """One that makes a schedule's horizon and its steps count the same.

    What its callables return stays as it is. The account of its time is made again, and says whether the two fit now.
    """

    def positions(self, finding: Finding) -> Sequence[int]:
        """None: no param group is to change."""
        return ()

    def fits(self, problem: Problem, new: Timing) -> bool:
        """Whether a schedule counts what it is stepped by.

        It has the clock that it had and a horizon of that unit, or the clock that its horizon counts.
        """
        claim, old = claim_of(problem), problem.examination.facts.timing
        if new.claims or new.clock.unit is ClockUnit.UNKNOWN:
            return False
        if new.clock.unit is old.clock.unit:
            return new.horizon is not None and new.horizon.evidence.is_proof and new.horizon.unit is new.clock.unit
        return new.clock.unit is claim.unit


def claim_of(problem: Problem) -> Claim:
    """What does not fit, as the account of a schedule's time has it.

    Raises:
        NoFixError: if the account says nothing of the kind any more.
    """
    claims = problem.finding.site.timing.claims
    if not claims:
        raise NoFixError("what its time is measured against cannot be told")
    return claims[0]
