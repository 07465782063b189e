"""The methods of dicts, and of the namespaces of settings that have them too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.signatures import MORE, Call, function
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.choices import choose
from lr_lint.semantics.values.constants import NOTHING, constant
from lr_lint.semantics.values.containers import VIEW, DictValue, ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.overridable import copied, havoc, may_be_overridden
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

_OVERRIDDEN = "other settings are merged into it"
# Methods of settings that say who may change them from then on, and those that show them
# (yacs 0.1.8, https://github.com/rbgirshick/yacs; ml_collections 1.1, https://ml-collections.readthedocs.io).
_GUARDING = "freeze defrost lock unlock set_immutable set_new_allowed register_deprecated_key register_renamed_key"
# Methods of configparser's parsers that give them entries.
_WRITING = ("set", "read_dict", "read_string")
_SHOWING = "dump to_json to_json_best_effort to_yaml is_frozen is_new_allowed is_locked"


def _of_dicts(*texts: str) -> Callable[[Any], Any]:
    """Declares a method of dicts, which namespaces have as well."""
    return function(*(f"{owner}.{text}" for owner in ("builtins.dict", "<namespace>") for text in texts))


@function("builtins.dict.get(self, key, default=None, /)", "<namespace>.get(self, key, default=None)")
def _get(call: Call, owner: DictValue, key: Value, default: Value) -> Value | None:
    known = constant_key(key)
    if known is None and not owner.incomplete:
        known = choose(key, list(owner.entries), call.anchor.node, call.frame)
    if known is None:
        return None
    return owner.entries[known] if known in owner.entries else _default(call, owner, known, default)


@function("types.MappingProxyType(mapping)")
def _read_only(call: Call, mapping: Value) -> Value | None:
    """The same dict, seen by those who may not change it."""
    return mapping if isinstance(mapping, DictValue) else None


@_of_dicts("pop(self, key, default=..., /)")
def _pop(call: Call, owner: DictValue, key: Value, default: Value | None) -> Value | None:
    known = constant_key(key)
    if known is None:
        owner.incomplete = True
        return None
    if known in owner.entries:
        return owner.entries.pop(known)
    if default is None and not owner.incomplete:
        raise Raised("KeyError")
    return _default(call, owner, known, NOTHING if default is None else default)


@_of_dicts("setdefault(self, key, default=None, /)")
def _set_default(call: Call, owner: DictValue, key: Value, default: Value) -> Value | None:
    known = constant_key(key)
    if known is None:
        owner.incomplete = True
        return None
    if known not in owner.entries:
        owner.entries[known] = _default(call, owner, known, default)
    return owner.entries[known]


def _default(call: Call, owner: DictValue, key: object, default: Value) -> Value:
    """What is read by a key that is not among the entries."""
    if not owner.incomplete:
        return default
    place = paths.entry(owner.key, key) or AccessPath.node(call.anchor.node, key)
    return Unknown("the dict may hold more entries", place, str(key), default=default)


@_of_dicts("items(self, /)")
def _items(call: Call, owner: DictValue) -> Value:
    rows: list[Value] = [ListValue([constant(key), value], "tuple") for key, value in owner.entries.items()]
    return ListValue(rows, VIEW, owner.incomplete)


@_of_dicts("values(self, /)")
def _values(call: Call, owner: DictValue) -> Value:
    return ListValue(list(owner.entries.values()), VIEW, owner.incomplete)


@_of_dicts("keys(self, /)")
def _keys(call: Call, owner: DictValue) -> Value:
    return ListValue([constant(key) for key in owner.entries], VIEW, owner.incomplete)


@_of_dicts("copy(self, /)")
def _copy(call: Call, owner: DictValue) -> Value:
    return DictValue(dict(owner.entries), owner.incomplete, owner.key, owner.overridable)


@_of_dicts("clear(self, /)")
def _clear(call: Call, owner: DictValue) -> Value:
    owner.entries.clear()
    owner.incomplete = False
    return NOTHING


@_of_dicts("popitem(self, /)")
def _pop_item(call: Call, owner: DictValue) -> Value | None:
    if owner.incomplete:
        havoc(owner, "an entry was taken out that is not known")
        return None
    if not owner.entries:
        raise Raised("KeyError")
    key, value = owner.entries.popitem()
    return ListValue([constant(key), value], "tuple")


@_of_dicts("update(self, other=..., /, **entries)")
def _update(call: Call, owner: DictValue, other: Value | None, entries: dict[str, Value]) -> Value:
    if isinstance(other, DictValue):
        owner.entries.update(other.entries)
        owner.incomplete = owner.incomplete or other.incomplete
    elif other is not None:
        _may_be_overridden(call, owner)
    owner.incomplete = owner.incomplete or MORE in entries
    owner.entries.update((name, value) for name, value in entries.items() if name != MORE)
    return NOTHING


def _may_be_overridden(call: Call, owner: DictValue) -> None:
    may_be_overridden(owner, _OVERRIDDEN, AccessPath.node(call.anchor.node), call.world)


@function("<namespace>.clone(self)", "<namespace>.copy_and_resolve_references(self, *options)")
def _clone(call: Call, owner: DictValue, *options: object) -> Value:
    return copied(owner, call.world)


@function(*(f"<namespace>.{name}(self, *options, **more)" for name in "to_dict todict toDict to_container".split()))
def _same_table(call: Call, owner: DictValue, *options: object) -> Value:
    """The dict in another form, which is as good."""
    return owner


@function(
    *(
        f"<namespace>.{name}(self, *others, **more)"
        for name in "merge_from_file merge_from_list merge_from_other_cfg merge_update".split()
    )
)
def _merge(call: Call, owner: DictValue, *options: object) -> Value:
    """What is merged in cannot be read off."""
    _may_be_overridden(call, owner)
    return NOTHING


@function(*(f"<namespace>.{name}(self, *options, **more)" for name in _GUARDING.split()))
def _guard(call: Call, owner: DictValue, *options: object) -> Value:
    """Who may change it says nothing of what is in it."""
    return NOTHING


@function(*(f"<namespace>.{name}(self, *options, **more)" for name in _SHOWING.split()))
def _show(call: Call, owner: DictValue, *options: object) -> Value:
    """What is in it as a text, or something about it as a whole."""
    return Unknown("it is what settings say of themselves")


@function("<unknown>.get(self, key, default=...)")
def _unknown_item(call: Call, owner: Unknown, key: Value, default: Value | None) -> Value | None:
    """``settings.get("lr", 0.1)`` of what is not known: the same item as ``settings["lr"]``, with a default."""
    known = constant_key(key)
    if not isinstance(known, str):
        return None
    path = paths.item(owner.key, known)
    return Unknown(owner.reason, path, known, default=default, invocation=owner.invocation)


def _writes_entries(module: Module) -> bool:
    """Whether a file gives parsers of settings entries of its own."""
    calls = (each for name in _WRITING for each in module.calls().get(name, ()))
    return any(isinstance(each.func, cst.Attribute) for each in calls)


@function(*(f"<unknown>.{name}(self, section, option=..., **more)" for name in ("getfloat", "getint")))
def _unknown_entry(
    call: Call, owner: Unknown, section: Value, option: Value | None, more: dict[str, Value]
) -> Value | None:
    """``parser.getfloat("train", "lr")`` of configparser, or of one of its sections: what a file has by that name."""
    names: list[Hashable] = [constant_key(each) for each in (section, option) if each is not None]
    last = names[-1]
    if not isinstance(last, str) or None in names or _writes_entries(call.anchor.module):
        return None
    path = functools.reduce(paths.item, names, owner.key)
    return Unknown(owner.reason, path, last, default=more.get("fallback"), invocation=owner.invocation)
