"""Models that a slice does not make: a few parameters of one element, on the device, under the names people filter by.

Child side only: this imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from lr_lint.probe.child.slices.unknowns import Supplies

_MOST_NAMES = 24


class StandInModel(nn.Module):  # type: ignore[misc,unused-ignore]
    """What stands in for a model: some usual layers, and whatever other parts are asked of it.

    A part that is asked for by name is a model of its own; its parameters are not among those of the whole, so that
    no parameter ends in two groups.

    Args:
        supplies: knows the settings, and gives the stand-ins for the parts.
        name: how the code calls the model.
        device: where the parameters are.
        parameter_names: words that the code looks for in the names of parameters.
    """

    def __init__(self, supplies: Supplies, name: str, device: str, parameter_names: Sequence[str] = ()) -> None:
        super().__init__()
        self.__dict__["lr_lint_supplies"] = supplies
        self.__dict__["lr_lint_name"] = name
        self.conv = nn.Conv2d(1, 1, 1, device=device)
        self.bn = nn.BatchNorm2d(1, device=device)
        self.norm = nn.LayerNorm(1, device=device)
        self.embedding = nn.Embedding(1, 1, device=device)
        self.fc = nn.Linear(1, 1, device=device)
        known = " ".join(parameter for parameter, _ in self.named_parameters())
        for wanted in [word for word in parameter_names if word not in known][:_MOST_NAMES]:
            _add_parameter(self, wanted, device)

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name.startswith("__"):
                raise
        own = self.__dict__.get("lr_lint_own")
        if own is not None and own.has(name):
            return own.get(name)
        own_name = self.__dict__["lr_lint_name"]
        return self.__dict__["lr_lint_supplies"].unknown(f"{own_name}.{name}", cause=f"a slice makes no {own_name}")

    def _same(self, *arguments: Any, **keywords: Any) -> StandInModel:
        return self

    # The parameters are where they should be, whatever device the code names; nothing is compiled or loaded.
    to = cuda = cpu = half = float = double = bfloat16 = train = eval = apply = _same
    compile = _same  # type: ignore[assignment,unused-ignore]
    load_state_dict = requires_grad_ = share_memory = _same

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Nothing is computed."""
        return self.__dict__["lr_lint_supplies"].unknown(f"{self.__dict__['lr_lint_name']}()")


def _add_parameter(model: nn.Module, path: str, device: str) -> None:
    """Adds a part whose parameters have a path in their names."""
    at = model
    for part in filter(None, path.strip(".").split(".")):
        if part in ("weight", "bias"):
            break
        found = at._modules.get(part)
        if found is None:
            # Not by add_module, which takes what `__getattr__` gives for a part that is there.
            found = at._modules[part] = nn.Module()
        at = found
    if "weight" not in at._parameters:
        at._parameters["weight"] = nn.Parameter(torch.zeros(1, 1, device=device))
        at._parameters["bias"] = nn.Parameter(torch.zeros(1, device=device))
