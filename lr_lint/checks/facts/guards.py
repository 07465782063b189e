"""What a file does not let pass: assertions, and conditions under which it gives up."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.reach import names_mentioned
from lr_lint.semantics.machine.dead_ends import gives_up


def is_guarded(module: Module, spellings: Collection[str]) -> bool:
    """Whether a file checks one of some values, by its last name, and does not go on with all that it may be."""
    names = {spelling.rpartition(".")[2] for spelling in spellings}
    tests = (_checked_by(node) for node in module.scopes.index.nodes)
    return any(test is not None and not names.isdisjoint(names_mentioned(test)) for test in tests)


def _checked_by(node: cst.CSTNode) -> cst.BaseExpression | None:
    if isinstance(node, cst.Assert):
        return node.test
    return node.test if isinstance(node, cst.If) and gives_up(node.body.body, frozenset()) else None
