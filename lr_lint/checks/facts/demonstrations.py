"""Loops that turn a schedule to show what it gives: no model is trained in them."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.knowledge import CURRENT_RATES, GOING_OVER
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import LOOPS, last_name, walk

# All that such a loop calls: it counts, steps, asks for rates and keeps or prints them.
_SHOWING = frozenset(
    {"step", "zero_grad", "get_lr", CURRENT_RATES, "print", "append", "format", "round", "item", "len"}
)
_COUNTING = frozenset("range count".split())


def is_shown_only(step: Anchor | None) -> bool:
    """Whether the loop around a step of a scheduler calls nothing that could train.

    Args:
        step: the step; None where none is in sight.
    """
    loops = [] if step is None else [each for each in step.module.path_to(step.node) if isinstance(each, LOOPS)]
    if not loops:
        return False
    called = {last_name(each.func) for each in walk(loops[0]) if isinstance(each, cst.Call)}
    return called <= _SHOWING | _COUNTING | GOING_OVER
