"""Reading one way to a step: the loops around it by what their turns are, and of how many turns one takes the step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.lifecycle.alternatives import conditions_in
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.routes import Route
from lr_lint.project.blocks import left_before
from lr_lint.project.knowledge import ACCUMULATING
from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import key_of
from lr_lint.source.tree import LOOPS, dotted_name, last_name, last_statement, start_of, walk
from lr_lint.timing.generated import loops_in_generator
from lr_lint.timing.guards import Guard, GuardReader, Passing
from lr_lint.timing.jumps import may_leave_out
from lr_lint.timing.loops import AnyLoop, Loop, Turn, basis_of, loop_of
from lr_lint.timing.training_loops import Trainings, body_of
from lr_lint.timing.turns import Turns, read_in, set_by
from lr_lint.timing.ways import Way
from lr_lint.vocabulary.contracts import Contract
from lr_lint.vocabulary.quantities import Basis


def way_of(route: Route, contract: Contract, evaluator: Evaluator) -> Way:
    """Reads one way to a step."""
    calls = route.calls()
    for crossing in calls:
        evaluator.pin(crossing.module, crossing.call)
    way = _Reader(route, contract, evaluator).read()
    way.optional |= any(crossing.call in evaluator.guessed for crossing in calls)
    return way


class _Reader:
    def __init__(self, route: Route, contract: Contract, evaluator: Evaluator) -> None:
        self._way = Way(route)
        self._evaluator = evaluator
        self._training = Trainings(route.step.call, evaluator)
        self._turns = Turns(route)
        self._guards = GuardReader(route.step.call, self._turns, contract, evaluator)
        self._loops: list[Loop] = []
        self._once_an_epoch: list[Loop] = []
        self._conditions: list[Guard] = []
        self._before_loops: list[Guard] = []
        self._generated = False

    def read(self) -> Way:
        for module, node, below in self._way.route.places():
            self._place(module, node, below)
        if not self._way.reason and not self._way.dead:
            self._judge_conditions()
            self._sort_loops()
            self._way.whole = self._is_whole()
            counted = [basis_of(guard.every) for guard in self._conditions if guard.passing is Passing.EVERY]
            self._way.basis = max([*counted, *(loop.basis for loop in self._loops)], default=Basis.PROVED)
        return self._way

    def _is_whole(self) -> bool:
        step = self._way.route.step
        # Whoever goes over a generator may leave it before its own loops end.
        return (
            not (self._way.partial or self._generated)
            and all(guard.stays for guard in self._conditions)
            and not self._turns.change(step.module, step.call.func)
            and not step.call.args
            and not may_leave_out(self._way.route)
        )

    def _place(self, module: Module, node: cst.CSTNode, below: cst.CSTNode) -> None:
        if isinstance(node, LOOPS):
            self._loop(module, node, below)
        elif isinstance(node, (cst.GeneratorExp, cst.ListComp)):
            if below is node.elt:
                self._loop(module, node.for_in, below)
        elif isinstance(node, cst.If):
            if below is not node.test:
                self._condition(module, node.test, expected=below is node.body)
        elif isinstance(node, (cst.ExceptHandler, cst.Finally, cst.Lambda, cst.ClassDef, cst.MatchCase)):
            self._way.reason = "the step is taken where nobody knows when"
        elif isinstance(node, (cst.BooleanOperation, cst.IfExp)):
            test = node.left if isinstance(node, cst.BooleanOperation) else node.test
            if below is not test:
                expected = (
                    isinstance(node.operator, cst.And) if isinstance(node, cst.BooleanOperation) else below is node.body
                )
                self._condition(module, test, expected=expected)
        elif isinstance(node, cst.With):
            calls = [item.item for item in node.items if isinstance(item.item, cst.Call)]
            self._way.accumulates |= any(last_name(each.func) in ACCUMULATING for each in calls)
        for test, leaving in left_before(node, below, (cst.Continue, cst.Return)):
            guard = self._guards.read(module, test, False)
            # A batch that is left out now and then, or an early end, changes no unit.
            if guard.passing in {Passing.EVERY, Passing.NEVER} or (
                isinstance(leaving, cst.Return) and guard.passing is Passing.OPEN
            ):
                self._add([guard])

    def _add(self, guards: Iterable[Guard]) -> None:
        found = list(guards)
        self._conditions += found
        if not self._loops:
            self._before_loops += found

    def _condition(self, module: Module, test: cst.BaseExpression, *, expected: bool) -> None:
        parts = conditions_in(test, expected)
        self._add(self._guards.read(module, part, part_expected) for part, part_expected in parts)

    def _loop(self, module: Module, node: AnyLoop, below: cst.CSTNode) -> None:
        if not isinstance(node, cst.CompFor):
            if below is node.orelse:
                self._way.reason = "the step is taken after a loop that was not left"
                return
            if below is not node.body:
                return
        generated = loops_in_generator(module, node, self._evaluator) if isinstance(node, cst.For) else []
        if generated:
            self._loops += generated
            self._generated = True
            return
        loop = loop_of(module, node, self._evaluator)
        if loop is not None and not self._gives_the_scheduler(node):
            said = node.iter if isinstance(node, cst.For) else loop.bound
            number = None if said is not None and self._turns.change(module, said) else loop.number
            self._loops.append(replace(loop, number=number, cut=loop.cut or _ends_at_once(node)))

    def _gives_the_scheduler(self, node: AnyLoop) -> bool:
        """Whether a loop goes over schedulers, ``for each in schedulers: each.step()``, or over what steps them.

        An object that is given the scheduler by the call does not bring one along: each turn takes a step of that one.
        """
        if isinstance(node, cst.While):
            return False
        step, targets = self._way.route.step, set(set_by(node.target))
        given = {crossing.call for crossing in step.crossings}
        ends = (each.node for each in self._way.route.stretches if node in each.around)
        for call in (each for each in ends if isinstance(each, cst.Call)):
            named = read_in(call.func) if call is step.call else {dotted_name(start_of(call.func))}
            if call not in given and not targets.isdisjoint(named):
                return True
        return False

    def _judge_conditions(self) -> None:
        for guard in self._conditions:
            if self._selects_phase(guard):
                continue
            if guard.passing is Passing.NEVER:
                self._way.dead = True
            elif guard.passing is Passing.LATER:
                self._later(guard)
            elif guard.passing is Passing.UPDATES:
                self._way.synchronised = True
            elif guard.passing is Passing.EVERY:
                self._every(guard)
            elif guard.passing is Passing.OPEN:
                self._open(guard)

    def _open(self, guard: Guard) -> None:
        """What is the same in all turns lets all of them through, or none: then the step is no step of this way."""
        changes = self._turns.change(guard.module, guard.node)
        if self._is_around_update(guard):
            self._way.guarded = self._way.partial = True
        elif changes or any(isinstance(each, cst.Call) for each in walk(guard.node)):
            self._way.reason = "a condition that the code leaves open decides whether it is stepped there"
        elif guard in self._before_loops:
            self._way.partial = True
        else:
            self._way.optional = True

    def _is_around_update(self, guard: Guard) -> bool:
        """Whether what a condition lets through moves the optimizer too: an update that is left out now and then."""
        chosen = next((each for each in reversed(guard.module.path_to(guard.node)) if isinstance(each, cst.If)), None)
        on_the_way = {below for _, _, below in self._way.route.places()}
        return (
            chosen is not None
            and chosen.body in on_the_way
            and any(
                isinstance(node, cst.Call) and self._training.steps_an_optimizer(guard.module, node)
                for node in walk(chosen.body)
            )
        )

    def _later(self, guard: Guard) -> None:
        targets = {name for loop in self._loops for name in loop.targets}
        if guard.names.isdisjoint(targets):
            self._way.reason = "a condition that the code leaves open decides whether it is stepped there"
        self._way.partial = True

    def _every(self, guard: Guard) -> None:
        if self._way.every is not None:
            self._way.reason = "more than one condition says which turns step it"
            return
        owner = next((loop for loop in reversed(self._loops) if not guard.names.isdisjoint(loop.targets)), None)
        if self._loops and owner is not None and owner is not self._loops[-1]:
            self._way.reason = "it is stepped in some epochs only"
            return
        loop = self._loops[-1] if self._loops else None
        key = None if guard.every is None else key_of(guard.every)
        if loop is not None and key is not None and key in loop.counts:
            # Once in all batches of an epoch.
            self._once_an_epoch.append(loop)
            del self._loops[-1]
        elif self._moves_an_optimizer(guard):
            self._way.every = guard
        else:
            self._way.reason = "it is stepped every so many turns, and nothing else is"

    def _moves_an_optimizer(self, guard: Guard) -> bool:
        """Whether what a condition lets through moves an optimizer as well, by itself or on the way to the step."""
        entered = [(stretch.module, stretch.around[0]) for stretch in self._way.route.stretches[1:]]
        around = [each for each in guard.module.path_to(guard.node) if isinstance(each, (cst.If, *LOOPS))]
        on_the_way = {node for _, node, _ in self._way.route.places()}
        # What follows ``if ...: continue`` stands in the loop around it.
        inside = [(guard.module, each) for each in around if each in on_the_way][-1:]
        return any(
            isinstance(node, cst.Call) and self._training.steps_an_optimizer(module, node)
            for module, each in (*entered, *inside)
            for node in walk(each)
        )

    def _selects_phase(self, guard: Guard) -> bool:
        """Whether a condition picks one of the phases that a loop goes through: ``if phase == "train":``."""
        names = {each for node in walk(guard.node) for each in [dotted_name(node)] if each is not None}
        for at, loop in enumerate(self._loops):
            if loop.turn is Turn.PHASE and not names.isdisjoint(loop.targets):
                del self._loops[at]
                return True
        return False

    def _sort_loops(self) -> None:
        way = self._way
        loops = [loop for loop in self._loops if not (loop.turn is Turn.PHASE and loop.number == 1)]
        if way.reason or way.dead:
            return
        way.partial |= any(loop.is_open for loop in loops)
        if not loops:
            way.reason = "no loop around its step is in sight"
        elif any(loop.turn in {Turn.UNKNOWN, Turn.PHASE} for loop in loops):
            way.reason = "a loop around its step is of a kind that is not followed"
        elif loops[-1].turn is Turn.ITEM:
            self._per_batch(loops)
        else:
            self._per_turn(loops)

    def _per_batch(self, loops: Sequence[Loop]) -> None:
        way = self._way
        if not self._training.trains(loops[-1]):
            way.reason = "the loop around its step trains nothing in sight"
            return
        if self._training.holds_batches(loops[-1]):
            way.reason = "the loop around its step goes over more than batches"
            return
        way.batches = loops[-1]
        # How many items are asked for is no more than a bound of how many there are.
        way.partial |= loops[-1].count is not None
        way.accumulation = self._accumulation_in(loops[-1]) if way.every is None else None
        if len(loops) > 1 and loops[0].turn is Turn.COUNT:
            way.epochs = loops[0]
        elif len(loops) > 1:
            way.reason = "the loops around its step are more than epochs and batches"
        if len(loops) > 2:
            # How many batches there are in a turn of the outermost, nobody has counted.
            way.batches, way.partial = replace(loops[-1], number=None), True

    def _per_turn(self, loops: Sequence[Loop]) -> None:
        way, last = self._way, loops[-1]
        within = self._once_an_epoch or list(self._training.loops_within(last))
        if within:
            way.epochs, way.within = last, within
            if len(loops) > 1:
                way.reason = "the loops around its step are more than epochs"
            if way.every is not None:
                way.reason = "it is stepped in some epochs only"
            if any(each.turn is Turn.UNKNOWN for each in within):
                way.reason = "a loop in the one around its step is of a kind that is not followed"
        elif len(loops) == 1:
            if self._training.trains(last):
                way.flat = last
            else:
                way.epochs = last
                way.partial = True
        elif len(loops) == 2 and loops[0].turn is Turn.COUNT and self._training.trains(last):
            way.epochs, way.batches = loops
        else:
            way.reason = "the loops around its step are more than epochs and batches"

    def _accumulation_in(self, loop: Loop) -> Guard | None:
        """The condition under which a loop over batches moves the optimizer every so many turns."""
        for node in walk(body_of(loop.module, loop.node)):
            if isinstance(node, cst.If) and any(
                isinstance(each, cst.Call) and self._training.steps_an_optimizer(loop.module, each)
                for each in walk(node.body)
            ):
                guard = self._guards.read(loop.module, node.test, True)
                if guard.passing is Passing.EVERY:
                    return guard
        return None


def _ends_at_once(node: AnyLoop) -> bool:
    """Whether the body of a loop ends by leaving it, so that it has one turn."""
    if isinstance(node, cst.CompFor):
        return False
    return isinstance(last_statement(node.body), (cst.Break, cst.Return))
