"""A function that two schedulers share, of which one wants a factor and the other a rate: it cannot suit both.

What a rule objects to is right for the schedulers that it names in `Rule.suits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.definitions import function_around, functions_in
from lr_lint.checks.rules.base import Finding
from lr_lint.checks.sites import constructions
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.vocabulary.contracts import ContractTable, Meaning

# What rules are about that say for whom their finding would be right.
_WHAT = {Meaning.RATE: "a rate"}


@dataclass(frozen=True, slots=True)
class User:
    """A scheduler with the functions that it calls.

    Attributes:
        construction: where it is.
        functions: their definitions.
    """

    construction: Construction
    functions: frozenset[cst.CSTNode]

    @property
    def meaning(self) -> Meaning:
        """What they are to return."""
        return self.construction.contract.meaning


def as_shared(finding: Finding, here: Sequence[User], table: ContractTable) -> Finding:
    """The finding, with a word about a scheduler for which what the function returns is right, if there is one.

    Args:
        finding: what a rule says about a function.
        here: the schedulers of its file.
        table: the contracts that are known.
    """
    place, suits = finding.place, finding.rule.suits
    if place is None or suits is None:
        return finding
    function = function_around(place)
    if function is None:
        return finding
    fitting = (user.construction for user in here if user.meaning is suits and function in user.functions)
    other = next(fitting, None) or _elsewhere(function, finding, suits, table)
    if other is None:
        return finding
    name, what = other.contract.short_name, _WHAT[suits]
    reason = f"{name} is given the same function, and there {what} is right"
    evidence = (*finding.evidence, (other.anchor, f"{name} wants {what} of it"))
    return replace(finding, message=f"{finding.message}; {reason}", evidence=evidence, unfixable=reason)


def _elsewhere(
    function: cst.FunctionDef | cst.Lambda, finding: Finding, suits: Meaning, table: ContractTable
) -> Construction | None:
    """A scheduler in another file that imports the function and wants what it returns."""
    place, construction = finding.place, finding.construction
    if place is None or isinstance(function, cst.Lambda) or len(place.module.path_to(function)) > 1:
        return None
    project = construction.project.within(construction.budget.files)
    for module in project.importing_modules(place.module, function.name.value):
        wanting = tuple(row for row in table.narrowed(module.source.data).judged if row.meaning is suits)
        for other in constructions(module, project, construction.budget, ContractTable(wanting)) if wanting else ():
            if function in functions_in(_passed(other)):
                return other
    return None


def _passed(construction: Construction) -> list[Value]:
    """What a construction is given to call."""
    argument = construction.argument(construction.contract.callable)
    if argument is None:
        return []
    world = new_world(ASSUMED_COUNTS[0], construction.project.within(construction.budget.files))
    path = (*construction.path, construction.call)
    try:
        value = force(evaluate(argument, frame_at(construction.module, argument, path, world)))
    except (Raised, BudgetExceeded):
        return []
    return [force(item) for item in value.values] if isinstance(value, ListValue) else [value]
