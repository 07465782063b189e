"""The horizon is divided by the number of batches that make an update."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.fixes.drafts import Draft, NoFixError
from lr_lint.checks.fixes.horizons import counted_by, horizon_arguments, multiplied, told
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import TimeRemedy, claim_of
from lr_lint.checks.fixes.time_shapes import place_of_step
from lr_lint.timing.claims import ClockUnit, Timing


class CountUpdates(TimeRemedy):
    """For a schedule that counts batches and is stepped once per update of several."""

    name = "count-updates"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The quotient, by what the condition around the step counts with."""
        claim, clock = claim_of(problem), problem.finding.site.timing.clock
        if claim.unit is not ClockUnit.BATCH or clock.unit is not ClockUnit.UPDATE:
            raise NoFixError("the step or the horizon may be meant")
        count = counted_by(problem, place_of_step(problem))
        if count is None:
            raise NoFixError("of how many batches one is an update cannot be named there")
        changes = [change for each in horizon_arguments(problem) for change in multiplied(each, f" // {count}")]
        if not changes:
            raise NoFixError("the horizon is no argument that can be changed")
        yield Draft(f"count updates: `{told(changes[0])}`", tuple(changes))
        raise NoFixError("the quotient is not what is meant")

    def fits(self, problem: Problem, new: Timing) -> bool:
        """Whether the horizon counts updates now; divided by a number, it is that many batches for what is known."""
        clock = problem.finding.site.timing.clock
        return not new.claims and new.clock.unit is clock.unit and new.horizon is not None
