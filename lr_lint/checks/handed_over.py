"""Classes of schedulers that are named in one place and called in another, by code that was handed them.

``Later(LambdaLR, {...})(optimizer)``, a class in a table or in a settings object: whoever calls it does not say its
name. So calls that such a class may reach are run, and what they call tells whether one of them constructs it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.resolution import Contracts, contract_of
from lr_lint.project.binders import SELF
from lr_lint.project.imports import may_import
from lr_lint.project.modules import Module
from lr_lint.project.namings import entries_of, is_dict
from lr_lint.project.spelled_names import HANDING, handed_over, names_given
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.unknown import Invocation
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.semantics.worlds.handing import HandedRun, runs_of
from lr_lint.source.collector import collected_afterwards
from lr_lint.source.scheduler_names import CALLED
from lr_lint.source.tree import dotted_name, last_name, walk
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.contracts import Contract

# How many calls of one file are run.
_MOST_CALLS = 40
# How many names that a file defines are looked for in others.
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """Where code names the class of a scheduler to hand it over.

    Attributes:
        anchor: the name.
        contract: what the scheduler does with its callable.
        by_chance: whether a text says its name that may mean anything, unless it turns out to be used as one.
        reason: why nothing is known of it.
    """

    anchor: Anchor
    contract: Contract
    by_chance: bool = False
    reason: str = "its class is named here, and nobody was found who constructs it"

    def is_behind(self, other: _Handed) -> bool:
        """Whether it is the class that some code was handed: of a name it is known whether it was read there."""
        node = self.anchor.node
        while isinstance(node, cst.Attribute):
            node = node.value
        named = isinstance(node, cst.SimpleString) or node in other.read
        return named and self.contract.name == other.construction.contract.name


@dataclass(frozen=True, slots=True)
class _Handed:
    """A construction by code that was handed the class, with the names that were read on the way."""

    construction: Construction
    read: Container[cst.CSTNode]


def mentions_in(contracts: Contracts, words: frozenset[str]) -> Iterator[Mention]:
    """The places where a file names the class of a scheduler and does not call it.

    Args:
        contracts: the schedulers that are known, asked from the file.
        words: the last parts of their names, as the file spells them.
    """
    module = contracts.module
    for node in handed_over(module.scopes.index.among(HANDING)):
        is_text = isinstance(node, cst.SimpleString)
        contract = contracts.named(node.raw_value) if isinstance(node, cst.SimpleString) else None
        if not is_text and last_name(node) in words:
            contract = _contract_at(node, contracts)
        if contract is not None and contract.overridden_by:
            by_chance = is_text and "." not in _spelled(node) and not _has_its_callable(node, contract, module)
            yield Mention(Anchor(module, node), contract, by_chance)


def _has_its_callable(text: cst.CSTNode, contract: Contract, module: Module) -> bool:
    """Whether a text stands in a dict that has what such a scheduler calls, by the name that it wants it by."""
    keyword = None if contract.callable is None else contract.callable[1]
    parts = (part for each in module.path_to(text) if is_dict(each) for part in walk(each))
    return any(key == keyword for part in parts for key, _ in entries_of(part))


def _contract_at(node: cst.BaseExpression, contracts: Contracts) -> Contract | None:
    module = contracts.module
    try:
        frame = frame_at(module, node, module.path_to(node), new_world(ASSUMED_COUNTS[0], contracts.project))
        found = contract_of(force(evaluate(node, frame)), contracts)
    except (Raised, BudgetExceeded):
        return None
    return None if found is None else found[0]


@collected_afterwards()
def with_handed_over(
    found: Sequence[Construction],
    mentions: Sequence[Mention],
    contracts: Contracts,
    words: frozenset[str],
    budget: Budget,
) -> tuple[list[Construction], list[Mention]]:
    """The constructions of a file with those by code that was handed a class, and the mentions that nobody uses.

    Args:
        found: the constructions by calls whose callees are known where they stand.
        mentions: where the file names classes to hand them over.
        contracts: the schedulers that are known, asked from the file.
        words: the last parts of their names, as the file spells them.
        budget: what following one construction may cost.
    """
    index = contracts.module.scopes.index
    names = index.handing.added_to(map(_spelling, mentions))
    handed = _constructing(contracts.module, names, words, contracts, budget)
    called = {name for each in found if last_name(each.call.func) not in words for name in names_given(each.call.func)}
    left = [
        mention
        for mention in mentions
        if called.isdisjoint(index.aliases.added_to({_spelling(mention)})) and not any(map(mention.is_behind, handed))
    ]
    all_found = _merged(found, [each.construction for each in handed])
    for mention in list(left):
        elsewhere = next(_elsewhere(mention, names, words, contracts, budget), None)
        if elsewhere is not None:
            all_found.append(elsewhere)
            left.remove(mention)
    all_found.sort(key=lambda each: contracts.module.place(each.site.node))
    return all_found, [mention for mention in left if not mention.by_chance]


def _merged(found: Sequence[Construction], handed: Sequence[Construction]) -> list[Construction]:
    """Constructions each once: by whoever hands the class over, where one call constructs several schedulers so.

    So it is where a method does, of an object that it does not know where it stands.
    """
    handing: dict[cst.Call, list[Construction]] = {}
    for each in handed:
        if each.within is not None and each.within is not each.call:
            handing.setdefault(each.within, []).append(each)
    several = {
        call for call, by in handing.items() if len(by) > 1 or (dotted_name(call.func) or "").startswith(f"{SELF}.")
    }
    kept = [each for each in found if each.call not in several]
    known = {(each.call, each.contract.name) for each in kept}
    others = (each for each in handed if each.call not in handing)
    return [
        *kept,
        *(each for each in others if known.isdisjoint((call, each.contract.name) for call in (each.call, each.within))),
    ]


def _spelling(mention: Mention) -> str:
    return _spelled(mention.anchor.node)


def _spelled(node: cst.CSTNode) -> str:
    return node.raw_value if isinstance(node, cst.SimpleString) else last_name(node)


def _constructing(
    module: Module, names: set[str], words: frozenset[str], contracts: Contracts, budget: Budget
) -> list[_Handed]:
    """The calls of a file that construct a scheduler by way of code that was handed its class; the innermost ones."""
    calls = [call for call in module.scopes.index.of(cst.Call) if _may_run(call, names, words)]
    found: list[_Handed] = []
    steps = budget.steps
    # Calls come with those around them first.
    for call in reversed(calls[:_MOST_CALLS]):
        inner = {each.construction.call for each in found}
        if steps > 0 and inner.isdisjoint(walk(call)):
            made: dict[tuple[cst.Call, str], _Handed] = {}
            for run in runs_of(call, module, contracts.project, ASSUMED_COUNTS[0], steps):
                steps -= run.spent
                for within, contract in filter(None, (_construction_of(each, words, contracts) for each in run.calls)):
                    construction = _by_handing(call, module, within, contract, run, contracts, budget)
                    made.setdefault((within, contract.name), _Handed(construction, run.read))
            found += made.values()
    return found


def _by_handing(
    call: cst.Call,
    module: Module,
    within: cst.Call,
    contract: Contract,
    run: HandedRun,
    contracts: Contracts,
    budget: Budget,
) -> Construction:
    path = module.path_to(call)
    return Construction(contracts.project, module, call, path, contract, budget, within=within, turns=run.turns)


def _may_run(call: cst.Call, names: set[str], words: frozenset[str]) -> bool:
    """Whether a call may run code that has the class: it is given what may hold it, or is one of that."""
    if last_name(call.func) in words:
        return False
    parts = (node for value in (call.func, *(each.value for each in call.args)) for node in walk(value))
    return any(name in names for name in names_given(call.func)) or any(_spelled(part) in names for part in parts)


def _construction_of(made: Invocation, words: frozenset[str], contracts: Contracts) -> tuple[cst.Call, Contract] | None:
    node, found = made.anchor.node, contract_of(made.callee, contracts)
    if found is None or not isinstance(node, cst.Call) or last_name(node.func) in words:
        return None
    return node, found[0]


def _elsewhere(
    mention: Mention, names: set[str], words: frozenset[str], contracts: Contracts, budget: Budget
) -> Iterator[Construction]:
    """The constructions by other files, which import what holds the class."""
    home = contracts.module
    exported = sorted(names & home.locals_of(home.tree) - words)
    for name in exported[:_MOST_NAMES] if not mention.by_chance else ():
        importing = contracts.project.importing_modules(home, name)
        for module in (each for each in importing if may_import(each, home)):
            reached = module.scopes.index.handing.added_to({name, name + CALLED})
            for handed in _constructing(module, reached, words, contracts, budget):
                if mention.is_behind(handed):
                    yield replace(handed.construction, named=mention.anchor)
