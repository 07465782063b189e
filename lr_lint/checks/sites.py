"""Finding the constructions of schedulers in one file, however they are spelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.project.bindings import Module
from lr_lint.project.imports import LIBRARIES, Project
from lr_lint.semantics.contexts import frame_at
from lr_lint.semantics.expressions import evaluate
from lr_lint.semantics.interpreter import new_world
from lr_lint.semantics.objects import bases_of, external_bases, find_method
from lr_lint.semantics.scenarios import HORIZONS, Construction
from lr_lint.semantics.values import BudgetExceeded, ClassValue, External, Frame, Opaque, Raised, Value
from lr_lint.source.tree import dotted_name, last_name, walk
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.contracts import BY_NAME, GATE_WORDS, Contract
from lr_lint.vocabulary.quantities import Quantity


def constructions(module: Module, project: Project, budget: Budget) -> Iterator[Construction]:
    """The constructions of known schedulers, in source order, each with what following it may cost."""
    for call in _candidates(module):
        path = module.path_to(call)
        try:
            found = _resolve(project, module, call, path, budget.files)
        except (Raised, BudgetExceeded):
            continue
        if found is not None:
            contract, skipped = found
            yield Construction(project, module, call, path, contract, budget, skipped)


def _candidates(module: Module) -> list[cst.Call]:
    """Calls whose callee is spelled like a scheduler, an alias of one, a subclass, or ``super().__init__``."""
    names = set(GATE_WORDS)
    calls: list[cst.Call] = []
    for node in walk(module.tree):
        if isinstance(node, cst.Call):
            calls.append(node)
        elif isinstance(node, cst.ImportAlias) and node.asname is not None and last_name(node.name) in names:
            names.add(last_name(node.asname.name))
        elif isinstance(node, cst.Assign) and _mentions(node.value, names):
            names.update(last_name(target.target) for target in node.targets)
        elif isinstance(node, cst.ClassDef) and any(last_name(base.value) in names for base in node.bases):
            names.add(node.name.value)
    return [call for call in calls if _is_candidate(call, names, module)]


def _mentions(value: cst.BaseExpression, names: set[str]) -> bool:
    """Whether an assignment makes an alias: a name, or a choice between names."""
    if isinstance(value, cst.IfExp):
        return _mentions(value.body, names) or _mentions(value.orelse, names)
    return last_name(value) in names


def _is_candidate(call: cst.Call, names: set[str], module: Module) -> bool:
    function = call.func
    if isinstance(function, cst.Call):
        return any(last_name(argument.value) in names for argument in function.args)
    if isinstance(function, cst.IfExp):
        return _mentions(function, names)
    if isinstance(function, cst.Attribute) and function.attr.value == "__init__":
        enclosing = _enclosing_class(module.path_to(call))
        return enclosing is not None and enclosing.name.value in names
    return last_name(function) in names


def _enclosing_class(path: Sequence[cst.CSTNode]) -> cst.ClassDef | None:
    return next((node for node in reversed(path) if isinstance(node, cst.ClassDef)), None)


def _resolve(
    project: Project, module: Module, call: cst.Call, path: tuple[cst.CSTNode, ...], most_files: int
) -> tuple[Contract, int] | None:
    """The contract of a construction, and how many leading arguments are not the constructor's.

    Most names are resolved by the file's own imports; other files are opened for those that are not.
    """
    function = call.func
    for files in (0, most_files):
        project.files_left = files
        frame = frame_at(module, function, (*path, call), new_world(HORIZONS[0], project))
        if isinstance(function, cst.Attribute) and function.attr.value == "__init__":
            return _resolve_base_call(function, frame)
        callee = evaluate(_unwrapped(function), frame)
        found = _contract_of(callee)
        if found is not None or not _may_be_elsewhere(callee):
            return found
    return None


def _may_be_elsewhere(callee: Value) -> bool:
    """Whether another file of the project may say what a callee is."""
    if isinstance(callee, External):
        return callee.name.partition(".")[0] not in LIBRARIES
    # What is not known is read as a number where its name says that it is a rate, as "lr" in LambdaLR does.
    return isinstance(callee, (Opaque, Quantity))


def _unwrapped(function: cst.BaseExpression) -> cst.BaseExpression:
    """``trace(LambdaLR)(...)`` constructs a LambdaLR: a wrapper around the class keeps its signature."""
    if isinstance(function, cst.Call) and len(function.args) == 1 and function.args[0].keyword is None:
        return function.args[0].value
    return function


def _contract_of(callee: Value) -> tuple[Contract, int] | None:
    if isinstance(callee, External):
        contract = BY_NAME.get(callee.name)
        return None if contract is None else (contract, 0)
    if isinstance(callee, ClassValue) and find_method(callee, "__init__") is None:
        # A subclass without a constructor of its own is constructed like its base.
        contract = _inherited_contract(callee)
        return None if contract is None else (contract, 0)
    return None


def _inherited_contract(cls: ClassValue) -> Contract | None:
    """The contract of a scheduler subclass; None where it overrides what the contract rests on."""
    for base in external_bases(cls):
        contract = BY_NAME.get(base.name)
        if contract is not None:
            overridden = any(find_method(cls, name) is not None for name in contract.overridden_by)
            return None if overridden else contract
    return None


def _resolve_base_call(function: cst.Attribute, frame: Frame) -> tuple[Contract, int] | None:
    """``super().__init__(...)`` or ``LambdaLR.__init__(self, ...)`` in a subclass."""
    owner = frame.owner
    if owner is None or _inherited_contract(owner) is None:
        return None
    if dotted_name(function.value) is not None:
        contract = _contract_of(evaluate(function.value, frame))
        return None if contract is None else (contract[0], 1)
    for base in bases_of(owner):
        contract = _contract_of(base)
        if contract is not None:
            return contract
    return None
