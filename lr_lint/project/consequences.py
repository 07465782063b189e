"""What a call of a function of the same file changes besides giving a result: its arguments, and variables around it.

A statement such as ``normalise(args)`` binds nothing, and yet ``args`` holds something else after it. For every
function of a file this says which of its parameters it changes in place, which variables outside it it assigns or
changes, and which attributes of its object, through all the functions of the file that it calls in turn. Callees are
told by their last name, so one call may stand for several functions; what any of them changes counts. Calls of
functions of other files are not looked at here: the interpreter runs those, see `Module.hands_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst

from lr_lint.project.aliases import assignments, behind, calls_giving, copied_by, held_by, roots_of_alias
from lr_lint.project.binders import SELF, body_of, parameters_of, target_names
from lr_lint.project.blocks import units
from lr_lint.project.calls_made import MadeCall, arguments_changed, calls_run_by, roots_in
from lr_lint.project.effects import Effects, root_of
from lr_lint.project.knowledge import CONTAINER_METHODS
from lr_lint.project.scopes import Scopes
from lr_lint.source.tree import children, dotted_name, last_name, walk

_CONSTRUCTOR = "__init__"
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
# Builtins after which any variable of the module may hold anything, and those that are so where they are given nothing.
_CHANGING_ALL = frozenset({"exec", "eval", "globals"})
_CHANGING_ALL_BARE = frozenset({"locals", "vars"})
# Functions that make a callable of what they are given.
_MAKING_CALLABLES = frozenset("partial methodcaller attrgetter itemgetter getattr".split())
# Methods that run as a block is entered and left.
_OF_CONTEXTS = ("__enter__", "__exit__", "__aenter__", "__aexit__")
# Methods that run when their object is called.
_CALLED = frozenset({"__call__", "forward"})


@dataclass(slots=True)
class Consequences:
    """What calling a function changes.

    Attributes:
        function: the function.
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


@dataclass(frozen=True, slots=True)
class _Values:
    """What the functions change that any variable may hold.

    Attributes:
        names: variables around them, and those of whose objects they are methods.
        change_their_object: whether objects that are called change themselves.
        change_arguments: whether some of them change what they are given.
    """

    names: frozenset[str]
    change_their_object: bool
    change_arguments: bool


