"""Modules that functions import: ``importlib.import_module(name)``."""

from __future__ import annotations

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.operations import kind_of


@function("importlib.import_module(name, package=None)")
def _import_module(call: Call, name: Value, package: Value) -> Value | None:
    dotted = kind_of(name).as_key()
    return None if dotted is None or package != NOTHING else _module(call, dotted)


@function("builtins.__import__(name, globals=..., locals=..., fromlist=..., level=...)")
def _import(call: Call, name: Value, *others: Value | None) -> Value | None:
    """The package at the top, unless names of the module are asked for."""
    dotted = kind_of(name).as_key()
    if dotted is None or any(other is not None for other in others):
        return None
    return _module(call, dotted.partition(".")[0])


def _module(call: Call, dotted: str) -> Value:
    module = call.world.machine.find(call.frame.module, dotted)
    return External(dotted) if module is None else ModuleValue(module, dotted)
