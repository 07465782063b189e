"""The classes that share the attributes of one: what a scheduler is kept under is read by all of their methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.callers import is_self
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.project.modules import Module
from lr_lint.source.tree import last_name, walk


@dataclass(frozen=True, slots=True)
class Home:
    """A file with classes that share the attributes of one.

    Attributes:
        module: the file.
        classes: them, those of other files included.
        others: the methods in which another object of theirs may be meant.
    """

    module: Module
    classes: set[cst.ClassDef]
    others: frozenset[cst.CSTNode]


@dataclass(frozen=True, slots=True)
class Relatives:
    """The classes that share the attributes of one.

    Attributes:
        line: the class and its bases.
        hidden: the methods of bases that it replaces.
        homes: the files that they are in.
    """

    line: Sequence[tuple[Module, cst.ClassDef]]
    hidden: frozenset[cst.CSTNode]
    homes: Sequence[Home]


def relatives_of(module: Module, scope: cst.ClassDef, evaluator: Evaluator) -> Relatives:
    """The classes whose methods have what a class keeps: itself, its bases, and those that derive from it.

    Args:
        module: the file of the class.
        scope: the class.
        evaluator: finds its bases, and the files that use it.
    """
    line = evaluator.line_of(module, scope)
    related = {cls for _, cls in line}
    modules = {home.path: home for home, _ in line}
    for other in evaluator.project.users(module, scope.name.value):
        modules.setdefault(other.path, other)
    own = {each.name.value for each in scope.body.body if isinstance(each, cst.FunctionDef) and _does_something(each)}
    homes = []
    for each in modules.values():
        classes = related | _derived(each, {cls.name.value for cls in related})
        homes.append(Home(each, classes, _overriding(classes - related, own)))
    return Relatives(line, _overridden(scope, related - {scope}), homes)


def _overridden(cls: cst.ClassDef, bases: set[cst.ClassDef]) -> frozenset[cst.CSTNode]:
    """The methods of bases that objects of a class do not have: it has its own, which do not call those of a base."""
    own = {
        each.name.value: each
        for each in cls.body.body
        if isinstance(each, cst.FunctionDef)
        and not any(
            isinstance(node, cst.Attribute) and node.attr.value == each.name.value and not is_self(node.value)
            for node in walk(each.body)
        )
    }
    methods = (each for base in bases for each in base.body.body if isinstance(each, cst.FunctionDef))
    return frozenset(each for each in methods if each.name.value in own)


def _overriding(classes: set[cst.ClassDef], names: set[str]) -> frozenset[cst.CSTNode]:
    """The methods of some classes that have one of some names."""
    methods = (each for cls in classes for each in cls.body.body if isinstance(each, cst.FunctionDef))
    return frozenset(each for each in methods if each.name.value in names)


def _does_something(method: cst.FunctionDef) -> bool:
    """Whether a method calls anything but what says that it is missing."""
    calls = (node for node in walk(method.body) if isinstance(node, cst.Call))
    return any(last_name(each.func) != "NotImplementedError" for each in calls)


def _derived(module: Module, names: set[str]) -> set[cst.ClassDef]:
    """The classes of a file that derive from one of some classes, by their names."""
    found: set[cst.ClassDef] = set()
    for definition in module.scopes.index.definitions:
        if isinstance(definition, cst.ClassDef) and (
            definition.name.value in names or any(last_name(base.value) in names for base in definition.bases)
        ):
            found.add(definition)
    return found
