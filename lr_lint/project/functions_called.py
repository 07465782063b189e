"""The functions of a file that a call in it may call, and what their parameters are then bound to.

Callees are told by their last name, so one call may stand for several functions. A function that is handed on, rather
than called, may be behind any variable, item or result that is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst

from lr_lint.project.binders import SELF
from lr_lint.project.calls_made import MadeCall, calls_run_by
from lr_lint.project.effects import root_of
from lr_lint.project.scopes import Scopes
from lr_lint.source.tree import dotted_name, last_name

CONSTRUCTOR = "__init__"
# Methods that run as a block is entered and left.
_OF_CONTEXTS = ("__enter__", "__exit__", "__aenter__", "__aexit__")
# Methods that run when their object is called.
_CALLED = ("__call__", "forward")
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_NAMED = frozenset({cst.Name, cst.Attribute})


class FunctionsCalled:
    """Which functions of a file a call may call.

    Attributes:
        functions: all functions of the file.
        of_contexts: the methods of its context managers.
        of_objects: the methods that run when objects of its classes are called.
        handed_on: the functions that are handed on rather than called, so that any unknown callee may be one of them.
            With each go the variables of whose objects it is a method.
    """

    def __init__(self, scopes: Scopes) -> None:
        """Take a file by its scopes."""
        self._scopes = scopes
        self._by_name: dict[str, list[cst.FunctionDef]] = {}
        self._classes = {node.name.value for node in scopes.index.definitions if isinstance(node, cst.ClassDef)}
        self.functions: list[cst.FunctionDef] = []
        for node in scopes.index.definitions:
            if isinstance(node, cst.FunctionDef):
                self._by_name.setdefault(node.name.value, []).append(node)
                self.functions.append(node)
            else:
                constructors = (each for each in node.body.body if isinstance(each, cst.FunctionDef))
                made = [each for each in constructors if each.name.value == CONSTRUCTOR]
                self._by_name.setdefault(node.name.value, []).extend(made)
        self.of_contexts = [each for name in _OF_CONTEXTS for each in self.named(name)]
        self.of_objects = [each for name in _CALLED for each in self.named(name)]
        self.handed_on = self._used_as_values()
        self._calling_values: dict[cst.Call, bool] = {}

    def named(self, name: str) -> Sequence[cst.FunctionDef]:
        """The functions, methods and constructors of that name; a class stands for its constructor."""
        return self._by_name.get(name, ())

    def called_by(self, call: cst.Call) -> Sequence[cst.FunctionDef]:
        """The functions that a call may call, by the last name of its callee."""
        return self.named(_callee_name(call))

    def called_in(self, node: cst.CSTNode) -> bool:
        """Whether running a node may call a function of the file."""
        return any(self.called_by(made.call) for made in calls_run_by(node))

    def meant_by(self, node: cst.CSTNode) -> Sequence[cst.FunctionDef]:
        """The functions that a name, or an attribute of something, may stand for."""
        return self.named(last_name(node)) if type(node) in _NAMED else ()

    def makes_an_object(self, decorator: cst.Decorator) -> bool:
        """Whether a decorator is a class of the file, so that what it decorates is an object."""
        named = decorator.decorator.func if isinstance(decorator.decorator, cst.Call) else decorator.decorator
        return last_name(named) in self._classes

    def may_call_a_value(self, call: cst.Call) -> bool:
        """Whether a callee may be a function that was handed on: a variable, an item, what another call gives."""
        if isinstance(call.func, cst.Attribute):
            return False
        known = self._calling_values.get(call)
        if known is None:
            known = self._calling_values[call] = self._has_a_value_for_callee(call)
        return known

    def callers_of(
        self, calls: Mapping[cst.FunctionDef, Sequence[MadeCall]]
    ) -> dict[cst.FunctionDef, dict[cst.FunctionDef, None]]:
        """For each function those that may call it, by what they name or hand on.

        Args:
            calls: what each function of the file calls.
        """
        by_callee: dict[cst.FunctionDef, dict[cst.FunctionDef, None]] = {}
        for caller, made in calls.items():
            for each in made:
                given = (function for argument in each.call.args for function in self.meant_by(argument.value))
                for callee in (*self.called_by(each.call), *given):
                    by_callee.setdefault(callee, {})[caller] = None
        of_values = {
            caller: None for caller, made in calls.items() if any(self.may_call_a_value(each.call) for each in made)
        }
        for callee in (*self.handed_on, *self.of_objects):
            by_callee.setdefault(callee, {}).update(of_values)
        return by_callee

    def _used_as_values(self) -> dict[cst.FunctionDef, set[str]]:
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
            for function in self.named(last_name(node)):
                if node is not function.name and function.name.value != CONSTRUCTOR:
                    root = root_of(node.value) if isinstance(node, cst.Attribute) else None
                    found.setdefault(function, set()).update([root] if root is not None else [])
        return found

    def _has_a_value_for_callee(self, call: cst.Call) -> bool:
        home = self._scopes.resolve(call.func.value, call) if isinstance(call.func, cst.Name) else None
        if home is None:
            return not isinstance(call.func, cst.Name)
        paths = [self._scopes.index.path_to(binder) for binder in self._scopes.binders(home)]
        return any(not isinstance(path[-1], _DEFINITIONS) and not _is_in_import(path) for path in paths)


def callees_first(
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


def bound_by(call: cst.Call, function: cst.FunctionDef) -> Iterator[tuple[str, cst.BaseExpression]]:
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


def _callee_name(call: cst.Call) -> str:
    """The last name of what a call calls; that of the method in ``getattr(x, "method")()``."""
    callee = call.func
    if type(callee) is cst.Call and dotted_name(callee.func) == "getattr" and len(callee.args) > 1:
        name = callee.args[1].value
        if isinstance(name, cst.SimpleString) and isinstance(name.evaluated_value, str):
            return name.evaluated_value
    return last_name(callee)


def _is_in_import(path: Sequence[cst.CSTNode]) -> bool:
    return any(isinstance(node, cst.ImportAlias) for node in path[-2:])
