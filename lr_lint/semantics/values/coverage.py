"""What a run of the interpreter was there for: which statements, blocks and calls it followed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from lr_lint.project.modules import Module
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor

_UNFOLLOWED = frozenset({cst.Lambda, cst.FunctionDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp})
_ENTERED_BY_CHANCE = frozenset({cst.ExceptHandler, cst.ExceptStarHandler, cst.ClassDef})


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A place at which a run did not do what Python does, but something near it.

    Attributes:
        place: the statement or expression.
        reason: what was left out, as a sentence about the place.
        evident: whether it is evident that this makes a difference; else it may.
    """

    place: Anchor
    reason: str
    evident: bool = False


@dataclass(slots=True, eq=False)
class Coverage:
    """What was followed so far.

    Attributes:
        statements: those that were run, and those that were found to lie on the way to the construction.
        blocks: the ``id`` of lists of statements that were run, or of which those were that bear on something. Trees
            live as long as worlds do.
        calls: those that change something, whose receiver was known.
        lost: targets and calls that wrote to something unknown.
        written: the objects that targets and calls wrote to, by their ``id``.
        current: the statement that is being run, by the ``id`` of its block; where the way to the construction leads
            through a block, that on the way.
        made: all calls of which is known what they do.
        read: the names, attributes and items whose values were asked for, each with its file and with what it was asked
            of at first; None for names.
        shortcuts: where the run did something else than Python, by the node.
    """

    statements: set[cst.CSTNode] = field(default_factory=set)
    blocks: set[int] = field(default_factory=set)
    calls: set[cst.CSTNode] = field(default_factory=set)
    lost: set[cst.CSTNode] = field(default_factory=set)
    written: dict[cst.CSTNode, dict[int, Value]] = field(default_factory=dict)
    current: dict[int, cst.CSTNode] = field(default_factory=dict)
    made: set[cst.CSTNode] = field(default_factory=set)
    read: dict[cst.BaseExpression, tuple[Module, Value | None]] = field(default_factory=dict)
    shortcuts: dict[cst.CSTNode, Shortcut] = field(default_factory=dict)
    _places: dict[int, dict[int, int]] = field(default_factory=dict)

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

    def cut(self, place: Anchor, reason: str, *, evident: bool = False) -> None:
        """Notes a shortcut."""
        self.shortcuts.setdefault(place.node, Shortcut(place, reason, evident))

    def wrote(self, place: cst.CSTNode, owner: Value) -> None:
        """Notes to which object a target or a call wrote."""
        self.written.setdefault(place, {})[id(owner)] = owner

    def _may_be_entered(self, part: cst.CSTNode) -> bool:
        """Whether a part of a statement may run that was not run: a handler, since what raises is not followed."""
        # To ask LibCST's abstract classes takes longer, and this is asked of all around each place.
        if type(part) not in _ENTERED_BY_CHANCE:
            return False
        assert isinstance(part, (cst.ExceptHandler, cst.ExceptStarHandler, cst.ClassDef))
        return id(part.body.body) not in self.blocks

    def holds(self, place: cst.CSTNode, path: Sequence[cst.CSTNode]) -> bool:
        """Whether what a place writes is known: the run was there, or where it is decided that nobody gets there yet.

        Args:
            place: the target of an assignment, or a call.
            path: its ancestors, outermost first.
        """
        if place in self.lost or place in self.calls:
            return place not in self.lost
        if self.is_to_come(place, path):
            return True
        inner = place
        for node in reversed(path):
            if type(inner) in _UNFOLLOWED or self._may_be_entered(inner):
                return False
            if inner in self.statements:
                return not (isinstance(place, cst.Call) and isinstance(inner, cst.BaseSmallStatement))
            if id(getattr(node, "body", None)) in self.blocks and isinstance(
                inner, (cst.BaseStatement, cst.BaseSmallStatement)
            ):
                return False
            inner = node
        return False

    def _places_in(self, block: Sequence[cst.CSTNode]) -> dict[int, int]:
        """The place of each statement of a block, by its ``id``: a long block is asked about often."""
        known = self._places.get(id(block))
        if known is None:
            known = self._places[id(block)] = {id(each): at for at, each in enumerate(block)}
        return known

    def is_to_come(self, place: cst.CSTNode, path: Sequence[cst.CSTNode]) -> bool:
        """Whether a place stands in the statement of a block that is run now, or in one after that."""
        inner = place
        for node in reversed(path):
            block = getattr(node, "body", None)
            current = self.current.get(id(block))
            if current is not None and isinstance(block, (list, tuple)):
                places = self._places_in(block)
                if id(inner) in places:
                    return places[id(inner)] >= places[id(current)]
            if type(node) is cst.FunctionDef:
                return False
            inner = node
        return False
