"""Blocks that an exception may leave half-way, where a slice leaves out the statement that raises it.

A slice runs what bears on a name. Whether one of the other statements raises decides all the same which of them are
reached, so that is a condition that the code decides and nobody follows: both cases are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.binders import FUNCTIONS
from lr_lint.semantics.machine.dead_ends import gives_up
from lr_lint.semantics.machine.statements import run_statement
from lr_lint.semantics.values.context import Frame
from lr_lint.source.tree import children, dotted_name
from lr_lint.vocabulary import paths

# What may raise; names, numbers and what assigns them do not.
_RAISING = (cst.Call, cst.Subscript, cst.Attribute, cst.Raise, cst.Assert, cst.Del, cst.Await)
_DIVIDING = (cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power)
# Exceptions that end a program, or that are asked about where imports are.
_OTHERS = frozenset({"KeyboardInterrupt", "SystemExit", "GeneratorExit", "ImportError", "ModuleNotFoundError"})


def is_interrupted(node: cst.Try | cst.With, frame: Frame) -> bool:
    """Whether a world has it that an exception leaves a block that may be left so and is gone on after."""
    if _first_raising(node.body.body) is None:
        return False
    frame.world.seen.forgot = True
    return frame.world.assume(paths.case("exception", node), first=False)


def falling_through(node: cst.Try, relevant: frozenset[str]) -> cst.ExceptHandler | None:
    """The first handler after which the code goes on; None where no exception is survived."""
    for handler in node.handlers:
        named = _names_of(handler.type)
        if not (named and named <= _OTHERS) and not gives_up(handler.body.body, relevant):
            return handler
    return None


def run_up_to_interruption(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str]) -> None:
    """Runs what stands before the first statement that may raise."""
    end = _first_raising(statements)
    before = {id(statement) for statement in statements[:end]}
    for statement in frame.module.block(statements).bearing_on(relevant):
        if id(statement) in before:
            run_statement(statement, frame, relevant)


def _names_of(kind: cst.BaseExpression | None) -> set[str]:
    kinds = [element.value for element in kind.elements] if isinstance(kind, cst.Tuple) else [kind]
    return {dotted_name(each) or "" for each in kinds if each is not None}


def _first_raising(statements: Sequence[cst.CSTNode]) -> int | None:
    return next((at for at, statement in enumerate(statements) if _may_raise(statement)), None)


def _may_raise(statement: cst.CSTNode) -> bool:
    stack = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, (*_RAISING, *_DIVIDING)):
            return True
        if not isinstance(node, (*FUNCTIONS, cst.ClassDef, cst.Import, cst.ImportFrom)):
            stack += children(node)
    return False
