"""One walk over a tree for everything that is asked of the whole file: what is around a node, what stands before it."""

from __future__ import annotations

from collections.abc import Iterable, KeysView, Sequence
from functools import cached_property
from typing import TypeVar, cast

import libcst as cst

from lr_lint.project.spelled_names import NAMING, aliases_in, class_names_in, handing_aliases
from lr_lint.source.scheduler_names import Aliases
from lr_lint.source.tree import children, dotted_name, last_name, walk

_Node = TypeVar("_Node", bound=cst.CSTNode)
# Fields of nodes that hold a name that is no variable there, or that binds one without being an expression.
_LABELS = ("keyword", "attr", "name")
_IMPORTS = frozenset({cst.Import, cst.ImportFrom})
_OF_IMPORTS = frozenset({cst.Attribute, cst.ImportAlias, cst.AsName})


class Index:
    """The nodes of a tree by place, callee and spelling.

    Attributes:
        tree: the tree.
        calls: all calls, in the order of the source, by the last name of the callee; the empty name for other callees.
        outer_declarations: the ``global`` and ``nonlocal`` statements.
        definitions: the functions and classes, however deep.
    """

    def __init__(self, tree: cst.Module) -> None:
        """Walk the tree.

        Args:
            tree: the tree; it must not hold one node twice.
        """
        self.tree = tree
        self.calls: dict[str, list[cst.Call]] = {}
        # By the identity of nodes, which LibCST takes a function in Python for when it is asked for their hash.
        self._parents: dict[int, cst.CSTNode] = {}
        self._order: dict[int, int] = {}
        self._paths: dict[int, tuple[cst.CSTNode, ...]] = {}
        self._by_kind: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        stack: list[cst.CSTNode] = [tree]
        while stack:
            node = stack.pop()
            self._order[id(node)] = len(self._order)
            self._by_kind.setdefault(type(node), []).append(node)
            below = children(node)
            for child in below:
                self._parents[id(child)] = node
            below.reverse()
            stack += below
        for call in self.of(cst.Call):
            self.calls.setdefault(last_name(call.func), []).append(call)
        self.outer_declarations: list[cst.Global | cst.Nonlocal] = [*self.of(cst.Global), *self.of(cst.Nonlocal)]
        self.outer_declarations.sort(key=self.place)
        self.definitions: list[cst.FunctionDef | cst.ClassDef] = [*self.of(cst.FunctionDef), *self.of(cst.ClassDef)]
        self.definitions.sort(key=self.place)

    def of(self, kind: type[_Node]) -> Sequence[_Node]:
        """The nodes of one class, and of none derived from it, in the order of the source."""
        return cast("Sequence[_Node]", self._by_kind.get(kind, ()))

    def among(self, kinds: Iterable[type[cst.CSTNode]]) -> list[cst.CSTNode]:
        """The nodes of several classes, and of none derived from them, in the order of the source.

        Who is after few kinds of nodes need not ask each node of a file what it is, which takes longer than all else.
        """
        found = [node for kind in kinds for node in self._by_kind.get(kind, ())]
        found.sort(key=self.place)
        return found

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether a node is one of the tree."""
        return id(node) in self._order

    def place(self, node: cst.CSTNode) -> int:
        """The rank of a node in the order of the source."""
        return self._order[id(node)]

    def path_to(self, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The ancestors of a node, outermost first."""
        known = self._paths.get(id(node))
        if known is None:
            known = tuple(reversed(self._around(node)))
            if id(node) in self._order:
                self._paths[id(node)] = known
        return known

    def _around(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        path: list[cst.CSTNode] = []
        parent = self._parents.get(id(node))
        while parent is not None:
            path.append(parent)
            parent = self._parents.get(id(parent))
        return path

    @cached_property
    def aliases(self) -> Aliases:
        """The names that may stand for others, by their spelling alone."""
        return Aliases(aliases_in(self.among(NAMING)))

    @cached_property
    def class_names(self) -> Aliases:
        """Those of them that say the same of a class."""
        return Aliases(class_names_in(self.among(NAMING)))

    @cached_property
    def handing(self) -> Aliases:
        """The names that may stand for others, and those of what others are handed over by."""
        return Aliases(handing_aliases(self.among(NAMING)))

    def defined_as(self, name: str) -> Sequence[cst.FunctionDef | cst.ClassDef]:
        """The functions and classes of a name, however deep."""
        return self._by_name.get(name, ())

    @property
    def names_defined(self) -> KeysView[str]:
        """The names of the functions and classes, however deep."""
        return self._by_name.keys()

    @cached_property
    def _by_name(self) -> dict[str, list[cst.FunctionDef | cst.ClassDef]]:
        found: dict[str, list[cst.FunctionDef | cst.ClassDef]] = {}
        for definition in self.definitions:
            found.setdefault(definition.name.value, []).append(definition)
        return found

    @cached_property
    def attributes(self) -> dict[str, list[cst.Attribute]]:
        """The attributes, of whatever object, by their names and in the order of the source."""
        found: dict[str, list[cst.Attribute]] = {}
        for node in self.of(cst.Attribute):
            found.setdefault(node.attr.value, []).append(node)
        return found

    def functions_mentioning(self, name: str) -> Sequence[cst.FunctionDef]:
        """The functions whose own code holds a name, whatever it means there."""
        return self._mentioning.get(name, ())

    @cached_property
    def _mentioning(self) -> dict[str, list[cst.FunctionDef]]:
        found: dict[str, list[cst.FunctionDef]] = {}
        for definition in self.definitions:
            if isinstance(definition, cst.FunctionDef):
                names = {node.value for node in walk(definition.body) if isinstance(node, cst.Name)}
                for name in names:
                    found.setdefault(name, []).append(definition)
        return found

    def spelled(self, text: str) -> Sequence[cst.CSTNode]:
        """The names and chains of attributes that are spelled like that, in the order of the source.

        A name that only labels something (a keyword, an attribute of something else) is none of them, nor is one that
        is bound without being an expression: a parameter, a definition, an import, ``as name``.
        """
        return self._by_spelling.get(text, ())

    @cached_property
    def _by_spelling(self) -> dict[str, list[cst.CSTNode]]:
        spelled: dict[str, list[cst.CSTNode]] = {}
        for node in (*self.of(cst.Name), *self.of(cst.Attribute)):
            if not self._is_label(node):
                text = dotted_name(node)
                if text is not None:
                    spelled.setdefault(text, []).append(node)
        return spelled

    def _is_label(self, node: cst.CSTNode) -> bool:
        parent = self._parents.get(id(node))
        if type(parent) is cst.MatchKeywordElement:
            return parent.key is node
        return any(getattr(parent, field, None) is node for field in _LABELS) or self._is_in_import(node)

    def _is_in_import(self, node: cst.CSTNode) -> bool:
        parent = self._parents.get(id(node))
        while type(parent) in _OF_IMPORTS:
            parent = self._parents.get(id(parent))
        return type(parent) in _IMPORTS

    def assigned_by(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """What gives a name or an attribute its value here, alone or with others: an assignment, a loop.

        None where it is read.
        """
        parent = self._parents.get(id(node))
        while parent is not None:
            if getattr(parent, "target", None) is node:
                return self._parents[id(parent)] if isinstance(parent, cst.AssignTarget) else parent
            if not isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
                return None
            node, parent = parent, self._parents.get(id(parent))
        return None
