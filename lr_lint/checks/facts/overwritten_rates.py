"""Rates that a scheduler undoes: it writes what follows from the initial rate and the step, whatever the groups have.

What it undoes was written by another scheduler, by the code itself, or by the scheduler that was there a turn before.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import libcst as cst

from lr_lint.lifecycle.callers import parameter_of
from lr_lint.lifecycle.events import Crossing, Event, Happening, Trail
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.orders import Order, Relation, Surrounding
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.semantics.values.containers import INITIAL_RATE, RATE
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import explore
from lr_lint.source.tree import LOOPS, last_name, variables_in, walk
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract, Extent, Meaning
from lr_lint.vocabulary.diagnostics import Confidence

_GROUPS, _LAST_EPOCH = "param_groups", "last_epoch"
# More steps than these in one turn are a schedule of the turn.
_MOST_STEPS = 2
# Of so many others it is asked whether they are stepped in the same turn.
_MOST_OTHERS = 8
# What may keep a statement from being run in each turn.
_CONDITIONS = (cst.If, cst.IfExp, cst.For, cst.While, cst.Try, cst.TryStar, cst.Match, cst.Lambda)
_RANGES = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
_AT_ONE_TIME = (cst.Equal, cst.In)
_SCALING = (cst.MultiplyAssign, cst.DivideAssign)


class Overwriting(enum.Enum):
    """What is undone."""

    CHAINED = "what the other schedulers of a chain set"
    BESIDE = "what another scheduler sets that is stepped in the same turn"
    WRITTEN = "what the code writes into the groups"
    RENEWED = "what the scheduler of the turn before set"
    RESTARTED = "what an earlier scheduler has come to"


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A rate that is undone.

    Attributes:
        kind: by whom it was set.
        place: where that is; the construction, where the scheduler is made anew.
        step: the step that undoes it; None for a chain, which steps all of its parts.
    """

    kind: Overwriting
    place: Event
    step: Event | None = None

    @property
    def confidence(self) -> Confidence:
        """How sure it is."""
        if self.place.loose or (self.step is not None and self.step.loose):
            return Confidence.POSSIBLE
        # A schedule may be meant to begin anew.
        return Confidence.LIKELY if self.kind is Overwriting.RESTARTED else Confidence.CERTAIN


def overwritten_in(life: Life, first: float | None = None) -> Overwritten | None:
    """The first rate that a scheduler undoes; None where it undoes none.

    Args:
        life: that of the scheduler.
        first: the factor of the initial rate that it begins with, where that is known.
    """
    contract = life.construction.contract
    finders = [_renewed] if _counts_its_steps(contract) else []
    if _writes_from_the_start(contract):
        finders += [_chained, _beside, _written]
    if first == 1:
        finders.append(_restarted)
    return next((found for find in finders for found in find(life)), None)


def _writes_from_the_start(contract: Contract) -> bool:
    """Whether each step writes a rate that does not hang on the one that the group has."""
    return contract.optimizer is not None and (contract.meaning is Meaning.FACTOR_OF_INITIAL or contract.from_start)


def _counts_its_steps(contract: Contract) -> bool:
    """Whether it makes a difference how many steps a scheduler has made: not where each step does the same."""
    extents = {horizon.extent for horizon in contract.horizons}
    return _writes_from_the_start(contract) or (bool(extents) and Extent.EACH_STEP not in extents)


def _chained(life: Life) -> Iterator[Overwritten]:
    for event in life.scheduler.of(Happening.ADOPTED):
        row = next((each for each in BUILT_IN.sought if each.at_once and event.name in each.words), None)
        if row is not None and len(_parts(row, event)) > 1:
            yield Overwritten(Overwriting.CHAINED, event)


def _parts(row: Contract, event: Event) -> Sequence[cst.BaseElement]:
    """The schedulers that another one is made of, where they are written down."""
    keyword = "" if row.parts is None else row.parts[1]
    named = [each.value for each in event.call.args if each.keyword is not None and each.keyword.value == keyword]
    first = [each.value for each in event.call.args[:1] if each.keyword is None]
    value = next(iter((*named, *first)), None)
    if isinstance(value, cst.Name):
        value = event.module.only_value_of(value.value, value)
    return value.elements if isinstance(value, (cst.List, cst.Tuple)) else ()


def _beside(life: Life) -> Iterator[Overwritten]:
    """Another scheduler of the optimizer that is stepped in each turn in which this one is."""
    # Without a step nothing is undone, and to follow an optimizer takes as long as it has schedulers.
    construction, optimizer = life.construction, life.optimizer if life.scheduler.steps else None
    if optimizer is None or optimizer.lost or optimizer.shared or life.is_adopted:
        return
    for event in islice(_others(construction, optimizer), _MOST_OTHERS):
        other = Life(_constructed_at(event, construction), 0)
        if not other.is_adopted:
            yield from _stepped_together(life, other)


def _others(construction: Construction, optimizer: Trail) -> Iterator[Event]:
    """The constructions of other schedulers for an optimizer."""
    for event in optimizer.of(Happening.SCHEDULED):
        is_other = isinstance(event.node, cst.Call) and event.node is not construction.call
        if is_other and not event.loose and last_name(event.call.func) in BUILT_IN.words:
            yield event


