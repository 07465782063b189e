"""Drafts that change what is passed, or to which scheduler, and leave what is returned as it is."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.facts.shapes import shapes_of
from lr_lint.checks.fixes.cases import Case, Change, Draft, RefusalError
from lr_lint.source.tree import code_of, dotted_name, last_name, walk


def of_initial(case: Case) -> Iterator[Draft]:
    """The sibling scheduler, which multiplies the initial lr, takes the place of the one at hand."""
    short = case.look.construction.contract.of_initial.rpartition(".")[2]
    yield Draft(f"use {short}", tuple(sibling_changes(case)))
    raise RefusalError(f"{short} is not what is meant")


def sibling_changes(case: Case) -> Iterator[Change]:
    """What makes a construction one of the sibling that multiplies the initial lr.

    Raises:
        RefusalError: if the scheduler is called by another name than its own.
    """
    contract, function = case.look.construction.contract, case.look.construction.call.func
    short = contract.of_initial.rpartition(".")[2]
    if not short or last_name(function) != contract.short_name:
        raise RefusalError("the scheduler goes by another name here")
    if isinstance(function, cst.Attribute):
        yield Change(function.attr, instead=short)
    elif isinstance(function, cst.Name):
        yield Change(function, instead=short)
        yield from _import_of(short, function, case)


def _import_of(short: str, function: cst.Name, case: Case) -> Iterator[Change]:
    """What has to be imported for a name to mean the sibling of a scheduler."""
    module = case.look.construction.module
    if short in module.locals_of(module.tree):
        return
    aliases = [
        alias
        for statement in walk(module.tree)
        if isinstance(statement, cst.ImportFrom) and not isinstance(statement.names, cst.ImportStar)
        for alias in statement.names
        if alias.asname is None and alias.name.value == function.value
    ]
    if not aliases:
        if module.star_imports():
            return
        raise RefusalError(f"{short} is not imported")
    others = [node for node in walk(module.tree) if isinstance(node, cst.Name) and node.value == function.value]
    for alias in aliases:
        # The alias and this call are two; whoever else uses the name still needs it.
        keeps = len(others) > len(aliases) + 1
        yield Change(alias.name, before=f"{short}, ") if keeps else Change(alias.name, instead=short)


def pass_callable(case: Case) -> Iterator[Draft]:
    """``f(epoch)`` becomes ``f``, and a constant becomes a function that returns it."""
    construction = case.look.construction
    argument = construction.argument(construction.contract.callable)
    if isinstance(argument, cst.Call) and dotted_name(argument.func) is not None:
        if len(argument.args) != 1 or argument.args[0].star:
            raise RefusalError("the function takes more than the step")
        yield Draft(f"pass `{code_of(argument.func)}` itself", (Change(argument, instead=code_of(argument.func)),))
    elif isinstance(argument, (cst.Float, cst.Integer, cst.Name, cst.Attribute)) and construction.contract.of_initial:
        yield Draft("pass a function of the step", (Change(argument, before="lambda epoch: "),))
    raise RefusalError("what is to be called cannot be told")


def bind_variable(case: Case) -> Iterator[Draft]:
    """The loop's variables become defaults of parameters, which are evaluated in their turn."""
    construction = case.look.construction
    shapes = shapes_of(case.look.exploration, construction.path)
    late = next((shape.late for shape in shapes if shape.late is not None), None)
    if late is None or late.place.module is not construction.module:
        raise RefusalError("the callable is defined in another file")
    node = late.place.node
    parameters = node.params.params if isinstance(node, (cst.FunctionDef, cst.Lambda)) else ()
    if not parameters:
        raise RefusalError("the callable has no parameter to put another one behind")
    last = parameters[-1]
    end = last.default or (last.annotation.annotation if last.annotation is not None else last.name)
    bound = "".join(f", {name}={name}" for name in late.names)
    shown = ", ".join(f"`{name}`" for name in late.names)
    yield Draft(f"bind {shown} as a default argument", (Change(end, after=bound),))
    raise RefusalError("the callables would not differ")
