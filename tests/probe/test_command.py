"""``lr-lint probe`` as a user meets it: targets, options, outputs, exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lr_lint.command import cli, probe_options
from lr_lint.command import probe as probe_command
from lr_lint.probe.records import ChildReport, Mode, Observation, ObservedGroup, Place
from lr_lint.probe.request import Request
from tests.support import environment, lr_lint, run_on_terminal

LAMBDA = "torch.optim.lr_scheduler.LambdaLR"
FACTORIES = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

def build(factor=1.0):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-3)
    return optimizer, LambdaLR(optimizer, lambda epoch: factor * (10 - epoch) / 10)

def wrong():
    return build(1e-3)

def undefined():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-3)
    return LambdaLR(optimizer, lambda epoch: 1 / epoch)

def silent():
    print("nothing here")
"""
TRAIN = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
model = torch.nn.Linear(2, 1).to("cuda")
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)
other = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.95**epoch)
"""


class Child:
    """Stands in for the child process: keeps the requests and gives the same report to all of them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.report = ChildReport("cpu", "2.13.0", [observation(1.0)])

    def __call__(self, request: Request, programs: Callable[[], list[Any]] | None) -> ChildReport:
        if programs is not None:
            request = replace(request, programs=programs())
            if not request.programs:
                return ChildReport()
        self.requests.append(request)
        return self.report


