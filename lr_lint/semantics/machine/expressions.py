"""Evaluating expressions: one small function per kind of LibCST node.

Calls and attributes of user objects go through the world, so that this module knows nothing of statements.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, TypeAlias

import libcst as cst

from lr_lint.project.knowledge import FLUENT_METHODS, MODEL_PARTS, PARAMETER_METHODS
from lr_lint.semantics.libraries import paths as file_paths
from lr_lint.semantics.libraries.arrays import elementwise, is_array
from lr_lint.semantics.libraries.rate_sources import as_loaded, measure, note, note_current_rate
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.conditions import COMPARISONS, OPPOSITES, compare, comparison_key, depends_on_time
from lr_lint.semantics.machine.settling import settle, settle_module, settle_variable
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import Lazy, force
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import call, item_of, iterate, member, sliced, truth, unpack
from lr_lint.semantics.values.overridable import may_be_overridden, overridable_entry
from lr_lint.semantics.values.sequences import concatenated, distinct
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import code_of, dotted_name, last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity, literal
from lr_lint.vocabulary.units import FACTOR

Evaluator: TypeAlias = "Callable[[Any, Frame], Value]"


# What one lazy value may spend of a world's budget.
_LAZY_STEPS = 8_000


def evaluate(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression.

    Raises:
        Raised: the exception that CPython would raise.
        BudgetExceeded: when the construction's budget is used up.
    """
    world = frame.world
    world.spend()
    evaluator = _EVALUATORS.get(type(node))
    if evaluator is None:
        return unknown(f"{type(node).__name__} is not interpreted", node)
    value = evaluator(node, frame)
    if world.seen.study is not None:
        note(node, value, world.seen.study)
    return value


def unknown(reason: str, node: cst.CSTNode) -> Unknown:
    """An unknown value whose identity is the place in the code that makes it."""
    return Unknown(reason, AccessPath.node(node))


def constrain(node: cst.BaseExpression, expected: bool, frame: Frame) -> None:
    """Records what a condition says about the world when it is known to hold (or not)."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        constrain(node.expression, not expected, frame)
        return
    if isinstance(node, cst.BooleanOperation):
        if isinstance(node.operator, cst.And) is expected:
            constrain(node.left, expected, frame)
            constrain(node.right, expected, frame)
        return
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        _constrain_comparison(node, expected, frame)
        return
    value = evaluate(node, frame)
    key = key_of(value)
    if key is not None and isinstance(value, (Unknown, Quantity)):
        frame.world.constrain(paths.truth(key), expected)


def _constrain_comparison(node: cst.Comparison, expected: bool, frame: Frame) -> None:
    target = node.comparisons[0]
    left, right = evaluate(node.left, frame), evaluate(target.comparator, frame)
    symbol = COMPARISONS.get(type(target.operator))
    if symbol in {"!=", "is not", "not in"}:
        symbol, expected = OPPOSITES[symbol], not expected
    key = comparison_key(symbol or "?", left, right)
    if key is not None:
        frame.world.constrain(key, expected)


def _integer(node: cst.Integer, frame: Frame) -> Value:
    return literal(int(node.value.replace("_", ""), 0), AccessPath.literal(node))


def _float(node: cst.Float, frame: Frame) -> Value:
    return literal(float(node.value), AccessPath.literal(node))


def _imaginary(node: cst.Imaginary, frame: Frame) -> Value:
    return literal(complex(node.value))


def _string(node: cst.SimpleString, frame: Frame) -> Value:
    return Constant(_text_of(node.value))


@functools.lru_cache(maxsize=8192)
def _text_of(token: str) -> str | bytes:
    text: str | bytes = ast.literal_eval(token)
    return text


def _concatenated_string(node: cst.ConcatenatedString, frame: Frame) -> Value:
    value = node.evaluated_value
    return Constant(value) if value is not None else unknown("it is a formatted string", node)


def _formatted_string(node: cst.FormattedString, frame: Frame) -> Value:
    return unknown("it is a formatted string", node)


def _ellipsis(node: cst.Ellipsis, frame: Frame) -> Value:
    return Constant(...)


_NAMED_CONSTANTS: dict[str, Value] = {"True": literal(True), "False": literal(False), "None": NOTHING}


def lazily(node: cst.BaseExpression, frame: Frame) -> Lazy:
    """The value that an expression has now, to be computed when it is asked for."""
    then = replace(frame, names=dict(frame.names))

    def compute() -> Value:
        try:
            return evaluate_within(_LAZY_STEPS, node, then)
        finally:
            # What others reach was found out meanwhile, as it was without this result.
            then.world.memory.discoveries += 1

    lazy = Lazy(compute, AccessPath.node(node), waiting=1 + waiting(node, frame), node=node, frame=then)
    frame.world.memory.pending.append(lazy)
    return lazy


def waiting(node: cst.CSTNode, frame: Frame) -> int:
    """How many lazy values in a row an expression would ask for."""
    needed = [frame.names.get(name) for name in frame.module.effects(node).reads]
    return max((value.waiting for value in needed if isinstance(value, Lazy) and value.result is None), default=0)


def evaluate_within(allowance: int, node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression, unknown if it takes more steps: so one costly call does not use up the whole budget.

    Raises:
        BudgetExceeded: when the construction's budget is used up.
    """
    world = frame.world

    def work() -> Value:
        with world.seen.study.paused() if world.seen.study is not None else nullcontext():
            return evaluate(node, frame)

    return world.attempt(allowance, work) or unknown("following it takes more steps than it is worth", node)


