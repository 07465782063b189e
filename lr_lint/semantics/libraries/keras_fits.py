"""What Keras trains models with, as far as one file shows: callbacks, the optimizer's schedule, epochs.

Whatever Keras makes is known by the call that makes it, so the same callback is found in every list that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.knowledge import RATE_ARGUMENTS
from lr_lint.project.modules import Module
from lr_lint.project.namings import entries_of
from lr_lint.semantics.machine.class_members import external_bases
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.unknown import Invocation, Unknown
from lr_lint.semantics.values.world import BudgetExceeded, World
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity, real

# The packages that have Keras's names, longer ones first.
_PACKAGES = (
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow.python.keras",
    "tensorflow.keras",
    "keras.src",
    "keras",
    "tf_keras",
)
_FITTING, _COMPILING = ("fit", "fit_generator"), "compile"
_OPTIMIZERS, _SCHEDULES, _SCHEDULE = "optimizers.", "optimizers.schedules.", "LearningRateSchedule"
# The callbacks that set the rate: at the start of each epoch, and at its end where a metric stays where it is.
SCHEDULER, PLATEAU = "callbacks.LearningRateScheduler", "callbacks.ReduceLROnPlateau"
# Those that end a training before its last epoch.
STOPPING = frozenset({"callbacks.EarlyStopping", "callbacks.TerminateOnNaN"})
# Where functions give tensors: all of Keras's own, of version 3 on; and TensorFlow's, by the last name of what they
# compute. Keras 2 took tensors for a rate, Keras 3 takes none (the callback of keras 3.15.1 was run, those of
# TensorFlow 2.1 to 2.15 were read).
_TENSORS = "ops."
_NO_TENSORS = frozenset({"convert_to_numpy", "shape", "ndim", "size", "is_tensor", "dtype"})
_OF_TENSORFLOW = frozenset(
    "exp pow cos sin sqrt log maximum minimum multiply divide add cast constant clip_by_value".split()
)
# What the evaluation of one training is worth, and of how many of a file.
_STEPS = 8_000
_MOST_FITS = 6


@dataclass(frozen=True, slots=True)
class Watching:
    """A callback in a training.

    Attributes:
        name: what of Keras it is, as ``callbacks.EarlyStopping``; empty where it is none of Keras's.
        place: where it is made; None where that is not known.
    """

    name: str
    place: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """One training.

    Attributes:
        place: the call that trains.
        callbacks: what it calls back.
        schedule: where the schedule is made that the optimizer has for a rate, if the file compiles the model once;
            None where it has none.
        epochs: after how many epochs it ends; None where that is not known, or may be another number.
        supposed: whether a condition that the code leaves open has a say in the callbacks.
    """

    place: Anchor
    callbacks: tuple[Watching, ...]
    schedule: Anchor | None = None
    epochs: float | None = None
    supposed: bool = False

    def has(self, made: cst.CSTNode) -> bool:
        """Whether a callback that a call makes takes part in it."""
        return any(each.place is not None and each.place.node is made for each in self.callbacks)


def fits_in(module: Module, new_world: Callable[[], World]) -> tuple[Fit, ...]:
    """The trainings of a file that have callbacks.

    Args:
        module: the file.
        new_world: makes a world to evaluate one training in.
    """

    def find() -> tuple[Fit, ...]:
        calls = [call for name in _FITTING for call in module.calls().get(name, ())]
        return tuple(_fits(module, calls[:_MOST_FITS], new_world))

    return module.once(fits_in, find)


def part_of(name: str) -> str:
    """What of Keras a dotted name means, as ``optimizers.SGD``; empty where it is none of Keras's."""
    package = next((each for each in _PACKAGES if name.startswith(f"{each}.")), None)
    return "" if package is None else name.removeprefix(f"{package}.").replace("optimizers.legacy.", _OPTIMIZERS)


