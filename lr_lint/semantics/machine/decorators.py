"""Functions as their decorators leave them."""

from __future__ import annotations

import sys

import libcst as cst

from lr_lint.project.knowledge import PASSING_DECORATORS, PURE_LIBRARIES
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.memoised import Memoised
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.unknown import Invocation, Unknown
from lr_lint.source.tree import dotted_name, last_name

_REMEMBERING = frozenset({"lru_cache", "cache", "cached_property", "memoize"})
# Decorators that say how a method is looked up; whoever looks it up deals with them.
_OF_METHODS = frozenset({"property", "cached_property", "staticmethod", "classmethod", "setter", "getter", "deleter"})


_MEMOISING = frozenset({"functools.cache", "functools.lru_cache"})
_USUAL_LIMIT = 128
# Libraries whose decorators that pass a function on are listed.
_TOLD_ONE_BY_ONE = sys.stdlib_module_names | PURE_LIBRARIES


def decorated(function: Function, node: cst.FunctionDef, frame: Frame) -> Value:
    """A function as its decorators leave it, the innermost first.

    Those of libraries nearly always pass it through: they register, log, compile or time it. What any other does that
    cannot be followed is unknown.
    """
    value: Value = function
    for decorator in reversed(node.decorators):
        if _is_remembered(decorator) and frame.module.reads_what_changes(node):
            return Forgotten("it remembers what it gave before something changed")
        if (dotted_name(decorator.decorator) or "").rpartition(".")[2] in _OF_METHODS:
            continue
        wrapper = force(evaluate(decorator.decorator, frame))
        if _memoises(wrapper):
            value = Memoised(value, _limit(wrapper))
        elif isinstance(wrapper, (Function, Bound, Instance, ClassValue)) or _is_partial(wrapper):
            value = call(wrapper, [value], {}, Anchor(frame.module, decorator.decorator), frame)
        elif not _passes_on(wrapper):
            value = Unknown("what its decorator makes of it is not known", None, function.name)
    return value


def decorated_class(cls: ClassValue, frame: Frame) -> Value:
    """A class as its decorators leave it, the innermost first. Those of libraries are taken to give it back."""
    value: Value = cls
    for decorator in reversed(cls.node.decorators):
        wrapper = force(evaluate(decorator.decorator, frame))
        if not isinstance(wrapper, (Function, Bound, Instance, ClassValue)) and not _is_partial(wrapper):
            if not _is_of_library(wrapper):
                frame.world.doubt("what a decorator makes of a class is not followed")
                value = Forgotten("what its decorator makes of the class is not known")
            continue
        made = force(call(wrapper, [value], {}, Anchor(frame.module, decorator.decorator), frame))
        if isinstance(made, Unknown):
            frame.world.doubt("what a decorator makes of a class is not followed")
            made = Forgotten("what its decorator makes of the class is not known")
        value = made
    return value


def _maker(wrapper: Value) -> Value:
    """What a decorator is a result of, where it is a result; else itself."""
    return wrapper.invocation.callee if isinstance(wrapper, Unknown) and wrapper.invocation is not None else wrapper


def _memoises(wrapper: Value) -> bool:
    """Whether a decorator is ``functools.cache`` or ``functools.lru_cache``, called or not."""
    maker = _maker(wrapper)
    return isinstance(maker, External) and maker.name in _MEMOISING


def _limit(wrapper: Value) -> int | None:
    """How many results a memoised function keeps."""
    if _maker(wrapper) == External("functools.cache"):
        return None
    invocation = wrapper.invocation if isinstance(wrapper, Unknown) else None
    given = [*invocation.arguments, *(value for _, value in invocation.keywords)] if invocation is not None else []
    number = constant_key(given[0]) if given else _USUAL_LIMIT
    return int(number) if isinstance(number, int) else None if given and given[0] == NOTHING else 0


def _passes_on(wrapper: Value) -> bool:
    """Whether a decorator comes from a library and leaves the function as good as it was.

    Those of the standard library and of NumPy are known: what is not known to pass the function on does something else.
    """
    maker = _maker(wrapper)
    if isinstance(maker, Partial):
        maker = maker.function
    if isinstance(maker, External) and maker.name.partition(".")[0] in _TOLD_ONE_BY_ONE:
        return maker.name in PASSING_DECORATORS
    return _is_of_library(wrapper)


def _is_remembered(decorator: cst.Decorator) -> bool:
    """Whether a decorator keeps what a function gave the first time."""
    called = decorator.decorator.func if isinstance(decorator.decorator, cst.Call) else decorator.decorator
    return last_name(called) in _REMEMBERING


def _is_partial(wrapper: Value) -> bool:
    """Whether a decorator is a function of the code under check with some arguments."""
    return isinstance(wrapper, Partial) and not _is_of_library(wrapper)


def _is_of_library(wrapper: Value) -> bool:
    """Whether a decorator comes from a library, or is what a call of one gives: ``@click.option(...)``."""
    if isinstance(wrapper, Partial):
        return _is_of_library(wrapper.function)
    if isinstance(wrapper, Unknown):
        made = wrapper.invocation
        return wrapper.name != "" or (isinstance(made, Invocation) and _is_of_library(made.callee))
    return not isinstance(wrapper, (Function, Bound, Instance, ClassValue))
