"""A parsed file, and what is asked of it: effects of statements, scopes, calls, ancestors.

The interpreter never runs a whole program. To know one name it runs the statements of the scope that bear on that
name, and those that bear on them: a backward slice. The effects for it are gathered per statement, on demand, and kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from lr_lint.project.blocks import Block, units
from lr_lint.project.effects import Effects, body_of, declared_outer, effects_of, parameters_of
from lr_lint.source.files import SourceFile
from lr_lint.source.tree import children, dotted_name, last_name, walk


@dataclass(slots=True)
class Module:
    """A parsed file with its effects.

    Attributes:
        source: the text that was parsed.
        tree: its syntax tree.
        name: the dotted name by which the project imports it; empty where it is not known.
        memo: what others have found out about it and would find out again.
    """

    source: SourceFile
    tree: cst.Module
    name: str = ""
    memo: dict[Hashable, Any] = field(default_factory=dict)
    _effects: dict[cst.CSTNode, Effects] = field(default_factory=dict)
    _locals: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict)
    _outer: dict[cst.CSTNode, dict[str, str]] = field(default_factory=dict)
    _parents: dict[cst.CSTNode, cst.CSTNode] = field(default_factory=dict)
    _blocks: dict[int, Block] = field(default_factory=dict)
    _calls: dict[str, list[cst.Call]] = field(default_factory=dict)
    _order: dict[cst.CSTNode, int] = field(default_factory=dict)
    _spelled: dict[str, list[cst.CSTNode]] = field(default_factory=dict)
    _stars: list[cst.ImportFrom] | None = None

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

    def block(self, statements: Sequence[cst.CSTNode]) -> Block:
        """A list of statements of this file, as the tree holds it, with its index."""
        known = self._blocks.get(id(statements))
        if known is None:
            known = self._blocks[id(statements)] = Block(self.effects, statements)
        return known

    def locals_of(self, scope: cst.CSTNode) -> frozenset[str]:
        """The names that a function, class or module binds in its own scope, parameters included."""
        known = self._locals.get(scope)
        if known is None:
            names: set[str] = set()
            for statement in body_of(scope):
                names |= self.effects(statement).binds
            if isinstance(scope, cst.Lambda):
                names |= self.effects(scope.body).binds
            if isinstance(scope, (cst.FunctionDef, cst.Lambda)):
                names |= {param.name.value for param in parameters_of(scope.params)}
            known = self._locals[scope] = frozenset(names - self.outer_names(scope).keys())
        return known

    def outer_names(self, scope: cst.CSTNode) -> dict[str, str]:
        """The names that a scope declares ``global`` or ``nonlocal``, with which of the two."""
        known = self._outer.get(scope)
        if known is None:
            known = self._outer[scope] = {}
            for statement in body_of(scope):
                known.update(declared_outer(statement))
        return known

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
        self._index()
        return self._calls

    def spelled(self, text: str) -> list[cst.CSTNode]:
        """All names and chains of attributes that are spelled like that, in source order: ``optimizer``, ``self.lr``.

        A name that only labels something (a keyword, an attribute of something else, a parameter) is none of them.
        """
        if not self._spelled:
            for node in walk(self.tree):
                if isinstance(node, (cst.Name, cst.Attribute)) and not self._is_label(node):
                    self._spelled.setdefault(dotted_name(node) or "", []).append(node)
        return self._spelled.get(text, [])

    def _is_label(self, node: cst.CSTNode) -> bool:
        self._index()
        parent = self._parents.get(node)
        return any(getattr(parent, field, None) is node for field in ("keyword", "attr", "name"))

    def assigned_by(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """What gives a name or an attribute its value here, alone or with others: an assignment, a loop.

        None where it is read.
        """
        self._index()
        parent = self._parents.get(node)
        while parent is not None:
            if getattr(parent, "target", None) is node:
                return self._parents[parent] if isinstance(parent, cst.AssignTarget) else parent
            if not isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
                return None
            node, parent = parent, self._parents.get(parent)
        return None

    def is_before(self, first: cst.CSTNode, second: cst.CSTNode) -> bool:
        """Whether one node begins before another in the source."""
        return self.place(first) < self.place(second)

    def place(self, node: cst.CSTNode) -> int:
        """The rank of a node in the order of the source."""
        self._index()
        return self._order[node]

    def path_to(self, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The ancestors of a node, outermost first."""
        self._index()
        path: list[cst.CSTNode] = []
        parent = self._parents.get(node)
        while parent is not None:
            path.append(parent)
            parent = self._parents.get(parent)
        return tuple(reversed(path))

    def _index(self) -> None:
        """Walks the tree once for everything that is asked of the whole file."""
        if self._parents:
            return
        for number, node in enumerate(walk(self.tree)):
            self._order[node] = number
            for child in children(node):
                self._parents[child] = node
            if isinstance(node, cst.Call):
                self._calls.setdefault(last_name(node.func), []).append(node)
