"""Sees every scheduler that a process constructs, however imported or subclassed. Imports torch: for the child only.

Replacing ``lr_scheduler.LambdaLR`` sees nothing after an early ``from ... import LambdaLR``, and
``LRScheduler.__init__`` misses classes that do not call it. ``LRScheduler.__new__`` sees all (tried on torch 2.13). The
instance is still empty then, so the ``__init__`` of its class is wrapped at that moment: its end is the end of the
construction.

Nothing is hung on an instance, since ``state_dict()`` would carry it into checkpoints.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from torch.optim import lr_scheduler

from lr_lint.probe.child.failures import chain, in_one_line
from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.child.hooks.snapshots import Snapshot
from lr_lint.probe.measuring.observe import contract_of, observe_with_parts, qualified_name, roots
from lr_lint.probe.measuring.preservation import preserved
from lr_lint.probe.measuring.purity import plain
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Pace, Place

# Rates that differ by rounding are the same.
_SAME = 1e-9


@dataclass(slots=True)
class HookedScheduler:
    """One scheduler that was, or is being, constructed.

    Attributes:
        scheduler: the instance. It is kept alive: a script's function may have returned when the run is stopped.
        site: the place in the user's code.
        via: the place in a library that the user's code got there by; empty if none.
        depth: how many of its class's ``__init__`` are running.
        complete: whether the construction has come to its end.
        snapshot: its state at that moment; None where it could not be read.
        error: what the construction raised.
        groups: the optimizer's groups before the construction, as their rates.
    """

    scheduler: Any
    site: Place | None
    via: str
    depth: int = 0
    complete: bool = False
    snapshot: Snapshot | None = None
    error: Exception | None = None
    groups: list[Any] = field(default_factory=list)


class SchedulerRecorder:
    """The schedulers of this process, in the order of their construction.

    Attributes:
        notes: sentences on what could not be measured.
    """

    def __init__(self, user_code: UserCode, paces: Mapping[tuple[str, int], Pace] | None = None) -> None:
        """See nothing yet.

        Args:
            user_code: which files are the user's.
            paces: how the training steps schedulers, where that is known, by the file and line of their construction.
        """
        self._user_code = user_code
        self._paces = paces or {}
        self._constructions: dict[int, HookedScheduler] = {}
        self._paused = False
        self._watch: Callable[[type], None] = _nothing
        self._made: Callable[[Any], None] = _nothing
        self.notes: list[str] = []

    def watch(self, kind: Callable[[type], None], made: Callable[[Any], None]) -> None:
        """Have functions called with the class of each scheduler before it is made, and with each that was made."""
        self._watch, self._made = kind, made

    def number_of(self, scheduler: object) -> int | None:
        """Which of the schedulers one is, in the order of their construction."""
        return next((at for at, each in enumerate(self._constructions) if each == id(scheduler)), None)

    @property
    def constructing(self) -> bool:
        """Whether a scheduler is being made: what its class does to it then is no step of the script's."""
        return any(each.depth for each in self._constructions.values())

    @property
    def constructed(self) -> bool:
        """Whether a scheduler exists."""
        return any(each.complete for each in self._constructions.values())

    @property
    def seen(self) -> bool:
        """Whether a construction was tried, be it in vain."""
        return any(each.complete or each.error for each in self._constructions.values())

    def install(self) -> None:
        """Start to see schedulers."""
        # `LRScheduler` is the public name since torch 2.0; ReduceLROnPlateau derives from it since about 2.2.
        base: Any = getattr(lr_scheduler, "LRScheduler", None) or vars(lr_scheduler)["_LRScheduler"]
        bases = [base] if issubclass(lr_scheduler.ReduceLROnPlateau, base) else [base, lr_scheduler.ReduceLROnPlateau]
        for each in bases:
            # It stays: once `__new__` has been set, deleting it makes every construction fail.
            each.__new__ = staticmethod(functools.partial(self._new, each))
            self._wrap(each)

    def _new(self, base: Any, cls: Any, *args: object, **kwargs: object) -> object:
        scheduler: object = super(base, cls).__new__(cls)
        self._begin(scheduler)
        return scheduler

    def _begin(self, scheduler: Any) -> HookedScheduler | None:
        if self._paused:
            return None
        self._wrap(type(scheduler))
        self._watch(type(scheduler))
        construction = HookedScheduler(scheduler, *self._user_code.site(sys._getframe(2)))
        self._constructions[id(scheduler)] = construction
        return construction

    def _wrap(self, cls: type) -> None:
        """Have the ``__init__`` that instances of the class run tell when it has ended."""
        owner = next((each for each in cls.__mro__ if "__init__" in vars(each)), object)
        original: Any = vars(owner).get("__init__")
        if owner is object or getattr(original, "_lr_lint_sees", False):
            return
        recorder = self

        @functools.wraps(original)
        def init(scheduler: Any, *args: Any, **kwargs: Any) -> None:
            recorder._construct(scheduler, original, args, kwargs)

        init._lr_lint_sees = True  # type: ignore[attr-defined]
        owner.__init__ = init  # type: ignore[misc]

    def _construct(self, scheduler: Any, original: Callable[..., None], args: Any, kwargs: Any) -> None:
        construction = self._constructions.get(id(scheduler)) or self._begin(scheduler)
        if construction is None or self._paused:
            original(scheduler, *args, **kwargs)
            return
        if construction.depth == 0:
            construction.groups = _rates(args, kwargs)
        construction.depth += 1
        try:
            original(scheduler, *args, **kwargs)
        except Exception as error:
            construction.error = error
            raise
        finally:
            construction.depth -= 1
        if construction.depth == 0:
            construction.error = None
            construction.complete = True
            # Nothing of ours may raise here, amid the user's code.
            with suppress(Exception):
                construction.snapshot = Snapshot(scheduler)
                self._made(scheduler)

    def find(self, scheduler: object) -> HookedScheduler | None:
        """What is known of the construction of a scheduler."""
        return self._constructions.get(id(scheduler))

    def observe_all(self, steps: int | None, mode: Mode, ended_by: BaseException | None = None) -> list[Observation]:
        """Measure every scheduler, each on its state as at construction.

        Schedulers that are members of others are not reported by themselves. One whose construction raised is
        reported if that is what ended the script, or if nothing else was constructed: else the script has dealt
        with it.

        Args:
            steps: how many rates to read.
            mode: how the schedulers came to be.
            ended_by: the exception that ended the script.
        """
        complete = [each.scheduler for each in self._constructions.values() if each.complete]
        whole = set(map(id, roots(complete)))
        fatal = list(chain(ended_by))
        observations: list[Observation] = []
        for each in self._constructions.values():
            if each.error:
                if not complete or any(each.error is error for error in fatal):
                    observations.append(_failed(each, mode))
            elif id(each.scheduler) in whole:
                try:
                    observations += self.observe(each.scheduler, steps, mode)
                except Exception as error:
                    where = f" at {each.site}" if each.site else ""
                    name = type(each.scheduler).__name__
                    self.notes.append(f"the {name}{where} could not be measured: {in_one_line(error)}")
        return observations

    def raised(self, error: BaseException) -> bool:
        """Whether an exception came out of a construction."""
        return any(each.error is error for each in self._constructions.values())

    def failed(self, mode: Mode, ended_by: BaseException) -> list[Observation]:
        """The constructions that raised what ended the user's code."""
        fatal = list(chain(ended_by))
        return [
            _failed(each, mode)
            for each in self._constructions.values()
            if each.error and any(each.error is error for error in fatal)
        ]

    def observe(self, scheduler: Any, steps: int | None, mode: Mode) -> list[Observation]:
        """Measure a scheduler and its parts, on its state as at construction where that was seen."""
        construction = self.find(scheduler)
        moved = False
        if construction and construction.snapshot:
            moved = construction.snapshot.moved()
            construction.snapshot.restore()
        self._paused = True
        try:
            site = self._site(scheduler)
            pace = None if site is None else self._paces.get((site.path, site.line))
            observations = observe_with_parts(scheduler, steps, mode, site, self._site, pace=pace)
            if construction and construction.snapshot and not observations[0].impurities:
                observations[0].impurities += _changed_since(scheduler, construction.snapshot)
        finally:
            self._paused = False
        observations[0].number = self.number_of(scheduler)
        if construction and construction.via:
            observations[0].notes.append(f"constructed in {construction.via}")
        if moved:
            observations[0].notes.append("it had been stepped, loaded or written to: measured as it was constructed")
        return observations

    def _site(self, scheduler: Any) -> Place | None:
        construction = self.find(scheduler)
        return construction.site if construction else None

    def device(self) -> str:
        """Where the parameters of the first optimizer lie; empty if there is none."""
        for each in self._constructions.values():
            for group in getattr(getattr(each.scheduler, "optimizer", None), "param_groups", ()):
                for parameter in group.get("params", ()):
                    return str(parameter.device)
        return ""


