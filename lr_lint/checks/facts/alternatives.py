"""Code that does not run where other code has run: the branches of conditions on what does not change in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.source.tree import code_of, walk


def excludes(path: Sequence[cst.CSTNode], node: cst.CSTNode, module: Module) -> bool:
    """Whether a node stands in a branch that is not taken where the code at the end of a path runs.

    Args:
        path: that code's ancestors, outermost first.
        node: another one of the same file.
        module: the file.
    """
    taken = dict(_conditions(path, module))
    return any(taken.get(test) is (not truth) for test, truth in _conditions((*module.path_to(node), node), module))


def _conditions(path: Sequence[cst.CSTNode], module: Module) -> Iterator[tuple[str, bool]]:
    """The tests of the conditions on a path, as they are spelled, with what they come to on it."""
    for outer, inner in pairwise(path):
        if isinstance(outer, cst.If) and inner is not outer.test:
            test, truth = outer.test, inner is outer.body
            while isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
                test, truth = test.expression, not truth
            if _stays(test, module):
                yield code_of(test), truth


def _stays(test: cst.BaseExpression, module: Module) -> bool:
    """Whether all that a test reads is a variable that is bound once."""
    for node in walk(test):
        if isinstance(node, (cst.Call, cst.Await, cst.NamedExpr)):
            return False
        if isinstance(node, cst.Name):
            binding = module.scopes.resolve(node.value, node)
            if binding is None or len(module.scopes.binders(binding)) > 1:
                return False
    return True
