"""Code that does not run where other code has run: the branches of conditions on what does not change in between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import libcst as cst

from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.source.tree import code_of, variables_in, walk

# ``kind == "adam"``, ``stage == 2``.
_EQUALS = re.compile(r"""([\w.]+) == ('\w*'|"\w*"|\d+)$""")
_CONSTANTS = frozenset({"None", "True", "False"})


def excludes(path: Sequence[cst.CSTNode], node: cst.CSTNode, module: Module) -> bool:
    """Whether a node stands in a branch that is not taken where the code at the end of a path runs.

    Args:
        path: that code's ancestors, outermost first.
        node: another one of the same file.
        module: the file.
    """
    return contradict(conditions(path, module), conditions((*module.path_to(node), node), module))


def contradict(some: Iterable[tuple[str, bool]], others: Iterable[tuple[str, bool]]) -> bool:
    """Whether one of some conditions comes to another truth than one of others that reads the same.

    What equals one constant equals no other.
    """
    taken, found = dict(some), list(others)
    if any(taken.get(test) is (not truth) for test, truth in found):
        return True
    equal = {each[1]: each[2] for test, truth in taken.items() for each in [_EQUALS.match(test)] if truth and each}
    told = (each for test, truth in found for each in [_EQUALS.match(test)] if truth and each)
    return any(each[1] in equal and equal[each[1]].strip("'\"") != each[2].strip("'\"") for each in told)


def conditions(path: Sequence[cst.CSTNode], module: Module) -> Iterator[tuple[str, bool]]:
    """The tests of the conditions on a path, as they are spelled, with what they come to on it.

    Those alone that read nothing but variables that are bound once.
    """
    for test, truth in tests_on(path):
        if stays(test, module):
            yield code_of(test), truth


def tests_on(path: Sequence[cst.CSTNode]) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The tests of the conditions on a path, with what they come to on it."""
    for outer, inner in pairwise(path):
        if isinstance(outer, (cst.If, cst.IfExp)) and inner is not outer.test:
            test, truth = outer.test, inner is outer.body
            while isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
                test, truth = test.expression, not truth
            yield test, truth


def conditions_in(test: cst.BaseExpression, expected: bool) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The conditions that all have to hold, or not to, where one has to that may be made of several."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        yield from conditions_in(test.expression, not expected)
    elif isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And) is expected:
        yield from conditions_in(test.left, expected)
        yield from conditions_in(test.right, expected)
    else:
        yield test, expected


def stays(test: cst.BaseExpression, module: Module) -> bool:
    """Whether all that a test reads is a variable that is bound once, or an attribute that constructors alone set."""
    if any(isinstance(node, (cst.Call, cst.Await, cst.NamedExpr)) for node in walk(test)):
        return False
    attributes = (node for node in walk(test) if isinstance(node, cst.Attribute))
    return all(_is_bound_once(name, test, module) for name in variables_in(test)) and not any(
        is_set_later(each, module) for each in attributes
    )


def _is_bound_once(name: str, test: cst.BaseExpression, module: Module) -> bool:
    if name in _CONSTANTS:
        return True
    binding = module.scopes.resolve(name, test)
    return binding is not None and len(module.scopes.binders(binding)) <= 1


def is_set_later(read: cst.Attribute, module: Module) -> bool:
    """Whether a file sets attributes of that name anywhere but in constructors."""
    same = (each for each in module.attributes.get(read.attr.value, ()) if module.assigned_by(each) is not None)
    homes = (function_of(module.path_to(each)) for each in same)
    return any(not (isinstance(home, cst.FunctionDef) and home.name.value == CONSTRUCTOR) for home in homes)
