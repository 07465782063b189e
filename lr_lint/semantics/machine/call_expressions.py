"""Calls and what they are given, lambdas and the default values of parameters."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.knowledge import FLUENT_METHODS, MODEL_PARTS, PARAMETER_METHODS
from lr_lint.project.writes import WRITING
from lr_lint.semantics.machine.expressions import evaluate, evaluates
from lr_lint.semantics.machine.references import unforced
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import Lazy, known
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import call, iterate
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.paths import AccessPath


@evaluates(cst.Call)
def _call(node: cst.Call, frame: Frame) -> Value:
    if isinstance(node.func, cst.Attribute):
        known = _call_on_model(node, node.func, frame)
        if known is not None:
            return known
    callee = evaluate(node.func, frame)
    _note_reading(node, callee, frame)
    arguments, keywords, exact = call_arguments(node, frame)
    anchor = Anchor(frame.module, node)
    if not exact:
        keywords = {**keywords, "**": Unknown("more arguments may be passed on")}
    result = call(callee, arguments, keywords, anchor, frame)
    if last_name(node.func) in WRITING and _changes_something_known(callee, arguments):
        frame.world.coverage.calls.add(node)
        frame.world.coverage.wrote(node, _written_by(callee, arguments))
    if isinstance(callee, (Unknown, Forgotten)) and isinstance(node.func, cst.Attribute):
        _forget_receiver(node.func.value, (*arguments, *keywords.values()), frame)
    return result


# What ``setattr`` is followed for.
_SETTABLE = (Instance, DictValue)


def _written_by(callee: Value, arguments: list[Value]) -> Value:
    """What a call writes to: the receiver of a method, else what a function is given first."""
    if isinstance(callee, Method):
        return callee.receiver
    return known(arguments[0]) or callee if arguments else callee


def _changes_something_known(callee: Value, arguments: list[Value]) -> bool:
    """Whether what a call wrote to is an object that the run knows, so that it was followed."""
    if isinstance(callee, Method):
        return not isinstance(callee.receiver, Unknown)
    if isinstance(callee, External):
        owner = arguments[0] if arguments else None
        return callee.name.startswith("builtins.") and isinstance(known(owner), _SETTABLE)
    return not isinstance(callee, Unknown)


def _forget_receiver(node: cst.BaseExpression, given: Sequence[Value], frame: Frame) -> None:
    """Forgets what an object holds whose unknown method is given a function: ``net.apply(reset)`` calls it on parts."""
    if isinstance(node, cst.Name) and any(isinstance(value, (Function, Bound, Partial)) for value in given):
        receiver = frame.names.get(node.value)
        if isinstance(receiver, Instance):
            frame.world.machine.forget((receiver,), "a function is applied to it", frame.world)


def _note_reading(node: cst.Call, callee: Value, frame: Frame) -> None:
    """Notes a call that may read an item or an attribute by its name, rather than the method that it calls."""
    read = frame.world.coverage.read
    if isinstance(callee, Method):
        read[node] = (frame.module, callee.receiver)
    elif isinstance(callee, External):
        read[node] = (frame.module, None)
    if isinstance(callee, (Method, Unknown)):
        read.pop(node.func, None)


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


def _argument_value(argument: cst.Arg, frame: Frame) -> Value:
    return evaluate(argument.value, frame) if argument.star else unforced(argument.value, frame)


def call_arguments(node: cst.Call, frame: Frame) -> tuple[list[Value], dict[str, Value], bool]:
    """The evaluated arguments of a call, and whether these are all of them."""
    arguments: list[Value] = []
    keywords: dict[str, Value] = {}
    exact = True
    for argument in node.args:
        value = _argument_value(argument, frame)
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


@evaluates(cst.Lambda)
def _lambda(node: cst.Lambda, frame: Frame) -> Value:
    return Function(node, frame, defaults_of(node.params, frame), frame.owner)


def defaults_of(parameters: cst.Parameters, frame: Frame) -> dict[str, Value]:
    """The default values of parameters, evaluated where the function is defined."""
    return {
        param.name.value: evaluate(param.default, frame)
        for param in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params)
        if param.default is not None
    }


@evaluates(cst.Await)
def _await(node: cst.Await, frame: Frame) -> Value:
    return evaluate(node.expression, frame)
