"""What is read for a file lies in its project, wherever imports, paths and links lead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lr_lint.source.disk import Disk
from tests.support import document_of, lr_lint

SECRET = 0.0123456
TRAIN = """\
import json, tomllib, yaml
from pathlib import Path
import torch
from torch.optim.lr_scheduler import LambdaLR
settings = None
{statement}
optimizer = torch.optim.SGD([torch.zeros(1)], lr={rate})
scheduler = LambdaLR(optimizer, lambda epoch: {rate} * 0.9**epoch)
whole = LambdaLR(optimizer, lambda epoch: settings)
"""


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    """A project with a package in it, and beside it what is nobody's business."""
    root = tmp_path / "project"
    (root / "pkg").mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "pkg" / "__init__.py").write_text("")
    (root / "elsewhere").symlink_to(tmp_path / "private")
    private = tmp_path / "private"
    private.mkdir()
    for folder in (private, tmp_path):
        (folder / "secret.yaml").write_text(f"lr: {SECRET}\n")
        (folder / "secret.py").write_text(f"LR = {SECRET}\n")
    (root / "link.yaml").symlink_to(private / "secret.yaml")
    (root / "link.py").symlink_to(private / "secret.py")
    return root


def sites(folder: Path, statement: str, rate: str) -> tuple[float | None, str]:
    """What `sites` says about a program: the number of its rate, and why it knows nothing of its second callable."""
    (folder / "pkg" / "train.py").write_text(TRAIN.format(statement=statement, rate=rate))
    listed = lr_lint("sites", "pkg/train.py", "--output-format", "json", cwd=folder)
    checked = lr_lint("pkg/train.py", "--min-confidence", "possible", "--output-format", "json", cwd=folder)
    assert str(SECRET) not in listed.stdout + listed.stderr + checked.stdout + checked.stderr
    first, second = document_of(listed)["sites"]
    return first["groups"][0]["lr"], second["reason"]


LOADING = "settings = yaml.safe_load(open({path!r}))"
OUTSIDE = "it lies outside the project"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../../secret.yaml", OUTSIDE),
        ("../../private/secret.yaml", OUTSIDE),
        ("../../private/../secret.yaml", OUTSIDE),
        ("../link.yaml", OUTSIDE),
        ("link.yaml", OUTSIDE),
        ("elsewhere/secret.yaml", OUTSIDE),
        ("secret.yaml", "there is no such file"),
        ("../../nothing.yaml", "there is no such file"),
        ("/etc/secret.yaml", "its path is absolute"),
        ("~/secret.yaml", "its path is absolute"),
        ("C:/secret.yaml", "its path is absolute"),
        ("/etc/passwd", "it is no settings file"),
    ],
)
def test_settings_outside_are_not_read(path: str, reason: str, root: Path) -> None:
    rate, told = sites(root, LOADING.format(path=path), "settings['lr']")

    assert rate is None
    assert reason in told


@pytest.mark.parametrize(
    "path",
    [
        "Path(__file__).parent.parent.parent / 'secret.yaml'",
        "Path(__file__).resolve().parents[2] / 'private' / 'secret.yaml'",
        "Path(__file__).parents[1] / 'elsewhere' / 'secret.yaml'",
        "Path(__file__).parents[1] / 'link.yaml'",
    ],
)
def test_settings_outside_are_not_read_by_the_place_of_the_file(path: str, root: Path) -> None:
    assert sites(root, f"settings = yaml.safe_load(open({path}))", "settings['lr']")[0] is None


@pytest.mark.parametrize(
    "statement",
    [
        "from secret import LR",
        "from link import LR",
        "from ..link import LR",
        "from ...secret import LR",
        "from elsewhere.secret import LR",
        "from private.secret import LR",
    ],
)
def test_code_outside_is_not_read(statement: str, root: Path) -> None:
    assert sites(root, statement, "LR")[0] is None


@pytest.mark.parametrize("path", ["../settings.yaml", "settings.yaml", "conf/settings.yaml", "inside.yaml"])
def test_settings_inside_are_read(path: str, root: Path) -> None:
    (root / "conf").mkdir()
    for name in ("settings.yaml", "conf/settings.yaml"):
        (root / name).write_text("lr: 0.25\n")
    (root / "inside.yaml").symlink_to(root / "conf" / "settings.yaml")

    assert sites(root, LOADING.format(path=path), "settings['lr']")[0] == 0.25


def test_code_inside_is_read_through_links(root: Path) -> None:
    (root / "rates.py").write_text("LR = 0.25\n")
    (root / "pkg" / "same.py").symlink_to(root / "rates.py")

    assert sites(root, "from .same import LR", "LR")[0] == 0.25


@pytest.mark.parametrize("name", ["pipe.yaml", "folder.yaml", "null.yaml", "loop.yaml"])
def test_what_is_no_file_is_not_waited_for(name: str, root: Path) -> None:
    os.mkfifo(root / "pipe.yaml")
    (root / "folder.yaml").mkdir()
    (root / "null.yaml").symlink_to("/dev/zero")
    (root / "loop.yaml").symlink_to("loop.yaml")

    rate, told = sites(root, LOADING.format(path=name), "settings['lr']")

    assert rate is None
    assert "there is no such file" in told


def test_callers_outside_are_not_read(root: Path) -> None:
    (root / "mine.py").write_text("build()\n")
    (root.parent / "private" / "theirs.py").write_text("build()\n")
    (root / "theirs.py").symlink_to(root.parent / "private" / "theirs.py")
    path = os.path.relpath(root / "pkg" / "__init__.py")

    assert [Path(found).name for found in Disk().mentioning(path, b"build")] == ["mine.py"]


def test_without_the_marks_of_a_project_it_is_what_the_user_named(tmp_path: Path) -> None:
    for path in ("named/pkg/train.py", "named/rates.py", "rates.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    train = str(tmp_path / "named" / "pkg" / "train.py")

    def read(disk: Disk) -> list[bool]:
        return [not disk.lies_outside(train, str(tmp_path / path)) for path in ("named/rates.py", "rates.py")]

    assert read(Disk([str(tmp_path / "named")])) == [True, False]
    assert read(Disk([train])) == [False, False]
    (tmp_path / "named" / "pkg" / "__init__.py").write_text("")
    assert read(Disk()) == [True, False]


def test_without_the_marks_of_a_project_it_is_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "pkg").mkdir(parents=True)
    for path in ("here/rates.py", "rates.py"):
        (tmp_path / path).write_text("")
    monkeypatch.chdir(tmp_path / "here")

    assert not Disk().lies_outside("pkg/train.py", "rates.py")
    assert Disk().lies_outside("pkg/train.py", "../rates.py")
    monkeypatch.chdir("/")
    train = str(tmp_path / "here" / "pkg" / "train.py")
    assert Disk().lies_outside(train, str(tmp_path / "rates.py")), "the whole disk is no project"
