"""However many processes work: the same output, whatever ends one of them or all."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lr_lint import Settings, check_paths
from lr_lint.runs import crew, items, results, weights
from lr_lint.source.disk import Disk
from lr_lint.source.surroundings import InMemory, Surroundings
from lr_lint.vocabulary.diagnostics import Failure
from tests.support import BUG, FIXED, NO_SCHEDULER, environment, lr_lint, lr_lint_process

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
HELPER = "def scaled(rate):\n    return lambda epoch: rate * 0.9**epoch\n"
USER = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

from helper import scaled

optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.01)
scheduler = LambdaLR(optimizer, scaled(0.01))
"""


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    for name in ("a", "c/b", "z"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(BUG)
    (tmp_path / "broken.py").write_text("import torch.optim.lr_scheduler\nLambdaLR(\n")
    (tmp_path / "fixed.py").write_text(FIXED)
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "plain.py").write_text(NO_SCHEDULER)
    (tmp_path / "user.py").write_text(USER)
    return tmp_path


def reports(project: Path, *options: str) -> tuple[object, ...]:
    """What a check prints and writes, in all formats."""
    files = [f"--output-file={name}:../{name}.out" for name in FORMATS]
    done = lr_lint(".", "gone.py", "--output-format", "text", *files, *options, cwd=project)
    written = [(project.parent / f"{name}.out").read_bytes() for name in FORMATS]
    return done.returncode, done.stdout, done.stderr, *written


