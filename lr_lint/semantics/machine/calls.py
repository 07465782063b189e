"""Calling functions, methods, classes and libraries."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.semantics.libraries import catalogue
from lr_lint.semantics.machine.expressions import evaluate_returned
from lr_lint.semantics.machine.generators import generator_of, is_generator
from lr_lint.semantics.machine.statements import Completion, Ending, run_block
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.paths import AccessPath

DEEPEST_CALL = 24


def run(function: Function, arguments: list[Value], keywords: dict[str, Value], caller: Frame) -> Value:
    """What a function returns.

    Raises:
        Raised: what the function raises; TypeError when the arguments do not fit its signature.
    """
    return run_function(function, arguments, keywords, caller).value


def call_method(
    method: Method, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Value | None:
    """What a library's method gives; None where that is not known. It asks for all of its arguments."""
    given = [force(value) for value in arguments]
    named = {name: force(value) for name, value in keywords.items()}
    return catalogue.call_method(method, given, named, frame, anchor)


def call_library(
    callee: External, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Value | None:
    """What a library's function gives; None where that is not known."""
    return catalogue.call_function(callee.name, arguments, keywords, frame, anchor)


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
    if scope in world.memory.altered:
        return Completion(Ending.RETURN, Unknown("the function's defaults or its code are assigned"))
    frame = function_frame(function, arguments, keywords, caller)
    sampling = world.seen.sampling
    if sampling is not None and sampling.called is not None:
        sampling.called.add(scope)
    if isinstance(scope, cst.Lambda):
        completion: Completion | None = Completion(
            Ending.RETURN, evaluate_returned(scope.body, frame), Anchor(frame.module, scope.body)
        )
    elif scope.asynchronous is not None and sampling is not None:
        world.doubt("what a coroutine does is not followed")
        return Completion(Ending.RETURN, Unknown("it is a coroutine"))
    elif is_generator(scope, world):
        return Completion(Ending.RETURN, generator_of(scope, frame))
    else:
        completion = run_block(scope.body.body, frame)
    if completion is not None and completion.place is not None and sampling is not None:
        sampling.note_source(completion.value, completion.place)
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
