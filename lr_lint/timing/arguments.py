"""Steps that are told the time: ``step(epoch)``, ``step(epoch + i / n)``, ``step_update(updates)``."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.knowledge import IN_EPOCHS, STEP, STEP_OF_UPDATES
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import last_name, walk
from lr_lint.timing.claims import ClockUnit, StepClock
from lr_lint.timing.evaluator import Evaluator
from lr_lint.timing.flow import Step
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
        return StepClock(ClockUnit.BATCH, "it is told the epoch and the batch, added up", place, True)
    if last_name(step.call.func) == STEP_OF_UPDATES:
        return StepClock(ClockUnit.UPDATE, "it is told the updates", place)
    return StepClock(ClockUnit.UNKNOWN, "it is told a time that is not followed")


def counting_steps(steps: Sequence[Step], construction: Construction, evaluator: Evaluator) -> list[Step]:
    """Those of some steps that move a schedule: where it is told the time, the ones that count in its unit."""
    if not construction.contract.by_argument:
        return list(steps)
    given = construction.argument((None, IN_EPOCHS))
    says = None if given is None else evaluator.holds(construction.module, given)
    if given is not None and says is None:
        return []
    wanted = STEP_OF_UPDATES if says is False else STEP
    return [step for step in steps if last_name(step.call.func) == wanted]


def _tells_time(argument: cst.Arg) -> bool:
    return not argument.star and (argument.keyword is None or argument.keyword.value in _TOLD)


def _targets(way: Way, which: str) -> set[str]:
    loop = way.epochs if which == "epochs" else way.batches
    if loop is None or not isinstance(loop.node, cst.For):
        return set()
    return {node.value for node in walk(loop.node.target) if isinstance(node, cst.Name)}
