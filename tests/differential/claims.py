"""What the interpreter claims about the callable of a program, with the scheduler that is given it."""

from __future__ import annotations

from dataclasses import dataclass

from lr_lint.checks.analysis import constructions_in
from lr_lint.semantics.worlds.explore import explore
from lr_lint.semantics.worlds.runs import Point, Runs
from lr_lint.source.files import SourceFile, decode
from lr_lint.vocabulary.diagnostics import Failure
from lr_lint.vocabulary.quantities import Basis, Number

_OPTIMIZER = """
import torch
from torch.optim.lr_scheduler import LambdaLR
optimizer = torch.optim.SGD(torch.nn.Linear(2, 2).parameters(), lr=0.1)
"""
_SCHEDULER = "scheduler = LambdaLR(optimizer, lr_lambda={name})\n"


@dataclass(frozen=True)
class Claim:
    """What is said about one time.

    Attributes:
        kind: ``number``, ``none`` or ``raised``.
        number: the number that is claimed.
        error: the name of the exception that is claimed.
    """

    kind: str
    number: Number | None = None
    error: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.error if self.number is None else self.number!r}".strip()


@dataclass(frozen=True)
class Claims:
    """What is said about one program: at each sampled time a claim, or None for what is not known.

    Attributes:
        at: the claims by time; empty where nothing is known at all.
        reason: why something is not known.
        worlds: how many worlds were run: more than one say that something was assumed.
    """

    at: dict[int, Claim | None]
    reason: str = ""
    worlds: int = 1


def claims_of(program: str, *names: str) -> list[Claims]:
    """What is said about schedulers that are given the callables of a program, in the order of their names.

    Raises:
        ValueError: if the file is not read, or has no schedulers.
    """
    schedulers = "".join(_SCHEDULER.format(name=name) for name in names)
    source = decode("schedule.py", (program + _OPTIMIZER + schedulers).encode())
    if not isinstance(source, SourceFile):
        raise ValueError(source.message)
    constructions = constructions_in(source, None)
    if isinstance(constructions, Failure):
        raise ValueError(constructions.message)
    return [_claims(explore(construction)) for construction in constructions[-len(names) :]]


def _claims(runs: Runs) -> Claims:
    groups = runs.runs[0].groups if runs.runs else []
    if not groups:
        return Claims({}, runs.reason or (runs.runs[0].reason if runs.runs else ""), len(runs.runs))
    points = groups[0].points
    reason = next((point.reason for point in points if point.reason), "")
    return Claims({point.time: _claim(point) for point in points}, reason, len(runs.runs))


def _claim(point: Point) -> Claim | None:
    if point.raised is not None:
        return Claim("raised", error=point.raised[0]) if point.raised[1] is Basis.PROVED else None
    if point.nothing:
        return Claim("none")
    return None if point.number is None else Claim("number", point.number)
