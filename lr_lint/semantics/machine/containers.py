"""Items of lists, tuples, sets and dicts, as far as they are known."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.semantics.machine.conditions import choose
from lr_lint.semantics.values.base import Unknown, Value, key_of
from lr_lint.semantics.values.constants import NOTHING, Constant, constant_key
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.imports import External
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal


def iterate(value: Value, frame: Frame) -> tuple[list[Value], bool]:
    """The items of an iterable as far as they are known, and whether there may be others.

    An unknown iterable gives one symbolic item.
    """
    if isinstance(value, ListValue):
        return list(value.values), value.incomplete
    if isinstance(value, DictValue):
        return [Constant(key) if isinstance(key, str) else literal(key) for key in value.entries], value.incomplete
    if isinstance(value, Constant) and isinstance(value.value, str):
        return [Constant(letter) for letter in value.value], False
    if isinstance(value, Unknown):
        item = Unknown(value.reason, paths.item(value.key, "*"), parameters=value.parameters)
        return [item], True
    return [Unknown("what it iterates over is not known")], True


def unpack(value: Value, count: int) -> list[Value]:
    """The parts of a value that is assigned to several targets."""
    if isinstance(value, ListValue) and not value.incomplete and len(value.values) == count:
        return list(value.values)
    if isinstance(value, ListValue) and value.incomplete and len(value.values) >= count:
        return value.values[:count]
    if isinstance(value, Unknown):
        return [
            Unknown(
                value.reason,
                paths.item(value.key, at),
                invocation=value.invocation,
                parameters=value.parameters,
            )
            for at in range(count)
        ]
    return [Unknown("the parts of the value are not known") for _ in range(count)]


def item_of(owner: Value, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
    """``owner[index]``; an entry that only the user chooses is chosen by the world.

    Raises:
        Raised: IndexError or KeyError where the container is known completely.
    """
    key = constant_key(index)
    if isinstance(owner, ListValue):
        return _item_of_list(owner, index, key, node, frame)
    if isinstance(owner, DictValue):
        if key in owner.entries:
            return owner.entries[key]
        if key is not None and not owner.incomplete:
            raise Raised("KeyError")
        if key is None and owner.entries and not owner.incomplete:
            chosen = choose(index, list(owner.entries), node, frame)
            if chosen is not None:
                return owner.entries[chosen]
            return Unknown("which entry is chosen is only known at run time", AccessPath.node(node))
        return Unknown("the dict may hold more entries", paths.entry(owner.key, key) or _place(node), str(key))
    if isinstance(owner, Unknown):
        name = key if isinstance(key, str) else ""
        reason = owner.reason
        own_key = paths.item(owner.key, key) if key is not None else None
        default = _item_of_default(owner.default, index, node, frame)
        return Unknown(reason, own_key, name, default=default, invocation=owner.invocation, parameters=owner.parameters)
    if isinstance(owner, External) and key is not None:
        return Unknown("it is set outside the project", paths.item(key_of(owner), key), str(key))
    return Unknown("what is indexed is not known", _place(node))


def _item_of_default(default: Value | None, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
    """The item of what an unknown container is by default; a default that lacks it proves nothing."""
    try:
        return item_of(default, index, node, frame) if isinstance(default, (ListValue, DictValue)) else None
    except Raised:
        return None


def _item_of_list(owner: ListValue, index: Value, key: object, node: cst.CSTNode, frame: Frame) -> Value:
    if isinstance(key, (int, float)) and not isinstance(key, int):
        raise Raised("TypeError")
    if owner.unordered:
        return Unknown("the order of the items is not known", AccessPath.node(node))
    if isinstance(key, int):
        if -len(owner.values) <= key < len(owner.values) and not (owner.incomplete and key < 0):
            return owner.values[key]
        if not owner.incomplete:
            raise Raised("IndexError")
    if key is None and not owner.incomplete:
        chosen = choose(index, range(len(owner.values)), node, frame)
        if chosen is not None:
            return owner.values[int(chosen)]
    return Unknown("which item is chosen is only known at run time", AccessPath.node(node))


def sliced(owner: Value, bounds: Sequence[Value]) -> Value:
    """``owner[lower:upper:step]``; a bound that is left out is None."""
    parts = [constant_key(bound) for bound in bounds]
    known = all(isinstance(part, int) or bound == NOTHING for part, bound in zip(parts, bounds, strict=True))
    if isinstance(owner, ListValue) and known and not owner.incomplete and parts[2] != 0:
        lower, upper, step = (int(part) if isinstance(part, int) else None for part in parts)
        return ListValue(owner.values[lower:upper:step], owner.kind)
    if isinstance(owner, ListValue):
        return ListValue(list(owner.values), owner.kind, incomplete=True, unordered=True)
    if isinstance(owner, Unknown):
        return Unknown(owner.reason, parameters=owner.parameters)
    return Unknown("the slice is not known")


def _place(node: cst.CSTNode) -> AccessPath:
    return AccessPath.node(node)
