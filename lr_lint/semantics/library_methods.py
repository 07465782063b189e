"""Methods of containers, strings and numbers; of what is not user code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics import file_paths, parsers
from lr_lint.semantics.conditions import choose
from lr_lint.semantics.evidence import copied, may_be_overridden, step
from lr_lint.semantics.library_calls import concatenated, constant, constant_key, in_order
from lr_lint.semantics.values import (
    Anchor,
    FileReference,
    Frame,
    Instance,
    Items,
    Known,
    Method,
    Opaque,
    Parser,
    Raised,
    Table,
    Value,
    child_key,
)
from lr_lint.vocabulary.quantities import Quantity, literal

_LONGEST_STRING = 10_000


def call_method(
    method: Method, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """The result of a method of something that is not user code; None where unknown."""
    receiver = method.receiver
    if isinstance(receiver, Items):
        return _list_method(receiver, method.name, arguments, keywords)
    if isinstance(receiver, Table):
        return _dict_method(receiver, method.name, arguments, keywords, frame, anchor)
    if isinstance(receiver, Known) and isinstance(receiver.value, str):
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
    if isinstance(receiver, Opaque) and method.name == "get":
        return _unknown_item(receiver, arguments, keywords)
    return None


def _list_method(receiver: Items, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    if name == "append" and len(arguments) == 1:
        receiver.values.append(arguments[0])
        receiver.check_length()
        return Known(None)
    if name in {"extend", "update"} and len(arguments) == 1:
        extra = concatenated([arguments[0]])
        if isinstance(extra, Items) and receiver.kind != "set":
            receiver.values.extend(extra.values)
            receiver.open = receiver.open or extra.open
            receiver.check_length()
        else:
            receiver.forget_order()
        return Known(None)
    if name == "copy":
        return Items(list(receiver.values), receiver.kind, receiver.open, receiver.loose)
    if name == "sort" and not receiver.open:
        ordered = in_order(receiver, keywords)
        receiver.values, receiver.open, receiver.loose = ordered.values, ordered.open, ordered.loose
        return Known(None)
    if name == "reverse" and not receiver.open:
        receiver.values.reverse()
        return Known(None)
    return _list_edit(receiver, name, arguments)


def _list_edit(receiver: Items, name: str, arguments: Sequence[Value]) -> Value | None:
    """``insert``, ``pop``, ``remove``, ``clear`` and ``add``."""
    at = constant_key(arguments[0]) if arguments else -1
    known = not receiver.open and isinstance(at, int)
    if name == "insert" and known and len(arguments) == 2:
        receiver.values.insert(int(at or 0), arguments[1])
        return Known(None)
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
    receiver: Table,
    name: str,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    frame: Frame,
    anchor: Anchor,
) -> Value | None:
    if name in {"get", "pop", "setdefault"} and arguments:
        return _dict_look_up(receiver, name, arguments, frame, anchor)
    if name == "items":
        rows: list[Value] = [Items([constant(key), value], "tuple") for key, value in receiver.entries.items()]
        return Items(rows, "list", receiver.open)
    if name == "values":
        return Items(list(receiver.entries.values()), "list", receiver.open)
    if name == "keys":
        return Items([constant(key) for key in receiver.entries], "list", receiver.open)
    if name == "copy":
        return Table(dict(receiver.entries), receiver.open, receiver.key, receiver.soft)
    if name == "clone":
        return copied(receiver, frame.world)
    if name in _SAME_TABLE:
        return receiver
    if name == "update":
        _update(receiver, arguments, keywords, frame, anchor)
        return Known(None)
    if name in _MERGING:
        may_be_overridden(receiver, _OVERRIDDEN, ("node", id(anchor.node)), frame.world)
        return Known(None)
    return None


def _update(
    receiver: Table, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> None:
    for argument in arguments:
        if isinstance(argument, Table):
            receiver.entries.update(argument.entries)
            receiver.open = receiver.open or argument.open
        else:
            may_be_overridden(receiver, _OVERRIDDEN, ("node", id(anchor.node)), frame.world)
    for name, value in keywords.items():
        if name == "**":
            receiver.open = True
        else:
            receiver.entries[name] = value


def _unknown_item(receiver: Opaque, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    """``settings.get("lr", 0.1)`` of what is not known: the same item as ``settings["lr"]``, with a default."""
    key = constant_key(arguments[0]) if arguments else None
    if not isinstance(key, str) or len(arguments) > 2 or not keywords.keys() <= {"default"}:
        return None
    default = arguments[1] if len(arguments) > 1 else keywords.get("default")
    return Opaque(
        receiver.reason, child_key(receiver.key, "item", key), key, default=default, invocation=receiver.invocation
    )


def _dict_look_up(receiver: Table, name: str, arguments: Sequence[Value], frame: Frame, anchor: Anchor) -> Value | None:
    key = constant_key(arguments[0])
    if key is None and name == "get" and not receiver.open:
        key = choose(arguments[0], list(receiver.entries), anchor.node, frame)
    if key is None:
        receiver.open = receiver.open or name != "get"
        return None
    if key in receiver.entries:
        return receiver.entries.pop(key) if name == "pop" else receiver.entries[key]
    default = arguments[1] if len(arguments) > 1 else Known(None)
    if receiver.open:
        own_key = step(receiver.key, key) or ("node", id(anchor.node), key)
        default = Opaque("the dict may hold more entries", own_key, str(key), default=default)
    elif name == "pop" and len(arguments) == 1:
        raise Raised("KeyError")
    if name == "setdefault":
        receiver.entries[key] = default
    return default


def _string_method(receiver: str, name: str, arguments: Sequence[Value]) -> Value | None:
    texts = [argument.value for argument in arguments if isinstance(argument, Known)]
    if len(texts) != len(arguments) or not all(isinstance(text, (str, tuple)) for text in texts):
        return None
    if name in {"lower", "upper", "strip", "replace", "lstrip", "rstrip", "removeprefix", "removesuffix"}:
        text = getattr(receiver, name)(*texts)
        return Known(text) if len(text) < _LONGEST_STRING else None
    if name in {"startswith", "endswith", "isdigit"}:
        return literal(bool(getattr(receiver, name)(*texts)))
    if name == "split":
        return Items([Known(part) for part in receiver.split(*texts)])
    return None
