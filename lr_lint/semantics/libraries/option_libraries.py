"""Libraries that options come from: command lines, settings files, environment variables, objects that hold settings.

A library is added by a row in one of the tables. What an option gives may be overridden; see
`lr_lint.semantics.values.overridable`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics.libraries.argparse import classes_in, make_parser, option_default, option_name
from lr_lint.semantics.libraries.builtins import Handler, constant_key
from lr_lint.semantics.libraries.paths import as_file
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values.domain import (
    Anchor,
    ClassValue,
    Constant,
    DictValue,
    External,
    Frame,
    Instance,
    Parser,
    Partial,
    Unknown,
    Value,
    default_of,
    key_of,
)
from lr_lint.semantics.values.overridable import (
    COMMAND_LINE,
    MERGED_LATER,
    as_namespace,
    copied,
    from_data,
    havoc,
    may_be_overridden,
    merged,
    parsed_object,
)
from lr_lint.source.documents import parse_document
from lr_lint.source.plain_data import UnreadableError
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

# Objects whose attributes are the keyword arguments, or the entries of a dict.
_NAMESPACES = frozenset(
    "types.SimpleNamespace argparse.Namespace easydict.EasyDict box.Box addict.Dict munch.Munch munch.munchify "
    "dotmap.DotMap attrdict.AttrDict attridict.AttrDict prodict.Prodict.from_dict omegaconf.OmegaConf.create "
    "omegaconf.DictConfig ml_collections.ConfigDict ml_collections.FrozenConfigDict "
    "ml_collections.config_dict.ConfigDict ml_collections.config_dict.FrozenConfigDict jsonargparse.Namespace "
    "simple_parsing.Namespace configargparse.Namespace mmcv.ConfigDict mmengine.ConfigDict".split()
)
# Those that programs fill with defaults and then merge a file into, often in another place.
_SOFT_NAMESPACES = frozenset("yacs.config.CfgNode fvcore.common.config.CfgNode detectron2.config.CfgNode".split())

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
# Bases of classes whose objects fill their fields from the command line or the environment.
SETTINGS_BASES = frozenset(
    "tap.Tap tap.tap.Tap pydantic.BaseSettings pydantic.v1.BaseSettings pydantic_settings.BaseSettings "
    "typed_argparse.TypedArgs simple_parsing.helpers.Serializable".split()
)
# Their methods that give the object back.
SETTINGS_METHODS = frozenset({"parse_args", "parse_known_args", "as_dict"})

_FIELDS = frozenset(
    "dataclasses.field pydantic.Field pydantic.v1.Field pydantic.fields.Field attr.ib attr.attrib attr.field "
    "attrs.field pydantic.dataclasses.Field msgspec.field simple_parsing.field simple_parsing.helpers.field "
    "simple_parsing.mutable_field chz.field pyrallis.field draccus.field datargs.arg sqlmodel.Field".split()
)
_DECORATED_OPTIONS = frozenset(
    f"{library}.{kind}" for library in ("click", "rich_click", "asyncclick", "cloup") for kind in ("option", "argument")
)
# The names by which such decorators are called.
DECLARING = frozenset({"option", "argument"})
_PARAMETER_OPTIONS = frozenset({"typer.Option", "typer.Argument", "cyclopts.Parameter"})

FLAG_HOLDERS = frozenset({"absl.flags.FLAGS", "gflags.FLAGS"})
FLAG_DEFINITIONS = tuple(
    f"DEFINE_{kind}"
    for kind in "float integer string bool boolean enum list multi_float multi_integer multi_string".split()
)

_JSON, _TOML, _YAML = "json", "toml", "yaml"
# Functions that load settings from an open file or from text, with the notation of such a text.
_LOADERS = {
    **dict.fromkeys(("json.load", "json.loads", "simplejson.load", "simplejson.loads", "orjson.loads"), _JSON),
    **dict.fromkeys(("ujson.load", "ujson.loads", "json5.load", "json5.loads", "commentjson.load"), _JSON),
    **dict.fromkeys(("tomllib.load", "tomllib.loads", "tomli.load", "tomli.loads", "toml.loads"), _TOML),
    **dict.fromkeys(
        [
            f"{library}.{function}"
            for library in ("yaml", "ruamel.yaml", "oyaml")
            for function in ("load", "safe_load", "full_load", "unsafe_load")
        ],
        _YAML,
    ),
}
# Functions that load settings from a path; ``toml.load`` takes both.
_PATH_LOADERS = frozenset("toml.load omegaconf.OmegaConf.load box.Box.from_yaml box.Box.from_json".split())


def _namespace(overridable: bool) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        key = AccessPath.options(anchor.node)
        if arguments and not isinstance(arguments[0], DictValue):
            return arguments[0] if isinstance(arguments[0], Instance) else None
        given = {name: value for name, value in keywords.items() if name != "**"}
        first = arguments[0] if arguments else DictValue({})
        entries = {**first.entries, **given} if isinstance(first, DictValue) else given
        table = DictValue(entries, "**" in keywords or (isinstance(first, DictValue) and first.incomplete), key)
        result = as_namespace(table, key, frame.world, overridable=overridable)
        if overridable and isinstance(result, DictValue):
            may_be_overridden(result, MERGED_LATER, key, frame.world)
        return result

    return handle


def _identity(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return arguments[0] if arguments else None


def _parser(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return make_parser(AccessPath.options(anchor.node), arguments, keywords)


def _object_parser(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    of = classes_in(arguments[:1], keywords)
    if len(of) != 1 or not isinstance(of[0], ClassValue):
        return None
    return parsed_object(of[0], AccessPath.options(of[0].node), "", keywords.get("default"))


def _field(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """The default of a field; unknown without identity for one that has none."""
    factory = keywords.get("default_factory", keywords.get("factory"))
    if factory is not None:
        return frame.world.machine.call(factory, [], {}, anchor, frame)
    default = option_default(keywords.get("default", arguments[0] if arguments else None))
    return default if default is not None else Unknown("the field has no default")


def _decorated_option(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``@click.option("--alpha", default=0.1)``: an option by the name of the parameter that it fills."""
    texts = [value.value for value in arguments if isinstance(value, Constant) and isinstance(value.value, str)]
    plain = [text for text in texts if not text.startswith("-") and text.isidentifier()]
    name = plain[0] if plain else option_name([text.partition("/")[0] for text in texts])
    return Unknown(
        COMMAND_LINE, AccessPath.options(anchor.node), name.lower(), default=option_default(keywords.get("default"))
    )


