"""Whether every turn of a training loop steps the scheduler before it steps the optimizer for the first time.

The steps may stand in functions that see the two as global variables or attributes, or are given them: within one
file, a call of such a function counts as the step that it makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.bindings import Module
from lr_lint.project.holders import Holders, called_function, function_of, in_order
from lr_lint.semantics.values import Anchor
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.lifecycles import EarlyStep
from lr_lint.vocabulary.names import words_of

STEP = "step"
BLOCKS = (cst.Module, cst.IndentedBlock, cst.SimpleStatementSuite)
_LOOPS = (cst.For, cst.While)
# What functions that train are called.
TRAINING = frozenset({"train", "training", "trainer", "fit", "learn", "epoch", "epochs", "finetune"})

# What functions may be called that train a little.
_MAY_TRAIN = TRAINING | {"warmup", "pretrain", "pretraining", "run", "update", "optimize"}


def is_training(call: cst.Call) -> bool:
    """Whether a function trains, by its name."""
    return not TRAINING.isdisjoint(words_of(last_name(call.func)))


def steps_in(function: cst.CSTNode, optimizer: Holders) -> list[cst.Call]:
    """The steps of an optimizer in a function, those that a gradient scaler makes among them."""
    scaled = [call for call in optimizer.given_to(function) if last_name(call.func) == STEP]
    return in_order(optimizer.module, [*optimizer.calls(STEP, function), *scaled])


def early_step(path: Sequence[cst.CSTNode], scheduler: Holders, optimizer: Holders) -> EarlyStep | None:
    """A step of the scheduler that comes before the first one of the optimizer, wherever training begins.

    Args:
        path: the ancestors of the scheduler's construction.
        scheduler: the variables that hold it.
        optimizer: those that hold its optimizer.

    Returns:
        None where some function may step the optimizer first, or where that cannot be told.
    """
    return _Orders(optimizer.module, path, scheduler, optimizer).early()


@dataclass(frozen=True, slots=True)
class _Training:
    """Something in a function that steps the optimizer.

    Attributes:
        call: the step, or the call of what makes it.
        function: the function of this file that makes it; None for a step, and for a function of another file.
        confidence: how sure it is that the optimizer is stepped there.
    """

    call: cst.Call
    function: cst.CSTNode | None = None
    confidence: Confidence = Confidence.CERTAIN


class _Orders:
    def __init__(self, module: Module, path: Sequence[cst.CSTNode], scheduler: Holders, optimizer: Holders) -> None:
        self.module, self.path = module, path
        self.scheduler, self.optimizer = scheduler, optimizer
        self.trainings: dict[cst.CSTNode, list[_Training]] = {}
        self.called: set[cst.CSTNode] = set()
        pending = [each for each in optimizer.spellings if self._add(each, self._own(each))]
        while pending:
            function = pending.pop()
            for call in optimizer.callers(function):
                caller = function_of(module.path_to(call))
                self.called.add(function)
                if self._add(caller, [_Training(call, function)]):
                    pending.append(caller)

    def _add(self, function: cst.CSTNode, trainings: Sequence[_Training]) -> bool:
        """Notes what trains in a function; whether that is the first that is known of it."""
        known = function in self.trainings
        if trainings:
            self.trainings.setdefault(function, []).extend(trainings)
        return not known and bool(trainings)

    def _own(self, function: cst.CSTNode) -> list[_Training]:
        steps = [_Training(step) for step in steps_in(function, self.optimizer)]
        elsewhere = [
            _Training(call, confidence=Confidence.LIKELY if is_training(call) else Confidence.POSSIBLE)
            for call in self.optimizer.given_to(function)
            if not _MAY_TRAIN.isdisjoint(words_of(last_name(call.func))) and called_function(self.module, call) is None
        ]
        return [*steps, *elsewhere]

    def early(self) -> EarlyStep | None:
        """See `early_step`."""
        starts = [function for function in self.trainings if function not in self.called]
        found = [self._first(function, ()) for function in starts]
        return found[0] if found and None not in found else None

    def _first(self, function: cst.CSTNode, around: Sequence[cst.CSTNode]) -> EarlyStep | None:
        """The step of the scheduler that comes before the first training in a function.

        Args:
            function: one that trains.
            around: the functions that have led to it.
        """
        first = self._first_training(function)
        steps = self.scheduler.calls(STEP, function)
        before = [step for step in steps if self.module.is_before(step, first.call)]
        handled = first.call in self.scheduler.given_to(function)
        for step in before:
            if not step.args and not handled and self._is_repeated(step, first.call, function):
                last = self._innermost(first, ())
                early = EarlyStep(Anchor(self.module, step), Anchor(self.module, last.call), last.confidence)
                return early if early.confidence > Confidence.POSSIBLE else None
        if before or first.function is None or first.function in around:
            return None
        return self._first(first.function, (*around, function))

    def _first_training(self, function: cst.CSTNode) -> _Training:
        trainings = self.trainings[function]
        call = in_order(self.module, [each.call for each in trainings])[0]
        return next(each for each in trainings if each.call is call)

    def _is_repeated(self, step: cst.Call, training: cst.Call, function: cst.CSTNode) -> bool:
        """Whether a step precedes a training turn by turn: of a loop around both, or of one that calls the function."""
        around = self.module.path_to(training)
        inner = [node for node in self.module.path_to(step) if node in around and isinstance(node, _LOOPS)]
        loop = inner[-1] if inner and function in self.module.path_to(inner[-1]) else None
        if loop is not None:
            return loop not in self.path and self._is_unconditional(step, loop)
        if function in self.path:
            return False
        calls = self.optimizer.callers(function)
        return self._is_unconditional(step, function) and (not calls or any(map(self._is_in_a_loop, calls)))

    def _is_in_a_loop(self, call: cst.Call) -> bool:
        return any(isinstance(node, _LOOPS) and node not in self.path for node in self.module.path_to(call))

    def _is_unconditional(self, step: cst.Call, above: cst.CSTNode) -> bool:
        """Whether every turn of a loop, or every call of a function, comes to a step."""
        path = self.module.path_to(step)
        inside = path[path.index(above) + 1 :]
        return all(isinstance(node, (*BLOCKS, cst.SimpleStatementLine, cst.Expr, cst.With)) for node in inside)

    def _innermost(self, training: _Training, around: Sequence[cst.CSTNode]) -> _Training:
        """The very step that a call makes."""
        function = training.function
        if function is None or function in around:
            return training
        return self._innermost(self._first_training(function), (*around, function))
