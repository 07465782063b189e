"""The short form of ``python -m tests.differential``: some programs, some functions, and the parts of the command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.differential.__main__ import compare_functions
from tests.differential.comparison import compare
from tests.differential.functions import functions_of
from tests.differential.generator import NAME, Generator
from tests.differential.oracle import Oracle
from tests.differential.reduction import reduced
from tests.recorded.of_callables import FOLDER, entries_in, entry_of, tables

_PROGRAMS = 100
TABLES = tables()
ENTRIES = [(table, number, program) for table, programs in TABLES.items() for number, program in enumerate(programs)]
NAMES = [f"{table}-{number}" for table, number, _ in ENTRIES]


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    with Oracle() as running:
        yield running


def test_programs_give_what_is_claimed(oracle: Oracle) -> None:
    """Nothing is claimed that is not so, and something is claimed of many."""
    verdicts: Counter[str] = Counter()
    for seed in range(_PROGRAMS):
        program = Generator(seed).program()
        comparison = compare(program, oracle, NAME)
        verdicts[comparison.verdict] += 1
        assert comparison.verdict not in ("disagree", "error"), f"{comparison}\n{program}"

    assert verdicts["agree"] >= _PROGRAMS // 3


@pytest.mark.parametrize(("table", "number", "program"), ENTRIES, ids=NAMES)
def test_awkward_programs_give_what_is_claimed(table: str, number: int, program: str, oracle: Oracle) -> None:
    """Programs written by hand, one for each thing that was wrong once or looks as if it might be; and the idioms."""
    assert compare(program, oracle, NAME).verdict not in ("disagree", "error")


@pytest.mark.parametrize(("table", "number", "program"), ENTRIES, ids=NAMES)
def test_what_is_claimed_is_what_was_read(table: str, number: int, program: str) -> None:
    """Neither less nor more is claimed. After a change that is meant: ``python -m tests.recorded``, and read it."""
    assert entry_of(program) == entries_in(table)[number]


def test_nothing_is_recorded_of_programs_that_are_gone() -> None:
    assert {table: len(entries_in(table)) for table in TABLES} == {table: len(each) for table, each in TABLES.items()}
    assert {path.stem for path in FOLDER.iterdir()} == TABLES.keys()


@pytest.mark.parametrize("module", ["calendar", "ipaddress"])
def test_public_functions_give_what_is_claimed(module: str, oracle: Oracle) -> None:
    comparisons = list(compare_functions(list(functions_of(module)), oracle))

    assert comparisons
    assert not [str(name) for name, each in comparisons if each.verdict in ("disagree", "error")]


def test_what_is_not_so_is_told(oracle: Oracle) -> None:
    """The oracle is asked about another callable than the claim is about."""
    program = "def schedule(t):\n    return t * 2\ndef other(t):\n    return t + 2\n"

    comparison = compare(program, oracle, NAME, "other")

    assert comparison.verdict == "disagree"
    assert str(comparison.disagreements[0]) == "at 0: number 0, but number 2 in CPython"


def test_a_program_is_made_smaller() -> None:
    program = "def schedule(t):\n    a = 1\n    if t > 3:\n        a = a + 1 // t\n    b = [a]\n    return b[0]\n"

    assert reduced(program, lambda text: "//" in text) == "def schedule(t):\n    a = 1 // t"


def test_the_same_seed_gives_the_same_program() -> None:
    assert Generator(3).program() == Generator(3).program()
    assert Generator(3).program() != Generator(4).program()
