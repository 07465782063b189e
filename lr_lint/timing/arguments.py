"""Steps that are told the time: ``step(epoch)``, ``step(epoch + i / n)``, ``step_update(updates)``."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import last_name, walk
from lr_lint.timing.claims import ClockUnit, StepClock
from lr_lint.timing.ways import Way
from lr_lint.vocabulary.contracts import Contract

_TOLD = frozenset({"", "epoch", "num_updates"})
_DIVISIONS = (cst.Divide, cst.FloorDivide)


def explicit_clock(way: Way, contract: Contract) -> StepClock | None:
    """The clock of a step that is told the time; None for one that counts its calls."""
    step = way.route.step
    given = next((each for each in step.call.args if _tells_time(each)), None)
    if given is None or way.reason:
        return None
    place = Anchor(step.module, step.call)
    names = {node.value for node in walk(given.value) if isinstance(node, cst.Name)}
    divides = any(
        isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _DIVISIONS) for node in walk(given.value)
    )
    if divides:
        return StepClock(ClockUnit.FRACTION, "it is told the time with its fractions", place)
    epoch, batch = _targets(way, "epochs"), _targets(way, "batches")
    multiplies = any(
        isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply) for node in walk(given.value)
    )
    if not names.isdisjoint(epoch) and not multiplies:
        if names.isdisjoint(batch):
            return StepClock(ClockUnit.EPOCH, "it is told the epoch", place)
        return StepClock(ClockUnit.BATCH, "it is told the epoch and the batch, added up", place)
    if last_name(step.call.func) == "step_update":
        return StepClock(ClockUnit.UPDATE, "it is told the updates", place)
    return StepClock(ClockUnit.UNKNOWN, "it is told a time that is not followed")


def _tells_time(argument: cst.Arg) -> bool:
    return not argument.star and (argument.keyword is None or argument.keyword.value in _TOLD)


def _targets(way: Way, which: str) -> set[str]:
    loop = way.epochs if which == "epochs" else way.batches
    if loop is None or not isinstance(loop.node, cst.For):
        return set()
    return {node.value for node in walk(loop.node.target) if isinstance(node, cst.Name)}
