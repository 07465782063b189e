"""Dicts by which code tells a trainer how to step a schedule: what they have under a key, and whether that is all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from lr_lint.lifecycle.events import Held
from lr_lint.project import namings
from lr_lint.project.holders import function_of
from lr_lint.project.knowledge import INTERVAL, SCHEDULER, SCHEDULER_ENTRY
from lr_lint.project.modules import Module
from lr_lint.project.namings import entries_of, is_dict, items_of, text_of
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import dotted_name, walk

_PER_UPDATE = "step"
# What may stand around a dict, or a variable that holds it, and leaves it as it is.
_HOLDING = (cst.Element, cst.List, cst.Tuple, cst.DictElement, cst.Return, cst.Expr)


def entries_told(
    module: Module, home: cst.FunctionDef, dicts: Iterable[Held], key: str
) -> Iterator[cst.BaseExpression]:
    """What some dicts have under a key, where that is written.

    Args:
        module: the file.
        home: the function around them.
        dicts: the dicts.
        key: the key.
    """
    for held in dicts:
        written = next((value for name, value in entries_of(held.node) if name == key), None)
        found = _assigned_later(home, _names_of(module, held.node), key) or written
        if found is not None:
            yield found


def is_all_written(module: Module, node: cst.CSTNode) -> bool:
    """Whether a dict has what is written in it and what is assigned to its keys, and nothing else."""
    items = items_of(node) if isinstance(node, (cst.Dict, cst.Call)) else ()
    if any(isinstance(each, cst.StarredDictElement) or _is_gathered(each) for each in items):
        return False
    names = _names_of(module, node)
    if not names:
        return _stays(module, node)
    function = function_of(module.path_to(node))
    uses = (each for each in walk(function) if isinstance(each, cst.Name) and each.value in names)
    return all(_stays(module, each) or _is_key_set(module, each) for each in uses)


def is_filled_in(home: cst.FunctionDef) -> bool:
    """Whether a function puts a scheduler into a dict after that was made."""
    targets = (each.target for each in walk(home.body) if isinstance(each, cst.AssignTarget))
    return any(isinstance(each, cst.Subscript) and namings.key_of(each) == SCHEDULER for each in targets)


def misplaced_interval(module: Module, home: cst.FunctionDef, own: Iterable[Held]) -> Anchor | None:
    """An interval "step" in a dict that a function returns and that is none of those that the trainer reads it from."""
    read = {held.node for held in own}
    for node in walk(home.body):
        if is_dict(node) and node not in read:
            keys = dict(entries_of(node))
            if INTERVAL not in keys or SCHEDULER in keys or text_of(keys[INTERVAL]) != _PER_UPDATE:
                continue
            if SCHEDULER_ENTRY in keys or (_stays(module, node) and not _names_of(module, node)):
                return Anchor(module, keys[INTERVAL])
    return None


def _is_gathered(item: cst.CSTNode) -> bool:
    """Whether an argument of ``dict`` is one of which nobody sees the keys."""
    return isinstance(item, cst.Arg) and item.keyword is None


def _names_of(module: Module, node: cst.CSTNode) -> frozenset[str]:
    """The variables that hold what an expression gives."""
    parent = module.path_to(node)[-1]
    targets: list[cst.BaseExpression] = []
    if isinstance(parent, cst.Assign):
        targets = [each.target for each in parent.targets]
    elif isinstance(parent, cst.AnnAssign):
        targets = [parent.target]
    return frozenset(name for each in targets for name in [dotted_name(each)] if name is not None)


def _stays(module: Module, node: cst.CSTNode) -> bool:
    """Whether what is around an expression only holds it or hands it up; of a variable also where it is set."""
    parent = module.path_to(node)[-1]
    is_entry = isinstance(parent, cst.Arg) and parent.keyword is not None and is_dict(module.path_to(node)[-2])
    return is_entry or isinstance(parent, (*_HOLDING, cst.AssignTarget, cst.AnnAssign))


def _is_key_set(module: Module, name: cst.CSTNode) -> bool:
    """Whether a variable is named to read or set what its dict has under a key that is written."""
    parent = module.path_to(name)[-1]
    return isinstance(parent, cst.Subscript) and parent.value is name and namings.key_of(parent) is not None


def _assigned_later(home: cst.FunctionDef, names: frozenset[str], key: str) -> cst.BaseExpression | None:
    """What is put into a dict under a key after it was made: ``config["interval"] = "step"``."""
    for statement in walk(home.body) if names else ():
        if isinstance(statement, cst.Assign) and any(_is_item(each.target, names, key) for each in statement.targets):
            return statement.value
    return None


def _is_item(target: cst.BaseExpression, names: frozenset[str], key: str) -> bool:
    return isinstance(target, cst.Subscript) and dotted_name(target.value) in names and namings.key_of(target) == key
