"""Which of several constants an undecided value equals, as the world has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.relations import RELATIONS
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath, PathKind

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Frame
    from lr_lint.semantics.values.world import World

# A dict or list with more entries than these is data rather than a choice.
_MOST_CHOICES = 8
# Looking at a decision is a small part of what a step of the interpreter costs.
_DECISIONS_PER_STEP = 20


def choose(index: Value, constants: Sequence[str | float], node: cst.CSTNode, frame: Frame) -> str | float | None:
    """Which of some constants an undecided value equals: as the world has it, its default first.

    Returns:
        One of the constants; None where there are too many of them to try each in a world of its own.
    """
    if not 0 < len(constants) <= _MOST_CHOICES or not isinstance(index, Unknown):
        return None
    default = constant_key(index.default) if index.default is not None else None
    ordered = sorted(constants, key=lambda constant: constant != default)
    own_key = index.key or AccessPath.node(node)
    keys = {constant: paths.comparison("==", own_key, AccessPath.constant(constant)) for constant in ordered}
    for constant in ordered[:-1]:
        if not is_excluded(keys[constant], frame) and frame.world.assume(keys[constant], True):
            return constant
    return ordered[-1]


def is_excluded(condition: AccessPath, frame: Frame) -> bool:
    """Whether a value cannot equal a constant, since it is already taken to equal another one."""
    if not _is_with_constant(condition):
        return False
    frame.world.spend(len(frame.world.assumptions.decisions) // _DECISIONS_PER_STEP)
    return any(
        holds and _is_with_constant(other) and other.parts[:2] == condition.parts[:2]
        for other, holds in frame.world.assumptions.decisions.items()
        if other is not condition
    )


def is_ruled_out(number: complex, of: AccessPath, world: World) -> bool:
    """Whether what a value is by default is not what it is here, by the conditions that hold in this world."""
    decisions = world.assumptions.decisions
    if decisions.get(paths.truth(of), bool(number)) is not bool(number):
        return True
    world.spend(len(decisions) // _DECISIONS_PER_STEP)
    return any(
        condition.parts[1:2] == (of,) and _is_with_constant(condition) and _holds(condition, number) is (not holds)
        for condition, holds in decisions.items()
    )


def _holds(condition: AccessPath, number: complex) -> bool | None:
    """Whether a comparison with a constant holds for a number; None where they have no order."""
    symbol, _, constant = condition.parts
    compared = constant.parts[0] if isinstance(constant, AccessPath) else None
    if symbol != "==" and (isinstance(compared, (str, bytes, complex)) or compared is None):
        return None
    relation = RELATIONS.get(str(symbol))
    return None if relation is None else relation(number, compared)


def _is_with_constant(condition: AccessPath) -> bool:
    """Whether a condition compares something with a constant."""
    right = condition.last
    return condition.kind is PathKind.COMPARISON and isinstance(right, AccessPath) and right.kind is PathKind.CONSTANT
