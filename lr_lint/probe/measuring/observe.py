"""Steps a real scheduler and reads the rates that it sets. The optimizer itself is never stepped.

What PyTorch does, as tried on torch 2.13: ``LambdaLR`` sets ``initial_lr * f(0)`` in its constructor and computes every
later rate from ``initial_lr``; ``MultiplicativeLR`` calls nothing at construction and never ``f(0)``; ``get_lr``
outside ``step`` is no way to read a rate, so the param groups are read. From 2.10 on, a param group added after
the scheduler makes ``step`` raise ``ValueError``.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from time import perf_counter
from typing import Any

import torch
from torch.optim import lr_scheduler

from lr_lint.probe.measuring.lengths import Length, length_of
from lr_lint.probe.measuring.preservation import preserved
from lr_lint.probe.measuring.purity import examine, instructions_at, plain
from lr_lint.probe.measuring.told_times import ToldTheTime, steps_an_optimizer
from lr_lint.probe.measuring.tracks import Track
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Pace, Place, Rate

__all__ = ["contract_of", "is_scheduler", "observe", "observe_with_parts", "preserved", "qualified_name", "roots"]

# How far a warm-up is followed beyond the steps asked for, in steps and in seconds.
_FURTHEST = 20_000
_LONGEST = 2.0
_LOOK_AT_CLOCK_EVERY = 256

# Up to torch 1.13 the base class has its private name only.
_BASE: type = getattr(lr_scheduler, "LRScheduler", None) or lr_scheduler._LRScheduler
_LIBRARY = "torch.optim"
_COMPUTING = ("get_lr", "step", "_update_lr", "_get_closed_form_lr")


def is_scheduler(found: object) -> bool:
    """Whether an object is a scheduler of PyTorch; up to torch 2.1 ``ReduceLROnPlateau`` has a root of its own."""
    return isinstance(found, (_BASE, lr_scheduler.ReduceLROnPlateau))


def scheduler_in(found: Any) -> Any:
    """A scheduler, by itself or in what holds it: a wrapper as accelerate's, a dictionary as Lightning's.

    Raises:
        TypeError: if there is none.
    """
    inner = found.get("scheduler") if isinstance(found, dict) else getattr(found, "scheduler", None)
    for candidate in (found, inner):
        if is_scheduler(candidate):
            return candidate
    raise TypeError(f"{type(found).__name__} is no scheduler of PyTorch and holds none")


def qualified_name(kind: type) -> str:
    """Module and name of a class."""
    return f"{kind.__module__}.{kind.__qualname__}"


def contract_of(kind: type) -> str:
    """Qualified name of the first public class of PyTorch among a class and its bases."""
    return qualified_name(_library_class(kind)).replace("._LRScheduler", ".LRScheduler")


def _library_class(kind: type) -> type:
    for base in kind.__mro__:
        if base.__module__.startswith(_LIBRARY) and not base.__name__.startswith("_"):
            return base
    return _BASE if issubclass(kind, _BASE) else kind


def _computes_itself(kind: type) -> bool:
    library = _library_class(kind)
    return any(getattr(kind, name, None) is not getattr(library, name, None) for name in _COMPUTING)


def _has_callables(scheduler: Any) -> bool:
    """Whether the rates are the library's arithmetic on what callables return."""
    kinds = (lr_scheduler.LambdaLR, lr_scheduler.MultiplicativeLR)
    return isinstance(scheduler, kinds) and not _computes_itself(type(scheduler))


def roots(schedulers: Iterable[Any]) -> list[Any]:
    """Those schedulers that are not part of another one, in their order."""
    found = list(schedulers)
    inner = {id(part) for scheduler in found for part in _parts(scheduler)}
    return [scheduler for scheduler in found if id(scheduler) not in inner]


def _parts(scheduler: Any) -> list[Any]:
    """The schedulers within a scheduler, at any depth, as ``SequentialLR`` and ``ChainedScheduler`` have them."""
    found: list[Any] = []
    queue = [scheduler]
    while queue:
        for value in vars(queue.pop()).values():
            for item in value if isinstance(value, (list, tuple)) else (value,):
                if is_scheduler(item) and item is not scheduler and not any(item is other for other in found):
                    found.append(item)
                    queue.append(item)
    return found


