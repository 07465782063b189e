"""Objects that hold settings: namespaces, dataclasses and their fields, what is filled in from outside.

A library is added by a row in one of the tables. What such an object holds may be overridden; see
`lr_lint.semantics.values.overridable`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lr_lint.semantics.libraries.argparse import option_default
from lr_lint.semantics.libraries.signatures import MORE, Call, function
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.overridable import as_namespace, copied, may_be_overridden, merged, parsed_object
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.reasons import Reason

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
# Settings of trainers; those that are not given have defaults of the library, or come from the command line.
_TRAINER_SETTINGS = frozenset(
    f"transformers.{prefix}{name}"
    for prefix in ("", "training_args.", "training_args_seq2seq.")
    for name in ("TrainingArguments", "Seq2SeqTrainingArguments")
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


@function(*(f"{name}(entries=..., /, *more, **given)" for name in sorted(_NAMESPACES)))
def _namespace(call: Call, entries: Value | None, more: Sequence[Value], given: dict[str, Value]) -> Value | None:
    return _table(call, entries, given, overridable=False)


@function(*(f"{name}(entries=..., /, *more, **given)" for name in sorted(_SOFT_NAMESPACES)))
def _soft_namespace(call: Call, entries: Value | None, more: Sequence[Value], given: dict[str, Value]) -> Value | None:
    key = AccessPath.options(call.anchor.node)
    result = _table(call, entries, given, overridable=True)
    if isinstance(result, DictValue):
        may_be_overridden(result, Reason.MERGED_LATER, key, call.world)
    return result


@function(*(f"{name}(folder=..., /, *more, **given)" for name in sorted(_TRAINER_SETTINGS)))
def _trainer_settings(call: Call, folder: object, more: object, given: dict[str, Value]) -> Value:
    key = AccessPath.options(call.anchor.node)
    table = DictValue({name: value for name, value in given.items() if name != MORE}, incomplete=True, key=key)
    return as_namespace(table, key, call.world, overridable=False)


def _table(call: Call, entries: Value | None, given: dict[str, Value], *, overridable: bool) -> Value | None:
    if entries is not None and not isinstance(entries, DictValue):
        return entries if isinstance(entries, Instance) else None
    key = AccessPath.options(call.anchor.node)
    first = entries or DictValue({})
    known = {name: value for name, value in given.items() if name != MORE}
    table = DictValue({**first.entries, **known}, MORE in given or first.incomplete, key)
    return as_namespace(table, key, call.world, overridable=overridable)


@function(*(f"{name}(*given, **options)" for name in sorted(_FIELDS)))
def _field(call: Call, given: Sequence[Value], options: dict[str, Value]) -> Value:
    """The default of a field; unknown without identity for one that has none."""
    factory = options.get("default_factory", options.get("factory"))
    if factory is not None:
        return operations.call(factory, [], {}, call.anchor, call.frame)
    default = option_default(options.get("default", given[0] if given else None))
    return default if default is not None else Unknown("the field has no default")


@function("omegaconf.OmegaConf.merge(*configs)")
def _merge(call: Call, configs: Sequence[Value]) -> Value:
    """What is unknown among them may override anything."""
    key = AccessPath.options(call.anchor.node)
    result = DictValue({}, key=key)
    for config in configs:
        if isinstance(config, DictValue):
            result = merged(result, config, call.world)
        else:
            result = DictValue(result.entries, incomplete=True, key=key)
            copy = copied(result, call.world)
            if isinstance(copy, DictValue):
                may_be_overridden(copy, "other settings are merged into it", key, call.world)
                result = copy
    return result


@function("omegaconf.OmegaConf.structured(obj, *options, **more)")
def _structured(call: Call, obj: Value, *options: object) -> Value | None:
    if isinstance(obj, Instance):
        return obj
    return parsed_object(obj, AccessPath.options(call.anchor.node), "") if isinstance(obj, ClassValue) else None


@function(*(f"omegaconf.OmegaConf.{name}(cfg, *options, **more)" for name in ("to_container", "to_object")))
def _plain(call: Call, cfg: Value, *options: object) -> Value:
    return cfg


@function("dataclasses.replace(obj, /, **changes)")
def _replace(call: Call, obj: Value, changes: dict[str, Value]) -> Value | None:
    if not isinstance(obj, Instance):
        return None
    if isinstance(operations.member(obj, "__post_init__", call.frame), Bound):
        return Forgotten("its class computes fields anew")
    changed = {name: value for name, value in changes.items() if name != MORE}
    key = paths.made_object(call.anchor.node, obj.key)
    symbolic = obj.symbolic or MORE in changes
    attributes = {**obj.attributes, **changed}
    return Instance(obj.cls, key, obj.arguments, obj.keywords, symbolic, attributes, set(obj.asked), obj.anchor)


@function("collections.namedtuple(typename, field_names, *, rename=False, defaults=None, module=None)")
def _record_class(call: Call, typename: Value, names: Value, rename: Value, defaults: Value, module: Value) -> Value:
    """A class whose objects hold what they are given by name, or in the order of the names."""
    if isinstance(names, Constant) and isinstance(names.value, str):
        names = ListValue([Constant(name) for name in names.value.replace(",", " ").split()])
    return Partial(External("<records>.new"), (names, defaults), ())


@function("<records>.new(names, defaults, /, *given, **named)")
def _record(call: Call, names: Value, defaults: Value, given: Sequence[Value], named: dict[str, Value]) -> Value | None:
    fields = [constant_key(name) for name in names.values] if isinstance(names, ListValue) else []
    known = {name: value for name, value in named.items() if name != MORE}
    if MORE in named or len(given) > len(fields) or None in fields:
        return Forgotten("which of its fields have which values is not known")
    entries: dict[Any, Value] = {**dict(zip(fields, given, strict=False)), **known}
    if isinstance(defaults, ListValue):
        ends = zip(fields[len(fields) - len(defaults.values) :], defaults.values, strict=False)
        entries = {**dict(ends), **entries}
    return DictValue(entries, incomplete=True, key=AccessPath.options(call.anchor.node))


@function("<namespace>._replace(self, **changes)")
def _replaced_fields(call: Call, owner: DictValue, changes: dict[str, Value]) -> Value:
    """Another record with some fields changed."""
    if MORE in changes:
        return Forgotten("which of its fields change is not known")
    return DictValue({**owner.entries, **changes}, owner.incomplete, AccessPath.options(call.anchor.node))


@function("<settings>._replace(self, **changes)")
def _replaced_attributes(call: Call, owner: Instance, changes: dict[str, Value]) -> Value | None:
    return _replace(call, owner, changes)


@function(*(f"<settings>.{name}(self, *options, **more)" for name in sorted(SETTINGS_METHODS)))
def _filled(call: Call, owner: Instance, *options: object) -> Value:
    """A method of a library's class that fills the fields of the object."""
    return owner
