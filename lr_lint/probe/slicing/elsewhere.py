"""Schedulers that a file has made by functions of other files: the call stands in for the construction.

The child process imports the project's modules anyway, so that the function is run as it is; what is cut out of the
file are the arguments of its call.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import libcst as cst

from lr_lint.checks.sites import constructions
from lr_lint.lifecycle.callees import Callees
from lr_lint.project.binders import parameters_of
from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import walk
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET
from lr_lint.vocabulary.contracts import Contract, ContractTable, Meaning, Place

_MOST_CALLS = 400
# Through how many functions a call is followed to a construction.
_DEEPEST = 3
_SOURCE = "a function of the project"


class Elsewhere:
    """The calls of one file that make schedulers in other files."""

    def __init__(self, module: Module, project: Project, contracts: ContractTable) -> None:
        """Take the file and those around it.

        Args:
            module: the file.
            project: those around it.
            contracts: the schedulers to look for.
        """
        self._module = module
        self._project = project
        self._contracts = contracts
        self._callees = Callees(project)
        self._made_in: dict[str, list[Construction]] = {}

    def calls(self) -> Iterator[tuple[Construction, Construction]]:
        """Each call as if it were a construction, with the construction that it comes to."""
        found = (node for node in walk(self._module.tree) if isinstance(node, cst.Call))
        for call in islice(found, _MOST_CALLS):
            entered = self._callees.entered(self._module, call)
            if entered is not None and entered[0].path != self._module.path:
                made = next(self._made_by(*entered, _DEEPEST), None)
                if made is not None:
                    yield self._as_construction(call, entered[1]), made

    def _made_by(self, module: Module, function: cst.FunctionDef, left: int) -> Iterator[Construction]:
        """What a function constructs, by itself and then by the functions that it calls."""
        if module.path not in self._made_in:
            table = self._contracts.narrowed(module.source.data)
            self._made_in[module.path] = list(constructions(module, self._project, DEFAULT_BUDGET, table))
        own = self._made_in[module.path]
        yield from (each for each in own if each.module is module and function in each.path)
        if left > 1:
            calls = (node for node in walk(function.body) if isinstance(node, cst.Call))
            for call in islice(calls, _MOST_CALLS):
                entered = self._callees.entered(module, call)
                if entered is not None and entered[1] is not function:
                    yield from self._made_by(*entered, left - 1)

    def _as_construction(self, call: cst.Call, function: cst.FunctionDef) -> Construction:
        name = function.name.value
        contract = Contract(name, Meaning.CURVE, None, _SOURCE, optimizer=_optimizer_of(function))
        path = self._module.path_to(call)
        return Construction(self._project, self._module, call, path, contract, DEFAULT_BUDGET)


def _optimizer_of(function: cst.FunctionDef) -> Place | None:
    """The parameter of a function that takes the optimizer, by its name."""
    names = [parameter.name.value for parameter in parameters_of(function.params)]
    names = names[1:] if names[:1] == ["self"] else names
    return next(((at, name) for at, name in enumerate(names) if name.lower().startswith("opt")), None)
