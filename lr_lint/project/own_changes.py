"""What a function changes by its own statements: the calls in it are counted later, see `consequences`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.aliases import assignments, behind, copied_by, held_by, roots_of_alias
from lr_lint.project.binders import SELF, body_of, parameters_of
from lr_lint.project.blocks import units
from lr_lint.project.effects import Effects, root_of
from lr_lint.project.functions_called import CONSTRUCTOR
from lr_lint.project.scopes import Scopes


@dataclass(slots=True)
class Consequences:
    """What calling a function changes.

    Attributes:
        function: the function.
        aliases: its variables that may hold an object of another, or a part of it: by name, whose.
        parameters: those whose objects it changes in place.
        outer: variables of the scopes around it that it assigns or changes in place.
        attributes: attributes of ``self`` that it assigns or changes.
        changes_in_place: those of them that it changes rather than assigns.
        copied: those variables that it does nothing to but augment what it copies from them: ``x = rate; x *= 0.5``.
        parts: the last names of parts of variables that it copies and augments: ``x = options.rate; x *= 0.5``.
        gives_outer: variables of the scopes around it whose objects, or parts of them, it returns or yields.
        gives_on: parameters whose objects, or parts of them, it returns, or keeps in an object that changes them.
    """

    function: cst.FunctionDef
    aliases: Mapping[str, set[str]] = field(default_factory=dict)
    parameters: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    changes_in_place: set[str] = field(default_factory=set)
    gives_on: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    gives_outer: set[str] = field(default_factory=set)

    @property
    def names(self) -> frozenset[str]:
        """All of these, as they are called inside the function."""
        return frozenset(self.parameters | self.outer | self.attributes)

    @property
    def size(self) -> int:
        """How much it changes: grows as more is found out."""
        return len(self.parameters) + len(self.outer) + len(self.attributes)

    def with_aliases(self, names: Iterable[str]) -> set[str]:
        """Some variables of the function, and those whose objects they may hold."""
        found = set(names)
        for name in tuple(found):
            found |= behind(name, self.aliases)
        return found

    def note(self, changed: Collection[str], scopes: Scopes) -> None:
        """Sorts names that the function changes by whose they are."""
        parameters = {each.name.value for each in parameters_of(self.function.params)}
        own = scopes.locals_of(self.function)
        in_place = {name for name in changed if name.startswith(f"{SELF}.")}
        self.attributes |= in_place
        self.changes_in_place |= in_place
        plain = {name for name in changed if not name.startswith(f"{SELF}.")}
        if SELF in plain and SELF in parameters:
            # ``setattr(self, name, value)`` changes whatever attribute.
            self.attributes |= {SELF, f"{SELF}.__dict__"}
        self.parameters |= plain & parameters - {SELF}
        self.outer |= plain - own - parameters


def own_consequences(
    function: cst.FunctionDef, effects: Callable[[cst.CSTNode], Effects], scopes: Scopes
) -> Consequences:
    """What a function changes by its own statements.

    Args:
        function: the function.
        effects: gives those of a node.
        scopes: tells whose a name is.
    """
    known = Consequences(function, _aliases(function))
    declared = scopes.outer_names(function).keys()
    changed: set[str] = set()
    beyond: set[str] = set()
    for statement in body_of(function):
        found = effects(statement)
        changed |= found.alters
        beyond |= found.changes | (found.binds & declared)
        known.outer |= found.binds & declared
        known.attributes |= {name for name in found.binds if name.startswith(f"{SELF}.")}
    known.note(known.with_aliases(changed), scopes)
    augmented = changed - beyond
    if augmented and known.outer:
        _note_copies(known, augmented, beyond)
    return known


def note_given(known: Consequences, changed: Collection[str], scopes: Scopes) -> None:
    """Notes what a function returns of what is not its own, or keeps in an object that changes it later.

    Args:
        known: of the function; gets this.
        changed: the attributes that any function of the file changes in place.
        scopes: tells whose a name is.
    """
    function = known.function
    parameters = {each.name.value for each in parameters_of(function.params)} - {SELF}
    for unit, _ in units(body_of(function)):
        roots: set[str] = set()
        given = _given_by(unit)
        if given is not None:
            roots = set(roots_of_alias(given))
        elif function.name.value == CONSTRUCTOR:
            for targets, value in assignments(unit):
                if any(root_of(target) in changed for target in targets):
                    roots |= set(roots_of_alias(value))
        roots = known.with_aliases(roots)
        known.gives_on |= roots & parameters
        if given is not None:
            own = scopes.locals_of(function)
            known.gives_outer |= {root for root in roots - own - parameters if "." not in root and root != SELF}


def copies_in(body: Sequence[cst.CSTNode]) -> dict[str, set[tuple[str, str | None]]]:
    """What the statements of a body, those in its blocks too, give variables of others; see `copied_by`."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for unit, _ in units(body):
        for name, root, leaf in copied_by(unit):
            found.setdefault(name, set()).add((root, leaf))
    return found


def _note_copies(known: Consequences, augmented: set[str], beyond: set[str]) -> None:
    """What a function augments copies of, and does nothing else to.

    Args:
        known: of the function; gets this.
        augmented: the variables that it augments only.
        beyond: those that it changes in another way.
    """
    copies = copies_in(body_of(known.function))
    copied: set[str] = set()
    pending = list(augmented)
    while pending:
        for root, leaf in copies.get(pending.pop(), ()):
            if leaf is None:
                beyond = beyond | {root}
            elif leaf:
                known.parts.add(leaf)
                copied.add(root)
            elif root not in copied:
                copied.add(root)
                pending.append(root)
    known.copied = known.outer & (copied - known.with_aliases(beyond))


def _given_by(unit: cst.CSTNode) -> cst.BaseExpression | None:
    """What a statement gives to whoever has called: what it returns, or yields."""
    if isinstance(unit, cst.Return):
        return unit.value
    made = unit.value if isinstance(unit, cst.Expr) else None
    if not isinstance(made, cst.Yield):
        return None
    return made.value.item if isinstance(made.value, cst.From) else made.value


def _aliases(function: cst.FunctionDef) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for unit, _ in units(body_of(function)):
        for name, root in held_by(unit):
            found.setdefault(name, set()).add(root)
    return found
