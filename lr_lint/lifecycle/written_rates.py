"""Rates that code writes into the param groups of an optimizer by itself: ``group["lr"] = 0.1``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.namings import entries_of, key_of, text_of
from lr_lint.semantics.values.containers import INITIAL_RATE, RATE
from lr_lint.source.tree import last_name

_KEYS = frozenset({RATE, INITIAL_RATE})
# What gives the groups that it is given, one by one.
_PASSING = frozenset({"enumerate", "zip", "list", "reversed", "tuple"})
_SETTING = frozenset({"update", "setdefault"})
_DEEPEST = 3


def writes_to(module: Module, groups: cst.CSTNode, depth: int = 0) -> Iterator[tuple[cst.CSTNode, str]]:
    """Where rates are written into the groups that an expression gives, each with its key.

    Args:
        module: the file.
        groups: the expression, as ``optimizer.param_groups``.
        depth: through how many variables and calls it was followed already.
    """
    path = module.path_to(groups)
    parent = path[-1]
    if depth > _DEEPEST:
        return
    if isinstance(parent, cst.Subscript) and parent.value is groups:
        yield from _of_group(module, parent)
        yield from _bound(module, parent, module.path_to(parent)[-1])
    elif isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is groups:
        yield from _of_names_in(module, parent.target)
    elif isinstance(parent, cst.Arg) and isinstance(path[-2], cst.Call) and last_name(path[-2].func) in _PASSING:
        yield from writes_to(module, path[-2], depth + 1)
    elif isinstance(parent, cst.Assign) and parent.value is groups:
        for use in _uses(module, [each.target for each in parent.targets]):
            yield from writes_to(module, use, depth + 1)


def _bound(module: Module, group: cst.CSTNode, statement: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, str]]:
    """``group = optimizer.param_groups[0]``."""
    if isinstance(statement, cst.Assign) and statement.value is group:
        for target in statement.targets:
            yield from _of_names_in(module, target.target)


def _of_names_in(module: Module, target: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, str]]:
    names = [target] if isinstance(target, cst.Name) else []
    if isinstance(target, (cst.Tuple, cst.List)):
        names = [each.value for each in target.elements if isinstance(each.value, cst.Name)]
    for use in _uses(module, names):
        yield from _of_group(module, use)


def _uses(module: Module, targets: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    for target in targets:
        binding = module.scopes.resolve(target.value, target) if isinstance(target, cst.Name) else None
        if binding is not None:
            yield from module.scopes.uses(binding)


def _of_group(module: Module, group: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, str]]:
    """What is written where an expression gives one group."""
    path = module.path_to(group)
    parent = path[-1]
    if isinstance(parent, cst.Subscript) and parent.value is group:
        key = key_of(parent)
        if key in _KEYS and module.assigned_by(parent) is not None:
            yield parent, str(key)
    elif isinstance(parent, cst.Attribute) and parent.value is group and parent.attr.value in _SETTING:
        call = path[-2]
        if isinstance(call, cst.Call) and call.func is parent:
            yield from ((call, key) for key in _set_by(call))


def _set_by(call: cst.Call) -> Iterator[str]:
    """The keys of rates that ``update`` or ``setdefault`` sets."""
    given = [name for name, _ in entries_of(call)]
    for argument in call.args[:1]:
        given += [name for name, _ in entries_of(argument.value)]
        given += [text_of(argument.value) or ""]
    yield from (key for key in given if key in _KEYS)
