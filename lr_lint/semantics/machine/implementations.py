"""What a method gives of an object that nobody knows, where all classes of the project that have it agree.

``SGD(model.get_groups(lr), ...)`` says nothing of what ``model`` is. The classes of the project that define such a
method say what it can give: where the groups of all of them start from the same rates, these are the rates. Another
class may be meant all the same, so that this is noted as a shortcut and nothing that rests on it is certain.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import libcst as cst

from lr_lint.project.knowledge import PARAMETER_METHODS
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.methods import bound_method
from lr_lint.semantics.machine.symbolic import symbolic_instance
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import RATE, DictValue, ListValue
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.unknown import Invocation, Unknown
from lr_lint.vocabulary.quantities import Quantity

# What running one implementation is worth.
_STEPS = 10_000
_BY_CLASSES = "what the object is follows from the classes of the project that have such a method"


def groups_by_all(made: Invocation, frame: Frame) -> ListValue | None:
    """The param groups that a method of an unknown object gives; None where that depends on what the object is.

    Args:
        made: the call of the method.
        frame: where its result is asked for.
    """
    node = made.anchor.node
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    name = node.func.attr.value
    if name in PARAMETER_METHODS or not isinstance(made.callee, Unknown):
        return None
    others = frame.world.machine.defining(made.anchor.module, name)
    modules = () if others is None else (made.anchor.module, *others)
    found = [value for module in modules for value in _given_in(module, name, made, frame)]
    kinds = {_rates_of(value) for value in found}
    if len(kinds) != 1 or None in kinds or not isinstance(found[0], ListValue):
        return None
    frame.world.coverage.cut(made.anchor, _BY_CLASSES)
    return found[0]


def _given_in(module: Module, name: str, made: Invocation, frame: Frame) -> Iterator[Value | None]:
    """What the classes of a file give by that method; None for what is not followed."""
    for definition in module.tree.body:
        if not isinstance(definition, cst.ClassDef):
            continue
        for method in definition.body.body:
            if isinstance(method, cst.FunctionDef) and method.name.value == name:
                cls = force(frame.world.machine.module_value(module, definition.name.value, frame.world))
                known = isinstance(cls, ClassValue) and cls.node is definition
                given = _given_by(cls, method, made, frame) if isinstance(cls, ClassValue) and known else None
                if given != NOTHING:
                    yield given


def _given_by(cls: ClassValue, method: cst.FunctionDef, made: Invocation, frame: Frame) -> Value | None:
    """What one implementation gives: nothing, where it cannot be meant, since it raises for such a call."""
    bound = bound_method(symbolic_instance(cls), method, cls, frame)
    work = functools.partial(call, bound, list(made.arguments), dict(made.keywords), made.anchor, frame)
    try:
        given = frame.world.attempt(_STEPS, work)
    except Raised as raised:
        return NOTHING if raised.kind in ("NotImplementedError", "TypeError") else None
    return None if given is None else force(given)


def _rates_of(groups: Value | None) -> frozenset[object] | None:
    """The rates that groups start from; None where these are no groups that can be read."""
    if not isinstance(groups, ListValue) or not groups.values:
        return None
    tables = [force(item) for item in groups.values]
    if not all(isinstance(table, DictValue) for table in tables):
        return None
    return frozenset(_rate_of(table) for table in tables if isinstance(table, DictValue))


def _rate_of(table: DictValue) -> object:
    """What makes two rates the same here: their number; where there is none, what they were made of."""
    rate = table.entries.get(RATE)
    if rate is None:
        return None
    value = force(rate)
    number = constant_key(value)
    if number is not None:
        return number
    if isinstance(value, Quantity) and value.origins:
        return value.unit, frozenset(origin.key for origin in value.origins)
    return key_of(value) or id(value)
