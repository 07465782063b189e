"""Rates that a script writes into its optimizer by hand, and schedulers that no class of PyTorch stands behind.

What an optimizer was given is noted when it is constructed. Where its rates are others before the first step of the
training, and no scheduler was constructed, somebody wrote them. Imports torch: for the child only.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from torch.optim import Optimizer

from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.measuring.purity import plain
from lr_lint.probe.measuring.told_times import steps_an_optimizer
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Place, Rate

_CLASS = "torch.optim.Optimizer"
_MOST_ATTRIBUTES = 200


class OptimizerRecorder:
    """The optimizers of this process, with the rates that they were given."""

    def __init__(self, user_code: UserCode) -> None:
        self._user_code = user_code
        self._given: list[tuple[Any, list[Rate], Place | None]] = []

    def install(self) -> None:
        """Start to see optimizers."""
        original = Optimizer.__init__
        recorder = self

        @functools.wraps(original)
        def init(optimizer: Any, *arguments: Any, **keywords: Any) -> None:
            original(optimizer, *arguments, **keywords)
            recorder.note(optimizer)

        Optimizer.__init__ = init

    def note(self, optimizer: Any) -> None:
        """Take the rates of an optimizer as those that it was given."""
        rates = [plain(group["lr"]) for group in optimizer.param_groups if "lr" in group]
        self._given.append((optimizer, rates, self._user_code.site(sys._getframe(1))[0]))

    def written(self) -> Iterator[Observation]:
        """The optimizers whose rates are others now."""
        for optimizer, given, place in self._given:
            now = [plain(group["lr"]) for group in optimizer.param_groups if "lr" in group]
            if now[: len(given)] != given:
                groups = [ObservedGroup(before, [rate]) for before, rate in zip(given, now, strict=False)]
                seen = Observation(place, _CLASS, _CLASS, Mode.RUN, groups)
                seen.unseen = "the script writes its rates by hand, and this is the first of them"
                yield seen


def held_schedulers(frame: FrameType | None, user_code: UserCode) -> list[tuple[Any, Place | None]]:
    """The objects in the user's frames that step an optimizer and are told the time, each with where it was found."""
    found: list[tuple[Any, Place | None]] = []
    while frame is not None:
        if user_code.owns(frame.f_code.co_filename):
            values = list(frame.f_locals.values())
            inner = [part for value in values for part in _attributes(value)]
            for each in (*values, *inner):
                if steps_an_optimizer(each) and not any(each is known for known, _ in found):
                    found.append((each, user_code.place(frame, frame.f_lasti)))
        frame = frame.f_back
    return found


def _attributes(value: Any) -> list[Any]:
    held = getattr(value, "__dict__", None) if not isinstance(value, type) else None
    return list(held.values()) if isinstance(held, dict) and len(held) < _MOST_ATTRIBUTES else []