class CallConsequences:
    """The consequences of calls within one file, found out when they are first asked for."""

    def __init__(self, tree: cst.Module, effects: Callable[[cst.CSTNode], Effects], scopes: Scopes) -> None:
        """Take a file.

        Args:
            tree: its syntax tree.
            effects: gives those of a node.
            scopes: tells whose a name is.
        """
        self._tree = tree
        self._effects = effects
        self._scopes = scopes
        self._of_function: dict[cst.FunctionDef, Consequences] = {}
        self._by_name: dict[str, list[cst.FunctionDef]] = {}
        for node in scopes.index.definitions:
            if isinstance(node, cst.FunctionDef):
                self._by_name.setdefault(node.name.value, []).append(node)
                self._of_function[node] = Consequences(node)
            else:
                constructors = (each for each in node.body.body if isinstance(each, cst.FunctionDef))
                made = [each for each in constructors if each.name.value == _CONSTRUCTOR]
                self._by_name.setdefault(node.name.value, []).extend(made)
        self._aliases = {function: _aliases(function) for function in self._of_function}
        self.handed_on = self._used_as_values()
        self._values: _Values | None = None
        # What calls change of which nothing more will be found out.
        self._by_call: dict[cst.Call, frozenset[str]] = {}
        self._calling_values: dict[cst.Call, bool] = {}
        self._is_complete = False
        for consequences in self._of_function.values():
            self._add_own(consequences)
        self._hand_on()
        self._add_given_on()
        self._is_complete = True

    def changed_by(self, node: cst.CSTNode) -> frozenset[str]:
        """The names, of the scope that a statement stands in, that the calls in it change through what they call."""
        found: set[str] = set()
        for made in calls_run_by(node):
            found |= made.all_seen_outside(self._changed_by_call(made.call))
        for decorator in getattr(node, "decorators", ()):
            named = decorator.decorator.func if isinstance(decorator.decorator, cst.Call) else decorator.decorator
            for function in self._by_name.get(last_name(named), ()):
                # What it returns may be called with the function at once.
                inner = (each for each in walk(function) if isinstance(each, cst.FunctionDef))
                found.update(*(self._of_function[each].outer for each in inner))
        for name in self._effects(node).touches:
            # ``groups()[0]["lr"] = ...`` changes what the function gives.
            found.update(outer for each in self._by_name.get(name, ()) for outer in self._of_function[each].gives_outer)
        for context in _contexts_in(node):
            found |= self.changed_by_contexts(context)
        return frozenset(found)

    def changed_by_contexts(self, node: cst.With) -> frozenset[str]:
        """The names whose objects the context managers of a statement may change: what they are given, and outside.

        Through the name that one is given under, the statement itself changes what the context manager was given.
        """
        found: set[str] = set()
        methods = [self._of_function[each] for name in _OF_CONTEXTS for each in self._by_name.get(name, ())]
        changing = any(each.attributes or each.parameters for each in methods)
        for item in node.items:
            found |= self.changed_by(item.item)
            names = set() if item.asname is None else {each.value for each in target_names(item.asname.name)}
            if changing or not names.isdisjoint(self._effects(node.body).touches):
                found.update(roots_in(item.item))
        return frozenset(found.union(*(each.outer for each in methods)))

    def functions_called(self, call: cst.Call) -> Sequence[cst.FunctionDef]:
        """The functions of this file that a call may call, by the last name of its callee."""
        return self._by_name.get(callee_name(call), ())

    def functions_called_in(self, node: cst.CSTNode) -> bool:
        """Whether running a node may call a function of this file."""
        return any(self.functions_called(made.call) for made in calls_run_by(node))

    def functions_meant(self, node: cst.CSTNode) -> Sequence[cst.FunctionDef]:
        """The functions of this file that a name, or an attribute of something, may stand for."""
        return self._by_name.get(last_name(node), ()) if isinstance(node, (cst.Name, cst.Attribute)) else ()

    @cached_property
    def variables_of_module(self) -> frozenset[str]:
        """The names that the module binds, and those that functions bind for it."""
        names = set(self._scopes.locals_of(self._tree))
        for function in self._of_function:
            names.update(name for name, word in self._scopes.outer_names(function).items() if word == "global")
        return frozenset(names)

    def changes_all(self, node: cst.CSTNode) -> bool:
        """Whether after a statement any variable of the module may hold anything."""
        if (_CHANGING_ALL | _CHANGING_ALL_BARE).isdisjoint(self._scopes.index.calls):
            return False
        return any(_changes_all(made.call) for made in calls_run_by(node))

    def of(self, function: cst.FunctionDef) -> Consequences:
        """What calling a function of this file changes."""
        return self._of_function[function]

    def changed_when_called(self, function: cst.FunctionDef | cst.Lambda) -> frozenset[str]:
        """The variables around a function, or a lambda, that calling it changes."""
        if isinstance(function, cst.FunctionDef):
            return frozenset(self._of_function[function].outer)
        own = {each.name.value for each in parameters_of(function.params)}
        return (self._effects(function.body).touches | self.changed_by(function.body)) - own

    def functions(self) -> Iterable[Consequences]:
        """What calling each function of this file changes."""
        return self._of_function.values()

    def _changed_by_call(self, call: cst.Call) -> frozenset[str]:
        """The names whose objects a call changes, as they are called where it stands."""
        known = self._by_call.get(call)
        if known is None:
            known = frozenset(self._names_changed_by(call))
            if self._is_complete or not self._may_run_own_functions(call):
                self._by_call[call] = known
        return known

    def _may_run_own_functions(self, call: cst.Call) -> bool:
        """Whether a function of this file may run when something is called: then it counts what that changes."""
        return (
            bool(self.functions_called(call))
            or self._may_call_a_value(call)
            or any(self.functions_meant(argument.value) for argument in call.args)
        )

    def _names_changed_by(self, call: cst.Call) -> Iterator[str]:
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in CONTAINER_METHODS:
            root = root_of(call.func.value)
            if root is not None:
                yield root
        for argument in arguments_changed(call):
            yield from roots_in(argument)
        functions = self.functions_called(call)
        if not functions and self._may_call_a_value(call):
            yield from self._changed_by_values(call)
            yield from self._changed_by_held(call)
        if not functions:
            yield from self._changed_by_given(call)
        if _changes_all(call):
            yield from self.variables_of_module
        for function in functions:
            known = self._of_function[function]
            yield from known.outer
            if isinstance(call.func, (cst.Attribute, cst.Call)) and known.attributes:
                root = root_of(call.func.value if isinstance(call.func, cst.Attribute) else call.func)
                yield from known.attributes if root == SELF else [root] if root is not None else []
                yield from self._changed_made_object(call.func)
            for parameter, argument in _bound(call, function) if known.parameters else ():
                if parameter in known.parameters:
                    yield from roots_in(argument)

    def _changed_made_object(self, callee: cst.BaseExpression) -> Iterator[str]:
        """What the object of a method holds that is made on the spot: ``Guard(box).close()``."""
        receiver = callee.value if isinstance(callee, cst.Attribute) else callee
        if isinstance(receiver, cst.Call):
            yield from roots_in(receiver)

    def _changed_by_given(self, call: cst.Call) -> Iterator[str]:
        """What the functions change that a call is given: it may call them, with whatever else it is given."""
        for argument in call.args:
            yield from changed_by_method(argument.value)
            for function in self.functions_meant(argument.value):
                known = self._of_function[function]
                yield from known.outer
                root = root_of(argument.value) if isinstance(argument.value, cst.Attribute) else None
                if known.attributes and root is not None:
                    yield root
                if known.parameters:
                    yield from (name for other in call.args if other is not argument for name in roots_in(other.value))

    def _used_as_values(self) -> dict[cst.FunctionDef, set[str]]:
        """The functions that are handed on rather than called: any unknown callee may be one of them.

        With each go the variables of whose objects it is a method.
        """
        called = {id(call.func) for calls in self._scopes.index.calls.values() for call in calls}
        found: dict[cst.FunctionDef, set[str]] = {}
        for definition in self._scopes.index.definitions:
            called.update(id(each.decorator) for each in definition.decorators)
            if isinstance(definition, cst.FunctionDef) and definition.decorators:
                # Whoever decorates it may keep it, and call it later.
                found.setdefault(definition, set())
        for node in (*self._scopes.index.of(cst.Name), *self._scopes.index.of(cst.Attribute)):
            if id(node) in called:
                continue
            for function in self._by_name.get(last_name(node), ()):
                if node is not function.name and function.name.value != _CONSTRUCTOR:
                    root = root_of(node.value) if isinstance(node, cst.Attribute) else None
                    found.setdefault(function, set()).update([root] if root is not None else [])
        return found

    def _may_call_a_value(self, call: cst.Call) -> bool:
        """Whether a callee may be a function that was handed on: a variable, an item, what another call gives."""
        if isinstance(call.func, cst.Attribute):
            return False
        known = self._calling_values.get(call)
        if known is None:
            known = self._calling_values[call] = self._has_a_value_for_callee(call)
        return known

    def _has_a_value_for_callee(self, call: cst.Call) -> bool:
        home = self._scopes.resolve(call.func.value, call) if isinstance(call.func, cst.Name) else None
        if home is None:
            return not isinstance(call.func, cst.Name)
        paths = [self._scopes.index.path_to(binder) for binder in self._scopes.binders(home)]
        return any(not isinstance(path[-1], _DEFINITIONS) and not _is_in_import(path) for path in paths)

    def _changed_by_values(self, call: cst.Call) -> Iterator[str]:
        if self._values is None:
            self._values = self._all_values()
        values = self._values
        yield from values.names
        root = root_of(call.func) if values.change_their_object else None
        if root is not None:
            yield root
        if values.change_arguments:
            yield from self._given_to_value(call)

    def _all_values(self) -> _Values:
        """What any callee changes that may be a function which was handed on, or an object that can be called."""
        handed_on = [(self._of_function[function], receivers) for function, receivers in self.handed_on.items()]
        called = [self._of_function[each] for name in _CALLED for each in self._by_name.get(name, ())]
        names = {name for known, receivers in handed_on if known.attributes for name in receivers}
        both = [*(known for known, _ in handed_on), *called]
        return _Values(
            frozenset(names.union(*(known.outer for known in both))),
            any(known.attributes for known in called),
            any(known.parameters for known in both),
        )

    def _changed_by_held(self, call: cst.Call) -> Iterator[str]:
        """What a method changes that a variable or an item holds, or a partial function of one."""
        if isinstance(call.func, cst.Name):
            home = self._scopes.resolve(call.func.value, call)
            binders = () if home is None else self._scopes.binders(home)
            given = [_callable_given(self._scopes.index.path_to(binder)) for binder in binders]
            if any(value is not None and not self._is_harmless_partial(value) for value in given):
                yield call.func.value
        elif not self._is_harmless_partial(call.func):
            root = root_of(call.func)
            yield from [] if root is None else [root]
            yield from self._given_to_value(call)

    def _is_harmless_partial(self, value: cst.CSTNode) -> bool:
        """Whether a value is a partial function of one of this file that changes nothing."""
        if not isinstance(value, cst.Call) or last_name(value.func) not in _MAKING_CALLABLES or not value.args:
            return False
        functions = list(self.functions_meant(value.args[0].value))
        return bool(functions) and all(self._of_function[each].size == 0 for each in functions)

    def _given_to_value(self, call: cst.Call) -> Iterator[str]:
        for argument in call.args:
            yield from roots_in(argument.value)
        if isinstance(call.func, cst.Call):
            for argument in call.func.args:
                yield from roots_in(argument.value)

    def held_by(self, statement: cst.CSTNode) -> Iterator[tuple[str, str]]:
        """Variables with those whose objects, or parts of them, a statement gives them; calls of this file included."""
        yield from held_by(statement)
        for targets, value in assignments(statement):
            roots = [root for call in calls_giving(value) for root in self._given_on_by(call)]
            for target in targets:
                for name in target_names(target):
                    yield from ((name.value, root) for root in roots)

    def _given_on_by(self, call: cst.Call) -> Iterator[str]:
        """The variables whose objects what a call gives may be, or keep."""
        for function in self.functions_called(call):
            given_on = self._of_function[function].gives_on
            for parameter, argument in _bound(call, function):
                if parameter in given_on:
                    yield from roots_in(argument)

    def _add_given_on(self) -> None:
        """Which of its parameters a function returns, or keeps in an object that changes them later."""
        changed = {name for each in self._of_function.values() for name in each.changes_in_place}
        for function, known in self._of_function.items():
            parameters = {each.name.value for each in parameters_of(function.params)} - {SELF}
            held = self._aliases[function]
            for unit, _ in units(body_of(function)):
                roots: set[str] = set()
                given = _given_by(unit)
                if given is not None:
                    roots = set(roots_of_alias(given))
                elif function.name.value == _CONSTRUCTOR:
                    for targets, value in assignments(unit):
                        if changed.intersection(root_of(target) or "" for target in targets):
                            roots |= set(roots_of_alias(value))
                for root in tuple(roots):
                    roots |= behind(root, held)
                known.gives_on |= roots & parameters
                if given is not None:
                    own = self._scopes.locals_of(function)
                    known.gives_outer |= {root for root in roots - own - parameters if "." not in root and root != SELF}

    def _add_own(self, consequences: Consequences) -> None:
        """What a function changes by its own statements."""
        function = consequences.function
        declared = self._scopes.outer_names(function).keys()
        held = self._aliases[function]
        changed: set[str] = set()
        beyond: set[str] = set()
        for statement in body_of(function):
            effects = self._effects(statement)
            changed |= effects.touches
            beyond |= effects.changes | (effects.binds & declared)
            consequences.outer |= effects.binds & declared
            consequences.attributes |= {name for name in effects.binds if name.startswith(f"{SELF}.")}
        augmented = changed - beyond
        for name in tuple(changed):
            changed |= behind(name, held)
        self._note(consequences, changed)
        if augmented and consequences.outer:
            self._note_copies(consequences, augmented, beyond)

    def _note_copies(self, consequences: Consequences, augmented: set[str], beyond: set[str]) -> None:
        """What a function augments copies of, and does nothing else to.

        Args:
            consequences: of the function.
            augmented: the variables that it augments only.
            beyond: those that it changes in another way.
        """
        copies = copies_in(body_of(consequences.function))
        copied: set[str] = set()
        pending = list(augmented)
        while pending:
            for root, leaf in copies.get(pending.pop(), ()):
                if leaf is None:
                    beyond = beyond | {root}
                elif leaf:
                    consequences.parts.add(leaf)
                    copied.add(root)
                elif root not in copied:
                    copied.add(root)
                    pending.append(root)
        held = self._aliases[consequences.function]
        consequences.copied = consequences.outer & copied.difference(beyond, *(behind(name, held) for name in beyond))

    def _note(self, consequences: Consequences, changed: set[str]) -> None:
        """Sorts names that a function changes by whose they are."""
        function = consequences.function
        parameters = {each.name.value for each in parameters_of(function.params)}
        own = self._scopes.locals_of(function)
        in_place = {name for name in changed if name.startswith(f"{SELF}.")}
        consequences.attributes |= in_place
        consequences.changes_in_place |= in_place
        plain = {name for name in changed if not name.startswith(f"{SELF}.")}
        if SELF in plain and SELF in parameters:
            # ``setattr(self, name, value)`` changes whatever attribute.
            consequences.attributes |= {SELF, f"{SELF}.__dict__"}
        consequences.parameters |= plain & parameters - {SELF}
        consequences.outer |= plain - own - parameters

    def _hand_on(self) -> None:
        """Adds what functions change through those that they call, until nothing is new."""
        calls = {function: list(_calls_in(function)) for function in self._of_function}
        callers = self._callers(calls)
        pending = dict.fromkeys(_callees_first(self._of_function, callers))
        while pending:
            function = next(iter(pending))
            del pending[function]
            known = self._of_function[function]
            before = known.size
            by_calls = self._changed_by_made(function, calls[function])
            self._note(known, by_calls)
            known.copied -= by_calls
            if known.size != before:
                self._values = None
                pending.update(dict.fromkeys(callers.get(function, ())))

    def _changed_by_made(self, function: cst.FunctionDef, calls: Sequence[MadeCall]) -> set[str]:
        changed: set[str] = set()
        for made in calls:
            changed |= made.all_seen_outside(self._changed_by_call(made.call))
        for name in tuple(changed):
            changed |= behind(name, self._aliases[function])
        return changed

    def _callers(
        self, calls: Mapping[cst.FunctionDef, Sequence[MadeCall]]
    ) -> dict[cst.FunctionDef, dict[cst.FunctionDef, None]]:
        """For each function those that may call it, by what they name or hand on."""
        by_callee: dict[cst.FunctionDef, dict[cst.FunctionDef, None]] = {}
        for caller, made in calls.items():
            for each in made:
                given = (function for argument in each.call.args for function in self.functions_meant(argument.value))
                for callee in (*self.functions_called(each.call), *given):
                    by_callee.setdefault(callee, {})[caller] = None
        of_values = {
            caller: None for caller, made in calls.items() if any(self._may_call_a_value(each.call) for each in made)
        }
        for callee in (*self.handed_on, *(each for name in _CALLED for each in self._by_name.get(name, ()))):
            by_callee.setdefault(callee, {}).update(of_values)
        return by_callee


