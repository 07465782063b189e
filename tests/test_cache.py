"""What is told from the cache is what an analysis would find, whatever has changed and whatever became of the cache."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import lr_lint
from lr_lint import api
from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.checks.overview import Overview, overview_of
from lr_lint.runs import gates, remembered, store, versions
from lr_lint.runs.records import as_plain, from_plain
from lr_lint.runs.store import FILE, Store
from lr_lint.source.disk import Disk
from lr_lint.source.gated_files import gated_files
from lr_lint.source.recorder import NotedQuestion, Recorder, answer_to
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory, Surroundings
from lr_lint.vocabulary.diagnostics import FileReport
from lr_lint.vocabulary.site_records import Inventory
from tests.support import BUG, FIXED, NO_SCHEDULER, lr_lint_process
from tests.support import lr_lint as run_lr_lint

CACHE = ".lr_lint_cache"
FIXTURES = Path(__file__).parent.parent / "fixtures"
USER = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

from helper import scaled

optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.01)
scheduler = LambdaLR(optimizer, scaled(0.01))
"""
RATE = "def scaled(rate):\n    return lambda epoch: rate * 0.9**epoch\n"
FACTOR = "def scaled(rate):\n    return lambda epoch: 0.9**epoch\n"
CALLED = """\
from torch.optim.lr_scheduler import LambdaLR

def make(optimizer, base):
    return LambdaLR(optimizer, lambda epoch: base * 0.9**epoch)
"""
CALLER = """\
import torch
from called import make

lr = 0.01
optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
scheduler = make(optimizer, {})
"""
CONFIGURED = """\
import torch, yaml
from torch.optim.lr_scheduler import LambdaLR

config = yaml.safe_load(open("config.yaml"))
optimizer = torch.optim.SGD([torch.zeros(1)], lr=config["lr"])
scheduler = LambdaLR(optimizer, lambda epoch: 0.01 * 0.9**epoch)
"""
OWN = "from torch.optim.lr_scheduler import LambdaLR\n\nclass Warm(LambdaLR):\n    pass\n"
OWN_USER = """\
import torch
from bases import Warm

optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.01)
scheduler = Warm(optimizer, lambda epoch: 0.01 * 0.9**epoch)
"""
# Nobody can import anything from it that bears on its scheduler.
ALONE = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

def train(loader, lr=0.001):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.001)
    scheduler = LambdaLR(optimizer, lambda epoch: 0.001 * 0.95**epoch)
    for _ in range(10):
        for batch in loader:
            optimizer.step()
        scheduler.step()

train([])
"""
SILENCED = BUG.replace("epoch)\n", "epoch)  # lr-lint: ignore[LR101]\n")
# For each file of a project what may become of it; None is no file.
VARIANTS: dict[str, tuple[str | None, ...]] = {
    "user.py": (USER, USER.replace("scaled(0.01)", "scaled(0.02)")),
    "helper.py": (RATE, FACTOR, None, "broken(\n"),
    "helper/__init__.py": (None, FACTOR, RATE),
    "called.py": (CALLED, CALLED.replace("base * ", "")),
    "deep/caller.py": (CALLER.format("lr"), CALLER.format("1.0"), None),
    "configured.py": (CONFIGURED,),
    "config.yaml": ("lr: 0.01\n", "lr: 1.0\n", None, "lr: [\n"),
    "bases.py": (OWN, OWN.replace("LambdaLR", "StepLR"), None),
    "own.py": (OWN_USER,),
    "bug.py": (BUG, FIXED, SILENCED, BUG.replace("torch.zeros(1)", "broken("), NO_SCHEDULER, None),
    "alone.py": (ALONE,),
    "pyproject.toml": (
        "[tool.lr-lint]\n",
        "[tool.lr-lint]\nignore = ['LR101']\n",
        "[tool.lr-lint]\nmin-confidence = 'possible'\nextend-select = ['LR205', 'LR902']\n",
        "[tool.lr-lint.per-file-ignores]\n'bug.py' = ['LR1']\n",
        "[tool.lr-lint]\nmax-steps = 10\n",
        "[tool.lr-lint.contracts.'helper.scaled']\nmeaning = 'factor'\ncallable = 'rate'\n",
    ),
}
RUNS = (["--output-format", "json"], ["sites", "--output-format", "json"])


@pytest.fixture(autouse=True)
def _cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LR_LINT_NO_CACHE", raising=False)


@pytest.fixture(name="analysed")
def _analysed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often which file was analysed for a check."""
    analysed: Counter[str] = Counter()
    check = api._check

    def counted(path: str, *others: Any) -> FileReport:
        analysed[path] += 1
        return check(path, *others)

    monkeypatch.setattr(api, "_check", counted)
    return analysed


