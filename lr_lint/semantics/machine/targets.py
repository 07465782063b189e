"""Assigning values to names, attributes, items and tuples of these."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.calls_made import roots_in
from lr_lint.project.effects import root_of
from lr_lint.semantics.machine.expressions import evaluate, evaluates
from lr_lint.semantics.machine.references import index_in
from lr_lint.semantics.machine.settling import settle, settle_attribute, settle_module, settle_variable
from lr_lint.semantics.machine.special_methods import ask
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import doubt_about, iterate, unpack
from lr_lint.semantics.values.overridable import may_be_overridden, overridable_entry
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import walk
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

_UNKNOWN_KEY = "an item is set under a key that is not known"


@evaluates(cst.NamedExpr)
def _walrus(node: cst.NamedExpr, frame: Frame) -> Value:
    value = evaluate(node.value, frame)
    if isinstance(node.target, cst.Name):
        home = frame
        while isinstance(home.scope, (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)) and home.parent:
            home = home.parent
        home.names[node.target.value] = value
    return value


def bind_target(target: cst.BaseExpression, value: Value, frame: Frame) -> None:
    """Assigns a value to a name, a tuple of targets, an attribute or an item."""
    if isinstance(target, cst.Name):
        _bind_name(target.value, value, frame)
    elif isinstance(target, (cst.Tuple, cst.List)):
        _bind_elements(target.elements, value, frame)
    elif isinstance(target, cst.Attribute):
        _bind_attribute(target, value, frame)
    elif isinstance(target, cst.Subscript):
        _bind_item(target, value, frame)


def _bind_name(name: str, value: Value, frame: Frame) -> None:
    """Assigns a variable in the scope that owns it: ``global`` and ``nonlocal`` names live further out."""
    declared = frame.module.outer_names(frame.scope).get(name)
    if declared is None:
        settle_variable(frame, name)
        frame.names[name] = value
        return
    home = frame
    while home.parent is not None:
        home = home.parent
        if declared == "nonlocal" and name in home.names:
            break
    settle_variable(home, name)
    home.names[name] = value
    if home.parent is None:
        frame.world.memory.variables[home.module.path, name] = value


def _bind_elements(elements: Sequence[cst.BaseElement], value: Value, frame: Frame) -> None:
    starred = [at for at, element in enumerate(elements) if isinstance(element, cst.StarredElement)]
    if starred:
        _bind_starred(elements, starred[0], value, frame)
        return
    if not isinstance(value, (ListValue, IteratorValue)):
        doubt_about(value, frame, "the parts of the value are not known")
    for element, part in zip(elements, unpack(value, len(elements)), strict=True):
        bind_target(element.value, part, frame)


def _bind_starred(elements: Sequence[cst.BaseElement], at: int, value: Value, frame: Frame) -> None:
    """``first, *rest, last = value``."""
    items, incomplete = iterate(value)
    after = len(elements) - at - 1
    if incomplete or (isinstance(value, ListValue) and value.unordered):
        doubt_about(value, frame, "the parts of the value are not known")
        for element in elements:
            bind_target(element.value, Unknown("a starred target took part of the value"), frame)
        return
    if len(items) < at + after:
        raise Raised("ValueError")
    end = len(items) - after
    parts = [*items[:at], ListValue(items[at:end]), *items[end:]]
    for element, part in zip(elements, parts, strict=True):
        bind_target(element.value, part, frame)


def _bind_attribute(target: cst.Attribute, value: Value, frame: Frame) -> None:
    owner = evaluate(target.value, frame)
    name = target.attr.value
    if isinstance(target.value, cst.Name) and target.value.value == "self":
        frame.names[f"self.{name}"] = value
    assign_attribute(owner, name, value, Anchor(frame.module, target), frame)


def assign_attribute(owner: Value, name: str, value: Value, anchor: Anchor, frame: Frame) -> None:
    """``owner.name = value``, however it is spelled."""
    frame.world.coverage.wrote(anchor.node, owner)
    if not (isinstance(owner, Instance) and owner.under_way):
        # What its constructor assigns it had all along.
        settle_attribute(owner, name, frame.world)
    if isinstance(owner, Instance):
        frame.world.machine.set_attribute(owner, name, value, anchor, frame)
    elif isinstance(owner, DictValue):
        owner.entries[name] = overridable_entry(owner, name, value, frame)
    elif isinstance(owner, Optimizer):
        _assign_to_optimizer(owner, name, value, frame)
    elif isinstance(owner, External):
        frame.world.memory.library_attributes[f"{owner.name}.{name}"] = value
    elif isinstance(owner, ClassValue):
        frame.world.memory.class_attributes[owner.definition, name] = value
    elif isinstance(owner, ModuleValue):
        settle_module(owner, name, frame.world)
        frame.world.memory.variables[owner.module.path, name] = value
    elif isinstance(owner, Function) and name.startswith("__"):
        frame.world.memory.altered.add(owner.node)
    elif isinstance(owner, Function):
        owner.attributes[name] = value
    elif isinstance(owner, Quantity) and owner.number is not None and not owner.array:
        raise Raised("AttributeError", owner.basis)
    else:
        frame.world.coverage.lost.add(anchor.node)


def _assign_to_optimizer(owner: Optimizer, name: str, value: Value, frame: Frame) -> None:
    if name == "param_groups":
        owner.counted = False
        owner.tables = value
    elif name == "defaults" and isinstance(value, DictValue):
        owner.defaults = value
    else:
        frame.world.machine.forget((owner,), "a part of the optimizer is replaced", frame.world)


def forget_given(node: cst.BaseExpression, frame: Frame) -> None:
    """Forgets what calls were given whose result nobody knows and that is changed: ``next(iter(groups))["lr"] = 1``."""
    if any(isinstance(each, cst.Call) for each in walk(node)):
        given = [frame.names[name] for name in roots_in(node) if name in frame.names]
        frame.world.machine.forget(given, "a part of it is changed that is not known", frame.world)


def _lose_root(node: cst.BaseExpression, lost: Forgotten, frame: Frame) -> None:
    """Forgets the variable a part of which is changed that nobody knows: ``schedule.keywords["scale"] = ...``."""
    root = (root_of(node) or "").partition(".")[0]
    home: Frame | None = frame
    while home is not None and root not in home.names:
        home = home.parent
    if home is not None:
        settle_variable(home, root)
        home.names[root] = lost


def note_part_of_function(node: cst.BaseExpression, frame: Frame) -> None:
    """Notes that a function's own parts are changed: ``schedule.__defaults__[0]["lr"] = ...``."""
    while isinstance(node, cst.Subscript):
        node = node.value
    if isinstance(node, cst.Attribute) and node.attr.value.startswith("__"):
        whole = evaluate(node.value, frame)
        if isinstance(whole, Function):
            frame.world.memory.altered.add(whole.node)


