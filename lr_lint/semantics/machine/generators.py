"""Generator functions: their bodies run from one ``yield`` to the next, as somebody asks for items."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeAlias

import libcst as cst

from lr_lint.project.binders import yields
from lr_lint.semantics.machine.exceptions import enter_handler, handler_of
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.iteration import iterator_over
from lr_lint.semantics.machine.statements import Completion, Ending, run_statement
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.world import World

_Run: TypeAlias = "Generator[Value, None, Completion | None]"
_MOST_TURNS = 20_000


def is_generator(function: cst.FunctionDef, world: World) -> bool:
    """Whether calling a function gives a generator."""
    return any(_yields(statement, world) for statement in function.body.body)


def _yields(node: cst.CSTNode, world: World) -> bool:
    """Whether a ``yield`` of the function around it stands in a node."""
    known = world.memory.yielding.get(node)
    if known is None:
        known = world.memory.yielding[node] = yields([node])
    return known


def generator_of(function: cst.FunctionDef, frame: Frame) -> IteratorValue:
    """What calling a generator function gives: nothing of it has run yet.

    Args:
        function: the function.
        frame: its own, with the arguments.
    """
    made = IteratorValue(frame.world, (), made_by=(function, frame))
    made.items = _Body(made).items(function, frame)
    return made


class _Body:
    """The body of one generator, as far as it has run."""

    def __init__(self, made: IteratorValue) -> None:
        self._made = made

    def items(self, function: cst.FunctionDef, frame: Frame) -> Generator[Value, None, None]:
        """What it yields. Its return value is noted in the generator."""
        try:
            completion = yield from self._block(function.body.body, frame)
        except Raised as raised:
            # https://peps.python.org/pep-0479/
            raise Raised("RuntimeError", raised.basis) if raised.kind == "StopIteration" else raised from None
        if completion is not None:
            self._made.returned = completion.value

    def _block(self, statements: Sequence[cst.CSTNode], frame: Frame) -> _Run:
        for statement in statements:
            if self._made.lost:
                return Completion(Ending.RETURN)
            if not _yields(statement, frame.world):
                completion = run_statement(statement, frame, None)
            else:
                frame.world.spend()
                completion = yield from self._statement(statement, frame)
            if completion is not None:
                return completion
        return None

    def _statement(self, node: cst.CSTNode, frame: Frame) -> _Run:
        if isinstance(node, cst.SimpleStatementLine):
            return (yield from self._block(node.body, frame))
        if isinstance(node, cst.If):
            return (yield from self._if(node, frame))
        if isinstance(node, cst.For):
            return (yield from self._for(node, frame))
        if isinstance(node, cst.While):
            return (yield from self._while(node, frame))
        if isinstance(node, cst.Try) and node.finalbody is None:
            return (yield from self._try(node, frame))
        if isinstance(node, (cst.Expr, cst.Assign)) and isinstance(node.value, cst.Yield):
            given = yield from self._yield(node.value, frame)
            for target in node.targets if isinstance(node, cst.Assign) else ():
                bind_target(target.target, given, frame)
            return None
        return self._lose(frame)

    def _lose(self, frame: Frame) -> Completion:
        """What comes from here on is not followed."""
        self._made.lost = True
        frame.world.doubt("a generator does more than is followed")
        return Completion(Ending.RETURN)

    def _yield(self, node: cst.Yield, frame: Frame) -> Generator[Value, None, Value]:
        if isinstance(node.value, cst.From):
            inner = iterator_over(evaluate(node.value.item, frame), Anchor(frame.module, node), frame)
            yield from inner.steps()
            self._made.lost = self._made.lost or inner.may_miss
            return inner.returned
        self._made.sent = NOTHING
        yield evaluate(node.value, frame) if node.value is not None else NOTHING
        return self._made.sent

    def _if(self, node: cst.If, frame: Frame) -> _Run:
        if truth(evaluate(node.test, frame), node.test, frame):
            return (yield from self._block(node.body.body, frame))
        if isinstance(node.orelse, cst.If):
            return (yield from self._if(node.orelse, frame))
        return (yield from self._block(node.orelse.body.body, frame)) if node.orelse is not None else None

    def _for(self, node: cst.For, frame: Frame) -> _Run:
        over = iterator_over(evaluate(node.iter, frame), Anchor(frame.module, node.iter), frame)
        for item in over.steps():
            bind_target(node.target, item, frame)
            completion = yield from self._block(node.body.body, frame)
            if completion is not None and completion.ending is Ending.RETURN:
                return completion
            if completion is not None and completion.ending is Ending.BREAK:
                return None
        if over.may_miss:
            return self._lose(frame)
        return (yield from self._block(node.orelse.body.body, frame)) if node.orelse is not None else None

    def _while(self, node: cst.While, frame: Frame) -> _Run:
        for _ in range(_MOST_TURNS):
            if not truth(evaluate(node.test, frame), node.test, frame):
                return (yield from self._block(node.orelse.body.body, frame)) if node.orelse is not None else None
            completion = yield from self._block(node.body.body, frame)
            if completion is not None and completion.ending is Ending.RETURN:
                return completion
            if completion is not None and completion.ending is Ending.BREAK:
                return None
        return self._lose(frame)

    def _try(self, node: cst.Try, frame: Frame) -> _Run:
        try:
            completion = yield from self._block(node.body.body, frame)
        except Raised as raised:
            handler = handler_of(node, raised, frame)
            if handler is None:
                raise
            enter_handler(handler, raised, frame)
            return (yield from self._block(handler.body.body, frame))
        if completion is None and node.orelse is not None:
            return (yield from self._block(node.orelse.body.body, frame))
        return completion
