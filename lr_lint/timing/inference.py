"""Units that follow from others: what is multiplied by the batches of an epoch counts epochs, and so does its peer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import libcst as cst

from lr_lint.project.knowledge import LOADERS
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.paths import LENGTH, NAMELESS, WRITTEN, AccessPath, PathKind
from lr_lint.vocabulary.time_units import BATCHES_PER_EPOCH, EPOCHS, TimeUnit

_SUMS = frozenset({"+", "-", "max", "min"})
_MADE = frozenset({PathKind.NODE, PathKind.CALL, PathKind.OBJECT})


def inferred(found: Iterable[AccessPath | None], units: Mapping[AccessPath, TimeUnit]) -> dict[AccessPath, TimeUnit]:
    """The units of values, with those of their factors and of what is added to them.

    Args:
        found: what a schedule knows of.
        units: the units that are known.
    """
    known = dict(units)
    paths = [path for path in found if path is not None]
    for path in paths:
        _learn(path, known)
    for path in paths:
        _share_out(path, known)
    return known


def _share_out(path: AccessPath, known: dict[AccessPath, TimeUnit]) -> None:
    """What a sum counts, its operands count: those of ``range(rising + falling)`` count epochs."""
    if path.kind is not PathKind.OPERATION or path.parts[0] not in _SUMS:
        return
    parts = [each for each in path.parts[1:] if isinstance(each, AccessPath)]
    for part in parts:
        unit = known.get(path)
        if unit is not None and part.kind not in WRITTEN:
            known.setdefault(part, unit)
        _share_out(part, known)


def _is_of_a_loader(whole: object) -> bool:
    """Whether something was made by a class whose objects give the batches of an epoch."""
    made = whole.parts[0] if isinstance(whole, AccessPath) and whole.kind in _MADE else None
    return isinstance(made, cst.Call) and last_name(made.func) in LOADERS


def _learn(path: AccessPath, known: dict[AccessPath, TimeUnit]) -> None:
    if path.kind is not PathKind.OPERATION:
        return
    symbol, *operands = path.parts
    if symbol == LENGTH and _is_of_a_loader(operands[0]):
        known.setdefault(path, BATCHES_PER_EPOCH)
    parts = [each for each in operands if isinstance(each, AccessPath)]
    for part in parts:
        _learn(part, known)
    if len(parts) != 2:
        return
    for one, other in (parts, parts[::-1]):
        if other in known or other.kind in NAMELESS or other.kind is PathKind.OPERATION:
            continue
        if (symbol == "*" and known.get(one) == BATCHES_PER_EPOCH) or (symbol in _SUMS and known.get(one) == EPOCHS):
            known[other] = EPOCHS
