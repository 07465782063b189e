"""What becomes of a scheduler after its construction: frozen data about places in the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor
    from lr_lint.vocabulary.diagnostics import Confidence


@dataclass(frozen=True, slots=True)
class EarlyStep:
    """A scheduler that is stepped before its optimizer, turn by turn.

    Attributes:
        scheduler: the scheduler's step.
        optimizer: the optimizer's, or the call of a function that is given the optimizer.
        confidence: how sure it is that the optimizer is stepped there.
    """

    scheduler: Anchor
    optimizer: Anchor
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class OptimizerChange:
    """An optimizer that changes while its scheduler stays.

    Attributes:
        place: the change.
        rebuilt: whether it is another optimizer from there on; else it has another param group.
        step: a later step of the scheduler.
    """

    place: Anchor
    rebuilt: bool
    step: Anchor


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What becomes of a scheduler.

    Attributes:
        name: the variable that holds it; empty where none does, or where that is not known.
        abandoned: whether it is dropped or never used again.
        training: what trains all the same: a step of the optimizer, or what that is handed to.
        stepped: whether that is a step.
        early: a step that comes too early.
        change: a change that comes too late.
        adopted: whether another scheduler is made of it, which ends it when it sees fit.
        renewed: whether each turn of a loop makes it anew and steps it once, so that it never gets any further.
    """

    name: str = ""
    abandoned: bool = False
    training: Anchor | None = None
    stepped: bool = False
    early: EarlyStep | None = None
    change: OptimizerChange | None = None
    renewed: bool = False
    adopted: bool = False


NOTHING_KNOWN = Lifecycle()
