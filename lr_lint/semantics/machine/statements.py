"""Running statements, all of them or those that bear on some names.

What runs each kind of LibCST node declares itself by `runs`, in a module of its subject. `interpreter` loads
these, and nobody has a world without it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import libcst as cst

from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.context import Anchor, Frame

Runner: TypeAlias = "Callable[[Any, Frame, frozenset[str] | None], Completion | None]"


class Ending(enum.Enum):
    """How a block of statements can end other than by running out."""

    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class Completion:
    """The end of a block: how, with which value, from which returned expression."""

    ending: Ending
    value: Value = NOTHING
    place: Anchor | None = None


_RUNNERS: dict[type[cst.CSTNode], Runner] = {}


def runs(*kinds: type[cst.CSTNode]) -> Callable[[Runner], Runner]:
    """Declares what runs statements of some kinds, once the module that does so is loaded."""

    def declare(runner: Runner) -> Runner:
        _RUNNERS.update(dict.fromkeys(kinds, runner))
        return runner

    return declare


def run_block(
    statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str] | None = None
) -> Completion | None:
    """Runs statements in order, those that bear on ``relevant`` only where that is given."""
    chosen = statements if relevant is None else frame.module.block(statements).bearing_on(relevant)
    with frame.world.coverage.within(statements) as at:
        for statement in chosen:
            at(statement)
            completion = run_statement(statement, frame, relevant)
            if completion is not None:
                return completion
    return None


def run_statement(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """Runs one statement."""
    frame.world.spend()
    frame.world.coverage.statements.add(statement)
    if type(statement) is cst.SimpleStatementLine:
        alone = len(statement.body) == 1
        return (
            run_statement(statement.body[0], frame, relevant) if alone else run_block(statement.body, frame, relevant)
        )
    runner = _RUNNERS.get(type(statement))
    if runner is None:
        frame.world.coverage.cut(Anchor(frame.module, statement), "what this statement does is not followed")
        return None
    return runner(statement, frame, relevant)