def observe_with_parts(
    scheduler: Any,
    steps: int | None,
    mode: Mode,
    site: Place | None = None,
    site_of: Callable[[Any], Place | None] | None = None,
    training: int | None = None,
    pace: Pace | None = None,
) -> list[Observation]:
    """Observe a scheduler, then each part of it that has callables, alone and from its own step 0.

    A part whose callable returns rates hardly shows in the rates of the whole before its turn has come; nor does it
    matter what it would do after its turn.

    Args:
        scheduler: what to step; it is put back as it was.
        steps: how many rates to read; as many as `lengths` thinks fit if None.
        mode: how it came to be.
        site: where it is constructed.
        site_of: gives the place where a part is constructed; ``site`` for all of them if None.
        training: the steps of its training, where they are known.
        pace: how the training steps it, where the code tells.
    """
    observations = [observe(scheduler, steps, mode, site, training, pace)]
    whole = qualified_name(type(scheduler))
    for part in _parts(scheduler):
        if not _has_callables(part):
            continue
        with preserved(scheduler), preserved(part):
            for group in part.optimizer.param_groups:
                _set_rate(group, group.get("initial_lr", group["lr"]))
            part.last_epoch = 0 if isinstance(part, lr_scheduler.MultiplicativeLR) else -1
            place = site if site_of is None else site_of(part)
            observation = observe(part, steps, mode, place, _own_time(scheduler, part, training))
        observation.part_of = whole
        observations.append(observation)
    return observations


def _own_time(whole: Any, part: Any, training: int | None) -> int | None:
    """How many steps are a part's own: until the next one takes its turn, or to the end of the training."""
    parts, milestones = getattr(whole, "_schedulers", ()), getattr(whole, "_milestones", None)
    position = next((at for at, each in enumerate(parts) if each is part), None)
    if milestones is None or position is None:
        return training
    begin, *ends = [0, *milestones, training][position:]
    own = None if not ends or ends[0] is None else int(ends[0] - begin)
    return own if own is not None and own > 0 else None


def observe(
    scheduler: Any,
    steps: int | None,
    mode: Mode,
    site: Place | None = None,
    training: int | None = None,
    pace: Pace | None = None,
) -> Observation:
    """Step a scheduler and read the rates in force before step 0, 1, ..., ``steps - 1``.

    A ``LambdaLR`` that has been stepped, or is resumed, is observed from its step 0; other schedulers from where they
    stand. An exception of the scheduler or of its callables is recorded, not raised.

    Args:
        scheduler: what to step; it, its optimizer and its callables are put back as they were.
        steps: how many rates to read, at least one; as many as `lengths` thinks fit if None.
        mode: how it came to be.
        site: where it is constructed.
        training: the steps of its training, where they are known.
        pace: how the training steps it, where the code tells: the rates with which epochs begin are told.
    """
    kind = type(scheduler)
    observation = Observation(site, contract_of(kind), qualified_name(kind), mode, training=training)
    observation.computes_itself = _computes_itself(kind)
    if not is_scheduler(scheduler) and steps_an_optimizer(scheduler):
        scheduler = ToldTheTime(scheduler)
    if not hasattr(scheduler, "optimizer"):
        observation.error, observation.error_step = f"AttributeError: {kind.__name__} has no optimizer", 0
        return observation
    with preserved(scheduler), quiet(scheduler):
        if _has_callables(scheduler):
            purity = examine(scheduler)
            observation.impurities += purity.impurities
            observation.scales_with_rate = purity.scales_with_rate
        _run(scheduler, observation, length_of(scheduler, steps, training, pace), pace)
        if isinstance(scheduler, lr_scheduler.LambdaLR) and _has_callables(scheduler):
            _look_at_zeros(scheduler, observation.groups)
    return observation


def _look_at_zeros(scheduler: Any, groups: Iterable[ObservedGroup]) -> None:
    """Note which groups are held at zero at first by a branch of their callable, as parts that are thawed later are."""
    for group, function in zip(groups, scheduler.lr_lambdas, strict=False):
        if group.lrs[:2] == [0, 0] and group.peak_step:
            group.held_at_zero = instructions_at(function, 0) != instructions_at(function, group.peak_step)


