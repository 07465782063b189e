"""Changes that divide expressions by the initial lr."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.quotients import Division, divides_tightly, spelled, unwrapped
from lr_lint.source.positions import code_at
from lr_lint.source.tree import code_of, walk

SHOWN = 60


def cancelled(node: cst.BaseExpression, problem: Problem, divisor: str | None) -> Change | None:
    """The change that divides one expression where the rate cancels in it somewhere."""
    short = Division(problem.is_rate, None if divisor is None else spelled(divisor)).shortened(node)
    if short is None:
        return None
    module = problem.construction.module
    short = unwrapped(short if short.lpar else short.with_changes(lpar=node.lpar, rpar=node.rpar))
    reads = divisor is not None and any(code_of(each) == divisor for each in walk(short))
    return Change(node, instead=code_at(short, module.tree, module.path_to(node)), divides=reads)


def divided(node: cst.BaseExpression, divisor: str) -> Change:
    """The change that divides one expression as a whole."""
    before, after = ("", "") if divides_tightly(node) else ("(", ")")
    return Change(node, before, f"{after} / {divisor}", divides=True)


def quotients_draft(changes: Sequence[Change], divisor: str) -> Draft:
    """The changes of all returned expressions, with what they do in words."""
    only = changes[0].instead if len(changes) == 1 else None
    if only is not None and len(only) <= SHOWN and "\n" not in only:
        message = f"return the factor alone: `{only}`"
    else:
        message = f"divide what is returned by `{divisor}`" if divisor else "divide the learning rate out"
    return Draft(message, tuple(changes), divisor if any(change.divides for change in changes) else "")


def no_name_for_rate(problem: Problem) -> NoFixError:
    """Why nothing can be divided by the initial lr."""
    if any(group.one_of_many for _, group in problem.groups()):
        return NoFixError("each of its param groups starts from a rate of its own")
    return NoFixError("the initial lr cannot be named there")
