"""Whole programs in which a value changes before the scheduler reads it: nothing right is accused."""

from __future__ import annotations

import os

import pytest

from lr_lint.vocabulary.diagnostics import Confidence
from tests.soundness.__main__ import main
from tests.soundness.comparison import Tally, reported_in, said_about
from tests.soundness.generator import program
from tests.soundness.oracle import run_all
from tests.soundness.pieces import pieces

SCHEDULERS = {
    "scales": "scheduler = LambdaLR(opt, lambda e: s * 0.9 ** e)\n",
    "optimizers": "scheduler = LambdaLR(o, lambda e: 1e-3 * 0.9 ** e)\n",
    "callables": "scheduler = LambdaLR(opt, f)\n",
    "whole": "",
}


@pytest.mark.parametrize("kind", SCHEDULERS)
def test_what_is_right_by_a_change_is_not_accused(kind: str) -> None:
    reported = {piece.name: reported_in(piece.program(after=SCHEDULERS[kind])) for piece in pieces(kind)}

    assert {name: found for name, found in reported.items() if found} == {}
    assert len(reported) > 10


def test_changes_beside_a_fault_do_not_hide_it() -> None:
    reported = {piece.name: reported_in(piece.program()) for piece in pieces("wrong")}

    assert [name for name, found in reported.items() if not any(code.startswith("LR10") for code, _ in found)] == []
    certain = [found for found in reported.values() if any(grade is Confidence.CERTAIN for _, grade in found)]
    assert len(certain) > 0.8 * len(reported)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="many programs are run in forks of one process")
def test_generated_programs_are_judged_as_pytorch_runs_them() -> None:
    generated = [program(seed) for seed in range(30)]
    tally = Tally()
    for (name, files), made in zip(generated, run_all([files for _, files in generated]), strict=True):
        tally.add(name, said_about(files), made)

    assert (tally.accused, tally.numbers, tally.unrun) == ([], [], [])
    assert tally.decided > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="many programs are run in forks of one process")
def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "2", "--seed", "7"]) == 0

    assert capsys.readouterr().out.startswith("2 right programs: 0 accused, 0 numbers that differ")
