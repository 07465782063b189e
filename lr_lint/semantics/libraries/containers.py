"""Python's containers: the builtins that make them, and the functions that go over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lr_lint.project.knowledge import PURE_LIBRARIES
from lr_lint.semantics.libraries.iterators import is_parameters
from lr_lint.semantics.libraries.signatures import MORE, Call, function
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.overridable import copied
from lr_lint.semantics.values.sequences import concatenated, distinct, in_order, items_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LENGTH, AccessPath
from lr_lint.vocabulary.quantities import Quantity, literal

_LONGEST_RANGE = 100_000
_LARGEST_RANGE = 10**18


@function("builtins.list(iterable=..., /)")
def _list(call: Call, iterable: Value | None) -> Value | None:
    return _collected("list", iterable)


@function("builtins.tuple(iterable=..., /)")
def _tuple(call: Call, iterable: Value | None) -> Value | None:
    return _collected("tuple", iterable)


@function("builtins.set(iterable=..., /)")
def _set(call: Call, iterable: Value | None) -> Value | None:
    return _collected("set", iterable)


def _collected(kind: str, iterable: Value | None) -> Value | None:
    if iterable is None:
        return ListValue([], kind)
    if is_parameters(iterable):
        return iterable
    items = items_of(iterable)
    if items is None:
        return None
    copy = ListValue(list(items.values), kind, items.incomplete, items.unordered)
    return distinct(copy) if kind == "set" else copy


@function("builtins.len(obj, /)")
def _len(call: Call, obj: Value) -> Value:
    if isinstance(obj, ListValue) and not obj.incomplete:
        return literal(len(obj.values))
    if isinstance(obj, DictValue) and not obj.incomplete:
        return literal(len(obj.entries))
    if isinstance(obj, Constant) and isinstance(obj.value, (str, bytes)):
        return literal(len(obj.value))
    if isinstance(obj, Quantity) and obj.number is not None and not obj.array:
        raise Raised("TypeError", obj.basis)
    return Unknown("the length is only known at run time", _length_of(obj), "" if _is_decided(obj) else "n_batches")


def _length_of(obj: Value) -> AccessPath | None:
    """The identity of a length: of what has none itself but was made at a place, the length of what is made there."""
    whole = key_of(obj)
    if whole is None and isinstance(obj, Unknown) and obj.invocation is not None:
        whole = AccessPath.node(obj.invocation.anchor.node)
    return paths.operation(LENGTH, whole)


def _is_decided(obj: Value) -> bool:
    """Whether the code says how long something is, in a way that is not followed: then no count is assumed."""
    if not isinstance(obj, Unknown) or obj.key is None:
        return True
    callee = obj.invocation.callee if obj.invocation is not None else None
    return isinstance(callee, External) and callee.name.partition(".")[0] in PURE_LIBRARIES


@function("builtins.dict(mapping=..., /, **entries)")
def _dict(call: Call, mapping: Value | None, entries: dict[str, Value]) -> Value | None:
    known: dict[Any, Value] = {}
    incomplete = MORE in entries
    if isinstance(mapping, DictValue):
        known.update(mapping.entries)
        incomplete = incomplete or mapping.incomplete
    elif isinstance(mapping, ListValue) and not mapping.incomplete:
        pairs = [_pair(item) for item in mapping.values]
        known.update(pair for pair in pairs if pair is not None)
        if None in pairs:
            return None
    elif mapping is not None:
        return None
    known.update((name, value) for name, value in entries.items() if name != MORE)
    return DictValue(known, incomplete)


def _pair(item: Value) -> tuple[object, Value] | None:
    if not isinstance(item, ListValue) or item.incomplete or item.unordered or len(item.values) != 2:
        return None
    key = constant_key(item.values[0])
    return None if key is None else (key, item.values[1])


@function("builtins.range(start, stop=..., step=..., /)")
def _range(call: Call, start: Value, stop: Value | None, step: Value | None) -> Value | None:
    bounds: list[Any] = [call.measure(bound).number for bound in (start, stop, step) if bound is not None]
    if any(isinstance(bound, (float, complex)) for bound in bounds):
        raise Raised("TypeError")
    if None in bounds:
        return None
    try:
        numbers = range(*bounds)
    except ValueError:
        raise Raised("ValueError") from None
    if numbers and max(abs(numbers[0]), abs(numbers[-1])) > _LARGEST_RANGE:
        return None
    if len(numbers) > _LONGEST_RANGE:
        return None
    call.world.spend(len(numbers))
    return ListValue([literal(number) for number in numbers])


@function("builtins.sorted(iterable, /, *, key=None, reverse=False)")
def _sorted(call: Call, iterable: Value, key: Value, reverse: Value) -> Value | None:
    items = items_of(iterable)
    if items is None:
        return iterable if is_parameters(iterable) else None
    return in_order(items, backwards(key, reverse))


def backwards(key: Value, reverse: Value) -> bool | None:
    """Whether sorting puts the largest first; None where that, or by what is sorted, is not known."""
    known = constant_key(reverse)
    return bool(known) if key == NOTHING and isinstance(known, int) else None


@function("copy.copy(x)")
def _copy(call: Call, x: Value) -> Value:
    if isinstance(x, ListValue):
        return ListValue(list(x.values), x.kind, x.incomplete, x.unordered)
    if isinstance(x, DictValue):
        return DictValue(dict(x.entries), x.incomplete, x.key, x.overridable)
    if isinstance(x, Instance):
        call.world.machine.complete(x)
        return _object_copy(call, x, x.attributes)
    return _copied_optimizer(call, x)


@function("copy.deepcopy(x, memo=None)")
def _deep_copy(call: Call, x: Value, memo: Value) -> Value:
    if isinstance(x, Instance):
        call.world.machine.complete(x)
        return _object_copy(call, x, {name: copied(value, call.world) for name, value in x.attributes.items()})
    return _copied_optimizer(call, copied(x, call.world))


def _copied_optimizer(call: Call, x: Value) -> Value:
    """A copy of an optimizer may share its groups; it is not followed what becomes of which."""
    if isinstance(x, Optimizer):
        call.world.machine.forget((x,), "it is copied", call.world)
        return Forgotten("it is a copy of an optimizer")
    return x


def _object_copy(call: Call, old: Instance, attributes: Mapping[str, Value]) -> Value:
    """An object whose attributes can be changed without changing the other's; those not read yet are the same."""
    for name in ("__copy__", "__deepcopy__", "__reduce__", "__getstate__", "__setstate__"):
        if isinstance(operations.member(old, name, call.frame), Bound):
            return Forgotten("its class says how it is copied")
    copy = Instance(
        old.cls, old.key, old.arguments, old.keywords, old.symbolic, dict(attributes), set(old.asked), old.anchor
    )
    call.world.memory.pending.append(copy)
    return copy


