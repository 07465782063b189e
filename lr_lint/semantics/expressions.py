"""Evaluating expressions: one small function per kind of LibCST node.

Calls and attributes of user objects go through the world, so that this module knows nothing of statements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import libcst as cst

from lr_lint.semantics import arithmetic
from lr_lint.semantics.library_calls import concatenated, constant_key
from lr_lint.semantics.optimizers import FLUENT_METHODS, MODEL_PARTS, PARAMETER_METHODS
from lr_lint.semantics.rate_sources import as_loaded, measure
from lr_lint.semantics.values import (
    NOTHING,
    Anchor,
    Deferred,
    Frame,
    Function,
    Instance,
    Items,
    Known,
    Opaque,
    Raised,
    Table,
    Value,
    child_key,
    key_of,
)
from lr_lint.source.tree import code_of, dotted_name
from lr_lint.vocabulary.quantities import Basis, Key, Quantity, literal
from lr_lint.vocabulary.units import FACTOR

Evaluator: TypeAlias = "Callable[[Any, Frame], Value]"


def evaluate(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression.

    Raises:
        Raised: the exception that CPython would raise.
        BudgetExceeded: when the construction's budget is used up.
    """
    frame.world.spend()
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        return unknown(f"{type(node).__name__} is not interpreted", node)
    return evaluator(node, frame)


def unknown(reason: str, node: cst.CSTNode) -> Opaque:
    """An unknown value whose identity is the place in the code that makes it."""
    return Opaque(reason, ("node", id(node)))


def truth(value: Value, frame: Frame, node: cst.CSTNode) -> bool:
    """Whether a value is true. What the code leaves open is decided by the world, the same way each time."""
    if isinstance(value, Quantity):
        if value.number is not None and (value.basis is Basis.PROVED or value.key is None):
            return bool(value.number)
        first = bool(value.number) if value.number is not None else True
        return frame.world.decide(("truth", value.key or _place(node)), first)
    if isinstance(value, Known):
        return bool(value.value)
    if isinstance(value, Items) and (value.values or not value.open):
        return bool(value.values)
    if isinstance(value, Table) and not value.open:
        return bool(value.entries)
    if isinstance(value, Opaque):
        first = True if value.default is None else _default_truth(value.default)
        return frame.world.decide(("truth", value.key or _place(node)), first)
    return True


def _default_truth(default: Value) -> bool:
    if isinstance(default, Quantity):
        return bool(default.number) if default.number is not None else True
    return bool(default.value) if isinstance(default, Known) else True


def _place(node: cst.CSTNode) -> Key:
    return ("node", id(node))


