"""What a call of a function of the same file changes besides giving a result: its arguments, and variables around it.

A statement such as ``normalise(args)`` binds nothing, and yet ``args`` holds something else after it. For every
function of a file this says which of its parameters it changes in place, which variables outside it it assigns or
changes, and which attributes of its object, through all the functions of the file that it calls in turn. Callees are
told by their last name, so one call may stand for several functions; what any of them changes counts. What functions
of other files do to their arguments is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.aliases import behind, held_by
from lr_lint.project.binders import SELF, body_of, parameters_of
from lr_lint.project.blocks import units
from lr_lint.project.effects import Effects, root_of
from lr_lint.project.scopes import Scopes
from lr_lint.source.tree import children, last_name, walk

_CONSTRUCTOR = "__init__"
# Methods of the builtin containers that change them, wherever they are called.
_CHANGING = frozenset(
    "update append extend insert pop popitem setdefault clear remove discard add sort reverse __setitem__ __delitem__ "
    "__setattr__".split()
)
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
    """

    function: cst.FunctionDef
    parameters: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)

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
        for consequences in self._of_function.values():
            self._add_own(consequences)
        self._hand_on()

    def changed_by(self, node: cst.CSTNode) -> frozenset[str]:
        """The names, of the scope that a statement stands in, that the calls in it change through what they call."""
        found: set[str] = set()
        for call in _calls_run_by(node):
            found.update(self._changed_by_call(call))
        return frozenset(found)

    def functions_called(self, call: cst.Call) -> Sequence[cst.FunctionDef]:
        """The functions of this file that a call may call, by the last name of its callee."""
        return self._by_name.get(last_name(call.func), ())

    def functions_called_in(self, node: cst.CSTNode) -> bool:
        """Whether running a node may call a function of this file."""
        return any(self.functions_called(call) for call in _calls_run_by(node))

    def of(self, function: cst.FunctionDef) -> Consequences:
        """What calling a function of this file changes."""
        return self._of_function[function]

    def _changed_by_call(self, call: cst.Call) -> Iterator[str]:
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in _CHANGING:
            root = root_of(call.func.value)
            if root is not None:
                yield root
        for function in self.functions_called(call):
            known = self._of_function[function]
            yield from known.outer
            if isinstance(call.func, cst.Attribute) and known.attributes:
                root = root_of(call.func.value)
                yield from known.attributes if root == SELF else [root] if root is not None else []
            for parameter, argument in _bound(call, function):
                if parameter in known.parameters:
                    yield from _roots_in(argument)

    def _add_own(self, consequences: Consequences) -> None:
        """What a function changes by its own statements."""
        function = consequences.function
        declared = self._scopes.outer_names(function).keys()
        held = _aliases(function)
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
        consequences.attributes |= {name for name in changed if name.startswith(f"{SELF}.")}
        plain = {name for name in changed if not name.startswith(f"{SELF}.")}
        consequences.parameters |= plain & parameters - {SELF}
        consequences.outer |= plain - own - parameters

    def _hand_on(self) -> None:
        """Adds what functions change through those that they call, until nothing is new."""
        calls = {function: list(_calls_in(function)) for function in self._of_function}
        aliases = {function: _aliases(function) for function in self._of_function}
        for _ in range(_MOST_ROUNDS):
            before = sum(each.size for each in self._of_function.values())
            for function, known in self._of_function.items():
                changed: set[str] = set()
                for call in calls[function]:
                    changed.update(self._changed_by_call(call))
                for name in tuple(changed):
                    changed |= behind(name, aliases[function])
                self._note(known, changed)
            if before == sum(each.size for each in self._of_function.values()):
                return


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
