"""Finding the constructions of schedulers in one file, however they are spelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import libcst as cst

from lr_lint.checks.faults import Faults
from lr_lint.checks.handed_over import Mention, mentions_in, with_handed_over
from lr_lint.checks.resolution import Contracts, base_call, contract_of
from lr_lint.project.imports import Project
from lr_lint.project.knowledge import LIBRARIES
from lr_lint.project.modules import Module
from lr_lint.project.spelled_names import names_given
from lr_lint.semantics.machine.class_members import external_bases, find_method
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at, frame_of_callee
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import BudgetExceeded, World
from lr_lint.semantics.worlds.construction import Construction, bare, entry_of
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.source.collector import collected_afterwards
from lr_lint.source.scheduler_names import OWN_CLASS
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract, ContractTable
from lr_lint.vocabulary.quantities import Quantity

_LOOKED_UP = "its class is looked up by a name that is not known"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file has to do with schedulers.

    Attributes:
        constructions: of known schedulers, in source order, each with what following it may cost.
        mentions: where it names their classes to hand them over, and nobody was found who calls them; and where it
            constructs one whose class it looks up by a name that is not known.
    """

    constructions: list[Construction]
    mentions: list[Mention]


def survey(
    module: Module,
    project: Project,
    budget: Budget,
    contracts: ContractTable = BUILT_IN,
    faults: Faults | None = None,
) -> Survey:
    """The constructions of known schedulers in a file, and what it hands over in place of constructing it.

    Args:
        module: the file.
        project: the files around it.
        budget: what following one construction may cost.
        contracts: the schedulers to look for.
        faults: takes what goes wrong with single calls.
    """
    faults = faults or Faults(module.path)
    asked = Contracts(contracts, project, module)
    spelled = contracts.words | contracts.modules
    attempts = (faults.attempt(partial(_found, call, asked, budget, contracts)) for call in candidates(module, spelled))
    constructing = [each for each in attempts if each is not None]
    found = [each for each in constructing if not each.contract.looked_up]
    looked_up = [
        Mention(each.site, each.contract, reason=_LOOKED_UP) for each in constructing if each.contract.looked_up
    ]
    words = frozenset(module.scopes.index.class_names.added_to(contracts.words))
    asked = asked.within(budget.files)
    mentions = list(mentions_in(asked, words))
    behind = faults.attempt(partial(with_handed_over, found, mentions, asked, words, budget)) if mentions else None
    constructed, left = behind or (found, mentions)
    return Survey(constructed, [*left, *looked_up])


def constructions(
    module: Module, project: Project, budget: Budget, contracts: ContractTable = BUILT_IN
) -> list[Construction]:
    """The constructions of known schedulers in a file, in source order. The arguments are those of `survey`."""
    return survey(module, project, budget, contracts).constructions


@collected_afterwards()
def _found(call: cst.Call, contracts: Contracts, budget: Budget, table: ContractTable) -> Construction | None:
    """The construction that a call is, if it is one whose contract is known."""
    try:
        found = _resolve(call, contracts.module.path_to(call), contracts, budget)
        if found is not None and (found.contract.delegates_to is not None or found.contract.optional):
            found = _specified(found, contracts.within(budget.files).project, table)
    except (Raised, BudgetExceeded):
        return None
    return found


def _specified(construction: Construction, project: Project, table: ContractTable) -> Construction | None:
    """A construction whose arguments decide whether it is one, and which contract holds."""
    contract = construction.contract
    world = new_world(ASSUMED_COUNTS[0], project)
    if contract.optional:
        argument = construction.argument(contract.callable)
        if argument is None or isinstance(argument, (cst.Integer, cst.Float)):
            return None
        value = entry_of(force(evaluate(argument, _frame(construction, argument, world))), contract.entry)
        if not _is_callable(value):
            return None
    policy = construction.argument(contract.delegates_to)
    if contract.delegates_to is not None:
        named = None if policy is None else force(evaluate(policy, _frame(construction, policy, world)))
        other = _named_by(named, table)
        if other is None:
            return None
        construction = replace(construction, contract=contract.like(other))
    return construction


def _frame(construction: Construction, argument: cst.CSTNode, world: World) -> Frame:
    return frame_at(construction.module, argument, (*construction.path, construction.call), world)


