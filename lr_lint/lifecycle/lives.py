"""The life of a scheduler and of its optimizer: what happens to both, found when somebody asks.

Where what makes the scheduler is called from several places there is one scheduler for each, with a life of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import libcst as cst

from lr_lint.lifecycle.callers import callers_of, class_around
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Crossing, Event, Happening, Trail
from lr_lint.lifecycle.following import Follower
from lr_lint.lifecycle.orders import Order, Relation, related
from lr_lint.lifecycle.origins import Origins, reaching
from lr_lint.lifecycle.routes import Route, routes_to
from lr_lint.lifecycle.subjects import OPTIMIZER, SCHEDULER
from lr_lint.lifecycle.whereabouts import Where
from lr_lint.project.binders import FUNCTIONS
from lr_lint.project.holders import function_of
from lr_lint.project.knowledge import STEP
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import LOOPS, dotted_name

# For more callers than these one life has to do.
_MOST_LIVES = 4


class Life:
    """What happens to one scheduler and to its optimizer. All of it is found on demand, and once.

    Attributes:
        construction: where the scheduler is constructed.
        made: the construction as an event.
        names: what is known without running any code.
    """

    def __init__(
        self, construction: Construction, steps: int, pinned: Mapping[cst.CSTNode, Crossing] | None = None
    ) -> None:
        """Nothing is followed yet.

        Args:
            construction: where the scheduler is constructed.
            steps: what may be spent on running code.
            pinned: for functions that are called from several places the call that counts.
        """
        self.construction = construction
        self.made = Event(Happening.MADE, construction.module, construction.call)
        self.names = Evaluator(construction, steps, blind=True)
        self._steps = steps
        self._pinned = pinned or {}
        self._routes: dict[tuple[Happening, cst.CSTNode], list[Route]] = {}

    @cached_property
    def evaluator(self) -> Evaluator:
        """The world of the construction, for what names do not tell."""
        return Evaluator(self.construction, self._steps, pinned=self._pinned.values())

    @cached_property
    def by_names(self) -> Trail:
        """What becomes of the scheduler, as far as names tell."""
        return self._scheduler(self.names)

    @cached_property
    def scheduler(self) -> Trail:
        """What becomes of the scheduler; code is run where names do not tell where it goes."""
        told = self.by_names
        return self._scheduler(self.evaluator) if told.lost or any(told.of(Happening.RETURNED)) else told

    @cached_property
    def optimizer(self) -> Trail | None:
        """What becomes of its optimizer, as far as names tell; None where the construction is given none in sight."""
        contract = self.construction.contract
        argument = self.construction.argument(contract.optimizer)
        if argument is None:
            return None
        module, text = self.construction.module, dotted_name(argument)
        binding = None if text is None else module.scopes.resolve(text, argument)
        seen_through = list(self.scheduler.of(Happening.OPTIMIZER_READ))
        if binding is None or self._pinned or seen_through:
            return self._optimizer(argument, seen_through)
        # Many schedulers may be made for one optimizer.
        key = ("optimizer", binding, tuple(reaching(module, binding, argument)))
        return module.once(key, lambda: self._optimizer(argument, ()))

    def _optimizer(self, argument: cst.BaseExpression, seen_through: Sequence[Event]) -> Trail:
        follower = Follower(OPTIMIZER, self.names, self._pinned)
        Origins(follower).of(self.construction.module, argument, Where())
        for event in seen_through:
            follower.value(event.module, event.node, Where(loose=event.loose))
        return follower.finished()

    @property
    def has_own_step(self) -> bool:
        """Whether the scheduler is of a class of the project that says itself what a step is."""
        module, call = self.construction.module, self.construction.call
        around = class_around(module, call)
        own = [] if self.initializer is None or around is None else self.names.line_of(module, around)
        return any(
            isinstance(each, cst.FunctionDef) and each.name.value == STEP
            for _, cls in own or self.names.line_constructed(module, call)
            for each in cls.body.body
        )

    @property
    def is_adopted(self) -> bool:
        """Whether another scheduler, or an engine, is made of it, which ends it when it sees fit."""
        return any(True for _ in self.scheduler.of(Happening.ADOPTED))

    @property
    def is_renewed(self) -> bool:
        """Whether each turn of a loop makes it anew, and steps it in the loop itself."""
        loop = loop_around(self.construction.path)
        steps = list(self.scheduler.of(Happening.STEPPED))
        around = (loop_around(step.module.path_to(step.node)) for step in steps)
        return loop is not None and bool(steps) and all(each is loop for each in around)

    def relations(self, first: Event, second: Event) -> list[Relation | None]:
        """How two events follow each other, for each pair of ways that lead to them; None where nothing is shared."""
        return [related(one, other) for one in self.routes(first) for other in self.routes(second)]

    def order(self, first: Event, second: Event) -> Order:
        """How two events follow each other on all ways that lead to both."""
        found = [None if each is None else each.order for each in self.relations(first, second)]
        known = {order for order in found if order is not Order.NEVER_BOTH}
        if not known:
            return Order.NEVER_BOTH
        return next(iter(known)) or Order.UNKNOWN if len(known) == 1 else Order.UNKNOWN

    def routes(self, event: Event) -> list[Route]:
        """All ways through the program that lead to an event, each from its very beginning."""
        key = (event.happening, event.node)
        if key not in self._routes:
            self._routes[key] = routes_to(event, self._of_both, self.names, whole=True)
        return self._routes[key]

    @cached_property
    def _of_both(self) -> Trail:
        """By which calls the scheduler or the optimizer come into functions."""
        both = [self.scheduler, *([] if self.optimizer is None else [self.optimizer])]
        entered: dict[cst.CSTNode, dict[cst.Call, Crossing]] = {}
        for trail in both:
            for function, calls in trail.entered.items():
                entered.setdefault(function, {}).update(calls)
        for function, crossing in self._pinned.items():
            entered[function] = {crossing.call: crossing}
        return Trail(entered=entered)

    def _scheduler(self, evaluator: Evaluator) -> Trail:
        follower = Follower(SCHEDULER, evaluator, self._pinned)
        trail = follower.trail
        trail.birth.update(self.construction.path)
        trail.events.append(self.made)
        for module, node in self._given(follower):
            follower.value(module, node, Where())
        follower.add_makers(self.construction.module, self.construction.call)
        return follower.finished()

    def _given(self, follower: Follower) -> Iterator[tuple[Module, cst.CSTNode]]:
        """The expressions that give the scheduler: the construction, or where the class is called that is one."""
        module, call = self.construction.module, self.construction.call
        initializer = self.initializer
        if initializer is None:
            yield module, call
            return
        callers = follower.callers(module, initializer)
        follower.trail.shared = len(callers) > 1
        for each in callers:
            follower.trail.birth.update(each.module.path_to(each.call))
            yield each.module, each.call
        if not callers:
            follower.trail.lost = "nobody in sight constructs its class"

    @property
    def initializer(self) -> cst.FunctionDef | None:
        """The constructor of a scheduler's own class that the construction stands in; None where it stands in none."""
        function = self.construction.call.func
        home = function_of(self.construction.path)
        if isinstance(function, cst.Attribute) and function.attr.value == CONSTRUCTOR:
            return home if isinstance(home, cst.FunctionDef) else None
        return None


class Lives:
    """The lives of the schedulers that are made at one place: one for each place that has them made.

    Attributes:
        main: that of all of them, as if they were one.
    """

    def __init__(self, construction: Construction, steps: int) -> None:
        """Nothing is followed yet. The arguments are those of `Life`."""
        self.main = Life(construction, steps)
        self._steps = steps

    def __iter__(self) -> Iterator[Life]:
        return iter(self._each)

    @cached_property
    def _each(self) -> Sequence[Life]:
        life = self.main
        construction = life.construction
        function = life.initializer or function_of(construction.path)
        if not life.scheduler.shared or not isinstance(function, cst.FunctionDef):
            return [life]
        callers = callers_of(construction.module, function, life.names)
        if not 1 < len(callers) <= _MOST_LIVES:
            return [life]
        return [Life(construction, self._steps, {function: each}) for each in callers]


def loop_around(path: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
    """The innermost loop around a place, within the function that the place is in."""
    around = next((node for node in reversed(path) if isinstance(node, (*LOOPS, *FUNCTIONS))), None)
    return around if isinstance(around, LOOPS) else None
