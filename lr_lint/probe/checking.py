"""``check_scheduler``: a project's own schedule, asserted in one line of a test."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from lr_lint.probe.measuring.cases import GroupVerdict, ScheduleOutcome, number
from lr_lint.probe.measuring.tables import rate_table
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, judge
from lr_lint.probe.records import Mode
from lr_lint.vocabulary.curves import ABOUT_ONE
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from torch.optim.lr_scheduler import LRScheduler

# For all param groups, or a list for each.
Rates: TypeAlias = "Sequence[float] | Sequence[Sequence[float]]"

DEFAULT_STEPS = 10
_SAME_RATE = 1e-6
# What counts as zero beside an expected rate of zero, relative to the greatest expected rate.
_SAME_ZERO = 1e-9


class ScheduleError(AssertionError):
    """A schedule that cannot be meant, or that is not the one expected. Its text has the table of rates.

    Attributes:
        verdict: what was seen and concluded.
    """

    def __init__(self, message: str, verdict: ScheduleVerdict) -> None:
        table = rate_table(verdict.groups, "  ")
        said = visible(message)
        super().__init__(f"{said}\n{table}" if table else said)
        self.verdict = verdict


def check_scheduler(
    scheduler: LRScheduler | Any,
    *,
    steps: int | None = None,
    tolerance: float = ABOUT_ONE,
    expected: Rates | None = None,
    warmup_steps: int | None = None,
    resume: Callable[..., Any] | None = None,
) -> ScheduleVerdict:
    """Assert that a scheduler sets the learning rates that are meant.

    The scheduler is stepped for real, and so are the parts of a ``SequentialLR`` or ``ChainedScheduler``; then
    everything is put back: the scheduler, its optimizer, its callables and the random generators are as before. The
    optimizer is never stepped.

    Args:
        scheduler: a scheduler of PyTorch, a wrapper that has one as its ``scheduler`` (as accelerate's), or the
            dictionary that Lightning's ``configure_optimizers`` holds it in.
        steps: how many steps the training takes: within them no rate may be negative, complex or infinite. If None,
            ten steps are looked at, or as many as the other arguments need, and such an end is allowed.
        tolerance: how far from 1 a factor may be to count as 1.
        expected: the rates in force before step 0, 1, ..., or one such list for each param group. They are compared to
            six digits, and say what is meant: nothing else is held against the schedule.
        warmup_steps: the step at which the rate is to come to its peak, from below; the step before it will do as
            well, since both ``step / n`` and ``(step + 1) / n`` are usual.
        resume: makes the scheduler anew, as a training does that is resumed. The schedule is interrupted at its first
            step, half-way and at its last one, saved, and resumed, and must go on with the rates that it has without
            the interruption. The function is called with the states of the scheduler and of the optimizer and loads
            them as the training does; if it takes no argument, both are loaded into the scheduler that it returns, the
            optimizer's first.

    Returns:
        The verdict, with the rates of each group in ``groups[i].lrs``. Where these show neither that the schedule is
        right nor that it is wrong, its ``outcome`` is undecided, and ``expected`` can say what is meant.

    Raises:
        ScheduleError: if the schedule contradicts its scheduler or the arguments, or if stepping raised.
        TypeError: if there is no scheduler of PyTorch in what was given.
        ValueError: if ``steps`` or ``warmup_steps`` is below 1.
    """
    from lr_lint.probe.measuring.observe import observe_with_parts, scheduler_in

    __tracebackhide__ = True  # pytest shows the line of the test
    found = scheduler_in(scheduler)
    wanted = None if expected is None else _lists(expected)
    looked_at = _steps(steps, wanted, warmup_steps)
    observations = observe_with_parts(found, looked_at, Mode.DIRECT)
    verdicts = [judge(observation, tolerance, whole_training=steps is not None) for observation in observations]
    whole = verdicts[0]
    if whole.outcome is ScheduleOutcome.ERROR:
        raise ScheduleError(whole.message, whole)
    if wanted is not None:
        _compare(whole, wanted)
    else:
        for verdict in verdicts:
            if verdict.outcome in (ScheduleOutcome.CONTRADICTS, ScheduleOutcome.ERROR):
                raise ScheduleError(_whose(verdict) + verdict.message, verdict)
    if warmup_steps is not None:
        for position, group in enumerate(whole.groups):
            _check_warmup(whole, position, group, warmup_steps)
    if resume is not None:
        _check_resumed(whole, found, resume, looked_at)
    return whole


def _steps(steps: int | None, expected: list[list[float]] | None, warmup_steps: int | None) -> int:
    for name, value in (("steps", steps), ("warmup_steps", warmup_steps)):
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    wanted = [DEFAULT_STEPS if steps is None else steps, *map(len, expected or ())]
    if warmup_steps is not None:
        # One step more shows whether the rate rises on; a training of that length may have none.
        wanted.append(warmup_steps + (2 if steps is None else 1))
    return max(wanted)


def _lists(expected: Rates) -> list[list[float]]:
    """The expected rates as lists, one for each param group or one for all; arrays and tensors will do."""
    rates: list[Any] = list(expected)
    if all(_is_number(rate) for rate in rates):
        return [[float(rate) for rate in rates]]
    return [[float(rate) for rate in group] for group in rates]


def _is_number(rate: Any) -> bool:
    try:
        float(rate)
    except (TypeError, ValueError):
        return False
    return True


def _whose(verdict: ScheduleVerdict) -> str:
    observation = verdict.observation
    if not observation.part_of:
        return ""
    return f"the {observation.class_name.rpartition('.')[2]} in the {observation.part_of.rpartition('.')[2]}: "


def _compare(verdict: ScheduleVerdict, expected: list[list[float]]) -> None:
    __tracebackhide__ = True
    lists = expected * len(verdict.groups) if len(expected) == 1 else expected
    if len(lists) != len(verdict.groups):
        raise ScheduleError(f"{len(lists)} lists of rates are expected for {len(verdict.groups)} param groups", verdict)
    for position, (group, rates) in enumerate(zip(verdict.groups, lists, strict=True)):
        zero = _SAME_ZERO * max(map(abs, rates), default=0.0)
        for step, rate in enumerate(rates):
            actual = group.lrs[step] if step < len(group.lrs) else math.nan
            if isinstance(actual, complex) or not math.isclose(actual, rate, rel_tol=_SAME_RATE, abs_tol=zero):
                raise ScheduleError(
                    f"{_group(verdict, position)}the rate is {number(actual)} at step {step}, not {number(rate)}",
                    verdict,
                )


def _check_warmup(verdict: ScheduleVerdict, position: int, group: GroupVerdict, warmup_steps: int) -> None:
    __tracebackhide__ = True
    rates = [rate for rate in group.lrs if not isinstance(rate, complex)]
    peak = max(rates, default=math.nan)
    reached = next((step for step, rate in enumerate(rates) if rate >= peak * (1 - _SAME_RATE)), None)
    if reached not in (warmup_steps, warmup_steps - 1):
        more = " or later" if reached is not None and reached == len(group.lrs) - 1 else ""
        raise ScheduleError(
            f"{_group(verdict, position)}the rate comes to its peak at step {reached}{more}, not at {warmup_steps}",
            verdict,
        )
    if any(later < earlier for earlier, later in pairwise(rates[: warmup_steps - 1])):
        raise ScheduleError(f"{_group(verdict, position)}the rate falls during the warm-up", verdict)


def _check_resumed(verdict: ScheduleVerdict, scheduler: Any, resume: Callable[..., Any], steps: int) -> None:
    from lr_lint.probe.measuring.resuming import differences

    __tracebackhide__ = True
    points = {min(1, steps - 1), steps // 2, steps - 1}
    found = next(differences(scheduler, resume, steps, points), None)
    if found is None:
        return
    if found.error:
        raise ScheduleError(f"interrupted at step {found.after}: {found.error}", verdict)
    raise ScheduleError(
        f"{_group(verdict, found.group)}resumed at step {found.after}, the rate is {number(found.rate)} at step "
        f"{found.step}, not {number(found.wanted)} as it is without the interruption",
        verdict,
    )


def _group(verdict: ScheduleVerdict, position: int) -> str:
    return f"group {position}: " if len(verdict.groups) > 1 else ""
