"""Values that hold unless somebody overrides them: options, and what settings files say.

Such a value is evidence and no proof. It is an unknown with an identity and a default: two reads of one option are the
same value for certain, and its number makes nothing certain by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from lr_lint.semantics.values import (
    NOTHING,
    ClassValue,
    Frame,
    Instance,
    Items,
    Known,
    Opaque,
    Table,
    Value,
    World,
    key_of,
)
from lr_lint.source.documents import UNREAD
from lr_lint.vocabulary.quantities import Key, Quantity, literal

COMMAND_LINE = "it is read from the command line"
MERGED_LATER = "a settings file may be merged into it"

# Containers may hold themselves.
_DEEPEST = 40


def as_evidence(value: Value, key: Key | None, name: str, reason: str, world: World) -> Value:
    """A value as a default that may be overridden; the values in a container each by itself.

    Args:
        value: the default.
        key: identity of the place that holds it.
        name: what that place is called.
        reason: why it may be another.
        world: pays for it.
    """
    if isinstance(value, Table):
        result = Table(dict(value.entries), open=True, key=value.key or key, soft=value.soft)
        may_be_overridden(result, reason, result.key, world)
        return result
    if isinstance(value, Items):
        world.spend(len(value.values))
        items: list[Value] = [
            Opaque(reason, step(key, at), name, default=item) if isinstance(item, (Quantity, Known)) else item
            for at, item in enumerate(value.values)
        ]
        return Items(items, value.kind, open=True, loose=value.loose)
    if isinstance(value, (Quantity, Known)):
        return Opaque(reason, key, name, default=value)
    return value


def may_be_overridden(table: Table, reason: str, place: Key | None, world: World, depth: int = 0) -> None:
    """Notes that something unknown may have given the entries of a table other values; their defaults stay.

    Args:
        table: the dict or namespace.
        reason: why they may be others.
        place: identity for the entries of a table that has none of its own, such as where this happened.
        world: pays for it.
        depth: how deeply the table is nested.
    """
    table.open = True
    home = table.key or place
    for at, value in table.entries.items():
        world.spend()
        if isinstance(value, Table) and depth < _DEEPEST:
            may_be_overridden(value, reason, step(home, at), world, depth + 1)
        elif not isinstance(value, Table):
            table.entries[at] = as_evidence(value, _identity(home, at, value), str(at), reason, world)


def _identity(home: Key | None, at: object, value: Value) -> Key | None:
    """The identity of an entry that holds a value by default.

    What a helper does to several dicts it does at one place, so their values tell the dicts apart.
    """
    number = value.number if isinstance(value, Quantity) else None
    return None if home is None else (step(home, at), "by default", key_of(value) or number)


def evidence_of_soft(table: Table, name: object, value: Value, frame: Frame) -> Value:
    """What a table holds once a value is written into it."""
    if not table.soft:
        return value
    return as_evidence(value, _identity(table.key, name, value), str(name), MERGED_LATER, frame.world)


def forget_defaults(table: Table, reason: str) -> None:
    """Notes that something unknown was written into a table: what it held before says nothing any more."""
    table.open = True
    for at, value in table.entries.items():
        if isinstance(value, (Quantity, Known)):
            table.entries[at] = Opaque(reason, step(table.key, at), str(at))
        elif isinstance(value, Opaque):
            table.entries[at] = without_default(value)


def without_default(option: Opaque) -> Opaque:
    """An option whose default is not known."""
    return Opaque(option.reason, option.key, option.name, invocation=option.invocation)


def step(key: Key | None, at: object) -> Key | None:
    """The identity of an entry: the same whether code reads it as an item or as an attribute."""
    if key is None:
        return None
    return (key, "attribute" if isinstance(at, str) else "item", at)


def from_data(data: Any, key: Key, name: str, reason: str, world: World) -> Value:
    """The plain data of a settings file as values that may be overridden."""
    world.spend()
    if isinstance(data, dict):
        entries = {at: from_data(item, step(key, at), str(at), reason, world) for at, item in data.items()}
        return Table(entries, open=True, key=key)
    if isinstance(data, list):
        return Items([from_data(item, step(key, at), name, reason, world) for at, item in enumerate(data)])
    return Opaque(reason, key, name, default=_constant(data))


def _constant(data: Any) -> Value | None:
    """A scalar; None for one that is no plain value, such as a date, or no finite number."""
    if data is UNREAD or (isinstance(data, float) and not math.isfinite(data)):
        return None
    if isinstance(data, (bool, int, float)):
        return literal(data)
    return Known(data) if data is None or isinstance(data, str) else None


def as_namespace(value: Value, key: Key, world: World, *, soft: bool = False) -> Value:
    """A dict as libraries with attribute access make it, dicts in it included.

    Args:
        value: a dict; anything else is left as it is.
        key: the identity of the namespace.
        world: pays for it.
        soft: whether what is in it may be overridden; see `Table`.
    """

    def convert(table: Table) -> Table:
        entries = {
            at: Table(item.entries, item.open, item.key or step(key, at), soft) if isinstance(item, Table) else item
            for at, item in table.entries.items()
        }
        return Table(entries, table.open, table.key or key, soft or table.soft)

    return _rebuilt(value, world, convert)


def copied(value: Value, world: World) -> Value:
    """A deep copy of a container; any other value is itself."""
    return _rebuilt(value, world, lambda table: Table(dict(table.entries), table.open, table.key, table.soft))


def _rebuilt(value: Value, world: World, build: Callable[[Table], Table], depth: int = 0) -> Value:
    """A container whose dicts are made anew, from the outside in."""
    if not isinstance(value, (Table, Items)):
        return value
    world.spend(1 + len(value.entries if isinstance(value, Table) else value.values))
    if depth > _DEEPEST:
        return Opaque("it is nested too deeply")
    if isinstance(value, Items):
        items = [_rebuilt(item, world, build, depth + 1) for item in value.values]
        return Items(items, value.kind, value.open, value.loose)
    table = build(value)
    for at, item in table.entries.items():
        table.entries[at] = _rebuilt(item, world, build, depth + 1)
    return table


def merged(first: Table, second: Table, world: World, depth: int = 0) -> Table:
    """What a dict becomes when another is merged into it, dicts in it merged in turn."""
    entries = dict(first.entries)
    for at, value in second.entries.items():
        world.spend()
        known = entries.get(at)
        both = isinstance(known, Table) and isinstance(value, Table) and depth < _DEEPEST
        entries[at] = merged(known, value, world, depth + 1) if both else value  # type: ignore[arg-type]
    return Table(entries, first.open or second.open, first.key, first.soft)


def parsed_object(of: Value, key: Key, name: str, default: Value | None = None) -> Value:
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
    return Opaque(COMMAND_LINE, key, name)
