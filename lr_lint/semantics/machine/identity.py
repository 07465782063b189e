"""Objects that may be one where a run has two, or that others hold besides the variables that are given them.

A class may decide what a call of it gives (``__new__``, a metaclass, ``@cache``), a constructor may hand out its own
object (``REGISTRY.append(self)``), and a function may give what it has made before. Which object a write goes to, that
the run has followed, is then no proof that it does not go to another.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.binders import parameters_of
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import (
    CONSTRUCTOR,
    ancestry,
    find_method,
    has_unusual_metaclass,
    methods_written_in,
)
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.source.tree import last_name, walk

_MAKING = frozenset({"__new__", "__copy__", "__deepcopy__"})
_REMEMBERING = frozenset({"cache", "lru_cache", "singleton"})
_CONSTRUCTORS = (CONSTRUCTOR, "__post_init__", "__attrs_post_init__")
# What a constructor gives its object to and that keeps nothing of it.
_LOOKING = frozenset(
    "super isinstance issubclass type id len vars dir repr str print hash setattr getattr hasattr delattr "
    "__init__ __setattr__ __delattr__ signature getmembers fields asdict".split()
)


def may_be_one(value: Value) -> bool:
    """Whether two objects of a run may be one: the class decides what a call of it, or a copy, gives."""
    if not isinstance(value, Instance):
        return False
    return any(_decides(each) for each in ancestry(value.cls))


def _decides(cls: ClassValue) -> bool:
    module, node = cls.frame.module, cls.node
    return module.once(("decides what is made", node), lambda: _decides_what_is_made(node))


def _decides_what_is_made(node: cst.ClassDef) -> bool:
    return has_unusual_metaclass(node) or not _MAKING.isdisjoint(methods_written_in(node)) or _remembers(node)


def _remembers(node: cst.ClassDef | cst.FunctionDef) -> bool:
    """Whether calls of a class or a function are remembered."""
    decorators = [each.decorator for each in node.decorators]
    return any(last_name(each.func if isinstance(each, cst.Call) else each) in _REMEMBERING for each in decorators)


def is_handed_out(value: Value) -> bool:
    """Whether the constructor of an object gives it to somebody else."""
    if not isinstance(value, Instance):
        return False
    found = (find_method(each, name) for each in ancestry(value.cls) for name in _CONSTRUCTORS)
    return any(each is not None and _hands_out(*each) for each in found)


def _hands_out(method: cst.FunctionDef, owner: ClassValue) -> bool:
    first = next(parameters_of(method.params), None)
    own = first.name.value if first is not None else ""
    return owner.frame.module.once(("hands out", method), lambda: _gives_away(method, own))


def _gives_away(function: cst.FunctionDef, name: str) -> bool:
    """Whether a function gives what a variable holds to somebody who may keep it."""
    return any(_gives(node, name) for node in walk(function.body))


def _gives(node: cst.CSTNode, name: str) -> bool:
    if type(node) is cst.Call:
        return last_name(node.func) not in _LOOKING and any(_is_named(each.value, name) for each in node.args)
    if type(node) is not cst.Assign or not _is_named(node.value, name):
        return False
    return not all(_is_own(each.target, name) for each in node.targets)


def _is_named(node: cst.BaseExpression, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _is_own(target: cst.BaseExpression, name: str) -> bool:
    """Whether a target is an attribute of the very object that a variable holds."""
    return isinstance(target, cst.Attribute) and _is_named(target.value, name)


def may_give(call: cst.Call, value: Value, module: Module) -> bool:
    """Whether a call in a file may give an object that was made before, by a function that remembers or keeps it.

    Args:
        call: of a function of this file, or of that in which the object was made.
        value: the object.
        module: the file of the call.
    """
    if any(map(_remembers, module.consequences.callees.called_by(call))):
        return True
    anchor = value.anchor if isinstance(value, Instance) else None
    path = anchor.module.path_to(anchor.node) if anchor is not None else ()
    for function in path:
        if anchor is not None and isinstance(function, cst.FunctionDef) and function.name.value == last_name(call.func):
            return _remembers(function) or not _is_new_in(function, path, anchor.module)
    return False


def _is_new_in(function: cst.FunctionDef, path: Sequence[cst.CSTNode], module: Module) -> bool:
    """Whether a function only returns what is made at the end of a path, and keeps nothing of it."""
    place = path[-1]
    for node in reversed(path):
        if isinstance(node, cst.Return):
            return node.value is place
        if isinstance(node, cst.Assign):
            target = node.targets[0].target
            is_local = isinstance(target, cst.Name) and target.value not in module.outer_names(function)
            if not is_local or len(node.targets) > 1 or node.value is not place or not isinstance(target, cst.Name):
                return False
            return not _gives_away(function, target.value)
    return False
