"""What import statements bind: modules and names of the project, and library names by their dotted path."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.knowledge import LIBRARIES
from lr_lint.semantics.libraries import catalogue
from lr_lint.semantics.machine.settling import put_off
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

_FALLBACK = "__getattr__"


def lazy_import(package: str, name: str, frame: Frame) -> Value:
    """An imported name; the file that defines it is opened when the name is used."""
    if package.partition(".")[0] in LIBRARIES:
        return imported_name(package, name, frame)
    key = AccessPath.imported(frame.module.path, package, name)
    return put_off(lambda: imported_name(package, name, frame), key, frame.world)


def is_found(node: cst.Import | cst.ImportFrom, frame: Frame) -> bool:
    """Whether what a statement imports from is the project's own, or a library that is known here."""
    names = [dotted_name(alias.name) for alias in node.names] if isinstance(node, cst.Import) else []
    if isinstance(node, cst.ImportFrom):
        names = ["." * len(node.relative) + (dotted_name(node.module) or "")]
    return all(
        name.partition(".")[0] in LIBRARIES or frame.world.machine.find(frame.module, name) for name in names if name
    )


def imported_module(dotted: str, frame: Frame) -> Value:
    """A module by its name: the project's own where it has it."""
    constant = catalogue.constant(dotted)
    if constant is not None:
        return Quantity(constant)
    module = frame.world.machine.find(frame.module, dotted)
    return External(dotted) if module is None else ModuleValue(module, dotted)


def imported_name(package: str, name: str, frame: Frame) -> Value:
    """``from package import name``: a name in the project's module, a submodule, or a library's."""
    separator = "" if package.endswith(".") or not package else "."
    module = frame.world.machine.find(frame.module, package)
    if module is not None:
        home = ModuleValue(module, package)
        found = module_member(home, name, frame)
        # Within a function it is looked up as late as that.
        return found if frame.parent is None else frame.world.machine.doubted(home, name, found, frame.world)
    return imported_module(f"{package}{separator}{name}", frame)


def module_member(value: ModuleValue, name: str, frame: Frame) -> Value:
    """A name in a module of the project: bound there, re-exported by a star import, or a submodule."""
    module, world = value.module, frame.world
    if name in module.locals_of(module.tree):
        return world.machine.module_value(module, name, world)
    for source in reversed(module.star_imports()):
        package = "." * len(source.relative) + (dotted_name(source.module) or "")
        star = world.machine.find(module, package)
        place = ("star", module.path, package, name)
        if star is not None and place not in world.memory.running:
            world.memory.running.add(place)
            found = module_member(ModuleValue(star, package), name, frame)
            world.memory.running.discard(place)
            if not isinstance(found, Unknown):
                return found
    submodule = world.machine.find(module, f".{name}") if module.path.endswith("__init__.py") else None
    if submodule is not None:
        return ModuleValue(submodule, f"{value.name}.{name}")
    if _FALLBACK in module.locals_of(module.tree):
        return _made_when_asked(value, name, frame)
    return Unknown(f"{value.name} does not define it", AccessPath.variable(module.path, name), name)


def _made_when_asked(value: ModuleValue, name: str, frame: Frame) -> Value:
    """What a module gives for a name by its function for those that it does not bind (PEP 562)."""
    module, world = value.module, frame.world
    fallback = world.machine.module_value(module, _FALLBACK, world)
    try:
        return call(fallback, [Constant(name)], {}, Anchor(module, module.tree), frame)
    except Raised as raised:
        return Unknown(f"{value.name} raises {raised.kind} for it")
