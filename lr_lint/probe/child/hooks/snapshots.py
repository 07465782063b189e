"""The state of a scheduler as it was when its construction was over. Imports torch: for the child only.

A script may step a scheduler, load an old state into it or write to ``group["lr"]`` before its first training step. The
schedule that was written down is the one that begins at construction, so that state is kept, and put back to measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from lr_lint.probe.measuring.observe import is_scheduler


class Snapshot:
    """A scheduler with all that it holds, and its optimizer's groups."""

    def __init__(self, scheduler: Any) -> None:
        self._attributes: list[tuple[Any, dict[str, Any]]] = []
        self._groups: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        for each in _with_members(scheduler):
            self._attributes.append((each, {name: _copy(value) for name, value in vars(each).items()}))
            for group in getattr(getattr(each, "optimizer", None), "param_groups", ()):
                values = {name: _copy(value) for name, value in group.items() if name != "params"}
                self._groups[id(group)] = group, values

    def rates(self) -> list[Any]:
        """The rate of each group."""
        return [values.get("lr") for _, values in self._groups.values()]

    def moved(self) -> bool:
        """Whether a scheduler has stepped, or a rate was written to, since."""
        stepped = (vars(each).get("last_epoch") != saved.get("last_epoch") for each, saved in self._attributes)
        written = (bool(group.get("lr") != values.get("lr")) for group, values in self._groups.values())
        return any(stepped) or any(written)

    def restore(self) -> None:
        """Put the state back."""
        for scheduler, attributes in self._attributes:
            vars(scheduler).clear()
            vars(scheduler).update({name: _copy(value) for name, value in attributes.items()})
        for group, values in self._groups.values():
            for name, value in values.items():
                current = group.get(name)
                # The scheduler and the optimizer may both hold this tensor.
                if isinstance(value, torch.Tensor) and isinstance(current, torch.Tensor):
                    with torch.no_grad():
                        current.copy_(value)
                else:
                    group[name] = _copy(value)


def _with_members(scheduler: Any) -> Iterator[Any]:
    waiting, seen = [scheduler], set()
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            attributes = vars(each).values()
            lists = (value for value in attributes if isinstance(value, (list, tuple)))
            waiting.extend(part for values in (attributes, *lists) for part in values if is_scheduler(part))


def _copy(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if type(value) in (list, dict):
        # One level is enough: what schedulers keep in lists are numbers, tensors, callables and other schedulers.
        return [_copy(each) for each in value] if isinstance(value, list) else dict(value)
    return value
