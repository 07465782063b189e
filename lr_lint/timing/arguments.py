"""Steps that are told the time: ``step(epoch)``, ``step(epoch + i / n)``, ``step_update(updates)``."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.lifecycle.callers import parameter_of
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Event
from lr_lint.lifecycle.routes import Stretch
from lr_lint.project.knowledge import IN_EPOCHS, STEP, STEP_OF_UPDATES
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import last_name, variables_in, walk
from lr_lint.timing.claims import ClockUnit, StepClock
from lr_lint.timing.loops import Loop, counts_turns
from lr_lint.timing.turns import read_in
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
    names = read_in(given.value)
    epoch, batch = _handed_on(way, way.epochs), _handed_on(way, way.batches)
    tells_epoch, tells_batch = not names.isdisjoint(epoch), not names.isdisjoint(batch)
    if _computes(given.value, _DIVISIONS):
        forgets = way.epochs is not None and _is_part_of_an_epoch(given.value, batch)
        return StepClock(ClockUnit.FRACTION, "it is told the time with its fractions", place, forgets=forgets)
    if tells_epoch and _computes(given.value, (cst.Multiply,)):
        if tells_batch:
            return StepClock(ClockUnit.BATCH, "it is told the batches", place)
    elif tells_epoch:
        if not tells_batch:
            return StepClock(ClockUnit.EPOCH, "it is told the epoch", place)
        return StepClock(ClockUnit.BATCH, "it is told the epoch and the batch, added up", place, adds_up=True)
    if last_name(step.call.func) == STEP_OF_UPDATES:
        return StepClock(ClockUnit.UPDATE, "it is told the updates", place)
    if isinstance(given.value, cst.Name) and given.value.value in _counted(way) | batch:
        return StepClock(ClockUnit.BATCH, "it is told the batches", place)
    return StepClock(ClockUnit.UNKNOWN, "it is told a time that is not followed")


def _is_part_of_an_epoch(node: cst.BaseExpression, batch: set[str]) -> bool:
    """``index / len(loader)``: which epoch it is has no say in it."""
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Divide):
        return False
    names = variables_in(node.left)
    return bool(names) and names <= batch


def _handed_on(way: Way, loop: Loop | None) -> set[str]:
    """The names by which what a loop counts is known where the step is taken."""
    names = set[str]() if loop is None else set(loop.targets)
    stretches = way.route.stretches
    at = next((at for at, each in enumerate(stretches) if loop is not None and loop.node in each.around), None)
    if at is None:
        return names
    for stretch, entered in zip(stretches[at:], stretches[at + 1 :], strict=False):
        names = _parameters_given(stretch.node, entered, names)
    return names


def _parameters_given(call: cst.CSTNode, entered: Stretch, names: set[str]) -> set[str]:
    """The parameters that get one of some variables."""
    function = entered.around[0]
    if not isinstance(call, cst.Call) or not isinstance(function, cst.FunctionDef):
        return set()
    found: set[str] = set()
    for index, argument in enumerate(call.args):
        if isinstance(argument.value, cst.Name) and argument.value.value in names:
            keyword = argument.keyword.value if argument.keyword is not None else ""
            parameter = parameter_of(entered.module, function, call, index, keyword)
            found |= set() if parameter is None else {parameter}
    return found


def _computes(node: cst.CSTNode, operators: tuple[type[cst.BaseBinaryOp], ...]) -> bool:
    return any(isinstance(each, cst.BinaryOperation) and isinstance(each.operator, operators) for each in walk(node))


def _counted(way: Way) -> set[str]:
    """The variables that count the batches of all epochs."""
    loop = way.batches
    if loop is None or isinstance(loop.node, cst.CompFor):
        return set()
    added = [node for node in walk(loop.node.body) if isinstance(node, cst.AugAssign)]
    names = {node.target.value for node in added if isinstance(node.target, cst.Name)}
    return {name for name in names if counts_turns(loop.node.body, name) and not _is_reset(way, name)}


def _is_reset(way: Way, name: str) -> bool:
    """Whether each epoch begins to count anew."""
    if way.epochs is None or isinstance(way.epochs.node, cst.CompFor):
        return True
    assigned = (node for node in walk(way.epochs.node.body) if isinstance(node, cst.Assign))
    return any(
        isinstance(each.target, cst.Name) and each.target.value == name for node in assigned for each in node.targets
    )


def counting_steps(steps: Sequence[Event], construction: Construction, evaluator: Evaluator) -> list[Event]:
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