def assume(node: cst.BaseExpression, expected: bool, frame: Frame) -> None:
    """Records what a condition says about the world when it is known to hold (or not)."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        assume(node.expression, not expected, frame)
        return
    if isinstance(node, cst.BooleanOperation):
        if isinstance(node.operator, cst.And) is expected:
            assume(node.left, expected, frame)
            assume(node.right, expected, frame)
        return
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        _assume_comparison(node, expected, frame)
        return
    value = evaluate(node, frame)
    key = key_of(value)
    if key is not None and isinstance(value, (Opaque, Quantity)):
        frame.world.conclude(("truth", key), expected)


def _assume_comparison(node: cst.Comparison, expected: bool, frame: Frame) -> None:
    target = node.comparisons[0]
    left, right = evaluate(node.left, frame), evaluate(target.comparator, frame)
    symbol = _COMPARISONS.get(type(target.operator))
    if symbol in {"!=", "is not", "not in"}:
        symbol, expected = _OPPOSITES[symbol], not expected
    key = _comparison_key(symbol or "?", left, right)
    if key is not None:
        frame.world.conclude(key, expected)


# Literals and names


def _integer(node: cst.Integer, frame: Frame) -> Value:
    return literal(ast.literal_eval(node.value), ("literal", id(node)))


def _float(node: cst.Float, frame: Frame) -> Value:
    return literal(float(node.value), ("literal", id(node)))


def _imaginary(node: cst.Imaginary, frame: Frame) -> Value:
    return literal(complex(node.value))


def _string(node: cst.SimpleString, frame: Frame) -> Value:
    return Known(node.evaluated_value)


def _concatenated_string(node: cst.ConcatenatedString, frame: Frame) -> Value:
    value = node.evaluated_value
    return Known(value) if value is not None else unknown("it is a formatted string", node)


def _formatted_string(node: cst.FormattedString, frame: Frame) -> Value:
    return unknown("it is a formatted string", node)


def _ellipsis(node: cst.Ellipsis, frame: Frame) -> Value:
    return Known(...)


_NAMED_CONSTANTS: dict[str, Value] = {"True": literal(True), "False": literal(False), "None": NOTHING}


def force(value: Value) -> Value:
    """The value itself; a deferred call is made now."""
    while isinstance(value, Deferred):
        if value.result is None:
            value.result = Opaque("its definition needs itself", ("node", id(value.node)))
            value.result = evaluate(value.node, value.frame)
        value = value.result
    return value


def defer(node: cst.BaseExpression, frame: Frame) -> Deferred:
    """The value that an expression has now, to be computed when it is asked for."""
    return Deferred(node, replace(frame, names=dict(frame.names)))


def unforced(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression that is only handed on: a deferred call stays deferred."""
    if isinstance(node, cst.Name) and node.value not in _NAMED_CONSTANTS:
        value = look_up(node.value, frame)
        if isinstance(value, Deferred):
            return value if value.result is None else force(value)
    return evaluate(node, frame)


def _name(node: cst.Name, frame: Frame) -> Value:
    constant = _NAMED_CONSTANTS.get(node.value)
    if constant is not None:
        return constant
    value = force(look_up(node.value, frame))
    return as_loaded(value, node.value, Anchor(frame.module, node), frame.world)


def look_up(name: str, frame: Frame) -> Value:
    """The value of a variable by Python's scoping rules: local, enclosing functions, module, builtins."""
    current: Frame | None = frame
    innermost = True
    while current is not None:
        value = current.names.get(name)
        if value is not None and (innermost or not isinstance(current.scope, cst.ClassDef)):
            return value
        if current.parent is None:
            return frame.world.module_value(current.module, name, frame.world)
        if name in current.module.locals_of(current.scope) and not isinstance(current.scope, cst.ClassDef):
            return Opaque(f"{name} is not assigned on this path", ("unbound", id(current.scope), name), name)
        innermost = innermost and isinstance(current.scope, (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp))
        current = current.parent
    return Opaque(f"{name} is not defined", ("undefined", name), name)


def _attribute(node: cst.Attribute, frame: Frame) -> Value:
    name = node.attr.value
    if isinstance(node.value, cst.Name) and node.value.value == "self":
        assigned = frame.names.get(f"self.{name}")
        if assigned is not None:
            return as_loaded(force(assigned), name, Anchor(frame.module, node), frame.world)
    value = force(frame.world.member(evaluate(node.value, frame), name, frame))
    loaded = as_loaded(value, name, Anchor(frame.module, node), frame.world)
    return _spelled(loaded, node)


def _spelled(value: Value, node: cst.Attribute | cst.Subscript) -> Value:
    """Lets the newest origin of a rate read here say how the code spells it."""
    if isinstance(value, Quantity) and value.origins:
        newest = value.origins[0]
        if newest.anchor is not None and newest.anchor.node is node:
            text = dotted_name(node) or code_of(node)
            return replace(value, origins=(replace(newest, text=text), *value.origins[1:]))
    return value


# Operators

_BINARY: dict[type[cst.BaseBinaryOp], Callable[[Quantity, Quantity, Any], Quantity]] = {
    cst.Add: arithmetic.add,
    cst.Subtract: arithmetic.subtract,
    cst.Multiply: arithmetic.multiply_quantities,
    cst.Divide: arithmetic.divide_quantities,
    cst.FloorDivide: arithmetic.floor_divide,
    cst.Modulo: arithmetic.remainder,
    cst.Power: arithmetic.power,
}
_BITWISE: dict[type[cst.BaseBinaryOp], str] = {
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
}
# Operators whose other operand is a count when one operand varies with the time.
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
    return value


