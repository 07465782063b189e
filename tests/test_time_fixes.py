"""What would mend a schedule that counts in another unit than it is stepped in: a change, or two to choose from."""

from __future__ import annotations

import difflib
import textwrap

import pytest

from lr_lint.checks.engine import check_text
from lr_lint.checks.fixes.rounds import repair
from lr_lint.source.edits import apply_edits
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Diagnostic, Fix

HEAD = """\
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, MultiStepLR, SequentialLR, StepLR
from torch.utils.data import DataLoader, TensorDataset
from transformers import get_linear_schedule_with_warmup

net = torch.nn.Linear(3, 1)
loader = DataLoader(TensorDataset(torch.randn(96, 3), torch.randn(96, 1)), batch_size=8)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
rounds, group = 30, 4


def learn(x, y):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()


"""


def found_in(program: str) -> tuple[str, Diagnostic, str]:
    """The program, what is found in it, and why that has no fix."""
    report = check_text("train.py", program, Settings(fixes=True))
    assert report.failure is None
    (diagnostic,) = report.diagnostics
    return program, diagnostic, "".join(each.reason for each in report.unfixed)


def changed(program: str, fix: Fix) -> list[str]:
    """The lines that a change takes away and puts in, each with its indentation; nothing is found after it."""
    after = apply_edits(program, fix.edits)
    assert check_text("train.py", after, Settings()).diagnostics == ()
    lines = list(difflib.unified_diff(program.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    return [line for line in lines if not line.startswith("@@")]


def options_of(text: str) -> list[list[str]]:
    program, diagnostic, reason = found_in(HEAD + textwrap.dedent(text))
    assert diagnostic.fix is None
    assert bool(diagnostic.options) is reason.startswith("only its author knows what is meant: ")
    assert repair("train.py", program.encode(), Settings(), None, unsafe=True).data == program.encode()
    return [changed(program, option) for option in diagnostic.options]


def test_horizon_or_step_for_epochs_per_batch() -> None:
    horizon, step = options_of(
        """\
        plan = CosineAnnealingLR(optimizer, T_max=rounds)
        for _ in range(rounds):
            for x, y in loader:
                learn(x, y)
                plan.step()  # once
                print(x)
            print("over")
        """
    )

    assert horizon == [
        "-plan = CosineAnnealingLR(optimizer, T_max=rounds)",
        "+plan = CosineAnnealingLR(optimizer, T_max=rounds * len(loader))",
    ]
    assert step == ["-        plan.step()  # once", "+    plan.step()  # once"]


@pytest.mark.parametrize(
    ("made", "horizon"),
    [
        pytest.param("StepLR(optimizer, 2 + 5)", "StepLR(optimizer, (2 + 5) * len(loader))", id="a sum"),
        pytest.param(
            "MultiStepLR(optimizer, [rounds // 2, rounds - 5])",
            "MultiStepLR(optimizer, [rounds // 2 * len(loader), (rounds - 5) * len(loader)])",
            id="a list",
        ),
        pytest.param(
            "get_linear_schedule_with_warmup(optimizer, 0, rounds)",
            "get_linear_schedule_with_warmup(optimizer, 0, rounds * len(loader))",
            id="no warm-up",
        ),
    ],
)
def test_every_amount_is_counted_in_batches(made: str, horizon: str) -> None:
    found = options_of(
        f"""\
        plan = {made}
        for _ in range(rounds):
            for index, (x, y) in enumerate(loader):
                learn(x, y)
                plan.step()
        """
    )

    assert found[0] == [f"-plan = {made}", f"+plan = {horizon}"]


def test_a_loader_is_named_as_the_construction_knows_it() -> None:
    (horizon,) = options_of(
        """\
        def one_pass(batches, plan):
            for x, y in batches:
                learn(x, y)
                plan.step()

        plan = CosineAnnealingLR(optimizer, rounds)
        for _ in range(rounds):
            one_pass(loader, plan)
        """
    )

    assert horizon[1] == "+plan = CosineAnnealingLR(optimizer, rounds * len(loader))"


def test_no_horizon_where_the_loader_is_made_later_or_a_warm_up_has_its_own_unit() -> None:
    (only,) = options_of(
        """\
        plan = CosineAnnealingLR(optimizer, rounds)
        batches = DataLoader(TensorDataset(torch.randn(96, 3), torch.randn(96, 1)), batch_size=8)
        for _ in range(rounds):
            for x, y in batches:
                learn(x, y)
                plan.step()
        """
    )
    assert only == ["-        plan.step()", "+    plan.step()"]

    (only,) = options_of(
        """\
        plan = get_linear_schedule_with_warmup(optimizer, num_warmup_steps=12, num_training_steps=rounds)
        for _ in range(rounds):
            for x, y in loader:
                learn(x, y)
                plan.step()
        """
    )
    assert only == ["-        plan.step()", "+    plan.step()"]


@pytest.mark.parametrize("condition", ["if rounds:", "if x.sum() > 0:"])
def test_a_step_under_a_condition_stays_where_it_is(condition: str) -> None:
    program = f"""\
    plan = CosineAnnealingLR(optimizer, rounds)
    for _ in range(rounds):
        for x, y in loader:
            learn(x, y)
            {condition}
                plan.step()
    """
    report = check_text("train.py", HEAD + textwrap.dedent(program), Settings(fixes=True))

    assert all("behind" not in option.message for each in report.diagnostics for option in each.options)


def test_a_step_that_several_schedules_take_stays_if_one_of_them_is_right() -> None:
    found = options_of(
        """\
        rising = LinearLR(optimizer, start_factor=0.1, total_iters=4 * len(loader))
        falling = CosineAnnealingLR(optimizer, T_max=(rounds - 4) * len(loader))
        plan = SequentialLR(optimizer, [rising, falling], milestones=[rounds // 8])
        for _ in range(rounds):
            for x, y in loader:
                learn(x, y)
                plan.step()
        """
    )

    assert [lines[1] for lines in found] == [
        "+plan = SequentialLR(optimizer, [rising, falling], milestones=[rounds // 8 * len(loader)])"
    ]


def test_step_or_horizon_for_batches_per_epoch() -> None:
    horizon, step = options_of(
        """\
        plan = CosineAnnealingLR(optimizer, T_max=rounds * len(loader))
        for _ in range(rounds):
            for x, y in loader:
                learn(x, y)
            plan.step()
        """
    )

    assert horizon[1] == "+plan = CosineAnnealingLR(optimizer, T_max=rounds)"
    assert step == ["-    plan.step()", "+        plan.step()"]


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_a_moved_line_keeps_its_line_end(line_end: str) -> None:
    program = (
        HEAD + "plan = StepLR(optimizer, rounds)\nfor _ in range(rounds):\n\tfor x, y in loader:\n\t\tlearn(x, y)\n"
    )
    program = (program + "\t\tplan.step()\n\t\tprint(x)").replace("\n", line_end)
    report = check_text("train.py", program, Settings(fixes=True))
    *_, step = report.diagnostics[0].options

    after = apply_edits(program, step.edits)

    assert after.endswith(line_end.join(["\t\tlearn(x, y)", "\t\tprint(x)", "\tplan.step()"]))
    assert "\n" not in after.replace(line_end, "")


ACCUMULATING = """\
total = rounds * len(loader)
plan = get_linear_schedule_with_warmup(optimizer, total // 10, total)
for _ in range(rounds):
    for index, (x, y) in enumerate(loader):
        torch.nn.functional.mse_loss(net(x), y).backward()
        if (index + 1) % group:
            continue
        optimizer.step()
        optimizer.zero_grad()
        plan.step()
"""


def test_accumulation_is_divided_out() -> None:
    program, diagnostic, _ = found_in(HEAD + ACCUMULATING)

    assert diagnostic.fix is not None
    assert (diagnostic.fix.safety, diagnostic.options) == ("unsafe", ())
    assert changed(program, diagnostic.fix)[1] == (
        "+plan = get_linear_schedule_with_warmup(optimizer, total // 10 // group, total // group)"
    )


TRAINER = """\
from lightning.pytorch import LightningModule
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR


class Net(LightningModule):
    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=0.1)
"""
UPDATES = "CosineAnnealingLR(optimizer, self.trainer.estimated_stepping_batches)"


@pytest.mark.parametrize(
    ("entry", "instead"),
    [
        pytest.param(
            '"lr_scheduler": plan, "interval": "step"',
            '"lr_scheduler": {"scheduler": plan, "interval": "step"}',
            id="bare",
        ),
        pytest.param(
            "'interval': 'step', 'lr_scheduler': {'scheduler': plan}",
            "'lr_scheduler': {'scheduler': plan, 'interval': 'step'}",
            id="first",
        ),
        pytest.param(
            '"lr_scheduler": {"scheduler": plan, "name": "plan"}, "interval": "step"',
            '"lr_scheduler": {"scheduler": plan, "name": "plan", "interval": "step"}',
            id="last",
        ),
    ],
)
def test_a_misplaced_interval_moves(entry: str, instead: str) -> None:
    program, diagnostic, _ = found_in(
        TRAINER + f'        plan = {UPDATES}\n        return {{"optimizer": optimizer, {entry}}}\n'
    )

    assert diagnostic.fix is not None
    assert changed(program, diagnostic.fix)[1] == f'+        return {{"optimizer": optimizer, {instead}}}'


@pytest.mark.parametrize(
    ("entry", "instead"),
    [
        ('lr_scheduler=plan, interval="step"', 'lr_scheduler={"scheduler": plan, "interval": "step"}'),
        ('interval="step", lr_scheduler=dict(scheduler=plan)', 'lr_scheduler=dict(scheduler=plan, interval="step")'),
        ("lr_scheduler={'scheduler': plan}, interval='step'", "lr_scheduler={'scheduler': plan, \"interval\": 'step'}"),
    ],
    ids=["bare", "first", "of both kinds"],
)
def test_a_misplaced_interval_moves_out_of_a_call(entry: str, instead: str) -> None:
    program, diagnostic, _ = found_in(
        TRAINER + f"        plan = {UPDATES}\n        return dict(optimizer=optimizer, {entry})\n"
    )

    assert diagnostic.fix is not None
    assert changed(program, diagnostic.fix)[1] == f"+        return dict(optimizer=optimizer, {instead})"


def test_interval_or_length_where_none_is_misplaced() -> None:
    returned = 'return {"optimizer": optimizer, "lr_scheduler": {"scheduler": plan}}'
    program, diagnostic, _ = found_in(f"{TRAINER}        plan = {UPDATES}\n        {returned}\n")

    assert diagnostic.fix is None
    assert [changed(program, option)[1].strip("+ ") for option in diagnostic.options] == [
        'return {"optimizer": optimizer, "lr_scheduler": {"scheduler": plan, "interval": "step"}}',
        "plan = CosineAnnealingLR(optimizer, self.trainer.max_epochs)",
    ]


def test_step_of_an_engine_is_not_moved_since_it_moves_the_optimizer_too() -> None:
    options = options_of(
        """
        import deepspeed

        plan = CosineAnnealingLR(optimizer, T_max=rounds)
        engine, optimizer, _, plan = deepspeed.initialize(model=net, optimizer=optimizer, lr_scheduler=plan)
        for _ in range(rounds):
            for x, y in loader:
                engine.backward(torch.nn.functional.mse_loss(engine(x), y))
                engine.step()
        """
    )
    assert options == [
        [
            "-plan = CosineAnnealingLR(optimizer, T_max=rounds)",
            "+plan = CosineAnnealingLR(optimizer, T_max=rounds * len(loader))",
        ]
    ]
