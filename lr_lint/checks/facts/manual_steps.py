"""Modules that step their optimizers by themselves, so that their trainer steps no scheduler either."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.facts.visibility import is_derived_from, is_used_elsewhere
from lr_lint.lifecycle.callers import class_around
from lr_lint.lifecycle.events import Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.project.knowledge import (
    BY_HAND,
    CONFIGURING,
    MODULE_CLASSES,
    MODULE_OPTIMIZERS,
    MODULE_SCHEDULERS,
    STEP,
    STEPPING_HOOKS,
)
from lr_lint.project.modules import Module
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import last_name, walk
from lr_lint.vocabulary.names import OPTIMIZER_WORDS, words_of

# Through how many variables it is gone back to what a module gives.
_DEEPEST = 3
_OF_SCHEDULERS = frozenset({"sched", "scheduler", "schedulers", "sch", "lr"})


def step_by_hand(life: Life) -> Anchor | None:
    """A step of the optimizer in a module that steps it by hand, while nobody steps the scheduler that it returns.

    None where the module leaves its optimizers to the trainer, or where something may step the scheduler.
    """
    module, cls = life.construction.module, configuring_class(life)
    if cls is None or life.scheduler.lost or life.scheduler.steps:
        return None
    if not any(True for _ in life.scheduler.of(Happening.RETURNED)):
        return None
    line = life.names.line_of(module, cls)
    known = {each.name.value for _, each in line} | MODULE_CLASSES
    if any(last_name(base.value) not in known for _, each in line for base in each.bases):
        return None
    if not any(_is_by_hand(home, each) for home, each in line) or _may_step_schedulers(life, [cls for _, cls in line]):
        return None
    return next((step for home, each in line for step in _steps_in(home, each)), None)


def configuring_class(life: Life) -> cst.ClassDef | None:
    """The class whose method makes the scheduler for a trainer; None where no such method does."""
    hooks = [each for each in life.construction.path if isinstance(each, cst.FunctionDef)]
    is_hook = bool(hooks) and hooks[-1].name.value == CONFIGURING
    return class_around(life.construction.module, life.construction.call) if is_hook else None


def _is_by_hand(module: Module, cls: cst.ClassDef) -> bool:
    """Whether a class says that it steps its optimizers: ``self.automatic_optimization = False``."""
    told = [*module.attributes.get(BY_HAND, ()), *module.spelled(BY_HAND)]
    statements = (module.assigned_by(node) for node in told if class_around(module, node) is cls)
    values = [getattr(each, "value", None) for each in statements if each is not None]
    return bool(values) and all(isinstance(each, cst.Name) and each.value == "False" for each in values)


def _may_step_schedulers(life: Life, classes: list[cst.ClassDef]) -> bool:
    """Whether the classes, or any other file, ask for the schedulers of a module, or step something called like one."""
    module = life.construction.module
    if MODULE_SCHEDULERS.encode() in module.source.data or is_used_elsewhere(life, module, MODULE_SCHEDULERS):
        return True
    if any(is_derived_from(life, module, cls) for cls in classes):
        return True
    for cls in classes:
        for node in walk(cls):
            if isinstance(node, cst.FunctionDef) and node.name.value in STEPPING_HOOKS:
                return True
            if isinstance(node, cst.Call) and _steps(node, _OF_SCHEDULERS):
                return True
    return False


def _steps_in(module: Module, cls: cst.ClassDef) -> Iterator[Anchor]:
    """The steps of optimizers in a class."""
    for node in walk(cls):
        if isinstance(node, cst.Call) and (_steps(node, OPTIMIZER_WORDS) or _steps_one_of_the_module(module, node)):
            yield Anchor(module, node)


def _steps(call: cst.Call, words: frozenset[str]) -> bool:
    """Whether a call steps something whose name has one of some words."""
    named = _stepped_by(call)
    while isinstance(named, (cst.Call, cst.Subscript)):
        named = named.func if isinstance(named, cst.Call) else named.value
    return named is not None and not words.isdisjoint(words_of(last_name(named)))


def _stepped_by(call: cst.Call) -> cst.BaseExpression | None:
    """What a call steps; None where it steps nothing."""
    function = call.func
    return function.value if isinstance(function, cst.Attribute) and function.attr.value == STEP else None


def _steps_one_of_the_module(module: Module, call: cst.Call) -> bool:
    """Whether a call steps what a module gives that is asked for its optimizers, whatever that is called."""
    stepped = _stepped_by(call)
    values = [] if stepped is None else list(_sources_of(module, stepped))
    return bool(values) and all(
        isinstance(each, cst.Call) and last_name(each.func) == MODULE_OPTIMIZERS for each in values
    )


def _sources_of(
    module: Module, value: cst.BaseExpression | None, depth: int = 0
) -> Iterator[cst.BaseExpression | None]:
    """What an expression is, or is an item of: what variables were assigned, and what loops go over."""
    while isinstance(value, cst.Subscript):
        value = value.value
    if not isinstance(value, cst.Name) or depth > _DEEPEST:
        yield value
        return
    for statement in module.assignments_of(value.value, value):
        source = statement.iter if isinstance(statement, (cst.For, cst.CompFor)) else getattr(statement, "value", None)
        yield from _sources_of(module, source, depth + 1)