def part_of(whole: Lazy, position: int, count: int) -> Lazy:
    """One of the values that the result of a lazy call is unpacked into."""
    key = paths.item(whole.key, position)
    return Lazy(lambda: force(unpack(force(whole), count)[position]), key, waiting=1 + whole.waiting)


def unforced(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression that is only handed on: a lazy value stays lazy."""
    if isinstance(node, cst.Name) and node.value not in _NAMED_CONSTANTS:
        value = look_up(node.value, frame)
        if isinstance(value, Lazy):
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
    while current is not None:
        value = current.names.get(name)
        if value is not None and (current is frame or not isinstance(current.scope, cst.ClassDef)):
            return value
        if current.parent is None:
            return frame.world.machine.module_value(current.module, name, frame.world)
        if name in current.module.locals_of(current.scope) and not isinstance(current.scope, cst.ClassDef):
            return Unknown(f"{name} is not assigned on this path", AccessPath.unbound(current.scope, name), name)
        current = current.parent
    return Unknown(f"{name} is not defined", AccessPath.undefined("", name), name)


def _attribute(node: cst.Attribute, frame: Frame) -> Value:
    name = node.attr.value
    if isinstance(node.value, cst.Name) and node.value.value == "self":
        assigned = frame.names.get(f"self.{name}")
        if assigned is not None and not isinstance(frame.names.get("self"), Instance):
            return as_loaded(force(assigned), name, Anchor(frame.module, node), frame.world)
    value = force(member(evaluate(node.value, frame), name, frame))
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


def operate(
    operator: type[cst.BaseBinaryOp], left: Value, right: Value, node: cst.BinaryOperation | cst.AugAssign, frame: Frame
) -> Value:
    """The result of a binary operator."""
    if is_array(left) or is_array(right):
        result = elementwise(lambda a, b: operate(operator, a, b, node, frame), left, right)
        return result or unknown("it is an array of a shape that is not known", node)
    if operator is cst.Add:
        joined = concatenated([left, right])
        if joined is not None:
            return joined
    if isinstance(left, FileReference) and operator is cst.Divide:
        return file_paths.join([left, right]) or unknown("it is a computed path", node)
    if isinstance(left, ListValue) and operator is cst.Multiply:
        return _repeated(left, right)
    if isinstance(left, Constant) and isinstance(left.value, str):
        return unknown("it is a computed string", node)
    anchor = Anchor(frame.module, node)
    by_time = operator in _BESIDE_TIME
    from_time = operator is cst.Subtract and depends_on_time(right)
    first = measure(left, frame.world, _operand(node, "left", anchor), beside_time=from_time)
    second = measure(right, frame.world, _operand(node, "right", anchor), beside_time=by_time and depends_on_time(left))
    if operator in _BITWISE:
        return arithmetic.bitwise(_BITWISE[operator], first, second, frame.world)
    compute = _BINARY.get(operator)
    return compute(first, second, frame.world) if compute else unknown("the operator is not interpreted", node)


def _operand(node: cst.BinaryOperation | cst.AugAssign, side: str, anchor: Anchor) -> Anchor:
    operand = getattr(node, side, None)
    return Anchor(anchor.module, operand) if operand is not None else anchor


def _repeated(items: ListValue, times: Value) -> Value:
    if isinstance(times, Quantity) and isinstance(times.number, int) and times.number * len(items.values) < 10_000:
        return ListValue(items.values * times.number, items.kind, items.incomplete)
    return ListValue(list(items.values), items.kind, incomplete=True)


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


def _boolean_operation(node: cst.BooleanOperation, frame: Frame) -> Value:
    left = evaluate(node.left, frame)
    if truth(left, node.left, frame) is isinstance(node.operator, cst.Or):
        return left
    return evaluate(node.right, frame)


def _comparison(node: cst.Comparison, frame: Frame) -> Value:
    left = evaluate(node.left, frame)
    varies = array = False
    for target in node.comparisons:
        right = evaluate(target.comparator, frame)
        varies = varies or depends_on_time(left) or depends_on_time(right)
        array = any(isinstance(operand, Quantity) and operand.array for operand in (left, right))
        if not compare(COMPARISONS[type(target.operator)], left, right, target, frame):
            return Quantity(False, varies=varies, array=array)
        left = right
    return Quantity(True, varies=varies, array=array)


def _conditional(node: cst.IfExp, frame: Frame) -> Value:
    chosen = node.body if truth(evaluate(node.test, frame), node.test, frame) else node.orelse
    return evaluate(chosen, frame)


def _walrus(node: cst.NamedExpr, frame: Frame) -> Value:
    value = evaluate(node.value, frame)
    if isinstance(node.target, cst.Name):
        home = frame
        while isinstance(home.scope, (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)) and home.parent:
            home = home.parent
        home.names[node.target.value] = value
    return value


def _elements(elements: Sequence[cst.BaseElement], frame: Frame) -> tuple[list[Value], bool]:
    values: list[Value] = []
    incomplete = False
    for element in elements:
        if isinstance(element, cst.StarredElement):
            inner, inner_incomplete = iterate(evaluate(element.value, frame))
            values.extend(inner)
            incomplete = incomplete or inner_incomplete
        else:
            values.append(evaluate(element.value, frame))
    return values, incomplete


def _list(node: cst.List, frame: Frame) -> Value:
    values, incomplete = _elements(node.elements, frame)
    return ListValue(values, "list", incomplete)


def _tuple(node: cst.Tuple, frame: Frame) -> Value:
    values, incomplete = _elements(node.elements, frame)
    return ListValue(values, "tuple", incomplete)


def _set(node: cst.Set, frame: Frame) -> Value:
    values, incomplete = _elements(node.elements, frame)
    return distinct(ListValue(values, "set", incomplete))


def _dict(node: cst.Dict, frame: Frame) -> Value:
    table = DictValue({})
    for element in node.elements:
        value = evaluate(element.value, frame)
        if isinstance(element, cst.DictElement):
            key = constant_key(evaluate(element.key, frame))
            if key is None:
                table.incomplete = True
            else:
                table.entries[key] = value
        elif isinstance(value, DictValue):
            table.entries.update(value.entries)
            table.incomplete = table.incomplete or value.incomplete
        else:
            may_be_overridden(table, "other entries are merged into it", AccessPath.node(node), frame.world)
    return table


def _comprehension(node: cst.ListComp | cst.GeneratorExp | cst.SetComp, frame: Frame) -> Value:
    inner = _comprehension_frame(node, frame)
    values: list[Value] = []
    iterated = evaluate(node.for_in.iter, frame)
    incomplete = _run_comprehension(node.for_in, iterated, inner, lambda: values.append(evaluate(node.elt, inner)))
    if isinstance(node, cst.SetComp):
        return distinct(ListValue(values, "set", incomplete))
    return ListValue(values, "list", incomplete)


def _comprehension_frame(node: cst.BaseComp, frame: Frame) -> Frame:
    return Frame(frame.module, node, frame, frame.world, receiver=frame.receiver, owner=frame.owner, depth=frame.depth)


def _dict_comprehension(node: cst.DictComp, frame: Frame) -> Value:
    inner = _comprehension_frame(node, frame)
    table = DictValue({})

    def add() -> None:
        key = constant_key(evaluate(node.key, inner))
        value = evaluate(node.value, inner)
        if key is None:
            table.incomplete = True
        else:
            table.entries[key] = value

    incomplete = _run_comprehension(node.for_in, evaluate(node.for_in.iter, frame), inner, add)
    table.incomplete = table.incomplete or incomplete
    return table


def _run_comprehension(loop: cst.CompFor, iterated: Value, frame: Frame, emit: Callable[[], object]) -> bool:
    """Runs one level of a comprehension; returns whether items may be missing."""
    items, incomplete = iterate(iterated)
    for item in items:
        frame.world.spend()
        bind_target(loop.target, item, frame)
        # Of an unknown iterable, the item stands for any item, so a filter decides nothing.
        if not incomplete and not all(truth(evaluate(test.test, frame), test.test, frame) for test in loop.ifs):
            continue
        if loop.inner_for_in is not None:
            inner = evaluate(loop.inner_for_in.iter, frame)
            incomplete = _run_comprehension(loop.inner_for_in, inner, frame, emit) or incomplete
        else:
            emit()
    return incomplete


def bind_target(target: cst.BaseExpression, value: Value, frame: Frame) -> None:
    """Assigns a value to a name, a tuple of targets, an attribute or an item."""
    if isinstance(target, cst.Name):
        _bind_name(target.value, value, frame)
    elif isinstance(target, (cst.Tuple, cst.List)):
        _bind_elements(target.elements, value, frame)
    elif isinstance(target, cst.Attribute):
        _bind_attribute(target, value, frame)
    elif isinstance(target, cst.Subscript):
        _bind_item(target, value, frame)


def _bind_name(name: str, value: Value, frame: Frame) -> None:
    """Assigns a variable in the scope that owns it: ``global`` and ``nonlocal`` names live further out."""
    declared = frame.module.outer_names(frame.scope).get(name)
    if declared is None:
        settle_variable(frame, name)
        frame.names[name] = value
        return
    home = frame
    while home.parent is not None:
        home = home.parent
        if declared == "nonlocal" and name in home.names:
            break
    settle_variable(home, name)
    home.names[name] = value
    if home.parent is None:
        frame.world.memory.variables[home.module.path, name] = value


def _bind_elements(elements: Sequence[cst.BaseElement], value: Value, frame: Frame) -> None:
    if any(isinstance(element, cst.StarredElement) for element in elements):
        for element in elements:
            bind_target(element.value, Unknown("a starred target took part of the value"), frame)
        return
    for element, part in zip(elements, unpack(value, len(elements)), strict=True):
        bind_target(element.value, part, frame)


def _bind_attribute(target: cst.Attribute, value: Value, frame: Frame) -> None:
    owner = evaluate(target.value, frame)
    if not (isinstance(owner, Instance) and owner.under_way):
        # What its constructor assigns it had all along.
        settle(owner, frame.world)
    name = target.attr.value
    if isinstance(target.value, cst.Name) and target.value.value == "self":
        frame.names[f"self.{name}"] = value
    if isinstance(owner, Instance):
        frame.world.machine.set_attribute(owner, name, value, Anchor(frame.module, target), frame)
    elif isinstance(owner, DictValue):
        owner.entries[name] = overridable_entry(owner, name, value, frame)
    elif isinstance(owner, External):
        frame.world.memory.library_attributes[f"{owner.name}.{name}"] = value
    elif isinstance(owner, ClassValue):
        frame.world.memory.class_attributes[owner.node, name] = value
    elif isinstance(owner, ModuleValue):
        settle_module(owner, name, frame.world)
        frame.world.memory.variables[owner.module.path, name] = value


def _bind_item(target: cst.Subscript, value: Value, frame: Frame) -> None:
    owner = evaluate(target.value, frame)
    key = constant_key(_index(target, frame))
    settle(owner, frame.world)
    if isinstance(owner, DictValue):
        if key is None:
            owner.incomplete = True
        else:
            owner.entries[key] = overridable_entry(owner, key, value, frame)
    elif isinstance(owner, ListValue):
        if isinstance(key, int) and -len(owner.values) <= key < len(owner.values) and not owner.incomplete:
            owner.values[key] = value
        elif isinstance(key, int) and not owner.incomplete:
            raise Raised("IndexError")
        else:
            owner.forget_order()


def _index(node: cst.Subscript, frame: Frame) -> Value:
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return Unknown("the subscript is no single index")
    return evaluate(node.slice[0].slice.value, frame)


def _subscript(node: cst.Subscript, frame: Frame) -> Value:
    owner = evaluate(node.value, frame)
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        bounds = node.slice[0].slice
        parts = [evaluate(part, frame) if part else NOTHING for part in (bounds.lower, bounds.upper, bounds.step)]
        return sliced(owner, parts)
    index = _index(node, frame)
    value = force(item_of(owner, index, node, frame))
    key = constant_key(index)
    name = key if isinstance(key, str) else ""
    anchor = Anchor(frame.module, node)
    note_current_rate(owner, key, value, anchor, frame.world)
    if name:
        return _spelled(as_loaded(value, name, anchor, frame.world), node)
    return value


def _call(node: cst.Call, frame: Frame) -> Value:
    if isinstance(node.func, cst.Attribute):
        known = _call_on_model(node, node.func, frame)
        if known is not None:
            return known
    callee = evaluate(node.func, frame)
    arguments, keywords, exact = call_arguments(node, frame)
    anchor = Anchor(frame.module, node)
    if not exact:
        keywords = {**keywords, "**": Unknown("more arguments may be passed on")}
    return call(callee, arguments, keywords, anchor, frame)


def _call_on_model(node: cst.Call, function: cst.Attribute, frame: Frame) -> Value | None:
    """Calls on a model that need not know the model: ``model.parameters()``, ``model.to(device)``."""
    name = function.attr.value
    if name not in MODEL_PARTS and name not in FLUENT_METHODS:
        return None
    receiver = unforced(function.value, frame)
    if name in FLUENT_METHODS and isinstance(receiver, (Lazy, Instance)):
        return receiver
    if name in MODEL_PARTS and isinstance(receiver, Lazy):
        parameters = name in PARAMETER_METHODS
        return Unknown("it is a part of a model", AccessPath.node(node), parameters=parameters)
    return None


# Builtins that may leave a generator before it raises.
_LAZY_CONSUMERS = frozenset({"any", "all", "next", "zip"})


def _argument_value(node: cst.Call, argument: cst.Arg, frame: Frame) -> Value:
    if argument.star:
        return evaluate(argument.value, frame)
    try:
        return unforced(argument.value, frame)
    except Raised:
        if isinstance(argument.value, cst.GeneratorExp) and last_name(node.func) in _LAZY_CONSUMERS:
            return unknown("a generator may be left before it raises", argument.value)
        raise


def call_arguments(node: cst.Call, frame: Frame) -> tuple[list[Value], dict[str, Value], bool]:
    """The evaluated arguments of a call, and whether these are all of them."""
    arguments: list[Value] = []
    keywords: dict[str, Value] = {}
    exact = True
    for argument in node.args:
        value = _argument_value(node, argument, frame)
        if argument.star == "*":
            items, incomplete = iterate(value)
            if incomplete:
                exact = False
            else:
                arguments.extend(items)
        elif argument.star == "**":
            if isinstance(value, DictValue):
                keywords.update({key: item for key, item in value.entries.items() if isinstance(key, str)})
            exact = exact and isinstance(value, DictValue) and not value.incomplete
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
