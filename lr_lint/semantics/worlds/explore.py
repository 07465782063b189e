"""Running a construction in every world that matters, and its callable at the times that matter.

A world fixes what the code leaves open: the counts that only a run decides, and the conditions that only a user
decides. The first world takes every default; each further one turns one decision around. A claim about the schedule
must hold in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lr_lint.project.imports import Project
from lr_lint.project.reach import ProjectReach
from lr_lint.semantics.libraries.torch_optimizers import as_optimizer
from lr_lint.semantics.machine.call_expressions import call_arguments
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import Users, new_world
from lr_lint.semantics.machine.recording import Study
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Partial
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.unknown import is_unbound
from lr_lint.semantics.values.world import AssumedCounts, BudgetExceeded, World
from lr_lint.semantics.worlds.construction import Construction, argument_at, entry_of
from lr_lint.semantics.worlds.groups import all_additions_followed, callables_of_groups, scheduled_groups
from lr_lint.semantics.worlds.handing import NotConstructed, calls_made_by, is_of
from lr_lint.semantics.worlds.presumptions import withdraw_presumed
from lr_lint.semantics.worlds.runs import Run, Runs
from lr_lint.semantics.worlds.sampling import multiples, rates_read_in, sample
from lr_lint.vocabulary.contracts import Contract
from lr_lint.vocabulary.paths import CURRENT_RATE, AccessPath

ASSUMED_COUNTS = (
    AssumedCounts(horizon=100, warm_up=10, period=30),
    AssumedCounts(horizon=50_000, warm_up=2_000, period=7_000),
)
_MOST_WORLDS = 10
_MOST_ROUNDS = 3

# Truth values of conditions that the code does not decide, by their identity.
_Decisions: TypeAlias = "dict[AccessPath, bool]"
# With the counts of a world; the last says whether it is about what is passed to the scheduler, or only about what that
# returns.
_Choices: TypeAlias = "tuple[AssumedCounts, _Decisions, bool]"


def explore(construction: Construction, *, everywhere: bool = False, recorded: bool = False) -> Runs:
    """Runs a construction in the worlds that matter. Never raises on user code.

    Args:
        construction: where the scheduler is constructed.
        everywhere: whether callers of the code around it are looked for in other files too.
        recorded: whether all that the callables compute is noted, with numbers supposed where there are none.
    """
    result = Runs(reason=construction.module.defeated or construction.project.defeated_beside(construction.module))
    if not result.reason:
        _Exploration(construction, _learner(construction, result, everywhere, recorded), result).explore()
    return result


def _learner(construction: Construction, result: Runs, everywhere: bool, recorded: bool) -> _Learned:
    project = construction.project.within(construction.budget.files)
    users = project.users if everywhere else result.seek
    # Whoever looks for changes elsewhere takes no files from whoever looks for values.
    reach = ProjectReach(construction.project.within(construction.budget.files), construction.module, construction.call)
    return _Learned(project, users, reach, construction.budget.steps, recorded)


@dataclass(slots=True)
class _Exploration:
    """The worlds of a construction, one after the other.

    Attributes:
        construction: where the scheduler is constructed.
        learned: what the worlds so far have taught.
        result: takes their runs.
        waiting: what is decided in the worlds to come.
        early: the runs of worlds in which the code seems to give up before the construction.
    """

    construction: Construction
    learned: _Learned
    result: Runs
    waiting: list[_Choices] = field(default_factory=lambda: [(ASSUMED_COUNTS[0], {}, True)])
    early: list[Run] = field(default_factory=list)

    def explore(self) -> None:
        """Runs as many worlds as there are, or as there may be."""
        for _ in range(_MOST_WORLDS):
            if not self.waiting or self.result.exhausted:
                break
            try:
                self._run_next()
            except BudgetExceeded:
                self._give_up("following it takes more steps than one construction is worth")
            except RecursionError:
                self._give_up("following it nests more deeply than the stack is high")
        self.result.left = max(0, self.learned.steps)
        self.result.complete = not self.waiting and not self.result.exhausted
        self.result.passed = not any(passed for _, _, passed in self.waiting)
        # Somebody gets there, so if all worlds seem to give up on the way, some of them do not.
        self.result.runs = self.result.runs or self.early
        withdraw_presumed(self.result)

    def _give_up(self, reason: str) -> None:
        self.result.exhausted, self.result.reason = True, reason

    def _run_next(self) -> None:
        counts, decisions, _ = self.waiting[0]
        run, world = _settled_run(self.construction, counts, decisions, self.learned)
        del self.waiting[0]
        self.result.forgot |= world.seen.forgot
        choices = world.assumptions.choices
        if isinstance(run, Raised):
            passed = len(choices)
            self.result.reason = f"the code before it raises {run.kind}"
            if isinstance(run, NotConstructed):
                self.result.reason = "the code that is handed its class does not call it"
        else:
            passed = run.chosen
            if world.assumptions.counted and not self.result.runs and not self.early:
                # Counts were assumed, so what holds for these has to hold for others.
                self.waiting.extend((others, decisions, False) for others in ASSUMED_COUNTS[1:])
            (self.early if world.seen.exits_early else self.result.runs).append(run)
        if counts is ASSUMED_COUNTS[0]:
            self.waiting.extend((counts, *others) for others in _turned_around(decisions, choices, passed))


def _turned_around(
    given: _Decisions, made: Sequence[tuple[AccessPath, bool]], passed: int
) -> Iterator[tuple[_Decisions, bool]]:
    """The decisions of further worlds: each has one of those that a run made turned around, and those before it.

    The conditions nearest to the construction bear on it most, so they come first. With each goes whether it is one of
    the first decisions, on which depends what is passed to the scheduler.
    """
    for at, (condition, chosen) in reversed(list(enumerate(made))):
        yield {**given, **dict(made[:at]), condition: not chosen}, at < passed


@dataclass(slots=True)
class _Learned:
    """What one run teaches the next: which values are rates, and which names mislead; and what is left to spend."""

    project: Project
    users: Users
    reach: ProjectReach
    steps: int
    recorded: bool
    rate_keys: frozenset[AccessPath] = frozenset()
    dimensionless: frozenset[AccessPath] = frozenset()


def _settled_run(
    construction: Construction, counts: AssumedCounts, decisions: _Decisions, learned: _Learned
) -> tuple[Run | Raised, World]:
    """Runs again until nothing new is learned about which values are rates; or gives what the code raises."""
    for rounds_left in reversed(range(_MOST_ROUNDS)):
        world = new_world(counts, learned.project, learned.users, construction.module)
        world.reach = learned.reach
        world.steps = granted = min(world.steps, learned.steps)
        world.assumptions.rate_keys = learned.rate_keys
        world.assumptions.dimensionless = set(learned.dimensionless)
        world.assumptions.decisions = dict(decisions)
        world.assumptions.turns = dict(construction.turns)
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
    contract = construction.contract
    optimizer_value, callable_value = _given(construction, frame)
    # Nobody schedules None: where an arm of a condition leaves it, another one leads here.
    world.seen.exits_early |= any(is_unbound(each) or each == NOTHING for each in (optimizer_value, callable_value))
    if callable_value is not None:
        callable_value = entry_of(callable_value, contract.entry)
        if contract.tabulated and isinstance(callable_value, ListValue):
            callable_value = Method(callable_value, "__getitem__")
    if world.seen.study is not None:
        world.seen.study.active = True
    optimizer = None
    if contract.rate is None and contract.optimizer is not None and optimizer_value is not None:
        optimizer = as_optimizer(optimizer_value, force)
    groups = scheduled_groups(construction, optimizer, optimizer_value, world)
    if callable_value is None:
        return Run(optimizer, groups, [], "the callable is not among the arguments that can be read")
    # A wrapper may keep groups of its own.
    whole = optimizer is not None and optimizer is optimizer_value and optimizer.counted
    counted = len(groups) if whole and all_additions_followed(construction, world) else None
    callables = callables_of_groups(callable_value, groups)
    run = Run(
        optimizer, groups, callables, argument=callable_value, counted=counted, study=world.seen.study, world=world
    )
    news = frozenset().union(*(group.keys for group in groups))
    news -= world.assumptions.rate_keys | world.assumptions.dimensionless
    if news and hasty:
        return run
    world.assumptions.rate_keys |= news
    run.chosen = len(world.assumptions.choices)
    _sample_groups(run, contract, frame, construction.anchor)
    return run


def _given(construction: Construction, frame: Frame) -> tuple[Value | None, Value | None]:
    """The arguments for the optimizer (or the rate) and for the callable; None for what cannot be read."""
    contract = construction.contract
    if construction.within is None:
        arguments, keywords, _ = call_arguments(construction.call, frame)
        arguments = arguments[construction.skipped :]
    else:
        arguments, keywords = _handed_on(construction, frame)
    callee = force(evaluate(construction.call.func, frame)) if construction.bound else None
    while isinstance(callee, Partial):
        arguments, keywords = [*callee.arguments, *arguments], {**dict(callee.keywords), **keywords}
        callee = callee.function
    optimizer = argument_at(contract.optimizer or contract.rate, arguments, keywords)
    if isinstance(optimizer, ListValue) and len(optimizer.values) == 1:
        optimizer = force(optimizer.values[0])
    return optimizer, argument_at(contract.callable, arguments, keywords)


def _handed_on(construction: Construction, frame: Frame) -> tuple[list[Value], dict[str, Value]]:
    """What the call is given that constructs the scheduler, while another one runs.

    Raises:
        NotConstructed: where it is not run, or constructs something else.
    """
    calls = (each for each in calls_made_by(construction.call, frame) if each.anchor.node is construction.within)
    made = next((each for each in calls if is_of(each.callee, construction.contract)), None)
    if made is None:
        raise NotConstructed("NotConstructed")
    return list(made.arguments), dict(made.keywords)


def _sample_groups(run: Run, contract: Contract, frame: Frame, anchor: Anchor) -> None:
    """Fills in what the callables of the groups return."""
    for group, function in zip(run.groups, run.callables, strict=False):
        group.points = sample(function, contract, frame, anchor, alone=len(run.groups) == 1)
        group.breakpoints = frozenset(frame.world.seen.breakpoints)
        seen = frame.world.seen
        group.marks = tuple(mark for key, mark in seen.marks.items() if key not in seen.factors)
        group.whole_divisors = frozenset(frame.world.seen.whole_divisors)
        group.read_back = rates_read_in(frame.world.seen)
        group.decisions = frame.world.assumptions.left_open
        group.counted = frame.world.assumptions.counted
        group.entered = seen.entered
        if any(point.value and any(each.key == CURRENT_RATE for each in point.value.origins) for point in group.points):
            group.multiples = multiples(function, contract, frame, anchor)
