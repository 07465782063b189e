"""Loops over what a generator of the project gives: each item comes of a turn of the generator's own loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.project.binders import FUNCTIONS
from lr_lint.project.knowledge import GOING_OVER
from lr_lint.project.modules import Module
from lr_lint.source.tree import LOOPS, children, last_name
from lr_lint.timing.loops import Loop, loop_of

# What may stand around a `yield` that is reached in each turn of the loops around it.
_PASSED_THROUGH = (*LOOPS, cst.IndentedBlock, cst.SimpleStatementLine, cst.SimpleStatementSuite, cst.Expr, cst.With)


def loops_in_generator(module: Module, node: cst.For, evaluator: Evaluator) -> list[Loop]:
    """The loops of the generator that a loop goes over, outermost first, the innermost with the body of the loop.

    Args:
        module: the file.
        node: the loop.
        evaluator: the world of the construction.

    Returns:
        The loops; none where something else is gone through, or items may come otherwise than one with each turn.
    """
    call = node.iter
    while isinstance(call, cst.Call) and last_name(call.func) in GOING_OVER and call.args:
        call = call.args[0].value
    entered = evaluator.named_definition_of(module, call) if isinstance(call, cst.Call) else None
    if entered is None or not isinstance(call, cst.Call):
        return []
    home, function = entered
    given = list(_yields_of(function))
    if len(given) != 1 or isinstance(given[0].value, cst.From):
        return []
    path = home.path_to(given[0])
    inner = path[path.index(function) + 2 :]
    if not all(isinstance(each, _PASSED_THROUGH) for each in inner):
        return []
    evaluator.pin(module, call)
    found = [loop_of(home, each, evaluator) for each in inner if isinstance(each, LOOPS)]
    loops = [loop for loop in found if loop is not None]
    return [*loops[:-1], replace(loops[-1], module=module, node=node)] if loops else []


def _yields_of(function: cst.FunctionDef) -> Iterator[cst.Yield]:
    """The places where a function gives an item, those of functions within it left out."""
    stack: list[cst.CSTNode] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Yield):
            yield node
        stack += (each for each in children(node) if not isinstance(each, FUNCTIONS))
