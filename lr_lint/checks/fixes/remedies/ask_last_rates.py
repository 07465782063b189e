"""``get_lr()`` becomes ``get_last_lr()``, which has the same form and computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import UseRemedy
from lr_lint.project.knowledge import CURRENT_RATES


class AskLastRates(UseRemedy):
    """For code that asks a scheduler for its next rates, where it wants those of the moment."""

    name = "ask-last-rates"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The other method of the same object."""
        place = problem.finding.place
        if place is None or place.module is not problem.construction.module:
            raise NoFixError("the rates are asked for in another file", path="" if place is None else place.module.path)
        if isinstance(place.node, cst.Call) and isinstance(place.node.func, cst.Attribute) and not place.node.args:
            yield Draft(f"ask for `{CURRENT_RATES}()`", (Change(place.node.func.attr, instead=CURRENT_RATES),))
        raise NoFixError("the call has arguments, which another method would not take")
