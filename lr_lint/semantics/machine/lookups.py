"""Calls of functions that are looked up by a name: ``BUILDERS[kind](optimizer)``, ``getattr(plans, kind)(optimizer)``.

Such a call calls whichever function has the name. Asked from one of these functions it is a caller like any other: in
the worlds that get there, the name is that of the function.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.namings import text_of
from lr_lint.semantics.machine.class_members import find_method
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Function, definition_of
from lr_lint.semantics.values.imports import ModuleValue
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

# How many calls of one file are looked at.
_MOST_LOOKUPS = 6
_VARIABLES = frozenset({"globals", "locals"})
_BY_NAME = "which function is called here is only known at run time"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A call of what is looked up.

    Attributes:
        call: the call.
        node: the expression that looks up.
        holder: what holds the functions by name; None for the variables of the file.
        key: the name.
    """

    call: cst.Call
    node: cst.BaseExpression
    holder: cst.BaseExpression | None
    key: cst.BaseExpression

    @property
    def is_among_given(self) -> bool:
        """Whether it looks among functions that somebody put there, not among those that are defined there."""
        return self.holder is not None and not isinstance(getattr(self.node, "func", None), cst.Name)


@dataclass(frozen=True, slots=True)
class _Held:
    """How a function is found in something.

    Attributes:
        names: the names by which it is found.
        are_all: whether all that is in there is known, as it is of a dict.
    """

    names: Sequence[Hashable]
    are_all: bool = False


def calls_by_lookup(
    function: cst.FunctionDef,
    module: Module,
    frame_of: Callable[[cst.Call], Frame],
    frame_of_name: Callable[[cst.CSTNode, cst.Call], Frame],
) -> dict[cst.Call, Frame]:
    """The calls of a file that call a function by way of its name, with the frames around them.

    Args:
        function: the function.
        module: the file that defines it.
        frame_of: gives the frame around a call.
        frame_of_name: gives the frame for a name in the callee of a call, which often costs less.
    """
    found: dict[cst.Call, Frame] = {}
    lookups = module.once("lookups", lambda: list(_lookups_in(module)))
    is_given = bool(lookups) and function in module.consequences.callees.handed_on
    for lookup in lookups if len(lookups) <= _MOST_LOOKUPS else ():
        if function in module.path_to(lookup.call) or (lookup.is_among_given and not is_given):
            continue
        try:
            held = _held_as(function, lookup, frame_of_name(lookup.holder or lookup.node, lookup.call))
            if held.names and _asks_for(held, lookup, frame := frame_of(lookup.call)):
                found[lookup.call] = frame
        except Raised:
            continue
    return found


def _lookups_in(module: Module) -> Iterator[Lookup]:
    for call in module.scopes.index.of(cst.Call):
        callee: cst.BaseExpression | None = call.func
        if isinstance(callee, cst.Name):
            callee = module.only_value_of(callee.value, callee)
        lookup = None if callee is None else _lookup(call, callee)
        if lookup is not None:
            yield lookup


def _lookup(call: cst.Call, callee: cst.BaseExpression) -> Lookup | None:
    if isinstance(callee, cst.Subscript) and len(callee.slice) == 1:
        at = callee.slice[0].slice
        if not isinstance(at, cst.Index):
            return None
        of_variables = isinstance(callee.value, cst.Call) and last_name(callee.value.func) in _VARIABLES
        return Lookup(call, callee, None if of_variables else callee.value, at.value)
    if not isinstance(callee, cst.Call) or any(each.star or each.keyword for each in callee.args):
        return None
    given = [each.value for each in callee.args]
    if isinstance(callee.func, cst.Attribute) and given:
        return Lookup(call, callee, callee.func.value, given[0])
    is_attribute = isinstance(callee.func, cst.Name) and callee.func.value == "getattr" and len(given) > 1
    return Lookup(call, callee, given[0], given[1]) if is_attribute else None


def _held_as(function: cst.FunctionDef, lookup: Lookup, frame: Frame) -> _Held:
    """The names by which a function is found where a lookup looks."""
    holder = None if lookup.holder is None else force(evaluate(lookup.holder, frame))
    if isinstance(holder, DictValue):
        return _Held([at for at, value in holder.entries.items() if _is(force(value), function)], are_all=True)
    if isinstance(lookup.node, cst.Call) and isinstance(lookup.node.func, cst.Attribute):
        return _Held(list(_registered_as(function, lookup)) if isinstance(holder, Instance) else [])
    return _Held([function.name.value] if _has(holder, function, frame) else [])


def _asks_for(held: _Held, lookup: Lookup, frame: Frame) -> bool:
    """Whether a lookup is by one of some names, or is in worlds of which this one is then made."""
    key = force(evaluate(lookup.key, frame))
    known = constant_key(key)
    if known is not None or not isinstance(key, Unknown):
        return known in held.names
    usual = constant_key(default) if (default := default_of(key)) is not None else None
    if held.are_all:
        name = usual if usual in held.names else held.names[0]
        own_key = key.key or AccessPath.node(lookup.node)
        frame.world.constrain(paths.comparison("==", own_key, AccessPath.constant(name)), True)
        return True
    if usual is None:
        frame.world.coverage.cut(Anchor(frame.module, lookup.node), _BY_NAME)
    return usual is None or usual in held.names


def _registered_as(function: cst.FunctionDef, lookup: Lookup) -> Iterator[str]:
    """The names by which the object that a function is looked up in decorates it: ``@BUILDERS.register("falling")``."""
    home = None if lookup.holder is None else dotted_name(lookup.holder)
    for decorator in function.decorators:
        node = decorator.decorator
        given = node.args if isinstance(node, cst.Call) else ()
        by = node.func if isinstance(node, cst.Call) else node
        if home is not None and isinstance(by, cst.Attribute) and dotted_name(by.value) == home:
            texts = [text for each in given if (text := text_of(each.value)) is not None]
            yield from texts or [function.name.value]


def _is(value: Value, function: cst.FunctionDef) -> bool:
    definition = definition_of(value)
    return isinstance(definition, Function) and definition.node is function


def _has(holder: Value | None, function: cst.FunctionDef, frame: Frame) -> bool:
    """Whether a module, a class or an object has a function by its name; without any, the variables of a file."""
    if holder is None or isinstance(holder, ModuleValue):
        module = frame.module if holder is None else holder.module
        return any(each is function for each in module.definitions(function.name.value))
    cls = holder.cls if isinstance(holder, Instance) else holder
    found = find_method(cls, function.name.value) if isinstance(cls, ClassValue) else None
    return found is not None and found[0] is function
