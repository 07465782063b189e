"""Functions as their decorators leave them."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.unknown import Invocation, Unknown
from lr_lint.source.tree import dotted_name

# Decorators that say how a method is looked up; whoever looks it up deals with them.
_OF_METHODS = frozenset({"property", "cached_property", "staticmethod", "classmethod", "setter", "getter", "deleter"})


def decorated(function: Function, node: cst.FunctionDef, frame: Frame) -> Value:
    """A function as its decorators leave it, the innermost first.

    Those of libraries nearly always pass it through: they register, log, compile or time it. What any other does that
    cannot be followed is unknown.
    """
    value: Value = function
    for decorator in reversed(node.decorators):
        if (dotted_name(decorator.decorator) or "").rpartition(".")[2] in _OF_METHODS:
            continue
        wrapper = force(evaluate(decorator.decorator, frame))
        if isinstance(wrapper, (Function, Bound, Instance, ClassValue)) or _is_partial(wrapper):
            value = call(wrapper, [value], {}, Anchor(frame.module, decorator.decorator), frame)
        elif not _is_of_library(wrapper):
            value = Unknown("what its decorator makes of it is not known", None, function.name)
    return value


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
