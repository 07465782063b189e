"""Conditions around a step: whether they always hold, hold every so many turns, or leave open whether it is taken."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.project.knowledge import SCHEDULE_BASES, SKIPPED_UPDATES, SYNCHRONISED
from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.source.tree import LOOPS, code_of, dotted_name, last_name, walk
from lr_lint.timing.loops import counts_turns
from lr_lint.timing.turns import Turns
from lr_lint.vocabulary.contracts import Contract
from lr_lint.vocabulary.quantities import Quantity

_ORDERS = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
_CONDITIONS = (cst.Comparison, cst.BooleanOperation, cst.UnaryOperation)


class Passing(enum.Enum):
    """When a condition lets the step through."""

    ALWAYS = "always"
    NEVER = "never"
    EVERY = "every so many turns"
    UPDATES = "with each update of the optimizer"
    LATER = "from or up to some turn"
    OPEN = "nobody knows when"


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition around a step.

    Attributes:
        passing: when it lets the step through.
        every: of how many turns one does, as a value.
        names: what the turns are counted by.
        stays: whether it holds in each turn, for certain, or how often is what ``every`` says.
        module: its file.
        node: the condition.
    """

    passing: Passing
    module: Module
    node: cst.BaseExpression
    every: Value | None = None
    names: frozenset[str] = frozenset()
    stays: bool = True