def operate(
    operator: type[cst.BaseBinaryOp], left: Value, right: Value, node: cst.BinaryOperation | cst.AugAssign, frame: Frame
) -> Value:
    """The result of a binary operator."""
    if operator is cst.Add:
        joined = concatenated([left, right])
        if joined is not None:
            return joined
    if isinstance(left, Items) and operator is cst.Multiply:
        return _repeated(left, right)
    if isinstance(left, Known) and isinstance(left.value, str):
        return unknown("it is a computed string", node)
    anchor = Anchor(frame.module, node)
    by_time = operator in _BESIDE_TIME
    first = measure(left, frame.world, _operand(node, "left", anchor), beside_time=by_time and _varies(right))
    second = measure(right, frame.world, _operand(node, "right", anchor), beside_time=by_time and _varies(left))
    if operator in _BITWISE:
        return arithmetic.bitwise(_BITWISE[operator], first, second, frame.world)
    compute = _BINARY.get(operator)
    return compute(first, second, frame.world) if compute else unknown("the operator is not interpreted", node)


def _operand(node: cst.BinaryOperation | cst.AugAssign, side: str, anchor: Anchor) -> Anchor:
    operand = getattr(node, side, None)
    return Anchor(anchor.module, operand) if operand is not None else anchor


def _varies(value: Value) -> bool:
    return isinstance(value, Quantity) and value.varies


def _repeated(items: Items, times: Value) -> Value:
    if isinstance(times, Quantity) and isinstance(times.number, int) and times.number * len(items.values) < 10_000:
        return Items(items.values * times.number, items.kind, items.open)
    return Items(list(items.values), items.kind, open=True)


def _unary_operation(node: cst.UnaryOperation, frame: Frame) -> Value:
    value = evaluate(node.expression, frame)
    if isinstance(node.operator, cst.Not):
        varies = _varies(value)
        return Quantity(not truth(value, frame, node.expression), varies=varies)
    quantity = measure(value, frame.world, Anchor(frame.module, node.expression))
    if isinstance(node.operator, cst.Minus):
        return arithmetic.negative(quantity)
    if isinstance(node.operator, cst.Plus):
        return arithmetic.transformed("+", lambda x: +x, quantity, quantity.unit)
    return arithmetic.transformed("~", lambda x: ~x, quantity, FACTOR)  # type: ignore[operator]


def _boolean_operation(node: cst.BooleanOperation, frame: Frame) -> Value:
    left = evaluate(node.left, frame)
    if truth(left, frame, node.left) is isinstance(node.operator, cst.Or):
        return left
    return evaluate(node.right, frame)


