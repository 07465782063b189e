"""Runs one function of a program twice, in the interpreter and in CPython, and tells what came of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.machine.slices import module_value
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.world import BudgetExceeded, World
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.source.files import SourceFile, decode, parse
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.diagnostics import Failure
from lr_lint.vocabulary.quantities import Quantity


@dataclass(frozen=True)
class Outcome:
    """What a call came to.

    Attributes:
        kind: ``number``, ``none``, ``raised``, ``unknown`` or ``budget``.
        text: the exact number, as ``repr`` has it, or the name of the exception.
        assumed: whether the interpreter had to assume the truth of some condition on the way.
        value: the interpreter's value.
    """

    kind: str
    text: str = ""
    assumed: bool = False
    value: Value | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.text}".strip()


def source_of(text: str | bytes, path: str = "schedule.py") -> SourceFile:
    """A file with that content; texts may be indented as a whole."""
    data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
    source = decode(path, data)
    assert isinstance(source, SourceFile), source
    return source


def module_of(text: str | bytes, path: str = "schedule.py") -> Module:
    """The parsed file."""
    source = source_of(text, path)
    tree = parse(source)
    assert not isinstance(tree, Failure), tree
    return Module(source, tree)


def frame_of(module: Module, world: World) -> Frame:
    """A frame outside every function of the module, from which one can be called."""
    return Frame(module, module.tree, None, world)


def interpret(text: str, *times: float, name: str = "f") -> list[Outcome]:
    """Calls the function of that name at each time, in one run of the interpreter."""
    module = module_of(text)
    project = Project()
    project.add(module)
    world = new_world(ASSUMED_COUNTS[0], project)
    return [_interpreted(module, world, name, time) for time in times]


def _interpreted(module: Module, world: World, name: str, time: float) -> Outcome:
    frame = frame_of(module, world)
    try:
        function = module_value(module, name, world)
        argument = Quantity(time, varies=True, key=paths.TIME)
        value = call(function, [argument], {}, Anchor(module, module.tree), frame)
    except Raised as raised:
        return Outcome("raised", raised.kind, bool(world.assumptions.choices))
    except BudgetExceeded:
        return Outcome("budget", assumed=bool(world.assumptions.choices))
    return _outcome_of(value, bool(world.assumptions.choices))


def _outcome_of(value: Value, assumed: bool) -> Outcome:
    if value == NOTHING:
        return Outcome("none", "", assumed, value)
    if isinstance(value, Quantity) and value.number is not None:
        return Outcome("number", repr(value.number), assumed, value)
    return Outcome("unknown", "", assumed, value)


def execute(text: str, *times: float, name: str = "f") -> list[Outcome]:
    """Calls the function of that name at each time, in CPython."""
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(textwrap.dedent(text), "schedule.py", "exec"), names)
    return [_executed(names[name], time) for time in times]


def _executed(function: Callable[[float], Any], time: float) -> Outcome:
    try:
        value = function(time)
    except Exception as error:
        return Outcome("raised", type(error).__name__)
    if value is None:
        return Outcome("none")
    return Outcome("number", repr(value)) if isinstance(value, (int, float, complex)) else Outcome("unknown")


def contradicts(ours: Outcome, truth: Outcome) -> bool:
    """Whether the interpreter claims something that is not so; saying that it does not know is no claim."""
    if ours.kind in {"unknown", "budget"} or ours.assumed:
        return False
    return (ours.kind, ours.text) != (truth.kind, truth.text)
