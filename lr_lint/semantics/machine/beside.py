"""What other files do to the variables of modules: those that are imported for what they do, and star imports."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.binders import import_around
from lr_lint.project.knowledge import LIBRARIES
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
    """Whether two files bind a name by imports of the same module, or of the same thing of a library: one object."""
    origins = _origins(one, name) | _origins(other, name)
    return len(origins) == 1 and None not in origins


def _origins(module: Module, name: str) -> set[str | None]:
    """What a file imports under a name, by dotted path; None for what else it binds to it."""
    return {_origin(module.path_to(binder)) for binder in module.scopes.binders(Binding(module.tree, name))}


def _origin(path: Sequence[cst.CSTNode]) -> str | None:
    """The dotted path of what a name at the end of a path is imported as, unless a project may rebind it."""
    found = import_around(path)
    dotted = None if found is None else dotted_name(found[0].name)
    if found is None or dotted is None:
        return None
    alias, statement = found
    if isinstance(statement, cst.ImportFrom):
        package = dotted_name(statement.module) if not statement.relative else None
        return f"{package}.{dotted}" if package is not None and package.partition(".")[0] in LIBRARIES else None
    return dotted if alias.asname is not None else dotted.partition(".")[0]


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
