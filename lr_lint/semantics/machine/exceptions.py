"""Exceptions: what raises them, handles them, or is left by them."""

from __future__ import annotations

from contextlib import nullcontext

import libcst as cst

from lr_lint.semantics.machine.control_flow import is_settled
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.imported import is_found
from lr_lint.semantics.machine.interruptions import (
    falling_through,
    is_interrupted,
    raise_among,
    run_up_to,
    run_up_to_interruption,
)
from lr_lint.semantics.machine.raising import CAUGHT, RAISES, is_caught_by, note_open_end, raised_on_purpose
from lr_lint.semantics.machine.statements import Completion, run_block, runs
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary import paths

_OF_GROUPS = "what this statement does is not followed"
_NO_MODULE = "ModuleNotFoundError"
_NO_MODULE_KINDS = frozenset({"ImportError", _NO_MODULE})


@runs(cst.Assert)
def _run_assert(node: cst.Assert, frame: Frame, relevant: frozenset[str] | None) -> None:
    """What fails for certain raises; what may fail does not, or the code would not go on from here."""
    if relevant is not None and not frame.module.consequences.changed_by(node):
        return
    test = evaluate(node.test, frame)
    if relevant is not None:
        return
    if is_settled(test) and not truth(test, node.test, frame):
        raise Raised("AssertionError")


@runs(cst.Try)
def _run_try(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    completion: Completion | None = None
    pending: Raised | None = None
    try:
        completion = _run_guarded(node, frame, relevant)
    except Raised as raised:
        pending = raised
    if node.finalbody is not None:
        final = run_block(node.finalbody.body.body, frame, relevant)
        if final is not None:
            return final
    if pending is not None:
        raise pending
    return completion


@runs(cst.TryStar)
def _run_try_of_groups(node: cst.TryStar, frame: Frame, relevant: frozenset[str] | None) -> None:
    """Which handlers run, one after the other, is not followed; what any part of it assigns may be anything."""
    frame.world.coverage.cut(Anchor(frame.module, node), _OF_GROUPS)
    frame.world.doubt(_OF_GROUPS)
    effects = frame.module.effects(node)
    forget_variables(effects.binds | effects.touches | frame.module.consequences.changed_by(node), frame, _OF_GROUPS)
    for name in sorted(effects.binds - frame.module.outer_names(frame.scope).keys()):
        frame.names.setdefault(name, Forgotten(_OF_GROUPS))


def _run_guarded(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """The body of a ``try`` with its handlers and its ``else``."""
    survived = None if relevant is None else falling_through(node, relevant)
    if survived is not None and relevant is not None and is_interrupted(node, frame):
        run_up_to_interruption(node.body.body, frame, relevant)
        return run_block(survived.body.body, frame, relevant)
    try:
        # Whatever is raised there may be handled.
        with frame.world.seen.detour() if node.handlers else nullcontext():
            if _lacks_an_import(node, frame):
                raise Raised(_NO_MODULE)
            completion = _run_body(node, frame, relevant)
        if node.handlers and not _only_imports(node):
            note_open_end(node, RAISES, frame, relevant)
    except Raised as raised:
        handler = handler_of(node, raised, frame)
        if handler is None:
            raise
        enter_handler(handler, raised, frame)
        return run_block(handler.body.body, frame, relevant)
    if completion is None and node.orelse is not None:
        return run_block(node.orelse.body.body, frame, relevant)
    return completion


def _run_body(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """The body of a ``try``, also in a slice up to where it raises on purpose, and a handler takes that."""
    on_purpose = raise_among(node.body.body)
    if relevant is not None and on_purpose is not None:
        end, raised = on_purpose[0], raised_on_purpose(on_purpose[1])
        if handler_of(node, raised, frame) is not None:
            completion = run_up_to(end, node.body.body, frame, relevant)
            if completion is None:
                raise raised
            return completion
    return run_block(node.body.body, frame, relevant)


def handler_of(node: cst.Try, raised: Raised, frame: Frame) -> cst.ExceptHandler | None:
    """The handler that takes an exception; None where none does."""
    return next((handler for handler in node.handlers if _handles(handler, raised, frame)), None)


def enter_handler(handler: cst.ExceptHandler, raised: Raised, frame: Frame) -> None:
    """Binds what a handler knows of the exception that it takes."""
    frame.handled = raised
    if handler.name is not None and isinstance(handler.name.name, cst.Name):
        frame.names[handler.name.name.value] = Unknown(CAUGHT)


def _lacks_an_import(node: cst.Try, frame: Frame) -> bool:
    """Whether a module is taken to be missing that is not found here, and whose absence the code provides for."""
    caught = [dotted_name(kind) for handler in node.handlers for kind in _kinds_of(handler)]
    guarded = not _NO_MODULE_KINDS.isdisjoint(caught)
    imports = [
        small
        for line in node.body.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, (cst.Import, cst.ImportFrom))
    ]
    if not guarded or all(is_found(small, frame) for small in imports):
        return False
    # Which of the two it is somebody knows who runs the program, and neither is held against it.
    frame.world.seen.forgot = True
    return frame.world.assume(paths.case("import", node), first=False)


def _only_imports(node: cst.Try) -> bool:
    """Whether nothing can be raised in a body but that something is missing."""
    lines = [line for line in node.body.body if isinstance(line, cst.SimpleStatementLine)]
    parts = [part for line in lines for part in line.body]
    return len(lines) == len(node.body.body) and all(isinstance(each, (cst.Import, cst.ImportFrom)) for each in parts)


def _kinds_of(handler: cst.ExceptHandler) -> list[cst.BaseExpression]:
    """The classes of exceptions that a handler names; none where it takes all."""
    kinds = [element.value for element in handler.type.elements] if isinstance(handler.type, cst.Tuple) else []
    return kinds or ([handler.type] if handler.type is not None else [])


def _handles(handler: cst.ExceptHandler, raised: Raised, frame: Frame) -> bool:
    """Whether a handler takes an exception, by the hierarchy of the builtin ones."""
    return handler.type is None or is_caught_by(_kinds_of(handler), raised, frame)
