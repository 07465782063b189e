"""Schedules that go on where a training was left: what they lack for it, and what they set back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.checkpoints import READING, RESTORING, restores, times_of_checkpoints, values_of
from lr_lint.lifecycle.alternatives import excludes
from lr_lint.lifecycle.events import Event, Happening, Trail
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.orders import Order
from lr_lint.lifecycle.routes import Route
from lr_lint.lifecycle.subjects import makes_optimizer
from lr_lint.project.holders import function_of
from lr_lint.project.knowledge import GOING_OVER
from lr_lint.project.modules import Module
from lr_lint.semantics.values.containers import INITIAL_RATE
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import LOOPS, children, dotted_name, last_name, walk
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract, Extent, Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import words_of
from lr_lint.vocabulary.quantities import Basis, Quantity

_NEVER_STEPPED = -1
_COUNTING = frozenset({"range", "trange"})
# Functions that may read a state into what they are given.
_KEEPING = READING | {"checkpoint", "checkpointer", "init", "initialize"}


@dataclass(frozen=True, slots=True)
class Resumed:
    """A fault in how a training is taken up again.

    Attributes:
        confidence: how sure it is.
        place: what tells of it: the argument that is wrong, the load that is undone; None where the construction does.
        after: the last step that the schedule goes on from, where it is known.
    """

    confidence: Confidence
    place: Anchor | None = None
    after: float | None = None


def without_initial_rate(life: Life) -> Resumed | None:
    """A scheduler that is told which step was the last one, for an optimizer that nobody has prepared for that."""
    construction = life.construction
    argument = construction.argument(construction.contract.resumed)
    if argument is None or not _is_fresh(life):
        return None
    place = Anchor(construction.module, argument)
    value = life.evaluator.value_of(construction.module, argument)
    default = value.default if isinstance(value, Unknown) else None
    value = value if default is None else default
    if isinstance(value, Quantity) and value.basis.is_written and isinstance(value.number, (int, float)):
        single, proved = _is_one_value(construction.module, argument), default is None and value.basis is Basis.PROVED
        if value.number != _NEVER_STEPPED and (proved or single):
            # What an option is by default holds for whoever does not give it.
            return Resumed(Confidence.CERTAIN if single and proved else Confidence.LIKELY, place, float(value.number))
        return None
    if any(True for _ in times_of_checkpoints(construction.module, argument)):
        return Resumed(Confidence.LIKELY, place)
    return None


def _is_one_value(module: Module, argument: cst.BaseExpression) -> bool:
    """Whether an expression is one value as it is written: no condition chooses it, and each variable is set once."""
    assigned = [list(values_of(module, each)) for each in _names_in(argument)]
    written = [argument, *(value for values in assigned for value in values)]
    return all(len(values) <= 1 for values in assigned) and not any(
        isinstance(node, (cst.IfExp, cst.BooleanOperation)) for each in written for node in walk(each)
    )


def _names_in(node: cst.CSTNode) -> Iterator[cst.Name]:
    return (each for each in walk(node) if isinstance(each, cst.Name))


def _is_fresh(life: Life) -> bool:
    """Whether an optimizer is made by the code, and nothing may have given its groups a first rate before."""
    optimizer = life.optimizer
    if optimizer is None or optimizer.lost or optimizer.shared or life.construction.within is not None:
        return False
    made = list(optimizer.of(Happening.MADE))
    modules = {each.module.path: each.module for each in (*made, life.made)}.values()
    if any(map(_speaks_of_it, modules)) or not made or not all(makes_optimizer(each.call) for each in made):
        return False
    kinds = (Happening.STATE_LOADED, Happening.SCHEDULED, Happening.HANDED, Happening.ADOPTED)
    earlier = (each for each in optimizer.of(*kinds) if each.node is not life.construction.call)
    return all(life.order(each, life.made) in {Order.AFTER, Order.NEVER_BOTH} for each in earlier) and not any(
        map(_may_load, _given_to(optimizer))
    )


def _speaks_of_it(module: Module) -> bool:
    """Whether the code of a file says something of the rates that schedules start from."""
    if INITIAL_RATE.encode() not in module.source.data:
        return False
    index = module.scopes.index
    texts = (each.raw_value for each in index.of(cst.SimpleString))
    names = (each.value for each in index.of(cst.Name))
    return any(text == INITIAL_RATE for text in (*texts, *names))


def _given_to(trail: Trail) -> Iterator[cst.Call]:
    """The calls that are given an object, or what holds it, and do with it what nobody sees."""
    seen = {call for calls in trail.entered.values() for call in calls}
    return (held.node for held in trail.held if isinstance(held.node, cst.Call) and held.node not in seen)


def _may_load(call: cst.Call) -> bool:
    return not _KEEPING.isdisjoint(words_of(last_name(call.func)))


def loaded_too_early(life: Life) -> Resumed | None:
    """A state of the optimizer that is loaded before the scheduler is made, which sets the rates back."""
    construction, optimizer, scheduler = life.construction, life.optimizer, life.scheduler
    if optimizer is None or optimizer.shared or not _sets_back(construction.contract):
        return None
    if construction.argument(construction.contract.resumed) is not None or any(scheduler.of(Happening.SET)):
        return None
    loads = list(optimizer.of(Happening.STATE_LOADED))
    restored = [each for each in scheduler.of(Happening.STATE_LOADED) if life.order(life.made, each) is Order.BEFORE]
    early = [each for each in loads if life.order(each, life.made) is Order.BEFORE]
    written = (each for each in optimizer.of(Happening.RATE_WRITTEN) if life.order(each, life.made) is not Order.BEFORE)
    if not early or len(early) < len(loads) or not restored or any(True for _ in written):
        return None
    if not all(map(_in_a_loop, life.scheduler.steps)) or any(map(_may_load, _given_to(optimizer))):
        return None
    loose = early[0].loose or restored[0].loose
    return Resumed(Confidence.POSSIBLE if loose else Confidence.CERTAIN, early[0].anchor)


def _sets_back(contract: Contract) -> bool:
    """Whether making a scheduler sets another rate than the one that the optimizer has."""
    if contract.meaning is Meaning.FACTOR_OF_INITIAL or contract.from_start:
        return True
    return contract.recursive and any(horizon.extent is Extent.WARM_UP for horizon in contract.horizons)


def _in_a_loop(event: Event) -> bool:
    return any(isinstance(node, LOOPS) for node in event.module.path_to(event.node)) or bool(event.crossings)


def left_at_the_start(life: Life) -> Resumed | None:
    """A schedule that begins anew in a training that goes on at the epoch of a checkpoint."""
    construction, scheduler = life.construction, life.scheduler
    contract = construction.contract
    if (
        not _has_a_time(contract)
        or contract.by_argument
        or scheduler.lost
        or scheduler.prepared
        or life.optimizer is None
    ):
        return None
    kinds = (Happening.STATE_LOADED, Happening.SET, Happening.ADOPTED, Happening.HANDED, Happening.RETURNED)
    steps = scheduler.steps
    if any(scheduler.of(*kinds)) or any(each.call.args or each.loose for each in steps) or not steps:
        return None
    if construction.argument(contract.resumed) is not None or any(map(_may_load, _given_to(scheduler))):
        return None
    if not any(_may_read(each.module) for each in (life.made, *steps)):
        return None
    starts = [_start_of(life, step) for step in steps]
    start = starts[0]
    if start is None or None in starts:
        return None
    module, node = start
    checkpoints = set(times_of_checkpoints(module, node))
    if not checkpoints or _knows_of(construction.call, construction.module, node):
        return None
    loads = (each for each in life.optimizer.of(Happening.STATE_LOADED) if not each.loose)
    loaded = next((each for each in loads if not _is_of_a_wrapper(each)), None)
    if loaded is not None:
        return Resumed(Confidence.CERTAIN, loaded.anchor)
    return Resumed(Confidence.LIKELY) if restores(module, checkpoints) else None


def is_another_choice(life: Life) -> bool:
    """Whether a schedule is one of those that a function chooses from, and not the first of them that would be told."""
    construction = life.construction
    module, home = construction.module, function_of(construction.path)
    rows = [(word, row) for row in BUILT_IN.sought if _has_a_time(row) and not row.by_argument for word in row.words]
    return any(
        call is not construction.call
        and module.is_before(call, construction.call)
        and function_of(module.path_to(call)) is home
        and excludes(construction.path, call, module)
        and all(each.keyword is None or each.keyword.value != (row.resumed or ("", ""))[1] for each in call.args)
        for word, row in rows
        for call in module.calls().get(word, ())
    )


def _is_of_a_wrapper(load: Event) -> bool:
    """Whether an optimizer around the optimizer passes on what it is given, whenever somebody calls it."""
    function = function_of(load.module.path_to(load.node))
    return isinstance(function, cst.FunctionDef) and function.name.value == RESTORING


def _may_read(module: Module) -> bool:
    """Whether a file may read a checkpoint, by the words in it."""
    return any(word.encode() in module.source.data for word in READING)


def _has_a_time(contract: Contract) -> bool:
    """Whether it makes a difference at which step a schedule is, where the optimizer has its rate back."""
    extents = {horizon.extent for horizon in contract.horizons}
    return contract.meaning is Meaning.FACTOR_OF_INITIAL or (bool(extents) and Extent.EACH_STEP not in extents)


def _start_of(life: Life, step: Event) -> tuple[Module, cst.BaseExpression] | None:
    """Where the outermost loop begins to count that leads to a step, on all ways to it.

    None where that loop makes the scheduler, which is then of one turn, as a warm-up of the first epoch.
    """
    around = {node for route in life.routes(life.made) for _, node, _ in route.places()}
    found = [_begins(route, around) for route in life.routes(step)]
    known = [each for each in found if each is not None]
    return known[0] if known and len(known) == len(found) else None


def _begins(route: Route, around: Collection[cst.CSTNode]) -> tuple[Module, cst.BaseExpression] | None:
    for module, node, below in route.places():
        if isinstance(node, LOOPS) and node in around:
            return None
        if isinstance(node, cst.For) and below is node.body:
            start = _first_of(node.iter)
            return None if start is None else (module, start)
        if isinstance(node, cst.While) and below is node.body:
            test = node.test
            return (module, test.left) if isinstance(test, cst.Comparison) else None
    return None


def _first_of(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """The first argument of a range that says where it begins; None where it ends so many turns after that.

    ``range(start, start + 200)`` trains for 200 epochs more, and a schedule that begins anew is as long as they are.
    """
    if not isinstance(value, cst.Call):
        return None
    name, given = last_name(value.func), [each.value for each in value.args if each.keyword is None]
    if name in _COUNTING:
        if len(given) < 2 or not set(_spelled_in(given[0])).isdisjoint(_spelled_in(given[1])):
            return None
        return given[0]
    return _first_of(given[0]) if name in GOING_OVER and given else None


def _knows_of(call: cst.Call, module: Module, start: cst.BaseExpression) -> bool:
    """Whether a schedule is made of what says where a training begins: ``epochs - start``."""
    wanted = set(_spelled_in(start))
    named = list(_names_in(call))
    code: list[cst.CSTNode] = [call]
    for each in named:
        code += [*module.definitions(each.value), *values_of(module, each)]
    return any(name in wanted for part in code for name in _spelled_in(part))


def _spelled_in(node: cst.CSTNode) -> Iterator[str]:
    """The last names of the variables and attributes in some code."""
    if dotted_name(node) is not None:
        yield last_name(node)
        return
    for each in children(node):
        yield from _spelled_in(each)
