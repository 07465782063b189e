"""Two schedulers of one optimizer where the second is called after another one: ``scheduler_d = ...(optimizer_g)``."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.facts.other_optimizers import OF_SCHEDULERS, Mismatched, may_schedule, steps_optimizer
from lr_lint.lifecycle.events import Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.project.modules import Module
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import code_of, dotted_name, last_name
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import OPTIMIZER_WORDS, words_of

_KINDS = OPTIMIZER_WORDS | OF_SCHEDULERS


def misnamed_of(life: Life) -> Mismatched | None:
    """A scheduler that is called after an optimizer which is stepped and has none, and made for one that has one.

    None where it is called like its own optimizer, or where the other one may have a schedule.
    """
    construction, optimizer = life.construction, life.optimizer if life.scheduler.steps else None
    argument = construction.argument(construction.contract.optimizer)
    if (
        optimizer is None
        or argument is None
        or life.scheduler.lost
        or life.scheduler.shared
        or not life.scheduler.names
    ):
        return None
    wanted, given = _apart(life.scheduler.names[0][1].name), _apart(dotted_name(argument) or "")
    if not wanted or wanted == given or not life.scheduler.steps:
        return None
    module = construction.module
    others = [each for each in optimizer.of(Happening.SCHEDULED) if each.node is not construction.call]
    if not any(_apart(_assigned_name(each.module, each.node)) == given for each in others):
        return None
    step = next((call for call in _steps_of(module, wanted)), None)
    if step is None or _is_scheduled(module, wanted):
        return None
    return Mismatched(life.scheduler.steps[0], code_of(argument), Anchor(module, step), Confidence.LIKELY, by_name=True)


def _apart(name: str) -> frozenset[str]:
    """The words of a name but for those that say what it is."""
    return frozenset(words_of(name.rpartition(".")[2])) - _KINDS


def _assigned_name(module: Module, node: cst.CSTNode) -> str:
    """The variable that the value of an expression is assigned to."""
    statement = next((each for each in reversed(module.path_to(node)) if isinstance(each, cst.Assign)), None)
    return "" if statement is None else dotted_name(statement.targets[0].target) or ""


def _steps_of(module: Module, wanted: frozenset[str]) -> Iterator[cst.Call]:
    """The steps of an optimizer that is told apart by some words."""
    for call in module.calls().get("step", ()):
        if (
            isinstance(call.func, cst.Attribute)
            and steps_optimizer(module, call)
            and _apart(last_name(call.func.value)) == wanted
        ):
            yield call


def _is_scheduled(module: Module, wanted: frozenset[str]) -> bool:
    """Whether a file gives such an optimizer to something that may make a scheduler of it."""
    for name, calls in module.calls().items():
        given = (each.value for call in calls if may_schedule(name) for each in call.args)
        if any(_apart(last_name(each)) == wanted and _is_optimizer(last_name(each)) for each in given):
            return True
    return False


def _is_optimizer(name: str) -> bool:
    return not OPTIMIZER_WORDS.isdisjoint(words_of(name))
