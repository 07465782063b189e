"""A slice whose initial lr nobody gives is run with rates that are supposed, and shows what holds for any of them."""

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

HEAD = """import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, MultiplicativeLR, OneCycleLR

def build(net, cfg):
    optimizer = SGD(net.parameters(), lr={lr})
    return {scheduler}
"""
TAKEN = "cfg.lr taken as 0.1, which makes no difference; --set cfg.lr=VALUE"


@pytest.fixture(scope="module", autouse=True)
def _quick_start() -> None:
    skip_compiler()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def seen(scheduler: str, lr: str = "cfg.lr", **settings: str) -> Observation:
    return seen_in(HEAD.format(lr=lr, scheduler=scheduler), **settings)


def seen_in(source: str, **settings: str) -> Observation:
    """What the only slice of a source text shows. Two underscores stand for a dot in the name of a setting."""
    Path("train.py").write_text(source, encoding="utf-8")
    given = {name.replace("__", "."): value for name, value in settings.items()}
    (program,), refusals = slices_of("train.py", None, Disk(), given)
    assert refusals == []
    return run_slice(json.loads(json.dumps(program)), "cpu", 20)


# What the rate makes no difference to.


@pytest.mark.parametrize(
    "scheduler",
    [
        pytest.param("LambdaLR(optimizer, lambda e: 0.95**e)", id="a factor"),
        pytest.param("MultiplicativeLR(optimizer, lambda e: 0.95)", id="a ratio"),
        pytest.param("CosineAnnealingLR(optimizer, 20, eta_min=1e-6)", id="the library's own arithmetic"),
        pytest.param("LambdaLR(optimizer, lambda e: 0.95**e * cfg.lr / cfg.lr)", id="a rate that cancels"),
    ],
)
def test_what_holds_for_any_rate_is_right(scheduler: str) -> None:
    observation = seen(scheduler)

    assert judge(observation).outcome is ScheduleOutcome.OK
    assert TAKEN in observation.notes
    assert observation.assumed == ["cfg.lr"]


def test_a_rate_that_is_multiplied_in_twice_is_so_whichever_it_is() -> None:
    observation = seen("LambdaLR(optimizer, lambda e: cfg.lr * 0.95**e)")

    assert judge(observation).outcome is ScheduleOutcome.CONTRADICTS
    assert TAKEN in observation.notes


def test_a_rate_that_is_computed_with_is_supposed_too() -> None:
    observation = seen("LambdaLR(optimizer, lambda e: 0.95**e)", lr="cfg.optim.lr * 8 / 64")

    assert judge(observation).outcome is ScheduleOutcome.OK
    assert observation.groups[0].initial_lr == pytest.approx(0.1 * 8 / 64)


def test_a_second_rate_that_is_missing_is_supposed_too() -> None:
    observation = seen("CosineAnnealingLR(optimizer, 20, eta_min=cfg.min_lr)")

    assert judge(observation).outcome is ScheduleOutcome.OK
    assert observation.assumed == ["cfg.lr", "cfg.min_lr"]


# What it does make a difference to.


@pytest.mark.parametrize(
    "scheduler",
    [
        pytest.param("LambdaLR(optimizer, lambda e: 0.05 / cfg.lr * 0.95**e)", id="a target over it"),
        pytest.param("LambdaLR(optimizer, lambda e: max(cfg.min_lr / cfg.lr, 0.8**e))", id="two rates"),
        pytest.param("LambdaLR(optimizer, lambda e: 0.002 * 0.95**e)", id="as small as a rate"),
        pytest.param("LambdaLR(optimizer, (lambda e: 0.9**e) if cfg.lr > 0.05 else lambda e: 0.5**e)", id="a choice"),
        pytest.param("LambdaLR(optimizer, lambda e: 1 / 0)", id="an error"),
    ],
)
def test_what_rests_on_the_rate_is_not_told_without_it(scheduler: str) -> None:
    observation = seen(scheduler)

    assert observation.error == "NeedsValue: cfg.lr is not known: --set cfg.lr=VALUE"
    assert observation.groups == []
    assert observation.assumed == []


def test_groups_that_are_not_made_may_have_relative_rates() -> None:
    source = (
        "from torch.optim import SGD\nfrom torch.optim.lr_scheduler import LambdaLR\n\n"
        "def build(head, cfg, group_of):\n"
        "    optimizer = SGD([group_of(head, 1.0)], lr=cfg.lr)\n"
        "    return LambdaLR(optimizer, lambda e: cfg.lr * 0.95**e)\n"
    )

    assert seen_in(source).error.endswith("--set cfg.lr=VALUE")


def test_nothing_is_supposed_of_what_is_called_like_no_rate() -> None:
    observation = seen("LambdaLR(optimizer, lambda e: 0.95**e)", lr="cfg.gamma")

    assert observation.error == "NeedsValue: cfg.gamma is not known: --set cfg.gamma=VALUE"


def test_a_setting_goes_before_what_would_be_supposed() -> None:
    observation = seen("LambdaLR(optimizer, lambda e: 0.95**e)", cfg__lr="0.3")

    assert observation.groups[0].initial_lr == 0.3
    assert observation.notes == []


def test_what_is_not_installed_speaks_for_the_program_that_runs() -> None:
    """Modules outlive programs: the second one finds what the first has replaced."""
    source = (
        "import torch\nfrom nowhere_to_be_found import cfg\n"
        "optimizer = torch.optim.SGD(net.parameters(), lr=cfg.lr)\n"
        "scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: 0.95**e)\n"
    )

    observation = seen_in(source)

    assert judge(observation).outcome is ScheduleOutcome.OK
    assert observation.notes == [
        "nowhere_to_be_found is not installed: replaced",
        "nowhere_to_be_found.cfg.lr taken as 0.1, which makes no difference; --set nowhere_to_be_found.cfg.lr=VALUE",
    ]


def test_a_count_that_only_a_step_asks_for_is_told() -> None:
    observation = seen("MultiplicativeLR(optimizer, lambda e: 0.95 if e < cfg.total_epochs else 0.5)", lr="0.1")

    assert observation.notes == ["cfg.total_epochs taken as 100; --set cfg.total_epochs=N"]


def test_a_count_is_a_plain_number_to_a_scheduler_that_asks() -> None:
    """``OneCycleLR`` refuses all but whole numbers."""
    observation = seen("OneCycleLR(optimizer, max_lr=0.1, total_steps=cfg.total_steps)", lr="0.1")

    assert judge(observation).outcome is ScheduleOutcome.OK
    assert observation.notes == ["cfg.total_steps taken as 100; --set cfg.total_steps=N"]
