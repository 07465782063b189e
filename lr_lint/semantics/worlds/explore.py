"""Running a construction in every world that matters, and its callable at the times that matter.

A world fixes what the code leaves open: the counts that only a run decides, and the conditions that only a user
decides. The first world takes every default; each further one turns one decision around. A claim about the schedule
must hold in all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.keras import model_rate
from lr_lint.semantics.libraries.rate_sources import is_group_lr, measure, rate_keys_of, with_number
from lr_lint.semantics.libraries.torch_optimizers import as_optimizer
from lr_lint.semantics.machine.calls import call, run_function
from lr_lint.semantics.machine.expressions import call_arguments, evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import Users, new_world
from lr_lint.semantics.machine.objects import member
from lr_lint.semantics.machine.recording import Study
from lr_lint.semantics.values.domain import (
    NOTHING,
    Anchor,
    Bound,
    Constant,
    DictValue,
    External,
    Frame,
    Function,
    Instance,
    ListValue,
    Optimizer,
    Partial,
    Raised,
    Unknown,
    Value,
    force,
    is_unbound,
)
from lr_lint.semantics.values.world import AssumedCounts, BudgetExceeded, World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.contracts import Clock, Contract, Place
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Origin, Quantity
from lr_lint.vocabulary.units import RATE, UNKNOWN

ASSUMED_COUNTS = (
    AssumedCounts(horizon=100, warm_up=10, period=30),
    AssumedCounts(horizon=50_000, warm_up=2_000, period=7_000),
)
_MOST_WORLDS = 10
_MOST_BREAKPOINTS = 16
_MOST_ROUNDS = 3
# Into how many parts a run is divided where the callable is given the part that is over.
_PARTS = 20
_TIMES = (0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 70, 99, 100, 150, 300, 1_000, 5_000, 25_000, 49_999, 100_000)


@dataclass(frozen=True, slots=True)
class Point:
    """What the callable does at one time.

    Attributes:
        time: the time index, in calls of the scheduler's ``step``.
        value: what it returns, where that is a number (known or not).
        raised: class name of the exception that it raises, with what that rests on.
        reason: why there is no value.
        place: the returned expression.
        nothing: whether it returns None for certain.
    """

    time: int
    value: Quantity | None = None
    raised: tuple[str, Basis] | None = None
    reason: str = ""
    place: Anchor | None = None
    nothing: bool = False


@dataclass(slots=True)
class GroupRun:
    """One param group in one world.

    Attributes:
        lr: the group's initial lr.
        lr_anchor: the expression or construction that gave it.
        keys: identities that are this group's learning rate.
        own: whether the group states its lr itself.
        settled: whether nothing unread may give it another lr.
        points: what its callable returns over time.
        breakpoints: numbers that the time was compared with or divided by until then.
        read_back: identities of rates that its callable reads from an optimizer, as they are at that time.
        one_of_many: whether it stands for groups that are made in a loop over nobody knows what, each with an lr of
            its own.
    """

    lr: Quantity
    lr_anchor: Anchor
    keys: frozenset[AccessPath]
    own: bool
    settled: bool
    points: list[Point] = field(default_factory=list)
    breakpoints: frozenset[float] = frozenset()
    read_back: frozenset[AccessPath] = frozenset()
    one_of_many: bool = False


@dataclass(slots=True)
class Run:
    """A construction in one world.

    Attributes:
        optimizer: the optimizer, where its construction was read.
        groups: its param groups.
        callables: what schedules each group.
        reason: why there is nothing to tell, where there is nothing.
        argument: what is passed as the callable or callables.
        counted: how many groups there are, where that is known.
        study: what the callables do in detail, where that was asked for.
    """

    optimizer: Optimizer | None
    groups: list[GroupRun]
    callables: list[Value]
    reason: str = ""
    argument: Value | None = None
    counted: int | None = None
    study: Study | None = None


@dataclass(slots=True)
class Runs:
    """A construction in all worlds.

    Attributes:
        runs: one per world that reaches the construction.
        complete: whether all worlds were run.
        exhausted: whether the budget was used up before they were.
        reason: why there is nothing to tell, where there is nothing.
        missing_callers: the functions and classes whose callers in other files were asked for in vain, by file and
            name.
    """

    runs: list[Run] = field(default_factory=list)
    complete: bool = True
    exhausted: bool = False
    reason: str = ""
    missing_callers: dict[tuple[str, str], Module] = field(default_factory=dict)

    def seek(self, module: Module, name: str) -> Sequence[Module]:
        """Notes that callers in other files would help, and gives none."""
        self.missing_callers[module.path, name] = module
        return ()


@dataclass(frozen=True, slots=True)
class Construction:
    """Where a scheduler is constructed.

    Attributes:
        project: the files around it.
        module: the file.
        call: the call that constructs it.
        path: its ancestors, outermost first.
        contract: what the scheduler does with its callable.
        budget: what following it may cost; one world has a budget of its own besides.
        skipped: leading arguments that are not the constructor's (``self`` in ``LambdaLR.__init__(self, ...)``).
    """

    project: Project
    module: Module
    call: cst.Call
    path: tuple[cst.CSTNode, ...]
    contract: Contract
    budget: Budget
    skipped: int = 0

    @property
    def anchor(self) -> Anchor:
        """The place of the call."""
        return Anchor(self.module, self.call)

    def argument(self, place: Place | None) -> cst.BaseExpression | None:
        """The expression that is passed at a position or under a keyword; None where there is none."""
        if place is None:
            return None
        position, keyword = place
        positional = [argument for argument in self.call.args if argument.keyword is None and not argument.star]
        for argument in self.call.args:
            if argument.keyword is not None and argument.keyword.value == keyword:
                return argument.value
        if position is None or len(positional) <= position + self.skipped:
            return None
        return positional[position + self.skipped].value


def explore(construction: Construction, *, everywhere: bool = False, recorded: bool = False) -> Runs:
    """Runs a construction in the worlds that matter. Never raises on user code.

    Args:
        construction: where the scheduler is constructed.
        everywhere: whether callers of the code around it are looked for in other files too.
        recorded: whether all that the callables compute is noted, with numbers supposed where there are none.
    """
    result = Runs()
    construction.project.files_left = construction.budget.files
    users = construction.project.users if everywhere else result.seek
    learned = _Learned(users, construction.budget.steps, recorded)
    pending: list[tuple[AssumedCounts, dict[AccessPath, bool]]] = [(ASSUMED_COUNTS[0], {})]
    early: list[Run] = []
    attempts = 0
    while pending:
        if attempts >= _MOST_WORLDS:
            result.complete = False
            break
        attempts += 1
        counts, decisions = pending.pop(0)
        try:
            run, world = _settled_run(construction, counts, decisions, learned)
        except BudgetExceeded:
            result.complete = False
            result.exhausted = True
            result.reason = "following it takes more steps than one construction is worth"
            break
        if isinstance(run, Raised):
            result.reason = f"the code before it raises {run.kind}"
        else:
            if world.assumptions.counted and not result.runs and not early:
                # Counts were assumed, so what holds for these has to hold for others.
                pending.extend((others, decisions) for others in ASSUMED_COUNTS[1:])
            (early if world.seen.exits_early else result.runs).append(run)
        if counts is ASSUMED_COUNTS[0]:
            # The conditions nearest to the construction bear on it most, so they are turned around first.
            for at, (key, chosen) in reversed(list(enumerate(world.assumptions.choices))):
                pending.append((counts, {**decisions, **dict(world.assumptions.choices[:at]), key: not chosen}))
    # Somebody gets there, so if all worlds seem to give up on the way, some of them do not.
    result.runs = result.runs or early
    return result


@dataclass(slots=True)
class _Learned:
    """What one run teaches the next: which values are rates, and which names mislead; and what is left to spend."""

    users: Users
    steps: int
    recorded: bool
    rate_keys: frozenset[AccessPath] = frozenset()
    dimensionless: frozenset[AccessPath] = frozenset()


def _settled_run(
    construction: Construction, counts: AssumedCounts, decisions: dict[AccessPath, bool], learned: _Learned
) -> tuple[Run | Raised, World]:
    """Traces again until nothing new is learned about which values are rates; or gives what the code raises."""
    for rounds_left in reversed(range(_MOST_ROUNDS)):
        world = new_world(counts, construction.project, learned.users)
        world.steps = granted = min(world.steps, learned.steps)
        world.assumptions.rate_keys = learned.rate_keys
        world.assumptions.dimensionless = set(learned.dimensionless)
        world.assumptions.decisions = dict(decisions)
        world.assumptions.by_default = counts is ASSUMED_COUNTS[0] and not decisions
        world.seen.study = Study() if learned.recorded else None
        try:
            run = _run_once(construction, world, hasty=rounds_left > 0)
        except Raised as raised:
            return raised, world
        finally:
            learned.steps -= granted - max(0, world.steps)
        dimensionless = frozenset(world.assumptions.dimensionless)
        found = frozenset().union(learned.rate_keys, *(group.keys for group in run.groups)) - dimensionless
        if found == learned.rate_keys and dimensionless == learned.dimensionless:
            break
        learned.rate_keys, learned.dimensionless = found, dimensionless
    return run, world


def _run_once(construction: Construction, world: World, *, hasty: bool) -> Run:
    """Runs a construction in one world.

    Args:
        construction: where the scheduler is constructed.
        world: the world.
        hasty: return without samples where the groups' rates are news to the world, since another round will follow.
    """
    frame = frame_at(construction.module, construction.call, construction.path, world)
    arguments, keywords, _ = call_arguments(construction.call, frame)
    arguments = arguments[construction.skipped :]
    contract = construction.contract
    optimizer_value = _argument(contract.optimizer or contract.rate, arguments, keywords)
    if isinstance(optimizer_value, ListValue) and len(optimizer_value.values) == 1:
        optimizer_value = force(optimizer_value.values[0])
    callable_value = _argument(contract.callable, arguments, keywords)
    world.seen.exits_early |= is_unbound(optimizer_value) or is_unbound(callable_value)
    if callable_value is not None:
        callable_value = entry_of(callable_value, contract.entry)
    anchor = Anchor(construction.module, construction.call)
    if world.seen.study is not None:
        world.seen.study.active = True
    optimizer = None
    if contract.rate is not None:
        groups = [_own_group(optimizer_value, anchor, world)]
    elif contract.around:
        groups = [_own_group(_around_argument(construction, world), anchor, world)]
    elif contract.optimizer is None:
        # What an optimizer of the file starts from is no proof that this scheduler gets to change that.
        unknown = (Quantity(None, UNKNOWN), anchor, False)
        lr, where, alone = unknown if contract.optional else model_rate(construction.module, anchor, world)
        groups = [GroupRun(lr, where, frozenset(), own=False, settled=alone)]
    else:
        optimizer = as_optimizer(optimizer_value, force) if optimizer_value is not None else None
        groups = _groups(optimizer, optimizer_value, anchor, world)
    if callable_value is None:
        return Run(optimizer, groups, [], "the callable is not among the arguments that can be read")
    # A wrapper may keep groups of its own.
    counted = len(groups) if optimizer is not None and optimizer is optimizer_value and optimizer.counted else None
    callables = _per_group(callable_value, groups)
    run = Run(optimizer, groups, callables, argument=callable_value, counted=counted, study=world.seen.study)
    news = frozenset().union(*(group.keys for group in groups))
    news -= world.assumptions.rate_keys | world.assumptions.dimensionless
    if news and hasty:
        return run
    world.assumptions.rate_keys |= news
    for group, function in zip(groups, callables, strict=False):
        group.points = _sample(function, contract, frame, anchor)
        group.breakpoints = frozenset(world.seen.breakpoints)
        group.read_back = _read_within(function, frame)
    return run


def entry_of(value: Value, key: str) -> Value:
    """The entry of a dict, where a scheduler takes its callable in one; else the value itself."""
    if not key:
        return value
    if isinstance(value, DictValue) and key in value.entries:
        return force(value.entries[key])
    return Unknown("the argument has no such entry")


def _around_argument(construction: Construction, world: World) -> Value | None:
    """The initial lr that the call around a construction is given."""
    module = construction.module
    arguments = [each for node in reversed(construction.path) if isinstance(node, cst.Call) for each in node.args]
    for argument in arguments:
        if argument.keyword is not None and argument.keyword.value == construction.contract.around:
            frame = frame_at(module, argument.value, module.path_to(argument.value), world)
            return evaluate(argument.value, frame)
    return None


def _argument(place: Place | None, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value | None:
    if place is None:
        return None
    position, keyword = place
    value = keywords.get(keyword)
    if position is not None and len(arguments) > position:
        value = arguments[position]
    return None if value is None else force(value)


def _groups(optimizer: Optimizer | None, value: Value | None, anchor: Anchor, world: World) -> list[GroupRun]:
    if optimizer is None:
        key = getattr(value, "key", None)
        own_key = paths.item(paths.item(paths.attribute(key, "param_groups"), 0), "lr")
        lr = Quantity(None, UNKNOWN, key=own_key)
        if world.seen.study is not None:
            lr = with_number(lr, world.seen.study)
        keys = frozenset({own_key}) if own_key is not None else frozenset()
        return [GroupRun(lr, anchor, keys, own=False, settled=False)]
    groups = []
    where = optimizer.anchor or anchor
    for group in optimizer.groups:
        lr = measure(group.lr, world, where)
        keys = rate_keys_of(lr) | rate_keys_of(group.lr)
        many = group.own and len(optimizer.groups) == 1 and not optimizer.listed
        groups.append(GroupRun(lr, where, keys, group.own, group.settled, one_of_many=many))
    return groups


def _own_group(rate: Value | None, anchor: Anchor, world: World) -> GroupRun:
    """The one group of a scheduler that is given the initial lr itself."""
    if rate is None:
        return GroupRun(Quantity(None, UNKNOWN), anchor, frozenset(), own=False, settled=False)
    lr = measure(rate, world, anchor)
    return GroupRun(lr, anchor, rate_keys_of(lr) | rate_keys_of(rate), own=False, settled=True)


def _per_group(value: Value, groups: list[GroupRun]) -> list[Value]:
    if isinstance(value, ListValue) and value.values:
        if len(value.values) == 1 and (value.incomplete or len(groups) == 1):
            return [force(value.values[0])] * max(1, len(groups))
        while len(groups) < len(value.values):
            groups.append(GroupRun(Quantity(None, UNKNOWN), groups[0].lr_anchor, groups[0].keys, False, False))
        return [force(item) for item in value.values]
    return [force(value)] * len(groups)


def _sample(function: Value, contract: Contract, frame: Frame, anchor: Anchor) -> list[Point]:
    world = frame.world
    if contract.clock is Clock.PROGRESS:
        return [_evaluate_at(function, contract, time, frame, anchor) for time in range(_PARTS + 1)]
    times = [time for time in _TIMES if time >= contract.first_time]
    points = {time: _evaluate_at(function, contract, time, frame, anchor) for time in times}
    if not callable_is_readable(function):
        return list(points.values())[:1]
    for time in _around(world.seen.breakpoints):
        if time not in points and time >= contract.first_time:
            points[time] = _evaluate_at(function, contract, time, frame, anchor)
    return [points[time] for time in sorted(points)]


def callable_is_readable(value: Value) -> bool:
    """Whether a value is a callable whose body can be run here."""
    if isinstance(value, Partial):
        return callable_is_readable(value.function)
    return isinstance(value, (Function, Bound, Instance, External))


def _around(breakpoints: Iterable[float]) -> list[int]:
    """The times just before, at and after each landmark, and halfway to it."""
    times: list[int] = []
    for mark in sorted(breakpoints)[:_MOST_BREAKPOINTS]:
        if 0 < mark < 10_000_000:
            at = math.ceil(mark)
            times += [at // 2, at - 1, at, at + 1]
    return [time for time in times if time >= 0]


def _evaluate_at(function: Value, contract: Contract, time: int, frame: Frame, anchor: Anchor) -> Point:
    frame.world.seen.guessed = False
    index = time / _PARTS if contract.clock is Clock.PROGRESS else time
    given: dict[str, Value] = {
        "time": Quantity(index, varies=True, key=paths.TIME),
        "state": Unknown("it is the state of the trainer", paths.STATE),
        "ratio": Quantity(1.0),
        "lr": Quantity(None, RATE, varies=True, origins=(Origin(paths.CURRENT_RATE, anchor, "lr"),)),
    }
    raised = Raised("TypeError")
    for signature in contract.signatures:
        try:
            value, place = _apply(function, [given[name] for name in signature], {}, frame, anchor)
        except Raised as error:
            raised = error
            if error.kind == "TypeError":
                continue
        else:
            return _as_point(function, value, place, time, frame, anchor)
        break
    return Point(time, raised=(raised.kind, raised.basis))


def _as_point(function: Value, value: Value, place: Anchor | None, time: int, frame: Frame, anchor: Anchor) -> Point:
    if value == NOTHING:
        certain = not frame.world.seen.guessed and not _is_stub(function)
        return Point(time, reason="it returns None", place=place, nothing=certain)
    nameless = isinstance(value, Unknown) and suggestion_of(value.name) is Suggestion.NOTHING and value.default is None
    if isinstance(value, Unknown) and nameless and frame.world.seen.study is None:
        return Point(time, reason=value.reason, place=place)
    if not isinstance(value, (Quantity, Unknown, ListValue, Constant)):
        return Point(time, reason="it returns no number that can be followed", place=place)
    return Point(time, measure(value, frame.world, place or anchor), place=place)


def _read_within(function: Value, frame: Frame) -> frozenset[AccessPath]:
    """The rates that are read in the body of a callable, so each time that it is called."""
    reads = frame.world.seen.current_reads
    if reads and isinstance(function, Instance):
        function = member(function, "__call__", frame)
    function = definition_of(function)
    if not isinstance(function, Function):
        return frozenset()
    body = function.node
    return frozenset(
        key for key, places in reads.items() if any(body in place.module.path_to(place.node) for place in places)
    )


def _is_stub(function: Value) -> bool:
    """Whether a function only declares what others define: its body is a docstring, ``...`` or ``pass``."""
    function = definition_of(function)
    if not isinstance(function, Function) or not isinstance(function.node, cst.FunctionDef):
        return False
    return all(
        isinstance(line, cst.SimpleStatementLine) and all(_says_nothing(part) for part in line.body)
        for line in function.node.body.body
    )


def _says_nothing(statement: cst.BaseSmallStatement) -> bool:
    if isinstance(statement, cst.Expr):
        return isinstance(statement.value, (cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis))
    return isinstance(statement, cst.Pass)


def definition_of(value: Value) -> Value:
    """The function behind partials and bound methods."""
    while isinstance(value, (Partial, Bound)):
        value = value.function
    return value


def _apply(
    function: Value, arguments: list[Value], keywords: dict[str, Value], frame: Frame, anchor: Anchor
) -> tuple[Value, Anchor | None]:
    """Calls the callable and tells which returned expression gave the value."""
    if isinstance(function, Partial):
        merged = {**dict(function.keywords), **keywords}
        return _apply(function.function, [*function.arguments, *arguments], merged, frame, anchor)
    if isinstance(function, Instance):
        method = member(function, "__call__", frame)
        if isinstance(method, Bound):
            return _apply(method, arguments, keywords, frame, anchor)
    if isinstance(function, Bound):
        return _apply(function.function, [function.receiver, *arguments], keywords, frame, anchor)
    if isinstance(function, Function):
        completion = run_function(function, arguments, keywords, frame)
        return completion.value, completion.place
    return call(function, arguments, keywords, anchor, frame), None


def carries_base(quantity: Quantity, group: GroupRun) -> bool:
    """Whether a value contains the very lr that the group was given."""
    return any(origin.key in group.keys or is_group_lr(origin.key) for origin in quantity.origins)
