"""Schedulers that are no schedulers of PyTorch: they hold an optimizer, and their ``step`` is told the time, as timm's.

Behind the interface of PyTorch's they are stepped like these. timm 1.0 calls ``step(epoch)`` after each epoch and
``step_update(num_updates)`` after each update, and each does nothing where the other one counts.
"""

from __future__ import annotations

import inspect
from typing import Any

from torch.optim import Optimizer

_UPDATE = "step_update"


def steps_an_optimizer(found: Any) -> bool:
    """Whether an object holds an optimizer and has a ``step`` that is told the time, without being an optimizer."""
    if isinstance(found, (type, Optimizer)) or not isinstance(getattr(found, "optimizer", None), Optimizer):
        return False
    step = getattr(found, "step", None)
    if not callable(step):
        return False
    try:
        names = list(inspect.signature(step).parameters)
        inspect.signature(step).bind(0)
    except (TypeError, ValueError):
        return False
    return bool(names) and not {"closure", "metrics", "loss"} & set(names[:1])


class ToldTheTime:
    """One of them, stepped without arguments.

    Attributes:
        scheduler: the object itself.
        optimizer: its optimizer.
        last_epoch: the time that it was told last.
    """

    def __init__(self, scheduler: Any) -> None:
        self.scheduler = scheduler
        self.optimizer = scheduler.optimizer
        self.last_epoch = 0

    def step(self) -> None:
        """Tell it the next time."""
        self.last_epoch += 1
        update = getattr(self.scheduler, _UPDATE, None)
        if callable(update) and not getattr(self.scheduler, "t_in_epochs", True):
            update(self.last_epoch)
        else:
            self.scheduler.step(self.last_epoch)
