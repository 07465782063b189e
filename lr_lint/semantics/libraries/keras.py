"""The lr of the optimizer that a model was compiled with, for schedulers that are given no optimizer.

Such a scheduler is a callback of the model, and which model that is shows only where training starts. What the
optimizers of the same file are given says enough: whether they start from an ordinary rate or from about 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.project.knowledge import RATE_ARGUMENTS
from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.rate_sources import measure
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.world import World
from lr_lint.source.tree import last_name, walk
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE, Quantity
from lr_lint.vocabulary.units import FACTOR, UNKNOWN

_OPTIMIZERS = frozenset(
    "SGD Adam AdamW Adamax Nadam NAdam RMSprop RMSProp Adagrad Adadelta Ftrl Lion Adafactor Lamb".split()
)
# Its published default is a rate of 1, and so was that of the library for years.
_STARTS_FROM_ONE = "adadelta"
_MOST_OPTIMIZERS = 6


def model_rate(module: Module, anchor: Anchor, world: World) -> tuple[Quantity, Anchor, bool]:
    """The lr that the optimizers of a file start from, where one of them is given it, and whether that is the only one.

    One that starts from about 1 speaks for all: the model may be its.

    Args:
        module: the file that constructs the scheduler.
        anchor: that construction.
        world: the world to evaluate arguments in.
    """
    found: tuple[Quantity, Anchor] | None = None
    calls = list(_optimizers(module))
    for call in calls:
        lr = _rate_of(call, module, world)
        place = Anchor(module, call)
        if lr.number is not None and abs(lr.number) >= LARGEST_PLAUSIBLE_RATE:
            return lr, place, len(calls) == 1
        if found is None or (found[0].number is None and lr.number is not None):
            found = lr, place
    return *(found or (Quantity(None, UNKNOWN), anchor)), len(calls) == 1


def _optimizers(module: Module) -> Iterator[cst.Call]:
    seen = 0
    for node in walk(module.tree):
        if isinstance(node, cst.Call) and (last_name(node.func) in _OPTIMIZERS or _names_one(node)):
            seen += 1
            if seen > _MOST_OPTIMIZERS:
                return
            yield node


def _names_one(call: cst.Call) -> bool:
    """Whether a call is given the optimizer that starts from 1 by its name."""
    return any(
        isinstance(argument.value, cst.SimpleString) and argument.value.raw_value.lower() == _STARTS_FROM_ONE
        for argument in call.args
    )


def _rate_of(call: cst.Call, module: Module, world: World) -> Quantity:
    argument = next((each for each in call.args if each.keyword and each.keyword.value in RATE_ARGUMENTS), None)
    if argument is None and call.args and call.args[0].keyword is None and not call.args[0].star:
        argument = call.args[0]
    if (last_name(call.func).lower() == _STARTS_FROM_ONE and argument is None) or _names_one(call):
        return Quantity(1.0, FACTOR)
    if argument is None:
        return Quantity(None, UNKNOWN)
    try:
        value = evaluate(argument.value, frame_at(module, call, module.path_to(call), world))
    except Raised:
        return Quantity(None, UNKNOWN)
    return measure(value, world, Anchor(module, argument.value))
