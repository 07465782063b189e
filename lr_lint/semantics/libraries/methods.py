"""Methods of containers, strings and numbers; of what is not user code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics.libraries import argparse as parsers
from lr_lint.semantics.libraries import paths as file_paths
from lr_lint.semantics.libraries.builtins import concatenated, constant, constant_key, in_order
from lr_lint.semantics.machine.conditions import choose
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values.domain import (
    Anchor,
    Constant,
    DictValue,
    FileReference,
    Frame,
    Instance,
    ListValue,
    Method,
    Parser,
    Raised,
    Unknown,
    Value,
)
from lr_lint.semantics.values.overridable import copied, may_be_overridden
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity, literal

_LONGEST_STRING = 10_000
# Methods that change nothing.
_READING = frozenset("get items values keys copy clone index count to_dict todict toDict to_container".split())


def call_method(
    method: Method, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """The result of a method of something that is not user code; None where unknown."""
    receiver = method.receiver
    if method.name not in _READING:
        settle(receiver, frame.world)
    if isinstance(receiver, ListValue):
        return _list_method(receiver, method.name, arguments, keywords)
    if isinstance(receiver, DictValue):
        return _dict_method(receiver, method.name, arguments, keywords, frame, anchor)
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        return _string_method(receiver.value, method.name, arguments)
    if isinstance(receiver, Quantity):
        return receiver if method.name in {"item", "float", "double", "cpu", "detach", "clone", "tolist"} else None
    if isinstance(receiver, Parser):
        return parsers.call_method(receiver, method.name, arguments, keywords)
    if isinstance(receiver, FileReference):
        return file_paths.call_method(receiver, method.name, arguments)
    if isinstance(receiver, Instance):
        # A method of a library's class that fills the fields of the object.
        return receiver
    if isinstance(receiver, Unknown) and method.name == "get":
        return _unknown_item(receiver, arguments, keywords)
    return None


def _list_method(
    receiver: ListValue, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]
) -> Value | None:
    if name == "append" and len(arguments) == 1:
        receiver.values.append(arguments[0])
        receiver.check_length()
        return Constant(None)
    if name in {"extend", "update"} and len(arguments) == 1:
        extra = concatenated([arguments[0]])
        if isinstance(extra, ListValue) and receiver.kind != "set":
            receiver.values.extend(extra.values)
            receiver.incomplete = receiver.incomplete or extra.incomplete
            receiver.check_length()
        else:
            receiver.forget_order()
        return Constant(None)
    if name == "copy":
        return ListValue(list(receiver.values), receiver.kind, receiver.incomplete, receiver.unordered)
    if name == "sort" and not receiver.incomplete:
        ordered = in_order(receiver, keywords)
        receiver.values, receiver.incomplete, receiver.unordered = ordered.values, ordered.incomplete, ordered.unordered
        return Constant(None)
    if name == "reverse" and not receiver.incomplete:
        receiver.values.reverse()
        return Constant(None)
    return _list_edit(receiver, name, arguments)


def _list_edit(receiver: ListValue, name: str, arguments: Sequence[Value]) -> Value | None:
    """``insert``, ``pop``, ``remove``, ``clear`` and ``add``."""
    at = constant_key(arguments[0]) if arguments else -1
    known = not receiver.incomplete and isinstance(at, int)
    if name == "insert" and known and len(arguments) == 2:
        receiver.values.insert(int(at or 0), arguments[1])
        return Constant(None)
    if name == "pop" and known and receiver.kind == "list":
        if not -len(receiver.values) <= int(at or 0) < len(receiver.values):
            raise Raised("IndexError")
        return receiver.values.pop(int(at or 0))
    if name in {"insert", "pop", "remove", "clear", "add", "discard", "sort", "reverse"}:
        receiver.forget_order()
    return None


# What code calls on a namespace that is also a dict.
DICT_METHODS = frozenset(
    "get pop setdefault items values keys copy update clone freeze defrost lock unlock set_immutable "
    "merge_from_file merge_from_list merge_from_other_cfg merge_update to_dict todict toDict to_container".split()
)
# Methods that give the dict in another form, which is as good, and
_SAME_TABLE = frozenset("to_dict todict toDict to_container".split())
# those that merge in what cannot be read off.
_MERGING = frozenset("merge_from_file merge_from_list merge_from_other_cfg merge_update".split())
_OVERRIDDEN = "other settings are merged into it"


def _dict_method(
    receiver: DictValue,
    name: str,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    frame: Frame,
    anchor: Anchor,
) -> Value | None:
    if name in {"get", "pop", "setdefault"} and arguments:
        return _dict_look_up(receiver, name, arguments, frame, anchor)
    if name == "items":
        rows: list[Value] = [ListValue([constant(key), value], "tuple") for key, value in receiver.entries.items()]
        return ListValue(rows, "list", receiver.incomplete)
    if name == "values":
        return ListValue(list(receiver.entries.values()), "list", receiver.incomplete)
    if name == "keys":
        return ListValue([constant(key) for key in receiver.entries], "list", receiver.incomplete)
    if name == "copy":
        return DictValue(dict(receiver.entries), receiver.incomplete, receiver.key, receiver.overridable)
    if name == "clone":
        return copied(receiver, frame.world)
    if name in _SAME_TABLE:
        return receiver
    if name == "update":
        _update(receiver, arguments, keywords, frame, anchor)
        return Constant(None)
    if name in _MERGING:
        may_be_overridden(receiver, _OVERRIDDEN, AccessPath.node(anchor.node), frame.world)
        return Constant(None)
    return None


def _update(
    receiver: DictValue, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> None:
    for argument in arguments:
        if isinstance(argument, DictValue):
            receiver.entries.update(argument.entries)
            receiver.incomplete = receiver.incomplete or argument.incomplete
        else:
            may_be_overridden(receiver, _OVERRIDDEN, AccessPath.node(anchor.node), frame.world)
    for name, value in keywords.items():
        if name == "**":
            receiver.incomplete = True
        else:
            receiver.entries[name] = value


def _unknown_item(receiver: Unknown, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    """``settings.get("lr", 0.1)`` of what is not known: the same item as ``settings["lr"]``, with a default."""
    key = constant_key(arguments[0]) if arguments else None
    if not isinstance(key, str) or len(arguments) > 2 or not keywords.keys() <= {"default"}:
        return None
    default = arguments[1] if len(arguments) > 1 else keywords.get("default")
    return Unknown(receiver.reason, paths.item(receiver.key, key), key, default=default, invocation=receiver.invocation)


def _dict_look_up(
    receiver: DictValue, name: str, arguments: Sequence[Value], frame: Frame, anchor: Anchor
) -> Value | None:
    key = constant_key(arguments[0])
    if key is None and name == "get" and not receiver.incomplete:
        key = choose(arguments[0], list(receiver.entries), anchor.node, frame)
    if key is None:
        receiver.incomplete = receiver.incomplete or name != "get"
        return None
    if key in receiver.entries:
        return receiver.entries.pop(key) if name == "pop" else receiver.entries[key]
    default = arguments[1] if len(arguments) > 1 else Constant(None)
    if receiver.incomplete:
        own_key = paths.entry(receiver.key, key) or AccessPath.node(anchor.node, key)
        default = Unknown("the dict may hold more entries", own_key, str(key), default=default)
    elif name == "pop" and len(arguments) == 1:
        raise Raised("KeyError")
    if name == "setdefault":
        receiver.entries[key] = default
    return default


def _string_method(receiver: str, name: str, arguments: Sequence[Value]) -> Value | None:
    texts = [argument.value for argument in arguments if isinstance(argument, Constant)]
    if len(texts) != len(arguments) or not all(isinstance(text, (str, tuple)) for text in texts):
        return None
    if name in {"lower", "upper", "strip", "replace", "lstrip", "rstrip", "removeprefix", "removesuffix"}:
        text = getattr(receiver, name)(*texts)
        return Constant(text) if len(text) < _LONGEST_STRING else None
    if name in {"startswith", "endswith", "isdigit"}:
        return literal(bool(getattr(receiver, name)(*texts)))
    if name == "split":
        return ListValue([Constant(part) for part in receiver.split(*texts)])
    return None
