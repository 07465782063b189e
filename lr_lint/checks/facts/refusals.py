"""What a schedule of Keras returns that Keras takes for no rate, and whether a training gets there.

Keras's callback takes Python's floats and NumPy's of 32 and 64 bits, and raises ValueError for all else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.rivals import is_callback
from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.keras_fits import STOPPING, Fit, gives_tensor
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.semantics.worlds.runs import GroupRun, Point
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

_STEPS = 3_000
# What gives an int of ints, which of its arguments, or of any number.
_OF_INTS = (cst.Add, cst.Subtract, cst.Multiply, cst.FloorDivide, cst.Modulo)
_CHOOSING, _MAKING = frozenset({"max", "min"}), frozenset({"int", "round", "len"})
_INT, _NONE, _TENSOR = "an int", "None", "a tensor"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is returned and is no rate.

    Attributes:
        what: what it is, as "an int".
        epoch: the first epoch at which it is known to be returned.
        place: the returned expression.
        confidence: how sure it is that Keras refuses it, in a training that gets there.
    """

    what: str
    epoch: int
    place: Anchor | None
    confidence: Confidence


def refusal_of(
    construction: Construction, histories: Iterable[Sequence[GroupRun]], fits: Sequence[Fit]
) -> Refusal | None:
    """What a schedule returns first that Keras refuses, in every world; None where it returns no such thing."""
    if not is_callback(construction):
        return None
    for history in histories:
        found = [_first(group, construction, fits) for group in history]
        known = [each for each in found if each is not None]
        if known and len(known) == len(found):
            return min(known, key=lambda each: each.confidence)
    return None


def _first(group: GroupRun, construction: Construction, fits: Sequence[Fit]) -> Refusal | None:
    for point in group.points:
        what, sure = _refused(point, construction)
        if what:
            reached = _reached(point, group.points, fits, what)
            place = point.source or point.place
            return None if reached is None else Refusal(what, point.time, place, min(sure, reached))
    return None


def _refused(point: Point, construction: Construction) -> tuple[str, Confidence]:
    """What is returned at a time, where it is no rate, and how sure that is; no text where it may be one."""
    if point.nothing:
        return _NONE, Confidence.CERTAIN
    value, place = point.value, point.source or point.place
    if point.raised is not None or place is None:
        return "", Confidence.POSSIBLE
    if value is not None and isinstance(value.number, int) and not value.array and _is_int(place.node, value.number):
        proved = value.basis is Basis.PROVED and not point.presumed and not point.outdated
        return _INT, Confidence.CERTAIN if proved else Confidence.LIKELY
    is_tensor = False if point.number is not None else _is_tensor(place, place.node, construction)
    if is_tensor is False:
        return "", Confidence.POSSIBLE
    return _TENSOR, Confidence.CERTAIN if is_tensor else Confidence.POSSIBLE


def _reached(point: Point, points: Sequence[Point], fits: Sequence[Fit], what: str) -> Confidence | None:
    """How sure it is that a training gets to a time; None where the trainings in sight all end before."""
    if point.time == 0 or (what is _NONE and all(each.nothing for each in points)):
        return Confidence.CERTAIN
    known = [(fit, fit.epochs) for fit in fits if fit.epochs is not None]
    if fits and len(known) == len(fits):
        there = [fit for fit, epochs in known if epochs > point.time]
        if not there:
            return None
        return Confidence.CERTAIN if any(map(_goes_on, there)) else Confidence.LIKELY
    # A table of cases, or a decay, may well end where training ends.
    goes_on = what is _TENSOR or any(each.time > point.time and not _is_refused(each) for each in points)
    return Confidence.LIKELY if goes_on else Confidence.POSSIBLE


def _is_refused(point: Point) -> bool:
    return point.nothing or (point.value is not None and isinstance(point.value.number, int))


def _goes_on(fit: Fit) -> bool:
    """Whether a training lasts until its last epoch, for all that is known of its callbacks."""
    return not fit.supposed and all(each.name and each.name not in STOPPING for each in fit.callbacks)


def _is_int(node: cst.CSTNode, number: int) -> bool:
    """Whether an expression gives an int as it is written, whatever its parts are."""
    if isinstance(node, cst.UnaryOperation):
        return _is_int(node.expression, -number)
    if isinstance(node, cst.BinaryOperation):
        sides = (node.left, node.right)
        return isinstance(node.operator, _OF_INTS) and all(isinstance(each, cst.Integer) for each in sides)
    if isinstance(node, cst.Call):
        name, given = last_name(node.func), [each.value for each in node.args]
        if name in _CHOOSING:
            return any(isinstance(each, cst.Integer) and each.evaluated_value == number for each in given)
        return name in _MAKING and len(given) == 1
    return isinstance(node, cst.Integer)


def _is_tensor(anchor: Anchor, node: cst.CSTNode, construction: Construction) -> bool | None:
    """Whether an expression gives a tensor; None where it gives one of TensorFlow's."""
    if isinstance(node, cst.BinaryOperation):
        sides = [_is_tensor(anchor, side, construction) for side in (node.left, node.right)]
        return True if True in sides else None if None in sides else False
    if isinstance(node, cst.UnaryOperation):
        return _is_tensor(anchor, node.expression, construction)
    if isinstance(node, cst.Name):
        values = [each for each in _assigned(anchor.module, node) if not isinstance(each, cst.Name)]
        answers = [_is_tensor(anchor, each, construction) for each in values]
        return True if True in answers else None if None in answers else False
    if not isinstance(node, cst.Call):
        return False
    name = _name_of(anchor, node, construction)
    return gives_tensor(name) if name else False


def _assigned(module: Module, name: cst.Name) -> Iterator[cst.BaseExpression]:
    """What a variable is assigned, wherever that is."""
    return (each.value for each in module.assignments_of(name.value, name) if isinstance(each, cst.Assign))


def _name_of(anchor: Anchor, call: cst.Call, construction: Construction) -> str:
    """The dotted name of a library's function that is called; empty where it is none."""
    world = new_world(ASSUMED_COUNTS[0], construction.project.within(construction.budget.files))
    world.steps = _STEPS
    try:
        path = anchor.module.path_to(call.func)
        callee = force(evaluate(call.func, frame_at(anchor.module, call.func, path, world)))
    except (Raised, BudgetExceeded, RecursionError):
        return ""
    return callee.name if isinstance(callee, External) else ""
