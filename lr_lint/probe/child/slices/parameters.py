"""Parameters that a slice names and does not make: where an optimizer is given one, another stands in for it.

Child side only: this imports torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from lr_lint.probe.child.slices.unknowns import Placeholder

_METHOD = "add_param_group"


@contextmanager
def parameters_supplied(device: str) -> Iterator[None]:
    """Groups such as ``{"params": [model.weight]}`` get a parameter for each that is not known.

    Args:
        device: where these are.
    """
    original: Any = getattr(Optimizer, _METHOD)

    def add_param_group(optimizer: Any, group: Any) -> Any:
        if isinstance(group, dict) and "params" in group:
            group["params"] = _known(group["params"], device)
        return original(optimizer, group)

    setattr(Optimizer, _METHOD, add_param_group)
    try:
        yield
    finally:
        setattr(Optimizer, _METHOD, original)


def _known(parameters: Any, device: str) -> Any:
    if isinstance(parameters, Placeholder):
        return [_parameter(parameters, device)]
    if not isinstance(parameters, (list, tuple)):
        return parameters
    return [_parameter(each, device) if isinstance(each, Placeholder) else each for each in parameters]


def _parameter(unknown: Placeholder, device: str) -> nn.Parameter:
    unknown._supplies.groups_unread = True
    return nn.Parameter(torch.zeros(1, device=device))
