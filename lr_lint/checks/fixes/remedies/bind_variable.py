"""A loop's variables become defaults of parameters, which are evaluated in their turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.checks.facts.shapes import shapes_of
from lr_lint.checks.fixes.comparison import Versions
from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import Remedy
from lr_lint.checks.rules.base import Finding


class BindVariable(Remedy):
    """For functions made in a loop that all read its variable when they are called."""

    name = "bind-variable"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """A parameter for each variable, behind those that there are."""
        construction = problem.construction
        shapes = shapes_of(problem.examination.runs, construction)
        late = next((shape.late for shape in shapes if shape.late is not None), None)
        if late is None or late.place.module is not construction.module:
            raise NoFixError("the callable is defined in another file")
        if late.within:
            raise NoFixError("the callable makes the functions itself, and which of them it calls is not followed")
        node = late.place.node
        parameters = node.params.params if isinstance(node, (cst.FunctionDef, cst.Lambda)) else ()
        if not parameters:
            raise NoFixError("the callable has no parameter to put another one behind")
        last = parameters[-1]
        end = last.default or (last.annotation.annotation if last.annotation is not None else last.name)
        bound = "".join(f", {name}={name}" for name in late.names)
        shown = ", ".join(f"`{name}`" for name in late.names)
        yield Draft(f"bind {shown} as a default argument", (Change(end, after=bound),))
        raise NoFixError("the callables would not differ")

    def positions(self, finding: Finding) -> Sequence[int]:
        """All groups but the last, whose function is right: the variable has its value."""
        return range(max(1, len(finding.site.judgements) - 1))

    def is_confirmed(self, versions: Versions) -> bool:
        """Whether there is a rate at all: what each of the functions was to return, none of them does."""
        return True
