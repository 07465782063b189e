"""What a call of a function of the same file changes besides giving a result: its arguments, and variables around it.

A statement such as ``normalise(args)`` binds nothing, and yet ``args`` holds something else after it. For every
function of a file this says which of its parameters it changes in place, which variables outside it it assigns or
changes, and which attributes of its object, through all the functions of the file that it calls in turn. Where one call
may stand for several functions, see `functions_called`, what any of them changes counts. Calls of functions of other
files are not looked at here: the interpreter runs those, see `Module.hands_out`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import libcst as cst

from lr_lint.project.aliases import assignments, calls_giving, held_by
from lr_lint.project.binders import SELF, body_of, parameters_of, target_names
from lr_lint.project.called_values import CalledValues
from lr_lint.project.calls_made import MadeCall, arguments_changed, calls_run_by, roots_in
from lr_lint.project.effects import Effects, root_of
from lr_lint.project.functions_called import FunctionsCalled, bound_by, callees_first
from lr_lint.project.knowledge import CONTAINER_METHODS
from lr_lint.project.own_changes import Consequences, note_given, own_consequences
from lr_lint.project.scopes import Scopes
from lr_lint.source.tree import children, last_name, walk

# Statements, definitions left out, with statements in them, and what these stand in.
_HOLDING_STATEMENTS = frozenset(
    {
        *(cst.If, cst.For, cst.While, cst.With, cst.Try, cst.TryStar, cst.Match),
        *(cst.IndentedBlock, cst.SimpleStatementSuite),
    }
)
# Builtins after which any variable of the module may hold anything, and those that are so where they are given nothing.
_CHANGING_ALL = frozenset({"exec", "eval", "globals"})
_CHANGING_ALL_BARE = frozenset({"locals", "vars"})
# Defaults of parameters that nothing changes in place.
_IMMUTABLE = (cst.BaseNumber, cst.BaseString, cst.Lambda)


class CallConsequences:
    """The consequences of calls within one file, found out when they are first asked for.

    Attributes:
        callees: which functions of the file a call may call.
    """

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
        self.callees = FunctionsCalled(scopes)
        self._of_function = {each: own_consequences(each, effects, scopes) for each in self.callees.functions}
        self._values = CalledValues(self.callees, self._of_function, scopes)
        # What calls and statements change of which nothing more will be found out.
        self._by_statement: dict[cst.CSTNode, frozenset[str]] = {}
        self._by_call: dict[cst.Call, frozenset[str]] = {}
        self._changing_all: dict[cst.CSTNode, bool] = {}
        self._held: dict[cst.CSTNode, tuple[tuple[str, str], ...]] = {}
        self._is_complete = False
        self._hand_on()
        changed = {name for each in self._of_function.values() for name in each.changes_in_place}
        for known in self._of_function.values():
            note_given(known, changed, scopes)
        self._is_complete = True

    def changed_by(self, node: cst.CSTNode) -> frozenset[str]:
        """The names, of the scope that a statement stands in, that the calls in it change through what they call."""
        known = self._by_statement.get(node)
        if known is None:
            known = self._changed_by(node)
            if self._is_complete:
                self._by_statement[node] = known
        return known

    def _changed_by(self, node: cst.CSTNode) -> frozenset[str]:
        found: set[str] = set()
        for made in calls_run_by(node):
            found |= made.all_seen_outside(self._changed_by_call(made.call))
        for decorator in getattr(node, "decorators", ()):
            named = decorator.decorator.func if isinstance(decorator.decorator, cst.Call) else decorator.decorator
            for function in self.callees.named(last_name(named)):
                # What it returns may be called with the function at once.
                inner = (each for each in walk(function) if isinstance(each, cst.FunctionDef))
                found.update(*(self._of_function[each].outer for each in inner))
        for name in self._effects(node).touches:
            # ``groups()[0]["lr"] = ...`` changes what the function gives.
            found.update(outer for each in self.callees.named(name) for outer in self._of_function[each].gives_outer)
        if self._handles_namespace(node):
            found |= self.variables_of_module
        for context in _contexts_in(node):
            found |= self.changed_by_contexts(context)
        return frozenset(found)

    def changed_by_contexts(self, node: cst.With) -> frozenset[str]:
        """The names whose objects the context managers of a statement may change: what they are given, and outside.

        Through the name that one is given under, the statement itself changes what the context manager was given.
        """
        found: set[str] = set()
        methods = [self._of_function[each] for each in self.callees.of_contexts]
        changing = any(each.attributes or each.parameters for each in methods)
        for item in node.items:
            found |= self.changed_by(item.item)
            names = set() if item.asname is None else {each.value for each in target_names(item.asname.name)}
            if changing or not names.isdisjoint(self._effects(node.body).touches):
                found.update(roots_in(item.item))
        return frozenset(found.union(*(each.outer for each in methods)))

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
        known = self._changing_all.get(node)
        if known is None:
            known = self._handles_namespace(node) or any(_changes_all(made.call) for made in calls_run_by(node))
            self._changing_all[node] = known
        return known

    def _handles_namespace(self, node: cst.CSTNode) -> bool:
        """Whether a statement does something with a variable that holds all others: ``names = globals()``."""
        if not self._namespaces:
            return False
        effects = self._effects(node)
        return not self._namespaces.isdisjoint(effects.touches | effects.passes)

    @cached_property
    def _namespaces(self) -> frozenset[str]:
        """The variables that are assigned what gives the variables of the module as a dict."""
        index = self._scopes.index
        calls = (call for name in _CHANGING_ALL | _CHANGING_ALL_BARE for call in index.calls.get(name, ()))
        given = (index.path_to(call)[-1] for call in calls if _changes_all(call))
        assigned = (each for node in given if isinstance(node, cst.Assign) for each in node.targets)
        return frozenset(name.value for each in assigned for name in target_names(each.target))

    def of(self, function: cst.FunctionDef) -> Consequences:
        """What calling a function of this file changes."""
        return self._of_function[function]

    def changed_when_called(self, function: cst.FunctionDef | cst.Lambda) -> frozenset[str]:
        """The variables around a function, or a lambda, that calling it changes."""
        if isinstance(function, cst.FunctionDef):
            return frozenset(self._of_function[function].outer)
        own = {each.name.value for each in parameters_of(function.params)}
        return (self._effects(function.body).touches | self.changed_by(function.body)) - own

    def changes_own_default(self, function: cst.Lambda) -> bool:
        """Whether calling a lambda changes the object that is the default of a parameter, which the next call finds."""
        kept = {
            each.name.value
            for each in parameters_of(function.params)
            if each.default is not None and not isinstance(each.default, _IMMUTABLE)
        }
        return not kept.isdisjoint(self._effects(function.body).touches | self.changed_by(function.body))

    def functions(self) -> Iterable[Consequences]:
        """What calling each function of this file changes."""
        return self._of_function.values()

    def held_by(self, statement: cst.CSTNode) -> Sequence[tuple[str, str]]:
        """Variables with those whose objects, or parts of them, a statement gives them; calls of this file included."""
        known = self._held.get(statement)
        if known is None:
            known = self._held[statement] = tuple(self._held_by(statement))
        return known

    def _held_by(self, statement: cst.CSTNode) -> Iterator[tuple[str, str]]:
        yield from held_by(statement)
        for targets, value in assignments(statement):
            roots = [root for call in calls_giving(value) for root in self._given_on_by(call)]
            for target in targets:
                for name in target_names(target):
                    yield from ((name.value, root) for root in roots)

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
            bool(self.callees.called_by(call))
            or self.callees.may_call_a_value(call)
            or any(self.callees.meant_by(argument.value) for argument in call.args)
        )

    def _names_changed_by(self, call: cst.Call) -> Iterator[str]:
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in CONTAINER_METHODS:
            root = root_of(call.func.value)
            if root is not None:
                yield root
        for argument in arguments_changed(call):
            yield from roots_in(argument)
        functions = self.callees.called_by(call)
        if not functions and self.callees.may_call_a_value(call):
            yield from self._values.changed_by(call)
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
            bound = list(bound_by(call, function)) if known.parameters else []
            for parameter, argument in bound:
                if parameter in known.parameters:
                    yield from roots_in(argument)
            yield from self._changed_defaults(call, function, {parameter for parameter, _ in bound})
            if any(self.callees.makes_an_object(each) for each in function.decorators):
                # What is called is that object, whose ``__call__`` may change it.
                yield from self._values.changed_by(call)

    def _changed_defaults(self, call: cst.Call, function: cst.FunctionDef, given: set[str]) -> Iterator[str]:
        """The callee, where a call changes the object that is the default of a parameter: it does something else next.

        Args:
            call: the call.
            function: what it calls.
            given: the parameters that have another object in this call.
        """
        left = (each for each in parameters_of(function.params) if each.name.value not in given)
        kept = [each.default for each in left if each.name.value in self._of_function[function].parameters]
        objects = [each for each in kept if each is not None and not isinstance(each, _IMMUTABLE)]
        if objects:
            root = root_of(call.func)
            yield from [] if root is None else [root]
            yield from (name for each in objects for name in roots_in(each))

    def _changed_made_object(self, callee: cst.BaseExpression) -> Iterator[str]:
        """What the object of a method holds that is made on the spot: ``Guard(box).close()``."""
        receiver = callee.value if isinstance(callee, cst.Attribute) else callee
        if isinstance(receiver, cst.Call):
            yield from roots_in(receiver)

    def _changed_by_given(self, call: cst.Call) -> Iterator[str]:
        """What the functions change that a call is given: it may call them, with whatever else it is given."""
        for argument in call.args:
            yield from changed_by_method(argument.value)
            for function in self.callees.meant_by(argument.value):
                known = self._of_function[function]
                yield from known.outer
                root = root_of(argument.value) if isinstance(argument.value, cst.Attribute) else None
                if known.attributes and root is not None:
                    yield root
                if known.parameters:
                    yield from (name for other in call.args if other is not argument for name in roots_in(other.value))

    def _given_on_by(self, call: cst.Call) -> Iterator[str]:
        """The variables whose objects what a call gives may be, or keep."""
        for function in self.callees.called_by(call):
            given_on = self._of_function[function].gives_on
            for parameter, argument in bound_by(call, function):
                if parameter in given_on:
                    yield from roots_in(argument)

    def _hand_on(self) -> None:
        """Adds what functions change through those that they call, until nothing is new."""
        calls = {function: list(_calls_in(function)) for function in self._of_function}
        callers = self.callees.callers_of(calls)
        pending = dict.fromkeys(callees_first(self._of_function, callers))
        while pending:
            function = next(iter(pending))
            del pending[function]
            known = self._of_function[function]
            before = known.size
            changed = (made.all_seen_outside(self._changed_by_call(made.call)) for made in calls[function])
            by_calls = known.with_aliases(frozenset[str]().union(*changed))
            known.note(by_calls, self._scopes)
            known.copied -= by_calls
            if known.size != before:
                self._values.more_is_known()
                pending.update(dict.fromkeys(callers.get(function, ())))


def changed_by_method(value: cst.BaseExpression) -> Iterator[str]:
    """The variable of a container whose method somebody is given: ``map(table.update, ...)``."""
    if isinstance(value, cst.Attribute) and value.attr.value in CONTAINER_METHODS:
        root = root_of(value.value)
        if root is not None:
            yield root


def _contexts_in(node: cst.CSTNode) -> Iterator[cst.With]:
    """The ``with`` statements that running a statement runs."""
    stack: list[cst.CSTNode] = [node]
    while stack:
        current = stack.pop()
        if type(current) is cst.With:
            yield current
        if type(current) in _HOLDING_STATEMENTS:
            stack += children(current)


def _changes_all(call: cst.Call) -> bool:
    if not isinstance(call.func, cst.Name):
        return False
    return call.func.value in _CHANGING_ALL or (call.func.value in _CHANGING_ALL_BARE and not call.args)


def _calls_in(function: cst.FunctionDef) -> Iterator[MadeCall]:
    for statement in body_of(function):
        yield from calls_run_by(statement)