@pytest.mark.parametrize("options", [[], ["--fixes", "--statistics"]])
def test_every_format_is_the_same_to_the_byte(
    options: list[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = reports(project, *options, "--jobs", "1")
    assert alone[0] == 3
    assert reports(project, *options, "--jobs", "2") == alone
    monkeypatch.setattr(results, "BREAK_EVEN", 0.0)
    monkeypatch.setattr(results, "most_processes", lambda: 2)
    assert reports(project, *options, "-jauto") == alone


@pytest.mark.parametrize("command", [["sites", "--output-format", "json"], ["report", "-o", "-"], ["--diff"]])
def test_other_commands_say_the_same(command: list[str], project: Path) -> None:
    alone, both = (lr_lint(*command, "-j", count, ".", cwd=project) for count in "12")

    assert (alone.returncode, alone.stdout, alone.stderr) == (both.returncode, both.stdout, both.stderr)
    assert "c/b.py" in alone.stdout


def test_fixes_are_written_alike(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    for path in project.rglob("*.py"):
        copy = other / path.relative_to(project)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    alone, both = (
        lr_lint("--fix", "--unsafe-fixes", "-j", count, ".", cwd=folder)
        for count, folder in (("1", project), ("2", other))
    )

    assert (alone.returncode, alone.stdout, alone.stderr) == (both.returncode, both.stdout, both.stderr)
    assert {path.name: path.read_text() for path in project.rglob("*.py")} == {
        path.name: path.read_text() for path in other.rglob("*.py")
    }


@pytest.mark.parametrize("count", ["0", "-1", "two", "1.5", "9999999999", "²"])
def test_what_is_no_number_of_processes_is_refused(count: str, project: Path) -> None:
    done = lr_lint(f"--jobs={count}", cwd=project)

    assert (done.returncode, done.stdout) == (2, "")
    assert "is neither auto nor a number" in done.stderr
    assert done.stderr.count("\n") == 1


def test_jobs_is_a_setting_and_the_option_comes_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int | None] = []

    def noted(*arguments: Any) -> Iterator[Any]:
        counts.append(arguments[4])
        return iter(())

    monkeypatch.setattr("lr_lint.runs.plan.results", noted)
    (project / "pyproject.toml").write_text("[tool.lr-lint]\njobs = 3\n")
    for options in ([], ["-j5"], ["-jauto"], ["--isolated"]):
        lr_lint(".", *options, cwd=project)

    assert counts == [3, 5, None, None]


def test_the_python_interface_takes_jobs(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)

    assert check_paths(".", jobs=2) == check_paths(".")


def gated(names: str) -> Iterator[items.Item]:
    for name in names:
        yield name, name.encode(), Settings()


def follow(path: str, data: bytes, _: Settings, __: Surroundings) -> str:
    """An analysis that ends its process at some files, and has a mistake at others."""
    if path in "XY":
        os.kill(os.getpid(), signal.SIGKILL)
    if path == "E":
        raise ValueError("a mistake")
    return f"{path} is {data.decode()}"


def said(failure: Failure) -> str:
    return f"{failure.path}: {failure.message}"


def found(names: str, jobs: int = 2) -> list[tuple[str, str | None]]:
    return list(results.results(gated(names), follow, said, Disk(), jobs))


def test_a_process_that_is_ended_costs_its_file_and_no_other() -> None:
    told = found("abXcdefghijkYlE")

    assert [path for path, _ in told] == list("abXcdefghijkYlE")
    assert [text for path, text in told if path not in "XYE"] == [f"{name} is {name}" for name in "abcdefghijkl"]
    ended = [text or "" for path, text in told if path in "XY"]
    assert [text[:3] for text in ended] == ["X: ", "Y: "]
    assert all("memory" in text for text in ended)
    assert told[-1] == ("E", "E: internal error in lr-lint: ValueError: a mistake; please report")


def is_interruptible(path: str, data: bytes, _: Settings, __: Surroundings) -> str:
    """An analysis that says whether a terminal can interrupt the process that it runs in."""
    return str(signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ()))


@pytest.mark.skipif(sys.platform == "win32", reason="other signals")
def test_a_terminal_interrupts_the_command_and_not_what_it_has_started() -> None:
    told = results.results(gated("ab"), is_interruptible, said, Disk(), 2)

    assert [text for _, text in told] == ["False", "False"]
    assert is_interruptible("", b"", Settings(), Disk()) == "True"


@pytest.mark.skipif(sys.platform == "win32", reason="other signals")
def test_an_interrupt_waits_until_processes_are_started() -> None:
    # A shell has its background jobs ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    over = []

    def started() -> None:
        with crew._interrupts_put_off():
            os.kill(os.getpid(), signal.SIGINT)
            over.append(True)

    try:
        with pytest.raises(KeyboardInterrupt):
            started()
        assert over
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def no_pool(*_: object, **__: object) -> None:
    raise OSError("no more processes")


def test_where_no_process_can_be_started_this_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = found("abc", jobs=1)
    monkeypatch.setattr(crew, "ProcessPoolExecutor", no_pool)

    assert found("abc") == expected


def test_processes_are_not_started_for_little(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        pytest.fail("processes were started")

    monkeypatch.setattr(crew, "spread", refused)
    monkeypatch.setattr(results, "most_processes", lambda: 8)

    assert lr_lint(".", cwd=project).returncode == 3
    assert lr_lint("a.py", "-j8", cwd=project).returncode == 1


def test_more_and_longer_files_weigh_more() -> None:
    assert 0 < weights.weight(b"") < weights.weight(b"x" * 1000) < weights.weight(b"x" * 100_000)
    assert 1 <= weights.most_processes() <= 16


@pytest.mark.parametrize("files", [Disk(["."]), InMemory({"a.py": b"a"}), Surroundings()])
def test_the_files_around_can_be_sent_to_another_process(files: Surroundings) -> None:
    assert files.memo == {}
    files.memo["found"] = "something"
    sent = pickle.loads(pickle.dumps(files))

    assert sent.memo == {}
    assert sent.names_in(".") == files.names_in(".")
    assert sent.read("a.py") == files.read("a.py")


STUCK = """\
import os, signal

def check(path, data, settings, files):
    with open(os.environ["TOLD"], "w") as told:
        print(path, file=told, flush=True)
        signal.pause()
"""
# Whoever runs the tests in the background has them ignore Ctrl-C, which processes inherit.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import stuck, lr_lint.api; "
    "lr_lint.api._check = stuck.check; from lr_lint.command.cli import main; "
)


@pytest.mark.skipif(sys.platform == "win32", reason="other signals")
@pytest.mark.parametrize(
    ("number", "status", "told"),
    [
        (signal.SIGINT, 130, "lr-lint: interrupted\n"),
        (signal.SIGTERM, 128 + signal.SIGTERM, ""),
        (signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_whatever_ends_the_command_ends_its_processes(
    number: signal.Signals, status: int, told: str, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "stuck.py").write_text(STUCK)
    pipe = elsewhere / "told"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [sys.executable, "-c", f"{START}raise SystemExit(main(['-j2', '.']))"],
        cwd=project,
        env=environment(PYTHONPATH=str(elsewhere), TOLD=str(pipe)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        with pipe.open() as begun:
            assert {begun.readline(), begun.readline()} == {"a.py\n", "broken.py\n"}
            command.send_signal(number)
            # Nobody holds the pipe open any more.
            assert begun.read() == ""
        printed, complained = command.communicate()
        assert printed == ""
        if number != signal.SIGKILL:  # after which Python itself complains of what it has to clear away
            assert complained == told
    assert command.returncode == status


def test_nothing_is_imported_from_the_current_directory(project: Path) -> None:
    for name in ("concurrent", "multiprocessing", "logging", "socket", "queue", "tempfile", "libcst"):
        (project / f"{name}.py").write_text("raise SystemExit('it was imported from the folder that is checked')\n")
    done = lr_lint_process("a.py", "z.py", "-j2", "--output-format", "concise", cwd=project, PYTHONPATH=".")

    assert done.stderr == ""
    assert done.stdout.count("LR101") == 2
