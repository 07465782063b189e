"""The units that a loop over data gives to values: to how many batches there are, and to what they are made of."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.project.knowledge import OF_ARRAYS
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.unknown import Invocation, Unknown
from lr_lint.timing.loops import Loop, asked, callee_name, identities_of, is_loader, number_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LENGTH, AccessPath, PathKind
from lr_lint.vocabulary.time_units import BATCHES, BATCHES_PER_EPOCH, SAMPLES_PER_BATCH, SAMPLES_PER_EPOCH, TimeUnit

# What an array calls how much it has of each dimension, the rows first.
_SHAPE = "shape"


def units_of_batches(loop: Loop) -> dict[AccessPath, TimeUnit]:
    """What a loop tells whose turns are the batches of one epoch."""
    if loop.over is None and loop.step is not None:
        by = key_of(loop.step)
        units = dict.fromkeys(loop.counts, SAMPLES_PER_EPOCH)
        return {**units, by: SAMPLES_PER_BATCH} if by is not None else units
    units = dict.fromkeys(loop.counts, BATCHES_PER_EPOCH)
    if loop.number is not None and loop.number > 1 and not units:
        # The length of a list that is known has no other identity than its number.
        units[AccessPath.number(int(loop.number))] = BATCHES_PER_EPOCH
    return {**_units_of_loader(loop.over), **units}


def units_of_updates(loop: Loop) -> dict[AccessPath, TimeUnit]:
    """What a loop tells that goes over the batches of all epochs."""
    # ``range(epochs * len(loader))``: the batches of an epoch are what is counted there.
    factors = (each for path in loop.counts for each in _factors_of(path))
    lengths = {each: BATCHES_PER_EPOCH for each in factors if each.parts[0] == LENGTH}
    return {**dict.fromkeys(loop.counts, BATCHES), **lengths}


def _factors_of(path: AccessPath) -> Iterator[AccessPath]:
    """What is multiplied in a product of two, as far as that is computed itself."""
    if path.kind is PathKind.OPERATION and path.parts[0] == "*":
        yield from (each for each in path.parts[1:] if isinstance(each, AccessPath) and each.kind is PathKind.OPERATION)


def _units_of_loader(value: Value | None) -> dict[AccessPath, TimeUnit]:
    """The units of what a loader is made of: its data and the size of its batches."""
    if not isinstance(value, Unknown) or value.invocation is None:
        return {}
    if not is_loader(value):
        return {}
    made = value.invocation
    for each in made.arguments:
        inner = asked(each)
        if is_loader(inner):
            return _units_of_loader(inner)
    data = asked(made.arguments[0]) if made.arguments else _asked_or_none(made.keyword("dataset"))
    size = _asked_or_none(made.keyword("batch_size"))
    if size is None and len(made.arguments) > 1:
        size = asked(made.arguments[1])
    if _is_of_one(size, made):
        return dict.fromkeys(_sizes_of(data), BATCHES_PER_EPOCH)
    units = dict.fromkeys(_sizes_of(data), SAMPLES_PER_EPOCH)
    key = None if size is None else key_of(size)
    if key is not None:
        units[key] = SAMPLES_PER_BATCH
    return units


def _is_of_one(size: Value | None, made: Invocation) -> bool:
    """Whether each batch of a loader is one sample, as where nobody says how large it is (torch 2.13.0)."""
    if size is None:
        gathered = isinstance(made.anchor.node, cst.Call) and any(each.star for each in made.anchor.node.args)
        return made.keyword("batch_sampler") is None and not gathered
    return number_of(size) == 1 or (isinstance(size, Constant) and size.value is None)


def _sizes_of(data: Value | None) -> Iterator[AccessPath]:
    """The numbers that are that of the samples in some data: its length, and how many rows its arrays have."""
    for whole in identities_of(data):
        length = paths.operation(LENGTH, whole)
        if length is not None:
            yield length
    made = data.invocation if isinstance(data, Unknown) else None
    arrays = made.arguments if made is not None and callee_name(made.callee) in OF_ARRAYS else ()
    for whole in (each for array in arrays for each in identities_of(asked(array))):
        rows = (paths.operation(LENGTH, whole), paths.item(paths.attribute(whole, _SHAPE), 0))
        yield from (each for each in rows if each is not None)


def _asked_or_none(value: Value | None) -> Value | None:
    return None if value is None else asked(value)
