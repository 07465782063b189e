"""Operators: arithmetic, comparisons, and what decides which operand counts."""

from __future__ import annotations

import operator as python_operators
from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst

from lr_lint.semantics.libraries import paths as file_paths
from lr_lint.semantics.libraries.arrays import elementwise, is_array
from lr_lint.semantics.libraries.rate_sources import measure, note
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.conditions import COMPARISONS, OPPOSITES, compare, comparison_key, depends_on_time
from lr_lint.semantics.machine.expressions import evaluate, evaluates, unknown
from lr_lint.semantics.machine.special_methods import combined, compared
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.plain import computed, interpolated
from lr_lint.semantics.values.sequences import concatenated
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity
from lr_lint.vocabulary.units import FACTOR

# What decides by itself, in a way that is not followed, how it compares.
_DECIDING = (Forgotten, Instance)


def constraints(node: cst.BaseExpression, expected: bool, frame: Frame) -> Iterator[tuple[AccessPath, bool]]:
    """What a condition says about the world when it is known to hold (or not): conditions, and whether they hold."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        yield from constraints(node.expression, not expected, frame)
    elif isinstance(node, cst.BooleanOperation):
        if isinstance(node.operator, cst.And) is expected:
            yield from constraints(node.left, expected, frame)
            yield from constraints(node.right, expected, frame)
    elif isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        yield from _constraints_of_comparison(node, expected, frame)
    else:
        value = evaluate(node, frame)
        key = key_of(value)
        if key is not None and isinstance(value, (Unknown, Quantity)):
            yield paths.truth(key), expected


def _constraints_of_comparison(node: cst.Comparison, expected: bool, frame: Frame) -> Iterator[tuple[AccessPath, bool]]:
    target = node.comparisons[0]
    left, right = evaluate(node.left, frame), evaluate(target.comparator, frame)
    symbol = COMPARISONS.get(type(target.operator))
    if symbol in OPPOSITES:
        symbol, expected = OPPOSITES[symbol], not expected
    key = comparison_key(symbol or "?", left, right)
    if key is not None:
        yield key, expected


_BINARY: dict[type[cst.BaseBinaryOp], Callable[[Quantity, Quantity, Any], Quantity]] = {
    cst.Add: arithmetic.add,
    cst.Subtract: arithmetic.subtract,
    cst.Multiply: arithmetic.multiply_quantities,
    cst.Divide: arithmetic.divide_quantities,
    cst.FloorDivide: arithmetic.floor_divide,
    cst.Modulo: arithmetic.remainder,
    cst.Power: arithmetic.power,
}
_MOST_REPETITIONS = 1_000
_BITWISE: dict[type[cst.BaseBinaryOp], str] = {
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
}
# Operators whose right operand is a count when the left one varies with the time. What is divided by the time may be
# anything: a tensor, say, of which a division by zero is no error.
_BESIDE_TIME = (cst.Subtract, cst.Divide, cst.FloorDivide, cst.Modulo)
AUGMENTED: dict[type[cst.BaseAugOp], type[cst.BaseBinaryOp]] = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.MultiplyAssign: cst.Multiply,
    cst.DivideAssign: cst.Divide,
    cst.FloorDivideAssign: cst.FloorDivide,
    cst.ModuloAssign: cst.Modulo,
    cst.PowerAssign: cst.Power,
    cst.BitAndAssign: cst.BitAnd,
    cst.BitOrAssign: cst.BitOr,
    cst.BitXorAssign: cst.BitXor,
    cst.LeftShiftAssign: cst.LeftShift,
    cst.RightShiftAssign: cst.RightShift,
}


@evaluates(cst.BinaryOperation)
def _binary_operation(node: cst.BinaryOperation, frame: Frame) -> Value:
    # Long sums and products nest to the left; they are unrolled so that their length costs no recursion.
    chain: list[cst.BinaryOperation] = []
    leftmost: cst.BaseExpression = node
    while isinstance(leftmost, cst.BinaryOperation):
        chain.append(leftmost)
        leftmost = leftmost.left
    value = evaluate(leftmost, frame)
    for operation in reversed(chain):
        frame.world.spend()
        right = evaluate(operation.right, frame)
        value = operate(type(operation.operator), value, right, operation, frame)
        if frame.world.seen.study is not None and operation is not node:
            note(operation, value, frame.world.seen.study)
    return value


def operate(operator: type[cst.BaseBinaryOp], left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value:
    """The result of a binary operator."""
    if is_array(left) or is_array(right):
        result = elementwise(lambda a, b: operate(operator, a, b, node, frame), left, right)
        return result or unknown("it is an array of a shape that is not known", node)
    if isinstance(left, ListValue) and isinstance(right, Quantity) and right.array:
        frame.world.doubt("what a list and a number of another library give is not followed")
        return unknown("it is computed of a list", node)
    kinds = {each.kind for each in (left, right) if isinstance(each, ListValue)}
    if operator is cst.Add and len(kinds) == 2 and frame.world.seen.sampling is not None:
        raise Raised("TypeError")
    if operator is cst.Add:
        joined = concatenated([left, right])
        if joined is not None:
            return joined
    if isinstance(left, FileReference) and operator is cst.Divide:
        return file_paths.join([left, right]) or unknown("it is a computed path", node)
    if isinstance(left, ListValue) and operator is cst.Multiply:
        return _repeated(left, right)
    if any(isinstance(each, Constant) and isinstance(each.value, (str, bytes)) for each in (left, right)):
        return _of_texts(operator, left, right) or unknown("it is a computed string", node)
    if not all(isinstance(each, (Quantity, Unknown, External)) for each in (left, right)):
        special = _special(operator, left, right, node, frame)
        if special is not None:
            return special
    anchor = Anchor(frame.module, node)
    by_time = operator in _BESIDE_TIME
    from_time = operator is cst.Subtract and depends_on_time(right)
    first = measure(left, frame.world, _operand(node, "left", anchor), beside_time=from_time)
    second = measure(right, frame.world, _operand(node, "right", anchor), beside_time=by_time and depends_on_time(left))
    if operator in _BITWISE:
        return arithmetic.bitwise(_BITWISE[operator], first, second, frame.world)
    compute = _BINARY.get(operator)
    return compute(first, second, frame.world) if compute else unknown("the operator is not interpreted", node)


NAMES: dict[type[cst.BaseBinaryOp], str] = {
    cst.Add: "add",
    cst.Subtract: "sub",
    cst.Multiply: "mul",
    cst.Divide: "truediv",
    cst.FloorDivide: "floordiv",
    cst.Modulo: "mod",
    cst.Power: "pow",
    cst.MatrixMultiply: "matmul",
    cst.BitAnd: "and",
    cst.BitOr: "or",
    cst.BitXor: "xor",
    cst.LeftShift: "lshift",
    cst.RightShift: "rshift",
}


def _special(
    operator: type[cst.BaseBinaryOp], left: Value, right: Value, node: cst.CSTNode, frame: Frame
) -> Value | None:
    """An operator on objects, by the methods of their classes, or on other data; None where that is not followed.

    Raises:
        Raised: TypeError where there is no such operator.
    """
    if operator is cst.BitOr and isinstance(left, DictValue) and isinstance(right, DictValue):
        return DictValue({**left.entries, **right.entries}, left.incomplete or right.incomplete)
    if frame.world.seen.sampling is None:
        return None
    name = NAMES[operator]
    special = combined(name, left, right, node, frame)
    if special is not None:
        return special
    if isinstance(left, Instance) or isinstance(right, Instance):
        return None
    compute = getattr(python_operators, f"{name}_" if name in {"and", "or"} else name)
    big = operator in (cst.Power, cst.LeftShift, cst.Multiply)
    return None if big else computed(compute, [left, right])


def _of_texts(operator: type[cst.BaseBinaryOp], left: Value, right: Value) -> Value | None:
    """An operator on texts; None where these are not known."""
    if operator is cst.Add:
        return computed(python_operators.add, [left, right])
    if operator is cst.Modulo and isinstance(left, Constant) and isinstance(left.value, str):
        return interpolated(left.value, right)
    times = [constant_key(each) for each in (left, right)]
    small = all(not isinstance(each, int) or abs(each) <= _MOST_REPETITIONS for each in times)
    return computed(python_operators.mul, [left, right]) if operator is cst.Multiply and small else None


def _operand(node: cst.CSTNode, side: str, anchor: Anchor) -> Anchor:
    operand = getattr(node, side, None)
    return Anchor(anchor.module, operand) if operand is not None else anchor


def _repeated(items: ListValue, times: Value) -> Value:
    if isinstance(times, Quantity) and isinstance(times.number, int) and times.number * len(items.values) < 10_000:
        return ListValue(items.values * times.number, items.kind, items.incomplete)
    return ListValue(list(items.values), items.kind, incomplete=True)


@evaluates(cst.UnaryOperation)
def _unary_operation(node: cst.UnaryOperation, frame: Frame) -> Value:
    value = evaluate(node.expression, frame)
    if isinstance(node.operator, cst.Not):
        varies = depends_on_time(value)
        return Quantity(not truth(value, node.expression, frame), varies=varies)
    quantity = measure(value, frame.world, Anchor(frame.module, node.expression))
    if isinstance(node.operator, cst.Minus):
        return arithmetic.negative(quantity)
    if isinstance(node.operator, cst.Plus):
        return arithmetic.transformed("+", lambda x: +x, quantity, quantity.unit)
    return arithmetic.transformed("~", lambda x: ~x, quantity, FACTOR)


@evaluates(cst.BooleanOperation)
def _boolean_operation(node: cst.BooleanOperation, frame: Frame) -> Value:
    left = evaluate(node.left, frame)
    if truth(left, node.left, frame) is isinstance(node.operator, cst.Or):
        return left
    return evaluate(node.right, frame)


@evaluates(cst.Comparison)
def _comparison(node: cst.Comparison, frame: Frame) -> Value:
    left = evaluate(node.left, frame)
    varies = array = False
    for target in node.comparisons:
        right = evaluate(target.comparator, frame)
        frame.world.seen.forgot |= isinstance(left, _DECIDING) or isinstance(right, _DECIDING)
        if len(node.comparisons) == 1 and (is_array(left) or is_array(right)):
            return _compared_items(COMPARISONS[type(target.operator)], left, right, target, frame)
        if len(node.comparisons) == 1:
            said = compared(COMPARISONS[type(target.operator)], left, right, target, frame)
            if said is not None:
                # What a method gives need not be a truth value.
                return said
        varies = varies or depends_on_time(left) or depends_on_time(right)
        array = any(isinstance(operand, Quantity) and operand.array for operand in (left, right))
        if not compare(COMPARISONS[type(target.operator)], left, right, target, frame):
            return Quantity(False, varies=varies, array=array)
        left = right
    return Quantity(True, varies=varies, array=array)


def _compared_items(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value:
    """A comparison of arrays, item by item."""
    answers: Value | None = None
    if symbol not in {"is", "is not", "in", "not in"}:
        answers = elementwise(lambda a, b: _answer(symbol, a, b, node, frame), left, right)
    if answers is None:
        frame.world.doubt("what a comparison of arrays gives is not followed")
    return answers or unknown("it is a comparison of arrays", node)


def _answer(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> Value:
    varies = depends_on_time(left) or depends_on_time(right)
    return Quantity(compare(symbol, left, right, node, frame), varies=varies, array=True)


@evaluates(cst.IfExp)
def _conditional(node: cst.IfExp, frame: Frame) -> Value:
    chosen = node.body if truth(evaluate(node.test, frame), node.test, frame) else node.orelse
    value = evaluate(chosen, frame)
    if frame.world.seen.sampling is not None:
        frame.world.seen.sampling.note_source(value, Anchor(frame.module, chosen))
    return value
