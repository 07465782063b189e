"""Havoc: what something unknown may have changed is not known any more, in whatever form it is held."""

from __future__ import annotations

from collections.abc import Iterable

from lr_lint.semantics.machine.settling import settle, settle_variable
from lr_lint.semantics.values.base import BaseValue, Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import INITIAL_RATE, DictValue, ListValue
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import Lazy, is_import
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary.quantities import Quantity

# What cannot change: numbers, texts, and what only names something.
_IMMUTABLE = (Quantity, Constant, Unknown, Forgotten)
# Whoever keeps an object of these can call what changes something else.
_CALLABLE = (Bound, Method, Partial)


def forget_variables(names: Iterable[str], frame: Frame, reason: str) -> None:
    """Forgets what the variables of some names hold, as they are found from a frame.

    Args:
        names: identifiers; an attribute of ``self`` stands for the object.
        frame: where they are looked for.
        reason: why they are not known, in words that fit after "because".
    """
    _forget_variables(names, frame, reason, set())


def _forget_variables(names: Iterable[str], frame: Frame, reason: str, seen: set[int]) -> None:
    for name in sorted(names):
        root, _, member = name.partition(".")
        home: Frame | None = frame
        while home is not None and root not in home.names:
            home = home.parent
        if home is None:
            frame.world.memory.variables.pop((frame.module.path, root), None)
            continue
        value = _current(home.names[root])
        if _is_named_only(value):
            continue
        if member and isinstance(value, Instance):
            settle(value, frame.world)
            _forget_attribute(value, member, reason, frame.world, seen)
        elif isinstance(value, Lazy):
            value.forgotten = reason
        elif not _forget_whole(value, reason, frame.world, seen):
            settle_variable(home, root)
            home.names[root] = Forgotten(reason)
            if home.parent is None:
                frame.world.memory.variables[home.module.path, root] = home.names[root]


def _is_named_only(value: Value) -> bool:
    """Whether a value is a module, a class or an import, which stays what it is whatever is called on it."""
    if isinstance(value, Lazy):
        return is_import(value)
    return isinstance(value, (External, ModuleValue, ClassValue))


def forget(values: Iterable[Value], reason: str, world: World) -> None:
    """Forgets what some objects hold, and what these hold in turn; they stay the same objects.

    Args:
        values: whatever something unknown was given.
        reason: why they are not known any more.
        world: pays for it.
    """
    seen: set[int] = set()
    for value in values:
        _forget_whole(_current(value), reason, world, seen)


def _current(value: Value) -> Value:
    """The value as far as it was computed; nothing is computed for being forgotten."""
    while isinstance(value, Lazy) and value.result is not None:
        value = value.result
    return value


def _forget_whole(value: Value, reason: str, world: World, seen: set[int]) -> bool:
    """Forgets all that an object holds; whether it is one that holds something."""
    if id(value) in seen:
        return True
    seen.add(id(value))
    world.spend()
    if isinstance(value, Lazy):
        value.forgotten = reason
    elif isinstance(value, DictValue):
        settle(value, world)
        _forget_entries(value, reason, world, seen)
    elif isinstance(value, ListValue):
        settle(value, world)
        value.forget_order()
        value.values[:] = _forgotten_parts(value.values, reason, world, seen)
    elif isinstance(value, Instance):
        settle(value, world)
        world.machine.complete(value)
        _forgotten_parts(value.attributes.values(), reason, world, seen)
        value.attributes.clear()
        value.forgotten = reason
    elif isinstance(value, Optimizer):
        forget_optimizer(value, reason, world)
    elif isinstance(value, Function):
        # Functions may change one another's variables, and hold one another.
        _forget_variables(_changed_outside(value), value.frame, reason, seen)
    elif isinstance(value, _CALLABLE):
        _forgotten_parts(value.held(), reason, world, seen)
    else:
        return False
    return True


def _changed_outside(function: Function) -> frozenset[str]:
    """The variables around a function that calling it changes."""
    consequences = function.frame.module.consequences
    return consequences.changed_when_called(function.node)


def forget_optimizer(optimizer: Optimizer, reason: str, world: World) -> None:
    """Forgets what the groups of an optimizer hold, and how many there are."""
    optimizer.counted = optimizer.listed = False
    seen = {id(optimizer)}
    for table in (*(group.options for group in optimizer.made), optimizer.listing(), optimizer.defaults):
        _forget_whole(table, reason, world, seen)


def _forget_entries(table: DictValue, reason: str, world: World, seen: set[int]) -> None:
    table.incomplete = True
    if table.is_group:
        table.entries.setdefault(INITIAL_RATE, Forgotten(reason))
    parts = _forgotten_parts(table.entries.values(), reason, world, seen)
    table.entries.update(zip(tuple(table.entries), parts, strict=True))


def _forgotten_parts(values: Iterable[Value], reason: str, world: World, seen: set[int]) -> list[Value]:
    """What takes the place of the parts of an object: the same objects with other contents, or nothing known."""
    parts: list[Value] = []
    for each in tuple(values):
        value = _current(each)
        parts.append(value if _forget_whole(value, reason, world, seen) else _without_value(value, reason))
    return parts


def _without_value(value: Value, reason: str) -> Value:
    """Parts of a model stay what they are: nobody reads numbers from them."""
    if isinstance(value, Unknown) and value.parameters:
        return value
    return (
        Forgotten(reason) if isinstance(value, _IMMUTABLE) or not isinstance(value, (BaseValue, ClassValue)) else value
    )


def _forget_attribute(instance: Instance, name: str, reason: str, world: World, seen: set[int]) -> None:
    held = instance.attributes.get(name)
    if held is None or not _forget_whole(_current(held), reason, world, seen):
        instance.attributes[name] = Forgotten(reason)
