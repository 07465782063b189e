"""Attributes of objects of the code under check: found when somebody asks, or before something changes."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

import libcst as cst

from lr_lint.project.binders import SELF
from lr_lint.semantics.libraries.settings_objects import SETTINGS_METHODS
from lr_lint.semantics.machine.class_members import (
    CONSTRUCTORS,
    ancestry,
    assigned_method,
    class_attribute,
    external_bases,
    find_method,
    has_descriptor,
    is_decorated,
    method_function,
    unusual,
)
from lr_lint.semantics.machine.constructors import run_assignments
from lr_lint.semantics.machine.fields import annotated_class, given_to_field, is_filled_in
from lr_lint.semantics.machine.made_objects import forbids, read_attribute
from lr_lint.semantics.machine.methods import bound_method
from lr_lint.semantics.machine.settling import discover
from lr_lint.semantics.machine.symbolic import own_key
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.overridable import as_overridable, parsed_object
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

# Attributes that stand for all that an object is.
_OF_THE_WHOLE = frozenset({"__dict__", "__class__"})
_AT_ANY_TIME = "a function changes it that runs when others see fit"
# The base of records, and their method that gives one with other fields.
_RECORD, _REPLACE = "NamedTuple", "_replace"
_SET_ELSEWHERE = "the attribute is set elsewhere"
# What finding one attribute is worth of an object that is about to change.
_COMPLETING_STEPS = 2_000


def instance_attribute(instance: Instance, name: str, frame: Frame) -> Value:
    """An attribute of an object: set before, a method, assigned in a method, a class variable, or unknown."""
    if instance.exact and not instance.forgotten:
        return read_attribute(instance, name, frame)
    if find_method(instance.cls, "__getattribute__") is not None:
        return Forgotten("its class says how its attributes are read")
    is_known = name in instance.attributes and name not in instance.cls.frame.module.volatile.attributes
    if is_known and not _is_computed(instance.cls, name):
        return instance.attributes[name]
    if name == "__dict__":
        complete(instance)
        return DictValue(instance.attributes, incomplete=True)
    if unusual(instance.cls):
        return Forgotten(unusual(instance.cls))
    method = _method_of(instance, name, frame)
    if method is not None:
        return method
    if instance.forgotten:
        return Forgotten(instance.forgotten)
    if name in instance.cls.frame.module.volatile.attributes:
        return Forgotten(_AT_ANY_TIME)
    assigned = None if name in instance.asked or instance.complete else _assigned(instance, name, frame)
    if assigned is not None:
        return assigned
    value = _field_value(instance, name, frame)
    # A function that the class body assigns to a name is a method as well.
    is_method = isinstance(value, Function) and value is class_attribute(instance.cls, name)
    return Bound(value, instance) if is_method and isinstance(value, Function) else value


def _method_of(instance: Instance, name: str, frame: Frame) -> Value | None:
    """What an object has by a name because its class or a base of that defines it; None where none does."""
    replaced = assigned_method(instance.cls, name)
    if replaced is not None:
        return Bound(replaced, instance) if isinstance(replaced, Function) else replaced
    found = find_method(instance.cls, name)
    if found is not None:
        return bound_method(instance, *found, frame)
    if name in SETTINGS_METHODS and is_filled_in(instance.cls):
        return Method(instance, name)
    if name == _REPLACE and any(base.name.endswith(_RECORD) for base in external_bases(instance.cls)):
        return Method(instance, name)
    return None


def _assigned(instance: Instance, name: str, frame: Frame) -> Value | None:
    """What the methods of an object assign to an attribute, asked for the first time; None where it may be a field."""
    instance.asked.add(name)
    all_run = run_assignments(instance, name, frame)
    if name in instance.attributes:
        if instance.symbolic and _is_set_from_outside(instance, name):
            # Somebody assigns it from outside, to this object perhaps.
            key = paths.attribute(instance.key, name)
            value = as_overridable(instance.attributes[name], key, name, _SET_ELSEWHERE, frame.world)
            instance.attributes[name] = value
        return instance.attributes[name]
    if all_run and class_attribute(instance.cls, name) is None and not _is_set_from_outside(instance, name):
        key = AccessPath.unbound(instance.cls.node, name)
        return instance.attributes.setdefault(name, Unknown(f"{name} is not assigned on this path", key, name))
    return None


def _is_set_from_outside(instance: Instance, name: str) -> bool:
    return name in instance.cls.frame.module.attributes_set


def _is_computed(cls: ClassValue, name: str) -> bool:
    """Whether a class computes an attribute: then it is not what the object holds by that name."""
    found = find_method(cls, name)
    return found is not None and is_decorated(found[0], "property")


def _field_value(instance: Instance, name: str, frame: Frame) -> Value:
    """A field that no method sets: given at construction, or the class's default for it.

    What the fields of an object are that a parser made, or nobody knows who made, the defaults do not prove.
    """
    key = paths.attribute(instance.key, name)
    given = given_to_field(instance, name)
    if given is not None and not instance.symbolic:
        return given
    default = given or class_attribute(instance.cls, name)
    if default is None:
        return _unset_field(instance, name, key)
    if not instance.symbolic and "**" not in dict(instance.keywords) and not is_filled_in(instance.cls):
        return default
    if isinstance(default, (Instance, ListValue, DictValue)) and instance.key == own_key(instance.cls):
        return default
    if isinstance(default, Instance):
        return parsed_object(default.cls, key, name, default)
    if isinstance(default, (ListValue, DictValue)):
        return instance.attributes.setdefault(name, as_overridable(default, key, name, _SET_ELSEWHERE, frame.world))
    if isinstance(default, Unknown) and default.key is None:
        return Unknown(default.reason, key, name, default=default.default)
    return Unknown(_SET_ELSEWHERE, key, name, default=default) if isinstance(default, (Quantity, Constant)) else default


def _unset_field(instance: Instance, name: str, key: AccessPath | None) -> Value:
    """A field about which the class says at most what it is annotated with."""
    of = annotated_class(instance.cls, name)
    return Unknown(_SET_ELSEWHERE, key, name) if of is None else parsed_object(of, key, name)


def complete(instance: Instance) -> None:
    """Finds all that the constructor of an object assigns, since something that it reads is about to change.

    What takes too long is unknown from there on.
    """
    if instance.complete or instance.symbolic:
        return
    names = list(_assigned_by_constructor(instance.cls))
    frame = instance.cls.frame
    for name in names:
        if frame.world.attempt(_COMPLETING_STEPS, functools.partial(instance_attribute, instance, name, frame)) is None:
            key = paths.attribute(instance.key, name)
            instance.attributes.setdefault(name, Unknown("following it takes more steps than it is worth", key, name))
    instance.complete = True


def _assigned_by_constructor(cls: ClassValue) -> Iterator[str]:
    """The attributes that the constructors of a class and its bases assign, and the methods that these may call."""
    for current in ancestry(cls):
        for method in current.node.body.body:
            if isinstance(method, cst.FunctionDef) and method.name.value in CONSTRUCTORS:
                for statement in method.body.body:
                    for bound in sorted(current.frame.module.effects(statement).binds):
                        if bound.startswith(f"{SELF}."):
                            yield bound.removeprefix(f"{SELF}.")


def set_attribute(instance: Instance, name: str, value: Value, anchor: Anchor, frame: Frame) -> None:
    """``instance.name = value``: through the setter of a property, where there is one."""
    if name in _OF_THE_WHOLE:
        frame.world.machine.forget((instance,), f"{name} is assigned", frame.world)
        return
    if find_method(instance.cls, "__setattr__") is not None:
        value = Forgotten("the class says how its attributes are assigned")
    setter = _setter(instance.cls, name)
    forbidden = forbids(instance, name) if instance.exact and setter is None else False
    if forbidden:
        raise Raised("AttributeError")
    if forbidden is None:
        frame.world.doubt("its class says which attributes an object may have")
    if instance.under_way:
        discover(instance, frame.world)
    if setter is None and has_descriptor(instance.cls, name):
        value = Forgotten("a descriptor is given it")
    if setter is None:
        instance.attributes[name] = value
    else:
        call(Bound(method_function(*setter), instance), [value], {}, anchor, frame)


def _setter(cls: ClassValue, name: str) -> tuple[cst.FunctionDef, ClassValue] | None:
    """The function that a property calls when it is assigned."""
    for current in ancestry(cls):
        node = current.node
        found = current.frame.module.once(("setters", node), functools.partial(_setters_in, node)).get(name)
        if found is not None:
            return found, current
    return None


def _setters_in(node: cst.ClassDef) -> Mapping[str, cst.FunctionDef]:
    """The functions of a class that are decorated as the setters of properties, by name; of several the first one."""
    found: dict[str, cst.FunctionDef] = {}
    for each in node.body.body:
        if isinstance(each, cst.FunctionDef):
            name = each.name.value
            if any(dotted_name(decorator.decorator) == f"{name}.setter" for decorator in each.decorators):
                found.setdefault(name, each)
    return found
