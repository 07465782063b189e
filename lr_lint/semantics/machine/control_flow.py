"""Branches, loops, and the jumps out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.project.effects import LOOP_JUMPS
from lr_lint.semantics.machine.dead_ends import gives_up
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.iteration import iterator_over
from lr_lint.semantics.machine.statements import Completion, Ending, run_block, runs
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.operations import truth
from lr_lint.vocabulary.quantities import Quantity

_LONGEST_LOOP = 20_000
# Before a construction, loops that cost more load and print; those that build lists of groups are short.
_SLICED_LOOP_STEPS = 2_500
_BREAK = Completion(Ending.BREAK)
_CONTINUE = Completion(Ending.CONTINUE)


@runs(cst.Break)
def _run_break(node: cst.Break, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    return _BREAK


@runs(cst.Continue)
def _run_continue(node: cst.Continue, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    return _CONTINUE


@runs(cst.If)
def _run_if(node: cst.If, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if truth(evaluate(node.test, frame), node.test, frame):
        return run_branch(node.body.body, frame, relevant)
    if isinstance(node.orelse, cst.If):
        return _run_if(node.orelse, frame, relevant)
    return run_branch(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def run_branch(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """Runs the branch that was chosen. A slice leaves out the statement by which one gives up, so that is noted."""
    if relevant is not None and gives_up(statements, relevant):
        frame.world.seen.exits_early = True
    return run_block(statements, frame, relevant)


@runs(cst.For)
def _run_for(node: cst.For, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    over = iterator_over(evaluate(node.iter, frame), Anchor(frame.module, node.iter), frame)
    short = False
    inside = relevant if relevant is None else relevant | LOOP_JUMPS
    floor, grown = frame.world.steps - _SLICED_LOOP_STEPS, len(frame.world.seen.grown)
    completion: Completion | None = None
    for item in over.steps():
        bind_target(node.target, item, frame)
        completion = run_block(node.body.body, frame, inside)
        if completion is not None and completion.ending is Ending.RETURN:
            return completion
        if completion is not None and completion.ending is Ending.BREAK:
            break
        if relevant is not None and frame.world.steps < floor:
            short = True
            break
    if short or over.may_miss:
        _forget_numbers(node, frame, grown)
    broken = completion is not None and completion.ending is Ending.BREAK
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None and not broken else None


@runs(cst.While)
def _run_while(node: cst.While, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    for _ in range(_LONGEST_LOOP):
        test = evaluate(node.test, frame)
        if not truth(test, node.test, frame):
            break
        grown = len(frame.world.seen.grown)
        completion = run_block(node.body.body, frame, relevant if relevant is None else relevant | LOOP_JUMPS)
        if completion is not None and completion.ending is Ending.RETURN:
            return completion
        if not is_settled(test):
            # Nothing here decides how often the loop turns; once shows what it does.
            _forget_numbers(node, frame, grown)
            return None
        if completion is not None and completion.ending is Ending.BREAK:
            return None
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def is_settled(value: Value) -> bool:
    """Whether the code alone decides if a value is true."""
    if isinstance(value, Quantity):
        return value.sure_truth is not None and value.basis.decides
    return isinstance(value, Constant) or (isinstance(value, (ListValue, DictValue)) and not value.incomplete)


def _forget_numbers(loop: cst.For | cst.While, frame: Frame, grown: int) -> None:
    """After a loop whose turns nobody can count, what it assigned has a unit but no number.

    Args:
        loop: the loop.
        frame: the variables around it.
        grown: how often optimizers had been given one more group before it.
    """
    frame.world.seen.lose_count(grown)
    frame.world.seen.guessed = True
    frame.world.doubt("nobody knows how often a loop turns")
    effects = frame.module.effects(loop)
    for name in effects.affects:
        value = frame.names.get(name)
        if isinstance(value, Quantity):
            frame.names[name] = replace(value, number=None, key=None)
        elif isinstance(value, ListValue):
            value.by_turns = value.by_turns or not value.incomplete
            value.incomplete = True
        elif isinstance(value, DictValue):
            value.incomplete = True
