"""What trains: the steps of an optimizer, and the calls that it is handed to, by what they are called."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.events import Event, Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.orders import Relation, Surrounding
from lr_lint.source.tree import BLOCKS, last_name, variables_in
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import words_of

# What functions that train are called, and what those may be called that train a little.
_TRAINING = frozenset({"train", "training", "trainer", "fit", "learn", "epoch", "epochs", "finetune"})
_MAY_TRAIN = _TRAINING | {"warmup", "pretrain", "pretraining", "run", "update", "optimize"}
# What decides nothing about what stands in it.
_PLAIN = (
    *BLOCKS,
    cst.SimpleStatementLine,
    cst.Expr,
    cst.With,
    cst.FunctionDef,
    cst.Else,
    cst.Assign,
    cst.AnnAssign,
    cst.Return,
    cst.Arg,
    cst.Call,
)


@dataclass(frozen=True, slots=True)
class Training:
    """Something that steps an optimizer.

    Attributes:
        event: the step, or the call that the optimizer is handed to.
        confidence: how sure it is that the optimizer is stepped there.
    """

    event: Event
    confidence: Confidence = Confidence.CERTAIN

    @property
    def is_step(self) -> bool:
        """Whether it is a step of the optimizer itself."""
        return self.event.happening is Happening.STEPPED


def trainings_of(life: Life) -> list[Training]:
    """All that steps the optimizer of a life, as far as it was followed."""
    if life.optimizer is None:
        return []
    handed = (_handed(event) for event in life.optimizer.of(Happening.HANDED))
    return [*(Training(step) for step in life.optimizer.steps), *(each for each in handed if each is not None)]


def _handed(event: Event) -> Training | None:
    words = frozenset(words_of(last_name(event.call.func)))
    if _MAY_TRAIN.isdisjoint(words):
        return None
    return Training(event, Confidence.POSSIBLE if _TRAINING.isdisjoint(words) else Confidence.LIKELY)


def turning(life: Life, relation: Relation, *events: Event) -> bool:
    """Whether events that are related come again and again: in a loop, or in a function that somebody calls.

    A loop around the construction makes a new scheduler each time, and one over schedulers takes each of them once.
    """
    born = life.scheduler.birth
    loops = (loop for loop in relation.loops if not any(goes_over(loop, event) for event in events))
    if any(loop.node not in born for loop in loops):
        return True
    start = relation.shared[0].node if relation.shared else None
    return isinstance(start, cst.FunctionDef) and start not in born


def goes_over(surrounding: Surrounding, event: Event) -> bool:
    """Whether a loop goes over the objects themselves: ``for each in schedulers: each.step()``."""
    node = surrounding.node
    if isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)):
        node = node.for_in
    if not isinstance(node, (cst.For, cst.CompFor)) or not isinstance(event.node, cst.Call):
        return False
    return not variables_in(event.node.func).isdisjoint(variables_in(node.target))


def is_plain(surrounding: Surrounding) -> bool:
    """Whether what stands in something is done each time: no condition, no loop, no exception decides about it."""
    return isinstance(surrounding.node, _PLAIN)
