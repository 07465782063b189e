"""The loops around the step of a scheduler, where they have the usual form: what a fix counts by, or moves it to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.fixes.drafts import NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import claim_of
from lr_lint.lifecycle.callers import parameter_of
from lr_lint.project.binders import FUNCTIONS
from lr_lint.project.knowledge import GOING_OVER
from lr_lint.project.modules import Module
from lr_lint.source.tree import LOOPS, dotted_name, last_name, walk

_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class SteppedPlace:
    """A step with what is around it in its function.

    Attributes:
        module: the file.
        call: the step.
        path: what is around it, outermost first, from the function (or the module) on.
    """

    module: Module
    call: cst.Call
    path: tuple[cst.CSTNode, ...]

    @property
    def loops(self) -> list[cst.For | cst.While]:
        """The loops around it, the innermost first."""
        return [node for node in reversed(self.path) if isinstance(node, LOOPS)]

    @property
    def passed(self) -> list[cst.If]:
        """The conditions in the body of the innermost loop that come before it and may go on with the next turn."""
        block = self.loops[0].body if self.loops else None
        statements = block.body if isinstance(block, cst.IndentedBlock) else ()
        before = [each for each in statements if isinstance(each, cst.If) and self.module.is_before(each, self.call)]
        return [each for each in before if each not in self.path and any(map(_goes_on, walk(each.body)))]

    @property
    def line(self) -> cst.SimpleStatementLine | None:
        """The step as a statement that has a line of its own; None where it is none."""
        line = self.path[-2] if len(self.path) > 1 else None
        if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 and isinstance(self.path[-1], cst.Expr):
            return line
        return None

    def holder_of(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The statement, or the module, whose body a node is part of."""
        path = self.module.path_to(node)
        return next((each for each in reversed(path) if not isinstance(each, cst.IndentedBlock)), None)


def _goes_on(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Continue)


def place_of_step(problem: Problem) -> SteppedPlace:
    """The step that a finding about time speaks of.

    Raises:
        NoFixError: if it stands in another file, or nowhere in the code.
    """
    step = claim_of(problem).step
    if step is None or not isinstance(step.node, cst.Call):
        raise NoFixError("no step in the code takes it on")
    if step.module is not problem.construction.module:
        raise NoFixError("it is stepped in another file", path=step.module.path)
    path = step.module.path_to(step.node)
    start = max((at for at, node in enumerate(path) if isinstance(node, FUNCTIONS)), default=0)
    return SteppedPlace(step.module, step.node, path[start:])


def gone_through(loop: cst.CSTNode) -> cst.BaseExpression | None:
    """What a loop goes over, without what only numbers or shows its turns; None where that has no name."""
    iterated = loop.iter if isinstance(loop, cst.For) else None
    while isinstance(iterated, cst.Call) and last_name(iterated.func) in GOING_OVER and iterated.args:
        iterated = iterated.args[0].value
    named = isinstance(iterated, cst.Subscript) or dotted_name(iterated) is not None
    return iterated if named else None


def names_along_calls(module: Module, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """An expression, and if it is a parameter what the only call of the function gives it, and so on outwards."""
    for _ in range(_DEEPEST):
        yield node
        function = next((each for each in reversed(module.path_to(node)) if isinstance(each, FUNCTIONS)), None)
        calls = module.calls().get(function.name.value, ()) if isinstance(function, cst.FunctionDef) else ()
        if not isinstance(function, cst.FunctionDef) or len(calls) != 1:
            return
        given = (_given(module, function, calls[0], at) for at in range(len(calls[0].args)))
        found = next((argument for name, argument in given if name == dotted_name(node)), None)
        if found is None:
            return
        node = found


def _given(module: Module, function: cst.FunctionDef, call: cst.Call, at: int) -> tuple[str | None, cst.BaseExpression]:
    argument = call.args[at]
    keyword = "" if argument.keyword is None else argument.keyword.value
    return parameter_of(module, function, call, at, keyword), argument.value


def count_in(test: cst.BaseExpression) -> cst.BaseExpression | None:
    """The ``k`` of ``(i + 1) % k == 0``, and of its kin; None where there is none, or more than one."""
    if isinstance(test, cst.UnaryOperation):
        return count_in(test.expression)
    if isinstance(test, cst.Comparison):
        return count_in(test.left)
    found = isinstance(test, cst.BinaryOperation) and isinstance(test.operator, cst.Modulo)
    return test.right if found and isinstance(test, cst.BinaryOperation) else None
