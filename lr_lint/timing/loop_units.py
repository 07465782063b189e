"""The units that a loop over data gives to values: to how many batches there are, and to what they are made of."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.timing.loops import Loop, asked, identities_of, is_loader
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LENGTH, AccessPath, PathKind
from lr_lint.vocabulary.time_units import BATCHES, BATCHES_PER_EPOCH, SAMPLES_PER_BATCH, SAMPLES_PER_EPOCH, TimeUnit


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
    units: dict[AccessPath, TimeUnit] = {}
    for whole in identities_of(data):
        length = paths.operation(LENGTH, whole)
        if length is not None:
            units[length] = SAMPLES_PER_EPOCH
    key = None if size is None else key_of(size)
    if key is not None:
        units[key] = SAMPLES_PER_BATCH
    return units


def _asked_or_none(value: Value | None) -> Value | None:
    return None if value is None else asked(value)
