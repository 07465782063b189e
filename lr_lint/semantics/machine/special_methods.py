"""The methods by which objects take part in operators: ``__add__``, ``__lt__``, ``__contains__``."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.objects import Instance

NOT_IMPLEMENTED = External("builtins.NotImplemented")
# What the other operand is asked where an operand does not know.
_MIRRORED = {"<": "__gt__", ">": "__lt__", "<=": "__ge__", ">=": "__le__", "==": "__eq__"}
_COMPARING = {"<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__", "==": "__eq__"}


def special_method(owner: Value, name: str, frame: Frame) -> Bound | None:
    """The method that the class of an object has by a name; None where it has none, or it is no object made here."""
    if not isinstance(owner, Instance) or not owner.exact:
        return None
    found = frame.world.machine.class_attribute(owner.cls, name)
    return Bound(found, owner) if isinstance(found, Function) else None


def compared(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
    """What the methods of objects say about a comparison; None where they say nothing."""
    anchor = Anchor(frame.module, node)
    for owner, other, method in ((left, right, _COMPARING.get(symbol)), (right, left, _MIRRORED.get(symbol))):
        found = special_method(owner, method, frame) if method is not None else None
        if found is not None:
            result = found.call([other], {}, anchor, frame)
            if result != NOT_IMPLEMENTED:
                return result
    return None