def _nothing(_: object) -> None:
    """Nobody looks on."""


def _rates(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    for each in (*args, *kwargs.values()):
        groups = getattr(each, "param_groups", None)
        if isinstance(groups, list):
            return [group.get("initial_lr", group.get("lr")) for group in groups]
    return []


def _changed_since(scheduler: Any, snapshot: Snapshot) -> Iterator[str]:
    """Sentences on callables that give another value now than at the construction: variables of theirs have changed."""
    if not isinstance(scheduler, lr_scheduler.LambdaLR) or type(scheduler).get_lr is not lr_scheduler.LambdaLR.get_lr:
        return
    at, rates = scheduler.last_epoch, list(zip(scheduler.base_lrs, snapshot.rates(), strict=False))
    with preserved(scheduler):
        for position, (each, (base, before)) in enumerate(zip(scheduler.lr_lambdas, rates, strict=False)):
            try:
                now = plain(base * each(at))
            except Exception as error:
                yield f"the callable of group {position} can no longer be called: {in_one_line(error)}"
                continue
            if abs(now - plain(before)) > _SAME * abs(now):
                yield (
                    f"the callable of group {position} set the rate {plain(before):.6g} when the scheduler was "
                    f"constructed, and gives {now:.6g} for the same step now: it reads a variable that changed since"
                )


def _failed(construction: HookedScheduler, mode: Mode) -> Observation:
    cls = type(construction.scheduler)
    assert construction.error is not None
    return Observation(
        construction.site,
        contract_of(cls),
        qualified_name(cls),
        mode,
        [ObservedGroup(plain(rate)) for rate in construction.groups],
        error=in_one_line(construction.error),
    )
