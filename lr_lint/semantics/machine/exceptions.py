"""Exceptions: what raises them, handles them, or is left by them."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from contextlib import nullcontext

import libcst as cst

from lr_lint.semantics.machine.control_flow import is_settled
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.imported import is_found
from lr_lint.semantics.machine.statements import Completion, Ending, run_block, runs
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import call, member, truth
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity

_OPEN = "open"
_SUPPRESS = "suppress"
_NO_MODULE = "ModuleNotFoundError"
_NO_MODULE_KINDS = frozenset({"ImportError", _NO_MODULE})


@runs(cst.Assert)
def _run_assert(node: cst.Assert, frame: Frame, relevant: frozenset[str] | None) -> None:
    """What fails for certain raises; what may fail does not, or the code would not go on from here."""
    if relevant is not None:
        return
    test = evaluate(node.test, frame)
    if is_settled(test) and not truth(test, node.test, frame):
        raise Raised("AssertionError")


@runs(cst.Raise)
def _run_raise(node: cst.Raise, frame: Frame, relevant: frozenset[str] | None) -> None:
    if relevant is None:
        if node.exc is None and frame.handled is not None:
            raise Raised(frame.handled, Basis.DEFAULT)
        kind = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
        raise Raised((dotted_name(kind) or "Exception").rpartition(".")[2], Basis.DEFAULT)


@runs(cst.With)
def _run_with(node: cst.With, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    bind_contexts(node, frame)
    try:
        return run_block(node.body.body, frame, relevant)
    except Raised as raised:
        for item in reversed(node.items):
            ended = _is_ended_by(item.item, raised, frame)
            if ended is None and relevant is None:
                return Completion(Ending.RETURN, Unknown("a context manager may have dealt with an exception"))
            if ended is not False:
                return None
        raise


def _is_ended_by(manager: cst.BaseExpression, raised: Raised, frame: Frame) -> bool | None:
    """Whether a context manager ends an exception: ``contextlib.suppress`` does, and what says so as it is left.

    None where that is not known. Those of other libraries let exceptions pass.
    """
    if isinstance(manager, cst.Call) and last_name(manager.func) == _SUPPRESS:
        return _is_caught_by([argument.value for argument in manager.args], raised, frame)
    value = evaluate(manager, frame)
    if not isinstance(value, Instance):
        return None if frame.module.consequences.functions_called_in(manager) else False
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
        forget_variables(frame.module.consequences.changed_by(item.item), frame, "a context manager may change it")


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


def _run_guarded(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """The body of a ``try`` with its handlers and its ``else``."""
    try:
        # Whatever is raised there may be handled.
        with frame.world.seen.detour() if node.handlers else nullcontext():
            if _lacks_an_import(node, frame):
                raise Raised(_NO_MODULE)
            completion = run_block(node.body.body, frame, relevant)
    except Raised as raised:
        handler = next((handler for handler in node.handlers if _handles(handler, raised, frame)), None)
        if handler is None:
            raise
        frame.handled = raised.kind
        if handler.name is not None and isinstance(handler.name.name, cst.Name):
            frame.names[handler.name.name.value] = Unknown("it is an exception")
        return run_block(handler.body.body, frame, relevant)
    if completion is None and node.orelse is not None:
        return run_block(node.orelse.body.body, frame, relevant)
    return completion


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
    return frame.world.assume(paths.case("import", node), first=False)


def _kinds_of(handler: cst.ExceptHandler) -> list[cst.BaseExpression]:
    """The classes of exceptions that a handler names; none where it takes all."""
    kinds = [element.value for element in handler.type.elements] if isinstance(handler.type, cst.Tuple) else []
    return kinds or ([handler.type] if handler.type is not None else [])


def _handles(handler: cst.ExceptHandler, raised: Raised, frame: Frame) -> bool:
    """Whether a handler takes an exception, by the hierarchy of the builtin ones."""
    return handler.type is None or _is_caught_by(_kinds_of(handler), raised, frame)


def _is_caught_by(kinds: Sequence[cst.BaseExpression], raised: Raised, frame: Frame) -> bool:
    """Whether an exception is of one of some classes."""
    names = [dotted_name(kind) or "" for kind in kinds]
    if raised.kind in names or not {"Exception", "BaseException"}.isdisjoint(names):
        return True
    actual = getattr(builtins, raised.kind, None)
    caught = [getattr(builtins, name, None) for name in names]
    if isinstance(actual, type) and all(isinstance(kind, type) for kind in caught):
        return any(issubclass(actual, kind) for kind in caught if isinstance(kind, type))
    # A class of the code under check: which of the two derives from the other is not followed.
    return frame.world.assume(paths.case("handler", *kinds, raised.kind))
