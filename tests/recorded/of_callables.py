"""What the interpreter knows of each callable by which it is held against CPython."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from tests.differential.awkward import awkward_programs
from tests.differential.claims import Claim, claims_of
from tests.differential.generator import HEAD, NAME, Generator
from tests.differential.idioms import BY_TABLE

FOLDER = Path(__file__).parent / "claims"
_CUT = "###\n"
_DIGITS = 9


def tables() -> dict[str, list[str]]:
    """The programs by table: those written by hand, and the idioms, each by itself and always filled in one way."""
    return {
        **awkward_programs(),
        **{
            table: [Generator(f"{table} {number}").program_of(idiom) for number, idiom in enumerate(idioms)]
            for table, idioms in BY_TABLE.items()
        },
    }


def entry_of(program: str) -> str:
    """A program with what is known of its callable."""
    return f"{program.removeprefix(HEAD)}{_claimed(program)}\n"


def recorded_path(table: str) -> Path:
    """Where a table is recorded."""
    return FOLDER / f"{table}.txt"


@functools.cache
def entries_in(table: str) -> list[str]:
    """What is recorded of a table."""
    return recorded_path(table).read_text(encoding="utf-8").split(_CUT)


def text_of(entries: Iterable[str]) -> str:
    """What is to be recorded of a table."""
    return _CUT.join(entries)


def _claimed(program: str) -> str:
    [claims] = claims_of(program, NAME)
    known = ", ".join(f"{time}: {_written(claim)}" for time, claim in claims.at.items() if claim is not None)
    return " ".join(filter(None, ("#", known, claims.reason and f"({claims.reason})")))


def _written(claim: Claim) -> str:
    """A claim without the last digits, which libraries of C round in their own ways."""
    if claim.kind == "none":
        return "None"
    if isinstance(claim.number, float):
        return f"{claim.number:.{_DIGITS}g}"
    return claim.error or repr(claim.number)