@function("builtins.list.append(self, object, /)")
def _append(call: Call, owner: ListValue, item: Value) -> Value:
    owner.values.append(item)
    owner.check_length()
    return NOTHING


@function("builtins.list.extend(self, iterable, /)")
def _extend(call: Call, owner: ListValue, iterable: Value) -> Value:
    extra = concatenated([iterable])
    if extra is None:
        owner.forget_order()
    else:
        owner.values.extend(extra.values)
        owner.incomplete = owner.incomplete or extra.incomplete
        owner.check_length()
    return NOTHING


@function("builtins.list.insert(self, index, object, /)")
def _insert(call: Call, owner: ListValue, index: Value, item: Value) -> Value:
    at = constant_key(index)
    if isinstance(at, int) and not owner.incomplete:
        owner.values.insert(at, item)
        owner.check_length()
    else:
        owner.values.append(item)
        owner.forget_order()
    return NOTHING


@function("builtins.list.pop(self, index=-1, /)")
def _pop(call: Call, owner: ListValue, index: Value) -> Value | None:
    at = constant_key(index)
    if owner.incomplete or not isinstance(at, int):
        owner.forget_order()
        return None
    if not -len(owner.values) <= at < len(owner.values):
        raise Raised("IndexError")
    return owner.values.pop(at)


@function("builtins.list.sort(self, /, *, key=None, reverse=False)")
def _sort(call: Call, owner: ListValue, key: Value, reverse: Value) -> Value:
    ordered = in_order(owner, backwards(key, reverse))
    owner.values, owner.incomplete, owner.unordered = ordered.values, ordered.incomplete, ordered.unordered
    return NOTHING


@function("builtins.list.reverse(self, /)")
def _reverse(call: Call, owner: ListValue) -> Value:
    owner.values.reverse()
    owner.unordered = owner.unordered or owner.incomplete
    return NOTHING


@function("builtins.list.clear(self, /)", "builtins.set.clear(self, /)")
def _clear(call: Call, owner: ListValue) -> Value:
    owner.values.clear()
    owner.incomplete = owner.unordered = False
    return NOTHING


@function(
    "builtins.list.__getitem__(self, index, /)",
    "builtins.tuple.__getitem__(self, key, /)",
    "numpy.ndarray.__getitem__(self, key, /)",
)
def _item(call: Call, owner: ListValue, index: Value) -> Value:
    return owner.item(index, call.anchor.node, call.frame)


@function("builtins.list.copy(self, /)", "builtins.set.copy(self, /)", "numpy.ndarray.copy(self)")
def _copy_of(call: Call, owner: ListValue) -> Value:
    return ListValue(list(owner.values), owner.kind, owner.incomplete, owner.unordered)


@function(
    "builtins.list.remove(self, value, /)",
    *(f"builtins.set.{name}(self, elem, /)" for name in ("remove", "discard", "add")),
    "builtins.set.pop(self, /)",
    *(f"builtins.set.{name}(self, *others)" for name in ("update", "intersection_update", "difference_update")),
    "builtins.set.symmetric_difference_update(self, other, /)",
)
def _edited(call: Call, owner: ListValue, *changes: object) -> Value | None:
    """What is added and what goes is not followed."""
    owner.forget_order()
    return None


@function("numpy.ndarray.sort(self, *options)")
def _sort_array(call: Call, owner: ListValue, *options: object) -> Value | None:
    """Which number is where by then is not followed."""
    owner.forget_order()
    return None if any(options) else NOTHING
