"""The calls that running a statement makes, and what those change that change an argument.

A name in a call may be one that only a lambda or a comprehension around it knows: ``[g.update(lr=1) for g in groups]``
changes what ``groups`` holds. Each call comes with what such names stand for outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from lr_lint.project.binders import body_of, parameters_of, run_outside, target_names
from lr_lint.project.effects import root_of
from lr_lint.project.knowledge import NOTING_SCHEDULERS, SETTING_SCHEDULERS, output_position, writes_into_arguments
from lr_lint.source.tree import children, dotted_name

_Outside: TypeAlias = "Mapping[str, frozenset[str]]"

# What changes its first argument in place: functions of the standard library, and methods called on their class.
_CHANGING_ARGUMENT = frozenset(
    "setattr delattr operator.setitem operator.delitem object.__setattr__ object.__delattr__ type.__setattr__ "
    "super().__setattr__".split()
)
# Schedulers note in the groups of their optimizer what they start from, and some set another rate.
_SCHEDULERS = frozenset(name.rpartition(".")[2] for name in NOTING_SCHEDULERS | SETTING_SCHEDULERS)
_UNBOUND = frozenset({"__setattr__", "__delattr__", "__setitem__"})
_BUILTIN_CLASSES = frozenset({"dict", "list", "set", "bytearray"})
_IN_PLACE = "operator.i"
# The nodes below which is not simply what their children hold. To ask LibCST's abstract classes takes longer.
_OF_CALLS = frozenset(
    {cst.Call, cst.FunctionDef, cst.ClassDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp}
)


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call that is made.

    Attributes:
        call: the call.
        outside: for names that lambdas and comprehensions around it bind, the names outside whose objects they hold.
    """

    call: cst.Call
    outside: _Outside

    def seen_outside(self, name: str) -> frozenset[str]:
        """The names outside of lambdas and comprehensions for one that is used in the call."""
        return self.outside.get(name, frozenset({name}))

    def all_seen_outside(self, names: frozenset[str]) -> frozenset[str]:
        """Those for some that are used in the call."""
        if names.isdisjoint(self.outside):
            return names
        return frozenset().union(*map(self.seen_outside, names))


def calls_run_by(node: cst.CSTNode) -> Iterator[MadeCall]:
    """The calls that running a statement may make: those in functions that it defines are not among them.

    A lambda that is an argument is taken to be called there and then, with any of the other arguments.
    """
    stack: list[tuple[cst.CSTNode, _Outside]] = [(node, {})]
    while stack:
        current, outside = stack.pop()
        if type(current) not in _OF_CALLS:
            stack += ((each, outside) for each in children(current))
        elif isinstance(current, cst.Call):
            yield MadeCall(current, outside)
            stack += _parts_of_call(current, outside)
        elif isinstance(current, cst.FunctionDef):
            stack += ((each, outside) for each in run_outside(current))
        elif isinstance(current, cst.ClassDef):
            stack += ((each, outside) for each in (*run_outside(current), *body_of(current)))
        elif isinstance(current, cst.BaseComp):
            inner = _within_comprehension(current, outside)
            stack += ((each, inner) for each in children(current))


def _parts_of_call(call: cst.Call, outside: _Outside) -> Iterator[tuple[cst.CSTNode, _Outside]]:
    yield call.func, outside
    for argument in call.args:
        if type(argument.value) is not cst.Lambda:
            yield argument.value, outside
            continue
        receiver = [call.func.value] if isinstance(call.func, cst.Attribute) else []
        others = [*(each.value for each in call.args if each is not argument), *receiver]
        given = frozenset(root for other in others for name in roots_in(other) for root in outside.get(name, {name}))
        names = (each.name.value for each in parameters_of(argument.value.params))
        yield argument.value.body, {**outside, **dict.fromkeys(names, given)}


def _within_comprehension(comprehension: cst.BaseComp, outside: _Outside) -> _Outside:
    inner = dict(outside)
    loop: cst.CompFor | None = comprehension.for_in
    while loop is not None:
        held = frozenset(root for name in roots_in(loop.iter) for root in inner.get(name, {name}))
        inner.update((each.value, held) for each in target_names(loop.target))
        loop = loop.inner_for_in
    return inner


def arguments_changed(call: cst.Call) -> Iterator[cst.BaseExpression]:
    """The arguments that a call of the standard library changes in place: ``operator.setitem(table, ...)``."""
    name = dotted_name(call.func) or ""
    owner, _, method = name.rpartition(".")
    changing = name in _CHANGING_ARGUMENT or method in _UNBOUND or owner in _BUILTIN_CLASSES
    changing = changing or writes_into_arguments(name)
    if call.args and (changing or name.startswith(_IN_PLACE) or method in _SCHEDULERS):
        yield call.args[0].value
    if any(dotted_name(argument.value) in _CHANGING_ARGUMENT for argument in call.args):
        # ``map(setattr, plans, names, values)``
        yield from (argument.value for argument in call.args)
    yield from outputs_of(call)


def outputs_of(call: cst.Call) -> Iterator[cst.BaseExpression]:
    """What a function of a numerical library is told to write its result into."""
    at = output_position(dotted_name(call.func) or "")
    for position, argument in enumerate(call.args):
        keyword = None if argument.keyword is None else argument.keyword.value
        if keyword == "out" or (keyword is None and position == at and not argument.star):
            yield argument.value


def roots_in(expression: cst.BaseExpression) -> Iterator[str]:
    """The names whose objects an expression may stand for, or hold."""
    root = root_of(expression)
    if root is not None:
        yield root
    if root is not None and not isinstance(expression, cst.Call):
        return
    if isinstance(expression, cst.Call):
        # What a call gives may hold what it is given.
        for argument in expression.args:
            yield from roots_in(argument.value)
        return
    for child in children(expression):
        if isinstance(child, (cst.BaseExpression, cst.BaseElement, cst.BaseDictElement)):
            yield from roots_in(child if isinstance(child, cst.BaseExpression) else child.value)
