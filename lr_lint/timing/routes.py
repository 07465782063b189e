"""The ways from the start of a training to a step: what is around it, through the calls that lead there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.timing.evaluator import Evaluator
from lr_lint.timing.flow import Crossing, Flow, Step, callers_of

_DEEPEST = 5
_MOST_ROUTES = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a way within one function.

    Attributes:
        module: the file.
        node: what it leads to: the step, or the call of the next function.
        around: what is around that, outermost first, from the function (or the module) on.
    """

    module: Module
    node: cst.CSTNode
    around: tuple[cst.CSTNode, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a step.

    Attributes:
        step: the step.
        stretches: its parts, the outermost function first.
    """

    step: Step
    stretches: tuple[Stretch, ...]

    def places(self) -> Iterator[tuple[Module, cst.CSTNode, cst.CSTNode]]:
        """All that is around the step, outermost first, each with what of it leads there."""
        for stretch in self.stretches:
            inner = (*stretch.around[1:], stretch.node)
            for node, below in zip(stretch.around, inner, strict=True):
                yield stretch.module, node, below

    def calls(self) -> list[Crossing]:
        """The calls on the way."""
        return [Crossing(each.module, each.node) for each in self.stretches[:-1] if isinstance(each.node, cst.Call)]


def routes_to(step: Step, flow: Flow, evaluator: Evaluator) -> list[Route]:
    """The ways to a step, as far as its callers are known. What is around the construction too is no part of them."""
    found: list[Route] = []
    pending: list[tuple[Module, cst.Call, tuple[Crossing, ...], tuple[Stretch, ...]]]
    pending = [(step.module, step.call, step.crossings, ())]
    while pending and len(found) <= _MOST_ROUTES:
        module, node, crossings, below = pending.pop()
        stretch = _stretch(module, node, flow)
        route: tuple[Stretch, ...] = (stretch, *below)
        function = function_of(module.path_to(node))
        # What the construction stands in is the outermost function there is.
        if function in flow.birth or not isinstance(function, cst.FunctionDef) or len(route) > _DEEPEST:
            found.append(Route(step, route))
            continue
        callers = [crossings[-1]] if crossings else list(callers_of(module, function, evaluator))
        if not callers:
            found.append(Route(step, route))
        pending += [(each.module, each.call, crossings[:-1], route) for each in callers[:_MOST_ROUTES]]
    return found


def _stretch(module: Module, node: cst.CSTNode, flow: Flow) -> Stretch:
    path = module.path_to(node)
    start = path.index(function_of(path))
    return Stretch(module, node, tuple(each for each in path[start:] if each not in flow.birth or each is path[start]))