@contextmanager
def quiet(scheduler: Any) -> Iterator[None]:
    """No warnings of torch about the order of steps, and no printing of every rate (``verbose``, before torch 2.7)."""
    optimizer = scheduler.optimizer
    optimizer._opt_called = True
    if hasattr(optimizer, "_step_count"):
        optimizer._step_count = max(1, optimizer._step_count)
    for each in (scheduler, *_parts(scheduler)):
        if "verbose" in vars(each):
            each.verbose = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _run(scheduler: Any, observation: Observation, length: Length, pace: Pace | None) -> None:
    groups = scheduler.optimizer.param_groups
    starts = [_initial_rate(scheduler, position) for position in range(len(groups))]
    tracks = [Track(ObservedGroup(rate), every=None if pace is None else pace.each) for rate in starts]
    observation.groups = [track.group for track in tracks]
    error = start(scheduler, observation)
    if error:
        observation.error, observation.error_step = error, 0
        return
    told = length.told
    if not _can_be_stepped(scheduler):
        observation.unseen = f"{type(scheduler).__name__}.step() needs arguments: only the first rate was read"
        told = 1
    for step in range(told):
        if step and (error := step_once(scheduler)):
            _record_error(observation, error, step)
            return
        for track, group in zip(tracks, groups, strict=False):
            rate = plain(group["lr"])
            track.group.lrs.append(rate)
            track.follow(step, rate)
    if not observation.unseen:
        _look_further(scheduler, observation, tracks, length)


def start(scheduler: Any, observation: Observation) -> str:
    """Bring a ``LambdaLR`` to its step 0, where it is not there: what that raised, as text."""
    at = getattr(scheduler, "last_epoch", 0)
    if isinstance(scheduler, lr_scheduler.LambdaLR) and _has_callables(scheduler):
        rates = [plain(group["lr"]) for group in scheduler.optimizer.param_groups]
        last = [plain(rate) for rate in getattr(scheduler, "_last_lr", ())]
        if at == 0 and rates[: len(last)] == last:
            return ""
        if at > 0:
            observation.notes.append(f"the scheduler stood at step {at}: it was observed from step 0")
        scheduler.last_epoch = -1
        return step_once(scheduler)
    if isinstance(at, int) and at > 0:
        observation.notes.append(f"the scheduler stood at step {at}: that is step 0 here")
    return ""


def step_once(scheduler: Any) -> str:
    """Step once: what that raised, as text."""
    try:
        scheduler.step()
    except Exception as error:  # code of the user's
        return f"{type(error).__name__}: {error}"
    return ""


def _record_error(observation: Observation, error: str, step: int) -> None:
    if error.startswith("ValueError: Tried to step"):  # OneCycleLR counts its steps
        observation.notes.append(f"the schedule ends at step {step}")
    else:
        observation.error, observation.error_step = error, step


def _can_be_stepped(scheduler: Any) -> bool:
    """Whether ``step()`` can be called without arguments: ``ReduceLROnPlateau`` wants a metric."""
    try:
        inspect.signature(scheduler.step).bind()
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def _initial_rate(scheduler: Any, position: int) -> Rate:
    group = scheduler.optimizer.param_groups[position]
    if "initial_lr" in group:
        return plain(group["initial_lr"])
    base_lrs = getattr(scheduler, "base_lrs", ())
    return plain(base_lrs[position] if position < len(base_lrs) else group["lr"])


def _set_rate(group: dict[str, Any], rate: Any) -> None:
    if isinstance(group["lr"], torch.Tensor):
        with torch.no_grad():
            group["lr"].fill_(plain(rate))
    else:
        group["lr"] = rate


def _look_further(scheduler: Any, observation: Observation, tracks: list[Track], length: Length) -> None:
    """Follow the rates to the end of the training, and through the step after it, which a training loop makes too.

    Where that end is not known, those groups that have not come to their initial rate are followed beyond what the
    scheduler speaks of, as long as they do not fall.
    """
    deadline = perf_counter() + _LONGEST
    groups = scheduler.optimizer.param_groups
    ends = observation.training is not None
    for step in count(length.told):
        followed = [(at, track) for at, track in enumerate(tracks) if step < length.followed or track.climbing]
        if step >= (length.followed + 1 if ends else _FURTHEST) or not (followed or ends):
            break
        if step % _LOOK_AT_CLOCK_EVERY == 0 and perf_counter() > deadline:
            break
        error = step_once(scheduler)
        if error:
            if step <= length.followed:
                _record_error(observation, error, step)
            break
        for position, track in followed:
            if step < length.followed or not ends:
                track.follow_further(step, plain(groups[position]["lr"]))
    for track in tracks:
        track.tell()