def _fits(module: Module, calls: list[cst.Call], new_world: Callable[[], World]) -> Iterator[Fit]:
    compiling = [
        (call, _identity(_Sight(module, new_world()).value_of(call.func.value)))
        for call in module.calls().get(_COMPILING, ())
        if isinstance(call.func, cst.Attribute)
    ]
    for call in calls:
        given = dict(entries_of(call))
        if "callbacks" not in given or not isinstance(call.func, cst.Attribute):
            continue
        sight = _Sight(module, new_world())
        listed = sight.value_of(given["callbacks"])
        callbacks = tuple(map(_watching, map(force, listed.values))) if isinstance(listed, ListValue) else ()
        supposed = sight.supposed
        model = _identity(sight.value_of(call.func.value))
        compiled = [each for each, other in compiling if model is not None and other == model]
        optimizer = sight.optimizer_of(compiled[0]) if len(compiled) == 1 else None
        if sight.supposed > supposed:
            # One of several, as where a function compiles what others give it.
            optimizer = None
        epochs = sight.value_of(given["epochs"]) if "epochs" in given else None
        yield Fit(
            Anchor(module, call),
            callbacks,
            None if optimizer is None else _schedule_of(optimizer),
            real(epochs) if isinstance(epochs, Quantity) and epochs.basis is Basis.PROVED else None,
            supposed > 0,
        )


@dataclass(frozen=True, slots=True)
class _Sight:
    """A file, seen in one world."""

    module: Module
    world: World

    @property
    def supposed(self) -> int:
        """How many conditions were decided that the code leaves open."""
        return len(self.world.assumptions.choices)

    def value_of(self, node: cst.BaseExpression) -> Value | None:
        """The value of an expression where it stands; None where that cannot be told."""
        self.world.steps = _STEPS
        try:
            frame = frame_at(self.module, node, self.module.path_to(node), self.world)
            return force(evaluate(node, frame))
        except (Raised, BudgetExceeded, RecursionError):
            return None

    def optimizer_of(self, compiling: cst.Call) -> Invocation | None:
        """The call that makes the optimizer that a model is compiled with; None where Keras makes none."""
        first = next((each.value for each in compiling.args if each.keyword is None and not each.star), None)
        argument = dict(entries_of(compiling)).get("optimizer", first)
        return None if argument is None else _made_by_keras(self.value_of(argument))


def _identity(value: Value | None) -> AccessPath | None:
    """What a model is known by: its own identity, else the call that makes it, which may make several."""
    made = _invocation(value)
    key = None if value is None else key_of(value)
    return AccessPath.node(made.anchor.node) if key is None and made is not None else key


def _invocation(value: Value | None) -> Invocation | None:
    return value.invocation if isinstance(value, Unknown) else None


def _made_by_keras(value: Value | None) -> Invocation | None:
    invocation = _invocation(value)
    return invocation if invocation is not None and _name_of(invocation).startswith(_OPTIMIZERS) else None


def _name_of(invocation: Invocation) -> str:
    return part_of(invocation.callee.name) if isinstance(invocation.callee, External) else ""


def _watching(value: Value) -> Watching:
    invocation = _invocation(value)
    return Watching("") if invocation is None else Watching(_name_of(invocation), invocation.anchor)


def _schedule_of(optimizer: Invocation) -> Anchor | None:
    """Where the schedule is made that an optimizer is given for a rate; None where it is given a number, or nothing."""
    given = optimizer.keyword(*RATE_ARGUMENTS) or next(iter(optimizer.arguments), None)
    rate = None if given is None else force(given)
    made = _invocation(rate)
    if made is not None and _name_of(made).startswith(_SCHEDULES):
        return made.anchor
    return optimizer.anchor if isinstance(rate, Instance) and _is_schedule(rate) else None


def _is_schedule(rate: Instance) -> bool:
    """Whether an object is of a class of the project that derives from the base of Keras's schedules."""
    return any(base.name.rpartition(".")[2] == _SCHEDULE for base in external_bases(rate.cls))


def gives_tensor(name: str) -> bool | None:
    """Whether a library's function gives a tensor, by its dotted name; None where that matters to Keras 3 alone."""
    part, last = part_of(name), name.rpartition(".")[2]
    if part.startswith(_TENSORS):
        return last not in _NO_TENSORS
    return None if name.startswith("tensorflow.") and not part and last in _OF_TENSORFLOW else False
