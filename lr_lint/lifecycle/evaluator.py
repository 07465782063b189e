"""Values along one way through a program: a world in which the callers of functions are those on the way.

The construction is evaluated first, so that the conditions under which the scheduler is made hold for all that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import libcst as cst

from lr_lint.lifecycle.callees import Callees, Definition
from lr_lint.lifecycle.events import Crossing
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.rate_sources import measure
from lr_lint.semantics.machine.arithmetic import multiply_quantities
from lr_lint.semantics.machine.class_members import CONSTRUCTOR, find_method
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import Users, new_world, nobody
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.world import BudgetExceeded, World
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.source.tree import last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

_Result = TypeVar("_Result")
# What may be spent on the way to the construction, on one expression, and on all of it together, in steps of the
# interpreter.
_STEPS_TO_THERE = 12_000
_STEPS_FOR_ONE = 4_000
_STEPS = 25_000
# How many calls are evaluated to know what they enter.
_MOST_LOOKED_UP = 6
# In how many cases a condition is asked.
_MOST_CASES = 16
# What has variables of its own in an expression.
_SCOPES = (cst.Lambda, cst.BaseComp)


class Evaluator:
    """The world of one construction.

    Attributes:
        construction: where the scheduler is constructed.
        project: the files around it, as many as may be opened.
        blind: whether no code is run at all.
        callers: for functions that somebody has asked about the calls that enter them.
        guessed: the calls of which only a name tells what they enter.
    """

    def __init__(
        self, construction: Construction, steps: int, *, blind: bool = False, pinned: Iterable[Crossing] = ()
    ) -> None:
        """Nothing is run yet.

        Args:
            construction: where the scheduler is constructed.
            steps: what may be spent.
            blind: whether no code is run at all: then all values are unknown, and only names tell.
            pinned: the calls that lead to the construction, where others would too.
        """
        self.blind = blind
        self._pinned = tuple(pinned)
        self.construction = construction
        self.project = construction.project.within(construction.budget.files)
        self.callers: dict[cst.FunctionDef, list[Crossing]] = {}
        self.guessed: set[cst.Call] = set()
        self._callees = Callees(self.project)
        self._looked_up = 0
        self._left = min(steps, _STEPS)
        self._frames: dict[cst.CSTNode, Frame | None] = {}
        # What the construction is given is evaluated where that stands, as long as nothing else is supposed.
        self._here: Frame | None = None
        # What the way to the construction has decided.
        self._fixed: dict[AccessPath, bool] = {}
        self._users: Users = self.project.users
        self._world = self._new_world(self._users)

    @cached_property
    def frame(self) -> Frame | None:
        """That of the construction; None where the code raises before it, or following it takes too long."""
        # Callers in other files may lead through half of the project; then it has to do without them.
        is_in_a_function = function_of(self.construction.path) is not self.construction.path[0]
        for users in (self.project.users, nobody) if is_in_a_function else (nobody,):
            self._users, self._world = users, self._new_world(users)
            self._suppose_anew()
            frame = self._here = self._attempt(self._at_the_construction, _STEPS_TO_THERE)
            if frame is not None:
                assumptions = self._world.assumptions
                supposed = {condition for condition, _ in assumptions.choices} - assumptions.constrained
                self._fixed = {key: holds for key, holds in assumptions.decisions.items() if key not in supposed}
                return frame
        return None

    def _new_world(self, users: Users) -> World:
        world = new_world(ASSUMED_COUNTS[0], self.project, users, self.construction.module)
        for each in self._pinned:
            _pin(each.module, each.call, world.assumptions.decisions)
        return world

    def pin(self, module: Module, call: cst.Call) -> None:
        """Take a call to be the one by which a function is entered."""
        for decisions in (self._world.assumptions.decisions, self._fixed):
            _pin(module, call, decisions)
        self._suppose_anew()

    def _suppose_anew(self) -> None:
        self._frames.clear()
        self._here = None

    def value_of(self, module: Module, node: cst.BaseExpression) -> Value | None:
        """The value of an expression where it stands; None where that cannot be told."""
        frame = self.frame_of(module, node)
        return None if frame is None else self._attempt(lambda: force(evaluate(node, frame)))

    def key_of(self, module: Module, node: cst.BaseExpression) -> AccessPath | None:
        """The identity of what an expression gives where it stands; None where it has none, or that cannot be told."""
        value = self.value_of(module, node)
        return None if value is None else key_of(value)

    def frame_of(self, module: Module, node: cst.CSTNode) -> Frame | None:
        """The variables where a node stands; None where the code raises before it, or it takes too long."""
        if self.blind:
            return None
        if node not in self._frames:
            path = module.path_to(node)
            is_given = self._here is not None and _stands_in(self.construction.call, path)
            there = self._here if is_given else self._attempt(lambda: frame_at(module, node, path, self._world))
            self._frames[node] = there
        return self._frames[node]

    def holds(self, module: Module, test: cst.BaseExpression) -> bool | None:
        """Whether a condition holds; None where nothing on the way to the construction has decided it.

        What is supposed on the way to the condition itself may be otherwise: it holds if it does so in each case.
        """
        if self.blind or self.frame is None:
            return None
        waiting: list[dict[AccessPath, bool]] = [{}]
        answers = set[bool | None]()
        for _ in range(_MOST_CASES):
            supposed = waiting.pop()
            wanted = {**self._fixed, **supposed}
            if self._world.assumptions.decisions != wanted:
                self._begin_anew(wanted)
            answers.add(self._answer(module, test))
            if len(answers) > 1 or None in answers:
                return None
            made = [each for each in self._world.assumptions.choices if each[0] not in wanted]
            waiting += ({**supposed, **dict(made[:at]), each: not holds} for at, (each, holds) in enumerate(made))
            if not waiting:
                return answers.pop()
        return None

    def _answer(self, module: Module, test: cst.BaseExpression) -> bool | None:
        frame = self.frame_of(module, test)
        return None if frame is None else self._attempt(lambda: truth(evaluate(test, frame), test, frame))

    def _begin_anew(self, decisions: Mapping[AccessPath, bool]) -> None:
        """Takes a world in which nothing is decided but what is given: what was computed may rest on more."""
        self._world = self._new_world(self._users)
        self._world.assumptions.decisions.update(decisions)
        self._suppose_anew()

    def named_definition_of(self, module: Module, call: cst.Call) -> tuple[Module, cst.FunctionDef] | None:
        """The function of the project that a call enters, as far as names tell."""
        return self._callees.entered(module, call)

    def definition_of(self, module: Module, call: cst.Call) -> tuple[Module, cst.FunctionDef] | None:
        """The function of the project that a call enters: a function, a method, a constructor."""
        known = self.named_definition_of(module, call)
        if known is not None:
            return known
        if self._callees.is_elsewhere(module, call) or self._looked_up >= _MOST_LOOKED_UP:
            return None
        self._looked_up += 1
        callee = self.value_of(module, call.func)
        if isinstance(callee, Bound):
            callee = callee.function
        if isinstance(callee, ClassValue):
            cls = callee
            method = self._attempt(lambda: find_method(cls, CONSTRUCTOR))
            return None if method is None else (method[1].frame.module, method[0])
        if isinstance(callee, Function) and isinstance(callee.node, cst.FunctionDef):
            return callee.frame.module, callee.node
        return None

    def line_of(self, module: Module, cls: cst.ClassDef) -> list[Definition]:
        """A class with its bases in the project, the class itself first."""
        return self._callees.line_of(module, cls)

    def line_constructed(self, module: Module, call: cst.Call) -> list[Definition]:
        """The class of the project that a call constructs, with its bases; empty where it is none, as names tell."""
        function = call.func
        found = self._callees.definition(module, function.value, call) if isinstance(function, cst.Name) else None
        return self.line_of(found[0], found[1]) if found is not None and isinstance(found[1], cst.ClassDef) else []

    def product_of(self, left: Value, right: Value) -> Value | None:
        """What two values give that are multiplied by one another; None where that cannot be told."""
        frame, anchor = self.frame, self.construction.anchor
        if frame is None:
            return None

        def multiplied() -> Value:
            one, other = (measure(each, frame.world, anchor) for each in (left, right))
            return multiply_quantities(one, other, frame.world)

        return self._attempt(multiplied)

    def _at_the_construction(self) -> Frame:
        here = self.construction
        return frame_at(here.module, here.call, here.path, self._world)

    def _attempt(self, work: Callable[[], _Result], most: int = _STEPS_FOR_ONE) -> _Result | None:
        self._world.steps = granted = min(self._left, most)
        try:
            return work()
        except (Raised, BudgetExceeded, RecursionError):
            return None
        finally:
            self._left -= granted - max(0, self._world.steps)


def _pin(module: Module, call: cst.Call, decisions: dict[AccessPath, bool]) -> None:
    for other in module.calls().get(last_name(call.func), ()):
        decisions[paths.caller(other)] = other is call


def _stands_in(call: cst.Call, path: Sequence[cst.CSTNode]) -> bool:
    """Whether a node stands in a call, given by its ancestors, and sees the variables that the call sees."""
    inside = next((path[at:] for at, each in enumerate(path) if each is call), ())
    return bool(inside) and not any(isinstance(each, _SCOPES) for each in inside)
