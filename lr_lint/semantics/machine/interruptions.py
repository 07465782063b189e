"""Blocks that an exception may leave half-way, where a slice leaves out the statement that raises it.

A slice runs what bears on a name. Whether one of the other statements raises decides all the same which of them are
reached, so that is a condition that the code decides and nobody follows: both cases are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.binders import FUNCTIONS
from lr_lint.semantics.machine.dead_ends import gives_up
from lr_lint.semantics.machine.statements import Completion, run_statement
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
    first, on_purpose = _first_raising(node.body.body), raise_among(node.body.body)
    if first is None or (isinstance(node, cst.Try) and on_purpose is not None and on_purpose[0] == first):
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
    run_up_to(_first_raising(statements), statements, frame, relevant)


def run_up_to(
    end: int | None, statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str]
) -> Completion | None:
    """Runs what stands before a statement, by its position; what has ended the block before."""
    before = {id(statement) for statement in statements[:end]}
    for statement in frame.module.block(statements).bearing_on(relevant):
        completion = run_statement(statement, frame, relevant) if id(statement) in before else None
        if completion is not None:
            return completion
    return None


def raise_among(statements: Sequence[cst.CSTNode]) -> tuple[int, cst.Raise] | None:
    """The first ``raise`` that is a statement of a block by itself, with its position; None where there is none."""
    for at, statement in enumerate(statements):
        part = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if isinstance(part, cst.Raise):
            return at, part
    return None


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
