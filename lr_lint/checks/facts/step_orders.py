"""Whether every turn of a training loop steps the scheduler before it steps the optimizer for the first time.

The steps may stand in functions that see the two as global variables or attributes, or are given them: within one
file, a call of such a function counts as the step that it makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.lifecycle_events import EarlyStep
from lr_lint.lifecycle.alternatives import excludes
from lr_lint.project.holders import Holders, called_function, function_of
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import BLOCKS, LOOPS, last_name
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import words_of

STEP = "step"
# What functions that train are called, and what those may be called that train a little.
_TRAINING = frozenset({"train", "training", "trainer", "fit", "learn", "epoch", "epochs", "finetune"})
_MAY_TRAIN = _TRAINING | {"warmup", "pretrain", "pretraining", "run", "update", "optimize"}


def is_training(call: cst.Call) -> bool:
    """Whether a function trains, by its name."""
    return not _TRAINING.isdisjoint(words_of(last_name(call.func)))


@dataclass(frozen=True, slots=True)
class Training:
    """Something in a function that steps an optimizer.

    Attributes:
        call: the step, or the call of what makes it.
        function: the function of this file that makes it; None for a step, and for a function of another file.
        confidence: how sure it is that the optimizer is stepped there.
    """

    call: cst.Call
    function: cst.CSTNode | None = None
    confidence: Confidence = Confidence.CERTAIN

    @property
    def is_step(self) -> bool:
        """Whether it is a step of the optimizer itself."""
        return self.function is None and self.confidence is Confidence.CERTAIN


class Trainings:
    """All in one file that steps an optimizer, function by function.

    Attributes:
        holders: the variables that hold the optimizer.
        by_function: what trains in a function (or in the module outside of functions), in source order.
    """

    def __init__(self, holders: Holders) -> None:
        """Find all of it, from the steps outwards to whoever calls for them."""
        self.holders = holders
        self.by_function: dict[cst.CSTNode, list[Training]] = {}
        self._called: set[cst.CSTNode] = set()
        pending = [each for each in holders.variables if self._add(each, self._own(each))]
        while pending:
            function = pending.pop()
            for call in holders.callers(function):
                self._called.add(function)
                caller = function_of(holders.module.path_to(call))
                if self._add(caller, [Training(call, function)]):
                    pending.append(caller)
        for trainings in self.by_function.values():
            trainings.sort(key=lambda training: holders.module.place(training.call))

    def _add(self, function: cst.CSTNode, trainings: Sequence[Training]) -> bool:
        """Notes what trains in a function; whether that is the first that is known of it."""
        is_new = function not in self.by_function and bool(trainings)
        if trainings:
            self.by_function.setdefault(function, []).extend(trainings)
        return is_new

    def _own(self, function: cst.CSTNode) -> list[Training]:
        """The steps in a function, those of a gradient scaler too, and calls of functions of other files."""
        found = [Training(call) for call in self.holders.calls(STEP, function)]
        for call in self.holders.given_to(function):
            name = last_name(call.func)
            if name == STEP:
                found.append(Training(call))
            elif not _MAY_TRAIN.isdisjoint(words_of(name)) and called_function(self.holders.module, call) is None:
                found.append(Training(call, confidence=Confidence.LIKELY if is_training(call) else Confidence.POSSIBLE))
        return found

    @property
    def starts(self) -> list[cst.CSTNode]:
        """The functions that train and are not called by others that do."""
        return [function for function in self.by_function if function not in self._called]

    def innermost(self, training: Training) -> Training:
        """The very step that a call makes first."""
        seen: set[cst.CSTNode] = set()
        while training.function is not None and training.function not in seen:
            seen.add(training.function)
            training = self.by_function[training.function][0]
        return training


def early_step(path: Sequence[cst.CSTNode], scheduler: Holders, trainings: Trainings) -> EarlyStep | None:
    """A step of the scheduler that comes before the first one of the optimizer, wherever training begins.

    Args:
        path: the ancestors of the scheduler's construction.
        scheduler: the variables that hold it.
        trainings: what steps its optimizer.

    Returns:
        None where some function may step the optimizer first, or where that cannot be told.
    """
    order = _Order(path, scheduler, trainings)
    found = [order.early_in(function) for function in trainings.starts]
    return found[0] if found and None not in found else None


@dataclass(frozen=True, slots=True)
class _Order:
    path: Sequence[cst.CSTNode]
    scheduler: Holders
    trainings: Trainings

    def early_in(self, start: cst.CSTNode) -> EarlyStep | None:
        """The step of the scheduler that comes before all training in a function and in what that calls."""
        function: cst.CSTNode | None = start
        seen: set[cst.CSTNode] = set()
        while function is not None and function not in seen:
            seen.add(function)
            first = self.trainings.by_function[function][0]
            before = self._steps_before(first, function)
            if not all(self._catches_up(step, first.call) for step in before):
                return self._early(before, first, function)
            function = first.function
        return None

    def _steps_before(self, first: Training, function: cst.CSTNode) -> list[cst.Call]:
        module = self.scheduler.module
        steps = [step for step in self.scheduler.calls(STEP, function) if module.is_before(step, first.call)]
        return [step for step in steps if not excludes(self.path, step, module)]

    def _catches_up(self, step: cst.Call, training: cst.Call) -> bool:
        """Whether a step is taken in a loop without training, as those are that a resumed run has made already."""
        module = self.scheduler.module
        around = module.path_to(training)
        return any(isinstance(node, LOOPS) and node not in around for node in module.path_to(step))

    def _early(self, before: Sequence[cst.Call], first: Training, function: cst.CSTNode) -> EarlyStep | None:
        """The first of the steps that are taken turn by turn."""
        if first.call in self.scheduler.given_to(function):
            return None
        step = next((each for each in before if not each.args and self._is_repeated(each, first.call, function)), None)
        last = self.trainings.innermost(first)
        if step is None or last.confidence is Confidence.POSSIBLE:
            return None
        module = self.scheduler.module
        return EarlyStep(Anchor(module, step), Anchor(module, last.call), last.confidence)

    def _is_repeated(self, step: cst.Call, training: cst.Call, function: cst.CSTNode) -> bool:
        """Whether a step precedes a training turn by turn: of a loop around both, or of one that calls the function."""
        module = self.scheduler.module
        around = module.path_to(training)
        shared = [node for node in module.path_to(step) if node in around and isinstance(node, LOOPS)]
        if shared and function in module.path_to(shared[-1]):
            return shared[-1] not in self.path and self._is_unconditional(step, shared[-1], around)
        if function in self.path:
            return False
        callers = self.trainings.holders.callers(function)
        calls = [call for call in callers if not excludes(self.path, call, module)]
        if callers and not calls:
            return False
        return self._is_unconditional(step, function) and (not calls or any(map(self._is_in_a_loop, calls)))

    def _is_in_a_loop(self, call: cst.Call) -> bool:
        around = self.scheduler.module.path_to(call)
        return any(isinstance(node, LOOPS) and node not in self.path for node in around)

    def _is_unconditional(self, step: cst.Call, above: cst.CSTNode, around: Sequence[cst.CSTNode] = ()) -> bool:
        """Whether every turn of a loop, or every call of a function, comes to a step.

        What stands around the training too is no condition between the two, as under an accumulation of gradients.
        """
        path = self.scheduler.module.path_to(step)
        inside = path[path.index(above) + 1 :]
        apart = [node for node in inside if node not in around]
        shared = inside[: len(inside) - len(apart)]
        # Where the two part in a condition, they stand in different branches.
        return not isinstance(shared[-1] if shared else above, cst.If) and all(map(_always_runs, apart))


def _always_runs(node: cst.CSTNode) -> bool:
    return isinstance(node, (*BLOCKS, cst.SimpleStatementLine, cst.Expr, cst.With))
