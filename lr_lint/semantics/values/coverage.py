"""What a run of the interpreter was there for: which statements, blocks and calls it followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

_UNFOLLOWED = (cst.Lambda, cst.BaseComp, cst.FunctionDef)


@dataclass(slots=True, eq=False)
class Coverage:
    """What was followed so far.

    Attributes:
        statements: those that were run, and those that were found to lie on the way to the construction.
        blocks: the ``id`` of lists of statements that were run, or of which those were that bear on something. Trees
            live as long as worlds do.
        calls: those that change something, whose receiver was known.
        lost: targets and calls that wrote to something unknown.
    """

    statements: set[cst.CSTNode] = field(default_factory=set)
    blocks: set[int] = field(default_factory=set)
    calls: set[cst.CSTNode] = field(default_factory=set)
    lost: set[cst.CSTNode] = field(default_factory=set)

    def holds(self, place: cst.CSTNode, path: Sequence[cst.CSTNode]) -> bool:
        """Whether what a place writes is known: the run was there, or where it is decided that nobody gets there.

        Args:
            place: the target of an assignment, or a call.
            path: its ancestors, outermost first.
        """
        if place in self.lost or place in self.calls:
            return place not in self.lost
        inner = place
        for node in reversed(path):
            if isinstance(inner, _UNFOLLOWED):
                return False
            if inner in self.statements:
                return not (isinstance(place, cst.Call) and isinstance(inner, cst.BaseSmallStatement))
            if id(getattr(node, "body", None)) in self.blocks and isinstance(
                inner, (cst.BaseStatement, cst.BaseSmallStatement)
            ):
                return False
            inner = node
        return False
