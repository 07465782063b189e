"""Which functions of a file become callables of a scheduler, told by names: those that are judged, and run as such."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import libcst as cst

from lr_lint.project.effects import root_of
from lr_lint.project.knowledge import CONTAINER_METHODS
from lr_lint.project.spelled_names import names_given
from lr_lint.source.tree import last_name, walk

# The nodes by which names are given something.
GIVING = (cst.Assign, cst.AnnAssign, cst.NamedExpr, cst.Call, cst.FunctionDef)


def names_scheduled(nodes: Iterable[cst.CSTNode], schedulers: Container[str]) -> frozenset[str]:
    """The names that stand in arguments of schedulers, and those of what is assigned, added or returned there in turn.

    Args:
        nodes: those of a file that are of the classes in ``GIVING``.
        schedulers: the names that stand for schedulers there.
    """
    sources: dict[str, set[str]] = {}
    pending: list[str] = []
    for node in nodes:
        for name, value in _given(node):
            sources.setdefault(name, set()).update(_names_in(value))
        if isinstance(node, cst.Call) and any(name in schedulers for name in names_given(node.func)):
            pending.extend(name for argument in node.args for name in _names_in(argument.value))
    found = set(pending)
    while pending:
        new = sources.get(pending.pop(), set()) - found
        found |= new
        pending.extend(new)
    return frozenset(found)


def _given(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    """Names with what they are given: by assignment, by a method of a container, or as what a function returns."""
    if isinstance(node, (cst.Assign, cst.AnnAssign, cst.NamedExpr)) and node.value is not None:
        targets = [each.target for each in node.targets] if isinstance(node, cst.Assign) else [node.target]
        yield from ((last_name(target), node.value) for target in targets)
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value in CONTAINER_METHODS:
            yield from (((root_of(node.func.value) or "").rpartition(".")[2], each.value) for each in node.args)
    elif isinstance(node, cst.FunctionDef):
        returned = (each.value for each in walk(node.body) if type(each) is cst.Return)
        yield from ((node.name.value, value) for value in returned if value is not None)


def _names_in(node: cst.CSTNode) -> set[str]:
    return {each.value for each in walk(node) if type(each) is cst.Name}
