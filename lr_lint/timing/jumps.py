"""Whether the loops on the way to a step may be left, or a turn of them be over, before it is taken."""

from __future__ import annotations

import libcst as cst

from lr_lint.lifecycle.routes import Route
from lr_lint.semantics.machine.dead_ends import ENDING_CALLS
from lr_lint.source.tree import LOOPS, children, dotted_name, last_name, last_statement

_OTHER_CODE = (cst.FunctionDef, cst.ClassDef, cst.Lambda)
_JUMPS = (cst.Break, cst.Continue)
# A generator is left by whoever goes over it.
_ENDS = (cst.Return, cst.Raise, cst.Assert, cst.Yield)
# Where an exception may end that is raised on the way to the step.
_CATCHING = (cst.Try, cst.TryStar)
_SUPPRESSING = "suppress"


def may_leave_out(route: Route) -> bool:
    """Whether a step may be taken less often than the loops on the way to it turn, by what they do.

    Args:
        route: the way to it.
    """
    called_in_turn = False
    for stretch in route.stretches:
        loops = [at for at, node in enumerate(stretch.around) if isinstance(node, LOOPS)]
        # What a function does before and after its loops ends no turn, unless a loop calls the function.
        start = 0 if called_in_turn else min(loops, default=len(stretch.around))
        around = stretch.around[start:]
        if any(isinstance(node, _CATCHING) or _suppresses(node) for node in around):
            return True
        if around and _jumps_in(around[0], frozenset(around)):
            return True
        called_in_turn = called_in_turn or bool(loops)
    return False


def _suppresses(node: cst.CSTNode) -> bool:
    calls = [item.item for item in node.items] if isinstance(node, cst.With) else []
    return any(isinstance(each, cst.Call) and last_name(each.func) == _SUPPRESSING for each in calls)


def _jumps_in(root: cst.CSTNode, on_the_way: frozenset[cst.CSTNode]) -> bool:
    """Whether something in a loop, or in a function that a loop calls, leaves a loop on the way, or its turn."""
    # Each with whether the innermost loop around it is on the way.
    stack = [(each, True) for each in children(root)]
    result = _result_of(root)
    while stack:
        node, in_loop = stack.pop()
        if (isinstance(node, _OTHER_CODE) and node not in on_the_way) or node is result:
            continue
        if isinstance(node, _ENDS) or (in_loop and isinstance(node, _JUMPS)):
            return True
        if isinstance(node, cst.Call) and dotted_name(node.func) in ENDING_CALLS:
            return True
        below = node in on_the_way if isinstance(node, LOOPS) else in_loop
        stack += ((each, below) for each in children(node))
    return False


def _result_of(function: cst.CSTNode) -> cst.CSTNode | None:
    """The ``return`` at the end of a function."""
    last = last_statement(function.body) if isinstance(function, cst.FunctionDef) else None
    return last if isinstance(last, cst.Return) else None
