"""What code calls that was handed the class of a scheduler, and in which world and turn of a loop it does so."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from lr_lint.project.imports import Project
from lr_lint.project.knowledge import CONFIGURING
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import external_bases, find_method
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Invocation, default_of
from lr_lint.semantics.values.world import AssumedCounts, BudgetExceeded, World
from lr_lint.vocabulary.contracts import Contract
from lr_lint.vocabulary.paths import AccessPath

# What one run of a call is worth that may construct a scheduler, and how often it is run.
_STEPS = 10_000
_MOST_TURNS = 6
_MOST_WORLDS = 4

Turns: TypeAlias = "tuple[tuple[cst.CSTNode, int], ...]"


class NotConstructed(Raised):
    """A world in which the code that was handed the class does not call it."""


@dataclass(frozen=True, slots=True)
class HandedRun:
    """One run of a call.

    Attributes:
        turns: for the innermost loop around the call, which of its items it was run with.
        calls: the calls that were made on the way, and
        read: the names that were read.
        spent: the steps that it took.
    """

    turns: Turns
    calls: list[Invocation]
    read: Container[cst.CSTNode]
    spent: int


def runs_of(call: cst.Call, module: Module, project: Project, counts: AssumedCounts, steps: int) -> Iterator[HandedRun]:
    """The runs of a call, item by item of the loop around it, each with conditions decided one way and the other.

    Args:
        call: the call.
        module: the file that it stands in.
        project: the files around that.
        counts: what is assumed of counts.
        steps: what all of them together may take.
    """
    loop = next((node for node in reversed(module.path_to(call)) if isinstance(node, (cst.For, cst.BaseComp))), None)
    around = loop.for_in if isinstance(loop, cst.BaseComp) else loop
    for turn in range(1 if around is None else _MOST_TURNS):
        turns = () if around is None else ((around, turn),)
        waiting: list[dict[AccessPath, bool]] = [{}]
        for _ in range(_MOST_WORLDS):
            if waiting and steps > 0:
                decisions = waiting.pop(0)
                world = new_world(counts, project)
                world.steps = granted = min(steps, _STEPS)
                world.assumptions.turns = dict(turns)
                world.assumptions.decisions = dict(decisions)
                calls = _calls_in(call, module, world)
                spent = granted - max(0, world.steps)
                steps -= spent
                yield HandedRun(turns, calls, world.coverage.read.keys(), spent)
                waiting += _turned_around(decisions, world)


def _turned_around(given: Mapping[AccessPath, bool], world: World) -> Iterator[dict[AccessPath, bool]]:
    made = world.assumptions.choices
    for at, (condition, chosen) in reversed(list(enumerate(made))):
        yield {**given, **dict(made[:at]), condition: not chosen}


def _calls_in(call: cst.Call, module: Module, world: World) -> list[Invocation]:
    try:
        frame = frame_at(module, call, module.path_to(call), world)
        return calls_made_by(call, frame)
    except (Raised, BudgetExceeded):
        return world.seen.calls or []


def is_of(callee: Value, contract: Contract) -> bool:
    """Whether a class, or what a parameter is by default, is the one that a contract is about or derives from it."""
    usual = default_of(callee) or callee
    classes = external_bases(usual) if isinstance(usual, ClassValue) else [usual]
    return any(isinstance(each, External) and each.name in contract.names for each in classes)


def calls_made_by(call: cst.Call, frame: Frame) -> list[Invocation]:
    """The calls that are made while another one runs, itself among them.

    Raises:
        Raised: what the code raises. What was called until then is left in what the world has seen.
    """
    calls: list[Invocation] = []
    frame.world.seen.calls = calls
    made = force(evaluate(call, frame))
    if isinstance(made, Instance):
        # Nobody asked for its parts so far.
        frame.world.machine.complete(made)
        for part in list(made.attributes.values()):
            force(part)
        _configure(made, call, frame)
    frame.world.seen.calls = None
    return calls


def _configure(made: Instance, call: cst.Call, frame: Frame) -> None:
    """What a trainer asks of a module that it is given: to make its optimizers and its schedulers."""
    configure = made.member(CONFIGURING, frame) if find_method(made.cls, CONFIGURING) is not None else None
    if configure is not None:
        force(operations.call(configure, [], {}, Anchor(frame.module, call), frame))
