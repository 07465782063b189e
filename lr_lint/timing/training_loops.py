"""What trains: which loops go backwards or move an optimizer in each turn, by themselves or by what they call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.project.knowledge import BACKWARD, STEP
from lr_lint.project.modules import Module
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.source.tree import last_name, variables_in, walk
from lr_lint.timing.loops import AnyLoop, Loop, Turn, loop_of
from lr_lint.vocabulary.names import OPTIMIZER_WORDS, words_of

_DEEPEST = 3
# Words in the names of optimizers, and of what steps one, and in those of schedulers.
_OF_OPTIMIZERS = OPTIMIZER_WORDS | {"scaler"}
_OF_SCHEDULERS = frozenset({"sched", "scheduler", "schedulers", "lr", "env", "profiler", "prof"})
_NEVER_TRAINS = frozenset(
    "print len range enumerate zip int float str min max sum append format item to cuda cpu eval save load_state_dict "
    "state_dict zero_grad open join isinstance getattr setattr log info mean get_last_lr".split()
)


@dataclass(frozen=True, slots=True)
class Trainings:
    """Which loops around a step of a schedule train.

    Attributes:
        step: the step, which moves no optimizer whatever its name.
        evaluator: the world of the schedule's construction.
    """

    step: cst.Call
    evaluator: Evaluator

    def trains(self, loop: Loop) -> bool:
        """Whether the turns of a loop train."""
        return self._is_training(loop.module, body_of(loop.module, loop.node), _DEEPEST)

    def loops_within(self, loop: Loop) -> Iterator[Loop]:
        """The loops over data that a turn of a loop runs for training."""
        yield from self._data_loops(loop.module, body_of(loop.module, loop.node), _DEEPEST)

    def holds_batches(self, loop: Loop) -> bool:
        """Whether each item that a loop goes over is gone through for training in turn: data of a task, of a client."""
        body = body_of(loop.module, loop.node)
        inner = (node for node in walk(body) if type(node) is cst.For and node is not loop.node)
        return any(
            not variables_in(node.iter).isdisjoint(loop.targets) and self._is_training(loop.module, node.body, 1)
            for node in inner
        )

    def steps_an_optimizer(self, module: Module, call: cst.Call) -> bool:
        """Whether a call steps an optimizer, by what it is called on."""
        function = call.func
        if call is self.step or not isinstance(function, cst.Attribute) or function.attr.value != STEP:
            return False
        words = frozenset(words_of(last_name(function.value)))
        if not words.isdisjoint(_OF_OPTIMIZERS):
            return True
        if call.args or not words.isdisjoint(_OF_SCHEDULERS):
            return False
        return isinstance(self.evaluator.value_of(module, function.value), Optimizer)

    def _is_training(self, module: Module, body: cst.CSTNode, depth: int) -> bool:
        """Whether some code goes backwards, or a function of the project that it calls."""
        return any(type(node) is cst.Call and self._goes_backwards(module, node, depth) for node in walk(body))

    def _goes_backwards(self, module: Module, call: cst.Call, depth: int) -> bool:
        if last_name(call.func) in BACKWARD or self.steps_an_optimizer(module, call):
            return True
        entered = self.evaluator.named_definition_of(module, call) if depth and _may_train(call) else None
        return entered is not None and self._is_training(entered[0], entered[1].body, depth - 1)

    def _data_loops(self, module: Module, body: cst.CSTNode, depth: int) -> Iterator[Loop]:
        for node in walk(body):
            if isinstance(node, (cst.For, cst.While, cst.CompFor)):
                if self._is_training(module, body_of(module, node), 1):
                    found = loop_of(module, node, self.evaluator)
                    if found is not None and found.turn is not Turn.PHASE:
                        yield found
            elif isinstance(node, cst.Call) and depth and _may_train(node):
                entered = self.evaluator.named_definition_of(module, node)
                if entered is not None:
                    self.evaluator.pin(module, node)
                    yield from self._data_loops(entered[0], entered[1].body, depth - 1)


def _may_train(call: cst.Call) -> bool:
    name = last_name(call.func)
    return bool(name) and name not in _NEVER_TRAINS and not name[0].isupper()


def body_of(module: Module, loop: AnyLoop) -> cst.CSTNode:
    """What is done turn by turn; of a comprehension what is around its loop."""
    return module.path_to(loop)[-1] if isinstance(loop, cst.CompFor) else loop.body
