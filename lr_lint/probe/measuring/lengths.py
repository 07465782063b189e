"""How far a scheduler is looked at: to the end of its training, or as far as what it is made of speaks of.

Where nobody tells how long the training is, the largest count that the scheduler or one of its callables knows is taken
for the last time at which something may change: a milestone, a period, the end of a decay. Too large a count costs a
longer look and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from lr_lint.probe.records import Pace

# So many rates are looked at where nothing tells of more.
DEFAULT_STEPS = 10
# So many are told one by one, and so far is looked.
_MOST_TOLD = 1_000
_FURTHEST = 100_000
# What torch's own schedulers call counts of steps (torch.optim.lr_scheduler, torch 2.13.0).
_COUNTS = "step_size milestones _milestones total_iters T_max T_0 T_i total_steps step_size_up step_size_down".split()
_MOST_OBJECTS = 200
_MOST_ITEMS = 1_000


@dataclass(frozen=True, slots=True)
class Length:
    """How far to look.

    Attributes:
        told: how many rates are told one by one.
        followed: how many are looked at.
    """

    told: int
    followed: int


def length_of(
    scheduler: Any, steps: int | None = None, training: int | None = None, pace: Pace | None = None
) -> Length:
    """How far to look at a scheduler.

    Args:
        scheduler: the scheduler.
        steps: how many rates somebody wants to be told; None where nobody said.
        training: the steps of its training, where they are known.
        pace: how its training steps it by the code, which may be other than the program finds it.
    """
    if training is not None:
        known = min(training, _FURTHEST)
        return Length(min(known, _MOST_TOLD) if steps is None else steps, max(known, steps or 0))
    if steps is not None:
        return Length(steps, steps)
    by_code = 0 if pace is None else pace.start_of(pace.epochs)
    wanted = max(DEFAULT_STEPS, min(max(1 + max(_counts(scheduler), default=0), by_code), _FURTHEST))
    return Length(min(wanted, _MOST_TOLD), wanted)


def _counts(scheduler: Any) -> Iterator[int]:
    """The counts that a scheduler, its parts and their callables know."""
    held = vars(scheduler)
    yield from _numbers(held[name] for name in _COUNTS if name in held)
    for part in held.get("_schedulers", ()):
        yield from _counts(part)
    seen: set[int] = set()
    waiting = list(held.get("lr_lambdas") or ())
    while waiting and len(seen) < _MOST_OBJECTS:
        found = waiting.pop()
        if id(found) not in seen:
            seen.add(id(found))
            known = list(_known_to(found))
            yield from _numbers(known)
            waiting += [each for each in known if callable(each)]


def _known_to(found: Any) -> Iterator[Any]:
    """What a callable computes with."""
    if isinstance(found, MethodType):
        yield found.__func__
        yield from _parts(found.__self__, found.__func__.__code__)
    elif isinstance(found, partial):
        yield from (found.func, *found.args, *found.keywords.values())
    elif isinstance(found, FunctionType):
        yield from (*(found.__defaults__ or ()), *(found.__kwdefaults__ or {}).values())
        yield from _in_code(found)
    elif not isinstance(found, type) and isinstance(getattr(found, "__call__", None), MethodType):  # noqa: B004
        yield found.__call__


def _in_code(function: FunctionType) -> Iterator[Any]:
    """The constants of a function, and the variables and parts of variables that it names."""
    code, namespace = function.__code__, function.__globals__
    yield from (constant for constant in code.co_consts if not isinstance(constant, (str, bytes)))
    variables = [namespace[name] for name in code.co_names if name in namespace]
    variables += [content for cell in function.__closure__ or () for content in _content(cell)]
    for value in variables:
        # The functions of libraries know many numbers that are no counts of this training.
        own = not isinstance(value, FunctionType) or value.__globals__ is namespace
        if own and not isinstance(value, (type, ModuleType)):
            yield value
            yield from _parts(value, code)


def _parts(value: Any, code: CodeType) -> Iterator[Any]:
    """The attributes and items of an object that code names."""
    held = value if isinstance(value, dict) else getattr(value, "__dict__", None)
    if isinstance(held, dict):
        named = (*code.co_names, *(each for each in code.co_consts if isinstance(each, str)))
        yield from (held[name] for name in named if name in held)


def _content(cell: CellType) -> Iterator[Any]:
    try:
        yield cell.cell_contents
    except ValueError:  # not filled yet
        return


def _numbers(values: Iterable[Any]) -> Iterator[int]:
    """The counts among values, and in lists of them."""
    for value in values:
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            yield from _numbers(each for each in list(value)[:_MOST_ITEMS] if isinstance(each, (int, float)))
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and 1 < value <= _FURTHEST:
            yield int(value)
