"""What a run of the interpreter was there for: which statements, blocks and calls it followed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
        current: the statement that is being run, by the ``id`` of its block; where the way to the construction leads
            through a block, that on the way.
    """

    statements: set[cst.CSTNode] = field(default_factory=set)
    blocks: set[int] = field(default_factory=set)
    calls: set[cst.CSTNode] = field(default_factory=set)
    lost: set[cst.CSTNode] = field(default_factory=set)
    current: dict[int, cst.CSTNode] = field(default_factory=dict)

    @contextmanager
    def within(self, block: Sequence[cst.CSTNode]) -> Iterator[Callable[[cst.CSTNode], None]]:
        """A run of the statements of a block; what it gives is told of each before it is run."""
        place = id(block)
        before = self.current.get(place)
        self.blocks.add(place)
        try:
            yield functools.partial(self.current.__setitem__, place)
        finally:
            if before is None:
                self.current.pop(place, None)
            else:
                self.current[place] = before

    def stop_at(self, statement: cst.CSTNode, block: Sequence[cst.CSTNode]) -> None:
        """Notes that the run got to a statement of a block, which leads to the construction."""
        self.statements.add(statement)
        self.current[id(block)] = statement

    def holds(self, place: cst.CSTNode, path: Sequence[cst.CSTNode]) -> bool:
        """Whether what a place writes is known: the run was there, or where it is decided that nobody gets there yet.

        Args:
            place: the target of an assignment, or a call.
            path: its ancestors, outermost first.
        """
        if place in self.lost or place in self.calls:
            return place not in self.lost
        if self._is_to_come(place, path):
            return True
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

    def _is_to_come(self, place: cst.CSTNode, path: Sequence[cst.CSTNode]) -> bool:
        """Whether a place stands in the statement of a block that is run now, or in one after that."""
        inner = place
        for node in reversed(path):
            block = getattr(node, "body", None)
            current = self.current.get(id(block))
            if current is not None and isinstance(block, (list, tuple)) and inner in block:
                return bool(block.index(inner) >= block.index(current))
            if isinstance(node, cst.FunctionDef):
                return False
            inner = node
        return False
