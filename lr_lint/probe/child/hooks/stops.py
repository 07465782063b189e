"""The moments at which training begins. Imports torch: for the child only.

Each of them calls a function first, which may end the process. Stopping there, not at the first construction, is what
lets a second scheduler or a SequentialLR come to be.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch.utils.data import DataLoader

# What is about to happen, for a person to read.
STEP, BACKWARD, DATA = "optimizer step", "backward pass", "iteration over data"
# What is going on.
_within: set[str] = set()


def install(stop: Callable[[str], None]) -> None:
    """Have a function called before every optimizer step, backward pass and iteration over data.

    Args:
        stop: gets STEP, BACKWARD or DATA.
    """
    # The hook for every optimizer is there since torch 2.0; without it, a backward pass comes first.
    register = getattr(sys.modules["torch.optim.optimizer"], "register_optimizer_step_pre_hook", None)
    if register is not None:
        register(lambda *_: stop(STEP))
    _before(torch.Tensor, "backward", BACKWARD, stop)
    _before(torch.autograd, "backward", BACKWARD, stop)
    _before(DataLoader, "__iter__", DATA, stop)


def _before(owner: Any, name: str, event: str, stop: Callable[[str], None]) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def stopping(*args: Any, **kwargs: Any) -> Any:
        # A backward pass of a tensor is one of autograd's, and may come to others.
        outermost = event not in _within
        if outermost:
            stop(event)
            _within.add(event)
        try:
            return original(*args, **kwargs)
        finally:
            if outermost:
                _within.discard(event)

    setattr(owner, name, stopping)
