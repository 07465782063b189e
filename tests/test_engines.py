"""The programs of docs/engines.md do what is said there, and `check_files` gives what the command finds."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lr_lint import Settings, check_files, check_paths
from tests.support import BUG, FIXED, NO_SCHEDULER, environment, findings
from tests.test_readme import DOCUMENTS, blocks

FIXTURES = Path(__file__).parent.parent / "fixtures"
PROJECTS = sorted(path for path in (FIXTURES / "projects").iterdir() if path.is_dir())
DASK, _ = blocks("python", DOCUMENTS["docs/engines.md"])
# The first process that checks a repository of that name is ended by the system, as it seems.
LOST = """
    marker = pathlib.Path("lost.mark")
    if "lost" in set(table["repository"]) and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    rows = []
"""


def laid_out(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_a_project_in_memory_has_the_findings_of_its_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = contents(folder)
    laid_out(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    on_disk = {report.path: replace(report, parsed=False) for report in check_paths(".", Settings())}

    assert {report.path: replace(report, parsed=False) for report in check_files(files)} == on_disk


def test_only_what_is_asked_for_is_checked() -> None:
    files = {"a.py": BUG.encode(), "b.py": FIXED.encode(), "notes.txt": b"LambdaLR(optimizer, lambda e: 0.1)"}
    assert [report.path for report in check_files(files)] == ["a.py", "b.py"]
    (report,) = check_files(files, Settings(select=("LR102",)), only=["a.py"])

    assert (report.path, report.diagnostics) == ("a.py", ())
    assert pickle.loads(pickle.dumps(check_files))(files, Settings(), only=["a.py"])[0].diagnostics


def repositories(folder: Path) -> dict[str, dict[str, bytes]]:
    own = {"lost": {"train.py": BUG.encode(), "sub/plain.py": NO_SCHEDULER.encode(), "broken.py": b"LambdaLR(("}}
    return {**{path.name: contents(path) for path in PROJECTS[:6]}, **own}


@pytest.mark.slow
def test_dask_finds_what_the_command_finds_though_a_worker_is_lost(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("distributed")
    pytest.importorskip("pyarrow")
    found = repositories(tmp_path)
    rows = [(name, path, data) for name, files in found.items() for path, data in files.items()]
    table = pandas.DataFrame(rows, columns=["repository", "path", "content"])
    table.to_parquet(tmp_path / "sources.parquet", row_group_size=3)
    program = "import os, pathlib, signal\n" + DASK.replace("    rows = []\n", LOST.lstrip("\n"), 1)
    (tmp_path / "check_table.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "check_table.py", "sources.parquet", "findings"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "lost.mark").exists()
    written = pandas.read_parquet(tmp_path / "findings")
    told = sorted(zip(*(written[name] for name in ("repository", "path", "line", "column", "code")), strict=True))
    expected = []
    for name, files in found.items():
        laid_out(tmp_path / name, files)
        expected += [(name, *each) for each in findings("--isolated", ".", cwd=tmp_path / name)]

    assert told == sorted(expected)
    assert {("lost", "train.py", 6, 57, "LR101"), ("lost", "broken.py", 1, 10, "LR901")} <= set(told)
