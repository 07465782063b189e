"""Lists of statements with an index of what bears on what, so that a slice costs what it holds and not what it leaves.

A module with a thousand schedulers asks a thousand times which of its statements a name depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

import libcst as cst

from lr_lint.project.effects import Effects
from lr_lint.source.tree import BLOCKS, blocks_of, last_statement, walk

# By what a function is left, and what is in no condition on numbers and options.
_LEAVING = (cst.Return, cst.Raise)
_NO_CONDITION = (cst.Call, cst.NamedExpr, cst.Await, cst.In, cst.NotIn)
# What may raise by itself.
_RAISING = frozenset({cst.Assert, cst.Divide, cst.FloorDivide, cst.Modulo, cst.Subscript})


class StatementFacts(Protocol):
    """What a file says about its statements."""

    def effects(self, statement: cst.CSTNode) -> Effects:
        """What a statement does to names by itself."""

    def affected(self, statement: cst.CSTNode) -> frozenset[str]:
        """All names whose values depend on whether a statement runs."""

    def held_by(self, statement: cst.CSTNode) -> Sequence[tuple[str, str]]:
        """Variables with those whose objects, or parts of them, a statement gives them."""


class Precondition(NamedTuple):
    """A condition that decides whether the code gets past a statement.

    Attributes:
        test: the condition, in which nothing is called or looked for.
        holds: whether it is true for whoever gets past.
    """

    test: cst.BaseExpression
    holds: bool


class Block:
    """The statements of a module, a body or a branch, in order."""

    def __init__(self, file: StatementFacts, statements: Sequence[cst.CSTNode]) -> None:
        """Take statements as they are.

        Args:
            file: says what each of them does.
            statements: in order.
        """
        self._effects = file.effects
        self._affected = file.affected
        self._held_by = file.held_by
        self.statements = statements
        # Each run of a block asks the same of it.
        self._bearing: dict[frozenset[str], Sequence[cst.CSTNode]] = {}
        self._closures: dict[frozenset[str], frozenset[str]] = {}

    @cached_property
    def _affecting(self) -> dict[str, list[int]]:
        """The positions of the statements on which a name's value depends, by the name."""
        index: dict[str, list[int]] = {}
        for position, statement in enumerate(self.statements):
            for name in self._affected(statement):
                index.setdefault(name, []).append(position)
        return index

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {id(statement): position for position, statement in enumerate(self.statements)}

    @cached_property
    def _needs(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """For each simple statement and definition, nested ones included: what it affects, and the names it needs."""
        effects = self._effects
        return [
            (self._affected(unit), effects(unit).reads.union(*(effects(test).reads for test in tests)))
            for unit, tests in units(self.statements)
        ]

    @cached_property
    def _units_affecting(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for number, (affects, _) in enumerate(self._needs):
            for name in affects:
                index.setdefault(name, []).append(number)
        return index

    @cached_property
    def _held(self) -> dict[str, list[str]]:
        """The variables that may hold an object of another, or a part of it, and through which it changes."""
        index: dict[str, list[str]] = {}
        changed = {
            name
            for (affects, _), (unit, _) in zip(self._needs, units(self.statements), strict=True)
            for name in (affects - self._effects(unit).binds) | self._effects(unit).touches
        }
        for unit, tests in units(self.statements):
            for each in (unit, *tests):
                for name, of in self._held_by(each):
                    if name in changed:
                        index.setdefault(of, []).append(name)
        return index

    def bearing_on(self, names: frozenset[str]) -> Sequence[cst.CSTNode]:
        """The statements on which the values of some names depend, in order."""
        known = self._bearing.get(names)
        if known is None:
            known = self._bearing[names] = self._bearing_on(names)
        return known

    def _bearing_on(self, names: frozenset[str]) -> Sequence[cst.CSTNode]:
        affecting = self._affecting
        fewer = [name for name in affecting if name in names] if len(affecting) < len(names) else names
        positions: set[int] = set()
        for name in fewer:
            positions.update(affecting.get(name, ()))
        return [self.statements[position] for position in sorted(positions)]

    def bearing_before(
        self, names: frozenset[str], path: frozenset[int]
    ) -> tuple[Sequence[cst.CSTNode], cst.CSTNode | None]:
        """The statements that bear on some names and stand before the one on a path, and that one.

        Args:
            names: the names.
            path: the ``id`` of the nodes on the path.
        """
        entered = min((at for at in map(self._positions.get, path) if at is not None), default=None)
        if entered is None:
            return self.bearing_on(names), None
        end = self._positions[id(self.statements[entered])]
        before = [node for node in self.bearing_on(names) if self._positions[id(node)] < end]
        return before, self.statements[entered]

    @cached_property
    def _preconditions(self) -> list[tuple[int, Precondition]]:
        told = ((at, _precondition(statement)) for at, statement in enumerate(self.statements))
        return [(at, precondition) for at, precondition in told if precondition is not None]

    def preconditions_before(self, statement: cst.CSTNode, names: frozenset[str]) -> dict[cst.CSTNode, Precondition]:
        """What holds for some names where a statement is reached, by the statement before it that says so.

        Args:
            statement: the one that is reached.
            names: conditions that read others, too, are left out.
        """
        end = self._positions[id(statement)]
        before = [(at, precondition) for at, precondition in self._preconditions if at < end]
        return {self.statements[at]: each for at, each in before if self._effects(each.test).reads <= names}

    def in_order(self, statements: Iterable[cst.CSTNode]) -> list[cst.CSTNode]:
        """Statements of this block, each once, as they stand in it."""
        return [self.statements[at] for at in sorted({self._positions[id(statement)] for statement in statements})]

    def closure(self, wanted: frozenset[str]) -> frozenset[str]:
        """The wanted names and all names of the same scope that they depend on."""
        known = self._closures.get(wanted)
        if known is None:
            known = self._closures[wanted] = self._closure(wanted)
        return known

    def _closure(self, wanted: frozenset[str]) -> frozenset[str]:
        relevant = set(wanted)
        pending = list(wanted)
        seen: set[int] = set()
        while pending:
            name = pending.pop()
            held = [other for other in self._held.get(name, ()) if other not in relevant]
            relevant.update(held)
            pending.extend(held)
            for number in self._units_affecting.get(name, ()):
                if number not in seen:
                    seen.add(number)
                    new = self._needs[number][1] - relevant
                    relevant |= new
                    pending.extend(new)
        return frozenset(relevant)


def units(
    statements: Sequence[cst.CSTNode], tests: tuple[cst.CSTNode, ...] = ()
) -> Iterator[tuple[cst.CSTNode, tuple[cst.CSTNode, ...]]]:
    """Simple statements and definitions with the tests around them; the blocks of compound statements are opened."""
    for statement in statements:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                yield small, tests
        elif isinstance(statement, (cst.If, cst.While)):
            yield from units(blocks_of(statement), (*tests, statement.test))
        elif isinstance(statement, (cst.For, cst.With, cst.Try, cst.TryStar, cst.Match)):
            # A loop variable or a bound context is a binding of the header itself.
            yield statement, tests
            yield from units(blocks_of(statement), tests)
        else:
            yield statement, tests


def left_before(
    block: cst.CSTNode, below: cst.CSTNode, by: tuple[type[cst.CSTNode], ...]
) -> Iterator[tuple[cst.BaseExpression, cst.CSTNode]]:
    """The conditions under which a block is left before it comes to a statement, each with what leaves it.

    Args:
        block: any node; only statements in a block of them leave it.
        below: the statement of it that it would come to.
        by: what leaves it: ``cst.Return``.
    """
    for statement in block.body if isinstance(block, BLOCKS) else ():
        if statement is below:
            return
        leaving = _leaving(statement, by)
        if isinstance(statement, cst.If) and leaving is not None:
            yield statement.test, leaving


def _leaving(statement: cst.CSTNode, by: tuple[type[cst.CSTNode], ...]) -> cst.CSTNode | None:
    """By which of some statements an ``if`` without ``else`` leaves the block around it, where its condition holds."""
    last = last_statement(statement.body) if isinstance(statement, cst.If) and statement.orelse is None else None
    return last if isinstance(last, by) else None


def _precondition(statement: cst.CSTNode) -> Precondition | None:
    """What a statement checks by itself: ``assert x > 0``, ``if x <= 0: raise ...``."""
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else statement
    if isinstance(small, cst.Assert):
        told = Precondition(small.test, holds=True)
    elif isinstance(small, cst.If) and _leaving(small, _LEAVING) is not None:
        told = Precondition(small.test, holds=False)
    else:
        return None
    return None if any(isinstance(node, _NO_CONDITION) for node in walk(told.test)) else told


def may_raise(statement: cst.CSTNode) -> bool:
    """Whether a statement raises, or computes what may raise and calls nothing."""
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else statement
    if isinstance(small, cst.Raise) or not isinstance(small, cst.BaseSmallStatement):
        return isinstance(small, cst.Raise)
    kinds = {type(node) for node in walk(small)}
    return cst.Call not in kinds and not kinds.isdisjoint(_RAISING)
