"""The definitions of functions: behind a value, around an expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from lr_lint.semantics.machine.class_members import find_method
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.functions import Function, definition_of
from lr_lint.semantics.values.objects import Instance

_CALLED = "__call__"


def function_around(anchor: Anchor) -> cst.FunctionDef | cst.Lambda | None:
    """The innermost function that an expression stands in."""
    path = reversed(anchor.module.path_to(anchor.node))
    return next((node for node in path if isinstance(node, (cst.FunctionDef, cst.Lambda))), None)


def functions_in(values: Iterable[Value]) -> frozenset[cst.CSTNode]:
    """The definitions of the functions that values are or call."""
    return frozenset(_functions(values))


def _functions(values: Iterable[Value]) -> Iterator[cst.CSTNode]:
    for value in values:
        function = definition_of(value)
        if isinstance(function, Function):
            yield function.node
        elif isinstance(function, Instance):
            method = find_method(function.cls, _CALLED)
            if method is not None:
                yield method[0]