def _bind_item(target: cst.Subscript, value: Value, frame: Frame) -> None:
    owner = evaluate(target.value, frame)
    set_item(target, owner, index_in(target, frame), value, frame)


def set_item(target: cst.Subscript, owner: Value, index: Value, value: Value, frame: Frame) -> None:
    """``owner[index] = value``, where the target is written like that.

    Raises:
        Raised: IndexError where a list is not as long, and what the method of an object raises.
    """
    if isinstance(target.value, (cst.Attribute, cst.Subscript)):
        note_part_of_function(target.value, frame)
    key = constant_key(index)
    frame.world.coverage.wrote(target, owner)
    if isinstance(owner, Forgotten):
        _lose_root(target.value, owner, frame)
    if isinstance(owner, (Unknown, Forgotten)):
        forget_given(target.value, frame)
    settle(owner, frame.world)
    if isinstance(owner, DictValue):
        if key is None:
            may_be_overridden(owner, _UNKNOWN_KEY, AccessPath.node(target), frame.world)
        else:
            owner.entries[key] = overridable_entry(owner, key, value, frame)
    elif isinstance(owner, ListValue):
        if owner.kind == "array":
            _set_in_array(owner, key, value, target, frame)
        elif isinstance(key, int) and -len(owner.values) <= key < len(owner.values) and not owner.incomplete:
            owner.values[key] = value
        elif isinstance(key, int) and not owner.incomplete:
            raise Raised("IndexError")
        else:
            owner.forget_order()
    elif ask(owner, "__setitem__", [index, value], target, frame) is None:
        if isinstance(owner, Method):
            # ``table.T[0] = 1.0``: what an object has by a name that is no method of it may be a view of it.
            frame.world.machine.forget((owner.receiver,), "a part of it is changed that is not known", frame.world)
        frame.world.coverage.lost.add(target)


def _set_in_array(array: ListValue, key: object, value: Value, target: cst.Subscript, frame: Frame) -> None:
    """``array[key] = value``: what is put in takes the type of the array."""
    held = array.values
    fits = isinstance(key, int) and -len(held) <= key < len(held) and not (array.incomplete or array.sharing)
    numbers = [item.number for item in (value, *held) if isinstance(item, Quantity)]
    kinds = {type(number) for number in numbers}
    if isinstance(key, int) and fits and len(numbers) == len(held) + 1 and len(kinds) == 1 and kinds <= {int, float}:
        held[key] = value
    else:
        for each in array.sharers:
            settle(each, frame.world)
        array.forget_order()
        # It may be a view of another that is not known.
        frame.world.coverage.lost.add(target)
        frame.world.doubt("how an array changes in place is not followed")
