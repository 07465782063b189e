"""A parsed file, and what is asked of it: effects of statements, scopes, calls, ancestors.

The interpreter never runs a whole program. To know one name it runs the statements of the scope that bear on that
name, and those that bear on them: a backward slice. The effects for it are gathered per statement, on demand, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import libcst as cst

from lr_lint.project.aliases import roots_of_alias
from lr_lint.project.binders import SELF, import_binders, imported_from
from lr_lint.project.blocks import Block, units
from lr_lint.project.calls_made import calls_run_by
from lr_lint.project.changes import Changes
from lr_lint.project.consequences import CallConsequences
from lr_lint.project.documented import documented_fractions
from lr_lint.project.effects import Effects, effects_of, root_of
from lr_lint.project.knowledge import LIBRARIES
from lr_lint.project.patches import sets_environment, why_defeated
from lr_lint.project.scopes import Binding, Scopes
from lr_lint.project.volatile import Volatile, volatile_in
from lr_lint.project.writes import Writes
from lr_lint.source.files import SourceFile
from lr_lint.source.positions import locate
from lr_lint.source.tree import dotted_name, walk
from lr_lint.vocabulary.diagnostics import Span

_Found = TypeVar("_Found")


@dataclass(slots=True)
class Module:
    """A parsed file with its effects.

    Attributes:
        source: the text that was parsed.
        tree: its syntax tree.
        name: the dotted name by which the project imports it; empty where it is not known.
        scopes: who binds a name, and who uses what it binds.
    """

    source: SourceFile
    tree: cst.Module
    name: str = ""
    scopes: Scopes = field(init=False)
    # By the identity of nodes, which LibCST takes a function in Python for when it is asked for their hash, and with
    # the node, so that no other comes to have the same identity.
    _effects: dict[int, tuple[cst.CSTNode, Effects]] = field(default_factory=dict)
    _found: dict[Hashable, Any] = field(default_factory=dict)
    _affected: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict)
    _handed_out: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict)
    _consequences: CallConsequences | None = None
    _changes: Changes | None = None
    _volatile: Volatile | None = None
    _blocks: dict[int, Block] = field(default_factory=dict)
    _definitions: dict[str, list[cst.CSTNode]] | None = None
    _attributes_set: frozenset[str] | None = None
    _stars: list[cst.ImportFrom] | None = None
    _writes: Writes | None = None
    _hands_out: bool | None = None
    _fractions: dict[cst.CSTNode, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scopes = Scopes(self.tree)

    def once(self, key: Hashable, find: Callable[[], _Found]) -> _Found:
        """What somebody finds out about the file, and would find out again.

        Args:
            key: tells it from all else that is found out.
            find: finds it out, where nobody has.
        """
        if key not in self._found:
            self._found[key] = find()
        found: _Found = self._found[key]
        return found

    def let_go(self) -> None:
        """Forgets what was found out and refers to the file in turn, so that it all goes once nobody has the file.

        Else it is for the collector of garbage to find, which goes through all that there is to do so.
        """
        self._found.clear()
        self._blocks.clear()
        self._consequences = self._volatile = None

    @property
    def path(self) -> str:
        """The path as shown to the user."""
        return self.source.path

    def effects(self, statement: cst.CSTNode) -> Effects:
        """The effects of a statement; of any node."""
        known = self._effects.get(id(statement))
        if known is None:
            known = self._effects[id(statement)] = statement, effects_of(statement)
        return known[1]

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
            self._writes = Writes(self.scopes)
        return self._writes

    @property
    def volatile(self) -> Volatile:
        """What may change at times that nobody can tell."""
        if self._volatile is None:
            self._volatile = volatile_in(self.tree, self.scopes, self.consequences)
        return self._volatile

    @property
    def defeated(self) -> str:
        """Why nothing can be said about the values of the file; empty where much can."""
        return self.once(why_defeated, lambda: why_defeated(self.scopes.index))

    @property
    def sets_environment(self) -> bool:
        """Whether the file changes variables of the environment that others read: ``os.environ["RATE"] = "1"``."""
        return self.once(sets_environment, lambda: sets_environment(self.scopes.index))

    @property
    def changes(self) -> Changes:
        """What in this file may change objects in other ways, by what they are called."""
        if self._changes is None:
            self._changes = Changes(self.scopes.index, self.scopes)
        return self._changes

    def documented_fractions(self, scope: cst.CSTNode) -> frozenset[str]:
        """The parameters of a function or class that its docstring describes as fractions; none of anything else."""
        if not isinstance(scope, (cst.FunctionDef, cst.ClassDef)):
            return frozenset()
        known = self._fractions.get(scope)
        if known is None:
            known = self._fractions[scope] = documented_fractions(scope)
        return known

    def affected(self, statement: cst.CSTNode) -> frozenset[str]:
        """All names whose values depend on whether a statement runs: by itself, or by what it calls in this file."""
        known = self._affected.get(statement)
        if known is None:
            by_calls = self.consequences.changed_by(statement) | self.hands_out(statement)
            known = self._affected[statement] = self.effects(statement).affects | by_calls
        return known

    def hands_out(self, statement: cst.CSTNode) -> frozenset[str]:
        """The names of what the calls in a statement hand to functions that other files of a project define.

        Those may change what they are given, and methods their object. The length of a list, or a text that shows it,
        is not the list.
        """
        known = self._handed_out.get(statement)
        if known is None:
            roots = (root for call in self.calls_elsewhere(statement) for root in self._handed_to(call))
            known = self._handed_out[statement] = frozenset(roots)
        return known

    def calls_elsewhere(self, statement: cst.CSTNode) -> list[cst.Call]:
        """The calls that a simple statement, or an expression, makes of what other files define."""
        nodes = statement.body if isinstance(statement, cst.SimpleStatementLine) else (statement,)
        simple = [node for node in nodes if isinstance(node, (cst.BaseSmallStatement, cst.BaseExpression))]
        made = [each.call for node in simple for each in calls_run_by(node)]
        return [call for call in made if self._is_elsewhere(call) or self._is_method_elsewhere(call)]

    def _handed_to(self, call: cst.Call) -> Iterator[str]:
        if isinstance(call.func, cst.Attribute) and self._is_method_elsewhere(call):
            yield from roots_of_alias(call.func.value)
        for argument in call.args:
            yield from roots_of_alias(argument.value)

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

    def _is_method_elsewhere(self, call: cst.Call) -> bool:
        """Whether a call is that of a method of an object that another file of a project has made."""
        receiver = call.func.value if isinstance(call.func, cst.Attribute) else None
        binding = self.scopes.resolve(receiver.value, call) if isinstance(receiver, cst.Name) else None
        for binder in () if binding is None else self.scopes.binders(binding):
            assigned = next((node for node in reversed(self.path_to(binder)) if isinstance(node, cst.Assign)), None)
            if assigned is not None and isinstance(assigned.value, cst.Call) and self._is_elsewhere(assigned.value):
                return True
        return False

    @property
    def changed_by_functions(self) -> frozenset[str]:
        """The variables of the module that its functions assign or change."""
        return self.once("changed by functions", self._find_changed_by_functions)

    def _find_changed_by_functions(self) -> frozenset[str]:
        outer = {name for each in self.consequences.functions() for name in each.outer}
        return frozenset(outer & self.locals_of(self.tree))

    def reads_what_changes(self, function: cst.CSTNode) -> bool:
        """Whether a function reads variables or attributes that anything in the file changes once they are there."""
        changing, reads = self.once("changing", self._find_changing), self.effects(function).reads
        return not reads.isdisjoint(changing) or any(self._is_assigned_again(name, function) for name in reads)

    def _find_changing(self) -> frozenset[str]:
        """The names of what its statements touch, and of the attributes that they set."""
        bodies = [self.tree.body, *(each.function.body.body for each in self.consequences.functions())]
        touched = {name for body in bodies for each in body for name in self.effects(each).touches}
        return frozenset(touched | {f"{SELF}.{name}" for name in self.attributes_set})

    def _is_assigned_again(self, name: str, node: cst.CSTNode) -> bool:
        """Whether a variable that a function reads of a scope around it is given values in several places."""
        binding = self.scopes.resolve(name, node)
        if binding is None:
            return False
        paths = (self.path_to(binder) for binder in self.scopes.binders(binding))
        return sum(not any(isinstance(each, cst.ImportAlias) for each in path[-2:]) for path in paths) > 1

    def held_by(self, statement: cst.CSTNode) -> Sequence[tuple[str, str]]:
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
        return self.scopes.locals_of(scope)

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
                for node in self.scopes.index.of(cst.Attribute)
                if not (isinstance(node.value, cst.Name) and node.value.value == SELF)
                and self.assigned_by(node) is not None
            )
        return self._attributes_set

    def imported_for_effect(self) -> Iterator[str]:
        """The names of the modules that are imported for what they do: nothing that they define is used."""
        for statement in self.tree.body:
            if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
                continue
            for node, _ in units([statement]):
                if not isinstance(node, (cst.Import, cst.ImportFrom)) or self._uses_import(node):
                    continue
                if isinstance(node, cst.Import):
                    yield from (dotted_name(alias.name) or "" for alias in node.names)
                else:
                    yield "." * len(node.relative) + (dotted_name(node.module) or "")

    def _uses_import(self, node: cst.Import | cst.ImportFrom) -> bool:
        bound = [Binding(self.tree, binder.value) for binder in import_binders(node)]
        return bool(bound) and all(self.scopes.uses(binding) for binding in bound)

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

    def imports_from(self, package: str) -> bool:
        """Whether the file imports a package, one of its modules, or anything from them."""
        index = self.scopes.index
        names = [each.name for statement in index.of(cst.Import) for each in statement.names]
        origins = [*names, *(each.module for each in index.of(cst.ImportFrom) if not each.relative)]
        return any((dotted_name(each) or "").partition(".")[0] == package for each in origins)

    def calls(self) -> dict[str, list[cst.Call]]:
        """All calls in the file, in source order, by the last name of the callee; the empty name for other callees."""
        return self.scopes.index.calls

    def is_fixed(self, name: str, node: cst.CSTNode) -> bool:
        """Whether a name means one definition or import of the module wherever it is read, whatever else runs.

        Args:
            name: an identifier.
            node: where it is seen from.
        """
        binding = self.scopes.resolve(name, node)
        if binding is None or binding.scope is not self.tree:
            return False
        return self.once(("fixed", name), lambda: self._is_bound_for_good(binding))

    def _is_bound_for_good(self, binding: Binding) -> bool:
        binders = self.scopes.binders(binding)
        return len(binders) == 1 and _is_fixed_by(self.path_to(binders[0]))

    @property
    def spans(self) -> dict[cst.CSTNode, Span]:
        """The places of all nodes, found at once: to write the text for each of many costs the square of its length."""
        return self.once("spans", lambda: locate(self.tree, walk(self.tree)))

    @property
    def attributes(self) -> Mapping[str, Sequence[cst.Attribute]]:
        """The attributes in the file, of whatever object, by their names and in the order of the source."""
        return self.scopes.index.attributes

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

    def assignments_of(self, name: str, node: cst.CSTNode) -> list[cst.CSTNode | None]:
        """What gives a variable its values: assignments, loops; None for each place that binds it in another way.

        Args:
            name: of the variable, or of an attribute of ``self``.
            node: where it is seen from.
        """
        binding = self.scopes.resolve(name, node)
        return [] if binding is None else [self.assigned_by(each) for each in self.scopes.binders(binding)]

    def values_of(self, name: str, node: cst.CSTNode) -> list[cst.BaseExpression | None]:
        """What a variable is assigned, or augmented by; None for each place that binds it in another way."""
        return [getattr(each, "value", None) for each in self.assignments_of(name, node)]

    def only_value_of(self, name: str, node: cst.CSTNode) -> cst.BaseExpression | None:
        """What a variable is assigned that is bound nowhere else; None for any other. The arguments are the same."""
        given = self.assignments_of(name, node)
        return given[0].value if len(given) == 1 and isinstance(given[0], cst.Assign) else None


def _is_fixed_by(path: Sequence[cst.CSTNode]) -> bool:
    """Whether what binds a name, given by its ancestors, is a definition or an import that no condition is around."""
    statement = path[1] if len(path) > 1 else None
    if isinstance(statement, cst.SimpleStatementLine):
        return isinstance(path[2], (cst.Import, cst.ImportFrom))
    return len(path) == 2 and isinstance(statement, (cst.FunctionDef, cst.ClassDef))