def _callees_first(
    functions: Iterable[cst.FunctionDef], callers: Mapping[cst.FunctionDef, Iterable[cst.FunctionDef]]
) -> list[cst.FunctionDef]:
    """Functions in an order in which each comes before those that call it, as far as they do not call each other.

    A long chain of calls is gone through once then, and not once for each of its links.
    """
    finished: dict[cst.FunctionDef, None] = {}
    seen: set[cst.FunctionDef] = set()
    for start in functions:
        stack = [] if start in seen else [(start, iter(callers.get(start, ())))]
        seen.add(start)
        while stack:
            function, ways = stack[-1]
            caller = next((each for each in ways if each not in seen), None)
            if caller is None:
                finished[function] = None
                stack.pop()
            else:
                seen.add(caller)
                stack.append((caller, iter(callers.get(caller, ()))))
    return list(reversed(finished))


def _given_by(unit: cst.CSTNode) -> cst.BaseExpression | None:
    """What a statement gives to whoever has called: what it returns, or yields."""
    if isinstance(unit, cst.Return):
        return unit.value
    made = unit.value if isinstance(unit, cst.Expr) else None
    if not isinstance(made, cst.Yield):
        return None
    return made.value.item if isinstance(made.value, cst.From) else made.value


def _contexts_in(node: cst.CSTNode) -> Iterator[cst.With]:
    """The ``with`` statements that running a statement runs."""
    stack: list[cst.CSTNode] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.With):
            yield current
        if isinstance(current, (cst.BaseCompoundStatement, cst.BaseSuite)) and not isinstance(current, _DEFINITIONS):
            stack += children(current)


