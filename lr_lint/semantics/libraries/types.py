"""What type a value is of: ``type``, ``isinstance``, ``issubclass``, ``callable``, ``hasattr``."""

from __future__ import annotations

import builtins
import collections.abc
import numbers
from collections.abc import Sequence

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine.class_members import ancestry, external_bases
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.memoised import Memoised
from lr_lint.semantics.values.methods import type_of_data
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.vocabulary.quantities import Basis, Quantity, literal

_ABSTRACT = {
    f"{module.__name__}.{name}": held
    for module in (numbers, collections.abc)
    for name, held in vars(module).items()
    if isinstance(held, type)
}
# Classes of libraries of which no plain data is an object.
_OTHERS = ("numpy.", "torch.", "decimal.Decimal", "fractions.Fraction", "datetime.", "pathlib.", "enum.", "types.")


def _class_of(value: Value) -> type | ClassValue | None:
    """The type of a value; None where that is not known."""
    if isinstance(value, Instance):
        return value.cls if value.exact else None
    return type_of_data(value)


def _known_class(value: Value) -> type | None:
    if not isinstance(value, External):
        return None
    name = value.name.removeprefix("builtins.")
    found = getattr(builtins, name, None) if name != value.name else _ABSTRACT.get(value.name)
    return found if isinstance(found, type) else None


def _is_subclass(cls: type | ClassValue, of: Value) -> bool | None:
    """Whether a class derives from another, or from one of a tuple of others; None where that is not known."""
    if isinstance(of, ListValue) and of.kind == "tuple" and not of.incomplete:
        known = [_is_subclass(cls, each) for each in of.values]
        return True if True in known else None if None in known else False
    if isinstance(cls, ClassValue):
        if isinstance(of, ClassValue):
            return any(each.definition == of.definition for each in ancestry(cls))
        if of == External("builtins.object"):
            return True
        plain = not any(True for _ in external_bases(cls)) and not cls.node.keywords
        return False if plain and _known_class(of) in vars(builtins).values() else None
    if isinstance(of, ClassValue):
        return None if any(True for _ in external_bases(of)) or of.node.keywords else False
    known_class = _known_class(of)
    if known_class is not None:
        return issubclass(cls, known_class)
    return False if isinstance(of, External) and of.name.startswith(_OTHERS) else None


def _answer(known: bool | None, about: Value) -> Value | None:
    if known is None:
        return None
    varies, basis = (about.varies, about.basis) if isinstance(about, Quantity) else (False, Basis.PROVED)
    return Quantity(known, literal(known).unit, varies=varies, basis=basis)


def is_object_of(value: Value, cls: Value) -> bool | None:
    """Whether a value is an object of a class, or of one of a tuple of classes; None where that is not known."""
    known = _class_of(value)
    return None if known is None else _is_subclass(known, cls)


@function("builtins.isinstance(obj, class_or_tuple, /)")
def _is_instance(call: Call, obj: Value, of: Value) -> Value | None:
    return _answer(is_object_of(obj, of), obj)


@function("builtins.issubclass(cls, class_or_tuple, /)")
def _is_derived(call: Call, cls: Value, of: Value) -> Value | None:
    known = cls if isinstance(cls, ClassValue) else _known_class(cls)
    return None if known is None else _answer(_is_subclass(known, of), cls)


@function("builtins.type(object, bases=..., dict=..., /, **keywords)")
def _type(call: Call, obj: Value, bases: Value | None, names: Value | None, keywords: dict[str, Value]) -> Value | None:
    cls = _class_of(obj)
    if cls is None or bases is not None:
        return None
    return cls if isinstance(cls, ClassValue) else External(f"builtins.{cls.__name__}")


@function("builtins.callable(obj, /)")
def _callable(call: Call, obj: Value) -> Value | None:
    if isinstance(obj, (Function, Bound, Partial, Memoised, ClassValue)):
        return literal(True)
    if isinstance(obj, Instance):
        return literal("__call__" in dict(_attributes(obj, ["__call__"]))) if obj.exact else None
    return None if type_of_data(obj) is None else literal(False)


def _attributes(obj: Instance, names: Sequence[str]) -> list[tuple[str, Value]]:
    found = [(name, obj.cls.frame.world.machine.class_attribute(obj.cls, name)) for name in names]
    return [(name, value) for name, value in found if value is not None]


@function("builtins.hasattr(obj, name, /)")
def _has_attribute(call: Call, obj: Value, name: Value) -> Value | None:
    if not isinstance(name, Constant) or not isinstance(name.value, str):
        return None
    data = type_of_data(obj)
    if data is not None:
        return _answer(hasattr(data, name.value), obj)
    if name.value.startswith("__"):
        return None
    if isinstance(obj, Function):
        return literal(name.value in obj.attributes)
    if not (isinstance(obj, Instance) and obj.exact):
        return None
    try:
        operations.member(obj, name.value, call.frame)
    except Raised as raised:
        if raised.kind != "AttributeError":
            raise
        return literal(False)
    return literal(True)
