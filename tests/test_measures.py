"""What a horizon counts, and what that rests on: code, numbers that agree, a name; and how much of that is known."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.clocks import counts, is_open, table
from tests.support import document_of, lr_lint

PROGRAM = """\
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, CosineAnnealingWarmRestarts, LambdaLR, MultiStepLR, StepLR
from tqdm import tqdm
from elsewhere import config, loader, model

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
rounds = {rounds}
plan = {plan}


def one_round(items):
    items = tqdm(items)
    for x, y in items:
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
{within}

for each in range(rounds):
    one_round(loader)
{behind}
"""
PER_EPOCH = {"within": "", "behind": "    plan.step()\n"}
PER_BATCH = {"within": "        plan.step()\n", "behind": ""}
# The construction with the epochs; what its horizon counts, by what.
TOLD = {
    ("CosineAnnealingLR(optimizer, rounds)", "config.rounds"): ("epoch", "code"),
    ("CosineAnnealingLR(optimizer, rounds - 5)", "config.rounds"): ("epoch", "code"),
    ("CosineAnnealingLR(optimizer, 100)", "100"): ("epoch", "numbers"),
    ("CosineAnnealingLR(optimizer, 95)", "100"): ("epoch", "numbers"),
    ("CosineAnnealingLR(optimizer, 50)", "100"): ("unknown", None),
    ("CosineAnnealingLR(optimizer, 2000)", "100"): ("unknown", None),
    ("CosineAnnealingLR(optimizer, config.num_epochs)", "100"): ("epoch", "name"),
    ("CosineAnnealingLR(optimizer, config.steps_per_epoch)", "100"): ("unknown", None),
    ("CosineAnnealingLR(optimizer, config.steps)", "100"): ("unknown", None),
    ("CosineAnnealingLR(optimizer, config.num_epochs * 500)", "100"): ("unknown", None),
    ("StepLR(optimizer, 30)", "90"): ("epoch", "numbers"),
    ("StepLR(optimizer, 30, gamma=0.999)", "90"): ("unknown", None),
    ("StepLR(optimizer, 30)", "config.rounds"): ("unknown", None),
    ("MultiStepLR(optimizer, [30, 60])", "90"): ("epoch", "numbers"),
    ("MultiStepLR(optimizer, [3, 6])", "90"): ("unknown", None),
    ("CosineAnnealingWarmRestarts(optimizer, 90)", "90"): ("epoch", "numbers"),
    ("CosineAnnealingWarmRestarts(optimizer, 85)", "90"): ("unknown", None),
}


def horizon_of(folder: Path, plan: str, rounds: str, places: dict[str, str]) -> tuple[str, str | None]:
    (folder / "train.py").write_text(PROGRAM.format(plan=plan, rounds=rounds, **places))
    (site,) = document_of(lr_lint("sites", "--output-format", "json", "train.py", cwd=folder))["sites"]
    assert site["clock"]["unit"] == ("epoch" if places is PER_EPOCH else "batch")
    horizon = site["horizon"]
    assert (site["verdict"] == "undecided") is (horizon["evidence"] not in {"code", "numbers"}) or places is PER_BATCH
    return horizon["unit"], horizon["evidence"]


@pytest.mark.parametrize(("made", "expected"), TOLD.items(), ids=map(" with ".join, TOLD))
def test_what_a_horizon_counts(
    made: tuple[str, str], expected: tuple[str, str | None] | tuple[str, None], tmp_path: Path
) -> None:
    assert horizon_of(tmp_path, *made, PER_EPOCH) == expected


def test_a_number_that_is_the_epochs_counts_them_whatever_steps(tmp_path: Path) -> None:
    assert horizon_of(tmp_path, "CosineAnnealingLR(optimizer, 100)", "100", PER_BATCH) == ("epoch", "numbers")


def test_what_comes_with_each_step_is_no_length(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        PROGRAM.format(plan="StepLR(optimizer, 1, gamma=0.95)", rounds="90", **PER_EPOCH)
    )

    (site,) = document_of(lr_lint("sites", "--output-format", "json", "train.py", cwd=tmp_path))["sites"]

    assert site["horizon"] is None
    assert site["verdict"] == "consistent"


def test_the_list_says_what_a_unit_rests_on(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(PROGRAM.format(plan="StepLR(optimizer, 30)", rounds="90", **PER_EPOCH))

    assert "30, counts epochs by its number" in lr_lint("sites", "train.py", cwd=tmp_path).stdout


def site_with(unit: str, source: str, **horizon: object) -> dict[str, object]:
    clock = {"unit": unit, "source": source}
    return {"clock": clock, "horizon": {"value": None, "evidence": None, **horizon} if horizon else None, "reason": ""}


def test_the_count_tells_what_can_be_decided() -> None:
    sites = [
        site_with("unknown", "nothing steps it in sight"),
        site_with("unknown", "it is handed to `train`", evidence="code"),
        site_with("epoch", "a loop over epochs"),
        site_with("epoch", "a loop over epochs", evidence="code"),
        site_with("epoch", "a loop over epochs", evidence="numbers", value=90),
        site_with("epoch", "a loop over epochs", evidence="name"),
        site_with("epoch", "a loop over epochs", value=7),
        site_with("batch", "a loop over batches", value=None),
    ]

    found = counts(sites)

    assert found == Counter(listed=8, stepped=7, clock=6, horizon=5, code=1, numbers=1, name=1, plain=1, open=1)
    assert "     2 of those have one whose unit is known: 40%" in list(table(found))
    assert list(table(found))[-1] == "     4 horizons can be decided, 50% of them are"
    assert [is_open(each) for each in sites] == [False] * 5 + [True] * 3


PLAN = """\
import torch


def planned(optimizer, batches, turns):
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.0, 1 - step / (batches * turns)))
"""
SCRIPT = """\
import sys

import torch
from plans import planned
from elsewhere import data, model


def main(turns):
    loader = torch.utils.data.DataLoader(data, batch_size={size})
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    plan = planned(optimizer, {given})
    for _ in range(turns):
        for x, y in loader:
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x), y).backward()
            optimizer.step()
            plan.step()


main(int(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("given", "beside", "expected"),
    [
        ("len(loader), turns", "1, turns", ("batch", "code")),
        ("1, turns", "1, turns", ("epoch", "code")),
        ("1, turns", "len(loader), turns", ("epoch", "code")),
    ],
    ids=["batches", "epochs", "another folder counts for itself"],
)
def test_what_all_that_have_a_schedule_made_say_of_it(
    given: str, beside: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    for folder, told in (("one", given), ("two", beside)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "plans.py").write_text(PLAN)
        for name, size in (("small", 4), ("large", 64)):
            (tmp_path / folder / f"{name}.py").write_text(SCRIPT.format(size=size, given=told))

    document = document_of(lr_lint("sites", "--output-format", "json", ".", cwd=tmp_path))
    (site,) = (each for each in document["sites"] if each["path"] == "one/plans.py")

    assert (site["horizon"]["unit"], site["horizon"]["evidence"]) == expected
