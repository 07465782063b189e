"""Settings that are read from files, texts and the environment.

A library is added by a row in one of the tables. What a file says may be overridden; see
`lr_lint.semantics.values.overridable`.
"""

from __future__ import annotations

from lr_lint.semantics.libraries.paths import as_file, named_by_option
from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.overridable import from_data
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.source.documents import parse_document
from lr_lint.source.plain_data import UnreadableError
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

# Which libraries read which notation, and by which functions: from an open file, or from a text.
_LOADERS = {
    "json": ("json simplejson orjson ujson json5 commentjson", ("load(fp", "loads(s")),
    "toml": ("tomllib tomli", ("load(fp, /", "loads(s, /")),
    "yaml": (
        "yaml ruamel.yaml oyaml",
        [f"{name}(stream" for name in ("load", "safe_load", "full_load", "unsafe_load")],
    ),
}


def _declare(notation: str) -> None:
    libraries, functions = _LOADERS[notation]

    @function(*(f"{library}.{name}, *options, **more)" for library in libraries.split() for name in functions))
    def handle(call: Call, source: Value, *options: object) -> Value | None:
        return _read(call, source, notation)


for _notation in _LOADERS:
    _declare(_notation)


@function("toml.loads(s, *options, **more)")
def _toml(call: Call, text: Value, *options: object) -> Value | None:
    return _read(call, text, "toml")


@function("toml.load(f, *options, **more)", "omegaconf.OmegaConf.load(file_)")
def _load(call: Call, file: Value, *options: object) -> Value | None:
    """These open the file of a path themselves."""
    return _from_file(call, named_by_option(call, file) or default_of(file))


@function("box.Box.from_yaml(yaml_string=..., filename=..., *options, **more)")
def _box_from_yaml(call: Call, text: Value | None, filename: Value | None, *options: object) -> Value | None:
    return _from_file(call, default_of(filename)) if text is None else _read(call, text, "yaml")


@function("box.Box.from_json(json_string=..., filename=..., *options, **more)")
def _box_from_json(call: Call, text: Value | None, filename: Value | None, *options: object) -> Value | None:
    return _from_file(call, default_of(filename)) if text is None else _read(call, text, "json")


def _read(call: Call, source: Value, notation: str) -> Value | None:
    """What an open file or a text says."""
    value = default_of(source)
    return _from_text(call, value.value, notation) if isinstance(value, Constant) else _from_file(call, value)


def _from_file(call: Call, value: Value | None) -> Value | None:
    file = as_file(value)
    if file is None:
        return None
    found = call.world.machine.document(call.frame.module, file)
    key = AccessPath.file(found.path)
    if found.reason or not isinstance(found.data, (dict, list)):
        return Unknown(f"{file.path or 'the file'} is not read: {found.reason or 'it holds no settings'}", key)
    return from_data(found.data, key, "", f"it is read from {found.path}", call.world, complete=file.chosen)


def _from_text(call: Call, text: object, notation: str) -> Value | None:
    if not isinstance(text, (str, bytes)):
        return None
    try:
        data = parse_document(notation, text)
    except UnreadableError:
        return None
    return from_data(data, AccessPath.node(call.anchor.node), "", "it is read from a text", call.world)


@function("ruamel.yaml.YAML(*options, **more)")
def _yaml_object(call: Call, *options: object) -> Value:
    """An object whose method ``load`` is like the function of that name."""
    return External("ruamel.yaml")


@function("os.environ.get(key, default=...)", "os.getenv(key, default=...)", "os.environ.setdefault(key, value)")
def _environment(call: Call, key: Value, default: Value | None) -> Value | None:
    name = constant_key(key)
    if not isinstance(name, str):
        return None
    if call.frame.module.sets_environment:
        return Forgotten("the code changes the environment")
    place = paths.item(key_of(External("os.environ")), name)
    return Unknown("it is read from the environment", place, name, default=default)
