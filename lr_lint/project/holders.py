"""Which variables of a file hold one object: in its own scope, in the functions that see it, in those it is given to.

Only spelling and scopes are looked at, and only within one file. Attributes count for the whole class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.project.binders import SELF, parameters_of
from lr_lint.project.modules import Module
from lr_lint.source.tree import dotted_name, walk

FUNCTIONS = (cst.FunctionDef, cst.Lambda)
# An object that is held by more variables than this is not followed further.
_MOST_HOLDERS = 30


def function_of(path: Sequence[cst.CSTNode]) -> cst.CSTNode:
    """The innermost function on a path; the module outside of functions."""
    return next((node for node in reversed(path) if isinstance(node, FUNCTIONS)), path[0])


class Holders:
    """One object and the variables that hold it, function by function.

    Attributes:
        module: the file.
        spellings: for each function (or the module, outside of functions) how the object is spelled there.
        given: for each function that is given the object, the calls that do so.
    """

    def __init__(self, module: Module, scope: cst.CSTNode, text: str) -> None:
        """Find them.

        Args:
            module: the file.
            scope: the function, class or module that the variable belongs to.
            text: how the variable is spelled: a name, or a chain of attributes.
        """
        self.module = module
        self.spellings: dict[cst.CSTNode, set[str]] = {}
        self.given: dict[cst.CSTNode, list[cst.Call]] = {}
        places = [node for node in module.spelled(text) if scope is module.tree or scope in module.path_to(node)]
        pending = [(node, text) for node in places if self._is_seen(node, text, scope)]
        known = {(scope, text)}
        while pending:
            node, text = pending.pop()
            path = module.path_to(node)
            self.spellings.setdefault(function_of(path), set()).add(text)
            passing = _passing(module, node, path)
            if passing is None:
                continue
            call, function, parameter = passing
            reads = self._reads(function, parameter)
            if reads:
                self.given.setdefault(function, []).append(call)
            if (function, parameter) not in known and len(known) < _MOST_HOLDERS:
                known.add((function, parameter))
                pending += [(each, parameter) for each in reads]

    def _is_seen(self, node: cst.CSTNode, text: str, scope: cst.CSTNode) -> bool:
        """Whether a name at some place is that of the scope, and no variable of a function within it."""
        path = self.module.path_to(node)
        inner = path[path.index(scope) + 1 :]
        root = text.partition(".")[0]
        between = [each for each in inner if isinstance(each, (*FUNCTIONS, cst.ClassDef))]
        return root == SELF or not any(root in self.module.locals_of(each) for each in between)

    def _reads(self, function: cst.FunctionDef, parameter: str) -> list[cst.CSTNode]:
        """Where a function uses a parameter that stays what it was given."""
        places = [node for node in self.module.spelled(parameter) if function in self.module.path_to(node)]
        seen = [node for node in places if self._is_seen(node, parameter, function)]
        return [] if any(self.module.assigned_by(node) is not None for node in seen) else seen

    def callers(self, function: cst.CSTNode) -> list[cst.Call]:
        """The calls in this file of a function that concern the object: those that give it, if any does."""
        return self.given.get(function) or list(callers_of(self.module, function))

    def calls(self, method: str, function: cst.CSTNode) -> list[cst.Call]:
        """The calls of one of the object's methods in a function, in source order."""
        found = [
            path[-1]
            for text in self.spellings.get(function, ())
            for node in self.module.spelled(f"{text}.{method}")
            if function_of(path := self.module.path_to(node)) is function
            and isinstance(path[-1], cst.Call)
            and path[-1].func is node
        ]
        return sorted(found, key=self.module.place)

    def given_to(self, function: cst.CSTNode) -> list[cst.Call]:
        """The calls in a function that have the object as an argument, in source order."""
        found = [
            path[-2]
            for text in self.spellings.get(function, ())
            for node in self.module.spelled(text)
            if function_of(path := self.module.path_to(node)) is function
            and isinstance(path[-1], cst.Arg)
            and isinstance(path[-2], cst.Call)
        ]
        return sorted(found, key=self.module.place)


def _passing(
    module: Module, node: cst.CSTNode, path: Sequence[cst.CSTNode]
) -> tuple[cst.Call, cst.FunctionDef, str] | None:
    """The call that passes a value on, with the function of this file and its parameter that get it."""
    argument, call = path[-1], path[-2] if len(path) > 1 else None
    if not isinstance(argument, cst.Arg) or argument.value is not node or not isinstance(call, cst.Call):
        return None
    function = called_function(module, call)
    if function is None or argument.star or any(each.star for each in call.args):
        return None
    if argument.keyword is not None:
        name = argument.keyword.value
        return (call, function, name) if name in {each.name.value for each in parameters_of(function.params)} else None
    positional = [*function.params.posonly_params, *function.params.params]
    # A method's first parameter is the object that it is called on.
    at = next(at for at, each in enumerate(call.args) if each is argument) + isinstance(call.func, cst.Attribute)
    return (call, function, positional[at].name.value) if at < len(positional) else None


def called_function(module: Module, call: cst.Call) -> cst.FunctionDef | None:
    """The function of this file that a call calls by its name, or the method of the object at hand.

    None where that cannot be told, as where there are several of that name.
    """
    path = module.path_to(call)
    home: cst.CSTNode | None
    if isinstance(call.func, cst.Name):
        scopes = [each for each in path if isinstance(each, (*FUNCTIONS, cst.Module))]
        name = call.func.value
        home = next((each for each in reversed(scopes) if name in module.locals_of(each)), None)
    elif isinstance(call.func, cst.Attribute) and dotted_name(call.func.value) == SELF:
        home = next((each for each in reversed(path) if isinstance(each, cst.ClassDef)), None)
        name = call.func.attr.value
    else:
        return None
    found = [each for each in _functions(module).get(name, ()) if _scope_of(module, each) is home]
    if len(found) != 1 or any(dotted_name(each.decorator) for each in found[0].decorators):
        return None
    assigned = (module.assigned_by(each) for each in module.spelled(name) if _scope_of(module, each) is home)
    return found[0] if all(each is None for each in assigned) else None


def callers_of(module: Module, function: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls in this file that surely call a function."""
    name = function.name.value if isinstance(function, cst.FunctionDef) else ""
    for call in module.calls().get(name, ()):
        if name and called_function(module, call) is function:
            yield call


def _functions(module: Module) -> dict[str, list[cst.FunctionDef]]:
    if "functions" not in module.memo:
        table: dict[str, list[cst.FunctionDef]] = {}
        for node in walk(module.tree):
            if isinstance(node, cst.FunctionDef):
                table.setdefault(node.name.value, []).append(node)
        module.memo["functions"] = table
    functions: dict[str, list[cst.FunctionDef]] = module.memo["functions"]
    return functions


def _scope_of(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    kinds = (*FUNCTIONS, cst.ClassDef, cst.Module)
    return next((each for each in reversed(module.path_to(node)) if isinstance(each, kinds)), None)
