"""What a script does with its schedulers and optimizers, batch by batch. Imports torch: for the child only.

A batch is what a ``DataLoader`` gives; where the script has none, each backward pass begins one. Nothing is hung on an
instance, and what libraries call within a call that is noted (a scheduler of parts steps these) is not noted again.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from torch.optim import Optimizer
from torch.utils.data import dataloader

from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.child.hooks.schedulers import SchedulerRecorder
from lr_lint.probe.records import EventKind, RunEvent

# What is noted of one run at most.
_MOST = 20_000
_OF_SCHEDULERS = {"step": EventKind.STEP, "load_state_dict": EventKind.LOADED, "state_dict": EventKind.SAVED}
_OF_OPTIMIZERS = {"load_state_dict": EventKind.LOADED, "state_dict": EventKind.SAVED}
_MARK = "_lr_lint_notes"
_MOST_WRAPPERS = 5


class EventRecorder:
    """The events of this process, in order.

    Attributes:
        events: what was noted.
        batches: how many batches the training has had.
    """

    def __init__(self, user_code: UserCode, schedulers: SchedulerRecorder, wanted: int) -> None:
        """Note nothing yet.

        Args:
            user_code: which files are the user's.
            schedulers: those that are constructed.
            wanted: how many batches of the training are to be gone through.
        """
        self.events: list[RunEvent] = []
        self.batches = 0
        self._user_code = user_code
        self._schedulers = schedulers
        self._wanted = wanted
        self._optimizers: list[Any] = []
        self._within = False
        self._closed = False
        self._has_loader = False
        # Whether a batch was given that nothing has been trained on yet.
        self._fresh = False
        self._stop: Callable[[], None] = self.close

    def install(self, stop: Callable[[], None]) -> None:
        """Start to take note.

        Args:
            stop: called before the first batch is trained on that nobody wants; may end the process.
        """
        self._stop = stop
        self._schedulers.watch(self._watch, self._made)
        for name, what in _OF_OPTIMIZERS.items():
            self._wrap(Optimizer, name, what)
        register = getattr(sys.modules["torch.optim.optimizer"], "register_optimizer_step_pre_hook", None)
        if register is not None:
            register(lambda optimizer, *_: self._updated(optimizer))
        self._go_along(dataloader._BaseDataLoaderIter)

    def close(self) -> None:
        """Take no more note: what follows is our own doing."""
        self._closed = True

    def end(self) -> None:
        """The script has come to its end by itself."""
        self._note(RunEvent(EventKind.OVER))

    def backward(self) -> None:
        """A backward pass is about to begin."""
        if self._closed:
            return
        if not self._has_loader:
            self._begin()
        self._train()
        self._note(RunEvent(EventKind.BACKWARD))

    def _train(self) -> None:
        """Count in the batch at hand, once. The first one that nobody wants is not trained on."""
        if self._fresh and self._wanted and self.batches >= self._wanted:
            self._stop()
        self.batches += self._fresh
        self._fresh = False

    def _begin(self) -> None:
        """Another batch begins, and the one before is complete."""
        self._fresh = True
        self._note(RunEvent(EventKind.BATCH))

    def _note(self, event: RunEvent) -> None:
        if not self._closed and len(self.events) < _MOST:
            self.events.append(event)

    def _updated(self, optimizer: Any) -> None:
        if not self._closed:
            self._train()
            self._note(RunEvent(EventKind.UPDATE, optimizer=self._number_of(optimizer)))

    def _made(self, scheduler: Any) -> None:
        number = self._schedulers.number_of(scheduler)
        optimizer = getattr(scheduler, "optimizer", None)
        place = self._user_code.site(sys._getframe(1))[0]
        self._note(
            RunEvent(EventKind.MADE, number, None if optimizer is None else self._number_of(optimizer), "", place)
        )

    def _number_of(self, optimizer: Any) -> int:
        optimizer = innermost(optimizer)
        known = next((at for at, each in enumerate(self._optimizers) if each is optimizer), None)
        if known is None:
            self._optimizers.append(optimizer)
        return len(self._optimizers) - 1 if known is None else known

    def _watch(self, cls: type) -> None:
        for name, what in _OF_SCHEDULERS.items():
            self._wrap(cls, name, what)

    def _wrap(self, cls: type, name: str, what: EventKind) -> None:
        owner = next((each for each in cls.__mro__ if name in vars(each)), None)
        original: Any = None if owner is None else vars(owner)[name]
        if not callable(original) or getattr(original, _MARK, False):
            return
        recorder = self

        @functools.wraps(original)
        def noting(subject: Any, *args: Any, **kwargs: Any) -> Any:
            if recorder._within or recorder._closed or recorder._schedulers.constructing:
                return original(subject, *args, **kwargs)
            # Nothing of ours may raise here, amid the user's code.
            with suppress(Exception):
                recorder._note(recorder._event(what, subject, (*args, *kwargs.values())))
            recorder._within = True
            try:
                return original(subject, *args, **kwargs)
            finally:
                recorder._within = False

        setattr(noting, _MARK, True)
        setattr(owner, name, noting)

    def _event(self, what: EventKind, subject: Any, given: tuple[Any, ...]) -> RunEvent:
        told = type(given[0]).__name__ if what is EventKind.STEP and given and given[0] is not None else ""
        place = self._user_code.site(sys._getframe(2))[0]
        if isinstance(subject, Optimizer):
            return RunEvent(what, None, self._number_of(subject), told, place)
        return RunEvent(what, self._schedulers.number_of(subject), None, told, place)

    def _go_along(self, iterator: Any) -> None:
        """See each batch that a loader gives."""
        original = iterator.__next__
        recorder = self

        @functools.wraps(original)
        def giving(loader: Any) -> Any:
            try:
                batch = original(loader)
            except StopIteration:
                recorder._note(RunEvent(EventKind.END))
                raise
            recorder._has_loader = True
            if not recorder._closed:
                recorder._begin()
            return batch

        iterator.__next__ = giving


def innermost(optimizer: Any) -> Any:
    """What a wrapper steps in its place, as accelerate's does; an optimizer by itself."""
    for _ in range(_MOST_WRAPPERS):
        inner = vars(optimizer).get("optimizer")
        if not isinstance(inner, Optimizer):
            break
        optimizer = inner
    return optimizer
