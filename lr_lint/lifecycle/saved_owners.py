"""Where objects are written to a file with all that they keep: ``pickle.dump(self, file)``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from lr_lint.lifecycle.callees import Definition
from lr_lint.lifecycle.callers import class_around, is_self
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.subjects import Subject
from lr_lint.project.knowledge import SAVERS
from lr_lint.project.modules import Module
from lr_lint.source.tree import last_name

# Methods by which a class says itself what is written of its objects
# (https://docs.python.org/3/library/pickle.html#pickling-class-instances).
_CHOOSING = frozenset({"__getstate__", "__reduce__", "__reduce_ex__", "__getnewargs__", "__getnewargs_ex__"})
# Bases that choose nothing.
_KNOWN_BASES = frozenset({"object", "Module", "ABC", "Generic"})
_NAMES = sorted({name.rpartition(".")[2] for name in SAVERS})


def savings_of_owners(
    module: Module,
    line: Sequence[Definition],
    classes: Collection[cst.ClassDef],
    subject: Subject,
    evaluator: Evaluator,
) -> Iterator[cst.Call]:
    """The calls in a file that write an object of a class, where the class leaves it to pickle what that takes along.

    Args:
        module: the file.
        line: the class with its bases.
        classes: those in the file that may be that of the object.
        subject: says which calls write an object.
        evaluator: says what is constructed.
    """
    if not _is_left_to_pickle(line):
        return
    for call in (each for name in _NAMES for each in module.calls().get(name, ())):
        written = [part for each in call.args[:1] for part in _parts(each.value)]
        if subject.saves(call) and any(_is_owner(module, each, line, classes, evaluator) for each in written):
            yield call


def _parts(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What is written: an expression, or what stands in the dict, list or tuple that it is."""
    elements = value.elements if isinstance(value, (cst.Dict, cst.List, cst.Tuple)) else ()
    values = [each.value for each in elements]
    yield from values or [value]


def _is_left_to_pickle(line: Sequence[Definition]) -> bool:
    known = {cls.name.value for _, cls in line} | _KNOWN_BASES
    bases = (last_name(base.value) for _, cls in line for base in cls.bases)
    methods = (each for _, cls in line for each in cls.body.body if isinstance(each, cst.FunctionDef))
    return all(base in known for base in bases) and _CHOOSING.isdisjoint(each.name.value for each in methods)


def _is_owner(
    module: Module,
    value: cst.BaseExpression,
    line: Sequence[Definition],
    classes: Collection[cst.ClassDef],
    evaluator: Evaluator,
) -> bool:
    """Whether an expression is the object itself: in its own methods, or where a variable was given a new one."""
    if is_self(value):
        return class_around(module, value) in classes
    call = module.only_value_of(value.value, value) if isinstance(value, cst.Name) else None
    return isinstance(call, cst.Call) and line[0][1] in (cls for _, cls in evaluator.line_constructed(module, call))
