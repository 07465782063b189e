"""Slices of schedulers that have a curve of their own, of those that are made of others, and of a project's classes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from lr_lint.probe.child.quick_start import skip_compiler
from lr_lint.probe.child.slices.runner import run_with_parts
from lr_lint.probe.measuring.cases import ScheduleOutcome
from lr_lint.probe.measuring.verdicts import judge
from lr_lint.probe.records import Observation
from lr_lint.probe.slicing.slices import slices_of
from lr_lint.source.disk import Disk

HEAD = """\
import torch
from torch.optim.lr_scheduler import *
from torch.optim import lr_scheduler
net = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.08)
"""


@pytest.fixture(autouse=True)
def _quick_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    skip_compiler()
    monkeypatch.chdir(tmp_path)


def observed(source: str, line: int | None = None) -> list[Observation]:
    Path("train.py").write_text(HEAD + source, encoding="utf-8")
    programs, refusals = slices_of("train.py", line, Disk())
    assert refusals == []
    return [seen for program in programs for seen in run_with_parts(json.loads(json.dumps(program)), "cpu", None)]


@pytest.mark.parametrize(
    ("construction", "outcome"),
    [
        ("lr_scheduler.StepLR(optimizer, 20)", ScheduleOutcome.OK),
        ("lr_scheduler.MultiStepLR(optimizer, [20, 40])", ScheduleOutcome.OK),
        ("lr_scheduler.ExponentialLR(optimizer, 0.9)", ScheduleOutcome.OK),
        ("lr_scheduler.CosineAnnealingLR(optimizer, 40, eta_min=1e-5)", ScheduleOutcome.OK),
        ("lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 20)", ScheduleOutcome.OK),
        ("lr_scheduler.OneCycleLR(optimizer, 0.5, total_steps=40)", ScheduleOutcome.OK),
        ("lr_scheduler.PolynomialLR(optimizer, 40)", ScheduleOutcome.OK),
        ("lr_scheduler.LinearLR(optimizer, 0.1, total_iters=40)", ScheduleOutcome.OK),
        ("lr_scheduler.ReduceLROnPlateau(optimizer)", ScheduleOutcome.UNDECIDED),
    ],
)
def test_schedulers_with_a_curve_of_their_own(construction: str, outcome: ScheduleOutcome) -> None:
    (seen,) = observed(f"s = {construction}\nfor epoch in range(40):\n    s.step()\n")

    assert (seen.error, judge(seen).outcome) == ("", outcome)


def test_parts_are_seen_in_their_own_time_and_at_their_own_place() -> None:
    text = """\
warm = LambdaLR(optimizer, lambda step: {factor} * (step + 1) / 4)
rest = CosineAnnealingLR(optimizer, T_max=12)
s = SequentialLR(optimizer, [warm, rest], milestones=[4])
for epoch in range(16):
    s.step()
"""
    whole, part = observed(text.format(factor="1"))
    wrong = observed(text.format(factor="0.08"))[1]

    assert (whole.contract.rpartition(".")[2], len(whole.groups[0].lrs)) == ("SequentialLR", 16)
    assert part.groups[0].lrs == pytest.approx([0.02, 0.04, 0.06, 0.08])
    assert [judge(each).outcome for each in (whole, part)] == [ScheduleOutcome.OK] * 2
    assert part.site is not None
    assert (part.site.line, part.site.column) == (6, 7)
    assert judge(wrong).message.startswith("the rate comes to 0.0064, not to 0.08, where its part of the training ends")
    assert judge(wrong).outcome is ScheduleOutcome.CONTRADICTS


def test_line_of_a_part_stands_for_the_whole() -> None:
    text = (
        "w = LambdaLR(optimizer, lambda e: (e + 1) / 4)\ns = SequentialLR(optimizer, [w, StepLR(optimizer, 9)], [4])\n"
    )

    assert [each.contract.rpartition(".")[2] for each in observed(text, line=6)] == ["SequentialLR", "LambdaLR"]


def test_class_that_computes_its_rates_itself() -> None:
    text = """\
class Falling(LRScheduler):
    def get_lr(self):
        return [base * {factor} * 0.9**self.last_epoch for base in self.base_lrs]
s = Falling(optimizer)
"""

    assert [judge(each).outcome for each in observed(text.format(factor="1"))] == [ScheduleOutcome.OK]
    (wrong,) = observed(text.format(factor="base"))
    assert judge(wrong).message == "the rate starts at 0.0064, not at 0.08: that is the initial lr multiplied by itself"
