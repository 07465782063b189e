"""Python's builtins that deal with objects, and ``functools``; which names are builtins at all.

Those that compute are in `numeric`, those that make containers in `containers`, ``str`` is in `strings`.
"""

from __future__ import annotations

import builtins as python
from collections.abc import Sequence

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.functions import Partial
from lr_lint.semantics.values.imports import External, ModuleNames, ModuleValue
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.memoised import Memoised
from lr_lint.semantics.values.objects import Instance, SuperValue
from lr_lint.semantics.values.overridable import havoc
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import literal

_CONSTANTS: dict[str, Value] = {"Ellipsis": Constant(...), "__debug__": literal(True)}


def builtin(name: str) -> Value | None:
    """The builtin of that name."""
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    return External(f"builtins.{name}") if hasattr(python, name) else None


@function("builtins.super(type=..., object_or_type=..., /)")
def _super(call: Call, *given: Value | None) -> Value | None:
    frame = call.frame
    return None if frame.receiver is None or frame.owner is None else SuperValue(frame.receiver, frame.owner)


@function("builtins.getattr(object, name, default=..., /)")
def _getattr(call: Call, owner: Value, name: Value, default: Value | None) -> Value | None:
    if not isinstance(name, Constant) or not isinstance(name.value, str):
        if isinstance(owner, Optimizer):
            call.world.machine.forget((owner,), "a part of it is got by a name that is not known", call.world)
        return None
    try:
        found = operations.member(owner, name.value, call.frame)
    except Raised as raised:
        if default is None or raised.kind != "AttributeError":
            raise
        return default
    # None is what code asks for that goes on without: what is there is the rule.
    if default not in (None, NOTHING) and isinstance(found, Unknown) and found.default is None:
        return Unknown(found.reason, found.key, found.name, default=default)
    return found


@function(
    "builtins.setattr(obj, name, value, /)",
    "builtins.object.__setattr__(obj, name, value, /)",
    "builtins.type.__setattr__(obj, name, value, /)",
)
def _setattr(call: Call, owner: Value, name: Value, value: Value) -> Value:
    """With a name that is not known, it may have set anything."""
    known = constant_key(name)
    if isinstance(known, str):
        call.world.machine.assign(owner, known, value, call.anchor, call.frame)
    elif isinstance(owner, DictValue):
        settle(owner, call.world)
        havoc(owner, "a loop sets attributes by names that are not known")
    elif isinstance(owner, Instance):
        call.world.machine.forget((owner,), "attributes are set by names that are not known", call.world)
        call.world.doubt("an attribute is set by a name that is not known")
    else:
        call.world.machine.forget((owner,), "attributes are set by names that are not known", call.world)
        call.world.doubt("what an attribute is set on is not followed")
    return NOTHING


@function("builtins.vars(object=..., /)")
def _vars(call: Call, owner: Value | None) -> Value | None:
    """The namespace itself, seen as a dict; of an object its attributes, as far as they were asked for."""
    if isinstance(owner, (Instance, Optimizer)):
        return operations.member(owner, "__dict__", call.frame)
    if isinstance(owner, (External, ModuleValue)):
        return ModuleNames(owner)
    return owner if isinstance(owner, DictValue) else None


@function("functools.partial(func, /, *args, **keywords)")
def _partial(call: Call, func: Value, args: Sequence[Value], keywords: dict[str, Value]) -> Value:
    if isinstance(func, Partial):
        merged = {**dict(func.keywords), **keywords}
        return Partial(func.function, (*func.arguments, *args), tuple(merged.items()))
    return Partial(func, tuple(args), tuple(keywords.items()))


@function("typing.cast(typ, val)")
def _cast(call: Call, typ: Value, val: Value) -> Value:
    return val


@function("<memoised>.cache_clear(self)")
def _clear_cache(call: Call, owner: Memoised) -> Value:
    owner.results.clear()
    return NOTHING


@function("<memoised>.__wrapped__(self, *args, **keywords)")
def _unwrapped(call: Call, owner: Memoised, args: Sequence[Value], keywords: dict[str, Value]) -> Value:
    return operations.call(owner.function, list(args), keywords, call.anchor, call.frame)
