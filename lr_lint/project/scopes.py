"""Who binds a name that stands at some place, by Python's rules, and what else in the file means the same variable.

One owner for these questions. What is said is what CPython's compiler finds (the tests compare with `symtable`): a
function does not see the names of the class around it, what a comprehension goes through belongs to the scope around
it, ``:=`` binds outside of comprehensions, defaults and decorators are read where the definition stands.

Variables are named as elsewhere here: by an identifier, or by a chain of attributes from one (``args.lr``). An
attribute of a method's ``self`` is a variable of the class, the same one in all of its methods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from lr_lint.project.binders import FUNCTIONS, SELF, Binders, binders_in, declared_outer, parameters_of
from lr_lint.project.index import Index

_GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Binding:
    """A variable of one scope.

    Attributes:
        scope: the node of the scope that binds it: a module, class, function, lambda or comprehension, or the type
            parameters of a definition. For an attribute of ``self`` the class.
        name: the identifier, or a chain of attributes that begins with it.
    """

    scope: cst.CSTNode
    name: str


class Scopes:
    """The scopes of one file, each looked into when it is first asked about."""

    def __init__(self, tree: cst.Module) -> None:
        """Take a file.

        Args:
            tree: its syntax tree; it must not hold one node twice.
        """
        self._tree = tree
        self._binders: dict[cst.CSTNode, Binders] = {}
        self._outer: dict[cst.CSTNode, dict[str, str]] = {}
        self._locals: dict[cst.CSTNode, frozenset[str]] = {}
        self._chains: dict[cst.CSTNode, tuple[cst.CSTNode, ...]] = {}
        self._uses: dict[Binding, tuple[cst.CSTNode, ...]] = {}

    @cached_property
    def index(self) -> Index:
        """The nodes of the tree by place, callee and spelling."""
        return Index(self._tree)

    def resolve(self, name: str, node: cst.CSTNode) -> Binding | None:
        """The variable that a name means where a node stands.

        Args:
            name: an identifier or a chain of attributes.
            node: any node of the tree; where it is a definition, what is around it and not its body.

        Returns:
            None where nothing in the file binds it: a builtin, a name from a star import, a mistake.
        """
        return self._resolve(name, self.scopes_at(node))

    def resolve_within(self, name: str, scope: cst.CSTNode) -> Binding | None:
        """The variable that a name means in the body of a scope."""
        return self._resolve(name, self.scopes_within(scope))

    def uses(self, binding: Binding, member: str = "") -> tuple[cst.CSTNode, ...]:
        """Where a variable is read, assigned or deleted, in the order of the source, in whatever scope of the file.

        Parameters, definitions, imports and ``as name`` bind and do not use; `binders` has those. What the body of a
        class reads under a name that it binds is a use of the variable around it too: it is that until it is bound.

        Args:
            binding: the variable.
            member: an attribute or a chain of them, to have the places instead that name this part of it.
        """
        wanted = Binding(binding.scope, f"{binding.name}.{member}") if member else binding
        known = self._uses.get(wanted)
        if known is None:
            places = self.index.spelled(wanted.name)
            known = self._uses[wanted] = tuple(node for node in places if self._may_mean(node, wanted))
        return known

    def _may_mean(self, node: cst.CSTNode, wanted: Binding) -> bool:
        found = self.resolve(wanted.name, node)
        if found is None or found == wanted or not isinstance(found.scope, cst.ClassDef):
            return found == wanted
        is_read = self.index.assigned_by(node) is None and not wanted.name.startswith(f"{SELF}.")
        return is_read and self._resolve(wanted.name, self.scopes_within(found.scope)[1:]) == wanted

    def binders(self, binding: Binding) -> tuple[cst.CSTNode, ...]:
        """The nodes that bind a variable: targets, parameters, names of definitions and imports."""
        if "." in binding.name:
            return tuple(node for node in self.uses(binding) if self.index.assigned_by(node) is not None)
        scopes = [binding.scope, *(scope for scope in self._declaring if scope is not binding.scope)]
        return tuple(
            node
            for scope in scopes
            for node in self.names_in(scope).get(binding.name, ())
            if self.resolve_within(binding.name, scope) == binding
        )

    def names_in(self, scope: cst.CSTNode) -> Mapping[str, Sequence[cst.Name]]:
        """The names that a scope binds, with the nodes that do so; those that it declares to be another's too."""
        return self._binders_in(scope).names

    def locals_of(self, scope: cst.CSTNode) -> frozenset[str]:
        """The names that may have a value in a scope of its own once it runs, parameters included.

        An annotation without a value makes a name a function's own. It makes no difference in a module or a class,
        whose names may come from elsewhere: from a star import, from the builtins.
        """
        known = self._locals.get(scope)
        if known is None:
            binders = self._binders_in(scope)
            names = binders.names.keys() if isinstance(scope, FUNCTIONS) else binders.valued
            known = self._locals[scope] = frozenset(names - self.outer_names(scope).keys())
        return known

    def outer_names(self, scope: cst.CSTNode) -> Mapping[str, str]:
        """The names that a scope declares ``global`` or ``nonlocal``, with which of the two."""
        known = self._outer.get(scope)
        if known is None:
            known = self._outer[scope] = declared_outer(scope)
        return known

    def scopes_at(self, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The scopes whose code a node belongs to, the innermost first, the module last.

        A definition belongs to the scope that it stands in; so do its decorators, its defaults and its name.
        """
        known = self._chains.get(node)
        if known is None:
            known = self._chains[node] = tuple(_entered((*self.index.path_to(node), node)))
        return known

    def scopes_within(self, scope: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The scopes whose names the body of a scope may see: itself first, then those around it."""
        if isinstance(scope, cst.Module):
            return (scope,)
        return (scope, *_types_of(scope), *self.scopes_at(scope))

    def _resolve(self, name: str, scopes: Sequence[cst.CSTNode]) -> Binding | None:
        root, dot, _ = name.partition(".")
        home = self._home(root, scopes)
        if home is None:
            return None
        return Binding((self._class_of(home) if dot and root == SELF else None) or home, name)

    def _home(self, name: str, scopes: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
        """The scope that binds an identifier, as seen from the first of some scopes."""
        sees_class = True
        is_nonlocal = False
        for scope in scopes:
            if self._may_bind(scope, sees_class, is_nonlocal):
                declared = self.outer_names(scope).get(name)
                if declared == _GLOBAL:
                    return self._tree
                is_nonlocal = is_nonlocal or declared is not None
                if declared is None and name in self.names_in(scope):
                    return scope
            # Type parameters in the body of a class are the only scopes within it that see its names.
            sees_class = sees_class and isinstance(scope, cst.TypeParameters)
        return self._tree if not is_nonlocal and name in self._globals else None

    @staticmethod
    def _may_bind(scope: cst.CSTNode, sees_class: bool, is_nonlocal: bool) -> bool:
        if type(scope) is cst.ClassDef:
            return sees_class and not is_nonlocal
        return not (is_nonlocal and type(scope) is cst.Module)

    @cached_property
    def _declaring(self) -> tuple[cst.CSTNode, ...]:
        """The scopes that declare names of other scopes."""
        return tuple(dict.fromkeys(self.scopes_at(each)[0] for each in self.index.outer_declarations))

    @cached_property
    def _globals(self) -> frozenset[str]:
        """The names that scopes bind in the module, as it need not do itself."""
        return frozenset(
            name
            for scope in self._declaring
            for name, kind in self.outer_names(scope).items()
            if kind == _GLOBAL and name in self.names_in(scope)
        )

    def _class_of(self, function: cst.CSTNode) -> cst.ClassDef | None:
        """The class of a method that calls its first parameter ``self``."""
        if not isinstance(function, cst.FunctionDef):
            return None
        first = next(parameters_of(function.params), None)
        around = next(each for each in self.scopes_at(function) if not isinstance(each, cst.TypeParameters))
        return around if isinstance(around, cst.ClassDef) and first is not None and first.name.value == SELF else None

    def _binders_in(self, scope: cst.CSTNode) -> Binders:
        known = self._binders.get(scope)
        if known is None:
            known = self._binders[scope] = binders_in(scope)
        return known


def _entered(path: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The scopes that one enters on the way to the last node of a path, innermost first."""
    for at in range(len(path) - 2, -1, -1):
        yield from _entered_by(path[at], path[at + 1 :])
    if len(path) == 1:
        yield path[0]


# To ask LibCST's abstract classes of each node takes longer than all else.
_ENTERED = frozenset(
    {
        *(*FUNCTIONS, cst.ClassDef, cst.TypeAlias),
        *(cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp),
    }
)


def _entered_by(node: cst.CSTNode, below: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The scopes of a node that lie around something below it, innermost first."""
    if type(node) is cst.Module:
        yield node
    elif type(node) not in _ENTERED:
        return
    elif isinstance(node, cst.BaseComp):
        # The first iterable is evaluated before the comprehension begins.
        if not (below[0] is node.for_in and len(below) > 1 and below[1] is node.for_in.iter):
            yield node
    else:
        part = _part(node, below)
        if part == "body":
            yield node
        if part in {"body", "typed"}:
            yield from _types_of(node)


def _part(node: cst.CSTNode, below: Sequence[cst.CSTNode]) -> str:
    """Which part of a definition something stands in: its body, what sees its type parameters, or what is outside."""
    field = next(name for name in type(node).__dataclass_fields__ if _holds(getattr(node, name), below[0]))
    if field == "params":
        return _part_of_parameters(below[1:])
    if field == "body":
        return field
    return "typed" if field in {"returns", "bases", "keywords", "type_parameters", "value"} else "outside"


def _holds(value: object, node: cst.CSTNode) -> bool:
    return value is node or (isinstance(value, (list, tuple)) and any(each is node for each in value))


def _part_of_parameters(below: Sequence[cst.CSTNode]) -> str:
    if len(below) < 2 or not isinstance(below[0], cst.Param) or below[1] is below[0].name:
        return "body"
    return "typed" if below[1] is below[0].annotation else "outside"


def _types_of(definition: cst.CSTNode) -> Iterator[cst.CSTNode]:
    types = getattr(definition, "type_parameters", None)
    if types is not None:
        yield types
