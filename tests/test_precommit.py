"""The hook, installed by the real pre-commit from a clone of this working tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import BUG, FIXED, environment

ROOT = Path(__file__).parent.parent
UNREACHABLE = ("No matching distribution found", "Could not fetch URL", "NewConnectionError", "ConnectTimeout")
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")


def git(*arguments: str, cwd: Path) -> str:
    return subprocess.run([*GIT, *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout


def repository(folder: Path) -> Path:
    """Turn a folder into a repository with one commit of all that is in it."""
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--no-verify", "--message", "all", cwd=folder)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """This working tree, uncommitted changes included, as a repository of its own."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not in a git checkout")
    folder = tmp_path / "lr-lint"
    for name in git("ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return repository(folder)


def test_hook_works_from_a_clone(clone: Path, tmp_path: Path) -> None:
    user = tmp_path / "user"
    (user / "pkg").mkdir(parents=True)
    (user / "pkg" / "train.py").write_text(BUG)
    (user / "pkg" / "fixed.pyi").write_text(FIXED)
    (user / "pkg" / "notes.txt").write_text(BUG)
    revision = git("rev-parse", "HEAD", cwd=clone).strip()
    (user / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {clone}\n  rev: {revision}\n  hooks:\n  - id: lr-lint\n    args: [--output-format=concise]\n"
    )
    repository(user)

    def pre_commit(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", *arguments],
            cwd=user,
            env=environment(PRE_COMMIT_HOME=str(tmp_path / "cache")),
            capture_output=True,
            text=True,
            check=False,
        )

    installed = pre_commit("install-hooks")
    if any(sign in installed.stdout for sign in UNREACHABLE):
        pytest.skip("pre-commit cannot build the hook's environment: no package index is reachable")
    assert installed.returncode == 0, installed.stdout

    failed = pre_commit("run", "--all-files")
    assert failed.returncode == 1
    assert "exit code: 1" in failed.stdout
    assert [line.split(" ")[:2] for line in failed.stdout.splitlines() if ".py" in line] == [
        ["pkg/train.py:6:57:", "LR101"]
    ]

    (user / "pkg" / "train.py").write_text(FIXED)
    git("add", "--all", cwd=user)
    passed = pre_commit("run", "--all-files")
    assert passed.returncode == 0, passed.stdout
