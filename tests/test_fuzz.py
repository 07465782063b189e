"""Programs that nobody wrote: a few of those that `python -m tests.fuzz` makes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

import tests.fuzz
from lr_lint.vocabulary.diagnostics import FileReport
from tests.fuzz import FIXTURES, MISTAKE, MUTATIONS, Tally, fuzzed, look_at, programs


@pytest.mark.parametrize("seed", range(3))
def test_nothing_goes_wrong_with_damaged_files(seed: int) -> None:
    tally = fuzzed(seed, 12, timed=False)

    assert tally.complaints == []
    assert sum(tally.outcomes[outcome] for outcome in ("checked", "refused", "partly read")) == 12


@pytest.mark.slow
def test_nothing_goes_wrong_with_programs_from_the_grammar() -> None:
    pytest.importorskip("hypothesmith")
    tally = fuzzed(0, 0, grammar=10, timed=False)

    assert tally.complaints == []
    assert tally.outcomes["findings"] > 0


def test_a_seed_gives_the_same_files_again() -> None:
    files = sorted(FIXTURES.rglob("*.py"))
    first, again = (list(programs(3, 20, files)) for _ in range(2))

    assert first == again
    assert len({data for _, data in first}) > 15


@pytest.mark.parametrize("way", MUTATIONS)
def test_each_way_of_damaging_a_file_damages_files(way: str) -> None:
    changed = [MUTATIONS[way](MISTAKE, random.Random(seed)) != MISTAKE for seed in range(20)]

    assert sum(changed) > 4


@pytest.mark.parametrize(
    ("check", "complaint"),
    [
        pytest.param(lambda path, *_: FileReport(path), "the mistake behind it is not found", id="a miss"),
        pytest.param(lambda *_: 1 / 0, "ZeroDivisionError: division by zero", id="an exception"),
    ],
)
def test_what_must_not_be_is_told(
    check: Callable[..., FileReport], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests.fuzz, "check_bytes", check)
    tally = Tally()
    look_at("name", MISTAKE, tally)

    assert tally.complaints == [f"name: {complaint}"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_bytes(MISTAKE)
    status = tests.fuzz.main(["--seed", "1", "--files", "3", "--from", str(tmp_path)])

    assert status == 0
    assert "longest:" in capsys.readouterr().out
