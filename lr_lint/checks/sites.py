"""Finding the constructions of schedulers in one file, however they are spelled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.bindings import Module
from lr_lint.semantics.expressions import evaluate
from lr_lint.semantics.interpreter import bases_of, external_bases, find_method, frame_at, new_world
from lr_lint.semantics.scenarios import HORIZONS, Construction
from lr_lint.semantics.values import BudgetExceeded, ClassValue, External, Frame, Raised, Value
from lr_lint.source.tree import dotted_name, walk_with_path
from lr_lint.vocabulary.contracts import BY_NAME, GATE_WORDS, Contract


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A call that may construct a scheduler, by its spelling."""

    call: cst.Call
    path: tuple[cst.CSTNode, ...]


def constructions(module: Module) -> Iterator[Construction]:
    """The constructions of known schedulers, in source order."""
    for candidate in _candidates(module):
        try:
            found = _resolve(module, candidate)
        except (Raised, BudgetExceeded):
            continue
        if found is not None:
            contract, skipped = found
            yield Construction(module, candidate.call, candidate.path, contract, skipped)


def _candidates(module: Module) -> list[_Candidate]:
    """Calls whose callee is spelled like a scheduler, an alias of one, a subclass, or ``super().__init__``."""
    names = set(GATE_WORDS)
    calls: list[_Candidate] = []
    for node, path in walk_with_path(module.tree):
        if isinstance(node, cst.Call):
            calls.append(_Candidate(node, path))
        elif isinstance(node, cst.ImportAlias) and node.asname is not None and _last_name(node.name) in names:
            names.add(_last_name(node.asname.name))
        elif isinstance(node, cst.Assign) and _mentions(node.value, names):
            names.update(_last_name(target.target) for target in node.targets)
        elif isinstance(node, cst.ClassDef) and any(_last_name(base.value) in names for base in node.bases):
            names.add(node.name.value)
    return [candidate for candidate in calls if _is_candidate(candidate, names)]


def _mentions(value: cst.BaseExpression, names: set[str]) -> bool:
    """Whether an assignment makes an alias: a name, or a choice between names."""
    if isinstance(value, cst.IfExp):
        return _mentions(value.body, names) or _mentions(value.orelse, names)
    return isinstance(value, (cst.Name, cst.Attribute)) and _last_name(value) in names


def _last_name(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _is_candidate(candidate: _Candidate, names: set[str]) -> bool:
    function = candidate.call.func
    if isinstance(function, cst.Call):
        return any(_last_name(argument.value) in names for argument in function.args)
    if isinstance(function, cst.Attribute) and function.attr.value == "__init__":
        enclosing = _enclosing_class(candidate.path)
        return enclosing is not None and enclosing.name.value in names
    return _last_name(function) in names


def _enclosing_class(path: Sequence[cst.CSTNode]) -> cst.ClassDef | None:
    return next((node for node in reversed(path) if isinstance(node, cst.ClassDef)), None)


def _resolve(module: Module, candidate: _Candidate) -> tuple[Contract, int] | None:
    """The contract of a construction, and how many leading arguments are not the constructor's."""
    world = new_world(HORIZONS[0])
    function = candidate.call.func
    frame = frame_at(module, function, candidate.path, world)
    if isinstance(function, cst.Attribute) and function.attr.value == "__init__":
        return _resolve_base_call(function, candidate, frame)
    callee = evaluate(_unwrapped(function), frame)
    return _contract_of(callee)


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


def _resolve_base_call(function: cst.Attribute, candidate: _Candidate, frame: Frame) -> tuple[Contract, int] | None:
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
