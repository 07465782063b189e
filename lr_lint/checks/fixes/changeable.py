"""The functions behind a finding that may be changed, and what they return."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.definitions import function_around
from lr_lint.checks.fixes.drafts import NoFixError
from lr_lint.checks.fixes.other_uses import other_use
from lr_lint.checks.fixes.problem import Problem
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import children


def changeable_functions(problem: Problem) -> list[cst.FunctionDef | cst.Lambda]:
    """The functions that return what is wrong, in all worlds, if they may be changed.

    Raises:
        NoFixError: if one stands in another file or is none of the code's own, or is used for something else.
    """
    here = problem.construction.module
    places = problem.returned().values()
    functions = dict.fromkeys(function_around(place) for place in places)
    if any(place.module is not here for place in places):
        raise NoFixError("the callable is defined in another file")
    if not functions or None in functions:
        raise NoFixError("the callable is no function of this file")
    known = [function for function in functions if function is not None]
    for function in known:
        check_other_uses(function, problem)
    return known


def check_other_uses(function: cst.FunctionDef | cst.Lambda, problem: Problem) -> None:
    """Makes sure that a function is used for nothing but the schedulers of the file.

    Raises:
        NoFixError: if it is.
    """
    here, project = problem.construction.module, problem.construction.project
    use = other_use(function, here, problem.arguments, project)
    if use is not None:
        anchor = Anchor(here, use.node) if use.node is not None else None
        raise NoFixError("the callable is used elsewhere too", anchor, use.path)


def changeable_returns(problem: Problem) -> list[cst.BaseExpression]:
    """All expressions that the functions return.

    Raises:
        NoFixError: if they may not be changed, or have a path that was not followed.
    """
    returned = problem.returned()
    nodes = [node for function in changeable_functions(problem) for node in returns_of(function)]
    if any(node not in returned and not _is_zero(node) for node in nodes):
        raise NoFixError("not all of its paths could be followed")
    return [node for node in nodes if node in returned]


def returns_of(function: cst.FunctionDef | cst.Lambda) -> Iterator[cst.BaseExpression]:
    """The expressions that a function returns, not those of functions within it."""
    if isinstance(function, cst.Lambda):
        yield function.body
        return
    stack: list[cst.CSTNode] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Return):
            if node.value is not None:
                yield node.value
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
            stack.extend(reversed(children(node)))


def _is_zero(node: cst.BaseExpression) -> bool:
    """Whether an expression is the number 0, which any rate divides into itself."""
    return isinstance(node, (cst.Integer, cst.Float)) and node.evaluated_value == 0
