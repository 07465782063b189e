"""A scheduler that is saved, made anew and loaded: does it go on with the rates that it would have had?

The states go through ``torch.save`` and ``torch.load``, as they do in a checkpoint; the optimizer is never stepped.
"""

from __future__ import annotations

import inspect
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from lr_lint.probe.measuring.observe import quiet, scheduler_in, start, step_once
from lr_lint.probe.measuring.preservation import preserved
from lr_lint.probe.measuring.purity import plain
from lr_lint.probe.records import Mode, Observation, Rate

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a resumed schedule is another one than that which was never interrupted.

    Attributes:
        after: after how many steps it was saved.
        group: which param group differs.
        step: at which step; counted from the start of the training.
        rate: what the resumed one sets there.
        wanted: what the other one sets.
        error: what saving, resuming or stepping raised in place of that; empty where nothing did.
    """

    after: int
    group: int = 0
    step: int = 0
    rate: Rate = math.nan
    wanted: Rate = math.nan
    error: str = ""


def differences(scheduler: Any, resume: Callable[..., Any], steps: int, points: Iterable[int]) -> Iterator[Difference]:
    """What differs after a schedule was interrupted and resumed; nothing where all is as without the interruption.

    Args:
        scheduler: what to step and to save; it is put back as it was.
        resume: makes the scheduler anew. It is given the states of the scheduler and of its optimizer to load them
            itself, or where it takes nothing, both are loaded into what it gives, the optimizer's first.
        steps: how many steps the training has.
        points: after how many steps to interrupt it.
    """
    wanted = sorted(set(points))
    rates: list[list[Rate]] = []
    saved: dict[int, bytes] = {}
    with preserved(scheduler), quiet(scheduler):
        error = start(scheduler, Observation(None, "", "", Mode.DIRECT))
        for step in range(steps):
            error = error or (step_once(scheduler) if step else "")
            if error:
                break
            rates.append(_rates(scheduler))
            if step in wanted:
                try:
                    saved[step] = _saved(scheduler)
                except Exception as failed:  # what the user's objects do when they are pickled
                    yield Difference(step, error=f"saving raised {type(failed).__name__}: {failed}")
                    return
    for after, states in saved.items():
        found = _difference(resume, states, after, rates)
        if found is not None:
            yield found


def _saved(scheduler: Any) -> bytes:
    file = io.BytesIO()
    torch.save((scheduler.state_dict(), scheduler.optimizer.state_dict()), file)
    return file.getvalue()


def _difference(
    resume: Callable[..., Any], states: bytes, after: int, rates: Sequence[Sequence[Rate]]
) -> Difference | None:
    try:
        resumed = _resumed(resume, states)
    except Exception as failed:  # code of the user's
        return Difference(after, error=f"resuming raised {type(failed).__name__}: {failed}")
    with quiet(resumed):
        for step in range(after, len(rates)):
            error = step_once(resumed) if step > after else ""
            if error:
                return Difference(after, step=step, error=f"step {step} raised {error}")
            for group, (rate, wanted) in enumerate(zip(_rates(resumed), rates[step], strict=False)):
                if not _same(rate, wanted):
                    return Difference(after, group, step, rate, wanted)
    return None


def _resumed(resume: Callable[..., Any], states: bytes) -> Any:
    scheduler_state, optimizer_state = torch.load(io.BytesIO(states), weights_only=False)
    if inspect.signature(resume).parameters:
        return scheduler_in(resume(scheduler_state, optimizer_state))
    resumed = scheduler_in(resume())
    resumed.optimizer.load_state_dict(optimizer_state)
    resumed.load_state_dict(scheduler_state)
    return resumed


def _rates(scheduler: Any) -> list[Rate]:
    return [plain(group["lr"]) for group in scheduler.optimizer.param_groups]


def _same(first: Rate, second: Rate) -> bool:
    return first == second or abs(first - second) <= _SAME * abs(second)
