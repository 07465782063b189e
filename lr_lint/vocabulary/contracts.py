"""The contracts: who calls the callable, with what, and which unit must come back.

Each row is an API fact with its source; nothing else in lr-lint knows the names of scheduler classes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Meaning(enum.Enum):
    """What the scheduler does with the value that the callable returns."""

    FACTOR_OF_INITIAL = "initial lr x f(t)"
    FACTOR_OF_PREVIOUS = "previous lr x f(t)"


@dataclass(frozen=True, slots=True)
class Contract:
    """One scheduler API.

    Attributes:
        name: dotted name of the class, as ``torch.optim.lr_scheduler.LambdaLR``.
        meaning: what the scheduler does with the returned value.
        optimizer: position and keyword of the optimizer argument, without ``self``.
        callable: position and keyword of the callable argument, without ``self``.
        first_time: the first time index at which the callable is evaluated.
        overridden_by: methods whose override in a subclass replaces the contract.
        source: where the fact comes from.
        checked: version of the library that the row was checked on.
    """

    name: str
    meaning: Meaning
    optimizer: tuple[int, str]
    callable: tuple[int, str]
    first_time: int
    overridden_by: tuple[str, ...]
    source: str
    checked: str

    @property
    def short_name(self) -> str:
        """The class name alone, as people say it."""
        return self.name.rpartition(".")[2]


CONTRACTS: tuple[Contract, ...] = (
    Contract(
        name="torch.optim.lr_scheduler.LambdaLR",
        meaning=Meaning.FACTOR_OF_INITIAL,
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        first_time=0,
        overridden_by=("get_lr", "_get_closed_form_lr", "step"),
        source="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html",
        checked="torch 2.13.0",
    ),
    Contract(
        name="torch.optim.lr_scheduler.MultiplicativeLR",
        meaning=Meaning.FACTOR_OF_PREVIOUS,
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        first_time=1,
        overridden_by=("get_lr", "_get_closed_form_lr", "step"),
        source="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html",
        checked="torch 2.13.0",
    ),
)

BY_NAME: dict[str, Contract] = {contract.name: contract for contract in CONTRACTS}

GATE_WORDS: tuple[str, ...] = tuple(sorted({contract.short_name for contract in CONTRACTS}))
