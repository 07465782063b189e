"""The methods by which objects take part in operators: ``__add__``, ``__lt__``, ``__contains__``."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.machine.class_members import ancestry
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.objects import Instance

NOT_IMPLEMENTED = External("builtins.NotImplemented")
# What the other operand is asked where an operand does not know.
_MIRRORED = {"<": "__gt__", ">": "__lt__", "<=": "__ge__", ">=": "__le__", "==": "__eq__", "!=": "__ne__"}
_COMPARING = {"<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__", "==": "__eq__", "!=": "__ne__"}


def special_method(owner: Value, name: str, frame: Frame) -> Bound | None:
    """The method that the class of an object has by a name; None where it has none, or it is no object made here."""
    if not isinstance(owner, Instance) or not owner.exact:
        return None
    found = frame.world.machine.class_attribute(owner.cls, name)
    return Bound(found, owner) if isinstance(found, Function) else None


def ask(owner: Value, name: str, arguments: list[Value], node: cst.CSTNode, frame: Frame) -> Value | None:
    """What a method gives that the class of an object made by the callable has; None where it has none.

    What the callable does to an object whose class says nothing of it is not followed.
    """
    found = special_method(owner, name, frame) if frame.world.seen.sampling is not None else None
    if found is not None:
        return found.call(arguments, {}, Anchor(frame.module, node), frame)
    if isinstance(owner, Instance):
        frame.world.doubt("what an object does with its items is not followed")
    return None


def compared(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
    """What the methods of objects say about a comparison; None where they say nothing."""
    method, mirrored = _COMPARING.get(symbol), _MIRRORED.get(symbol)
    if method is None or mirrored is None:
        return None
    asked = [(left, right, method), (right, left, mirrored)]
    return _first_answer(asked[::-1] if _derives(right, left) else asked, node, frame)


def combined(name: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
    """What the methods of objects give for an operator; None where they give nothing.

    Args:
        name: the operator's, as in ``__add__``.
        left: an operand.
        right: the other one. Where it derives from the first, and has the method anew, it is asked first; where both
            are of one class it is not asked.
        node: where they are combined.
        frame: the variables there.
    """
    method, mirrored = f"__{name}__", f"__r{name}__"
    asked = [(left, right, method)]
    if _derives(right, left) and _function(right, mirrored, frame) is not _function(left, mirrored, frame):
        asked.insert(0, (right, left, mirrored))
    elif not _are_of_one_class(left, right):
        asked.append((right, left, mirrored))
    return _first_answer(asked, node, frame)


def _first_answer(asked: list[tuple[Value, Value, str]], node: cst.CSTNode, frame: Frame) -> Value | None:
    for owner, other, method in asked:
        found = special_method(owner, method, frame)
        if found is not None:
            result = found.call([other], {}, Anchor(frame.module, node), frame)
            if result != NOT_IMPLEMENTED:
                return result
    return None


def _function(owner: Value, name: str, frame: Frame) -> cst.CSTNode | None:
    found = special_method(owner, name, frame)
    return found.function.node if found is not None else None


def _are_of_one_class(left: Value, right: Value) -> bool:
    if not (isinstance(left, Instance) and isinstance(right, Instance)):
        return False
    return left.cls.definition == right.cls.definition


def _derives(one: Value, other: Value) -> bool:
    """Whether an object is of a class that derives from that of another object."""
    if not (isinstance(one, Instance) and isinstance(other, Instance)) or _are_of_one_class(one, other):
        return False
    return any(base.definition == other.cls.definition for base in ancestry(one.cls))