def _is_callable(value: Value) -> bool:
    """Whether a value is something of the project that can be called."""
    if isinstance(value, ListValue):
        return any(_is_callable(force(item)) for item in value.values)
    if isinstance(value, Partial):
        return _is_callable(value.function)
    if isinstance(value, Instance):
        return find_method(value.cls, "__call__") is not None
    return isinstance(value, (Function, Bound))


def _named_by(value: Value | None, table: ContractTable) -> Contract | None:
    """The contract that a class, or the name of one, stands for."""
    if isinstance(value, External):
        return table.by_name.get(value.name)
    if isinstance(value, Constant):
        return next((row for row in table.judged if row.eager and row.short_name == value.value), None) or next(
            (row for row in table.judged if row.short_name == value.value), None
        )
    return None


def candidates(module: Module, words: frozenset[str]) -> list[cst.Call]:
    """Calls whose callee is spelled like a scheduler, an alias of one, a subclass, or ``super().__init__``."""
    index = module.scopes.index
    names = index.aliases.added_to(words)
    return [call for call in index.of(cst.Call) if _is_candidate(call, names, module)]


def _is_candidate(call: cst.Call, names: set[str], module: Module) -> bool:
    function = call.func
    if isinstance(function, cst.Attribute) and function.attr.value == "__init__":
        enclosing = _enclosing_class(module.path_to(call))
        return enclosing is not None and enclosing.name.value in names
    if isinstance(function, cst.Name) and function.value == OWN_CLASS:
        # Elsewhere than in a class, it is a variable like any other.
        enclosing = _enclosing_class(module.path_to(call))
        if enclosing is not None and enclosing.name.value in names:
            return True
    if isinstance(function, cst.Call) and any(last_name(argument.value) in names for argument in function.args):
        return True
    return any(name in names for name in names_given(function))


def _enclosing_class(path: Sequence[cst.CSTNode]) -> cst.ClassDef | None:
    return next((node for node in reversed(path) if isinstance(node, cst.ClassDef)), None)


def _resolve(
    call: cst.Call, path: tuple[cst.CSTNode, ...], contracts: Contracts, budget: Budget
) -> Construction | None:
    """The construction that a call is, if it is one.

    Most names are resolved by the file's own imports; other files are opened for those that are not.
    """
    module, function, bound = contracts.module, call.func, False
    near = contracts.within(0)
    # Which class is looked up, a settings file may say.
    for looked_up in (near, contracts.within(budget.files)):
        world = new_world(ASSUMED_COUNTS[0], looked_up.project)
        if isinstance(function, cst.Attribute) and function.attr.value == "__init__":
            frame = frame_at(module, function, (*path, call), world)
            found = base_call(function, frame, looked_up)
            bases = () if frame.owner is None else external_bases(frame.owner)
            is_final = not any(_may_be_elsewhere(base, looked_up) for base in bases)
        else:
            frame = frame_of_callee(module, function, (*path, call), world)
            callee = force(evaluate(function, frame))
            found, bound = contract_of(bare(callee), looked_up), callee is not bare(callee)
            inner = _unwrapped(function) if found is None else None
            if inner is not None:
                callee = force(evaluate(inner, frame))
                found = contract_of(callee, looked_up)
            is_final = not _may_be_elsewhere(bare(callee), looked_up)
        if found is not None and not (found[0].looked_up and looked_up is near):
            contract, skipped = found
            return Construction(looked_up.project, module, call, path, contract, budget, skipped, bound)
        if found is None and is_final:
            return None
    return None


def _may_be_elsewhere(callee: Value, contracts: Contracts) -> bool:
    """Whether another file of the project may say what a callee is."""
    if isinstance(callee, ClassValue) and any(_may_be_elsewhere(base, contracts) for base in external_bases(callee)):
        return True
    if isinstance(callee, (ClassValue, Function)):
        return callee.name in contracts.own_words
    if isinstance(callee, External):
        return callee.name.partition(".")[0] not in LIBRARIES
    # What is not known is read as a number where its name says that it is a rate, as "lr" in LambdaLR does.
    return isinstance(callee, (Unknown, Quantity))


def _unwrapped(function: cst.BaseExpression) -> cst.BaseExpression | None:
    """``trace(LambdaLR)(...)`` constructs a LambdaLR: a wrapper around the class keeps its signature."""
    if isinstance(function, cst.Call) and len(function.args) == 1 and function.args[0].keyword is None:
        return function.args[0].value
    return None
