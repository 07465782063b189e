"""The callable inside of something that calls it with the same time and gives back what it returns.

Each of them evaluates the expression of the callable once, where it stood. What is around it keeps nothing and changes
nothing. Only callables are wrapped that the code shows to be ones, and none in a program whose callables cannot be
called as they are (LR301, LR302).
"""

from __future__ import annotations

from random import Random

import libcst as cst

from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import (
    callables,
    code_of,
    constructions,
    expression,
    fresh,
    nodes,
    remembers,
    replaced,
    walk,
    with_helpers,
    with_imports,
    wrapped,
)

_NOT_CALLABLE = frozenset({"LR301", "LR302", "LR305"})

_CLOSURE = """
def NAME(inner):
    def call(time):
        return inner(time)

    return call
"""
_LAMBDA = """
def NAME(inner):
    return lambda time: inner(time)
"""
_INSTANCE = """
class NAME:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, time):
        return self.inner(time)
"""
_METHOD = """
class NAME:
    def __init__(self, inner):
        self.inner = inner

    def value_at(self, time):
        return self.inner(time)
"""
_STATIC = """
class NAME:
    @staticmethod
    def given(inner, time):
        return inner(time)

    @classmethod
    def given_too(cls, inner, time):
        return cls.given(inner, time)
"""
_LAST = """
def NAME(time, inner):
    return inner(time)
"""
_FIRST = """
def NAME(inner, time):
    return inner(time)
"""
_DECORATOR = """
import functools


def NAME(inner):
    @functools.wraps(inner)
    def call(*args, **kwargs):
        return inner(*args, **kwargs)

    return call
"""
_DECORATOR_WITH_ARGUMENTS = """
import functools


def NAME(times=1, *, quiet=True):
    def decorate(inner):
        @functools.wraps(inner)
        def call(time):
            value = None
            for _ in range(times):
                value = inner(time)
            return value

        return call

    return decorate
"""
_CLASS_AS_DECORATOR = """
import functools


class NAME:
    def __init__(self, inner):
        functools.update_wrapper(self, inner)
        self._inner = inner

    def __call__(self, *args, **kwargs):
        return self._inner(*args, **kwargs)
"""
_ANNOTATED_INSTANCE = """
from dataclasses import dataclass
from typing import Callable


@dataclass
class NAME:
    inner: Callable[[int], float]

    def __call__(self, time: int) -> float:
        return self.inner(time)
"""

# What callables are wrapped in: the helper, and the expression that uses it.
_WRAPPERS = {
    "closure": (_CLOSURE, "NAME(INNER)"),
    "closure-of-lambda": (_LAMBDA, "NAME(INNER)"),
    "instance": (_INSTANCE, "NAME(INNER)"),
    "instance-by-keyword": (_INSTANCE, "NAME(inner=INNER)"),
    "dataclass": (_ANNOTATED_INSTANCE, "NAME(INNER)"),
    "method-of-instance": (_METHOD, "NAME(INNER).value_at"),
    "partial": ("import functools", "functools.partial(INNER)"),
    "partial-by-name": ("from functools import partial as NAME", "NAME(INNER)"),
    "partial-first": ("import functools\n" + _FIRST, "functools.partial(NAME, INNER)"),
    "partial-keyword": ("import functools\n" + _LAST, "functools.partial(NAME, inner=INNER)"),
    "partial-of-staticmethod": ("import functools\n" + _STATIC, "functools.partial(NAME.given, INNER)"),
    "partial-of-classmethod": ("import functools\n" + _STATIC, "functools.partial(NAME.given_too, INNER)"),
    "partial-twice": ("import functools\n" + _FIRST, "functools.partial(functools.partial(NAME, INNER))"),
    "lambda": ("", "(lambda inner: lambda time: inner(time))(INNER)"),
    "dunder-call": ("", "(INNER).__call__"),
    "item-of-list": ("", "[INNER][0]"),
    "item-of-dict": ("", "{'chosen': INNER}['chosen']"),
    "decorated": (_DECORATOR, "NAME(INNER)"),
    "decorated-with-arguments": (_DECORATOR_WITH_ARGUMENTS, "NAME(2)(INNER)"),
    "decorated-by-class": (_CLASS_AS_DECORATOR, "NAME(INNER)"),
}


