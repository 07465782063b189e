"""Comparisons, decided by the world where the code leaves them open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from lr_lint.semantics.libraries.rate_sources import COUNTS, measure
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.iteration import iterator_over
from lr_lint.semantics.machine.special_methods import compared, special_method
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.choices import is_excluded
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External, as_option
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.relations import ORDERS, RELATIONS
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.names import suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity, literal

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


OPPOSITES = {"!=": "==", "is not": "is", "not in": "in"}


def _place(node: cst.CSTNode) -> AccessPath:
    return AccessPath.node(node)


def compare(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool:
    """The truth of a comparison, decided by the world where the code leaves it open.

    Raises:
        Raised: TypeError where CPython cannot order the operands.
    """
    if not (_is_definition(left) and _is_definition(right)):
        left, right = as_option(left), as_option(right)
    if symbol in OPPOSITES:
        said = compared(symbol, left, right, node, frame)
        return (
            truth(said, node, frame) if said is not None else not compare(OPPOSITES[symbol], left, right, node, frame)
        )
    known = _compared_objects(symbol, left, right, node, frame)
    if known is None:
        known = _known_comparison(symbol, left, right, node, frame)
    if known is not None:
        return known
    key = comparison_key(symbol, left, right) or _place(node)
    if symbol in {"==", "is"} and is_excluded(key, frame):
        frame.world.presume(key)
        return False
    return frame.world.assume(key, _default_comparison(symbol, left, right, frame))


def _is_definition(value: Value) -> bool:
    """Whether a value is a class of the code under check or something of a library."""
    return isinstance(value, (External, ClassValue))


def _compared_objects(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool | None:
    """What objects made by the callable say; None for any other value."""
    made = [each for each in (left, right) if isinstance(each, Instance) and each.exact]
    if not made:
        return None
    if symbol == "in":
        contains = special_method(right, "__contains__", frame)
        if contains is not None:
            return truth(contains.call([left], {}, Anchor(frame.module, node), frame), node, frame)
        if isinstance(right, Instance):
            return _comes_by(iterator_over(right, Anchor(frame.module, node), frame), left, node, frame)
        return None
    if symbol == "is":
        return left is right
    said = compared(symbol, left, right, node, frame)
    if said is not None:
        return truth(said, node, frame)
    if symbol == "==":
        return True if left is right else _equal_fields(made, left, right)
    return None


def _equal_fields(made: Sequence[Instance], left: Value, right: Value) -> bool | None:
    """Whether two objects are equal whose classes do not say: by identity, or as dataclasses by their fields."""
    if not any(each.cls.node.decorators for each in made):
        return False if all(isinstance(each, (Instance, Quantity, Constant)) for each in (left, right)) else None
    return None


def _known_comparison(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool | None:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left.value is right.value if symbol == "is" else _compare_constants(symbol, left.value, right.value)
    if symbol == "in" and isinstance(right, IteratorValue):
        return _comes_by(right, left, node, frame)
    if symbol == "in":
        return _contains(right, left)
    if symbol == "is":
        return _is_same(left, right)
    if symbol == "==" and isinstance(left, (External, ClassValue)) and isinstance(right, (External, ClassValue)):
        return _is_same(left, right)
    if symbol == "==" and {type(left), type(right)} == {Constant, Quantity}:
        numbers = [each.number for each in (left, right) if isinstance(each, Quantity)]
        return None if frame.world.seen.sampling is not None and None in numbers else False
    if symbol in ORDERS and {type(left), type(right)} == {Constant, Quantity}:
        _refuse_to_order_time(left, right)
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
        if not value.basis.decides and not varies:
            return None
    return arithmetic.compare(symbol, first, second, frame.world)


def _refuse_to_order_time(left: Value, right: Value) -> None:
    """The time index is a number, whatever else is known of a program, and has no order with a text or None."""
    if any(isinstance(each, Quantity) and each.ticks and each.number is not None for each in (left, right)):
        raise Raised("TypeError")


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
        return ORDERS[symbol](first, second) if symbol in ORDERS else None
    except TypeError:
        raise Raised("TypeError") from None


def _compare_constants(symbol: str, left: Any, right: Any) -> bool | None:
    if symbol == "==":
        return bool(left == right)
    try:
        if symbol == "in":
            return left in right
        return bool(ORDERS[symbol](left, right)) if symbol in ORDERS else None
    except TypeError:
        raise Raised("TypeError") from None


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


def _comes_by(items: IteratorValue, item: Value, node: cst.CSTNode, frame: Frame) -> bool | None:
    """Whether an item is among those that are left, which are used up until then."""
    found = any(compare("==", each, item, node, frame) for each in items.steps())
    return None if not found and items.may_miss else found


def _is_same(left: Value, right: Value) -> bool | None:
    """``left is right``: of classes by what defines them, of what can be changed by where it is held."""
    if isinstance(left, ClassValue) and isinstance(right, ClassValue):
        return left.definition == right.definition
    if isinstance(left, External) and isinstance(right, External):
        return True if left.name == right.name else False if _are_builtins(left, right) else None
    if isinstance(left, (External, ClassValue)) and isinstance(right, (External, ClassValue)):
        return False
    if isinstance(left, (DictValue, ListValue)) and isinstance(right, (DictValue, ListValue)):
        changeable = all(isinstance(each, DictValue) or each.kind == "list" for each in (left, right))
        return left is right if changeable else None
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        return False if _differ_in_type(left, right) else None
    return _is_none(left, right)


def _are_builtins(*values: External) -> bool:
    return all(value.name.startswith("builtins.") for value in values)


def _differ_in_type(left: Quantity, right: Quantity) -> bool:
    numbers = (left.number, right.number)
    return None not in numbers and not (left.array or right.array) and type(numbers[0]) is not type(numbers[1])


def _is_none(left: Value, right: Value) -> bool | None:
    """``x is None`` for a value that is known not to be None, and for identical constants."""
    if isinstance(right, Constant) and right.value is ... and not isinstance(left, (Unknown, External)):
        return False
    if isinstance(right, Constant) and right.value is None:
        if isinstance(left, Constant):
            return left.value is None
        return None if isinstance(left, (Unknown, Forgotten)) else False
    return None


def comparison_key(symbol: str, left: Value, right: Value) -> AccessPath | None:
    """The identity under which a comparison is decided; None where an operand has none."""
    left_key, right_key = key_of(left), key_of(right)
    if isinstance(right, Quantity) and right.number is not None:
        right_key = AccessPath.constant(right.number)
    if left_key is None or right_key is None:
        return None
    return paths.comparison("==" if symbol == "is" else symbol, left_key, right_key)


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
    relation = RELATIONS.get("==" if symbol == "is" else symbol)
    return relation is None or relation(a, b)


def _as_counted(value: Value, frame: Frame) -> Value:
    """What is called a count and has no default, as the count that is assumed for it."""
    suggestion = suggestion_of(value.name) if isinstance(value, Unknown) and value.default is None else None
    return literal(frame.world.assumptions.counts.of(suggestion)) if suggestion in COUNTS else value


def depends_on_time(value: Value) -> bool:
    """Whether a value is a quantity that depends on the time index."""
    return isinstance(value, Quantity) and value.varies
