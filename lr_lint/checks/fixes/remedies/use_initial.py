"""The sibling scheduler, which multiplies the initial lr, takes the place of the one at hand."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.fixes.comparison import Versions, equal
from lr_lint.checks.fixes.drafts import Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import Remedy
from lr_lint.checks.fixes.siblings import sibling_changes


class UseInitial(Remedy):
    """For a callable that returns the whole decay up to a step, where each step multiplies by it."""

    name = "use-initial"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The name of the other scheduler, here and where it is imported."""
        short = problem.construction.contract.of_initial.rpartition(".")[2]
        yield Draft(f"use {short}", tuple(sibling_changes(problem)))
        raise NoFixError(f"{short} is not what is meant")

    def is_confirmed(self, versions: Versions) -> bool:
        """Whether the first factor is 1 besides: the scheduler at hand is not asked at step 0."""
        return equal(1, versions.start.number) and super().is_confirmed(versions)
