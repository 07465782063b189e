"""Keras's ``LearningRateScheduler``: the rates that the callback sets, through Keras itself. For the child only.

Checked on keras 3.15. The callback calls ``schedule(epoch, lr)``, after a ``TypeError`` ``schedule(epoch)``, and
refuses what is no float. It sets what comes back as the rate: an absolute one, not a factor.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from math import nan
from types import ModuleType, SimpleNamespace
from typing import Any

from lr_lint.probe.child.failures import in_one_line
from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.measuring.epoch_callables import DEFAULT_RATE
from lr_lint.probe.measuring.lengths import DEFAULT_STEPS
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Place

CONTRACT = "keras.callbacks.LearningRateScheduler"

_MODULE = "keras.src.callbacks.learning_rate_scheduler"
_CLASS = "LearningRateScheduler"


def is_callback(found: object) -> bool:
    """Whether an object is such a callback."""
    module = sys.modules.get(_MODULE)
    return module is not None and isinstance(found, getattr(module, _CLASS))


@dataclass(slots=True)
class _Construction:
    callback: Any
    site: Place | None


class CallbackRecorder:
    """The callbacks of this process, in the order of their construction."""

    def __init__(self, user_code: UserCode) -> None:
        self._user_code = user_code
        self._constructions: list[_Construction] = []
        self._paused = False

    @property
    def constructed(self) -> bool:
        """Whether a callback exists."""
        return bool(self._constructions)

    def install(self, stop: Callable[[str], None] | None = None) -> None:
        """Start to see callbacks, once the user's code imports Keras.

        Args:
            stop: called before a callback is asked for the rate of an epoch; may end the process.
        """
        sys.meta_path.insert(0, _AfterImport(functools.partial(self._wrap, stop)))

    def _wrap(self, stop: Callable[[str], None] | None, module: ModuleType) -> None:
        callback_class = getattr(module, _CLASS)
        init, on_epoch_begin = callback_class.__init__, callback_class.on_epoch_begin

        @functools.wraps(init)
        def seeing(callback: Any, *args: Any, **kwargs: Any) -> None:
            init(callback, *args, **kwargs)
            site = self._user_code.site(sys._getframe(1))[0]
            self._constructions.append(_Construction(callback, site))

        @functools.wraps(on_epoch_begin)
        def stopping(callback: Any, *args: Any, **kwargs: Any) -> None:
            if stop is not None and not self._paused:
                stop("epoch")
            on_epoch_begin(callback, *args, **kwargs)

        callback_class.__init__ = seeing
        callback_class.on_epoch_begin = stopping

    def observe_all(self, steps: int | None, mode: Mode) -> list[Observation]:
        """The rates that every callback sets before epoch 0, 1, ...."""
        return [self.observe(each.callback, steps, mode) for each in self._constructions]

    def observe(self, callback: Any, steps: int | None, mode: Mode, optimizer: Any = None) -> Observation:
        """The rates that one callback sets.

        Args:
            callback: what to ask. Its model's optimizer, where it has one, keeps its rate.
            steps: how many epochs.
            mode: how it came to be.
            optimizer: a Keras optimizer, for a callback that has no model yet.
        """
        site = next((each.site for each in self._constructions if each.callback is callback), None)
        cls = type(callback)
        observation = Observation(site, CONTRACT, f"{cls.__module__}.{cls.__qualname__}", mode)
        optimizer = optimizer or getattr(getattr(callback, "model", None), "optimizer", None)
        initial = _rate(optimizer)
        if initial is None:
            observation.notes.append(f"no optimizer is known: the callback is told that its rate is {DEFAULT_RATE}")
        group = ObservedGroup(nan if initial is None else initial)
        observation.groups.append(group)
        stand_in = SimpleNamespace(learning_rate=DEFAULT_RATE if initial is None else initial)
        had_model, schedule, verbose = getattr(callback, "_model", None), callback.schedule, callback.verbose

        @functools.wraps(schedule)
        def recording(*args: Any) -> Any:
            rate = schedule(*args)
            returned.append(rate)
            return rate

        self._paused = True
        callback.schedule, callback.verbose = recording, 0
        callback.set_model(SimpleNamespace(optimizer=stand_in))
        try:
            for epoch in range(steps or DEFAULT_STEPS):
                returned: list[Any] = []
                try:
                    callback.on_epoch_begin(epoch)
                except Exception as error:
                    observation.error, observation.error_step = in_one_line(error), epoch
                    break
                # The optimizer would hold it in 32 bits; what the schedule said is exact.
                rate = float(returned[-1] if returned else stand_in.learning_rate)
                group.lrs.append(rate)
                if group.peak_lr is None or rate > group.peak_lr:
                    group.peak_lr, group.peak_step = rate, epoch
        finally:
            callback.schedule, callback.verbose = schedule, verbose
            callback.set_model(had_model)
            self._paused = False
        return observation


def _rate(optimizer: Any) -> float | None:
    """The rate of a Keras optimizer as the number that it was given: the shortest one that its 32 bits stand for."""
    rate = getattr(optimizer, "learning_rate", None)
    if rate is None:
        return None
    try:
        number = sys.modules["keras"].ops.convert_to_numpy(rate).astype("float32")
        return float(str(number))
    except (KeyError, AttributeError, TypeError, ValueError):  # a schedule object in place of a rate
        return None


class _AfterImport(MetaPathFinder):
    """Has a function called with the callback's module as soon as it is imported."""

    def __init__(self, then: Callable[[ModuleType], None]) -> None:
        self._then = then

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec that Python would find, with a loader that goes on to the function."""
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._then)
        return spec


class _Loader(Loader):
    def __init__(self, loader: Loader, then: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._then = then

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._then(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)
