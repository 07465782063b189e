"""Changes of programs of a few lines: what is changed where one choice of the remedy decides, and why nothing is."""

from __future__ import annotations

import difflib

import pytest

from lr_lint.checks.engine import check_text
from lr_lint.source.edits import apply_edits
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Diagnostic
from tests.test_time_fixes import HEAD as TRAINING

HEAD = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
"""


def found_in(program: str, **others: str) -> tuple[list[Diagnostic], str]:
    """The findings about a program beside other files, and why there is no fix."""
    files = InMemory({f"{name}.py": content.encode() for name, content in others.items()})
    report = check_text("train.py", program, Settings(fixes=True), files)
    assert report.failure is None
    return list(report.diagnostics), "".join(each.reason for each in report.unfixed)


def fixed(program: str) -> list[str]:
    """The lines that the only finding's fix puts in; nothing is found after it."""
    (diagnostic,), _ = found_in(program)
    assert diagnostic.fix is not None
    after = apply_edits(program, diagnostic.fix.edits)
    assert found_in(after)[0] == []
    lines = difflib.unified_diff(program.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]


UPDATES = """\
plan = CosineAnnealingLR(optimizer, T_max=rounds * len(loader))
for _ in range(rounds):
    for i, (x, y) in enumerate(loader):
        torch.nn.functional.mse_loss(net(x), y).backward()
"""


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("if (i + 1) % 4 == 0:\n    optimizer.step()\n    plan.step()\n    optimizer.zero_grad()", "4"),
        ("if (i + 1) % group == 0:\n    optimizer.step()\n    plan.step()\n    optimizer.zero_grad()", "group"),
        ("if (i + 1) % 4 != 0:\n    continue\noptimizer.step()\nplan.step()\noptimizer.zero_grad()", "4"),
        (
            (
                "if i % 10 == 0:\n    print(i)\nif (i + 1) % 4 != 0:\n    continue\n"
                "optimizer.step()\nplan.step()\noptimizer.zero_grad()"
            ),
            "4",
        ),
    ],
)
def test_updates_are_counted_by_what_guards_them(lines: str, count: str) -> None:
    inner = "".join(f"        {line}\n" for line in lines.splitlines())

    assert fixed(TRAINING + UPDATES + inner) == [
        f"plan = CosineAnnealingLR(optimizer, T_max=rounds * len(loader) // {count})"
    ]


EACH_ITS_OWN = (
    HEAD
    + """\
lr = 0.1
groups = [{{"params": layer.parameters(), "lr": {own}}} for at, layer in enumerate(model.layers)]
optimizer = torch.optim.SGD(groups)
scheduler = LambdaLR(optimizer, lambda epoch: {returned})
"""
)


def test_a_rate_that_many_groups_have_parts_of_is_divided_out() -> None:
    assert fixed(EACH_ITS_OWN.format(own="lr * 0.9**at", returned="lr * 0.95**epoch")) == [
        "scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)"
    ]


def test_rates_that_another_file_asks_for_are_left_alone() -> None:
    program = (
        HEAD + "from report import show\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)\nfor epoch in range(90):\n"
        "    optimizer.step()\n    scheduler.step()\n    show(scheduler)\n"
    )
    findings, reason = found_in(program, report="def show(scheduler):\n    print(scheduler.get_lr())\n")

    assert [(each.code, each.fix) for each in findings] == [("LR412", None)]
    assert reason == "the rates are asked for in another file"


@pytest.mark.parametrize("decorator", ["@staticmethod", "@classmethod"])
def test_a_rate_is_divided_out_of_a_plain_method(decorator: str) -> None:
    given = "cls, " if decorator == "@classmethod" else ""
    program = (
        f"{HEAD}class Plan:\n    {decorator}\n    def at({given}t):\n        return 0.001 * 0.9**t\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.001)\nscheduler = LambdaLR(optimizer, Plan.at)\n"
    )
    assert fixed(program) == ["return 0.9**t"]
