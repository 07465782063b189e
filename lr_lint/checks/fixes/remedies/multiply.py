"""The rate is multiplied into what is returned."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.fixes.changeable import changeable_returns
from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.quotients import divides_tightly
from lr_lint.checks.fixes.remedy import UnitRemedy
from lr_lint.checks.fixes.spellings import given_expressions
from lr_lint.semantics.worlds.runs import Point
from lr_lint.vocabulary.quantities import Number, real


class Multiply(UnitRemedy):
    """For a callable that returns a factor of the initial lr where the rate is wanted."""

    name = "multiply"
    conclusion = Conclusion.FACTOR_AS_RATE

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The product, with the rate spelled as the optimizer was given it, or as a number."""
        nodes = changeable_returns(problem)
        group = next((group for _, group in problem.groups()), None)
        base = None if group is None else real(group.lr)
        if base is None:
            raise NoFixError("the rate that the optimizer starts from is not known")
        if not all(group.settled for _, group in problem.groups()):
            raise NoFixError("which of the optimizers it is for cannot be told")
        for text in (*given_expressions(problem, nodes[0]), f"{base:g}"):
            changes = tuple(_product(node, text) for node in nodes)
            yield Draft(f"multiply by the initial lr, `{text}`", changes)
        raise NoFixError("the product is not what is meant")

    def effective_rate(self, point: Point, base: float) -> Number | None:
        """What the changed callable returns is the rate."""
        return point.number


def _product(node: cst.BaseExpression, text: str) -> Change:
    """The change that multiplies one expression; ``1 / x`` becomes ``lr / x``."""
    first = node
    while isinstance(first, cst.BinaryOperation) and isinstance(first.operator, (cst.Multiply, cst.Divide)):
        first = first.left
    if isinstance(first, (cst.Integer, cst.Float)) and first.evaluated_value == 1:
        return Change(first, instead=text)
    return Change(node, f"{text} * ") if divides_tightly(node) else Change(node, f"{text} * (", ")")
