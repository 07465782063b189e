"""Calls that a slice makes for what they change: only that part of the function is run.

A module says ``main()`` at its end, and ``main`` sets an option on the way to training. A slice that asks for the
option runs the statements of ``main`` that bear on it, and no others.
"""

from __future__ import annotations

import functools

import libcst as cst

from lr_lint.project.knowledge import LIBRARIES
from lr_lint.semantics.machine.call_expressions import call_arguments
from lr_lint.semantics.machine.calls import DEEPEST_CALL, function_frame
from lr_lint.semantics.machine.class_members import CONSTRUCTOR, find_method, method_function
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.references import unforced
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.machine.statements import run_block
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.overridable import may_be_overridden
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.paths import AccessPath

# What following one such call is worth.
_EFFECT_STEPS = 4_000
_OUT_OF_SIGHT = "a function that could not be read is given it"
_KEPT = "a function of another file may keep it"
_NOT_FOLLOWED = "a function changes it that takes more steps than it is worth"


def run_for_effects(call: cst.Call, frame: Frame) -> None:
    """Makes a call whose result nobody asks for.

    Raises:
        Raised: what is raised on the way.
        BudgetExceeded: when the construction's budget is used up.
    """
    if not frame.world.attempt(_EFFECT_STEPS, functools.partial(_run, call, frame)):
        forget_variables(frame.module.consequences.changed_by(call), frame, _NOT_FOLLOWED)


def _run(call: cst.Call, frame: Frame) -> bool:
    """Makes the call; whether it could be followed."""
    callee = force(evaluate(call.func, frame))
    function, receiver = _definition(callee, call, frame)
    if function is None or not isinstance(function.node, cst.FunctionDef):
        evaluate(call, frame)
        if _is_out_of_sight(callee):
            _note_given(call, frame)
        return True
    frame.world.coverage.made.add(call)
    changed = function.frame.module.consequences.of(function.node).names
    if not changed and frame.module.consequences.changed_by(call):
        # A function that it is given does, perhaps.
        evaluate(call, frame)
        return True
    if not changed or function.node in frame.world.memory.entered:
        # Of a function that leads to the construction, what comes before it is run on the way there.
        return True
    arguments, keywords, exact = call_arguments(call, frame)
    if not exact:
        evaluate(call, frame)
        return True
    running, place = frame.world.memory.running, ("effects", function.node)
    if ("effects", call) in running:
        # It is under way, and asks for what was there before it.
        return True
    if place in running or frame.depth >= DEEPEST_CALL:
        # A function that calls itself would be followed over and over.
        return False
    inside = function_frame(function, [*receiver, *arguments], keywords, frame)
    statements = function.node.body.body
    running |= {place, ("effects", call)}
    try:
        run_block(statements, inside, inside.module.block(statements).closure(changed))
    finally:
        running -= {place, ("effects", call)}
    if inside.module is not frame.module and inside.module.consequences.of(function.node).outer:
        # What it is given it may keep, for others to change.
        frame.world.machine.forget((*arguments, *keywords.values()), _KEPT, frame.world)
    return True


def _is_out_of_sight(callee: Value) -> bool:
    """Whether nobody knows what a function does that is not one of a known library."""
    if isinstance(callee, External):
        return callee.name.partition(".")[0] not in LIBRARIES | {"builtins"}
    return isinstance(callee, Unknown)


def _note_given(call: cst.Call, frame: Frame) -> None:
    """Notes that settings which a function is given may be others after it."""
    for argument in call.args:
        value = force(unforced(argument.value, frame))
        if isinstance(value, DictValue):
            settle(value, frame.world)
            may_be_overridden(value, _OUT_OF_SIGHT, AccessPath.node(call), frame.world)


def _definition(callee: Value, call: cst.Call, frame: Frame) -> tuple[Function | None, list[Value]]:
    """The function that a call runs, and what it is given before the arguments."""
    if isinstance(callee, Bound):
        return callee.function, [callee.receiver]
    if isinstance(callee, ClassValue):
        found = find_method(callee, CONSTRUCTOR)
        return (None, []) if found is None else (method_function(*found), [evaluate(call, frame)])
    return (callee, []) if isinstance(callee, Function) else (None, [])