def _wrap_in(helper: str, use: str) -> Rewriting:
    passes_all_on = "INNER" in use and "time" not in helper + use

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        if program.codes & _NOT_CALLABLE or remembers(tree) or not (passes_all_on or _only_time_is_given(tree)):
            return None
        name = fresh(tree, "around")

        def wrap(value: cst.BaseExpression) -> cst.BaseExpression:
            return expression(use.replace("NAME", name).replace("INNER", code_of(value)))

        changed = wrapped(tree, wrap)
        if changed is None:
            return None
        place = with_imports if helper.count("\n") == 0 else with_helpers
        return program.with_tree(place(changed, helper.replace("NAME", name)) if helper else changed)

    return rewrite


def _only_time_is_given(tree: cst.Module) -> bool:
    """Whether no scheduler of a file gives its callable other arguments, first or at all."""
    return all(contract.signatures == (("time",),) for _, contract in constructions(tree))


def _wrap_by_default(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``lambda time, inner=f: inner(time)``, for schedulers that give their callable one argument and try no others."""
    if not _only_time_is_given(tree):
        return None
    return _wrap_in("", "lambda time, inner=INNER: inner(time)")(program, tree, random)


def _decorate(helper: str, use: str) -> Rewriting:
    """The decorator stands on the function that is the callable, if that takes a time alone."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        functions = _functions_of_time(tree)
        if program.codes & _NOT_CALLABLE or remembers(tree) or not functions:
            return None
        name = fresh(tree, "around")
        decorator = cst.Decorator(expression(use.replace("NAME", name)))
        changed = replaced(tree, {each: each.with_changes(decorators=[decorator]) for each in functions})
        return program.with_tree(with_helpers(changed, helper.replace("NAME", name)))

    return rewrite


def _functions_of_time(tree: cst.Module) -> list[cst.FunctionDef]:
    """The functions outside classes that constructions are given by name, without decorators."""
    given = {value.value for value in callables(tree) if isinstance(value, cst.Name)}
    found: list[cst.FunctionDef] = []
    pending: list[cst.CSTNode] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.FunctionDef) and node.name.value in given and not node.decorators:
            found.append(node)
        pending += (child for child in node.children if not isinstance(child, cst.ClassDef))
    return found


def _as_static_method(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A function of the module that is a callable becomes a static method of a class that stands in its place."""
    given = {value.value for value in callables(tree) if isinstance(value, cst.Name)}
    moved = [each for each in tree.body if isinstance(each, cst.FunctionDef) and each.name.value in given]
    if program.codes & _NOT_CALLABLE or not moved:
        return None
    holder = fresh(tree, "Holder")
    changes: dict[cst.CSTNode, cst.CSTNode] = {}
    for function in moved:
        decorators = [cst.Decorator(cst.Name("staticmethod")), *function.decorators]
        method = function.with_changes(decorators=decorators, leading_lines=())
        name = f"{holder}{function.name.value}"
        changes[function] = cst.ClassDef(cst.Name(name), cst.IndentedBlock([method]), leading_lines=[cst.EmptyLine()])
        for value in callables(tree):
            if isinstance(value, cst.Name) and value.value == function.name.value:
                changes[value] = expression(f"{name}.{value.value}")
    left = cst.Module([each for each in tree.body if each not in moved])
    uses = sum(isinstance(each, cst.Name) and each.value in given for each in nodes(left))
    if uses != sum(isinstance(value, cst.Name) for value in changes) or any(_calls_itself(each) for each in moved):
        return None
    return program.with_tree(replaced(tree, changes))


def _calls_itself(function: cst.FunctionDef) -> bool:
    return any(isinstance(each, cst.Name) and each.value == function.name.value for each in walk(function.body))


# Where nobody knows how many callables a list has, a hundred are run, and wrappers make that more than one construction
# is worth.
_BY_BUDGET = frozenset({"LR304"})

TRANSFORMATIONS = (
    *(Transformation(f"wrap-{name}", _wrap_in(*parts), loses=_BY_BUDGET) for name, parts in _WRAPPERS.items()),
    Transformation("wrap-lambda-by-default", _wrap_by_default, loses=_BY_BUDGET),
    Transformation("decorate", _decorate(_DECORATOR, "NAME")),
    Transformation("decorate-with-arguments", _decorate(_DECORATOR_WITH_ARGUMENTS, "NAME(quiet=False)")),
    Transformation("decorate-by-class", _decorate(_CLASS_AS_DECORATOR, "NAME")),
    Transformation("static-method", _as_static_method),
)
