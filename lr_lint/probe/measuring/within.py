"""Schedulers within what a function of a project gives: in pairs, lists and dicts, wrappers and objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lr_lint.probe.measuring.observe import is_scheduler
from lr_lint.probe.measuring.told_times import steps_an_optimizer

# How deep a scheduler may lie in what is returned: ([optimizers], [{"scheduler": ...}]).
_DEEPEST = 4


def can_be_stepped(found: Any) -> bool:
    """Whether an object is a scheduler, be it of PyTorch or not."""
    return is_scheduler(found) or steps_an_optimizer(found)


def found_in(returned: Any, is_wanted: Callable[[Any], bool] = can_be_stepped, depth: int = _DEEPEST) -> Iterator[Any]:
    """The wanted objects in what was returned, those of a wrapper too."""
    if is_wanted(returned):
        yield returned
    elif depth and isinstance(returned, (list, tuple)):
        for each in returned:
            yield from found_in(each, is_wanted, depth - 1)
    elif depth and isinstance(returned, dict):
        for each in returned.values():
            yield from found_in(each, is_wanted, depth - 1)
    # AcceleratedScheduler of accelerate, and other wrappers that are no schedulers themselves.
    elif is_scheduler(getattr(returned, "scheduler", None)):
        yield returned.scheduler


def scheduler_in(returned: Any) -> Any:
    """The first scheduler in what a function returned, or in an object that it made; all of it where there is none."""
    held = list(getattr(returned, "__dict__", {}).values())
    return next(iter((*found_in(returned), *found_in(held))), returned)
