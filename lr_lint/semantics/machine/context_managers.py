"""``with`` statements: what is entered, what is bound, and which exceptions end there."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.knowledge import HARMLESS_MANAGERS
from lr_lint.semantics.machine.control_flow import is_settled
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.interruptions import is_interrupted, run_up_to_interruption
from lr_lint.semantics.machine.raising import CAUGHT, MAY_RAISE, is_caught_by, is_of_classes, note_open_end
from lr_lint.semantics.machine.statements import Completion, Ending, run_block, runs
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import call, member, truth
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

_OPEN = "open"
_SUPPRESS = "suppress"
_MAY_END_IT = "a context manager may have dealt with an exception"


@runs(cst.With)
def _run_with(node: cst.With, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if frame.world.seen.sampling is not None and relevant is None:
        return _run_within(node, 0, frame)
    bind_contexts(node, frame)
    if relevant is not None and any(map(_suppresses, node.items)) and is_interrupted(node, frame):
        run_up_to_interruption(node.body.body, frame, relevant)
        return None
    try:
        completion = run_block(node.body.body, frame, relevant)
        if any(last_name(each.item.func) == _SUPPRESS for each in node.items if isinstance(each.item, cst.Call)):
            note_open_end(node, MAY_RAISE, frame, relevant)
        return completion
    except Raised as raised:
        for item in reversed(node.items):
            ended = _is_ended_by(item.item, raised, frame)
            if ended is None and relevant is None:
                return Completion(Ending.RETURN, Unknown(_MAY_END_IT))
            if ended is not False:
                return None
        raise


def _suppresses(item: cst.WithItem) -> bool:
    """Whether a manager is there to end exceptions."""
    return isinstance(item.item, cst.Call) and last_name(item.item.func) == _SUPPRESS


def _run_within(node: cst.With, at: int, frame: Frame) -> Completion | None:
    """Runs the body within the managers from a position on, each entered and left as CPython does."""
    if at == len(node.items):
        return run_block(node.body.body, frame)
    item = node.items[at]
    manager = evaluate(item.item, frame)
    anchor = Anchor(frame.module, item.item)
    leave = member(manager, "__exit__", frame) if isinstance(manager, Instance) else None
    entered = _entered(manager, leave, anchor, frame)
    if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
        bind_target(item.asname.name, entered, frame)
    try:
        completion = _run_within(node, at + 1, frame)
    except Raised as raised:
        ended = _ends(manager, leave, raised, item, frame)
        if ended is None:
            return Completion(Ending.RETURN, Unknown(_MAY_END_IT))
        if not ended:
            raise
        return None
    if isinstance(leave, Bound):
        call(leave, [NOTHING, NOTHING, NOTHING], {}, anchor, frame)
    return completion


def _entered(manager: Value, leave: Value | None, anchor: Anchor, frame: Frame) -> Value:
    """What a manager gives as it is entered."""
    enter = member(manager, "__enter__", frame) if isinstance(manager, Instance) else None
    if isinstance(enter, Bound) and isinstance(leave, Bound):
        return call(enter, [], {}, anchor, frame)
    if isinstance(manager, FileReference):
        return manager
    made_by = _library_callee(manager)
    if made_by == "contextlib.nullcontext" and isinstance(manager, Unknown) and manager.invocation is not None:
        return manager.invocation.arguments[0] if manager.invocation.arguments else NOTHING
    if made_by != "contextlib.suppress" and not made_by.startswith(HARMLESS_MANAGERS):
        frame.world.doubt("what a context manager does is not followed")
    return Unknown("a context manager gave it", AccessPath.node(anchor.node))


def _library_callee(manager: Value) -> str:
    """The library function that made a manager; empty for any other."""
    callee = manager.invocation.callee if isinstance(manager, Unknown) and manager.invocation is not None else manager
    return callee.name if isinstance(callee, External) else ""


def _ends(manager: Value, leave: Value | None, raised: Raised, item: cst.WithItem, frame: Frame) -> bool | None:
    """Whether a manager ends an exception as it is left; None where that is not known."""
    made_by = _library_callee(manager)
    if made_by == "contextlib.suppress" and isinstance(manager, Unknown) and manager.invocation is not None:
        return is_of_classes(raised, manager.invocation.arguments)
    if not isinstance(leave, Bound):
        return False if made_by.startswith(HARMLESS_MANAGERS) else None
    kind: Value = raised.of if raised.of is not None else External(f"builtins.{raised.kind}")
    given = [kind, Unknown(CAUGHT), Unknown("it is a traceback")]
    said = call(leave, given, {}, Anchor(frame.module, item.item), frame)
    return truth(said, item.item, frame)


def _is_ended_by(manager: cst.BaseExpression, raised: Raised, frame: Frame) -> bool | None:
    """Whether a context manager ends an exception: ``contextlib.suppress`` does, and what says so as it is left.

    None where that is not known. Those of other libraries let exceptions pass.
    """
    if isinstance(manager, cst.Call) and last_name(manager.func) == _SUPPRESS:
        return is_caught_by([argument.value for argument in manager.args], raised, frame)
    value = evaluate(manager, frame)
    if not isinstance(value, Instance):
        return None if frame.module.consequences.callees.called_in(manager) else False
    method = member(value, "__exit__", frame)
    if not isinstance(method, Bound):
        return None
    arguments: list[Value] = [Unknown("it is an exception") for _ in range(3)]
    said = call(method, arguments, {}, Anchor(frame.module, manager), frame)
    return bool(said.number if isinstance(said, Quantity) else None) if is_settled(said) else None


def bind_contexts(node: cst.With, frame: Frame) -> None:
    """Binds the targets of a ``with`` statement; of what context managers give, only files are known."""
    for item in node.items:
        if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
            key = AccessPath.node(item)
            given: Value = Unknown("a context manager gave it", key)
            if isinstance(item.item, cst.Call) and last_name(item.item.func) == _OPEN:
                file = evaluate(item.item, frame)
                given = file if isinstance(file, FileReference) else given
            bind_target(item.asname.name, given, frame)
    # When a context manager changes something, on the way in or out, is not followed.
    forget_variables(frame.module.consequences.changed_by_contexts(node), frame, "a context manager may change it")
