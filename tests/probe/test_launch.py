"""Whatever the user's code does, there is a report, and nothing of it stays behind."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.probe.child.failures import raised
from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.launch import group_memory, launch
from lr_lint.probe.records import ChildReport, Mode, Place
from lr_lint.probe.request import Request
from tests.probe.children import reports

pytest.importorskip("torch")

pytestmark = pytest.mark.slow

SCHEDULER = """\
import torch
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5 ** epoch)
"""
# Another process, in whose hands a pipe stays open for as long as it lives.
ANOTHER_PROCESS = """\
import subprocess, sys
pipe = open(sys.argv[1], "w")
code = "import time; time.sleep(30); print('survived')"
subprocess.Popen([sys.executable, "-c", code], stdout=pipe)
pipe.close()
"""
WAIT = "import threading\nthreading.Event().wait()\n"
PROGRAMS = {
    "raises": "def load():\n    raise ValueError('no\\ndata')\n\nprint('so far')\nload()\n",
    "leaves_at_once": "import os\nos._exit(4)\n",
    "crashes": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
    "misses_a_package": "import package_that_is_not_there.part\n" + SCHEDULER + "optimizer.step()\n",
    "needs_a_package": "import package_that_is_not_there\nrange(package_that_is_not_there.count())\n",
    "hoards": "hoard = []\nfor _ in range(100):\n    hoard.append(b'x' * (1 << 26))\n",
    "shows_its_world": "import json, os, sys\nimport beside\nworld = [sys.argv, sys.path[0], __name__, __file__]\n"
    "world += [os.getcwd(), os.environ['HF_HUB_OFFLINE'], os.environ['WANDB_MODE'], sys.stdin.read()]\n"
    "sys.exit(json.dumps(world))\n",
    "hangs": WAIT,
    "trains_without": "import torch\nweight = torch.nn.Parameter(torch.ones(1))\n"
    "optimizer = torch.optim.SGD([weight], lr=0.5)\nfor _ in range(3):\n    weight.sum().backward()\n"
    "    optimizer.step()\n    open('trained.txt', 'a').write('.')\n",
    "writes_rates": "import torch\nweight = torch.nn.Parameter(torch.ones(1))\n"
    "optimizer = torch.optim.SGD([weight], lr=0.5)\nfor epoch in range(3):\n"
    "    for group in optimizer.param_groups:\n        group['lr'] = 0.25 * 0.5**epoch\n    optimizer.step()\n",
    "spawns": "import torch, torch.multiprocessing\ndef work(rank):\n"
    + "".join(f"    {line}\n" for line in SCHEDULER.splitlines()[1:])
    + "    optimizer.step()\n    open('trained.txt', 'a').write('.')\n"
    "if __name__ == '__main__':\n    torch.multiprocessing.spawn(work, nprocs=1)\n",
    "plans_itself": "import torch\nclass Plan:\n    def __init__(self, optimizer):\n"
    "        self.optimizer = optimizer\n"
    "    def step(self, epoch):\n        self.optimizer.param_groups[0]['lr'] = 0.5 * 0.5**epoch\n"
    "def main():\n    weight = torch.nn.Parameter(torch.ones(1))\n"
    "    plan = Plan(torch.optim.SGD([weight], lr=0.5))\n    weight.sum().backward()\nmain()\n",
    "hangs_with_a_scheduler": SCHEDULER + WAIT,
    "forks": SCHEDULER
    + "import os\nif os.fork() == 0:\n    torch.autograd.backward(torch.ones(1, requires_grad=True) * 2)\n"
    + WAIT,
}
FIELDS = {
    "hoards": {"memory": 1 << 30},
    "shows_its_world": {"arguments": ("--lr", "1e-3")},
    "hangs": {"timeout": 1.0},
    "hangs_with_a_scheduler": {"timeout": 1.0},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("launch")


@pytest.fixture(scope="module")
def seen(folder: Path) -> Iterator[dict[str, ChildReport]]:
    (folder / "beside.py").write_text("here = True\n")
    for name, text in PROGRAMS.items():
        (folder / f"{name}.py").write_text(text)
    requests = {name: Request(Mode.RUN, f"{name}.py", **FIELDS.get(name, {})) for name in PROGRAMS}  # type: ignore[arg-type]
    with reports(folder, requests) as found:
        yield found


def test_nothing_is_trained_without_a_scheduler_either(seen: dict[str, ChildReport], folder: Path) -> None:
    report = seen["trains_without"]

    assert report.observations == []
    assert report.failure.startswith("trains_without.py has no scheduler at its first backward pass at")
    assert not (folder / "trained.txt").exists()


def test_rates_that_are_written_by_hand_are_seen(seen: dict[str, ChildReport]) -> None:
    (observation,) = seen["writes_rates"].observations

    assert (observation.contract, observation.site) == ("torch.optim.Optimizer", Place("writes_rates.py", 3, 12))
    assert [(group.initial_lr, group.lrs) for group in observation.groups] == [(0.5, [0.25])]
    assert observation.unseen == "the script writes its rates by hand, and this is the first of them"


def test_process_that_is_started_afresh_is_looked_at(seen: dict[str, ChildReport]) -> None:
    (observation,) = seen["spawns"].observations

    assert observation.groups[0].lrs[:3] == [0.5, 0.25, 0.125]
    assert observation.site is not None
    assert observation.site.path == "spawns.py"
    assert "seen in a process that the script starts" in seen["spawns"].notes


def test_package_that_is_not_installed_is_replaced(seen: dict[str, ChildReport]) -> None:
    report = seen["misses_a_package"]

    assert report.observations[0].groups[0].lrs[:3] == [0.5, 0.25, 0.125]
    assert "package_that_is_not_there is not installed: replaced" in report.notes


def test_object_that_plans_the_rates_is_seen(seen: dict[str, ChildReport]) -> None:
    (observation,) = seen["plans_itself"].observations

    assert (observation.class_name, observation.groups[0].lrs[:3]) == ("__main__.Plan", [0.5, 0.25, 0.125])


def test_process_in_a_session_of_its_own_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    psutil = pytest.importorskip("psutil")
    monkeypatch.chdir(tmp_path)
    away = "import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], "
    Path("leaves.py").write_text(f"{SCHEDULER}{away}start_new_session=True).pid, file=open('pid.txt', 'w'))\n{WAIT}")
    launch(Request(Mode.RUN, "leaves.py", timeout=1.0))
    left = int(Path("pid.txt").read_text(encoding="ascii"))

    # It was told to end; when the kernel is done with it is for the kernel to say.
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(left)
        _, alive = psutil.wait_procs([process], timeout=20)
        assert not alive or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("raises", "raises.py raised ValueError: no (raises.py:2)"),
        ("leaves_at_once", "leaves_at_once.py ended its process with exit status 4, and nothing was observed"),
        ("crashes", "crashes.py was killed by SIGSEGV"),
        (
            "needs_a_package",
            (
                "needs_a_package.py needs package_that_is_not_there.count(), "
                "of a package that is not installed: install it, or probe a slice"
            ),
        ),
        ("hoards", "hoards.py took more than 1.0 GiB of memory"),
    ],
)
def test_a_bad_end_is_told_in_one_line(seen: dict[str, ChildReport], name: str, failure: str) -> None:
    assert seen[name].failure == failure
    assert seen[name].observations == []


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (SystemExit(), "train.py ended without constructing a scheduler"),
        (SystemExit(0), "train.py ended without constructing a scheduler"),
        (SystemExit(3), "train.py exited with status 3 before it constructed a scheduler"),
        (SystemExit("needs\ndata"), "train.py exited before it constructed a scheduler: needs"),
        (SystemExit(2), "train.py exited with status 2 before it constructed a scheduler; its arguments go after --"),
        (KeyError(), "train.py raised KeyError"),
        (SyntaxError("bad", ("<string>", 2, 1, "")), "train.py raised SyntaxError: bad"),
        (ValueError("x" * 1000), f"train.py raised ValueError: {'x' * 300}..."),
        (KeyboardInterrupt(), "train.py raised KeyboardInterrupt"),
    ],
)
def test_each_kind_of_exception_has_its_line(error: BaseException, failure: str) -> None:
    assert raised(Request(Mode.RUN, "train.py"), error, UserCode(os.getcwd())) == failure


def test_time_that_runs_out_is_told_with_what_was_running(seen: dict[str, ChildReport]) -> None:
    assert seen["hangs"].failure == "no scheduler within 1 s (--timeout): hangs.py:2 was still running"


def test_what_was_printed_comes_with_a_failure_only(seen: dict[str, ChildReport]) -> None:
    assert seen["raises"].output.startswith("so far\n")
    assert "ValueError: no\ndata" in seen["raises"].output
    assert seen["hangs_with_a_scheduler"].output == ""


def test_a_missing_script_is_said() -> None:
    assert launch(Request(Mode.RUN, "no/such.py")).failure == "no/such.py: no such file"


def test_a_scheduler_is_observed_though_time_ran_out(seen: dict[str, ChildReport]) -> None:
    report = seen["hangs_with_a_scheduler"]

    assert report.failure == ""
    assert report.observations[0].groups[0].lrs[:2] == [0.5, 0.25]
    assert any("no training step within 1 s" in note for note in report.notes)


def test_a_process_that_the_script_forked_reports_too(seen: dict[str, ChildReport]) -> None:
    assert seen["forks"].observations[0].groups[0].lrs[:2] == [0.5, 0.25]


def test_the_script_finds_what_python_gives_one(seen: dict[str, ChildReport], folder: Path) -> None:
    world = (
        f'[["shows_its_world.py", "--lr", "1e-3"], "{folder}", "__main__", "{folder}/shows_its_world.py", "{folder}", '
    )

    assert seen["shows_its_world"].failure.endswith(f': {world}"1", "disabled", ""]')


def test_no_compiled_files_are_left(seen: dict[str, ChildReport], folder: Path) -> None:
    assert "shows_its_world" in seen
    assert not (folder / "__pycache__").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes, and no process groups")
@pytest.mark.parametrize("end", [WAIT, SCHEDULER])
def test_processes_that_the_script_started_end_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(ANOTHER_PROCESS + end)
    os.mkfifo("pipe")
    reading = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        launch(Request(Mode.RUN, "train.py", arguments=("pipe",), timeout=1.0))
        os.set_blocking(reading, True)

        assert os.read(reading, 100) == b""
    finally:
        os.close(reading)


def test_memory_of_a_group_that_is_not_there_is_none() -> None:
    assert group_memory(2**22 + 1) == 0
    assert group_memory(os.getpgrp()) > 1 << 20
