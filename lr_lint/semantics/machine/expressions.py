"""Evaluating expressions: now, within bounds, or when somebody asks.

What evaluates each kind of LibCST node declares itself by `evaluates`, in a module of its subject. `interpreter`
loads these, and nobody has a world without it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeAlias

import libcst as cst

from lr_lint.semantics.libraries.rate_sources import note
from lr_lint.semantics.machine.settling import put_off
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.lazy import Lazy, force
from lr_lint.semantics.values.operations import unpack
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

Evaluator: TypeAlias = "Callable[[Any, Frame], Value]"
# What one lazy value may spend of a world's budget.
_LAZY_STEPS = 12_000
_EVALUATORS: dict[type[cst.CSTNode], Evaluator] = {}


def evaluates(*kinds: type[cst.CSTNode]) -> Callable[[Evaluator], Evaluator]:
    """Declares what evaluates expressions of some kinds, once the module that does so is loaded."""

    def declare(evaluator: Evaluator) -> Evaluator:
        _EVALUATORS.update(dict.fromkeys(kinds, evaluator))
        return evaluator

    return declare


def evaluate(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression.

    Raises:
        Raised: the exception that CPython would raise.
        BudgetExceeded: when the construction's budget is used up.
    """
    world = frame.world
    world.spend()
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        return unknown(f"{type(node).__name__} is not interpreted", node)
    value = evaluator(node, frame)
    if world.seen.study is not None:
        note(node, value, world.seen.study)
    return value


def evaluate_returned(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression that a function returns; what it raises, it raises there.

    Raises:
        Raised: the exception that CPython would raise.
        BudgetExceeded: when the construction's budget is used up.
    """
    try:
        return evaluate(node, frame)
    except Raised as raised:
        raised.place = raised.place or Anchor(frame.module, node)
        raise


def unknown(reason: str, node: cst.CSTNode) -> Unknown:
    """An unknown value whose identity is the place in the code that makes it."""
    return Unknown(reason, AccessPath.node(node))


def lazily(node: cst.BaseExpression, frame: Frame) -> Lazy:
    """The value that an expression has now, to be computed when it is asked for."""
    then = frame.copy()
    lazy = put_off(lambda: evaluate_within(_LAZY_STEPS, node, then), AccessPath.node(node), frame.world)
    lazy.waiting, lazy.node, lazy.frame = 1 + waiting(node, frame), node, then
    frame.world.memory.pending.append(lazy)
    return lazy


def waiting(node: cst.CSTNode, frame: Frame) -> int:
    """How many lazy values in a row an expression would ask for."""
    needed = [frame.names.get(name) for name in frame.module.effects(node).reads]
    return max((value.waiting for value in needed if isinstance(value, Lazy) and value.result is None), default=0)


def evaluate_within(allowance: int, node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression, unknown if it takes more steps: so one costly call does not use up the whole budget.

    Raises:
        BudgetExceeded: when the construction's budget is used up.
    """
    world = frame.world

    def work() -> Value:
        with world.seen.study.paused() if world.seen.study is not None else nullcontext():
            return evaluate(node, frame)

    return world.attempt(allowance, work) or unknown("following it takes more steps than it is worth", node)


def part_of(whole: Lazy, position: int, count: int, world: World) -> Lazy:
    """One of the values that the result of a lazy call is unpacked into."""
    key = paths.item(whole.key, position)
    part = put_off(lambda: force(unpack(force(whole), count)[position]), key, world)
    part.waiting = 1 + whole.waiting
    return part
