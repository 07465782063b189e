"""Items of lists, tuples, sets and dicts, as far as they are known."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.semantics.conditions import choose
from lr_lint.semantics.evidence import step
from lr_lint.semantics.library_calls import constant_key
from lr_lint.semantics.values import (
    NOTHING,
    External,
    Frame,
    Items,
    Known,
    Opaque,
    Raised,
    Table,
    Value,
    child_key,
    key_of,
)
from lr_lint.vocabulary.quantities import Key, literal


def iterate(value: Value, frame: Frame) -> tuple[list[Value], bool]:
    """The items of an iterable as far as they are known, and whether there may be others.

    An unknown iterable gives one symbolic item.
    """
    if isinstance(value, Items):
        return list(value.values), value.open
    if isinstance(value, Table):
        return [Known(key) if isinstance(key, str) else literal(key) for key in value.entries], value.open
    if isinstance(value, Known) and isinstance(value.value, str):
        return [Known(letter) for letter in value.value], False
    if isinstance(value, Opaque):
        item = Opaque(value.reason, child_key(value.key, "item", "*"), parameters=value.parameters)
        return [item], True
    return [Opaque("what it iterates over is not known")], True


def unpack(value: Value, count: int) -> list[Value]:
    """The parts of a value that is assigned to several targets."""
    if isinstance(value, Items) and not value.open and len(value.values) == count:
        return list(value.values)
    if isinstance(value, Items) and value.open and len(value.values) >= count:
        return value.values[:count]
    if isinstance(value, Opaque):
        return [
            Opaque(
                value.reason,
                child_key(value.key, "item", at),
                invocation=value.invocation,
                parameters=value.parameters,
            )
            for at in range(count)
        ]
    return [Opaque("the parts of the value are not known") for _ in range(count)]


def item_of(owner: Value, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
    """``owner[index]``; an entry that only the user chooses is chosen by the world.

    Raises:
        Raised: IndexError or KeyError where the container is known completely.
    """
    key = constant_key(index)
    if isinstance(owner, Items):
        return _item_of_list(owner, index, key, node, frame)
    if isinstance(owner, Table):
        if key in owner.entries:
            return owner.entries[key]
        if key is not None and not owner.open:
            raise Raised("KeyError")
        if key is None and owner.entries and not owner.open:
            chosen = choose(index, list(owner.entries), node, frame)
            if chosen is not None:
                return owner.entries[chosen]
            return Opaque("which entry is chosen is only known at run time", ("node", id(node)))
        return Opaque("the dict may hold more entries", step(owner.key, key) or _place(node), str(key))
    if isinstance(owner, Opaque):
        name = key if isinstance(key, str) else ""
        reason = owner.reason
        own_key = child_key(owner.key, "item", key) if key is not None else None
        default = _item_of_default(owner.default, index, node, frame)
        return Opaque(reason, own_key, name, default=default, invocation=owner.invocation, parameters=owner.parameters)
    if isinstance(owner, External) and key is not None:
        return Opaque("it is set outside the project", (key_of(owner), "item", key), str(key))
    return Opaque("what is indexed is not known", _place(node))


def _item_of_default(default: Value | None, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
    """The item of what an unknown container is by default; a default that lacks it proves nothing."""
    try:
        return item_of(default, index, node, frame) if isinstance(default, (Items, Table)) else None
    except Raised:
        return None


def _item_of_list(owner: Items, index: Value, key: object, node: cst.CSTNode, frame: Frame) -> Value:
    if isinstance(key, (int, float)) and not isinstance(key, int):
        raise Raised("TypeError")
    if owner.loose:
        return Opaque("the order of the items is not known", ("node", id(node)))
    if isinstance(key, int):
        if -len(owner.values) <= key < len(owner.values) and not (owner.open and key < 0):
            return owner.values[key]
        if not owner.open:
            raise Raised("IndexError")
    if key is None and not owner.open:
        chosen = choose(index, range(len(owner.values)), node, frame)
        if chosen is not None:
            return owner.values[int(chosen)]
    return Opaque("which item is chosen is only known at run time", ("node", id(node)))


def sliced(owner: Value, bounds: Sequence[Value]) -> Value:
    """``owner[lower:upper:step]``; a bound that is left out is None."""
    parts = [constant_key(bound) for bound in bounds]
    known = all(isinstance(part, int) or bound == NOTHING for part, bound in zip(parts, bounds, strict=True))
    if isinstance(owner, Items) and known and not owner.open and parts[2] != 0:
        lower, upper, step = (int(part) if isinstance(part, int) else None for part in parts)
        return Items(owner.values[lower:upper:step], owner.kind)
    if isinstance(owner, Items):
        return Items(list(owner.values), owner.kind, open=True, loose=True)
    if isinstance(owner, Opaque):
        return Opaque(owner.reason, parameters=owner.parameters)
    return Opaque("the slice is not known")


def _place(node: cst.CSTNode) -> Key:
    return ("node", id(node))
