"""Values that hold unless somebody overrides them: options, and what settings files say.

Such a value is evidence and no proof. It is an unknown with an identity and a default: two reads of one option are the
same value for certain, and its number makes nothing certain by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import Any

from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.source.plain_data import UNREAD
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity, literal
from lr_lint.vocabulary.reasons import Reason

# Containers may hold themselves.
_DEEPEST = 40


def as_overridable(value: Value, key: AccessPath | None, name: str, reason: str, world: World) -> Value:
    """A value as a default that may be overridden; the values in a container each by itself.

    Args:
        value: the default.
        key: identity of the place that holds it.
        name: what that place is called.
        reason: why it may be another.
        world: pays for it.
    """
    if isinstance(value, DictValue):
        result = DictValue(dict(value.entries), incomplete=True, key=value.key or key, overridable=value.overridable)
        may_be_overridden(result, reason, result.key, world)
        return result
    if isinstance(value, ListValue):
        world.spend(len(value.values))
        items: list[Value] = [
            Unknown(reason, paths.entry(key, at), name, default=item)
            if isinstance(item, (Quantity, Constant))
            else item
            for at, item in enumerate(value.values)
        ]
        return ListValue(items, value.kind, incomplete=True, unordered=value.unordered)
    if isinstance(value, (Quantity, Constant)):
        return Unknown(reason, key, name, default=value)
    return value


def may_be_overridden(table: DictValue, reason: str, place: AccessPath | None, world: World, depth: int = 0) -> None:
    """Notes that something unknown may have given the entries of a table other values; their defaults stay.

    Args:
        table: the dict or namespace.
        reason: why they may be others.
        place: identity for the entries of a table that has none of its own, such as where this happened.
        world: pays for it.
        depth: how deeply the table is nested.
    """
    table.incomplete = True
    home = table.key or place
    for at, value in table.entries.items():
        world.spend()
        if isinstance(value, DictValue) and depth < _DEEPEST:
            may_be_overridden(value, reason, paths.entry(home, at), world, depth + 1)
        elif not isinstance(value, DictValue):
            table.entries[at] = as_overridable(value, _identity(home, at, value), str(at), reason, world)


def _identity(home: AccessPath | None, at: object, value: Value) -> AccessPath | None:
    """The identity of an entry that holds a value by default.

    What a helper does to several dicts it does at one place, so their values tell the dicts apart.
    """
    number = value.number if isinstance(value, Quantity) else None
    return paths.overridable(paths.entry(home, at), key_of(value) or number)


def overridable_entry(table: DictValue, name: object, value: Value, frame: Frame) -> Value:
    """What a table holds once a value is written into it."""
    if not table.overridable:
        return value
    return as_overridable(value, _identity(table.key, name, value), str(name), Reason.MERGED_LATER, frame.world)


def havoc(table: DictValue, reason: str) -> None:
    """Notes that something unknown was written into a table: what it held before says nothing any more."""
    table.incomplete = True
    for at, value in table.entries.items():
        if isinstance(value, (Quantity, Constant)):
            table.entries[at] = Unknown(reason, paths.entry(table.key, at), str(at))
        elif isinstance(value, Unknown):
            table.entries[at] = without_default(value)


def without_default(option: Unknown) -> Unknown:
    """An option whose default is not known."""
    return Unknown(option.reason, option.key, option.name, invocation=option.invocation)


def from_data(
    data: Any, key: AccessPath | None, name: str, reason: str, world: World, *, complete: bool = False
) -> Value:
    """The plain data of a settings file as values that may be overridden.

    Args:
        data: what the file holds.
        key: its identity.
        name: what it is called.
        reason: why the values are not known for certain.
        world: pays for it.
        complete: whether nothing is added to what the file holds: an entry that it lacks is none.
    """
    world.spend()

    def part(item: Any, at: Hashable, called: str) -> Value:
        return from_data(item, paths.entry(key, at), called, reason, world, complete=complete)

    if isinstance(data, dict):
        return DictValue({at: part(item, at, str(at)) for at, item in data.items()}, incomplete=not complete, key=key)
    if isinstance(data, list):
        return ListValue([part(item, at, name) for at, item in enumerate(data)])
    return Unknown(reason, key, name, default=_constant(data))


def _constant(data: Any) -> Value | None:
    """A scalar; None for one that is no plain value, such as a date, or no finite number."""
    if data is UNREAD or (isinstance(data, float) and not math.isfinite(data)):
        return None
    if isinstance(data, (bool, int, float)):
        return literal(data)
    return Constant(data) if data is None or isinstance(data, str) else None


def as_namespace(value: Value, key: AccessPath, world: World, *, overridable: bool = False) -> Value:
    """A dict as libraries with attribute access make it, dicts in it included.

    Args:
        value: a dict; anything else is left as it is.
        key: the identity of the namespace.
        world: pays for it.
        overridable: whether what is in it may be overridden; see `DictValue`.
    """

    def convert(table: DictValue) -> DictValue:
        entries = {
            at: DictValue(item.entries, item.incomplete, item.key or paths.entry(key, at), overridable)
            if isinstance(item, DictValue)
            else item
            for at, item in table.entries.items()
        }
        return DictValue(entries, table.incomplete, table.key or key, overridable or table.overridable)

    return _rebuilt(value, world, convert)


def copied(value: Value, world: World) -> Value:
    """A deep copy of a container; any other value is itself."""
    return _rebuilt(
        value, world, lambda table: DictValue(dict(table.entries), table.incomplete, table.key, table.overridable)
    )


def _rebuilt(value: Value, world: World, build: Callable[[DictValue], DictValue], depth: int = 0) -> Value:
    """A container whose dicts are made anew, from the outside in."""
    if not isinstance(value, (DictValue, ListValue)):
        return value
    world.spend(1 + len(value.entries if isinstance(value, DictValue) else value.values))
    if depth > _DEEPEST:
        return Unknown("it is nested too deeply")
    if isinstance(value, ListValue):
        items = [_rebuilt(item, world, build, depth + 1) for item in value.values]
        return ListValue(items, value.kind, value.incomplete, value.unordered)
    table = build(value)
    for at, item in table.entries.items():
        table.entries[at] = _rebuilt(item, world, build, depth + 1)
    return table


def merged(first: DictValue, second: DictValue, world: World, depth: int = 0) -> DictValue:
    """What a dict becomes when another is merged into it, dicts in it merged in turn."""
    entries = dict(first.entries)
    for at, value in second.entries.items():
        world.spend()
        known = entries.get(at)
        both = isinstance(known, DictValue) and isinstance(value, DictValue) and depth < _DEEPEST
        entries[at] = merged(known, value, world, depth + 1) if both else value  # type: ignore[arg-type]
    return DictValue(entries, first.incomplete or second.incomplete, first.key, first.overridable)


def parsed_object(of: Value, key: AccessPath | None, name: str, default: Value | None = None) -> Value:
    """The object that a parser makes of the options that a class declares.

    Args:
        of: the class.
        key: the identity of the object.
        name: what it is called.
        default: the object that holds the defaults, where that is not the class itself.
    """
    if isinstance(default, Instance):
        return Instance(default.cls, key, default.arguments, default.keywords, symbolic=True)
    if isinstance(of, ClassValue) and default in (None, NOTHING):
        return Instance(of, key, symbolic=True)
    return Unknown(Reason.COMMAND_LINE, key, name)
