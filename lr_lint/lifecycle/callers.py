"""Who calls a function of the project, and which parameter gets what: across files, as far as names and values tell."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Crossing
from lr_lint.project.binders import SELF, parameters_of
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.source.tree import last_name

# Methods that are called by syntax, or by a library.
_CALLED_OTHERWISE = frozenset({"forward", "__call__"})


def parameter_of(module: Module, function: cst.FunctionDef, call: cst.Call, at: int, keyword: str) -> str | None:
    """The parameter that gets an argument of a call; None where that cannot be told."""
    names = [each.name.value for each in parameters_of(function.params)]
    if keyword:
        return keyword if keyword in names else None
    if any(each.star for each in call.args[:at]) or call.args[at].star:
        return None
    positional = [*function.params.posonly_params, *function.params.params]
    index = at + _is_bound(module, function)
    return positional[index].name.value if index < len(positional) else None


def gathered_by(function: cst.FunctionDef, keyword: str) -> str | None:
    """The parameter that gathers a keyword with others, ``**options``; None where a function has none for it."""
    names = {each.name.value for each in parameters_of(function.params)}
    gathering = function.params.star_kwarg
    return gathering.name.value if gathering is not None and keyword and keyword not in names else None


def argument_for(module: Module, function: cst.FunctionDef, call: cst.Call, parameter: str) -> cst.Arg | None:
    """The argument of a call that a parameter gets; None where there is none, or that cannot be told."""
    for at, argument in enumerate(call.args):
        keyword = argument.keyword.value if argument.keyword is not None else ""
        if not argument.star and parameter_of(module, function, call, at, keyword) == parameter:
            return argument
    return None


def _is_bound(module: Module, function: cst.FunctionDef) -> bool:
    """Whether a call hands a function its object besides its arguments."""
    static = any(last_name(each.decorator) == "staticmethod" for each in function.decorators)
    return class_of(module, function) is not None and not static


def class_of(module: Module, function: cst.FunctionDef) -> cst.ClassDef | None:
    """The class that a function is a method of; None where it is none."""
    path = reversed(module.path_to(function))
    around = next((each for each in path if isinstance(each, (cst.ClassDef, cst.FunctionDef))), None)
    return around if isinstance(around, cst.ClassDef) else None


def class_around(module: Module, node: cst.CSTNode) -> cst.ClassDef | None:
    """The innermost class around a place."""
    return next((each for each in reversed(module.path_to(node)) if isinstance(each, cst.ClassDef)), None)


def callers_of(module: Module, function: cst.FunctionDef, evaluator: Evaluator) -> list[Crossing]:
    """The calls of a function or method in the project, as far as names and what they stand for tell."""
    known = evaluator.callers.get(function)
    if known is None:
        known = evaluator.callers[function] = list(_found_callers(module, function, evaluator))
    return known


def callers_by_name(module: Module, function: cst.FunctionDef, evaluator: Evaluator) -> list[Crossing]:
    """The calls of a method by a name that no other of the project has; of which object, nobody knows.

    Only names of several words tell: libraries have methods for the others.
    """
    name = function.name.value
    if class_of(module, function) is None or "_" not in name.strip("_") or name.startswith(("_", "on_")):
        return []
    alike = (each for each in module.scopes.index.definitions if isinstance(each, cst.FunctionDef))
    if sum(each.name.value == name for each in alike) != 1 or evaluator.project.defining(module, name) != []:
        return []
    found = [
        Crossing(home, call)
        for home in (module, *evaluator.project.calling(module, name))
        for call in home.calls().get(name, ())
        if isinstance(call.func, cst.Attribute) and function not in home.path_to(call)
    ]
    evaluator.guessed.update(each.call for each in found)
    return found


def _found_callers(module: Module, function: cst.FunctionDef, evaluator: Evaluator) -> Iterator[Crossing]:
    owner = class_of(module, function)
    name = function.name.value
    if name == CONSTRUCTOR and owner is not None:
        name = owner.name.value
    elif name in _CALLED_OTHERWISE:
        return
    bases = [] if owner is None else [home for home, _ in evaluator.line_of(module, owner)]
    others = evaluator.project.users(module, owner.name.value if owner is not None else name)
    homes = {each.path: each for each in (module, *others, *bases)}
    for home in homes.values():
        for call in home.calls().get(name, ()):
            if function not in home.path_to(call) and _may_call(home, call, function, owner, module, evaluator):
                yield Crossing(home, call)


def _may_call(
    home: Module,
    call: cst.Call,
    function: cst.FunctionDef,
    owner: cst.ClassDef | None,
    module: Module,
    evaluator: Evaluator,
) -> bool:
    if owner is None or function.name.value == CONSTRUCTOR:
        if isinstance(call.func, cst.Name) and home is module:
            return module.scopes.resolve(call.func.value, call) == module.scopes.resolve(
                call.func.value, owner if owner is not None else function
            )
        if owner is None and isinstance(call.func, cst.Name):
            # Folders beside one another may have files of one name.
            entered = evaluator.named_definition_of(home, call)
            return entered is None or entered[0].path == module.path
        return isinstance(call.func, (cst.Name, cst.Attribute)) and not is_self(getattr(call.func, "value", call))
    if not isinstance(call.func, cst.Attribute):
        return False
    if is_self(call.func.value):
        around = class_around(home, call)
        return around is not None and (around is owner or _are_related(around, owner))
    entered = evaluator.definition_of(home, call)
    return entered is not None and entered[1] is function


def _are_related(one: cst.ClassDef, other: cst.ClassDef) -> bool:
    names = {one.name.value, *(last_name(base.value) for base in one.bases)}
    return not names.isdisjoint({other.name.value, *(last_name(base.value) for base in other.bases)})


def is_self(node: cst.CSTNode) -> bool:
    """Whether an expression is the object of the method at hand."""
    return isinstance(node, cst.Name) and node.value == SELF


# What makes the annotated names of a class the arguments of its constructor
# (Python 3.14's `dataclasses` and `typing.NamedTuple`; attrs 25, https://www.attrs.org/en/stable/api.html).
_RECORDS = frozenset({"dataclass", "define", "frozen", "NamedTuple"})


def fields_of(cls: cst.ClassDef) -> tuple[str, ...]:
    """The fields of a record, in the order of the arguments that set them; none of a class that is no record."""
    makers = (each.decorator for each in cls.decorators)
    names = {last_name(each.func if isinstance(each, cst.Call) else each) for each in makers}
    names |= {last_name(each.value) for each in cls.bases}
    if _RECORDS.isdisjoint(names) or isinstance(cls.body, cst.SimpleStatementSuite):
        return ()
    found: list[str] = []
    for statement in cls.body.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value == CONSTRUCTOR:
            return ()
        lines = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
        found += [
            line.target.value for line in lines if isinstance(line, cst.AnnAssign) and isinstance(line.target, cst.Name)
        ]
    return tuple(found)
