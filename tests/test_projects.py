"""A file gets one answer, whoever asks: alone, with its folder, from another folder, or as one of many."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lr_lint.api import check_files, check_paths
from lr_lint.source.disk import Disk
from lr_lint.source.surroundings import InMemory
from tests.test_fixtures import PROJECTS

ROOTS = sorted(path for path in PROJECTS.iterdir() if path.is_dir())


@pytest.fixture(params=ROOTS, ids=lambda root: root.name)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a project, which nothing lies above."""
    root = tmp_path / "project"
    shutil.copytree(request.param, root)
    (root / "setup.cfg").write_text("")
    monkeypatch.chdir(root)
    return root


def test_alone_and_with_its_tree(project: Path) -> None:
    together = {report.path: report for report in check_paths(["."])}

    for path, report in together.items():
        assert check_paths([path]) == [report]
    assert any(report.sites for report in together.values())


def test_from_another_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(paths: list[str]) -> list[tuple[str, int, str, str]]:
        return [
            (Path(found.path).name, found.span.line, found.code, found.message.replace("project/", ""))
            for report in check_paths(paths)
            for found in report.diagnostics
        ]

    here = told(["."])
    monkeypatch.chdir(project.parent)

    assert told(["project"]) == here


def test_nearest_first() -> None:
    files = dict.fromkeys(("a/b/x.py", "a/b/y.py", "a/c/z.py", "w.py", "a/b/d/v.py"), b"build()")

    assert InMemory(files).mentioning("a/b/x.py", b"build(") == ["a/b/y.py", "a/b/d/v.py", "a/c/z.py", "w.py"]


def test_what_is_ignored_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("schedules.py", "train.py", "old/train.py", ".venv/train.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("build()\n")
    (tmp_path / ".gitignore").write_text("old/\n")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    assert Disk().mentioning("schedules.py", b"build(") == ["train.py"]


def test_only_the_files_of_the_project_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mine/schedules.py", "mine/train.py", "other/train.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("build()\n")
    (tmp_path / "mine" / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)

    assert Disk().mentioning("mine/schedules.py", b"build(") == ["mine/train.py"]


def test_a_package_hides_a_file_of_its_name() -> None:
    train = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
from plan import schedule

optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=0.01)
scheduler = LambdaLR(optimizer, schedule)
for epoch in range(9):
    optimizer.step()
    scheduler.step()
"""
    factor = b"def schedule(epoch):\n    return 0.9**epoch\n"
    rate = b"def schedule(epoch):\n    return 0.01 * 0.9**epoch\n"

    def codes(file: bytes, package: bytes) -> list[str]:
        files = {"train.py": train.encode(), "plan.py": file, "plan/__init__.py": package}
        return [found.code for report in check_files(files) for found in report.diagnostics]

    assert codes(rate, factor) == []
    assert codes(factor, rate) == ["LR101"]
