"""Command-line parsers: what their methods declare, and what parsing gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics.libraries.builtins import constant_key
from lr_lint.semantics.values.domain import (
    ClassValue,
    Constant,
    DictValue,
    ListValue,
    Parser,
    Unknown,
    Value,
    default_of,
)
from lr_lint.semantics.values.overridable import COMMAND_LINE, havoc, parsed_object, without_default
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal

_DECLARE = frozenset({"add_argument", "add", "add_arg"})
_DECLARE_CLASS = frozenset({"add_arguments", "add_class_arguments", "add_dataclass_arguments"})
_GROUPS = frozenset({"add_argument_group", "add_mutually_exclusive_group"})
_PARSE = frozenset({"parse_args", "parse_intermixed_args"})
_PARSE_KNOWN = frozenset({"parse_known_args", "parse_known_intermixed_args"})
_PARSE_CLASSES = frozenset(
    {"parse_args_into_dataclasses", "parse_args_and_config", "parse_dict", "parse_json_file", "parse_yaml_file"}
)
_CLASSES = ("dataclass_types", "config_class", "f", "components")


def make_parser(key: AccessPath, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Parser:
    """A new parser; the options of its parents are its own, too."""
    parser = Parser(key, classes=tuple(classes_in(arguments[:1], keywords)))
    _take_parents(parser, keywords)
    return parser


def classes_in(arguments: Sequence[Value], keywords: Mapping[str, Value]) -> list[Value]:
    """The classes that a parser of dataclasses is given: one, or a list of them."""
    given = next((keywords[name] for name in _CLASSES if name in keywords), arguments[0] if arguments else None)
    if isinstance(given, ListValue):
        return list(given.values)
    return [given] if isinstance(given, ClassValue) else []


def _take_parents(parser: Parser, keywords: Mapping[str, Value]) -> None:
    parents = keywords.get("parents")
    for parent in parents.values if isinstance(parents, ListValue) else ():
        if isinstance(parent, Parser):
            parser.options.update(_declared(parent))


def call_method(parser: Parser, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    """The result of a method of a parser; None where unknown."""
    if name in _GROUPS or name == "add_subparsers":
        return parser
    if name == "add_parser":
        return _subparser(parser, keywords)
    if name in _PARSE or name in _PARSE_KNOWN:
        options = _namespace(parser)
        return options if name in _PARSE else ListValue([options, ListValue([], incomplete=True)], "tuple")
    if name in _PARSE_CLASSES:
        made: list[Value] = [parsed_object(of, _class_key(of, parser), "") for of in parser.classes]
        return ListValue([*made, Unknown("it is the rest of the command line")], "tuple", incomplete=True)
    return _declare(parser, name, arguments, keywords)


def _class_key(of: Value, parser: Parser) -> AccessPath | None:
    return AccessPath.options(of.node) if isinstance(of, ClassValue) else paths.item(parser.key, id(of))


def _declare(parser: Parser, name: str, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    if name in _DECLARE:
        destination = _destination(arguments, keywords)
        if destination is not None:
            # What ``set_defaults`` said before holds for an option that states no default.
            earlier = default_of(parser.options.get(destination))
            option = _option(parser, destination, {"default": earlier, **keywords} if earlier else keywords)
            parser.options[destination] = option
        return Constant(None)
    if name in _DECLARE_CLASS and arguments:
        given = arguments[1] if len(arguments) > 1 else keywords.get("dest", keywords.get("nested_key"))
        destination = _given_name(given)
        if destination is not None:
            key = paths.attribute(parser.key, destination)
            parser.options[destination] = parsed_object(arguments[0], key, destination, keywords.get("default"))
        return Constant(None)
    if name == "set_defaults":
        _set_defaults(parser, arguments, keywords)
        return Constant(None)
    return None


def _set_defaults(parser: Parser, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> None:
    given = {name: value for name, value in keywords.items() if name != "**"}
    for argument in arguments:
        if isinstance(argument, DictValue):
            given.update({name: value for name, value in argument.entries.items() if isinstance(name, str)})
    if not given:
        # Defaults that nobody can read off: what the options declare says nothing any more.
        options = DictValue(parser.options)
        havoc(options, COMMAND_LINE)
    for destination, value in given.items():
        parser.options[destination] = _option(parser, destination, {"default": value})


def _subparser(parser: Parser, keywords: Mapping[str, Value]) -> Parser:
    root = parser.root or parser
    child = Parser(root.key, root=root)
    _take_parents(child, keywords)
    root.children.append(child)
    return child


def _declared(parser: Parser) -> dict[str, Value]:
    """All options of a parser and its subparsers.

    Which of the subparsers is used only the run decides, so an option of several has a default where they agree.
    """
    options = dict(parser.options)
    for child in parser.children:
        for destination, option in child.options.items():
            known = options.setdefault(destination, option)
            if isinstance(known, Unknown) and not _agree(known, option):
                options[destination] = without_default(known)
    return options


def _agree(first: Value, second: Value) -> bool:
    one, other = default_of(first), default_of(second)
    if one is None or other is None:
        return one is other
    known = constant_key(one)
    return one == other if known is None else known == constant_key(other)


def _namespace(parser: Parser) -> DictValue:
    return DictValue(_declared(parser.root or parser), incomplete=True, key=parser.key)


def _destination(arguments: Sequence[Value], keywords: Mapping[str, Value]) -> str | None:
    """The attribute under which argparse stores an option: ``dest``, the first long flag, or the first flag."""
    given = _given_name(keywords.get("dest"))
    if given is not None:
        return given
    return option_name([value.value for value in arguments if isinstance(value, Constant)]) or None


def _given_name(value: Value | None) -> str | None:
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def option_name(flags: Sequence[object]) -> str:
    """The name that flags stand for: that of the first long one, or of the first; empty where there is none."""
    texts = [flag for flag in flags if isinstance(flag, str)]
    chosen = next((flag for flag in texts if flag.startswith("--")), texts[0] if texts else "")
    return chosen.lstrip("-").replace("-", "_")


def option_default(value: Value | None) -> Value | None:
    """The default that is given for an option; None for what says that there is none."""
    return None if value in (Constant(...), Constant(None)) else value


def _option(parser: Parser, destination: str, keywords: Mapping[str, Value]) -> Value:
    """An option's value: whatever the command line says, and its default unless it says something."""
    action = keywords.get("action")
    default: Value | None = keywords.get("default")
    if default is None and isinstance(action, Constant) and action.value in {"store_true", "store_false"}:
        default = literal(action.value == "store_false")
    return Unknown(COMMAND_LINE, paths.attribute(parser.key, destination), destination, default=default)
