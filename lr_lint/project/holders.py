"""Which variables of a file hold one object: its own, and the parameters of the functions that it is given to.

Nothing but scopes and the arguments of calls is looked at, and only within one file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.project.binders import FUNCTIONS, SELF, parameters_of
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import dotted_name

# An object that is held by more variables than this is not followed further.
_MOST_HOLDERS = 30


def function_of(path: Sequence[cst.CSTNode]) -> cst.CSTNode:
    """The innermost function on a path; the module outside of functions."""
    return next((node for node in reversed(path) if type(node) in FUNCTIONS), path[0])


class Holders:
    """One object and the variables that hold it, function by function.

    Attributes:
        module: the file.
        variables: for each function (or the module, outside of functions) that uses the object the variables that hold
            it there.
        given: for each function that is given the object, the calls that do so.
    """

    def __init__(self, module: Module, binding: Binding) -> None:
        """Find them.

        Args:
            module: the file.
            binding: the variable to begin with.
        """
        self.module = module
        self.variables: dict[cst.CSTNode, dict[Binding, None]] = {}
        self.given: dict[cst.CSTNode, list[cst.Call]] = {}
        known = {binding}
        pending = [(node, binding) for node in module.scopes.uses(binding)]
        while pending:
            node, binding = pending.pop()
            path = module.path_to(node)
            self.variables.setdefault(function_of(path), {})[binding] = None
            passing = _passing(module, node, path)
            if passing is None:
                continue
            call, parameter = passing
            reads = self._reads(parameter)
            if reads:
                self.given.setdefault(parameter.scope, []).append(call)
            if parameter not in known and len(known) < _MOST_HOLDERS:
                known.add(parameter)
                pending += [(each, parameter) for each in reads]

    def _reads(self, parameter: Binding) -> Sequence[cst.CSTNode]:
        """Where a function uses a parameter that stays what it was given."""
        return self.module.scopes.uses(parameter) if len(self.module.scopes.binders(parameter)) == 1 else ()

    def callers(self, function: cst.CSTNode) -> list[cst.Call]:
        """The calls in this file of a function that concern the object: those that give it, if any does."""
        return self.given.get(function) or list(callers_of(self.module, function))

    def calls(self, method: str, function: cst.CSTNode) -> list[cst.Call]:
        """The calls of one of the object's methods in a function, in source order."""
        found = [
            path[-1]
            for node, path in self._uses(function, method)
            if isinstance(path[-1], cst.Call) and path[-1].func is node
        ]
        return sorted(found, key=self.module.place)

    def given_to(self, function: cst.CSTNode) -> list[cst.Call]:
        """The calls in a function that have the object as an argument, in source order."""
        found = [
            path[-2]
            for _, path in self._uses(function)
            if isinstance(path[-1], cst.Arg) and isinstance(path[-2], cst.Call)
        ]
        return sorted(found, key=self.module.place)

    def _uses(self, function: cst.CSTNode, member: str = "") -> Iterator[tuple[cst.CSTNode, tuple[cst.CSTNode, ...]]]:
        """The uses of the object, or of a member of it, in a function, each with its ancestors."""
        for binding in self.variables.get(function, ()):
            for node in self.module.scopes.uses(binding, member):
                path = self.module.path_to(node)
                if function_of(path) is function:
                    yield node, path


def _passing(module: Module, node: cst.CSTNode, path: Sequence[cst.CSTNode]) -> tuple[cst.Call, Binding] | None:
    """The call that passes a value on, with the parameter of a function of this file that gets it."""
    argument, call = path[-1], path[-2] if len(path) > 1 else None
    if not isinstance(argument, cst.Arg) or argument.value is not node or not isinstance(call, cst.Call):
        return None
    function = called_function(module, call)
    if function is None or argument.star or any(each.star for each in call.args):
        return None
    if argument.keyword is not None:
        name = argument.keyword.value
        takes = any(each.name.value == name for each in parameters_of(function.params))
        return (call, Binding(function, name)) if takes else None
    positional = [*function.params.posonly_params, *function.params.params]
    # A method's first parameter is the object that it is called on.
    at = next(at for at, each in enumerate(call.args) if each is argument) + isinstance(call.func, cst.Attribute)
    return (call, Binding(function, positional[at].name.value)) if at < len(positional) else None


def called_function(module: Module, call: cst.Call) -> cst.FunctionDef | None:
    """The function of this file that a call calls by its name, or the method of the object at hand.

    None where that cannot be told, as where there are several of that name.
    """
    text = dotted_name(call.func)
    binding = None if text is None else module.scopes.resolve(text, call)
    if binding is None:
        return None
    if binding.name.startswith(f"{SELF}.") and not module.scopes.binders(binding):
        binding = Binding(binding.scope, binding.name.partition(".")[2])
    binders = module.scopes.binders(binding)
    function = module.path_to(binders[0])[-1] if len(binders) == 1 else None
    if not isinstance(function, cst.FunctionDef) or any(dotted_name(each.decorator) for each in function.decorators):
        return None
    return function


def callers_of(module: Module, function: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls in this file that surely call a function."""
    name = function.name.value if isinstance(function, cst.FunctionDef) else ""
    for call in module.calls().get(name, ()):
        if name and called_function(module, call) is function:
            yield call