_COMPARISONS: dict[type[cst.BaseCompOp], str] = {
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
_OPPOSITES = {"!=": "==", "is not": "is", "not in": "in"}


def _comparison(node: cst.Comparison, frame: Frame) -> Value:
    left = evaluate(node.left, frame)
    varies = False
    for target in node.comparisons:
        right = evaluate(target.comparator, frame)
        varies = varies or _varies(left) or _varies(right)
        if not _compare(_COMPARISONS[type(target.operator)], left, right, target, frame):
            return Quantity(False, varies=varies)
        left = right
    return Quantity(True, varies=varies)


def _compare(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool:
    if symbol in _OPPOSITES:
        return not _compare(_OPPOSITES[symbol], left, right, node, frame)
    known = _known_comparison(symbol, left, right, node, frame)
    if known is not None:
        return known
    key = _comparison_key(symbol, left, right) or _place(node)
    if symbol in {"==", "is"} and _excluded(key, frame):
        return False
    return frame.world.decide(key, _default_comparison(symbol, left, right))


def _known_comparison(symbol: str, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> bool | None:
    if isinstance(left, Known) and isinstance(right, Known):
        return left.value is right.value if symbol == "is" else _compare_constants(symbol, left.value, right.value)
    if symbol == "in":
        return _contains(right, left)
    if symbol == "is":
        return _is_none(left, right)
    if symbol == "==" and isinstance(left, Known) and isinstance(right, Quantity):
        return False
    varies = _varies(left) or _varies(right)
    numeric = [value for value in (left, right) if isinstance(value, (Quantity, Opaque))]
    if len(numeric) != 2 or not any(isinstance(value, Quantity) for value in numeric):
        return None
    anchor = Anchor(frame.module, node)
    first, second = (measure(value, frame.world, anchor, beside_time=varies) for value in (left, right))
    for value in (first, second):
        if value.basis is not Basis.PROVED and not varies:
            return None
    return arithmetic.compare(symbol, first, second, frame.world)


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
    if isinstance(container, Table):
        return True if key in container.entries else None if container.open else False
    if isinstance(container, Items):
        keys = [constant_key(value) for value in container.values]
        if key in keys:
            return True
        return None if container.open or None in keys else False
    return None


def _is_none(left: Value, right: Value) -> bool | None:
    """``x is None`` for a value that is known not to be None, and for identical constants."""
    if isinstance(right, Known) and right.value is None:
        if isinstance(left, Known):
            return left.value is None
        return None if isinstance(left, Opaque) else False
    return None


def _comparison_key(symbol: str, left: Value, right: Value) -> Key | None:
    left_key, right_key = key_of(left), key_of(right)
    if isinstance(right, Quantity) and right.number is not None:
        right_key = ("constant", right.number)
    if left_key is None or right_key is None:
        return None
    return ("compare", "==" if symbol == "is" else symbol, left_key, right_key)


def _excluded(key: Key, frame: Frame) -> bool:
    """Whether a value is already taken to equal another constant."""
    if not isinstance(key, tuple) or len(key) != 4 or not _is_constant(key[3]):
        return False
    return any(
        holds and isinstance(other, tuple) and len(other) == 4 and other[:3] == key[:3] and _is_constant(other[3])
        for other, holds in frame.world.decisions.items()
        if other != key
    )


def _is_constant(key: Key) -> bool:
    return isinstance(key, tuple) and len(key) == 2 and key[0] == "constant"


def _default_comparison(symbol: str, left: Value, right: Value) -> bool:
    """What an undecided comparison gives by the defaults of its operands; unknowns are taken not to be None."""
    is_none = isinstance(right, Known) and right.value is None
    if isinstance(left, Opaque) and left.default is not None:
        default = left.default
        if isinstance(default, Known) and isinstance(right, Known):
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
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b}.get(symbol, True)


def _conditional(node: cst.IfExp, frame: Frame) -> Value:
    chosen = node.body if truth(evaluate(node.test, frame), frame, node.test) else node.orelse
    return evaluate(chosen, frame)


def _walrus(node: cst.NamedExpr, frame: Frame) -> Value:
    value = evaluate(node.value, frame)
    if isinstance(node.target, cst.Name):
        home = frame
        while isinstance(home.scope, (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)) and home.parent:
            home = home.parent
        home.names[node.target.value] = value
    return value


# Containers


def _elements(elements: Sequence[cst.BaseElement], frame: Frame) -> tuple[list[Value], bool]:
    values: list[Value] = []
    is_open = False
    for element in elements:
        if isinstance(element, cst.StarredElement):
            inner, inner_open = iterate(evaluate(element.value, frame), frame)
            values.extend(inner)
            is_open = is_open or inner_open
        else:
            values.append(evaluate(element.value, frame))
    return values, is_open


def _list(node: cst.List, frame: Frame) -> Value:
    values, is_open = _elements(node.elements, frame)
    return Items(values, "list", is_open)


def _tuple(node: cst.Tuple, frame: Frame) -> Value:
    values, is_open = _elements(node.elements, frame)
    return Items(values, "tuple", is_open)


def _set(node: cst.Set, frame: Frame) -> Value:
    values, is_open = _elements(node.elements, frame)
    return Items(values, "set", is_open)


def _dict(node: cst.Dict, frame: Frame) -> Value:
    table = Table({})
    for element in node.elements:
        value = evaluate(element.value, frame)
        if isinstance(element, cst.DictElement):
            key = constant_key(evaluate(element.key, frame))
            if key is None:
                table.open = True
            else:
                table.entries[key] = value
        elif isinstance(value, Table):
            table.entries.update(value.entries)
            table.open = table.open or value.open
        else:
            table.open = True
    return table


def iterate(value: Value, frame: Frame) -> tuple[list[Value], bool]:
    """The items of an iterable as far as they are known, and whether there may be others.

    An unknown iterable gives one symbolic item.
    """
    if isinstance(value, Items):
        return list(value.values), value.open
    if isinstance(value, Table):
        return [Known(key) if isinstance(key, str) else literal(key) for key in value.entries], value.open  # type: ignore
    if isinstance(value, Known) and isinstance(value.value, str):
        return [Known(letter) for letter in value.value], False
    if isinstance(value, Opaque):
        item = Opaque(value.reason, child_key(value.key, "item", "*"), parameters=value.parameters)
        return [item], True
    return [Opaque("what it iterates over is not known")], True


def unpack(value: Value, count: int, frame: Frame) -> list[Value]:
    """The parts of a value that is assigned to several targets."""
    if isinstance(value, Items) and not value.open and len(value.values) == count:
        return list(value.values)
    if isinstance(value, Items) and value.open and len(value.values) >= count:
        return value.values[:count]
    if isinstance(value, Opaque):
        return [
            Opaque(
                value.reason,
                child_key(value.key, "item", at),
                invocation=value.invocation,
                parameters=value.parameters,
            )
            for at in range(count)
        ]
    return [Opaque("the parts of the value are not known") for _ in range(count)]


def _comprehension(node: cst.ListComp | cst.GeneratorExp | cst.SetComp, frame: Frame) -> Value:
    inner = Frame(frame.module, node, frame, frame.world, receiver=frame.receiver, owner=frame.owner, depth=frame.depth)
    values: list[Value] = []
    is_open = _run_comprehension(node.for_in, inner, lambda: values.append(evaluate(node.elt, inner)))
    return Items(values, "set" if isinstance(node, cst.SetComp) else "list", is_open)


def _dict_comprehension(node: cst.DictComp, frame: Frame) -> Value:
    inner = Frame(frame.module, node, frame, frame.world, receiver=frame.receiver, owner=frame.owner, depth=frame.depth)
    table = Table({})

    def add() -> None:
        key = constant_key(evaluate(node.key, inner))
        value = evaluate(node.value, inner)
        if key is None:
            table.open = True
        else:
            table.entries[key] = value

    is_open = _run_comprehension(node.for_in, inner, add)
    table.open = table.open or is_open
    return table


def _run_comprehension(loop: cst.CompFor, frame: Frame, emit: Callable[[], object]) -> bool:
    """Runs one level of a comprehension; returns whether items may be missing."""
    items, is_open = iterate(evaluate(loop.iter, frame), frame)
    for item in items:
        frame.world.spend()
        bind_target(loop.target, item, frame)
        conditions = [evaluate(condition.test, frame) for condition in loop.ifs]
        if is_open:
            # The item stands for any item, so a filter decides nothing.
            passes = True
        else:
            passes = all(
                truth(value, frame, condition.test) for value, condition in zip(conditions, loop.ifs, strict=True)
            )
        if not passes:
            continue
        if loop.inner_for_in is not None:
            is_open = _run_comprehension(loop.inner_for_in, frame, emit) or is_open
        else:
            emit()
    return is_open


def bind_target(target: cst.BaseExpression, value: Value, frame: Frame) -> None:
    """Assigns a value to a name, a tuple of targets, an attribute or an item."""
    if isinstance(target, cst.Name):
        frame.names[target.value] = value
    elif isinstance(target, (cst.Tuple, cst.List)):
        _bind_elements(target.elements, value, frame)
    elif isinstance(target, cst.Attribute):
        _bind_attribute(target, value, frame)
    elif isinstance(target, cst.Subscript):
        _bind_item(target, value, frame)


def _bind_elements(elements: Sequence[cst.BaseElement], value: Value, frame: Frame) -> None:
    if any(isinstance(element, cst.StarredElement) for element in elements):
        for element in elements:
            bind_target(element.value, Opaque("a starred target took part of the value"), frame)
        return
    for element, part in zip(elements, unpack(value, len(elements), frame), strict=True):
        bind_target(element.value, part, frame)


def _bind_attribute(target: cst.Attribute, value: Value, frame: Frame) -> None:
    owner = evaluate(target.value, frame)
    name = target.attr.value
    if isinstance(target.value, cst.Name) and target.value.value == "self":
        frame.names[f"self.{name}"] = value
    if isinstance(owner, Instance):
        owner.attributes[name] = value
    elif isinstance(owner, Table):
        owner.entries[name] = value


def _bind_item(target: cst.Subscript, value: Value, frame: Frame) -> None:
    owner = evaluate(target.value, frame)
    key = constant_key(_index(target, frame))
    if isinstance(owner, Table):
        if key is None:
            owner.open = True
        else:
            owner.entries[key] = value
    elif isinstance(owner, Items):
        if isinstance(key, int) and -len(owner.values) <= key < len(owner.values):
            owner.values[key] = value
        else:
            owner.open = True


def _index(node: cst.Subscript, frame: Frame) -> Value:
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return Opaque("the subscript is no single index")
    return evaluate(node.slice[0].slice.value, frame)


def _subscript(node: cst.Subscript, frame: Frame) -> Value:
    owner = evaluate(node.value, frame)
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        return _sliced(owner, node.slice[0].slice, frame)
    index = _index(node, frame)
    value = force(item_of(owner, index, node))
    key = constant_key(index)
    name = key if isinstance(key, str) else ""
    anchor = Anchor(frame.module, node)
    if name:
        return _spelled(as_loaded(value, name, anchor, frame.world), node)
    return value


def item_of(owner: Value, index: Value, node: cst.CSTNode) -> Value:
    """``owner[index]``.

    Raises:
        Raised: IndexError or KeyError where the container is known completely.
    """
    key = constant_key(index)
    if isinstance(owner, Items):
        return _item_of_list(owner, index, key, node)
    if isinstance(owner, Table):
        if key in owner.entries:
            return owner.entries[key]
        if key is not None and not owner.open:
            raise Raised("KeyError")
        if key is None and owner.entries and not owner.open:
            return Opaque("which entry is chosen is only known at run time", ("node", id(node)))
        return Opaque("the dict may hold more entries", child_key(owner.key, "item", key) or _place(node), str(key))
    if isinstance(owner, Opaque):
        name = key if isinstance(key, str) else ""
        reason = owner.reason
        own_key = child_key(owner.key, "item", key) if key is not None else None
        default = None
        if isinstance(owner.default, (Items, Table)):
            default = item_of(owner.default, index, node)
        return Opaque(
            reason, own_key, name, default=default, invocation=owner.invocation, parameters=owner.parameters
        )
    return Opaque("what is indexed is not known", _place(node))


def _item_of_list(owner: Items, index: Value, key: object, node: cst.CSTNode) -> Value:
    if isinstance(key, (int, float)) and not isinstance(key, int):
        raise Raised("TypeError")
    if isinstance(key, int):
        if -len(owner.values) <= key < len(owner.values) and not (owner.open and key < 0):
            return owner.values[key]
        if not owner.open:
            raise Raised("IndexError")
    if owner.values and key is None:
        kinds = {type(value) for value in owner.values}
        if kinds == {Function} and len(owner.values) == 1:
            return owner.values[0]
    return Opaque("which item is chosen is only known at run time", ("node", id(node)))


def _sliced(owner: Value, bounds: cst.Slice, frame: Frame) -> Value:
    parts = [
        constant_key(evaluate(bound, frame)) if bound is not None else None
        for bound in (bounds.lower, bounds.upper, bounds.step)
    ]
    given = [bound is not None for bound in (bounds.lower, bounds.upper, bounds.step)]
    known = all(isinstance(part, int) or not present for part, present in zip(parts, given, strict=True))
    if isinstance(owner, Items) and known and not owner.open and parts[2] != 0:
        return Items(owner.values[slice(*parts)], owner.kind)
    if isinstance(owner, Items):
        return Items(list(owner.values), owner.kind, open=True)
    if isinstance(owner, Opaque):
        return Opaque(owner.reason, parameters=owner.parameters)
    return Opaque("the slice is not known")


# Calls and functions


def _call(node: cst.Call, frame: Frame) -> Value:
    if isinstance(node.func, cst.Attribute):
        known = _call_on_model(node, node.func, frame)
        if known is not None:
            return known
    callee = evaluate(node.func, frame)
    arguments, keywords, exact = call_arguments(node, frame)
    anchor = Anchor(frame.module, node)
    if not exact:
        keywords = {**keywords, "**": Opaque("more arguments may be passed on")}
    return frame.world.call(callee, arguments, keywords, anchor, frame)


def _call_on_model(node: cst.Call, function: cst.Attribute, frame: Frame) -> Value | None:
    """Calls on a model that need not know the model: ``model.parameters()``, ``model.to(device)``."""
    name = function.attr.value
    if name not in MODEL_PARTS and name not in FLUENT_METHODS:
        return None
    receiver = unforced(function.value, frame)
    if name in FLUENT_METHODS and isinstance(receiver, (Deferred, Instance)):
        return receiver
    if name in MODEL_PARTS and isinstance(receiver, Deferred):
        parameters = name in PARAMETER_METHODS
        return Opaque("it is a part of a model", ("node", id(node)), parameters=parameters)
    return None


def call_arguments(node: cst.Call, frame: Frame) -> tuple[list[Value], dict[str, Value], bool]:
    """The evaluated arguments of a call, and whether these are all of them."""
    arguments: list[Value] = []
    keywords: dict[str, Value] = {}
    exact = True
    for argument in node.args:
        value = unforced(argument.value, frame) if not argument.star else evaluate(argument.value, frame)
        if argument.star == "*":
            items, is_open = iterate(value, frame)
            if is_open:
                exact = False
            else:
                arguments.extend(items)
        elif argument.star == "**":
            if isinstance(value, Table):
                keywords.update({key: item for key, item in value.entries.items() if isinstance(key, str)})
            exact = exact and isinstance(value, Table) and not value.open
        elif argument.keyword is not None:
            keywords[argument.keyword.value] = value
        else:
            arguments.append(value)
    return arguments, keywords, exact


def _lambda(node: cst.Lambda, frame: Frame) -> Value:
    return Function(node, frame, defaults_of(node.params, frame), frame.owner)


def defaults_of(parameters: cst.Parameters, frame: Frame) -> dict[str, Value]:
    """The default values of parameters, evaluated where the function is defined."""
    return {
        param.name.value: evaluate(param.default, frame)
        for param in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
        if param.default is not None
    }


def _await(node: cst.Await, frame: Frame) -> Value:
    return evaluate(node.expression, frame)


_EVALUATORS: dict[type[cst.CSTNode], Evaluator] = {
    cst.Integer: _integer,
    cst.Float: _float,
    cst.Imaginary: _imaginary,
    cst.SimpleString: _string,
    cst.ConcatenatedString: _concatenated_string,
    cst.FormattedString: _formatted_string,
    cst.Ellipsis: _ellipsis,
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.BinaryOperation: _binary_operation,
    cst.UnaryOperation: _unary_operation,
    cst.BooleanOperation: _boolean_operation,
    cst.Comparison: _comparison,
    cst.IfExp: _conditional,
    cst.NamedExpr: _walrus,
    cst.List: _list,
    cst.Tuple: _tuple,
    cst.Set: _set,
    cst.Dict: _dict,
    cst.ListComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _dict_comprehension,
    cst.Subscript: _subscript,
    cst.Call: _call,
    cst.Lambda: _lambda,
    cst.Await: _await,
}