def callee_name(call: cst.Call) -> str:
    """The last name of what a call calls; that of the method in ``getattr(x, "method")()``."""
    callee = call.func
    if isinstance(callee, cst.Call) and dotted_name(callee.func) == "getattr" and len(callee.args) > 1:
        name = callee.args[1].value
        if isinstance(name, cst.SimpleString) and isinstance(name.evaluated_value, str):
            return name.evaluated_value
    return last_name(callee)


def changed_by_method(value: cst.BaseExpression) -> Iterator[str]:
    """The variable of a container whose method somebody is given: ``map(table.update, ...)``."""
    if isinstance(value, cst.Attribute) and value.attr.value in CONTAINER_METHODS:
        root = root_of(value.value)
        if root is not None:
            yield root


def _changes_all(call: cst.Call) -> bool:
    if not isinstance(call.func, cst.Name):
        return False
    return call.func.value in _CHANGING_ALL or (call.func.value in _CHANGING_ALL_BARE and not call.args)


def _callable_given(path: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
    """What a name, given by the ancestors of what binds it, is assigned, where it may be a method or a partial."""
    assigned = next((node for node in reversed(path) if isinstance(node, (cst.Assign, cst.For, cst.NamedExpr))), None)
    value = assigned.iter if isinstance(assigned, cst.For) else getattr(assigned, "value", None)
    if isinstance(value, cst.Call):
        return value if last_name(value.func) in _MAKING_CALLABLES else None
    holds = isinstance(value, (cst.Attribute, cst.Subscript, cst.List, cst.Tuple, cst.Dict, cst.IfExp))
    return value if holds else None


def _is_in_import(path: Sequence[cst.CSTNode]) -> bool:
    return any(isinstance(node, cst.ImportAlias) for node in path[-2:])


def _calls_in(function: cst.FunctionDef) -> Iterator[MadeCall]:
    for statement in body_of(function):
        yield from calls_run_by(statement)


def _bound(call: cst.Call, function: cst.FunctionDef) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The arguments of a call with the parameters that they may be bound to."""
    names = [each.name.value for each in (*function.params.posonly_params, *function.params.params)]
    if names[:1] in ([SELF], ["cls"]):
        names = names[1:]
    position = 0
    for argument in call.args:
        if argument.star:
            # It may be any of them.
            yield from ((name, argument.value) for name in names)
        elif argument.keyword is not None:
            yield argument.keyword.value, argument.value
        else:
            if position < len(names):
                yield names[position], argument.value
            elif isinstance(function.params.star_arg, cst.Param):
                yield function.params.star_arg.name.value, argument.value
            position += 1


def copies_in(body: Sequence[cst.CSTNode]) -> dict[str, set[tuple[str, str | None]]]:
    """What the statements of a body, those in its blocks too, give variables of others; see `copied_by`."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for unit, _ in units(body):
        for name, root, leaf in copied_by(unit):
            found.setdefault(name, set()).add((root, leaf))
    return found


def _aliases(function: cst.FunctionDef) -> dict[str, set[str]]:
    """The variables of a function that may hold an object of another, or a part of it: by name, whose."""
    found: dict[str, set[str]] = {}
    for unit, _ in units(body_of(function)):
        for name, root in held_by(unit):
            found.setdefault(name, set()).add(root)
    return found
