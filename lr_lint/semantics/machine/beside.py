"""What other files do to the variables of modules: those that are imported for what they do, and star imports."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.world import World
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary.quantities import Quantity

_CHANGED_ELSEWHERE = "another file, or a function of its file, changes it"


def is_shadowed_by_star(module: Module, name: str, world: World) -> bool:
    """Whether a variable that a file binds is bound once more by a star import that comes later."""
    stars = module.star_imports()
    if not stars or name.startswith("_") or name not in module.locals_of(module.tree):
        return False
    binders = module.scopes.binders(Binding(module.tree, name))
    for source in stars:
        package = "." * len(source.relative) + (dotted_name(source.module) or "")
        star = world.machine.find(module, package)
        binds = star is not None and name in star.locals_of(star.tree)
        if binds and star is not None and _is_same_import(star, module, name):
            continue
        if binds and any(module.is_before(binder, source) for binder in binders):
            return True
    return False


def _is_same_import(one: Module, other: Module, name: str) -> bool:
    """Whether two files bind a name once each, by ``import`` of a module of that name: it is one object."""
    for module in (one, other):
        binders = module.scopes.binders(Binding(module.tree, name))
        path = module.path_to(binders[0]) if len(binders) == 1 else ()
        if not path or not isinstance(path[-1], cst.ImportAlias) or not isinstance(path[-2], cst.Import):
            return False
        if path[-1].asname is not None:
            return False
    return True


def as_seen_from_home(module: Module, name: str, value: Value, world: World) -> Value:
    """What a variable holds by the time that the file under check reads it.

    In another file, who calls the functions that change it, and when, is not followed.
    """
    if world.memory.home in ("", module.path):
        return value
    if name not in module.changed_by_functions and not world.machine.changed_elsewhere(module, name):
        return value
    value = force(value)
    if isinstance(value, (Instance, ListValue, Optimizer)) or (isinstance(value, DictValue) and not value.overridable):
        world.machine.forget((value,), _CHANGED_ELSEWHERE, world)
        return value
    return Forgotten(_CHANGED_ELSEWHERE) if isinstance(value, (Quantity, Constant)) else value
