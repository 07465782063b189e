"""Schedules that a trainer of a library steps: how often, and what of its settings counts in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Held, Trail
from lr_lint.project.knowledge import (
    BY_HAND,
    CONFIGURING,
    INTERVAL,
    SCHEDULER,
    STEPPING_HOOKS,
    TRAINER_CLASSES,
    TRAINER_HOOKS,
    TRAINER_PAIR,
)
from lr_lint.project.modules import Module
from lr_lint.project.namings import entries_of, is_dict, text_of
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.imports import External
from lr_lint.source.tree import last_name
from lr_lint.timing.claims import ClockUnit, StepClock
from lr_lint.timing.counts import Counted
from lr_lint.timing.loops import identities_of, number_of
from lr_lint.timing.trainer_dicts import entries_told, is_all_written, is_filled_in, misplaced_interval
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LENGTH, AccessPath, PathKind
from lr_lint.vocabulary.time_units import (
    BATCHES_PER_EPOCH,
    BATCHES_PER_UPDATE,
    EPOCHS,
    SAMPLES_PER_BATCH,
    SAMPLES_PER_EPOCH,
    UPDATES,
    TimeUnit,
)

# What the settings of a transformers.Trainer count
# (transformers 5.24.0, https://huggingface.co/docs/transformers/main_classes/trainer#transformers.TrainingArguments).
_SETTINGS = {
    "num_train_epochs": EPOCHS,
    "max_steps": UPDATES,
    "gradient_accumulation_steps": BATCHES_PER_UPDATE,
    "per_device_train_batch_size": SAMPLES_PER_BATCH,
    "train_batch_size": SAMPLES_PER_BATCH,
}
# What Lightning's trainer knows (lightning 2.6.6, https://lightning.ai/docs/pytorch/stable/common/trainer.html).
_KNOWN_TO_TRAINER = {
    "estimated_stepping_batches": UPDATES,
    "max_epochs": EPOCHS,
    "max_steps": UPDATES,
    "num_training_batches": BATCHES_PER_EPOCH,
    "accumulate_grad_batches": BATCHES_PER_UPDATE,
}
_TRAINER, _ARGUMENTS = "trainer", "args"
# The methods by which a class that derives from one trains in its own way.
_TRAINING = frozenset({"train", "_inner_training_loop", "optimizer_step"})
_FREQUENCY = "frequency"
_NO_INTERVAL = "the interval at which the trainer steps it is not known"


@dataclass(frozen=True, slots=True)
class Trained:
    """How a trainer steps a schedule.

    Attributes:
        clock: how often.
        units: the units of its settings.
        counted: how often things happen in the training.
        misplaced: where an interval is given that the trainer does not read; None where none is.
        by_interval: whether the code says at which interval.
    """

    clock: StepClock
    units: Mapping[AccessPath, TimeUnit] = field(default_factory=dict)
    counted: Counted = field(default_factory=Counted)
    misplaced: Anchor | None = None
    by_interval: bool = False


def trained_by(trail: Trail, evaluator: Evaluator) -> Trained | None:
    """How a trainer steps a schedule; None where none is known to do so."""
    for held in trail.held:
        if isinstance(held.node, cst.Call) and held.role == TRAINER_PAIR and _is_trainer(held, evaluator):
            return _given_to_a_trainer(held.module, held.node, evaluator)
        home = _configuring(held.module, held.node)
        if home is not None:
            return _configured(held.module, home, trail, evaluator)
    return _made_for_itself(evaluator)


def _made_for_itself(evaluator: Evaluator) -> Trained | None:
    """The schedule that a class makes in a hook of the trainer that it derives from."""
    construction = evaluator.construction
    module, path = construction.module, construction.path
    hook = next((each for each in reversed(path) if isinstance(each, cst.FunctionDef)), None)
    cls = next((each for each in reversed(path) if isinstance(each, cst.ClassDef)), None)
    if hook is None or cls is None or hook.name.value not in TRAINER_HOOKS:
        return None
    bases = (last_name(base.value) for _, each in evaluator.line_of(module, cls) for base in each.bases)
    if TRAINER_CLASSES.isdisjoint(bases):
        return None
    units: dict[AccessPath, TimeUnit] = {}
    for name, unit in _SETTINGS.items():
        for node in module.attributes.get(name, ()):
            key = evaluator.key_of(module, node) if last_name(node.value) == _ARGUMENTS else None
            if key is not None:
                units[key] = unit
    return Trained(StepClock(ClockUnit.UPDATE, "the trainer steps it after each update"), units, Counted(every=None))


def _is_trainer(held: Held, evaluator: Evaluator) -> bool:
    assert isinstance(held.node, cst.Call)
    callee = evaluator.value_of(held.module, held.node.func)
    if isinstance(callee, External):
        return callee.name.rpartition(".")[2] in TRAINER_CLASSES
    line = [cls for _, cls in evaluator.line_constructed(held.module, held.node)]
    bases = {last_name(base.value) for cls in line for base in cls.bases}
    methods = {each.name.value for cls in line for each in cls.body.body if isinstance(each, cst.FunctionDef)}
    return not TRAINER_CLASSES.isdisjoint(bases) and methods.isdisjoint(TRAINER_HOOKS | _TRAINING)


def _given_to_a_trainer(module: Module, call: cst.Call, evaluator: Evaluator) -> Trained:
    given = dict(entries_of(call))
    positional = [each.value for each in call.args if each.keyword is None and not each.star]
    settings = given.get("args") or (positional[1] if len(positional) > 1 else None)
    value = None if settings is None else evaluator.value_of(module, settings)
    units = dict(_units_of_settings(value))
    data = given.get("train_dataset")
    samples = None if data is None else evaluator.value_of(module, data)
    for whole in identities_of(samples):
        length = paths.operation(LENGTH, whole)
        if length is not None:
            units[length] = SAMPLES_PER_EPOCH
    every = _setting(value, "gradient_accumulation_steps")
    counted = Counted(
        number_of(_setting(value, "num_train_epochs")),
        _batches(samples, _setting(value, "per_device_train_batch_size")),
        1.0 if every is None else number_of(every),
    )
    clock = StepClock(ClockUnit.UPDATE, "the trainer steps it after each update", Anchor(module, call))
    return Trained(clock, units, counted)


def _batches(data: Value | None, size: Value | None) -> float | None:
    """How many batches an epoch has, where all of the data are written down and one process trains."""
    each = number_of(size)
    if not isinstance(data, ListValue) or data.incomplete or not each:
        return None
    return float(-(-len(data.values) // each))


def _setting(value: Value | None, name: str) -> Value | None:
    return value.entries.get(name) if isinstance(value, DictValue) else None


def _units_of_settings(value: Value | None) -> Iterator[tuple[AccessPath, TimeUnit]]:
    for name, unit in _SETTINGS.items():
        keys = [paths.entry(each, name) for each in identities_of(value)]
        given = _setting(value, name)
        keys.append(None if given is None else key_of(given))
        yield from ((key, unit) for key in keys if key is not None)


def _configuring(module: Module, node: cst.CSTNode) -> cst.FunctionDef | None:
    """The method around a node in which a module of Lightning makes its schedulers."""
    for each in reversed(module.path_to(node)):
        if isinstance(each, cst.FunctionDef):
            return each if each.name.value == CONFIGURING else None
    return None


def _configured(module: Module, home: cst.FunctionDef, trail: Trail, evaluator: Evaluator) -> Trained:
    owner = next((each for each in reversed(module.path_to(home)) if isinstance(each, cst.ClassDef)), None)
    reason = "" if owner is None else _taken_over(module, owner)
    dicts = [held for held in trail.held if held.module is module and is_dict(held.node)]
    own = [held for held in dicts if held.role == SCHEDULER]
    interval, frequency = (next(entries_told(module, home, own, key), None) for key in (INTERVAL, _FREQUENCY))
    if frequency is not None and _written(module, frequency, evaluator) != 1:
        reason = "the trainer steps it every so many times only"
    unit = ClockUnit.EPOCH
    if interval is not None:
        text = text_of(interval) or _text(module, interval, evaluator)
        if text not in {"step", "epoch"}:
            reason = _NO_INTERVAL
        unit = ClockUnit.UPDATE if text == "step" else ClockUnit.EPOCH
    if not all(is_all_written(module, held.node) for held in own) or (not own and is_filled_in(home)):
        reason = _NO_INTERVAL
    if trail.steps:
        reason = "the trainer steps it, and so does the code"
    if reason:
        return Trained(StepClock(ClockUnit.UNKNOWN, reason))
    how = "after each update" if unit is ClockUnit.UPDATE else "after each epoch"
    clock = StepClock(unit, f"the trainer steps it {how}", Anchor(module, interval) if interval is not None else None)
    misplaced = None if own and interval is not None else misplaced_interval(module, home, own)
    return Trained(clock, dict(_units_in(module, evaluator)), misplaced=misplaced, by_interval=True)


def _written(module: Module, node: cst.BaseExpression, evaluator: Evaluator) -> float | None:
    """A number that is written, also where nobody knows whether the code comes there."""
    if isinstance(node, cst.Integer):
        return float(node.evaluated_value)
    return number_of(evaluator.value_of(module, node))


def _text(module: Module, node: cst.BaseExpression, evaluator: Evaluator) -> str | None:
    """The text that an expression is known to be."""
    value = evaluator.value_of(module, node)
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def _taken_over(module: Module, owner: cst.ClassDef) -> str:
    """Why the class steps its schedulers itself; empty where the trainer does."""
    names = {each.name.value for each in owner.body.body if isinstance(each, cst.FunctionDef)}
    if not names.isdisjoint(STEPPING_HOOKS):
        return "a hook of the module steps it"
    for node in module.attributes.get(BY_HAND, ()):
        if module.assigned_by(node) is not None and owner in module.path_to(node):
            return "the module steps its optimizers itself"
    return ""


def _asked_of_trainer(module: Module) -> Iterator[tuple[str, cst.BaseExpression]]:
    """What the code asks a trainer: ``self.trainer.max_epochs``, or ``getattr(self.trainer, "max_epochs", None)``."""
    for name in _KNOWN_TO_TRAINER:
        yield from ((name, node) for node in module.attributes.get(name, ()) if last_name(node.value) == _TRAINER)
    for call in (each for each in module.calls().get("getattr", ()) if len(each.args) > 1):
        name = text_of(call.args[1].value) or ""
        if last_name(call.args[0].value) == _TRAINER and name in _KNOWN_TO_TRAINER:
            yield name, call


def _units_in(module: Module, evaluator: Evaluator) -> Iterator[tuple[AccessPath, TimeUnit]]:
    """The units of what a module of Lightning asks its trainer, and of what a trainer is made with in the same file."""
    for name, node in _asked_of_trainer(module):
        key = evaluator.key_of(module, node)
        if key is not None:
            yield key, _KNOWN_TO_TRAINER[name]
    made = (call for name in sorted(TRAINER_CLASSES) for call in module.calls().get(name, ()))
    for call in made:
        for name, value in entries_of(call):
            key = evaluator.key_of(module, value) if name in _KNOWN_TO_TRAINER else None
            if key is not None and key.kind is not PathKind.NUMBER:
                yield key, _KNOWN_TO_TRAINER[name]
