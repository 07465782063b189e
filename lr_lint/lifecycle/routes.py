"""The ways from the start of a training to an event: what is around it, through the calls that lead there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.callers import callers_by_name, callers_of
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Crossing, Event, Trail
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module

_DEEPEST = 5
_MOST_ROUTES = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a way within one function.

    Attributes:
        module: the file.
        node: what it leads to: the event, or the call of the next function.
        around: what is around that, outermost first, from the function (or the module) on.
    """

    module: Module
    node: cst.CSTNode
    around: tuple[cst.CSTNode, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to an event.

    Attributes:
        step: the event.
        stretches: its parts, the outermost function first.
    """

    step: Event
    stretches: tuple[Stretch, ...]

    def places(self) -> Iterator[tuple[Module, cst.CSTNode, cst.CSTNode]]:
        """All that is around the event, outermost first, each with what of it leads there."""
        for stretch in self.stretches:
            inner = (*stretch.around[1:], stretch.node)
            for node, below in zip(stretch.around, inner, strict=True):
                yield stretch.module, node, below

    def calls(self) -> list[Crossing]:
        """The calls on the way."""
        return [Crossing(each.module, each.node) for each in self.stretches[:-1] if isinstance(each.node, cst.Call)]


def routes_to(event: Event, trail: Trail, evaluator: Evaluator, *, whole: bool = False) -> list[Route]:
    """The ways to an event, as far as its callers are known.

    Args:
        event: the event.
        trail: that of its object.
        evaluator: the world of the construction.
        whole: whether what is around the construction too is part of them: all of the program that leads there, as far
            as that is no guess.
    """
    found: list[Route] = []
    birth = set[cst.CSTNode]() if whole else trail.birth
    pending: list[tuple[Module, cst.CSTNode, tuple[Stretch, ...]]] = [(event.module, event.node, ())]
    while pending and len(found) <= _MOST_ROUTES:
        module, node, below = pending.pop()
        stretch = _stretch(module, node, birth)
        route: tuple[Stretch, ...] = (stretch, *below)
        function = function_of(module.path_to(node))
        # What the construction stands in is the outermost function there is.
        if function in birth or not isinstance(function, cst.FunctionDef) or len(route) > _DEEPEST:
            found.append(Route(event, route))
            continue
        entered = trail.entered.get(function)
        callers = callers_of(module, function, evaluator) if entered is None else list(entered.values())
        if not callers and not whole:
            callers = callers_by_name(module, function, evaluator)
        if not callers:
            found.append(Route(event, route))
        pending += [(each.module, each.call, route) for each in callers[:_MOST_ROUTES]]
    return found


def _stretch(module: Module, node: cst.CSTNode, birth: set[cst.CSTNode]) -> Stretch:
    path = module.path_to(node)
    start = path.index(function_of(path))
    return Stretch(module, node, tuple(each for each in path[start:] if each not in birth or each is path[start]))
