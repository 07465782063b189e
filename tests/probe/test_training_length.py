"""How long the training takes that a script describes, and which way it goes where counts had to be made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from lr_lint.probe.child.quick_start import skip_compiler
from lr_lint.probe.child.slices.runner import run_slice
from lr_lint.probe.measuring.cases import ScheduleOutcome
from lr_lint.probe.measuring.verdicts import judge
from lr_lint.probe.records import Observation
from lr_lint.probe.slicing.slices import slices_of
from lr_lint.source.disk import Disk

HEAD = """\
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import LambdaLR
net = torch.nn.Linear(2, 1)
optimizer = SGD(net.parameters(), lr=0.2)
"""
MADE = "s = LambdaLR(optimizer, lambda e: 0.9**e)\n"


@pytest.fixture(autouse=True)
def _quick_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skip_compiler()
    monkeypatch.chdir(tmp_path)


def observed(source: str, head: str = HEAD) -> Observation:
    Path("train.py").write_text(head + source, encoding="utf-8")
    (program,), refusals = slices_of("train.py", None, Disk())
    assert refusals == []
    return run_slice(json.loads(json.dumps(program)), "cpu", None)


@pytest.mark.parametrize(
    ("source", "training", "unit"),
    [
        (MADE + "for epoch in range(25):\n    s.step()\n", 25, "epoch"),
        (MADE + "for i in range(4, 25):\n    s.step()\n", 21, "step"),
        (
            (
                "last = 3 * 15\ns = LambdaLR(optimizer, lambda e: 0.9**e)\nfor epoch in tqdm(range(1, last + 1)):\n"
                "    train()\n    s.step()\n"
            ),
            45,
            "epoch",
        ),
        (
            MADE + "for epoch in range(3):\n    for batch in range(70):\n        s.step()\n",
            210,
            "step",
        ),
        (
            (
                "for fold in range(5):\n    s = LambdaLR(optimizer, lambda e: 0.9**e)\n"
                "    for epoch in range(8):\n        s.step()\n"
            ),
            8,
            "epoch",
        ),
        (
            (
                "class Job:\n    def __init__(self, turns=12):\n        self.turns = turns\n"
                "        self.plan = LambdaLR(optimizer, lambda e: 0.9**e)\n    def run(self):\n"
                "        for epoch in range(self.turns):\n            self.plan.step()\nJob().run()\n"
            ),
            12,
            "epoch",
        ),
    ],
)
def test_length_of_the_training_is_read_from_its_loops(source: str, training: int, unit: str) -> None:
    seen = observed(source)

    assert (seen.error, seen.training, seen.unit) == ("", training, unit)
    assert len(seen.groups[0].lrs) == training


@pytest.mark.parametrize(
    "source",
    [
        MADE + "for batch in loader:\n    s.step()\n",
        MADE + "for e in range(9):\n    if e > 3:\n        s.step()\n",
        MADE + "while True:\n    s.step()\n",
        MADE + "for e in range(9):\n    s.step(e / 9)\n",
        MADE + "for e in range(options.epochs):\n    s.step()\n",
        MADE + "def run(turns):\n    for e in range(turns):\n        s.step()\nrun(9)\n",
        MADE + "for e in range(9):\n    s.step()\nfor e in range(5):\n    s.step()\n",
    ],
)
def test_length_that_cannot_be_read_is_none(source: str) -> None:
    seen = observed(source)

    assert (seen.error, seen.training, len(seen.groups[0].lrs)) == ("", None, 10)


def test_what_happens_within_the_training_is_held_against_a_schedule() -> None:
    text = "s = LambdaLR(optimizer, lambda e: 1 - e / 20)\nfor epoch in range({}):\n    s.step()\n"
    fits, too_long = judge(observed(text.format(20))), judge(observed(text.format(22)))

    assert fits.outcome is ScheduleOutcome.OK
    assert too_long.outcome is ScheduleOutcome.CONTRADICTS
    assert too_long.message == "the rate is -0.01 at step 21"


def test_division_by_zero_at_the_last_step_is_seen() -> None:
    seen = observed("s = LambdaLR(optimizer, lambda e: 30 / (30 - e) / 30)\nfor epoch in range(30):\n    s.step()\n")

    assert (seen.error_step, judge(seen).outcome) == (30, ScheduleOutcome.ERROR)


def test_branch_that_a_made_up_count_decides_is_told() -> None:
    text = """\
state = torch.load("last.pt")
total = 40
if state["epoch"] > total:
    total = total + state["epoch"]
s = LambdaLR(optimizer, lambda e: max(0.0, 1 - e / total))
"""
    verdict = judge(observed(text))

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert verdict.message.endswith(
        "counts that were assumed (state.epoch) decide which way the code goes on line 8: --set them"
    )


def test_count_that_decides_nothing_leaves_a_schedule_right() -> None:
    text = "s = LambdaLR(optimizer, lambda e: 0.98 ** (e / len(loader)))\nif len(loader) > 0:\n    pass\n"

    assert judge(observed(text)).outcome is ScheduleOutcome.OK