def _restarted(life: Life) -> Iterator[Overwritten]:
    """A schedule that begins with the initial rate, after another one has lowered that."""
    construction, optimizer = life.construction, life.optimizer
    if construction.contract.meaning is not Meaning.FACTOR_OF_INITIAL or optimizer is None or optimizer.shared:
        return
    resumed = construction.argument(construction.contract.resumed) is not None
    trained = any(life.order(step, life.made) is Order.BEFORE for step in optimizer.steps)
    if (
        resumed
        or not trained
        or not life.scheduler.steps
        or optimizer.lost
        or any(optimizer.of(Happening.RATE_WRITTEN, Happening.STATE_LOADED))
    ):
        return
    for event in islice(_others(construction, optimizer), _MOST_OTHERS):
        if life.order(event, life.made) is Order.BEFORE:
            other = _constructed_at(event, construction)
            steps = Life(other, 0).scheduler.steps
            is_over = all(life.order(step, life.made) is Order.BEFORE for step in steps)
            if steps and is_over and _lowers(other):
                yield Overwritten(Overwriting.RESTARTED, life.made, steps[0])


def _constructed_at(event: Event, like: Construction) -> Construction:
    """The construction of another scheduler for the same optimizer."""
    name = last_name(event.call.func)
    contract = next((row for row in BUILT_IN.sought if name in row.words), like.contract)
    path = event.module.path_to(event.node)
    return replace(like, module=event.module, call=event.call, path=path, within=None, contract=contract)


def _lowers(construction: Construction) -> bool:
    """Whether the first steps of a schedule lower the rate already."""
    contract = construction.contract
    if contract.callable is None:
        return contract.recursive and not any(each.extent is Extent.WARM_UP for each in contract.horizons)
    groups = [group for run in explore(construction).runs for group in run.groups]
    numbers = [[point.told for point in group.points[:2]] for group in groups]
    return bool(numbers) and all(
        len(each) == 2 and each[0] is not None and each[1] is not None and each[1] < each[0] for each in numbers
    )


def _stepped_together(life: Life, other: Life) -> Iterator[Overwritten]:
    theirs = [each for each in other.scheduler.steps if not each.loose]
    for step in life.scheduler.steps:
        for event in theirs:
            if (
                event.node is not step.node
                and not step.call.args
                and any(map(_is_of_one_turn, life.relations(event, step)))
            ):
                yield Overwritten(Overwriting.BESIDE, event, step)


def _is_of_one_turn(relation: Relation | None) -> bool:
    """Whether each turn of a loop comes to two events, in whatever order, and to each once."""
    if relation is None or relation.order not in {Order.BEFORE, Order.AFTER} or not relation.loops:
        return False
    return not _is_conditional(relation.first) and not _is_conditional(relation.second)


def _is_conditional(places: Sequence[Surrounding]) -> bool:
    return any(isinstance(place.node, _CONDITIONS) for place in places)


def _written(life: Life) -> Iterator[Overwritten]:
    """A rate that the code writes now and then to last, in a loop that steps the scheduler in each turn."""
    optimizer, scheduler = life.optimizer, life.scheduler
    if optimizer is None or optimizer.shared or any(scheduler.of(Happening.SET, Happening.STATE_LOADED)):
        return
    writes = list(optimizer.of(Happening.RATE_WRITTEN))
    if any(each.name == INITIAL_RATE for each in writes):
        return
    steps = [each for each in scheduler.steps if not each.call.args]
    for write in writes:
        for step in steps if write.name == RATE else ():
            if any(_undoes(relation, write) for relation in life.relations(write, step)):
                yield Overwritten(Overwriting.WRITTEN, write, step)


def _undoes(relation: Relation | None, write: Event) -> bool:
    """Whether a step undoes a rate that was written to last."""
    if relation is None or relation.order not in {Order.BEFORE, Order.AFTER} or not relation.loops:
        return False
    if any(isinstance(place.node, _CONDITIONS) and not place.turns for place in relation.second):
        return False
    tests = [
        each.node.test for each in relation.first if isinstance(each.node, cst.If) and each.below is not each.node.test
    ]
    if not tests:
        # What is written once in a turn lasts as long as the turn, if the scheduler is not stepped within it.
        ways = [place for place in relation.first if not _is_over_groups(place.node)]
        return any(place.turns for place in relation.second) and not _is_conditional(ways)
    turning = {name for place in (*relation.shared, *relation.first) for name in _turning(place)}
    known = [test for test in tests if not _names(test).isdisjoint(turning)]
    if any(_compares(test, _RANGES) for test in known):
        # As long as a warm-up lasts, each turn writes anew.
        return False
    return any(_compares(test, _AT_ONE_TIME) for test in known) or _is_scaled(write)


def _is_over_groups(node: cst.CSTNode) -> bool:
    """Whether a loop goes over the groups of an optimizer."""
    return isinstance(node, cst.For) and _GROUPS in _names(node.iter)


