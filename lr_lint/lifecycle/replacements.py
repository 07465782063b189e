"""Whether a variable holds something else by the time that it is used."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import BLOCKS, LOOPS


def is_replaced(module: Module, binding: Binding, since: cst.CSTNode | None, use: cst.CSTNode) -> bool:
    """Whether the variable holds something else by then: another assignment lies between, on every way to the use."""
    if since is None:
        return False
    if not module.is_before(since, use):
        # Another turn of a loop, or another function, may come to it later.
        return function_of(module.path_to(use)) is function_of(module.path_to(since)) and not _share_a_loop(
            module, since, use
        )
    around = module.path_to(use)
    for node in module.scopes.binders(binding):
        if node is since or not (module.is_before(since, node) and module.is_before(node, use)):
            continue
        block = next((each for each in reversed(module.path_to(node)) if isinstance(each, BLOCKS)), None)
        statement = next((each for each in module.path_to(node) if isinstance(each, cst.SimpleStatementLine)), None)
        if block in around and statement not in around:
            return True
    return False


def _share_a_loop(module: Module, first: cst.CSTNode, second: cst.CSTNode) -> bool:
    return any(isinstance(node, LOOPS) and node in module.path_to(second) for node in module.path_to(first))
