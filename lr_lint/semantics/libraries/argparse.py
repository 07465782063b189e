"""Command-line parsers: what their methods declare, and what parsing gives. A library is added by a row in a table.

What an option gives may be overridden; see `lr_lint.semantics.values.overridable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lr_lint.project.documented import says_fraction
from lr_lint.semantics.libraries.argument_lists import given_in
from lr_lint.semantics.libraries.signatures import MORE, Call, function
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.functions import Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.library_objects import Parser
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.overridable import havoc, parsed_object, without_default
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal
from lr_lint.vocabulary.reasons import Reason

_PARSERS = frozenset(
    "argparse.ArgumentParser configargparse.ArgumentParser configargparse.ArgParser configargparse.ArgParse "
    "configargparse.Parser configargparse.getArgumentParser configargparse.get_arg_parser jsonargparse.ArgumentParser "
    "simple_parsing.ArgumentParser gooey.GooeyParser rich_argparse.ArgumentParser transformers.HfArgumentParser "
    "transformers.hf_argparser.HfArgumentParser trl.TrlParser trl.commands.cli_utils.TrlParser".split()
)
# Functions that make an object of a class from the command line.
_OBJECT_PARSERS = frozenset(
    "tyro.cli simple_parsing.parse pyrallis.parse draccus.parse datargs.parse jsonargparse.CLI jsonargparse.auto_cli "
    "chz.entrypoint argparse_dataclass.parse_args".split()
)
# Functions that add options to a parser that they are given, and give it back.
_ADDING = ("deepspeed.add_config_arguments", "pytorch_lightning.Trainer.add_argparse_args")

_NUMBERS: dict[str, type[float] | type[int]] = {"builtins.float": float, "builtins.int": int}
_WRITTEN = "the code says what the command line is"
_CLASSES = ("dataclass_types", "config_class", "f", "components")


@function(*(f"{name}(*given, **options)" for name in sorted(_PARSERS)))
def _make_parser(call: Call, given: Sequence[Value], options: dict[str, Value]) -> Value:
    """A new parser; the options of its parents are its own, too."""
    parser = Parser(AccessPath.options(call.anchor.node), classes=tuple(_classes_in(given, options)))
    _take_parents(parser, options)
    return parser


@function(*(f"{name}(*given, **options)" for name in sorted(_OBJECT_PARSERS)))
def _parse_object(call: Call, given: Sequence[Value], options: dict[str, Value]) -> Value | None:
    of = _classes_in(given, options)
    if len(of) != 1 or not isinstance(of[0], ClassValue):
        return None
    return parsed_object(of[0], AccessPath.options(of[0].node), "", options.get("default"))


@function(*(f"{name}(*given, **options)" for name in _ADDING))
def _add_options(call: Call, given: Sequence[Value], options: dict[str, Value]) -> Value | None:
    return next((value for value in (*given, *options.values()) if isinstance(value, Parser)), None)


def _classes_in(arguments: Sequence[Value], keywords: Mapping[str, Value]) -> list[Value]:
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


def _method(*names: str) -> Callable[[Any], Any]:
    """Declares a method of parsers by the names that the libraries have for it."""
    return function(*(f"<parser>.{name}(self, *given, **options)" for name in names))


@_method("add_argument_group", "add_mutually_exclusive_group", "add_subparsers")
def _group(call: Call, parser: Parser, *given: object) -> Value:
    return parser


@_method("add_parser")
def _subparser(call: Call, parser: Parser, given: Sequence[Value], options: dict[str, Value]) -> Value:
    root = parser.root or parser
    child = Parser(root.key, root=root)
    _take_parents(child, options)
    root.children.append(child)
    return child


@_method("parse_args", "parse_intermixed_args")
def _parse(call: Call, parser: Parser, given: Sequence[Value], options: dict[str, Value]) -> Value:
    return _filled(call, parser, given, options)


@_method("parse_known_args", "parse_known_intermixed_args")
def _parse_known(call: Call, parser: Parser, given: Sequence[Value], options: dict[str, Value]) -> Value:
    return ListValue([_filled(call, parser, given, options), ListValue([], incomplete=True)], "tuple")


def _filled(call: Call, parser: Parser, given: Sequence[Value], options: dict[str, Value]) -> Value:
    """The namespace. What the code itself writes on the command line, or fills in before, is no default."""
    namespace = _namespace(parser)
    words = given[0] if given else options.get("args")
    target = given[1] if len(given) > 1 else options.get("namespace")
    if isinstance(words, ListValue) and words.values and not words.incomplete:
        _give(namespace, parser, words.values, call)
    if target is not None and target != NOTHING:
        call.world.machine.forget((namespace, target), "options are read into what is there already", call.world)
        return target
    if parser.acts:
        call.world.machine.forget((namespace,), "an action of an option decides", call.world)
    return namespace


def _give(namespace: DictValue, parser: Parser, words: Sequence[Value], call: Call) -> None:
    """What the code says on the command line is given, and what it does not say has its default."""
    plain = [word.value for word in words if isinstance(word, Constant) and isinstance(word.value, str)]
    flat = len(plain) == len(words) and not any(word.startswith("@") for word in plain)
    if not flat or parser.root or parser.children or parser.flags.keys() != namespace.entries.keys():
        call.world.machine.forget((namespace,), _WRITTEN, call.world)
        return
    for name, word in given_in(plain, parser.flags).items():
        key = AccessPath.node(call.anchor.node, name, word)
        namespace.entries[name] = Unknown(_WRITTEN, key, name, default=_read(word, parser.numbers.get(name)))


def _read(word: str | None, kind: type[float] | type[int] | None) -> Value | None:
    if word is None or kind is None:
        return None
    try:
        return literal(kind(word))
    except (ValueError, OverflowError):
        return None


@_method("parse_args_into_dataclasses", "parse_args_and_config", "parse_dict", "parse_json_file", "parse_yaml_file")
def _parse_classes(call: Call, parser: Parser, *given: object) -> Value:
    made: list[Value] = [parsed_object(of, _class_key(of, parser), "") for of in parser.classes]
    return ListValue([*made, Unknown("it is the rest of the command line")], "tuple", incomplete=True)


def _class_key(of: Value, parser: Parser) -> AccessPath | None:
    return AccessPath.options(of.node) if isinstance(of, ClassValue) else paths.item(parser.key, id(of))


@_method("add_argument", "add", "add_arg")
def _declare(call: Call, parser: Parser, flags: Sequence[Value], options: dict[str, Value]) -> Value:
    destination = _destination(flags, options)
    if destination is not None:
        # What ``set_defaults`` said before holds for an option that states no default.
        earlier = default_of(parser.options.get(destination))
        option = _option(parser, destination, {"default": earlier, **options} if earlier else options, call.world)
        parser.options[destination] = option
        parser.flags[destination] = tuple(each.value for each in flags if isinstance(each, Constant))
        kind = options.get("type")
        if isinstance(kind, External) and kind.name in _NUMBERS and options.keys().isdisjoint({"nargs", "action"}):
            parser.numbers[destination] = _NUMBERS[kind.name]
    if isinstance(options.get("action"), (ClassValue, Function, Partial)):
        (parser.root or parser).acts = True
    return NOTHING


@_method("add_arguments", "add_class_arguments", "add_dataclass_arguments")
def _declare_class(call: Call, parser: Parser, given: Sequence[Value], options: dict[str, Value]) -> Value | None:
    if not given:
        return None
    name = given[1] if len(given) > 1 else options.get("dest", options.get("nested_key"))
    destination = _given_name(name)
    if destination is not None:
        key = paths.attribute(parser.key, destination)
        parser.options[destination] = parsed_object(given[0], key, destination, options.get("default"))
    return NOTHING


@_method("set_defaults")
def _set_defaults(call: Call, parser: Parser, tables: Sequence[Value], options: dict[str, Value]) -> Value:
    given = {name: value for name, value in options.items() if name != MORE}
    for table in tables:
        if isinstance(table, DictValue):
            given.update({name: value for name, value in table.entries.items() if isinstance(name, str)})
    if not given:
        # Defaults that nobody can read off: what the options declare says nothing any more.
        havoc(DictValue(parser.options), Reason.COMMAND_LINE)
    for destination, value in given.items():
        parser.options[destination] = _option(parser, destination, {"default": value}, call.world)
    return NOTHING


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


def _option(parser: Parser, destination: str, keywords: Mapping[str, Value], world: World) -> Value:
    """An option's value: whatever the command line says, and its default unless it says something."""
    key = paths.attribute(parser.key, destination)
    explanation = keywords.get("help")
    if key is not None and isinstance(explanation, Constant) and says_fraction(str(explanation.value)):
        world.assumptions.dimensionless.add(key)
    action = keywords.get("action")
    default: Value | None = keywords.get("default")
    if default is None and isinstance(action, Constant) and action.value in {"store_true", "store_false"}:
        default = literal(action.value == "store_false")
    if isinstance(keywords.get("type"), (ClassValue, Function, Partial)) and isinstance(default, Constant):
        # A default that is a text is read as one from the command line would be.
        default = None if default.value is not None else default
    return Unknown(Reason.COMMAND_LINE, key, destination, default=default)
