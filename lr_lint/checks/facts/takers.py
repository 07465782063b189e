"""Trainers and handlers of libraries that step the scheduler that they are given."""

from __future__ import annotations

import libcst as cst

from lr_lint.lifecycle.events import Held
from lr_lint.project.knowledge import SCHEDULER_TAKERS, TRAINER_CLASSES, TRAINER_PAIR
from lr_lint.project.modules import Module
from lr_lint.source.tree import last_name


def steps_what_it_is_given(held: Held) -> bool:
    """Whether somebody who has taken a scheduler over steps it.

    Args:
        held: the call by which it was taken over.
    """
    call = held.node
    if not isinstance(call, cst.Call):
        return False
    name = _imported_as(held.module, call)
    if name in TRAINER_CLASSES and held.role == TRAINER_PAIR:
        return True
    package, keyword, attaching = SCHEDULER_TAKERS.get(name, ("", "", ""))
    is_given = held.role == keyword or (bool(attaching) and not held.role)
    return bool(package) and is_given and held.module.imports_from(package) and _is_attached(held.module, attaching)


def _imported_as(module: Module, call: cst.Call) -> str:
    """The last name of what is called, that by which it is imported where it is renamed there."""
    binding = module.scopes.resolve(call.func.value, call) if isinstance(call.func, cst.Name) else None
    for binder in () if binding is None else module.scopes.binders(binding):
        alias = next((each for each in module.path_to(binder) if isinstance(each, cst.ImportAlias)), None)
        if alias is not None:
            return last_name(alias.name)
    return last_name(call.func)


def _is_attached(module: Module, method: str) -> bool:
    """Whether a file attaches what it has made, where that has to be done."""
    return not method or bool(module.calls().get(method))
