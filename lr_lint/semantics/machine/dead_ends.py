"""Blocks that give up: whoever gets there does not get to what comes after them."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.effects import LOOP_JUMPS, RETURN
from lr_lint.source.tree import dotted_name

ENDING_CALLS = frozenset({"exit", "quit", "sys.exit", "os._exit", "os.abort"})
_FALSE = frozenset({"False", "0"})


def gives_up(statements: Sequence[cst.CSTNode], relevant: frozenset[str]) -> bool:
    """Whether a block gives up for certain, by one of its own statements: it raises, ends the process, or jumps away.

    Args:
        statements: of the block.
        relevant: the names that are asked for. A jump that is among them is made, and so part of the way.
    """
    for statement in statements:
        parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else [statement]
        if any(_ends_it(part, relevant) for part in parts):
            return True
    return False


def _ends_it(statement: cst.CSTNode, relevant: frozenset[str]) -> bool:
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call):
        return dotted_name(statement.value.func) in ENDING_CALLS
    if isinstance(statement, cst.Assert):
        return isinstance(statement.test, (cst.Name, cst.Integer)) and statement.test.value in _FALSE
    if isinstance(statement, cst.Return):
        return RETURN not in relevant
    if isinstance(statement, (cst.Break, cst.Continue)):
        return relevant.isdisjoint(LOOP_JUMPS)
    return isinstance(statement, cst.Raise)