def observation(factor: float, **fields: Any) -> Observation:
    rates = [0.001 * factor * (10 - epoch) / 10 for epoch in range(10)]
    return Observation(
        Place("train.py", 7, 12), LAMBDA, LAMBDA, Mode.RUN, [ObservedGroup(0.001, list(rates))], **fields
    )


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """A folder with programs, torch said to be there, and a stand-in for the child process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "other.py").touch()
    stand_in = Child()
    monkeypatch.setattr(probe_command, "_launch", stand_in)
    monkeypatch.setattr(probe_options, "torch_is_installed", lambda: True)
    return stand_in


def probe(*arguments: str) -> int:
    return cli.main(["probe", *arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: TARGET (see lr-lint probe --help)"),
        (["--device", "tpu", "m:f"], "argument --device: 'tpu' is none of auto, cpu, cuda, cuda:N"),
        (["--steps", "0", "m:f"], "argument --steps: '0' is no number from 1 to 1000000"),
        (["--steps", "-1", "m:f"], "argument --steps: '-1' is no number from 1 to 1000000"),
        (["--tolerance", "1.5", "m:f"], "argument --tolerance: '1.5' is no number from 0 to below 1"),
        (["--timeout", "nan", "m:f"], "argument --timeout: 'nan' is no number of seconds"),
        (["--set", "lr", "m:f"], "argument --set: 'lr' is not NAME=VALUE"),
        (["m:f", "--", "--lr"], "arguments after -- are for a script: they need --run"),
        (["--run", "train.py", "other.py"], "--run takes one script"),
        (["--run", "train.py", "--set", "lr=1"], "--set has no meaning with --run"),
        (["m:f", "--plot", "rates.gif"], "--plot: rates.gif ends in neither of png, svg"),
        (["m:f", "--plot", "-", "--output-format", "json"], "--plot - draws into the text"),
        (["m:f", "--output-format", "sarif"], "argument --output-format: invalid choice"),
    ],
)
def test_what_cannot_be_asked_for(
    arguments: list[str], message: str, child: Child, capsys: pytest.CaptureFixture[str]
) -> None:
    assert probe(*arguments) == 2
    output = capsys.readouterr()
    assert output.err.startswith(f"lr-lint: {message}")
    assert (output.out, output.err.count("\n"), child.requests) == ("", 1, [])


@pytest.mark.parametrize("missing", ["torch", "plotext", "matplotlib"])
def test_missing_library_is_named_with_its_extra(
    missing: str, child: Child, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {
        "torch": ("torch_is_installed", [], "probe"),
        "plotext": ("can_plot_in_terminal", ["--plot", "-"], "plot"),
        "matplotlib": ("can_plot_images", ["--plot", "rates.png"], "plot"),
    }
    check, arguments, extra = checks[missing]
    monkeypatch.setattr(probe_options, check, lambda: False)

    assert probe("m:f", *arguments) == 2
    complaint = capsys.readouterr().err
    assert missing in complaint
    assert complaint.endswith(f"pip install 'lr-lint[{extra}]'\n")
    assert child.requests == []


def test_targets_that_are_none_do_not_keep_the_others_from_running(
    child: Child, capsys: pytest.CaptureFixture[str]
) -> None:
    assert probe("none.py", "m:f", "other.py") == 2
    output = capsys.readouterr()

    assert [request.target for request in child.requests] == ["m:f"]
    assert output.err.splitlines()[0] == "lr-lint: none.py: no such file"
    assert output.err.splitlines()[1].startswith("lr-lint: other.py: ")
    assert "1 scheduler probed" in output.out


def test_what_the_child_is_asked(child: Child) -> None:
    options = ["--device", "cuda:1", "--steps", "7", "--timeout", "2.5"]
    probe("train.py:8", "pkg.train:build", *options, "--set", "args.lr=0.1", "--set", "name = a=b")
    probe("--run", "train.py", *options, "--", "--lr", "0.1", "--", "x")
    sliced, built, run = child.requests

    for request in child.requests:
        assert (request.device, request.steps, request.timeout) == ("cuda:1", 7, 2.5)
    assert (sliced.mode, sliced.target, len(sliced.programs)) == (Mode.SLICE, "train.py", 1)
    assert (built.mode, built.target) == (Mode.FACTORY, "pkg.train:build")
    assert built.settings == {"args.lr": "0.1", "name": "a=b"}
    assert (run.mode, run.target, run.arguments) == (Mode.RUN, "train.py", ("--lr", "0.1", "--", "x"))


def test_exit_status(child: Child) -> None:
    for observations, failure, status in (
        ([observation(1.0)], "", 0),
        ([observation(1.0), observation(1e-3)], "", 1),
        ([observation(1.0)], "m:f raised ValueError", 2),
        ([observation(1.0, error="E: e", error_step=10)], "", 2),
        ([observation(1e-3)], "m:f raised ValueError", 3),
        ([], "", 2),
    ):
        child.report = ChildReport("cpu", "2.13.0", list(observations), failure)
        assert probe("m:f") == status


def test_tolerance_is_used(child: Child, capsys: pytest.CaptureFixture[str]) -> None:
    child.report.observations = [observation(0.9)]

    probe("m:f")
    assert "[never near 1]" in capsys.readouterr().out
    probe("m:f", "--tolerance", "0.2")
    assert "[factor]" in capsys.readouterr().out


def test_steps_that_are_asked_for_are_those_of_the_training(child: Child) -> None:
    negative = observation(1.0)
    negative.groups[0].lrs[7:] = [-1e-4] * 3
    child.report.observations = [negative]

    assert probe("m:f") == 0
    assert probe("m:f", "--steps", "10") == 1


def test_failure_is_told_with_what_was_printed(child: Child, capsys: pytest.CaptureFixture[str]) -> None:
    child.report = ChildReport(failure="m:f raised ValueError", output="loading\n\n" + "step\n" * 20 + "Traceback\n")

    assert probe("m:f", "--output-format", "json") == 2
    output = capsys.readouterr()
    assert output.err.splitlines()[:2] == ["lr-lint: m:f raised ValueError", "  | step"]
    assert output.err.endswith("  | Traceback\n")
    assert len(output.err.splitlines()) == 11
    assert json.loads(output.out)["schedules"] == []


def test_what_user_code_prints_and_raises_steers_no_terminal(child: Child, capsys: pytest.CaptureFixture[str]) -> None:
    child.report = ChildReport(
        failure="raised ValueError: \x1b[2J\n::error ::no", output="\x1b[31mone\r::error ::two\n##[error]three\n"
    )

    assert probe("pkg.m:f") == 2
    assert capsys.readouterr().err.splitlines() == [
        r"lr-lint: raised ValueError: \x1b[2J\n::error ::no",
        r"  | \x1b[31mone",
        "  | ::error ::two",
        r"  | \x23#[error]three",
    ]


def test_json(child: Child, capsys: pytest.CaptureFixture[str]) -> None:
    child.report.notes = ["CUDA was redirected"]
    probe("m:f", "m:g", "--output-format", "json", "--steps", "12")
    output = capsys.readouterr()
    document = json.loads(output.out)

    assert (document["schema_version"], document["device"], document["torch"]) == (1, "cpu", "2.13.0")
    # The rates are right ones, on a line about which the check says otherwise.
    assert [schedule["verdict"] for schedule in document["schedules"]] == ["undecided", "undecided"]
    assert [finding["standing"] for finding in document["schedules"][0]["findings"]] == ["refuted"]
    assert len(document["schedules"][0]["groups"][0]["lrs"]) == 12
    assert output.err == "lr-lint: CUDA was redirected\n"


@pytest.mark.parametrize("supplied", [["m:f", "--set", "factor=1"], ["--run", "train.py", "--", "--factor", "1"]])
def test_rates_with_values_of_the_user_refute_nothing(
    supplied: list[str], child: Child, capsys: pytest.CaptureFixture[str]
) -> None:
    probe("--output-format", "json", *supplied)
    (schedule,) = json.loads(capsys.readouterr().out)["schedules"]

    assert [finding["standing"] for finding in schedule["findings"]] == ["open"]


def test_plots(child: Child, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("plotext", minversion="6")

    assert probe("m:f", "--plot", "rates.SVG") == 0
    assert b"<svg" in (tmp_path / "rates.SVG").read_bytes()
    assert "lr by " not in capsys.readouterr().out
    assert probe("m:f", "--plot", "none/rates.png") == 2
    assert capsys.readouterr().err == "lr-lint: cannot write none/rates.png: No such file or directory\n"
    assert probe("m:f", "--plot", "-") == 0
    assert "lr by step: " in capsys.readouterr().out


def test_no_image_is_written_where_nothing_was_seen(child: Child, tmp_path: Path) -> None:
    child.report = ChildReport(failure="m:f raised ValueError")

    assert probe("m:f", "--plot", "rates.png") == 2
    assert not (tmp_path / "rates.png").exists()


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        probe("--help")
    text = capsys.readouterr().out

    assert "lr-lint probe --run train.py [options] [-- ARGS]" in text
    assert all(f"--{option}" in text for option in ("device", "steps", "tolerance", "timeout", "set", "plot", "all"))


def test_parent_imports_neither_torch_nor_the_target(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(TRAIN)
    (tmp_path / "factory.py").write_text("raise SystemExit('imported')\n")
    program = (
        "import sys\n"
        "from lr_lint.command import cli, probe as probe_command, probe_options\n"
        "from lr_lint.probe.records import ChildReport\n"
        "probe_command._launch = lambda request, programs: (programs and programs(), ChildReport())[1]\n"
        "probe_options.torch_is_installed = lambda: True\n"
        "print(cli.main(['probe', 'train.py', 'factory:build']))\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    status, loaded = done.stdout.splitlines()[-2:]

    assert status == "2"
    assert set(loaded.split()).isdisjoint({"torch", "numpy", "factory", "rich", "plotext", "matplotlib"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    path = tmp_path_factory.mktemp("probed")
    (path / "factories.py").write_text(FACTORIES)
    (path / "train.py").write_text(TRAIN)
    return path


@pytest.mark.slow
def test_real_children(folder: Path) -> None:
    done = lr_lint("probe", "train.py", "factories:undefined", "factories:silent", cwd=folder)
    lines = done.stdout.splitlines()

    assert done.returncode == 3
    assert [line for line in lines if re.match(r"\w+\.py:", line)] == [
        "train.py:7:13 LambdaLR  contradicts",
        "factories.py:13:12 LambdaLR  error",
        "train.py:8:9 LambdaLR  ok",
    ]
    assert any(line.startswith("  it cannot be constructed: ZeroDivisionError: division by zero") for line in lines)
    assert "     0        1e-06        0.001" in lines
    assert "  the rate starts at 0.001, the initial lr" in lines
    assert done.stderr.startswith("lr-lint: factories:silent returned None")


def test_terminal_has_a_plot_and_colours(folder: Path) -> None:
    pytest.importorskip("plotext", minversion="6")
    shown = run_on_terminal("probe", "factories:wrong", cwd=folder)

    assert "\x1b[" in shown
    assert "lr by step (logarithmic): " in shown
    assert "┤" in shown


def test_settings_of_the_project_hold_for_what_the_check_says(
    child: Child, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child.report = ChildReport("cpu", "2.13.0", [observation(1e-3)])
    settings_file = tmp_path / "pyproject.toml"

    def says(*arguments: str) -> bool:
        assert probe(*arguments, "train.py") == 1
        return "the check finds it too: LR101" in capsys.readouterr().out

    assert says()
    settings_file.write_text('[tool.lr-lint]\nignore = ["LR101"]\n')
    assert not says()
    assert says("--isolated")

    settings_file.write_text("[tool.lr-lint]\nselct = []\n")
    requests = len(child.requests)
    assert probe("train.py") == 2
    problem = "lr-lint: pyproject.toml: [tool.lr-lint] selct: unknown setting; did you mean select?\n"
    assert (capsys.readouterr().err, len(child.requests)) == (problem, requests)
