"""Variables that may change at times that nobody can tell: what a thread, a callback or an operator changes.

Most functions run where they are called. Some run when somebody else sees fit: those that are handed to a library,
those that Python calls by itself (operators, properties, generators as they are gone through, coroutines), those of
classes that a library knows. What such functions change is not known at any place of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeGuard

import libcst as cst

from lr_lint.project.aliases import held_by
from lr_lint.project.binders import FUNCTIONS, body_of, target_names, yields
from lr_lint.project.blocks import units
from lr_lint.project.calls_made import roots_in
from lr_lint.project.consequences import CallConsequences, changed_by_method
from lr_lint.project.effects import root_of
from lr_lint.project.knowledge import CONTAINER_METHODS
from lr_lint.project.own_changes import Consequences, copies_in
from lr_lint.project.scheduled import GIVING, names_scheduled
from lr_lint.project.scopes import Binding, Scopes
from lr_lint.project.spelled_names import names_given
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary.contract_rows import BUILT_IN

# Methods that Python calls where the code says so: constructors, and what calls and ``with`` statements name.
_CALLED_IN_SIGHT = frozenset("__init__ __post_init__ __call__ __enter__ __exit__ __aenter__ __aexit__".split())
_GETTERS = frozenset({"property", "cached_property"})
_CONTAINERS = frozenset("dict list set defaultdict OrderedDict SimpleNamespace Namespace EasyDict".split())
# What binds a name to something that is not changed by what is called on it.
_NAMING = (cst.FunctionDef, cst.ClassDef, cst.ImportAlias)
# Functions that make a tensor, or an array, of a number.
_TENSORS = frozenset("tensor as_tensor Tensor FloatTensor scalar_tensor full ones zeros array asarray".split())
# Functions that call what they are given before they return, and do not keep it.
_RUN_AT_ONCE = frozenset({"reduce", "functools.reduce"})
# Builtins that are given classes and functions, and call none of them.
_ASKING = frozenset("super isinstance issubclass type id callable hasattr hash len print repr str".split())
_CHANGING = (cst.Lambda, cst.ClassDef, cst.AssignTarget, cst.AugAssign, cst.Del, cst.Call)
# Schedulers are given the functions that are judged.
_SCHEDULERS = BUILT_IN.calling


@dataclass(slots=True)
class Volatile:
    """What may change at any time.

    Attributes:
        variables: names by the scope that binds them.
        attributes: names of attributes, of whatever object.
        parts: names of attributes, and keys, whose values are copied and augmented, which changes all but numbers.
        rebound: those of the variables, by scope, that functions assign, so that numbers in them change as well.
    """

    variables: dict[cst.CSTNode, set[str]] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    rebound: dict[cst.CSTNode, set[str]] = field(default_factory=dict)

    def holds(self, scope: cst.CSTNode, name: str) -> bool:
        """Whether a variable of a scope is among them."""
        names = self.variables.get(scope)
        return names is not None and name in names

    def is_rebound(self, scope: cst.CSTNode, name: str) -> bool:
        """Whether a function assigns it, rather than changing what it holds in place."""
        return name in self.rebound.get(scope, ())


def volatile_in(tree: cst.Module, scopes: Scopes, consequences: CallConsequences) -> Volatile:
    """What may change at any time in a file.

    Args:
        tree: its syntax tree.
        scopes: tells whose a name is.
        consequences: what calls of its functions change.
    """
    return _Finder(tree, scopes, consequences).found


class _Finder:
    """Goes through the functions of a file that run unseen, and through what is handed to others."""

    def __init__(self, tree: cst.Module, scopes: Scopes, consequences: CallConsequences) -> None:
        self._tree = tree
        self._scopes = scopes
        self._consequences = consequences
        self.found = Volatile()
        self._in_place: set[Binding] = set()
        self._hold_tensors: dict[Binding, bool] = {}
        self._copied: list[Binding | None] = []
        definitions = scopes.index.definitions
        self._classes = {"object", *(each.name.value for each in definitions if isinstance(each, cst.ClassDef))}
        self._schedulers = scopes.index.aliases.added_to(_SCHEDULERS)
        for known in consequences.functions():
            self._add_function(known)
        for calls in scopes.index.calls.values():
            for call in calls:
                self._add_given(call)
        shared, changed = set[str](), set[str]()
        for node in scopes.index.among(_CHANGING):
            if isinstance(node, cst.Lambda):
                self._add_lambda(node)
            elif isinstance(node, cst.ClassDef):
                shared.update(_shared_by_objects(node))
            elif isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.Del)):
                changed.update(_attributes_changed(node.target))
                self.found.attributes.update(_attributes_of_class(node.target))
                self._add_tensor(node)
            elif isinstance(node, cst.Call):
                changed.update(_attributes_changed(node.func.value) if _changes_receiver(node.func) else ())
                self._add_tensor(node)
        self.found.attributes |= shared & changed
        self._add_sources_of_copies()
        self._add_aliases()
        if self.found.variables:
            self._add_rebound()

    def _add_function(self, known: Consequences) -> None:
        """What a function changes that Python or a library calls at times of its own."""
        function = known.function
        if not known.outer and not known.attributes:
            return
        around = self._scopes.scopes_at(function)[0]
        in_class = around if isinstance(around, cst.ClassDef) else None
        if self._runs_later(function) or (in_class is not None and _is_called_by_python(function)):
            self._add(known)
        elif in_class is not None and self._is_of_library(in_class):
            self._add_variables(function, known.outer)
        elif self._is_kept_by_others(function):
            kept = {name for name in known.outer if self._is_of_function(name, function)}
            self._add_variables(function, kept - known.copied)
            self._add_copied(known, kept & known.copied)
            if any(self._is_variable(each.decorator) for each in function.decorators):
                self._add(known)

    def _add_copied(self, known: Consequences, names: set[str]) -> None:
        """Variables of whose values, or parts of them, a function augments copies."""
        if names:
            self.found.parts |= known.parts
            copies = copies_in(body_of(known.function))
            bare = {root for given in copies.values() for root, leaf in given if not leaf}
            self._copied += [self._scopes.resolve(name, known.function) for name in names & bare]

    def _is_kept_by_others(self, function: cst.FunctionDef) -> bool:
        """Whether a function is handed on to anybody but a scheduler."""
        if function not in self._consequences.callees.handed_on:
            return False
        if function.decorators:
            return True
        for node in self._scopes.index.spelled(function.name.value):
            path = self._scopes.index.path_to(node)
            call = path[-2] if isinstance(path[-1], cst.Arg) else path[-1]
            if not isinstance(call, cst.Call) or (call.func is not node and not self._keeps_nothing(call)):
                return True
        return False

    def _keeps_nothing(self, call: cst.Call) -> bool:
        """Whether a call runs what it is given there and then or not at all, or is a scheduler given its callable."""
        if (dotted_name(call.func) or "") in _RUN_AT_ONCE or self._only_asks(call.func):
            return True
        if last_name(call.func) == "partial":
            # What binds arguments calls nothing; whoever gets the result may.
            given = names_given(call.args[0].value) if call.args else ()
            return not self._schedulers.isdisjoint(names_given(call)) or not self._scheduled.isdisjoint(given)
        return not self._schedulers.isdisjoint(names_given(call.func))

    def _only_asks(self, callee: cst.BaseExpression) -> bool:
        if not isinstance(callee, cst.Name) or callee.value not in _ASKING:
            return False
        return self._scopes.resolve(callee.value, callee) is None

    @cached_property
    def _scheduled(self) -> frozenset[str]:
        return names_scheduled(self._scopes.index.among(GIVING), self._schedulers)

    def _runs_later(self, function: cst.FunctionDef) -> bool:
        """Whether calling a function does not run it yet: a generator, a coroutine."""
        return function.asynchronous is not None or yields(body_of(function))

    def _is_of_library(self, definition: cst.ClassDef) -> bool:
        """Whether a class derives from one that this file does not define, so that others may call its methods."""
        return any(last_name(base.value) not in self._classes for base in definition.bases)

    def _is_of_function(self, name: str, node: cst.CSTNode) -> bool:
        binding = self._scopes.resolve(name, node)
        return binding is not None and isinstance(binding.scope, FUNCTIONS)

    def _is_variable(self, node: cst.BaseExpression) -> bool:
        """Whether an expression starts from a variable rather than from an import or a definition."""
        root = root_of(node)
        binding = None if root is None else self._scopes.resolve(root, node)
        if binding is None:
            return False
        return self._is_bound_to_object(binding)

    def _add_given(self, call: cst.Call) -> None:
        """What the functions change that a call hands to somebody else than a function of this file."""
        if self._consequences.callees.called_by(call) or self._keeps_nothing(call):
            return
        for argument in call.args:
            self._add_variables(call, changed_by_method(argument.value))
            for function in self._consequences.callees.meant_by(argument.value):
                known = self._consequences.of(function)
                self._add(known)
                if known.parameters:
                    others = [each.value for each in call.args if each is not argument]
                    self._add_variables(call, {root for other in others for root in roots_in(other)})

    def _add_lambda(self, node: cst.Lambda) -> None:
        """What a lambda changes around it, and what holds one that changes the default of a parameter."""
        self._add_variables(node, self._consequences.changed_when_called(node))
        if self._consequences.changes_own_default(node):
            self._add_holders(node)

    def _add_holders(self, node: cst.Lambda) -> None:
        """The variables that an assignment gives a lambda."""
        assigned = self._scopes.index.path_to(node)[-1]
        for each in assigned.targets if isinstance(assigned, cst.Assign) else ():
            for name in target_names(each.target):
                binding = self._scopes.resolve(name.value, name)
                self._in_place |= set() if binding is None else {binding}

    def _add_tensor(self, node: cst.AssignTarget | cst.AugAssign | cst.Del | cst.Call) -> None:
        """A number in a tensor that changes in place: ``rate.fill_(1.0)``, ``rate *= 10``."""
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            name = node.func.attr.value
            changed = node.func.value if name.endswith("_") and not name.endswith("__") else None
        else:
            changed = node.target if isinstance(node, cst.AugAssign) else None
        binding = self._scopes.resolve(changed.value, changed) if isinstance(changed, cst.Name) else None
        if binding is not None and self._may_hold_tensor(binding):
            self._in_place.add(binding)

    def _may_hold_tensor(self, binding: Binding) -> bool:
        """Whether an assignment gives a variable a tensor. It may be changed in very many places."""
        known = self._hold_tensors.get(binding)
        if known is None:
            paths = map(self._scopes.index.path_to, self._scopes.binders(binding))
            known = self._hold_tensors[binding] = any(map(_makes_tensor, paths))
        return known

    def _add(self, known: Consequences) -> None:
        self._add_variables(known.function, known.outer)
        self.found.attributes |= {name.partition(".")[2] for name in known.attributes}

    def _add_variables(self, node: cst.CSTNode, names: Iterable[str]) -> None:
        for name in names:
            root, _, attribute = name.partition(".")
            if attribute:
                self.found.attributes.add(attribute)
                continue
            binding = self._scopes.resolve(root, node)
            if binding is not None and self._is_bound_to_object(binding):
                self._in_place.add(binding)

    def _is_bound_to_object(self, binding: Binding) -> bool:
        """Whether a variable holds something that changes, rather than a module, a function or a class."""
        paths = [self._scopes.index.path_to(binder) for binder in self._scopes.binders(binding)]
        return any(not any(isinstance(node, _NAMING) for node in path[-2:]) for path in paths)

    def _add_aliases(self) -> None:
        """The other names of what may change: whoever holds the object, or a part of it."""
        pending = list(self._in_place)
        partners = self._partners() if pending else {}
        while pending:
            binding = pending.pop()
            self.found.variables.setdefault(binding.scope, set()).add(binding.name)
            new = partners.get(binding, set()) - self._in_place
            self._in_place |= new
            pending += new

    def _add_sources_of_copies(self) -> None:
        """What else the variables hold of which copies are augmented: other variables, or parts of them."""
        seen: set[Binding] = set()
        pending = [each for each in self._copied if each is not None]
        while pending:
            binding = pending.pop()
            if binding in seen:
                continue
            seen.add(binding)
            self.found.variables.setdefault(binding.scope, set()).add(binding.name)
            for root, leaf in copies_in(body_of(binding.scope)).get(binding.name, ()):
                source = self._scopes.resolve(root, self._scopes.binders(binding)[0])
                if leaf:
                    self.found.parts.add(leaf)
                elif source is not None:
                    pending.append(source)
                    self._in_place |= {source} if leaf is None else set()

    def _add_rebound(self) -> None:
        for known in self._consequences.functions():
            for name, word in self._scopes.outer_names(known.function).items():
                binding = None if word == "global" else self._scopes.resolve(name, known.function)
                scope = self._tree if binding is None else binding.scope
                self.found.rebound.setdefault(scope, set()).add(name)

    def _partners(self) -> dict[Binding, set[Binding]]:
        partners: dict[Binding, set[Binding]] = {}
        for scope in (self._tree, *(each.function for each in self._consequences.functions())):
            for unit, _ in units(body_of(scope)):
                for name, root in held_by(unit):
                    pair = [self._scopes.resolve(each, unit) for each in (name, root)]
                    if pair[0] is not None and pair[1] is not None:
                        partners.setdefault(pair[0], set()).add(pair[1])
                        partners.setdefault(pair[1], set()).add(pair[0])
        return partners


def _is_called_by_python(function: cst.FunctionDef) -> bool:
    """Whether a method is an operator, or what a property reads."""
    name = function.name.value
    if name.startswith("__") and name.endswith("__"):
        return name not in _CALLED_IN_SIGHT
    return any(last_name(each.decorator) in _GETTERS for each in function.decorators)


def _shared_by_objects(definition: cst.ClassDef) -> Iterator[str]:
    """The names that a class body gives containers, which all objects of the class share."""
    for statement in definition.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, (cst.Assign, cst.AnnAssign)) and _is_container(small.value):
                assigned = [each.target for each in small.targets] if isinstance(small, cst.Assign) else [small.target]
                yield from (each.value for each in assigned if isinstance(each, cst.Name))


def _is_container(value: cst.BaseExpression | None) -> bool:
    if isinstance(value, cst.Call):
        return last_name(value.func) in _CONTAINERS
    return isinstance(value, (cst.Dict, cst.List, cst.Set, cst.DictComp, cst.ListComp))


def _attributes_changed(target: cst.CSTNode) -> Iterator[str]:
    """The attributes whose objects an assignment to a target changes in place."""
    while isinstance(target, (cst.Attribute, cst.Subscript)):
        target = target.value
        if isinstance(target, cst.Attribute):
            yield target.attr.value


def _attributes_of_class(target: cst.CSTNode) -> Iterator[str]:
    """The attribute that is assigned to the class of an object: ``type(plan).scale = 1``."""
    if isinstance(target, cst.Attribute):
        owner = target.value
        by_type = isinstance(owner, cst.Call) and isinstance(owner.func, cst.Name) and owner.func.value == "type"
        if by_type or last_name(owner) == "__class__":
            yield target.attr.value


def _changes_receiver(callee: cst.BaseExpression) -> TypeGuard[cst.Attribute]:
    return isinstance(callee, cst.Attribute) and callee.attr.value in CONTAINER_METHODS


def _makes_tensor(path: Sequence[cst.CSTNode]) -> bool:
    """Whether the assignment that binds a name, given by its ancestors, gives it a tensor."""
    assigned = next((node for node in reversed(path) if isinstance(node, (cst.Assign, cst.AnnAssign))), None)
    value = assigned.value if assigned is not None else None
    name = dotted_name(value.func) if isinstance(value, cst.Call) else None
    return name is not None and name.rpartition(".")[2] in _TENSORS