def _parameter_option(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``def main(alpha: float = typer.Option(0.1))``."""
    default = option_default(keywords.get("default", arguments[0] if arguments else None))
    return Unknown(COMMAND_LINE, AccessPath.options(anchor.node), default=default)


def _flag(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """What ``flags.DEFINE_float("alpha", 0.1, "help")`` returns: an object whose ``value`` is the flag's."""
    name = constant_key(arguments[0] if arguments else keywords["name"])
    default = option_default(arguments[1] if len(arguments) > 1 else keywords.get("default"))
    if not isinstance(name, str):
        return None
    key = flag_key("absl.flags.FLAGS", name)
    return DictValue(
        {"value": Unknown(COMMAND_LINE, key, name, default=default)}, incomplete=True, key=AccessPath.flag(name)
    )


def flag_key(holder: str, name: str) -> AccessPath:
    """The identity of a flag: that of the library's attribute."""
    return AccessPath.external(f"{holder}.{name}")


def _environment(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``os.environ.get(name, default)``."""
    name = constant_key(arguments[0] if arguments else keywords["key"])
    default = arguments[1] if len(arguments) > 1 else keywords.get("default")
    if not isinstance(name, str):
        return None
    key = paths.item(key_of(External("os.environ")), name)
    return Unknown("it is read from the environment", key, name, default=default)


def _loader(notation: str, by_path: bool) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        value = default_of(arguments[0] if arguments else keywords.get("filename", keywords.get("file_")))
        if isinstance(value, Constant) and not by_path:
            return _from_text(value.value, notation, frame, anchor)
        file = as_file(value)
        if file is None:
            return None
        found = frame.world.machine.document(frame.module, file)
        key = AccessPath.file(found.path)
        if found.reason or not isinstance(found.data, (dict, list)):
            return Unknown(f"{file.path or 'the file'} is not read: {found.reason or 'it holds no settings'}", key)
        return from_data(found.data, key, "", f"it is read from {found.path}", frame.world)

    return handle


def _from_text(text: object, notation: str, frame: Frame, anchor: Anchor) -> Value | None:
    if not isinstance(text, (str, bytes)):
        return None
    try:
        data = parse_document(notation, text)
    except UnreadableError:
        return None
    return from_data(data, AccessPath.node(anchor.node), "", "it is read from a text", frame.world)


def _yaml_object(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``ruamel.yaml.YAML()``, whose method ``load`` is like the function of that name."""
    return External("ruamel.yaml")


def _merge(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """``OmegaConf.merge(base, more, ...)``: what is unknown among them may override anything."""
    key = AccessPath.options(anchor.node)
    result = DictValue({}, key=key)
    for argument in arguments:
        if isinstance(argument, DictValue):
            result = merged(result, argument, frame.world)
        else:
            result = DictValue(result.entries, incomplete=True, key=key)
            copy = copied(result, frame.world)
            if isinstance(copy, DictValue):
                may_be_overridden(copy, "other settings are merged into it", key, frame.world)
                result = copy
    return result


def _structured(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    value = arguments[0]
    if isinstance(value, Instance):
        return value
    return parsed_object(value, AccessPath.options(anchor.node), "") if isinstance(value, ClassValue) else None


def _variables(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """``vars(namespace)`` is the namespace itself, seen as a dict."""
    value = arguments[0]
    return value if isinstance(value, DictValue) else None


def _set_attribute(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``setattr(options, name, value)``; with an unknown name, it may have set anything."""
    owner, name, value = arguments
    known = constant_key(name)
    settle(owner, frame.world)
    if isinstance(owner, DictValue):
        if isinstance(known, str):
            owner.entries[known] = value
        else:
            havoc(owner, "a loop sets attributes by names that are not known")
    elif isinstance(owner, Instance):
        if isinstance(known, str):
            owner.attributes[known] = value
        else:
            owner.symbolic = True
    return Constant(None)


def _replace(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """``dataclasses.replace(object, name=value)``."""
    old = arguments[0]
    if not isinstance(old, Instance):
        return None
    changed = {name: value for name, value in keywords.items() if name != "**"}
    attributes = {**old.attributes, **changed}
    key = paths.made_object(anchor.node, old.key)
    symbolic = old.symbolic or "**" in keywords
    return Instance(old.cls, key, old.arguments, old.keywords, symbolic, attributes, set(old.asked), old.anchor)


def _copy(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return copied(arguments[0], frame.world)


def _record_class(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``namedtuple("Config", ...)``, called with keywords."""
    return Partial(External("types.SimpleNamespace"), (), ())


def _added_options(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    return next((value for value in (*arguments, *keywords.values()) if isinstance(value, Parser)), None)


FUNCTIONS: dict[str, Handler] = {
    **dict.fromkeys(_NAMESPACES, _namespace(overridable=False)),
    **dict.fromkeys(_SOFT_NAMESPACES, _namespace(overridable=True)),
    **dict.fromkeys(_PARSERS, _parser),
    **dict.fromkeys(_OBJECT_PARSERS, _object_parser),
    **dict.fromkeys(_FIELDS, _field),
    **dict.fromkeys(_DECORATED_OPTIONS, _decorated_option),
    **dict.fromkeys(_PARAMETER_OPTIONS, _parameter_option),
    **{f"{holder.rpartition('.')[0]}.{name}": _flag for holder in FLAG_HOLDERS for name in FLAG_DEFINITIONS},
    **dict.fromkeys(("os.environ.get", "os.getenv", "os.environ.setdefault"), _environment),
    **{name: _loader(notation, by_path=False) for name, notation in _LOADERS.items()},
    **dict.fromkeys(_PATH_LOADERS, _loader("", by_path=True)),
    "ruamel.yaml.YAML": _yaml_object,
    "omegaconf.OmegaConf.merge": _merge,
    "omegaconf.OmegaConf.structured": _structured,
    **dict.fromkeys(("omegaconf.OmegaConf.to_container", "omegaconf.OmegaConf.to_object"), _identity),
    "dataclasses.replace": _replace,
    "builtins.vars": _variables,
    "builtins.setattr": _set_attribute,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "collections.namedtuple": _record_class,
    **dict.fromkeys(("deepspeed.add_config_arguments", "pytorch_lightning.Trainer.add_argparse_args"), _added_options),
}