def _turning(place: Surrounding) -> Iterator[str]:
    """The variables that a loop counts with."""
    if isinstance(place.node, cst.For):
        yield from (each.value for each in walk(place.node.target) if isinstance(each, cst.Name))
    if isinstance(place.node, (cst.For, cst.While)):
        counting = (each for each in walk(place.node.body) if isinstance(each, cst.AugAssign))
        yield from (last_name(each.target) for each in counting if isinstance(each.operator, cst.AddAssign))


def _names(node: cst.CSTNode) -> set[str]:
    return {last_name(each) for each in walk(node) if isinstance(each, (cst.Name, cst.Attribute))}


def _compares(test: cst.CSTNode, kinds: tuple[type[cst.BaseCompOp], ...]) -> bool:
    return any(isinstance(each, cst.ComparisonTarget) and isinstance(each.operator, kinds) for each in walk(test))


def _is_scaled(write: Event) -> bool:
    """Whether what is written is a multiple of the rate that was there."""
    statement = write.module.assigned_by(write.node)
    return isinstance(statement, cst.AugAssign) and isinstance(statement.operator, _SCALING)


def _renewed(life: Life) -> Iterator[Overwritten]:
    """A scheduler that each turn of a loop makes anew for one optimizer, and steps no more than once or twice."""
    construction, steps = life.construction, life.scheduler.steps
    if not 0 < len(steps) <= _MOST_STEPS or construction.within is not None or life.scheduler.lost:
        return
    if not any(isinstance(node, LOOPS) for node in life.scheduler.birth):
        return
    loops = [_loop_of_each_turn(life, step) for step in steps]
    loop = loops[0]
    if loop is None or any(each is not loop for each in loops) or not _outlives(life, loop):
        return
    leading = [crossing for route in life.routes(life.made) for crossing in route.calls()]
    if not any(_hangs_on(loop, each.call, each.module, _used_by(life, each)) for each in leading) and not _hangs_on(
        loop, construction.call, construction.module, [construction.call]
    ):
        yield Overwritten(Overwriting.RENEWED, life.made, steps[0])


def _used_by(life: Life, crossing: Crossing) -> Collection[cst.CSTNode]:
    """What of a call may have a say in the construction: all of it, unless the function that it enters makes that."""
    construction, call = life.construction, crossing.call
    entered = life.names.named_definition_of(crossing.module, call)
    if entered is None or entered[1] is not function_of(construction.path):
        return [call]
    home, function = entered
    used, before = variables_in(construction.call), 0
    assigned = [(variables_in(target), read) for target, read in _assigned_in(function)]
    while len(used) > before:
        before = len(used)
        used |= {name for targets, read in assigned if not used.isdisjoint(targets) for name in variables_in(read)}
    return [
        each.value
        for at, each in enumerate(call.args)
        if parameter_of(home, function, call, at, each.keyword.value if each.keyword is not None else "")
        in {*used, None}
    ]


def _assigned_in(function: cst.FunctionDef) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """What a function assigns, with what to."""
    for node in walk(function.body):
        if isinstance(node, cst.Assign):
            yield from ((each.target, node.value) for each in node.targets)
        elif isinstance(node, (cst.AugAssign, cst.AnnAssign, cst.NamedExpr)) and node.value is not None:
            yield node.target, node.value


def _loop_of_each_turn(life: Life, step: Event) -> cst.CSTNode | None:
    """The innermost loop around the construction and a step, each turn of which comes to both, and once to the step."""
    relations = life.relations(life.made, step)
    found = {relation.loops[-1].node for relation in relations if relation is not None and relation.loops}
    if len(found) != 1 or None in relations:
        return None
    for relation in relations:
        if relation is None or relation.order is not Order.BEFORE or _is_conditional(relation.first):
            return None
        if any(place.turns for place in relation.second):
            return None
    return next(iter(found))


def _outlives(life: Life, loop: cst.CSTNode) -> bool:
    """Whether the optimizer is made before a loop, and nothing in the loop sets its rates back."""
    optimizer = life.optimizer
    if optimizer is None or optimizer.lost or optimizer.shared:
        return False
    made = list(optimizer.of(Happening.MADE))
    around = {node for each in made for route in life.routes(each) for _, node, _ in route.places()}
    resets = optimizer.of(Happening.STATE_LOADED, Happening.RATE_WRITTEN)
    return bool(made) and loop not in around and not any(loop in each.module.path_to(each.node) for each in resets)


def _hangs_on(loop: cst.CSTNode, call: cst.Call, module: Module, given: Collection[cst.CSTNode]) -> bool:
    """Whether a call is given something that each turn of a loop sets, or says where a schedule goes on.

    Args:
        loop: the loop.
        call: the call.
        module: its file.
        given: what of the call counts.
    """
    if any(each.keyword is not None and each.keyword.value == _LAST_EPOCH for each in call.args):
        return True
    for node in (each for part in given for each in walk(part)):
        binding = module.scopes.resolve(node.value, node) if isinstance(node, cst.Name) else None
        binders = () if binding is None else module.scopes.binders(binding)
        paths = (module.path_to(each) for each in binders)
        if any(loop in path and call not in path for path in paths):
            return True
    return False
