"""Methods of containers, strings, numbers and command-line parsers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics.conditions import choose
from lr_lint.semantics.library_calls import concatenated, constant, constant_key, in_order
from lr_lint.semantics.values import (
    Anchor,
    Frame,
    Items,
    Known,
    Method,
    Opaque,
    Parser,
    Raised,
    Table,
    Value,
)
from lr_lint.vocabulary.quantities import Quantity, literal

_LONGEST_STRING = 10_000


def call_method(
    method: Method, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """The result of a method of a container, string, number or command-line parser; None where unknown."""
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
        return _parser_method(receiver, method.name, arguments, keywords)
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
        return Table(dict(receiver.entries), receiver.open)
    if name == "update":
        receiver.entries.update(keywords)
        for argument in arguments:
            if isinstance(argument, Table):
                receiver.entries.update(argument.entries)
                receiver.open = receiver.open or argument.open
            else:
                receiver.open = True
        return Known(None)
    return None


def _dict_look_up(receiver: Table, name: str, arguments: Sequence[Value], frame: Frame, anchor: Anchor) -> Value | None:
    key = constant_key(arguments[0])
    if key is None and name == "get" and not receiver.open:
        key = choose(arguments[0], list(receiver.entries), anchor.node, frame)
    if key is None:
        receiver.open = receiver.open or name != "get"
        return None
    if key in receiver.entries:
        return receiver.entries.pop(key) if name == "pop" else receiver.entries[key]
    if receiver.open:
        return None
    if name == "pop" and len(arguments) == 1:
        raise Raised("KeyError")
    default = arguments[1] if len(arguments) > 1 else Known(None)
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


def _parser_method(
    receiver: Parser, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]
) -> Value | None:
    if name in {"add_argument", "add", "add_arg"}:
        destination = _destination(arguments, keywords)
        if destination is not None:
            receiver.options[destination] = _option(receiver, destination, keywords)
        return Known(None)
    if name == "set_defaults":
        for destination, value in keywords.items():
            receiver.options[destination] = _option(receiver, destination, {"default": value})
        return Known(None)
    if name in {"add_argument_group", "add_mutually_exclusive_group"}:
        return receiver
    if name == "parse_args":
        return Table({**receiver.options}, open=True, key=receiver.key)
    if name == "parse_known_args":
        return Items([Table({**receiver.options}, open=True, key=receiver.key), Items([], open=True)], "tuple")
    return None


def _destination(arguments: Sequence[Value], keywords: Mapping[str, Value]) -> str | None:
    """The attribute under which argparse stores an option: ``dest``, the first long flag, or the first flag."""
    given = keywords.get("dest")
    if isinstance(given, Known) and isinstance(given.value, str):
        return given.value
    flags = [value.value for value in arguments if isinstance(value, Known) and isinstance(value.value, str)]
    if not flags:
        return None
    chosen = next((flag for flag in flags if flag.startswith("--")), flags[0])
    return str(chosen.lstrip("-").replace("-", "_"))


def _option(parser: Parser, destination: str, keywords: Mapping[str, Value]) -> Value:
    """An option's value: whatever the command line says, and its default unless it says something."""
    action = keywords.get("action")
    default: Value | None = keywords.get("default")
    if default is None and isinstance(action, Known) and action.value in {"store_true", "store_false"}:
        default = literal(action.value == "store_false")
    return Opaque(
        "it is read from the command line", (parser.key, "attribute", destination), destination, default=default
    )