def change(project: Path, name: str, text: str | None) -> None:
    path = project / name
    path.parent.mkdir(exist_ok=True)
    if text is not None:
        path.write_text(text)
    elif path.exists():
        path.unlink()
        if path.parent != project and not any(path.parent.iterdir()):
            path.parent.rmdir()


def made(project: Path) -> Path:
    for name, variants in VARIANTS.items():
        change(project, name, variants[0])
    return project


def told(project: Path, *options: str) -> tuple[int, str, str]:
    done = run_lr_lint(*options, cwd=project)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(name="keen")
def _keen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the gates say is kept for few files too, and for young ones."""
    monkeypatch.setattr(gates, "_FEWEST", 1)
    monkeypatch.setattr(gates, "_YOUNG", 0)


@pytest.mark.usefixtures("keen")
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
def test_whatever_is_changed_the_same_is_told(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    project = made(tmp_path)
    for _ in range(10):
        for run in RUNS:
            assert told(project, *run, ".") == told(project, *run, ".", "--no-cache")
        name = draw.choice([name for name, variants in VARIANTS.items() if len(variants) > 1])
        change(project, name, draw.choice(VARIANTS[name]))


@pytest.mark.parametrize(
    ("name", "text", "concerned"),
    [
        ("helper.py", FACTOR, {"user.py"}),
        ("helper.py", None, {"user.py"}),
        ("deep/caller.py", CALLER.format("1.0"), {"called.py"}),
        ("deep/called.py", FIXED, {"called.py"}),
        ("config.yaml", "lr: 1.0\n", {"configured.py"}),
        ("bases.py", OWN.replace("pass", "tag = 1"), {"own.py"}),
        ("unrelated.py", NO_SCHEDULER, set()),
    ],
)
def test_what_a_change_concerns_is_analysed_again(
    name: str, text: str | None, concerned: set[str], tmp_path: Path, analysed: Counter[str]
) -> None:
    project = made(tmp_path)
    told(project, ".")
    assert {"alone.py", "user.py", "own.py", "called.py", "configured.py"} <= analysed.keys()
    analysed.clear()
    told(project, ".")
    assert not analysed
    change(project, name, text)
    told(project, ".")

    assert concerned <= analysed.keys()
    assert "alone.py" not in analysed


def test_the_time_of_a_file_does_not_matter(tmp_path: Path, analysed: Counter[str]) -> None:
    (tmp_path / "a.py").write_text(BUG)
    before = (tmp_path / "a.py").stat()
    assert told(tmp_path, ".")[0] == 1
    (tmp_path / "a.py").write_text(BUG.replace("lr * 0.95", "1. * 0.95"))
    os.utime(tmp_path / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (tmp_path / "a.py").stat().st_size == before.st_size
    assert told(tmp_path, ".")[0] == 0
    (tmp_path / "a.py").write_text(BUG)
    analysed.clear()
    assert told(tmp_path, ".")[0] == 1
    assert not analysed


@pytest.mark.parametrize(
    "options",
    [["--select", "LR102"], ["--ignore", "LR1"], ["--min-confidence", "possible"], ["--fixes"], ["--isolated"]],
)
def test_options_change_what_is_told(options: list[str], tmp_path: Path) -> None:
    project = made(tmp_path)
    told(project, ".")
    command = ["--output-format", "json", ".", *options]
    assert told(project, *command) == told(project, *command, "--no-cache")
    assert told(project, *command) == told(project, *command, "--no-cache")


def test_a_baseline_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    assert told(tmp_path, ".", "--write-baseline", "known.json")[0] == 0
    assert told(tmp_path, ".", "--baseline", "known.json")[0] == 0
    assert told(tmp_path, ".")[0] == 1
    (tmp_path / "known.json").write_text('{"schema_version": 1, "findings": []}')
    assert told(tmp_path, ".", "--baseline", "known.json")[0] == 1


@pytest.mark.parametrize(
    ("name", "value"), [("lr_lint.__version__", "9.9"), ("sys.version", "3.99 (other)"), ("lr_lint.__file__", __file__)]
)
def test_another_version_finds_anew(
    name: str, value: str, tmp_path: Path, analysed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text(BUG)
    told(tmp_path, ".")
    monkeypatch.setattr(f"lr_lint.runs.versions.{name}", value)
    told(tmp_path, ".")

    assert analysed["a.py"] == 2


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def scramble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = random.Random(1).randbytes(len(data) - 4096)
    path.write_bytes(data)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute(statement)
    database.close()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no database": overwrite,
    "empty": lambda path: path.write_bytes(b""),
    "cut off": cut,
    "scrambled": scramble,
    "a folder": replace_by_folder,
    "other values": lambda path: alter(path, "UPDATE entries SET value = '[]'"),
    "swapped values": lambda path: alter(path, "UPDATE entries SET value = (SELECT max(value) FROM entries)"),
    "no values": lambda path: alter(path, "UPDATE entries SET value = NULL"),
    "other table": lambda path: alter(path, "ALTER TABLE entries RENAME TO others"),
    "other columns": lambda path: alter(path, "ALTER TABLE entries RENAME COLUMN value TO worth"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_broken_cache_is_none(damage: str, tmp_path: Path) -> None:
    for name, text in (("a.py", BUG), ("b.py", FIXED)):
        (tmp_path / name).write_text(text)
    expected = told(tmp_path, ".", "--output-format", "json")
    DAMAGE[damage](tmp_path / CACHE / FILE)

    for _ in range(2):
        status, printed, complained = told(tmp_path, ".", "--output-format", "json")
        assert (status, printed) == expected[:2]
        assert complained.count("\n") <= 1


def test_an_entry_of_somebody_else_is_none(tmp_path: Path) -> None:
    kept = Store(str(tmp_path))
    memory = remembered.Recollection(kept, FileReport, Disk())
    for text in (b"", b"[", b"[[], []]", b"{}", b"[[[1,2,3,4]], 1]", b"[" * 100_000, b'[[["run","a","",""]],[]]'):
        kept.keep(b"key", text)
        assert memory.find(b"key") is None


def test_two_runs_at_once_lose_nothing(tmp_path: Path, analysed: Counter[str]) -> None:
    for name in "abcdef":
        (tmp_path / f"{name}.py").write_text(BUG.replace("0.95", f"0.9{ord(name)}"))
    one, other = Store(str(tmp_path / CACHE)), Store(str(tmp_path / CACHE))
    one.keep(b"one", b"1")
    other.keep(b"other", b"2")
    one.close()
    other.close()
    again = Store(str(tmp_path / CACHE))
    assert (again.find(b"one"), again.find(b"other")) == (b"1", b"2")
    again.close()
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "lr_lint", *names, "--output-format", "concise"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for names in (("a.py", "b.py", "c.py", "d.py"), ("c.py", "d.py", "e.py", "f.py"))
    ]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [(b"", 1), (b"", 1)]
    assert told(tmp_path, ".")[0] == 1
    assert not analysed


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "taken").write_text("")
    status, printed, complained = told(tmp_path, "a.py", "--cache-dir", "taken/cache")

    assert (status, printed) == told(tmp_path, "a.py", "--no-cache")[:2]
    assert complained == "lr-lint: nothing is kept in taken/cache: Not a directory\n"
    assert told(tmp_path, "a.py", "--cache-dir", "taken/cache", "-q")[2] == ""


def test_a_cache_that_may_only_be_read_is_read(tmp_path: Path, analysed: Counter[str], monkeypatch: Any) -> None:
    (tmp_path / "a.py").write_text(ALONE)
    told(tmp_path, ".")
    (tmp_path / "b.py").write_text(BUG)
    monkeypatch.setattr(os, "access", lambda *_: False)
    analysed.clear()
    status, _, complained = told(tmp_path, ".")

    assert status == 1
    assert analysed == {"b.py": 1}
    assert complained.startswith(f"lr-lint: nothing is kept in {CACHE}: ")


def test_the_cache_does_not_grow_without_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LARGEST", 100_000)
    for number in range(50):
        kept = Store(str(tmp_path))
        kept.keep(b"%d" % number, bytes(10_000))
        kept.close()

    assert (tmp_path / FILE).stat().st_size < 200_000


def test_where_the_cache_lies(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text(BUG)
    told(tmp_path / "inner", ".")
    assert (tmp_path / "inner" / CACHE).is_dir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    told(tmp_path / "inner", ".")
    assert (tmp_path / CACHE / ".gitignore").read_text() == "*\n"
    assert (tmp_path / CACHE / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    (tmp_path / "pyproject.toml").write_text("[tool.lr-lint]\ncache-dir = 'kept/here'\n")
    told(tmp_path / "inner", ".")
    assert (tmp_path / "kept" / "here" / FILE).is_file()
    told(tmp_path / "inner", ".", "--cache-dir", "there")
    assert (tmp_path / "inner" / "there" / FILE).is_file()


def test_a_cache_in_a_folder_of_code_hides_no_code(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    for _ in range(2):
        assert told(tmp_path, ".", "--cache-dir", ".")[0] == 1
    assert {path.name for path in tmp_path.iterdir()} == {"a.py", Path(FILE).name}


def test_nothing_is_kept_where_there_is_nothing_to_keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain.py").write_text(NO_SCHEDULER)
    told(tmp_path, ".")
    run_lr_lint("-", "--stdin-filename", "a.py", cwd=tmp_path, stdin=BUG.encode())
    (tmp_path / "a.py").write_text(BUG)
    told(tmp_path, ".", "--no-cache")
    monkeypatch.setenv("LR_LINT_NO_CACHE", "1")
    told(tmp_path, ".")

    assert {path.name for path in tmp_path.iterdir()} == {"a.py", "plain.py"}


def test_clearing_removes_what_was_kept_and_nothing_else(tmp_path: Path, analysed: Counter[str]) -> None:
    (tmp_path / "a.py").write_text(BUG)
    told(tmp_path, ".")
    (tmp_path / CACHE / "mine.txt").write_text("")
    assert told(tmp_path, ".", "--clear-cache", "--no-cache")[0] == 1
    assert {path.name for path in (tmp_path / CACHE).iterdir()} == {".gitignore", "CACHEDIR.TAG", "mine.txt"}
    told(tmp_path, ".")
    told(tmp_path, ".", "--clear-cache")
    assert analysed["a.py"] == 4
    assert told(tmp_path, ".", "--clear-cache", "--diff")[0] == 1
    assert not (tmp_path / CACHE / FILE).exists()


def test_several_processes_fill_and_use_it(tmp_path: Path, analysed: Counter[str]) -> None:
    project = made(tmp_path)
    cold = lr_lint_process(".", "--output-format", "json", "-j2", cwd=project)
    assert told(project, ".", "--output-format", "json", "-j2") == (cold.returncode, cold.stdout, cold.stderr)
    assert not analysed


def test_mistakes_of_ours_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(BUG)

    def fails(*_: object) -> None:
        raise ValueError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr("lr_lint.checks.analysis.examine", fails)
        assert told(tmp_path, ".")[0] == 2
    assert told(tmp_path, ".")[0] == 1


PROGRAMS = sorted(FIXTURES.rglob("*.py"))[::17] + sorted(FIXTURES.rglob("*.ipynb"))[::3]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.name)
def test_records_survive(path: Path) -> None:
    settings, data = replace(Settings(), min_confidence="possible", select=("ALL",)), path.read_bytes()
    report = check_bytes(path.name, data, settings)
    inventory = inspect_bytes(path.name, data)

    assert from_plain(as_plain(report), FileReport) == report
    assert from_plain(as_plain(inventory), Inventory) == inventory


def test_an_overview_with_its_fixes_survives() -> None:
    overview = overview_of("a.py", BUG.encode(), replace(Settings(), fixes=True))

    assert overview.report.diagnostics[0].fix is not None
    assert from_plain(as_plain(overview), Overview) == overview


def test_questions_are_answered_again() -> None:
    files = {"a.py": b"import b", "b.py": b"x = 1", "c/d.py": b"import b"}
    recorder = Recorder(InMemory(files))
    recorder.read("b.py")
    recorder.read("gone.py")
    recorder.beginning("b.py", 2)
    recorder.names_in("c")
    recorder.lies_outside("a.py", "b.py")
    recorder.mentioning("a.py", b"import")

    assert all(answer_to(question, InMemory(files)) == answer for question, answer in recorder.asked.items())
    changed = {"a.py": b"import b", "gone.py": b"", "b.py": b"y = 1", "c/e.py": b""}
    others = {
        question for question, answer in recorder.asked.items() if answer_to(question, InMemory(changed)) != answer
    }
    assert others == recorder.asked.keys() - {NotedQuestion("outside", "a.py", "b.py")}
    with pytest.raises(ValueError, match="no question"):
        answer_to(NotedQuestion("run", "a.py"), InMemory(files))


@pytest.mark.usefixtures("keen")
@pytest.mark.parametrize("start", [".", "inner"])
def test_the_gates_are_asked_once(start: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = made(tmp_path)
    (project / "inner").mkdir()
    (project / "inner" / "user.py").write_text(OWN_USER)
    (project / "pyproject.toml").unlink()
    (project / "setup.py").write_text("")
    command = [start, "--output-format", "json"]
    cold = told(project, *command)
    asked: list[object] = []

    def counted(*arguments: Any) -> Any:
        asked.append(arguments)
        return gated_files(*arguments)

    monkeypatch.setattr(gates, "gated_files", counted)
    for name, text in (
        ("", ""),
        ("bases.py", OWN.replace("Warm", "Cold")),
        ("bases.py", OWN),
        ("inner/bases.py", OWN.replace("LambdaLR", "Other")),
        ("inner/bases.py", None),
        ("inner/other.py", NO_SCHEDULER),
        ("inner/other.py", BUG),
    ):
        if name:
            change(project, name, text)
        asked.clear()
        warm = told(project, *command)
        assert warm == told(project, *command, "--no-cache")
        # What goes away leaves what was there before it came.
        if start == ".":
            assert len(asked) == (text not in ("", None))
    assert cold[0] == 1


@pytest.mark.usefixtures("keen")
def test_what_the_gates_said_of_a_file_that_goes_away_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "b.py").write_text(BUG)
    for _ in range(2):
        assert told(tmp_path, ".")[0] == 1
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").symlink_to("nowhere.py")
    assert told(tmp_path, ".") == told(tmp_path, ".", "--no-cache")
    (tmp_path / "nowhere.py").write_text(BUG)
    assert told(tmp_path, ".") == told(tmp_path, ".", "--no-cache")


def test_few_or_young_files_are_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(ALONE)
    told(tmp_path, ".")
    monkeypatch.setattr(gates, "_FEWEST", 1)
    told(tmp_path, ".")
    with sqlite3.connect(tmp_path / CACHE / FILE) as database:
        assert database.execute("SELECT COUNT(*) FROM entries").fetchone() == (1,)
    database.close()


def test_whatever_may_be_asked_is_noted() -> None:
    """A question that nobody notes is one on whose answer a result may rest unnoticed."""
    asked = {name for name, value in vars(Surroundings).items() if callable(value) and not name.startswith("_")}

    # What a file names of the project's own schedulers is in the key.
    assert asked - vars(Recorder).keys() == {"names_no_own"}


def test_the_versions_name_this_version() -> None:
    assert lr_lint.__version__ in versions.versions()
