"""The state of a scheduler is saved in place of the scheduler."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import UseRemedy
from lr_lint.source.tree import code_of, dotted_name, walk

_STATE = ".state_dict()"
# What reads back what was saved.
_LOADING = "load"


class SaveState(UseRemedy):
    """For a scheduler that is written to a file as an object, which it cannot be."""

    name = "save-state"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The state wherever the saving call is given the object, by itself or in what is written down there."""
        place, module = problem.finding.place, problem.construction.module
        if place is None or place.module is not module:
            raise NoFixError("it is saved in another file", path="" if place is None else place.module.path)
        if module.calls().get(_LOADING):
            raise NoFixError("what is read back would be another thing")
        found = [node for node in walk(place.node) if self._is_it(node, problem)]
        if found:
            yield Draft(f"save `{code_of(found[0])}{_STATE}`", tuple(Change(each, after=_STATE) for each in found))
        raise NoFixError("where it is put into what is saved cannot be told")

    def _is_it(self, node: cst.CSTNode, problem: Problem) -> bool:
        """Whether an expression is a variable that holds the scheduler, by itself."""
        parent = problem.construction.module.path_to(node)[-1]
        holds = isinstance(parent, (cst.Arg, cst.DictElement, cst.Element))
        return holds and isinstance(node, (cst.Name, cst.Attribute)) and dotted_name(node) in set(_names(problem))


def _names(problem: Problem) -> Iterator[str | None]:
    """What the scheduler is called where it is made and stepped; other variables may hold what it is put into."""
    made = problem.construction.path[-1]
    if isinstance(made, cst.Assign):
        yield from (dotted_name(each.target) for each in made.targets)
    for life in problem.finding.site.lives:
        for event in life.scheduler.steps:
            if isinstance(event.call.func, cst.Attribute) and event.module is problem.construction.module:
                yield dotted_name(event.call.func.value)
