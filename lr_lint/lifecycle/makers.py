"""Which calls give a new optimizer: constructions, and functions of the project that return nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.subjects import makes_optimizer
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.source.tree import walk


def gives_new_optimizer(module: Module, call: cst.Call, evaluator: Evaluator) -> bool:
    """Whether each call of that kind gives an optimizer that was not there before, as far as names tell.

    Args:
        module: the file.
        call: the call.
        evaluator: says which function it enters.
    """
    if makes_optimizer(call):
        return True
    entered = evaluator.named_definition_of(module, call)
    if entered is None:
        return False
    home, function = entered
    returned = [value for each in _returns_of(home, function) for value in _given_by(home, function, each)]
    return bool(returned) and all(isinstance(each, cst.Call) and makes_optimizer(each) for each in returned)


def _returns_of(module: Module, function: cst.FunctionDef) -> Iterator[cst.BaseExpression | None]:
    for node in walk(function.body):
        if isinstance(node, cst.Return) and function_of(module.path_to(node)) is function:
            yield node.value


def _given_by(
    module: Module, function: cst.FunctionDef, value: cst.BaseExpression | None
) -> Iterator[cst.BaseExpression | None]:
    """What a returned expression may be: what a variable of the function was assigned, or the expression."""
    binding = module.scopes.resolve(value.value, value) if isinstance(value, cst.Name) else None
    if isinstance(value, cst.Name) and binding is not None and binding.scope is function:
        yield from module.values_of(value.value, value)
    else:
        yield value
