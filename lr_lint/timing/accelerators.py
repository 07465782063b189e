"""Schedulers that an accelerator has wrapped: they move with the optimizer, and once for each process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Trail
from lr_lint.project.knowledge import PREPARING
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import last_name
from lr_lint.timing.loops import asked, identities_of, number_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LENGTH, AccessPath, PathKind
from lr_lint.vocabulary.time_units import BATCHES_PER_UPDATE, PROCESSES, TimeUnit

# How many batches make an update; how many processes train
# (accelerate 1.15.0, https://huggingface.co/docs/accelerate/package_reference/accelerator).
_ACCUMULATION, _PROCESSES = "gradient_accumulation_steps", "num_processes"
# The object that says the former as well, and what it calls it.
_PLUGIN, _OF_PLUGIN = "gradient_accumulation_plugin", "num_steps"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What the accelerator of a scheduler says.

    Attributes:
        every: of how many batches one is an update; None where that is not known.
        units: the units of what it knows.
    """

    every: float | None = 1.0
    units: dict[AccessPath, TimeUnit] = field(default_factory=dict)


def wrapped_in(trail: Trail, evaluator: Evaluator) -> Wrapped | None:
    """What the accelerator says that has wrapped a scheduler; None where none has."""
    for crossing in trail.prepared:
        function = crossing.call.func
        if isinstance(function, cst.Attribute):
            return _said_by(evaluator.value_of(crossing.module, function.value))
    return None


def _said_by(accelerator: Value | None) -> Wrapped:
    if not isinstance(accelerator, Unknown) or accelerator.invocation is None:
        return Wrapped(None)
    given = accelerator.invocation.keyword(_ACCUMULATION)
    plugin = accelerator.invocation.keyword(_PLUGIN)
    if plugin is not None:
        given = _of_plugin(asked(plugin))
        if given is None:
            return Wrapped(None, dict(_units(accelerator, None)))
    value = None if given is None else asked(given)
    return Wrapped(1.0 if given is None else number_of(value), dict(_units(accelerator, value)))


def _of_plugin(plugin: Value | None) -> Value | None:
    if not isinstance(plugin, Unknown) or plugin.invocation is None:
        return None
    arguments = plugin.invocation.arguments
    return plugin.invocation.keyword(_OF_PLUGIN) or (arguments[0] if arguments else None)


def _units(accelerator: Unknown, every: Value | None) -> Iterator[tuple[AccessPath, TimeUnit]]:
    found = [None if every is None else key_of(every)]
    found += [paths.attribute(each, _ACCUMULATION) for each in identities_of(accelerator)]
    yield from ((key, BATCHES_PER_UPDATE) for key in found if key is not None)
    for each in identities_of(accelerator):
        key = paths.attribute(each, _PROCESSES)
        if key is not None:
            yield key, PROCESSES


def counts_processes(path: object, units: Mapping[AccessPath, TimeUnit]) -> bool:
    """Whether an amount is computed from the number of processes, or from a length that counts for all of them.

    The length of a loader that is not wrapped yet is that of the batches of all processes.

    Args:
        path: the path of the amount.
        units: the units of the values that the training gives a meaning.
    """
    if not isinstance(path, AccessPath):
        return False
    if path.kind is PathKind.OPERATION and path.parts[0] == LENGTH:
        return not _is_wrapped(path)
    return units.get(path) == PROCESSES or any(counts_processes(part, units) for part in path.parts)


def _is_wrapped(path: object) -> bool:
    """Whether something was given by a call that wraps loaders and the like."""
    if isinstance(path, cst.Call):
        return last_name(path.func) in PREPARING
    return isinstance(path, AccessPath) and any(map(_is_wrapped, path.parts))
