"""What a file does not let pass: assertions, and conditions under which it gives up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.reach import names_mentioned
from lr_lint.semantics.machine.dead_ends import gives_up


@dataclass(frozen=True, slots=True)
class Guards:
    """What one file checks before it goes on."""

    module: Module

    def hold(self, spellings: Collection[str]) -> bool:
        """Whether one of some values is checked, by its last name, so that it may not be all that it could."""
        names = {spelling.rpartition(".")[2] for spelling in spellings}
        tests = map(_checked_by, self.module.scopes.index.among((cst.Assert, cst.If)))
        return any(test is not None and not names.isdisjoint(names_mentioned(test)) for test in tests)


def _checked_by(node: cst.CSTNode) -> cst.BaseExpression | None:
    if isinstance(node, cst.Assert):
        return node.test
    return node.test if isinstance(node, cst.If) and gives_up(node.body.body, frozenset()) else None
