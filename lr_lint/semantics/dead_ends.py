"""Blocks that give up: whoever gets there raises an exception, or ends the process."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.source.tree import dotted_name

_ENDING_CALLS = frozenset({"exit", "quit", "sys.exit", "os._exit", "os.abort"})
_FALSE = frozenset({"False", "0"})


def gives_up(statements: Sequence[cst.CSTNode]) -> bool:
    """Whether a block gives up for certain, by one of its own statements."""
    for statement in statements:
        parts = statement.body if isinstance(statement, cst.SimpleStatementLine) else [statement]
        if any(_ends_everything(part) for part in parts):
            return True
    return False


def _ends_everything(statement: cst.CSTNode) -> bool:
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call):
        return dotted_name(statement.value.func) in _ENDING_CALLS
    if isinstance(statement, cst.Assert):
        return isinstance(statement.test, (cst.Name, cst.Integer)) and statement.test.value in _FALSE
    return isinstance(statement, cst.Raise)
