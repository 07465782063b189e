"""Calling functions, methods, classes and libraries."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.knowledge import PARAMETER_METHODS
from lr_lint.semantics.libraries import catalogue
from lr_lint.semantics.libraries import methods as library_methods
from lr_lint.semantics.libraries.rate_sources import CURRENT_RATES
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.statements import Completion, Ending, run_block
from lr_lint.semantics.values.base import Invocation, Unknown, Value, arguments_key
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function, Method, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

DEEPEST_CALL = 24


def call(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
    """The result of calling anything."""
    callee = force(callee)
    if isinstance(callee, Function):
        return run_function(callee, arguments, keywords, frame).value
    if isinstance(callee, Bound):
        return run_function(callee.function, [callee.receiver, *arguments], keywords, frame).value
    if isinstance(callee, Partial):
        merged = {**dict(callee.keywords), **keywords}
        return call(callee.function, [*callee.arguments, *arguments], merged, anchor, frame)
    if isinstance(callee, ClassValue):
        return instantiate(callee, arguments, keywords, anchor)
    if isinstance(callee, Instance):
        method = frame.world.machine.member(callee, "__call__", frame)
        if isinstance(method, Bound):
            return call(method, arguments, keywords, anchor, frame)
    if isinstance(callee, Method):
        if callee.name in PARAMETER_METHODS:
            return _parameters(callee, arguments, keywords, anchor)
        arguments, keywords = _forced(arguments, keywords)
        result = library_methods.call_method(callee, arguments, keywords, frame, anchor)
        return result if result is not None else _unknown_result(callee, arguments, keywords, anchor)
    if isinstance(callee, External):
        return _call_external(callee, arguments, keywords, anchor, frame)
    if isinstance(callee, Unknown) and callee.name in PARAMETER_METHODS:
        return _parameters(callee, arguments, keywords, anchor)
    return _unknown_result(callee, arguments, keywords, anchor)


def _forced(arguments: list[Value], keywords: dict[str, Value]) -> tuple[list[Value], dict[str, Value]]:
    """The arguments with every deferred call made."""
    return [force(value) for value in arguments], {name: force(value) for name, value in keywords.items()}


def _call_external(
    callee: External, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Value:
    result = catalogue.call_function(callee.name, arguments, keywords, frame, anchor)
    return result if result is not None else _unknown_result(callee, arguments, keywords, anchor)


def _parameters(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Unknown:
    return Unknown(
        "it is a model's parameters",
        AccessPath.node(anchor.node),
        invocation=_invocation(callee, arguments, keywords, anchor),
        parameters=True,
    )


def _unknown_result(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Unknown:
    for argument in (*arguments, *keywords.values()):
        # Whoever is given a container may fill it.
        if isinstance(argument, (ListValue, DictValue)) and not isinstance(callee, External):
            argument.incomplete = True
    if isinstance(callee, (Unknown, Quantity)) and callee.name == CURRENT_RATES:
        return Unknown("it is what the scheduler sets", callee.key)
    passed = arguments_key(arguments, keywords)
    varies = any(isinstance(value, Quantity) and value.varies for value in (*arguments, *keywords.values()))
    key = None if varies else paths.call(anchor.node, passed)
    return Unknown(
        f"what {_name_of(callee)} returns is not known",
        key,
        invocation=_invocation(callee, arguments, keywords, anchor),
    )


def _invocation(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Invocation:
    return Invocation(callee, tuple(arguments), tuple(keywords.items()), anchor)


def _name_of(callee: Value) -> str:
    if isinstance(callee, External):
        return callee.name.removeprefix("builtins.")
    if isinstance(callee, (Unknown, Method)) and callee.name:
        return callee.name
    return "the call"


def run_function(function: Function, arguments: list[Value], keywords: dict[str, Value], caller: Frame) -> Completion:
    """Runs a function and tells what it returned from where.

    Raises:
        Raised: what the function raises; TypeError when the arguments do not fit its signature.
    """
    world = caller.world
    if caller.depth >= DEEPEST_CALL:
        return Completion(Ending.RETURN, Unknown("the calls nest too deeply"))
    world.spend()
    scope = function.node
    frame = function_frame(function, arguments, keywords, caller)
    if isinstance(scope, cst.Lambda):
        return Completion(Ending.RETURN, evaluate(scope.body, frame), Anchor(frame.module, scope.body))
    completion = run_block(scope.body.body, frame)
    if "<yielded>" in frame.names:
        return Completion(Ending.RETURN, frame.names["<yielded>"])
    return completion if completion is not None else Completion(Ending.RETURN)


def function_frame(function: Function, arguments: Sequence[Value], keywords: dict[str, Value], caller: Frame) -> Frame:
    """The frame in which a function runs that is called from another.

    Raises:
        Raised: TypeError when the arguments do not fit its signature.
    """
    frame = Frame(function.frame.module, function.node, function.frame, caller.world, depth=caller.depth + 1)
    frame.names.update(bind_arguments(function, arguments, keywords))
    frame.receiver, frame.owner = function.frame.receiver, function.owner or function.frame.owner
    if function.owner is not None and arguments:
        frame.receiver = arguments[0]
    return frame


def bind_arguments(function: Function, arguments: Sequence[Value], keywords: dict[str, Value]) -> dict[str, Value]:
    """The arguments by parameter name.

    Raises:
        Raised: TypeError when they do not fit the signature.
    """
    parameters = function.node.params
    names: dict[str, Value] = {}
    given = dict(keywords)
    more = given.pop("**", None)
    positional_only = [param.name.value for param in parameters.posonly_params]
    positional = [*positional_only, *(param.name.value for param in parameters.params)]
    names.update(zip(positional, arguments, strict=False))
    rest = list(arguments[len(positional) :])
    if isinstance(parameters.star_arg, cst.Param):
        names[parameters.star_arg.name.value] = ListValue(rest, "tuple")
    elif rest:
        raise Raised("TypeError")
    keyword_only = [param.name.value for param in parameters.kwonly_params]
    for name in (*positional, *keyword_only):
        if name in names:
            if name in given:
                raise Raised("TypeError")
        elif name in given and name not in positional_only:
            names[name] = given.pop(name)
        elif name in function.defaults:
            names[name] = function.defaults[name]
        elif more is not None:
            names[name] = Unknown("it is a parameter", AccessPath.parameter(function.node, name), name)
        else:
            raise Raised("TypeError")
    if parameters.star_kwarg is not None:
        names[parameters.star_kwarg.name.value] = DictValue({**given}, incomplete=more is not None)
    elif given:
        raise Raised("TypeError")
    return names


def instantiate(cls: ClassValue, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Instance:
    """A new object of a class of the code under check. Its ``__init__`` runs when an attribute is asked for."""
    key = paths.made_object(anchor.node, arguments_key(arguments, keywords))
    instance = Instance(cls, key, tuple(arguments), tuple(keywords.items()), anchor=anchor)
    cls.frame.world.memory.pending.append(instance)
    return instance
