"""How the initial lr of a param group can be spelled at some place in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.fixes.problem import Problem
from lr_lint.project.binders import FUNCTIONS, SELF
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import code_of, dotted_name, start_of

_LOOPS = (cst.For, cst.While, cst.BaseComp)
_PURE = (cst.Name, cst.Attribute, cst.Subscript)


def spellings(problem: Problem, place: cst.CSTNode) -> list[str]:
    """The expressions by which the groups' initial lr may be read at a place, the best first.

    Whether they really give that rate is for the verification to tell.

    Args:
        problem: what is to be fixed.
        place: an expression in the body of the callable; or the construction itself, for a lambda around the callable.
    """
    if any(group.one_of_many for _, group in problem.groups()):
        return []
    spot = _spot(problem, place)
    written = [*spot.written(problem.symbols()), *given_expressions(problem, place), *_read_from_group(problem, spot)]
    return list(dict.fromkeys(written))


def given_expressions(problem: Problem, place: cst.CSTNode) -> list[str]:
    """What the optimizer or its group was given as its lr, where that means the same at a place."""
    return _spot(problem, place).written(_own_expressions(problem))


def meaning_the_same(problem: Problem, nodes: Iterable[cst.BaseExpression]) -> list[str]:
    """The code of those expressions that have a value, the same one, where the scheduler is constructed."""
    return _spot(problem, problem.construction.call).written(each for each in nodes if _is_there(each, problem))


def _is_there(node: cst.BaseExpression, problem: Problem) -> bool:
    """Whether a variable has its value by then: what its own function assigns later is of no use."""
    module, call = problem.construction.module, problem.construction.call
    binding = module.scopes.resolve(dotted_name(node) or _root(node), node)
    home = function_of(problem.construction.path)
    beside = (
        []
        if binding is None
        else [each for each in module.scopes.binders(binding) if function_of(module.path_to(each)) is home]
    )
    return binding is not None and (not beside or any(module.is_before(each, call) for each in beside))


def _own_expressions(problem: Problem) -> Iterator[cst.BaseExpression]:
    for _, group in problem.groups():
        for origin in group.lr.origins:
            anchor = origin.anchor
            if anchor is not None and anchor.module is problem.construction.module and isinstance(anchor.node, _PURE):
                yield anchor.node


def _read_from_group(problem: Problem, spot: _Spot) -> Iterator[str]:
    """The optimizer's own record of the rate."""
    contract = problem.construction.contract
    optimizer = problem.construction.argument(contract.optimizer)
    if contract.initial_rate and optimizer is not None and dotted_name(optimizer) and spot.means_the_same(optimizer):
        yield contract.initial_rate.format(optimizer=code_of(optimizer), group=problem.positions[0])


def _spot(problem: Problem, place: cst.CSTNode) -> _Spot:
    module = problem.construction.module
    scopes = [node for node in (*module.path_to(place), place) if isinstance(node, FUNCTIONS)]
    inside = None if place is problem.construction.call or not scopes else scopes[-1]
    return _Spot(module, place, inside)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place at which something is to be written.

    Attributes:
        module: the file.
        place: the node there.
        function: the callable that it is in; None where a new one is to be made.
    """

    module: Module
    place: cst.CSTNode
    function: cst.FunctionDef | cst.Lambda | None

    def written(self, nodes: Iterable[cst.BaseExpression]) -> list[str]:
        """The code of those expressions that mean the same here."""
        return [code_of(node) for node in nodes if self.means_the_same(node)]

    def means_the_same(self, node: cst.BaseExpression) -> bool:
        """Whether the variable at the root of an expression is there, is no other one there, and stays what it is.

        A function reads a variable when it is called: one that is assigned in a loop or more than once may hold
        something else by then. Where the function reads it already, its author has answered for that.
        """
        name = _root(node)
        binding = self._binding(name) if name else None
        # Every method sees the object, each by a variable of its own.
        if binding is None or not (name == SELF or binding == self.module.scopes.resolve(name, node)):
            return False
        if self.function is not None and name != SELF and name in self.module.effects(self.function.body).binds:
            return False
        return self._reads_already(node) or not (self._is_late(binding) or self._is_rebound(node, binding))

    def _binding(self, name: str) -> Binding | None:
        """The variable that a name means at the place."""
        if isinstance(self.place, FUNCTIONS):
            return self.module.scopes.resolve_within(name, self.place)
        return self.module.scopes.resolve(name, self.place)

    def _uses(self, text: str, node: cst.BaseExpression) -> Sequence[cst.CSTNode]:
        """Where the variable is used, or the chain of attributes, that an expression begins with."""
        binding = self.module.scopes.resolve(text, node)
        return () if binding is None else self.module.scopes.uses(binding)

    def _reads_already(self, node: cst.BaseExpression) -> bool:
        uses = self._uses(dotted_name(node) or _root(node), node)
        return self.function is not None and any(self.function in self.module.path_to(each) for each in uses)

    def _is_late(self, binding: Binding) -> bool:
        """Whether a loop around the place assigns the variable."""
        loops = [each for each in self.module.path_to(self.place) if isinstance(each, _LOOPS)]
        binders = self.module.scopes.binders(binding) if loops else ()
        return any(loop in self.module.path_to(binder) for binder in binders for loop in loops)

    def _is_rebound(self, node: cst.BaseExpression, binding: Binding) -> bool:
        """Whether the variable, or the attribute, is assigned more than once."""
        texts = {binding.name, dotted_name(node) or ""} - {SELF, ""}
        assigned = (
            [each for each in self._uses(text, node) if self.module.assigned_by(each) is not None] for text in texts
        )
        return any(len(places) > 1 for places in assigned)


def _root(node: cst.BaseExpression) -> str:
    """The variable at the root of attributes and subscripts; empty for anything else, such as a call."""
    start = start_of(node)
    return start.value if isinstance(start, cst.Name) else ""
