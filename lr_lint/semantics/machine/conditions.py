"""What is true: comparisons and truth values, decided by the world where the code leaves them open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from lr_lint.semantics.libraries.rate_sources import COUNTS, measure
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.values.base import Unknown, Value, default_of, key_of
from lr_lint.semantics.values.constants import Constant, constant_key
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound
from lr_lint.semantics.values.imports import as_option
from lr_lint.semantics.values.objects import Instance
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.names import suggestion_of
from lr_lint.vocabulary.paths import AccessPath, PathKind
from lr_lint.vocabulary.quantities import Basis, Quantity, literal

COMPARISONS: dict[type[cst.BaseCompOp], str] = {
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
}


# A dict or list with more entries than these is data rather than a choice.
_MOST_CHOICES = 8


OPPOSITES = {"!=": "==", "is not": "is", "not in": "in"}


def truth(value: Value, frame: Frame, node: cst.CSTNode) -> bool:
    """Whether a value is true. What the code leaves open is decided by the world, the same way each time."""
    value = as_option(value)
    if isinstance(value, Quantity):
        if value.number is not None and (value.basis is Basis.PROVED or value.key is None):
            return bool(value.number)
        first = bool(value.number) if value.number is not None else True
        return frame.world.assume(paths.truth(value.key or AccessPath.node(node)), first)
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, (ListValue, DictValue)):
        known = holds_something(value)
        return frame.world.assume(paths.truth(AccessPath.node(node)), True) if known is None else known
    if isinstance(value, Instance):
        return _truth_of_object(value, frame, node)
    if isinstance(value, Unknown):
        default = default_of(value)
        first = True if default is None else _default_truth(default)
        return frame.world.assume(paths.truth(value.key or AccessPath.node(node)), first)
    return True


def _truth_of_object(value: Instance, frame: Frame, node: cst.CSTNode) -> bool:
    """By ``__bool__``, else by ``__len__``, else true."""
    machine = frame.world.machine
    for name in ("__bool__", "__len__"):
        method = machine.member(value, name, frame)
        if isinstance(method, Bound):
            return truth(machine.call(method, [], {}, Anchor(frame.module, node), frame), frame, node)
    return True


def holds_something(container: ListValue | DictValue) -> bool | None:
    """Whether a container is not empty; None where that is not known, or where it is an array, which may refuse."""
    if isinstance(container, DictValue):
        return True if container.entries else None if container.incomplete else False
    if container.kind == "array" or (container.incomplete and (container.unordered or not container.values)):
        return None
    return bool(container.values)


def _default_truth(default: Value) -> bool:
    if isinstance(default, Quantity):
        return bool(default.number) if default.number is not None else True
    return bool(default.value) if isinstance(default, Constant) else True


def _place(node: cst.CSTNode) -> AccessPath:
    return AccessPath.node(node)


def compare(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool:
    """The truth of a comparison, decided by the world where the code leaves it open.

    Raises:
        Raised: TypeError where CPython cannot order the operands.
    """
    left, right = as_option(left), as_option(right)
    if symbol in OPPOSITES:
        return not compare(OPPOSITES[symbol], left, right, node, frame)
    known = _known_comparison(symbol, left, right, node, frame)
    if known is not None:
        return known
    key = comparison_key(symbol, left, right) or _place(node)
    if symbol in {"==", "is"} and _excluded(key, frame):
        return False
    return frame.world.assume(key, _default_comparison(symbol, left, right, frame))


def _known_comparison(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool | None:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left.value is right.value if symbol == "is" else _compare_constants(symbol, left.value, right.value)
    if symbol == "in":
        return _contains(right, left)
    if symbol == "is":
        return _is_none(left, right)
    if symbol == "==" and {type(left), type(right)} == {Constant, Quantity}:
        return False
    if isinstance(left, ListValue) and isinstance(right, ListValue):
        return _compare_lists(symbol, left, right)
    varies = depends_on_time(left) or depends_on_time(right)
    numeric = [value for value in (left, right) if isinstance(value, (Quantity, Unknown))]
    if len(numeric) != 2 or not any(isinstance(value, Quantity) for value in numeric):
        return None
    anchor = Anchor(frame.module, node)
    first, second = (measure(value, frame.world, anchor, beside_time=varies) for value in (left, right))
    chosen = not varies and any(isinstance(value, Unknown) for value in numeric)
    if chosen and (symbol == "==" or first.is_zero or second.is_zero):
        # Whether an option was set to exactly this number is the user's choice, whatever count is assumed for it.
        return None
    for value in (first, second):
        if value.basis is not Basis.PROVED and not varies:
            return None
    return arithmetic.compare(symbol, first, second, frame.world)


def _compare_lists(symbol: str, left: ListValue, right: ListValue) -> bool | None:
    if left.incomplete or right.incomplete or left.kind != right.kind or left.kind in {"set", "array"}:
        return None
    first = [constant_key(item) for item in left.values]
    second = [constant_key(item) for item in right.values]
    if None in first or None in second:
        return None
    if symbol == "==":
        return first == second
    try:
        return {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}.get(symbol)
    except TypeError:
        raise Raised("TypeError") from None


def _compare_constants(symbol: str, left: Any, right: Any) -> bool | None:
    if symbol == "==":
        return bool(left == right)
    if symbol == "in" and isinstance(left, str) and isinstance(right, str):
        return left in right
    return None


def _contains(container: Value, item: Value) -> bool | None:
    key = constant_key(item)
    if key is None:
        return None
    if isinstance(container, DictValue):
        return True if key in container.entries else None if container.incomplete else False
    if isinstance(container, ListValue):
        keys = [constant_key(value) for value in container.values]
        if key in keys:
            return None if container.incomplete and container.unordered else True
        return None if container.incomplete or None in keys else False
    return None


def _is_none(left: Value, right: Value) -> bool | None:
    """``x is None`` for a value that is known not to be None, and for identical constants."""
    if isinstance(right, Constant) and right.value is None:
        if isinstance(left, Constant):
            return left.value is None
        return None if isinstance(left, Unknown) else False
    return None


def comparison_key(symbol: str, left: Value, right: Value) -> AccessPath | None:
    """The identity under which a comparison is decided; None where an operand has none."""
    left_key, right_key = key_of(left), key_of(right)
    if isinstance(right, Quantity) and right.number is not None:
        right_key = AccessPath.constant(right.number)
    if left_key is None or right_key is None:
        return None
    return paths.comparison("==" if symbol == "is" else symbol, left_key, right_key)


def choose(index: Value, constants: Sequence[str | float], node: cst.CSTNode, frame: Frame) -> str | float | None:
    """Which of some constants an undecided value equals: as the world has it, its default first.

    Returns:
        One of the constants; None where there are too many of them to try each in a world of its own.
    """
    if not 0 < len(constants) <= _MOST_CHOICES or not isinstance(index, Unknown):
        return None
    default = constant_key(index.default) if index.default is not None else None
    ordered = sorted(constants, key=lambda constant: constant != default)
    own_key = index.key or _place(node)
    keys = {constant: paths.comparison("==", own_key, AccessPath.constant(constant)) for constant in ordered}
    for constant in ordered[:-1]:
        if not _excluded(keys[constant], frame) and frame.world.assume(keys[constant], True):
            return constant
    return ordered[-1]


def _excluded(key: AccessPath, frame: Frame) -> bool:
    """Whether a value is already taken to equal another constant."""
    if not _is_with_constant(key):
        return False
    return any(
        holds and _is_with_constant(other) and other.parts[:2] == key.parts[:2]
        for other, holds in frame.world.assumptions.decisions.items()
        if other is not key
    )


def _is_with_constant(condition: AccessPath) -> bool:
    """Whether a condition compares something with a constant."""
    right = condition.last
    return condition.kind is PathKind.COMPARISON and isinstance(right, AccessPath) and right.kind is PathKind.CONSTANT


def _default_comparison(symbol: str, left: Value, right: Value, frame: Frame) -> bool:
    """What an undecided comparison gives by the defaults of its operands; unknowns are taken not to be None."""
    left, right = _as_counted(left, frame), _as_counted(right, frame)
    is_none = isinstance(right, Constant) and right.value is None
    default = default_of(left) if isinstance(left, Unknown) else None
    if default is not None:
        if isinstance(default, Constant) and isinstance(right, Constant):
            return bool(default.value == right.value) if symbol in {"==", "is"} else True
        if is_none:
            return False
        if isinstance(default, Quantity) and isinstance(right, Quantity):
            return _default_numbers(symbol, default, right)
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return _default_numbers(symbol, left, right)
    return not is_none


def _default_numbers(symbol: str, left: Quantity, right: Quantity) -> bool:
    a, b = left.number, right.number
    if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
        return True
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "is": a == b}.get(symbol, True)


def _as_counted(value: Value, frame: Frame) -> Value:
    """What is called a count and has no default, as the count that is assumed for it."""
    suggestion = suggestion_of(value.name) if isinstance(value, Unknown) and value.default is None else None
    return literal(frame.world.assumptions.counts.of(suggestion)) if suggestion in COUNTS else value


def depends_on_time(value: Value) -> bool:
    """Whether a value is a quantity that depends on the time index."""
    return isinstance(value, Quantity) and value.varies
