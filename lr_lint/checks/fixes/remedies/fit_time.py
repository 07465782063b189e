"""The horizon is counted in what steps the scheduler, or the step moves to where the horizon is counted: a choice."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, Move, NoFixError
from lr_lint.checks.fixes.horizons import counted_by, horizon_arguments, multiplied, told, without_batches
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import TimeRemedy, claim_of
from lr_lint.checks.fixes.spellings import meaning_the_same
from lr_lint.checks.fixes.time_shapes import SteppedPlace, count_in, gone_through, names_along_calls, place_of_step
from lr_lint.checks.rules.base import Finding
from lr_lint.timing.claims import ClockUnit
from lr_lint.vocabulary.contracts import Extent


class FitTime(TimeRemedy):
    """For a schedule that counts epochs and is stepped with every batch, and the other way round."""

    name = "fit-time"

    def leaves_a_choice(self, finding: Finding) -> bool:
        """Either may be meant."""
        return True

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The horizon in the unit of the step; then the step where the horizon is counted."""
        claim, clock = claim_of(problem), problem.finding.site.timing.clock
        if claim.extent is Extent.DONE or clock.adds_up or clock.forgets:
            raise NoFixError("the schedule is told the time, and which one is meant cannot be told")
        around = place_of_step(problem)
        if not around.loops:
            raise NoFixError("no loop around its step is in sight")
        if clock.unit is ClockUnit.EPOCH:
            yield from _in_epochs(problem, around)
            # What moves the optimizer as well stays where it is.
            yield from () if clock.shared else _into_batches(around)
        else:
            yield from _in_batches(problem, around)
            yield from () if clock.shared else _behind_batches(around)
        raise NoFixError("neither horizon nor step has a form that can be changed")


def _in_batches(problem: Problem, around: SteppedPlace) -> Iterator[Draft]:
    """Each epoch of the horizon as the batches, or the updates, that it has."""
    loop = around.loops[0]
    batches = gone_through(loop)
    if claim_of(problem).extent is Extent.EACH_STEP or batches is None:
        return
    name = next(iter(meaning_the_same(problem, names_along_calls(around.module, batches))), None)
    per_update = problem.finding.site.timing.clock.unit is ClockUnit.UPDATE
    count = counted_by(problem, around) if per_update else None
    if name is None or (per_update and count is None):
        return
    times = f" * len({name})" + (f" // {count}" if count is not None else "")
    changes = [change for place in horizon_arguments(problem) for change in multiplied(place, times)]
    if changes:
        yield Draft(f"count {'updates' if per_update else 'batches'}: `{told(changes[0])}`", tuple(changes))


def _in_epochs(problem: Problem, around: SteppedPlace) -> Iterator[Draft]:
    """The horizon without the batches of an epoch."""
    places = horizon_arguments(problem)
    if len(places) == 1:
        short = without_batches(problem, places[0])
        if short is not None:
            yield Draft(f"count epochs: `{short}`", (Change(places[0], instead=short),))


def _behind_batches(around: SteppedPlace) -> Iterator[Draft]:
    """The step behind the loop over the batches, in the loop over the epochs."""
    line, loops = around.line, around.loops
    if line is None or len(loops) < 2 or not isinstance(loops[0], cst.For) or loops[0].orelse is not None:
        return
    block = around.module.path_to(line)[-1]
    others = isinstance(block, cst.IndentedBlock) and len(block.body) > 1
    holder = around.holder_of(line)
    if isinstance(holder, cst.If) and count_in(holder.test) is not None:
        # What every so many batches do; the optimizer's step is left there.
        holder = around.holder_of(holder)
    if others and holder is loops[0] and around.holder_of(loops[0]) is loops[1]:
        yield Draft("step once per epoch, behind the loop over the batches", moves=(Move(line, loops[0]),))


def _into_batches(around: SteppedPlace) -> Iterator[Draft]:
    """The step at the end of the one loop over batches that stands before it in the loop over the epochs."""
    line = around.line
    if line is None or around.holder_of(line) is not around.loops[0]:
        return
    block = around.module.path_to(line)[-1]
    before = block.body[: block.body.index(line)] if isinstance(block, cst.IndentedBlock) else ()
    loops = [each for each in before if isinstance(each, cst.For)]
    if len(loops) == 1 and isinstance(loops[0].body, cst.IndentedBlock) and loops[0].orelse is None:
        yield Draft("step with every batch, at the end of their loop", moves=(Move(line, loops[0].body.body[-1]),))
