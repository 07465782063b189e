"""The claims about a program and the truth, together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.differential.claims import Claim, Claims, claims_of
from tests.differential.oracle import EVERY_STEP_UNTIL, Oracle, Truth, Truths

# NumPy and the C library may round the last digit otherwise.
_TOLERANCE = 1e-12
_LARGEST_EXACT = 2**53


@dataclass(frozen=True)
class Disagreement:
    """A claim that is not so."""

    time: int
    claimed: str
    truth: str

    @property
    def kind(self) -> tuple[str, str]:
        """What kind of claim meets what kind of truth, for the reducer to keep."""
        return self.claimed.split()[0], " ".join(self.truth.split()[: 2 if self.truth.startswith("raised") else 1])

    def __str__(self) -> str:
        return f"at {self.time}: {self.claimed}, but {self.truth} in CPython"


@dataclass(frozen=True)
class Comparison:
    """What came of a program.

    Attributes:
        verdict: ``agree`` (something is claimed, all of it so), ``unknown``, ``disagree``, ``skipped`` (CPython says
            nothing), or ``error`` (lr-lint failed).
        note: why.
        disagreements: the claims that are not so.
        claimed: how many times something is claimed about.
        sampled: how many times were sampled.
        worlds: how many worlds were run.
    """

    verdict: str
    note: str = ""
    disagreements: tuple[Disagreement, ...] = ()
    claimed: int = 0
    sampled: int = 0
    worlds: int = 1


def compare(program: str, oracle: Oracle, name: str = "schedule", called: str = "") -> Comparison:
    """Runs a program twice and compares what comes of it.

    Args:
        program: its source.
        oracle: CPython.
        name: the callable, as the scheduler is given it.
        called: the callable, as CPython is to find it, where that is something else.
    """
    try:
        [claims] = claims_of(program, name)
    except Exception as error:
        return Comparison("error", f"{type(error).__name__}: {error}")
    return held_against(claims, program, oracle, called or name)


def held_against(claims: Claims, program: str, oracle: Oracle, called: str) -> Comparison:
    """The claims about one callable, and what CPython gives.

    Args:
        claims: about the callable.
        program: what CPython runs.
        oracle: CPython.
        called: the callable, as CPython finds it after the program.
    """
    at = {time: claim for time, claim in sorted(claims.at.items()) if claim is not None}
    if not at:
        return Comparison("unknown", claims.reason, sampled=len(claims.at), worlds=claims.worlds)
    truths = oracle.ask(program, called, sorted(claims.at))
    if truths.skipped:
        return Comparison("skipped", truths.skipped, claimed=len(at), sampled=len(claims.at))
    wrong = tuple(_disagreements(at, truths))
    verdict = "disagree" if wrong else "agree"
    return Comparison(verdict, claims.reason, wrong, len(at), len(claims.at), claims.worlds)


def _disagreements(claims: dict[int, Claim], truths: Truths) -> Iterator[Disagreement]:
    """The claims that are not so: whether called at the sampled times only, or at every step."""
    remembers = any(truths.at_times[time] != truth for time, truth in truths.every_step.items())
    for time, claim in claims.items():
        told = [truths.every_step.get(time)]
        # What a callable with memory gives later depends on all steps before.
        told += [] if remembers and time <= EVERY_STEP_UNTIL else [truths.at_times[time]]
        truth = next((truth for truth in told if truth is not None and not _is_so(claim, truth)), None)
        if truth is not None:
            yield Disagreement(time, str(claim), _spelled(truth))


def _spelled(truth: Truth) -> str:
    return f"number {truth.number!r}" if truth.number is not None else f"{truth.kind} {truth.text}".strip()


def _is_so(claim: Claim, truth: Truth) -> bool:
    if truth.kind == "recursion":
        # How deep calls may nest is a matter of the interpreter's settings.
        return True
    if claim.kind == "raised":
        return (truth.kind, truth.text) == ("raised", claim.error)
    if claim.number is None or truth.number is None:
        return claim.kind == truth.kind
    return _same(claim.number, truth.number)


def _same(claimed: Any, true: Any) -> bool:
    if claimed == true:
        return True
    if isinstance(claimed, complex) or isinstance(true, complex):
        return isinstance(claimed, complex) and isinstance(true, complex) and _near(abs(claimed - true), abs(true))
    if isinstance(claimed, int) and isinstance(true, int):
        # What is larger may be a float that was rounded, whose last digit differs.
        return min(abs(claimed), abs(true)) > _LARGEST_EXACT and _near(abs(claimed - true), abs(true))
    if math.isnan(claimed) or math.isnan(true):
        return math.isnan(claimed) and math.isnan(true)
    return math.isfinite(claimed) and math.isfinite(true) and _near(abs(claimed - true), abs(true))


def _near(difference: float, size: float) -> bool:
    return difference <= _TOLERANCE * size
