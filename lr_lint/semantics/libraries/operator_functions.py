"""The module ``operator``, and the builtin ``pow``: operators as functions, which do what the operators do."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.machine.conditions import compare, depends_on_time
from lr_lint.semantics.machine.operators import operate
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values import operations
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import DictValue
from lr_lint.vocabulary.quantities import Quantity

_BINARY: dict[str, type[cst.BaseBinaryOp]] = {
    "add": cst.Add,
    "sub": cst.Subtract,
    "mul": cst.Multiply,
    "truediv": cst.Divide,
    "floordiv": cst.FloorDivide,
    "mod": cst.Modulo,
    "pow": cst.Power,
}
_COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def _declare_binary(name: str, operator: type[cst.BaseBinaryOp]) -> None:
    @function(f"operator.{name}(a, b, /)")
    def handle(call: Call, a: Value, b: Value) -> Value:
        return operate(operator, a, b, call.anchor.node, call.frame)


def _declare_comparison(name: str, symbol: str) -> None:
    @function(f"operator.{name}(a, b, /)")
    def handle(call: Call, a: Value, b: Value) -> Value:
        holds = compare(symbol, a, b, call.anchor.node, call.frame)
        return Quantity(holds, varies=depends_on_time(a) or depends_on_time(b))


for _name, _operator in _BINARY.items():
    _declare_binary(_name, _operator)
for _name, _symbol in _COMPARISONS.items():
    _declare_comparison(_name, _symbol)


@function("builtins.pow(base, exp, mod=None)")
def _power(call: Call, base: Value, exp: Value, mod: Value) -> Value | None:
    return operate(cst.Power, base, exp, call.anchor.node, call.frame) if mod == NOTHING else None


@function("operator.neg(a, /)")
def _negative(call: Call, a: Value) -> Value:
    return arithmetic.negative(call.measure(a))


@function("operator.not_(a, /)")
def _not(call: Call, a: Value) -> Value:
    return Quantity(not operations.truth(a, call.anchor.node, call.frame), varies=depends_on_time(a))


@function("operator.getitem(a, b, /)")
def _item(call: Call, a: Value, b: Value) -> Value:
    return operations.item_of(a, b, call.anchor.node, call.frame)


@function("operator.setitem(a, b, c, /)")
def _set_item(call: Call, a: Value, b: Value, c: Value) -> Value | None:
    """What is written to anything but a dict is not followed."""
    key = constant_key(b)
    if not isinstance(a, DictValue) or key is None:
        return None
    settle(a, call.world)
    a.entries[key] = c
    return NOTHING
