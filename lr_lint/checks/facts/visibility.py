"""Whether code that is not in sight may use a variable: importing files, base classes, whoever has the object."""

from __future__ import annotations

import re

import libcst as cst

from lr_lint.lifecycle.events import Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.project.binders import SELF
from lr_lint.project.holders import function_of
from lr_lint.project.imports import names_file
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import last_name

# Bases that know nothing of schedulers, by their last names.
_KNOWN_BASES = frozenset({"object", "Module", "ABC", "Generic", "Protocol"})


def is_seen_elsewhere(life: Life, module: Module, binding: Binding) -> bool:
    """Whether other code may use a variable: whoever imports it, or has the object that it is an attribute of."""
    scope = binding.scope
    if isinstance(scope, cst.ClassDef):
        return not binding.name.startswith(f"{SELF}.") or _may_be_used(life, module, scope, binding.name)
    if "." in binding.name:
        return True
    if isinstance(scope, cst.Module):
        # What a function puts into a variable of the module, or into what it holds, is meant for others to see.
        given = {module.assigned_by(each) for each in module.scopes.binders(binding)} & _around_the_makers(life)
        homes = {function_of(module.path_to(each)) for each in module.scopes.binders(binding)}
        return not given or homes != {module.tree} or _is_imported(life, module, binding.name)
    return False


def _around_the_makers(life: Life) -> set[cst.CSTNode]:
    """What is around the calls that make the scheduler and its optimizer."""
    made = [] if life.optimizer is None else life.optimizer.of(Happening.MADE)
    return life.scheduler.birth.union(*(each.module.path_to(each.node) for each in made))


def _is_imported(life: Life, module: Module, name: str) -> bool:
    """Whether another file imports from this one, and mentions a variable of it."""
    project = life.construction.project
    return any(
        names_file(path, project.files.read(path) or b"", module.path) for path in project.importers(module, name)
    )


def _may_be_used(life: Life, module: Module, cls: cst.ClassDef, name: str) -> bool:
    """Whether a base or another file may use an attribute of a class."""
    line = life.names.line_of(module, cls)
    known = {each.name.value for _, each in line} | _KNOWN_BASES
    if any(_base_name(base) not in known for _, each in line for base in each.bases):
        return True
    attribute = name.removeprefix(f"{SELF}.")
    return is_used_elsewhere(life, module, f"{attribute}.step") or is_derived_from(life, module, cls)


def is_used_elsewhere(life: Life, module: Module, member: str) -> bool:
    """Whether a file that imports another, or is imported by it, uses a member of an object: ``model.scheduler.step``.

    Args:
        life: that of the scheduler.
        module: the other file.
        member: the member.
    """
    files = life.construction.project.files
    wanted = re.compile(rb"(?<!\bself)\.%s\b" % re.escape(member.encode()))
    for path in files.mentioning(module.path, f".{member}".encode()):
        data = files.read(path) or b""
        are_connected = names_file(path, data, module.path) or names_file(module.path, module.source.data, path)
        if are_connected and wanted.search(data):
            return True
    return False


def _base_name(base: cst.Arg) -> str:
    return last_name(base.value.value if isinstance(base.value, cst.Subscript) else base.value)


def is_derived_from(life: Life, module: Module, cls: cst.ClassDef) -> bool:
    """Whether another file may derive a class from it, and step what it keeps."""
    project = life.construction.project
    deriving = re.compile(rb"\bclass\s+\w+\s*\([^)]*\b%s\b" % re.escape(cls.name.value.encode()))
    importing = project.importers(module, cls.name.value)
    return any(deriving.search(project.files.read(path) or b"") for path in importing)
