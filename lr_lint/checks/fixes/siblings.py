"""A scheduler's sibling, which multiplies the initial lr instead of the previous one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.project.modules import Module
from lr_lint.source.tree import last_name, walk

_IMPORTS = "imports and names of"


def sibling_changes(problem: Problem) -> Iterator[Change]:
    """What makes a construction one of the sibling that multiplies the initial lr.

    Raises:
        NoFixError: if the scheduler is called by another name than its own.
    """
    contract, function = problem.construction.contract, problem.construction.call.func
    short = contract.of_initial.rpartition(".")[2]
    if not short or last_name(function) != contract.short_name:
        raise NoFixError("the scheduler goes by another name here")
    if isinstance(function, cst.Attribute):
        yield Change(function.attr, instead=short)
    elif isinstance(function, cst.Name):
        yield Change(function, instead=short)
        yield from _import_of(short, function, problem)


def _import_of(short: str, function: cst.Name, problem: Problem) -> Iterator[Change]:
    """What has to be imported for a name to mean the sibling of a scheduler."""
    module = problem.construction.module
    if short in module.locals_of(module.tree):
        return
    aliases, others = _imports_and_names(function.value, module)
    if not aliases:
        if module.star_imports():
            return
        raise NoFixError(f"{short} is not imported")
    for alias in aliases:
        # The alias and this call are two; whoever else uses the name still needs it.
        keeps = len(others) > len(aliases) + 1
        yield Change(alias.name, before=f"{short}, ") if keeps else Change(alias.name, instead=short)


def _imports_and_names(name: str, module: Module) -> tuple[list[cst.ImportAlias], list[cst.Name]]:
    """What imports a name as it is, and all nodes that are that name; found once for a file."""

    def find() -> tuple[list[cst.ImportAlias], list[cst.Name]]:
        nodes = list(walk(module.tree))
        statements = (node for node in nodes if isinstance(node, cst.ImportFrom))
        aliases = [
            alias
            for statement in statements
            if not isinstance(statement.names, cst.ImportStar)
            for alias in statement.names
            if alias.asname is None and alias.name.value == name
        ]
        return aliases, [node for node in nodes if isinstance(node, cst.Name) and node.value == name]

    return module.once((_IMPORTS, name), find)
