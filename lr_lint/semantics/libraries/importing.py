"""Modules and their parts that functions find by name: ``importlib.import_module(name)``, ``pydoc.locate(path)``."""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.functions import Partial
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.operations import kind_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import literal

# Which of the other parameters of ``__import__`` lists the names that are asked for.
_FROMLIST = 2
# What a config of Hydra calls the dotted name of what is made, and whether that is only prepared (hydra-core 1.3.2,
# https://hydra.cc/docs/advanced/instantiate_objects/overview/).
_TARGET, _PARTIAL = "_target_", "_partial_"


@function("importlib.import_module(name, package=None)")
def _import_module(call: Call, name: Value, package: Value) -> Value | None:
    dotted = kind_of(name).as_key()
    return None if dotted is None or package != NOTHING else _module(call, dotted)


@function("builtins.__import__(name, globals=..., locals=..., fromlist=..., level=...)")
def _import(call: Call, name: Value, *others: Value | None) -> Value | None:
    """The package at the top, unless names of the module are asked for."""
    dotted = kind_of(name).as_key()
    wanted = others[_FROMLIST]
    if dotted is None or any(other is not None for at, other in enumerate(others) if at != _FROMLIST):
        return None
    if wanted is None:
        return _module(call, dotted.partition(".")[0])
    return _module(call, dotted) if isinstance(wanted, ListValue) and wanted.values else None


@function("pydoc.locate(path, forceload=0)")
def _locate(call: Call, path: Value, forceload: Value) -> Value | None:
    return _named(call, path)


@function(
    *(f"hydra.utils.{name}(path)" for name in ("get_class", "get_method", "get_static_method", "get_object")),
)
def _object_named(call: Call, path: Value) -> Value | None:
    return _named(call, path)


@function(
    "hydra.utils.instantiate(config, *args, **kwargs)",
    "hydra.utils.call(config, *args, **kwargs)",
)
def _instantiate(call: Call, config: Value, args: Sequence[Value], given: dict[str, Value]) -> Value | None:
    """What the class or function that a config names gives for its other entries and for what is given besides."""
    if not isinstance(config, DictValue) or config.incomplete:
        return None
    entries = {str(key): value for key, value in config.entries.items()} | given
    target = _named(call, force(entries.pop(_TARGET, NOTHING)))
    is_partial = force(entries.pop(_PARTIAL, literal(False)))
    if target is None or is_partial not in (literal(False), literal(True)) or any(map(_is_special, entries)):
        return None
    made = {name: _built(call, force(value)) for name, value in entries.items()}
    if is_partial == literal(True):
        return Partial(target, tuple(args), tuple(made.items()))
    return operations.call(target, list(args), made, call.anchor, call.frame)


def _built(call: Call, value: Value) -> Value:
    """An entry of a config: what it makes, if it names a target itself."""
    if not isinstance(value, DictValue) or _TARGET not in value.entries:
        return value
    return _instantiate(call, value, (), {}) or Unknown("what a config makes is not known")


def _is_special(name: str) -> bool:
    return name.startswith("_") and name.endswith("_")


def _named(call: Call, path: Value) -> Value | None:
    """What a dotted name means: a part of a module of the project, or of a library."""
    dotted = kind_of(path).as_key()
    if dotted is None or "." not in dotted:
        return None
    package, _, name = dotted.rpartition(".")
    return force(operations.member(_module(call, package), name, call.frame))


def _module(call: Call, dotted: str) -> Value:
    module = call.world.machine.find(call.frame.module, dotted)
    return External(dotted) if module is None else ModuleValue(module, dotted)
