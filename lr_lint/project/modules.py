"""A parsed file, and what is asked of it: effects of statements, scopes, calls, ancestors.

The interpreter never runs a whole program. To know one name it runs the statements of the scope that bear on that
name, and those that bear on them: a backward slice. The effects for it are gathered per statement, on demand, and kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from lr_lint.project.aliases import roots_of_alias
from lr_lint.project.binders import SELF, imported_from
from lr_lint.project.blocks import Block, units
from lr_lint.project.consequences import CallConsequences
from lr_lint.project.effects import Effects, call_of_statement, effects_of, root_of
from lr_lint.project.knowledge import LIBRARIES
from lr_lint.project.scopes import Scopes
from lr_lint.project.writes import Writes
from lr_lint.source.files import SourceFile
from lr_lint.source.tree import walk


@dataclass(slots=True)
class Module:
    """A parsed file with its effects.

    Attributes:
        source: the text that was parsed.
        tree: its syntax tree.
        name: the dotted name by which the project imports it; empty where it is not known.
        memo: what others have found out about it and would find out again.
        scopes: who binds a name, and who uses what it binds.
    """

    source: SourceFile
    tree: cst.Module
    name: str = ""
    memo: dict[Hashable, Any] = field(default_factory=dict)
    scopes: Scopes = field(init=False)
    _effects: dict[cst.CSTNode, Effects] = field(default_factory=dict)
    _locals: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict)
    _affected: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict)
    _consequences: CallConsequences | None = None
    _blocks: dict[int, Block] = field(default_factory=dict)
    _definitions: dict[str, list[cst.CSTNode]] | None = None
    _attributes_set: frozenset[str] | None = None
    _stars: list[cst.ImportFrom] | None = None
    _writes: Writes | None = None
    _hands_out: bool | None = None

    def __post_init__(self) -> None:
        self.scopes = Scopes(self.tree)

    @property
    def path(self) -> str:
        """The path as shown to the user."""
        return self.source.path

    def effects(self, statement: cst.CSTNode) -> Effects:
        """The effects of a statement; of any node."""
        known = self._effects.get(statement)
        if known is None:
            known = self._effects[statement] = effects_of(statement)
        return known

    @property
    def consequences(self) -> CallConsequences:
        """What calls of the functions of this file change."""
        if self._consequences is None:
            self._consequences = CallConsequences(self.tree, self.effects, self.scopes)
        return self._consequences

    @property
    def writes(self) -> Writes:
        """Where this file writes to attributes and items."""
        if self._writes is None:
            self._writes = Writes(self.tree, self.scopes)
        return self._writes

    def affected(self, statement: cst.CSTNode) -> frozenset[str]:
        """All names whose values depend on whether a statement runs: by itself, or by what it calls in this file."""
        known = self._affected.get(statement)
        if known is None:
            by_calls = self.consequences.changed_by(statement) | self.hands_out(statement)
            known = self._affected[statement] = self.effects(statement).affects | by_calls
        return known

    def hands_out(self, statement: cst.CSTNode) -> frozenset[str]:
        """The names of what a call that stands by itself hands to a function that another file of a project defines.

        Nobody asks for the result, so it is called for what it does, which may be to change what it is given. The
        length of a list, or a text that shows it, is not the list.
        """
        nodes = statement.body if isinstance(statement, cst.SimpleStatementLine) else (statement,)
        calls = (call_of_statement(node) for node in nodes)
        given = (each.value for call in calls if call and self._is_elsewhere(call) for each in call.args)
        return frozenset(root for value in given for root in roots_of_alias(value))

    @property
    def hands_anything_out(self) -> bool:
        """Whether some call hands something to what another file of a project defines."""
        if self._hands_out is None:
            calls = (call for calls in self.calls().values() for call in calls if call.args)
            self._hands_out = any(self._is_elsewhere(call) for call in calls)
        return self._hands_out

    def _is_elsewhere(self, call: cst.Call) -> bool:
        """Whether what a call calls is imported, and from no library that is known."""
        root = root_of(call.func)
        binding = None if root is None else self.scopes.resolve(root, call)
        binders = () if binding is None or "." in binding.name else self.scopes.binders(binding)
        packages = [imported_from(self.path_to(binder)) for binder in binders]
        return any(package is not None and package not in LIBRARIES for package in packages)

    def held_by(self, statement: cst.CSTNode) -> Iterator[tuple[str, str]]:
        """Variables with those whose objects, or parts of them, a statement gives them."""
        return self.consequences.held_by(statement)

    def block(self, statements: Sequence[cst.CSTNode]) -> Block:
        """A list of statements of this file, as the tree holds it, with its index."""
        known = self._blocks.get(id(statements))
        if known is None:
            known = self._blocks[id(statements)] = Block(self, statements)
        return known

    def locals_of(self, scope: cst.CSTNode) -> frozenset[str]:
        """The names that a function, class or module binds in its own scope, parameters included."""
        known = self._locals.get(scope)
        if known is None:
            known = self._locals[scope] = self.scopes.locals_of(scope)
        return known

    def outer_names(self, scope: cst.CSTNode) -> Mapping[str, str]:
        """The names that a scope declares ``global`` or ``nonlocal``, with which of the two."""
        return self.scopes.outer_names(scope)

    def definitions(self, name: str) -> Sequence[cst.CSTNode]:
        """The functions and classes of a name at the top of the module."""
        if self._definitions is None:
            self._definitions = {}
            for statement in self.tree.body:
                if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
                    self._definitions.setdefault(statement.name.value, []).append(statement)
        return self._definitions.get(name, ())

    @property
    def attributes_set(self) -> frozenset[str]:
        """The attributes that the file assigns on objects other than ``self``: ``trainer.lr = 0.1``."""
        if self._attributes_set is None:
            self._attributes_set = frozenset(
                node.attr.value
                for node in walk(self.tree)
                if isinstance(node, cst.Attribute)
                and not (isinstance(node.value, cst.Name) and node.value.value == SELF)
                and self.assigned_by(node) is not None
            )
        return self._attributes_set

    def star_imports(self) -> list[cst.ImportFrom]:
        """The star imports at module level, in whatever block they stand."""
        if self._stars is None:
            self._stars = [
                node
                for statement in self.tree.body
                if not isinstance(statement, (cst.FunctionDef, cst.ClassDef))
                for node, _ in units([statement])
                if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar)
            ]
        return self._stars

    def calls(self) -> dict[str, list[cst.Call]]:
        """All calls in the file, in source order, by the last name of the callee; the empty name for other callees."""
        return self.scopes.index.calls

    def is_before(self, first: cst.CSTNode, second: cst.CSTNode) -> bool:
        """Whether one node begins before another in the source."""
        return self.place(first) < self.place(second)

    def place(self, node: cst.CSTNode) -> int:
        """The rank of a node in the order of the source."""
        return self.scopes.index.place(node)

    def path_to(self, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The ancestors of a node, outermost first."""
        return self.scopes.index.path_to(node)

    def spelled(self, text: str) -> Sequence[cst.CSTNode]:
        """The names and chains of attributes that are spelled like that; see `Index.spelled`."""
        return self.scopes.index.spelled(text)

    def assigned_by(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """What gives a name or an attribute its value here; None where it is read."""
        return self.scopes.index.assigned_by(node)
