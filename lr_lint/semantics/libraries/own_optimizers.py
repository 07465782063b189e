"""Optimizers that the code under check derives: whether the lr that they are given is the lr that their groups have.

What a constructor does is not run for it. It is read: the lr may be checked, kept and handed on as it is; whatever else
happens to it, or to the groups, may give them another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.project.binders import body_of, parameters_of
from lr_lint.project.knowledge import RATE_ARGUMENTS
from lr_lint.project.modules import Module
from lr_lint.source.tree import children, last_name, walk

_CONSTRUCTOR = "__init__"
# Methods of optimizers by which groups get their options.
_SETTING_OPTIONS = frozenset({"add_param_group", "__setattr__", "__new__"})
# Calls that are given the lr and leave it as it is.
_HANDING_ON = frozenset({_CONSTRUCTOR, "dict", "isinstance", "print", "format", "ValueError"})
_GROUP_KEYS = frozenset({"lr", "initial_lr"})


def takes_rate_as_given(definition: cst.ClassDef, module: Module) -> bool:
    """Whether the groups of an optimizer of the code under check start from the lr that its constructor is given.

    Args:
        definition: its class; a constructor that a base inherits from another class of the code is not looked for.
        module: the file that defines it.
    """
    methods = {each.name.value: each for each in definition.body.body if isinstance(each, cst.FunctionDef)}
    if not _SETTING_OPTIONS.isdisjoint(methods):
        return False
    constructor = methods.get(_CONSTRUCTOR)
    if constructor is None:
        return True
    effects = [module.effects(statement) for statement in constructor.body.body]
    changed = frozenset().union(*(each.binds | each.touches for each in effects))
    rates = [each.name.value for each in parameters_of(constructor.params) if each.name.value in RATE_ARGUMENTS]
    # An lr that is no parameter comes with the other options.
    rest = constructor.params.star_kwarg
    names = rates or ([] if rest is None else [rest.name.value])
    if not changed.isdisjoint(names) or any(_sets_rate(statement) for statement in body_of(constructor)):
        return False
    if any(_names_another(node, rates) for node in walk(constructor.body)):
        return False
    return all(_is_left_alone(name, constructor) for name in rates)


def _names_another(node: cst.CSTNode, rates: Sequence[str]) -> bool:
    """Whether a call or a dict gives something else as an lr: ``super().__init__(params, lr=1.0)``."""
    if isinstance(node, cst.Arg):
        is_rate = node.keyword is not None and node.keyword.value in RATE_ARGUMENTS
    else:
        is_rate = isinstance(node, cst.DictElement) and _is_rate_key(node.key)
    return is_rate and last_name(node.value) not in rates if isinstance(node, (cst.Arg, cst.DictElement)) else False


def _sets_rate(statement: cst.CSTNode) -> bool:
    """Whether a statement writes an lr into something: ``group["lr"] = ...``, ``group.update(lr=...)``."""
    for node in walk(statement):
        target = node.target if isinstance(node, (cst.AssignTarget, cst.AugAssign)) else None
        if isinstance(target, cst.Subscript) and any(_is_rate_key(each) for each in walk(target)):
            return True
        if isinstance(node, cst.Call) and last_name(node.func) in ("update", "setdefault", "setattr", "__setitem__"):
            return True
    return False


def _is_rate_key(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.SimpleString) and node.evaluated_value in _GROUP_KEYS


def _is_left_alone(name: str, constructor: cst.FunctionDef) -> bool:
    """Whether the constructor only checks a parameter, keeps it, and hands it on."""
    return all(use for statement in body_of(constructor) for use in _uses(name, statement, False))


def _uses(name: str, node: cst.CSTNode, allowed: bool) -> Iterator[bool]:
    """For each use of a name within a node whether it leaves the value as it is."""
    if isinstance(node, cst.Name):
        if node.value == name:
            yield allowed
        return
    for child in children(node):
        if isinstance(node, cst.Attribute) and child is node.attr:
            continue
        if isinstance(node, cst.Arg) and child is node.keyword:
            continue
        yield from _uses(name, child, _leaves_alone(node, child, allowed))


def _leaves_alone(node: cst.CSTNode, child: cst.CSTNode, allowed: bool) -> bool:
    """Whether a part of an expression, standing in it as it is, is only checked, kept or handed on."""
    if isinstance(node, cst.Call):
        return isinstance(child, cst.Arg) and last_name(node.func) in _HANDING_ON
    if isinstance(node, (cst.Arg, cst.DictElement, cst.Dict, cst.ComparisonTarget, cst.Comparison)):
        return allowed or isinstance(node, (cst.DictElement, cst.ComparisonTarget, cst.Comparison))
    if isinstance(node, (cst.FormattedStringExpression, cst.BooleanOperation, cst.UnaryOperation)):
        return True
    return isinstance(node, cst.Assign) and child is node.value
