"""What a call of a function of the same file changes besides giving a result: its arguments, and variables around it.

A statement such as ``normalise(args)`` binds nothing, and yet ``args`` holds something else after it. For every
function of a file this says which of its parameters it changes in place, which variables outside it it assigns or
changes, and which attributes of its object, through all the functions of the file that it calls in turn. Callees are
told by their last name, so one call may stand for several functions; what any of them changes counts. Calls of
functions of other files are not looked at here: the interpreter runs those, see `Module.hands_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.aliases import assignments, behind, calls_giving, held_by, roots_of_alias
from lr_lint.project.binders import SELF, body_of, parameters_of, target_names
from lr_lint.project.blocks import units
from lr_lint.project.effects import Effects, root_of
from lr_lint.project.scopes import Scopes
from lr_lint.source.tree import children, last_name, walk

_CONSTRUCTOR = "__init__"
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
# Methods of the builtin containers that change them, wherever they are called.
_CHANGING = frozenset(
    "update append extend insert pop popitem setdefault clear remove discard add sort reverse __setitem__ __delitem__ "
    "__setattr__".split()
)
# Builtins after which any variable of the module may hold anything.
_CHANGING_ALL = frozenset({"exec", "globals"})
# Rounds in which what a function changes is handed on to those that call it; chains of calls are short.
_MOST_ROUNDS = 6


@dataclass(slots=True)
class Consequences:
    """What calling a function changes.

    Attributes:
        function: the function.
        parameters: those whose objects it changes in place.
        outer: variables of the scopes around it that it assigns or changes in place.
        attributes: attributes of ``self`` that it assigns or changes.
        changes_in_place: those of them that it changes rather than assigns.
        gives_on: parameters whose objects, or parts of them, it returns, or keeps in an object that changes them.
    """

    function: cst.FunctionDef
    parameters: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    changes_in_place: set[str] = field(default_factory=set)
    gives_on: set[str] = field(default_factory=set)

    @property
    def names(self) -> frozenset[str]:
        """All of these, as they are called inside the function."""
        return frozenset(self.parameters | self.outer | self.attributes)

    @property
    def size(self) -> int:
        """How much it changes: grows as more is found out."""
        return len(self.parameters) + len(self.outer) + len(self.attributes)


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
        for node in walk(tree):
            if isinstance(node, cst.FunctionDef):
                self._by_name.setdefault(node.name.value, []).append(node)
                self._of_function[node] = Consequences(node)
            elif isinstance(node, cst.ClassDef):
                constructors = (each for each in node.body.body if isinstance(each, cst.FunctionDef))
                made = [each for each in constructors if each.name.value == _CONSTRUCTOR]
                self._by_name.setdefault(node.name.value, []).extend(made)
        self._aliases = {function: _aliases(function) for function in self._of_function}
        self._handed_on = self._used_as_values(tree)
        for consequences in self._of_function.values():
            self._add_own(consequences)
        self._hand_on()
        self._add_given_on()

    def changed_by(self, node: cst.CSTNode) -> frozenset[str]:
        """The names, of the scope that a statement stands in, that the calls in it change through what they call."""
        found: set[str] = set()
        for call in _calls_run_by(node):
            found.update(self._changed_by_call(call))
        for decorator in getattr(node, "decorators", ()):
            for function in self._by_name.get(last_name(decorator.decorator), ()):
                found |= self._of_function[function].outer
        return frozenset(found)

    def functions_called(self, call: cst.Call) -> Sequence[cst.FunctionDef]:
        """The functions of this file that a call may call, by the last name of its callee."""
        return self._by_name.get(last_name(call.func), ())

    def functions_called_in(self, node: cst.CSTNode) -> bool:
        """Whether running a node may call a function of this file."""
        return any(self.functions_called(call) for call in _calls_run_by(node))

    def changes_all(self, node: cst.CSTNode) -> bool:
        """Whether after a statement any variable of the module may hold anything."""
        if _CHANGING_ALL.isdisjoint(self._scopes.index.calls):
            return False
        return any(isinstance(call.func, cst.Name) and call.func.value in _CHANGING_ALL for call in _calls_run_by(node))

    def of(self, function: cst.FunctionDef) -> Consequences:
        """What calling a function of this file changes."""
        return self._of_function[function]

    def _changed_by_call(self, call: cst.Call) -> Iterator[str]:
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in _CHANGING:
            root = root_of(call.func.value)
            if root is not None:
                yield root
        functions = self.functions_called(call)
        if not functions and self._may_call_a_value(call):
            yield from self._changed_by_values(call)
        if isinstance(call.func, cst.Name) and call.func.value in _CHANGING_ALL:
            yield from self._scopes.locals_of(self._tree)
        for function in functions:
            known = self._of_function[function]
            yield from known.outer
            if isinstance(call.func, cst.Attribute) and known.attributes:
                root = root_of(call.func.value)
                yield from known.attributes if root == SELF else [root] if root is not None else []
            for parameter, argument in _bound(call, function):
                if parameter in known.parameters:
                    yield from _roots_in(argument)

    def _used_as_values(self, tree: cst.Module) -> dict[cst.FunctionDef, set[str]]:
        """The functions that are handed on rather than called: any unknown callee may be one of them.

        With each go the variables of whose objects it is a method.
        """
        called = {id(call.func) for calls in self._scopes.index.calls.values() for call in calls}
        found: dict[cst.FunctionDef, set[str]] = {}
        for node in walk(tree):
            if isinstance(node, cst.Decorator):
                called.add(id(node.decorator))
            if isinstance(node, cst.FunctionDef) and node.decorators:
                # Whoever decorates it may keep it, and call it later.
                found.setdefault(node, set())
            if not isinstance(node, (cst.Name, cst.Attribute)) or id(node) in called:
                continue
            for function in self._by_name.get(last_name(node), ()):
                if node is not function.name and function.name.value != _CONSTRUCTOR:
                    root = root_of(node.value) if isinstance(node, cst.Attribute) else None
                    found.setdefault(function, set()).update([root] if root is not None else [])
        return found

    def _may_call_a_value(self, call: cst.Call) -> bool:
        """Whether a callee may be a function that was handed on: a variable, an item, what another call gives."""
        if not self._handed_on or isinstance(call.func, cst.Attribute):
            return False
        home = self._scopes.resolve(call.func.value, call) if isinstance(call.func, cst.Name) else None
        if home is None:
            return not isinstance(call.func, cst.Name)
        paths = [self._scopes.index.path_to(binder) for binder in self._scopes.binders(home)]
        return any(not isinstance(path[-1], _DEFINITIONS) and not _is_in_import(path) for path in paths)

    def _changed_by_values(self, call: cst.Call) -> Iterator[str]:
        for function, receivers in self._handed_on.items():
            known = self._of_function[function]
            yield from known.outer
            if known.attributes:
                yield from receivers
            if known.parameters:
                for argument in call.args:
                    yield from _roots_in(argument.value)
                if isinstance(call.func, cst.Call):
                    for argument in call.func.args:
                        yield from _roots_in(argument.value)

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
                    yield from _roots_in(argument)

    def _add_given_on(self) -> None:
        """Which of its parameters a function returns, or keeps in an object that changes them later."""
        changed = {name for each in self._of_function.values() for name in each.changes_in_place}
        for function, known in self._of_function.items():
            parameters = {each.name.value for each in parameters_of(function.params)} - {SELF}
            held = self._aliases[function]
            for unit, _ in units(body_of(function)):
                roots: set[str] = set()
                if isinstance(unit, cst.Return) and unit.value is not None:
                    roots = set(roots_of_alias(unit.value))
                elif function.name.value == _CONSTRUCTOR:
                    for targets, value in assignments(unit):
                        if changed.intersection(root_of(target) or "" for target in targets):
                            roots |= set(roots_of_alias(value))
                for root in tuple(roots):
                    roots |= behind(root, held)
                known.gives_on |= roots & parameters

    def _add_own(self, consequences: Consequences) -> None:
        """What a function changes by its own statements."""
        function = consequences.function
        declared = self._scopes.outer_names(function).keys()
        held = self._aliases[function]
        for statement in body_of(function):
            effects = self._effects(statement)
            changed = set(effects.touches)
            for name in effects.touches:
                changed |= behind(name, held)
            self._note(consequences, changed)
            consequences.outer |= effects.binds & declared
            consequences.attributes |= {name for name in effects.binds if name.startswith(f"{SELF}.")}

    def _note(self, consequences: Consequences, changed: set[str]) -> None:
        """Sorts names that a function changes by whose they are."""
        function = consequences.function
        parameters = {each.name.value for each in parameters_of(function.params)}
        own = self._scopes.locals_of(function)
        in_place = {name for name in changed if name.startswith(f"{SELF}.")}
        consequences.attributes |= in_place
        consequences.changes_in_place |= in_place
        plain = {name for name in changed if not name.startswith(f"{SELF}.")}
        consequences.parameters |= plain & parameters - {SELF}
        consequences.outer |= plain - own - parameters

    def _hand_on(self) -> None:
        """Adds what functions change through those that they call, until nothing is new."""
        calls = {function: list(_calls_in(function)) for function in self._of_function}
        for _ in range(_MOST_ROUNDS):
            before = sum(each.size for each in self._of_function.values())
            for function, known in self._of_function.items():
                changed: set[str] = set()
                for call in calls[function]:
                    changed.update(self._changed_by_call(call))
                for name in tuple(changed):
                    changed |= behind(name, self._aliases[function])
                self._note(known, changed)
            if before == sum(each.size for each in self._of_function.values()):
                return


def _is_in_import(path: Sequence[cst.CSTNode]) -> bool:
    return any(isinstance(node, cst.ImportAlias) for node in path[-2:])


def _calls_run_by(node: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls that running a statement may make: those in functions that it defines are not among them.

    A lambda that is an argument is taken to be called there and then.
    """
    stack: list[cst.CSTNode] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Call):
            yield current
        if isinstance(current, (cst.FunctionDef, cst.ClassDef)):
            stack += current.decorators
        else:
            stack += children(current)


def _calls_in(function: cst.FunctionDef) -> Iterator[cst.Call]:
    for statement in body_of(function):
        yield from _calls_run_by(statement)


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


def _roots_in(expression: cst.BaseExpression) -> Iterator[str]:
    """The names whose objects an expression may stand for, or hold."""
    root = root_of(expression)
    if root is not None:
        yield root
        return
    for child in children(expression):
        if isinstance(child, (cst.BaseExpression, cst.BaseElement, cst.BaseDictElement)):
            inner = child if isinstance(child, cst.BaseExpression) else child.value
            yield from _roots_in(inner)


def _aliases(function: cst.FunctionDef) -> dict[str, set[str]]:
    """The variables of a function that may hold an object of another, or a part of it: by name, whose."""
    found: dict[str, set[str]] = {}
    for unit, _ in units(body_of(function)):
        for name, root in held_by(unit):
            found.setdefault(name, set()).add(root)
    return found
