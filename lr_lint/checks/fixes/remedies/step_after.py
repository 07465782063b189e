"""The scheduler is stepped behind the optimizer, where nothing stands between the two."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.fixes.drafts import Draft, Move, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import UseRemedy
from lr_lint.project.knowledge import STEP
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import BLOCKS, code_of


class StepAfter(UseRemedy):
    """For a scheduler that is stepped right before its optimizer. What stands between the two might read the rate."""

    name = "step-after"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The two lines in the other order."""
        early, late = (_line_of(problem, each) for each in (problem.finding.place, problem.finding.mentioned))
        if early is None or late is None or not _are_neighbours(problem, early, late):
            raise NoFixError("what stands between the two steps may read the rate")
        yield Draft(f"step the scheduler behind `{code_of(late.body[0])}`", moves=(Move(early, late),))


def _line_of(problem: Problem, place: Anchor | None) -> cst.SimpleStatementLine | None:
    """The line that steps something, and does nothing else."""
    if place is None or place.module is not problem.construction.module or not isinstance(place.node, cst.Call):
        return None
    expression, line = place.module.path_to(place.node)[:-3:-1]
    steps = isinstance(place.node.func, cst.Attribute) and place.node.func.attr.value == STEP
    if not steps or not isinstance(expression, cst.Expr) or not isinstance(line, cst.SimpleStatementLine):
        return None
    return line if len(line.body) == 1 else None


def _are_neighbours(problem: Problem, early: cst.SimpleStatementLine, late: cst.SimpleStatementLine) -> bool:
    block = problem.construction.module.path_to(early)[-1]
    lines = list(block.body) if isinstance(block, BLOCKS) else []
    return early in lines and lines[lines.index(early) + 1 :][:1] == [late]
