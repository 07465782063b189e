"""Which exception is raised, and which classes of exceptions it belongs to."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import ancestry, external_bases
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.statements import runs
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name, walk
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.quantities import Basis

_BUILTIN = "builtins."
_ALL = frozenset({"Exception", "BaseException"})


@runs(cst.Raise)
def _run_raise(node: cst.Raise, frame: Frame, relevant: frozenset[str] | None) -> None:
    if relevant is not None:
        return
    if node.exc is None and frame.handled is not None:
        raise Raised(frame.handled.kind, Basis.DEFAULT, frame.handled.of)
    if frame.world.seen.sampling is None or node.exc is None:
        raise raised_on_purpose(node)
    raise _exception_of(evaluate(node.exc, frame), frame)


def raised_on_purpose(node: cst.Raise) -> Raised:
    """The exception that a statement raises, by how it is called there."""
    kind = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
    return Raised((dotted_name(kind) or "Exception").rpartition(".")[2], Basis.DEFAULT)


def _exception_of(value: Value, frame: Frame) -> Raised:
    """The exception that raising a value raises."""
    if isinstance(value, Instance):
        value = value.cls
    if isinstance(value, ClassValue):
        return Raised(value.name, Basis.DEFAULT, value)
    if isinstance(value, Unknown) and value.invocation is not None:
        value = value.invocation.callee
    if isinstance(value, External):
        return Raised(value.name.rpartition(".")[2], Basis.DEFAULT)
    if isinstance(value, Unknown) and value.reason == CAUGHT and frame.handled is not None:
        return Raised(frame.handled.kind, Basis.DEFAULT, frame.handled.of)
    frame.world.doubt("which exception is raised is not followed")
    return Raised("Exception", Basis.DEFAULT)


# What raises on purpose, and what may raise.
RAISES: tuple[type[cst.CSTNode], ...] = (cst.Raise, cst.Assert)
MAY_RAISE: tuple[type[cst.CSTNode], ...] = (*RAISES, cst.Call, cst.Subscript)


def note_open_end(
    node: cst.Try | cst.With, raising: tuple[type[cst.CSTNode], ...], frame: Frame, relevant: frozenset[str] | None
) -> None:
    """Notes that a slice does not tell where a body was left, since it leaves out what raises.

    Args:
        node: the statement with the body.
        raising: the code that is taken to raise, there or in functions of the file that are called there.
        frame: its variables.
        relevant: what the slice is about; None where all is run.
    """
    if relevant is not None:
        module = frame.module
        evident = module.once(("raises", node, raising), lambda: _raises_evidently(node, raising, module))
        frame.world.coverage.cut(Anchor(frame.module, node), _OPEN_END, evident=evident)


def _raises_evidently(node: cst.Try | cst.With, raising: tuple[type[cst.CSTNode], ...], module: Module) -> bool:
    called_by = module.consequences.callees.called_by
    functions = [function for each in walk(node.body) if type(each) is cst.Call for function in called_by(each)]
    return any(isinstance(each, raising) for part in (node.body, *functions) for each in walk(part))


_OPEN_END = "whether something is raised in it is not followed"
# Why what a handler binds is not known.
CAUGHT = "it is an exception"


def is_caught_by(kinds: Sequence[cst.BaseExpression], raised: Raised, frame: Frame) -> bool:
    """Whether an exception is of one of the classes that some expressions give."""
    names = [dotted_name(kind) or "" for kind in kinds]
    if raised.of is None and raised.kind in names:
        return True
    if any(name in _ALL and _is_builtin(name, frame) for name in names):
        return True
    if frame.world.seen.sampling is not None:
        known = [_is_of_class(raised, evaluate(kind, frame)) for kind in kinds]
        if True in known or None not in known:
            return True in known
    actual = getattr(builtins, raised.kind, None)
    caught = [getattr(builtins, name, None) for name in names]
    if isinstance(actual, type) and all(isinstance(kind, type) for kind in caught):
        return any(issubclass(actual, kind) for kind in caught if isinstance(kind, type))
    # A class of the code under check: which of the two derives from the other is not followed.
    return frame.world.assume(paths.case("handler", *kinds, raised.kind))


def _is_builtin(name: str, frame: Frame) -> bool:
    return name not in frame.module.locals_of(frame.module.tree)


def is_of_classes(raised: Raised, classes: Sequence[Value]) -> bool | None:
    """Whether an exception is of one of some classes; None where that is not known."""
    known = [_is_of_class(raised, each) for each in classes]
    return True if True in known else None if None in known else False


def _is_of_class(raised: Raised, kind: Value) -> bool | None:
    if isinstance(kind, ListValue) and kind.kind == "tuple" and not kind.incomplete:
        return is_of_classes(raised, kind.values)
    if isinstance(kind, ClassValue):
        return raised.of is not None and any(each.definition == kind.definition for each in ancestry(raised.of))
    of = _builtin_class(kind)
    if of is None:
        return None
    actual = (
        [raised.kind] if raised.of is None else [base.name.removeprefix(_BUILTIN) for base in external_bases(raised.of)]
    )
    classes = [getattr(builtins, name, None) for name in actual]
    if any(isinstance(each, type) and issubclass(each, of) for each in classes):
        return True
    return False if classes and all(isinstance(each, type) for each in classes) else None


def _builtin_class(kind: Value) -> type | None:
    name = kind.name if isinstance(kind, External) else ""
    found = getattr(builtins, name.removeprefix(_BUILTIN), None) if name.startswith(_BUILTIN) else None
    return found if isinstance(found, type) else None