class GuardReader:
    """Conditions around the steps of one scheduler."""

    def __init__(self, step: cst.Call, turns: Turns, contract: Contract, evaluator: Evaluator) -> None:
        """Take the step.

        Args:
            step: the step.
            turns: what changes on the way to it.
            contract: that of the scheduler.
            evaluator: the world of its construction.
        """
        receiver = step.func.value if isinstance(step.func, cst.Attribute) else step.func
        self._receiver = code_of(receiver)
        self._contract = contract
        self._turns = turns
        self._evaluator = evaluator

    def read(self, module: Module, test: cst.BaseExpression, expected: bool) -> Guard:
        """A condition that has to hold, or not to."""
        if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
            return self.read(module, test.expression, not expected)
        if isinstance(test, cst.BooleanOperation):
            return self._joined(module, test, expected)
        if isinstance(test, cst.NamedExpr):
            return self.read(module, test.value, expected)
        stored = _stored(module, test)
        if stored is not None:
            return self.read(module, stored, expected)
        return (
            self._of_the_scheduler(module, test, expected)
            or self._of_its_class(module, test, expected)
            or self._of_a_scaler(module, test)
            or self._every(module, test, expected)
            or self._counted_up(module, test, expected)
            or self._other(module, test, expected)
        )

    def _joined(self, module: Module, test: cst.BooleanOperation, expected: bool) -> Guard:
        parts = [self.read(module, each, expected) for each in (test.left, test.right)]
        both = isinstance(test.operator, cst.And) is expected
        order = _STRICTEST if both else _STRICTEST[::-1]
        if not both and any(part.passing is Passing.EVERY for part in parts):
            # ``(i + 1) % k == 0 or i + 1 == len(loader)``: the last one of an epoch is one of many.
            return replace(next(part for part in parts if part.passing is Passing.EVERY), stays=False)
        strictest = min(parts, key=lambda part: order.index(part.passing))
        return replace(strictest, stays=all(part.stays for part in parts))

    def _of_the_scheduler(self, module: Module, test: cst.BaseExpression, expected: bool) -> Guard | None:
        """``if scheduler:``, ``if scheduler is not None:``."""
        if code_of(test) == self._receiver:
            return Guard(Passing.ALWAYS if expected else Passing.NEVER, module, test)
        if isinstance(test, cst.Comparison) and code_of(test.left) == self._receiver and len(test.comparisons) == 1:
            target = test.comparisons[0]
            if dotted_name(target.comparator) == "None":
                says_there = isinstance(target.operator, (cst.IsNot, cst.NotEqual))
                return Guard(Passing.ALWAYS if says_there is expected else Passing.NEVER, module, test)
        return None

    def _of_its_class(self, module: Module, test: cst.BaseExpression, expected: bool) -> Guard | None:
        """``if isinstance(scheduler, StepLR):``."""
        if not isinstance(test, cst.Call) or last_name(test.func) != "isinstance" or len(test.args) != 2:
            return None
        if code_of(test.args[0].value) != self._receiver:
            return None
        named = test.args[1].value
        options = [each.value for each in named.elements] if isinstance(named, cst.Tuple) else [named]
        names = {last_name(option) for option in options}
        fits = not names.isdisjoint({self._contract.short_name, *SCHEDULE_BASES})
        return Guard(Passing.ALWAYS if fits is expected else Passing.NEVER, module, test)

    def _every(self, module: Module, test: cst.BaseExpression, expected: bool) -> Guard | None:
        """``if (i + 1) % k == 0:``, and ``if (i + 1) % k: continue`` before it."""
        whole: cst.BaseExpression = test
        holds_once = not expected
        if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
            whole = test.left
            if not isinstance(test.comparisons[0].operator, (cst.Equal, cst.NotEqual)):
                return None
            holds_once = isinstance(test.comparisons[0].operator, cst.Equal) is expected
        if not isinstance(whole, cst.BinaryOperation) or not isinstance(whole.operator, cst.Modulo) or not holds_once:
            return None
        names = frozenset(each for node in walk(whole.left) for each in [dotted_name(node)] if each is not None)
        return Guard(Passing.EVERY, module, test, self._evaluator.value_of(module, whole.right), names)

    def _counted_up(self, module: Module, test: cst.BaseExpression, expected: bool) -> Guard | None:
        """``waiting += 1`` in each turn, and ``if waiting == k:`` with ``waiting = 0`` in it."""
        around = module.path_to(test)
        chosen, loop = around[-1], next((each for each in reversed(around) if isinstance(each, LOOPS)), None)
        if not expected or not isinstance(chosen, cst.If) or not isinstance(loop, (cst.For, cst.While)):
            return None
        if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
            return None
        target, name = test.comparisons[0], dotted_name(test.left)
        if name is None or not isinstance(target.operator, (cst.Equal, cst.GreaterThanEqual)):
            return None
        if not counts_turns(loop.body, name) or not _begins_anew(chosen.body, name):
            return None
        return Guard(
            Passing.EVERY, module, test, self._evaluator.value_of(module, target.comparator), frozenset({name})
        )

    def _of_a_scaler(self, module: Module, test: cst.BaseExpression) -> Guard | None:
        """``if scaler.get_scale() >= before:``: an update that a scaler of gradients leaves out now and then."""
        asks = any(last_name(each) in SKIPPED_UPDATES for each in walk(test) if isinstance(each, cst.Attribute))
        return Guard(Passing.ALWAYS, module, test, stays=False) if asks else None

    def _other(self, module: Module, test: cst.BaseExpression, expected: bool) -> Guard:
        if last_name(test) in SYNCHRONISED and expected:
            return Guard(Passing.UPDATES, module, test)
        # The world of the construction knows the first turn of a loop alone.
        known = None if self._turns.change(module, test) else self._evaluator.holds(module, test)
        if known is not None:
            passing = Passing.ALWAYS if known is expected else Passing.NEVER
            # A number stays one; what an object is like may be changed by all that know it.
            return Guard(passing, module, test, stays=self._reads_numbers(module, test))
        if isinstance(test, cst.Comparison) and all(isinstance(each.operator, _ORDERS) for each in test.comparisons):
            names = frozenset(each for node in walk(test) for each in [dotted_name(node)] if each is not None)
            return Guard(Passing.LATER, module, test, names=names, stays=False)
        return Guard(Passing.OPEN, module, test, stays=False)

    def _reads_numbers(self, module: Module, test: cst.BaseExpression) -> bool:
        """Whether a condition is made of variables that hold numbers, texts and the like, and of nothing else."""
        nodes = list(walk(test))
        return not any(isinstance(node, (cst.Attribute, cst.Subscript, cst.Call)) for node in nodes) and all(
            isinstance(self._evaluator.value_of(module, node), (Constant, Quantity))
            for node in nodes
            if isinstance(node, cst.Name)
        )


def _begins_anew(block: cst.BaseSuite, name: str) -> bool:
    """Whether a block sets a counter to 0."""
    return any(
        isinstance(node, cst.Assign)
        and isinstance(node.value, cst.Integer)
        and node.value.value == "0"
        and any(dotted_name(each.target) == name for each in node.targets)
        for node in walk(block)
    )


_STRICTEST = [Passing.NEVER, Passing.OPEN, Passing.EVERY, Passing.UPDATES, Passing.LATER, Passing.ALWAYS]


def _stored(module: Module, test: cst.BaseExpression) -> cst.BaseExpression | None:
    """The condition that a variable was given in the same loop: ``is_last = (i + 1) % k == 0``."""
    value = module.only_value_of(test.value, test) if isinstance(test, cst.Name) else None
    if not isinstance(value, _CONDITIONS):
        return None
    loop = next((each for each in reversed(module.path_to(value)) if isinstance(each, LOOPS)), None)
    return value if loop in module.path_to(test) else None
