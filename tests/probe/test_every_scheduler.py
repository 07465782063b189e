"""Slices of schedulers that have a curve of their own, of those that are made of others, and of a project's classes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lr_lint.probe.child.quick_start import skip_compiler  # noqa: E402
from lr_lint.probe.child.slices.runner import run_with_parts  # noqa: E402
from lr_lint.probe.measuring.cases import ScheduleOutcome  # noqa: E402
from lr_lint.probe.measuring.observe import observe  # noqa: E402
from lr_lint.probe.measuring.told_times import steps_an_optimizer  # noqa: E402
from lr_lint.probe.measuring.verdicts import judge  # noqa: E402
from lr_lint.probe.records import Mode, Observation  # noqa: E402
from lr_lint.probe.slicing.slices import slices_of  # noqa: E402
from lr_lint.source.disk import Disk  # noqa: E402

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


TIMM_LIKE = """\
class Planned:
    def __init__(self, optimizer, span):
        self.optimizer, self.span = optimizer, span
        self.base = [group["lr"] for group in optimizer.param_groups]
    def step(self, epoch, metric=None):
        for group, base in zip(self.optimizer.param_groups, self.base):
            group["lr"] = base * max(0.0, 1 - epoch / self.span)
"""


def test_scheduler_that_another_file_makes_is_followed_there() -> None:
    Path("plans.py").write_text(
        "from torch.optim.lr_scheduler import LambdaLR\n"
        "def _falling(opt, top, length):\n    return LambdaLR(opt, lambda step: top * (1 - step / length))\n"
        "def make(opt, top, length):\n    return _falling(opt, top, length), 'a name'\n"
        "class Trainer:\n    def __init__(self, opt, top):\n        self.plan = _falling(opt, top, 25)\n",
        encoding="utf-8",
    )
    returned = observed("from plans import make\nplan, name = make(optimizer, 1, 20)\n")
    held = observed("import plans\njob = plans.Trainer(optimizer, top=0.08)\n")

    assert [(each.site.path, each.site.line) for each in (*returned, *held) if each.site] == [("plans.py", 3)] * 2
    assert returned[0].notes == ["constructed for the call on train.py:7"]
    assert [judge(each).outcome for each in returned] == [ScheduleOutcome.OK]
    assert [judge(each).outcome for each in held] == [ScheduleOutcome.CONTRADICTS]
    sys.modules.pop("plans")


def test_object_whose_step_is_told_the_time_is_stepped_like_a_scheduler() -> None:
    space: dict[str, Any] = {}
    exec(TIMM_LIKE, space)
    made = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    planned = space["Planned"](made, 4)

    assert steps_an_optimizer(planned)
    assert not steps_an_optimizer(made)
    assert observe(planned, 5, Mode.FACTORY).groups[0].lrs == [0.5, 0.375, 0.25, 0.125, 0.0]
    assert made.param_groups[0]["lr"] == 0.5
