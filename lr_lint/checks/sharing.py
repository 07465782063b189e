"""A function that two schedulers share, of which one wants a factor and the other a rate: it cannot suit both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.rules.base import Finding
from lr_lint.checks.sites import constructions
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.machine.objects import find_method
from lr_lint.semantics.values.domain import Anchor, Function, Instance, ListValue, Raised, Value, force
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS, Construction, definition_of
from lr_lint.vocabulary.contracts import ContractTable, Meaning

_CALLED = "__call__"


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
    def wants_rate(self) -> bool:
        """Whether they are to return the rate itself."""
        return self.construction.contract.meaning is Meaning.RATE


def functions_in(values: Iterable[Value]) -> frozenset[cst.CSTNode]:
    """The definitions of the functions that values are or call."""
    return frozenset(_functions(values))


def _functions(values: Iterable[Value]) -> Iterator[cst.CSTNode]:
    for value in values:
        function = definition_of(value)
        if isinstance(function, Function):
            yield function.node
        elif isinstance(function, Instance):
            method = find_method(function.cls, _CALLED)
            if method is not None:
                yield method[0]


def as_shared(finding: Finding, here: Sequence[User], table: ContractTable) -> Finding:
    """The finding that a function returns a rate, with a word about a scheduler for which that is right.

    Args:
        finding: on a construction that wants a factor.
        here: the schedulers of its file.
        table: the contracts that are known.
    """
    place = finding.place
    if place is None:
        return finding
    path = place.module.path_to(place.node)
    function = next((node for node in reversed(path) if isinstance(node, (cst.FunctionDef, cst.Lambda))), None)
    if function is None:
        return finding
    other = next((user.construction for user in here if user.wants_rate and function in user.functions), None)
    other = other or _elsewhere(function, place, finding.construction, table)
    if other is None:
        return finding
    name = other.contract.short_name
    return replace(
        finding,
        message=f"{finding.message}; {name} is given the same function, and there a rate is right",
        evidence=(*finding.evidence, (other.anchor, f"{name} wants a rate of it")),
        unfixable=f"{name} is given the same function, and there a rate is right",
    )


def _elsewhere(
    function: cst.FunctionDef | cst.Lambda, place: Anchor, construction: Construction, table: ContractTable
) -> Construction | None:
    """A scheduler in another file that imports the function and wants a rate of it."""
    if isinstance(function, cst.Lambda) or len(place.module.path_to(function)) > 1:
        return None
    project = construction.project
    project.files_left = construction.budget.files
    for module in project.importing_modules(place.module, function.name.value):
        wanting = tuple(row for row in table.narrowed(module.source.data).judged if row.meaning is Meaning.RATE)
        for other in constructions(module, project, construction.budget, ContractTable(wanting)) if wanting else ():
            if function in functions_in(_passed(other)):
                return other
    return None


def _passed(construction: Construction) -> list[Value]:
    """What a construction is given to call."""
    argument = construction.argument(construction.contract.callable)
    if argument is None:
        return []
    construction.project.files_left = construction.budget.files
    world = new_world(ASSUMED_COUNTS[0], construction.project)
    path = (*construction.path, construction.call)
    try:
        value = force(evaluate(argument, frame_at(construction.module, argument, path, world)))
    except (Raised, BudgetExceeded):
        return []
    return [force(item) for item in value.values] if isinstance(value, ListValue) else [value]
