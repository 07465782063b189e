"""The hook that we offer, installed by the real pre-commit from a clone of this working tree; and our own hooks."""

from __future__ import annotations

import os
import re
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


def pre_commit(*arguments: str, cwd: Path, cache: Path, skip: str = "") -> subprocess.CompletedProcess[str]:
    """Run pre-commit, with what is installed beside this Python on the path."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env=environment(PRE_COMMIT_HOME=str(cache), PATH=path, SKIP=skip),
        capture_output=True,
        text=True,
        check=False,
    )


def as_local_hooks() -> str:
    """The hooks that we offer, as they stand in the settings of pre-commit, for the command that is installed here."""
    offered = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    local = offered.replace("language: python", "language: system\n  args: [--output-format=concise]")
    return "".join(f"  {line}\n" for line in local.splitlines() if "minimum_pre_commit_version" not in line)


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


@pytest.mark.slow
def test_hook_works_from_a_clone(clone: Path, tmp_path: Path) -> None:
    user = tmp_path / "user"
    (user / "pkg").mkdir(parents=True)
    (user / "pkg" / "train.py").write_text(BUG)
    (user / "pkg" / "fixed.pyi").write_text(FIXED)
    (user / "pkg" / "notes.txt").write_text(BUG)
    revision = git("rev-parse", "HEAD", cwd=clone).strip()
    (user / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {clone}\n  rev: {revision}\n  hooks:\n"
        "  - id: lr-lint\n    args: [--output-format=concise]\n"
        "  - id: lr-lint-project\n    args: [--output-format=concise]\n"
    )
    repository(user)

    cache = tmp_path / "cache"
    installed = pre_commit("install-hooks", cwd=user, cache=cache)
    if any(sign in installed.stdout for sign in UNREACHABLE):
        pytest.skip("pre-commit cannot build the hook's environment: no package index is reachable")
    assert installed.returncode == 0, installed.stdout

    failed = pre_commit("run", "--all-files", cwd=user, cache=cache)
    assert failed.returncode == 1
    assert failed.stdout.count("exit code: 1") == 2
    assert [line.split(" ")[:2] for line in failed.stdout.splitlines() if ".py" in line] == [
        ["pkg/train.py:6:57:", "LR101"],
        ["pkg/train.py:6:57:", "LR101"],
    ]

    # The pages of the rules are in what was built.
    (command,) = (each for each in cache.rglob("lr-lint") if each.parent.name == "bin")
    explained = subprocess.run([command, "explain", "LR101"], capture_output=True, text=True, check=True).stdout
    assert explained == (ROOT / "docs" / "rules" / "LR101-rate-returned-as-factor.md").read_text(encoding="utf-8")

    (user / "pkg" / "train.py").write_text(FIXED)
    git("add", "--all", cwd=user)
    passed = pre_commit("run", "--all-files", cwd=user, cache=cache)
    assert passed.returncode == 0, passed.stdout


@pytest.mark.slow
def test_hook_for_the_project_sees_what_a_commit_makes_wrong_in_other_files(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    user = tmp_path / "user"
    user.mkdir()
    (user / "rates.py").write_text("def decay(epoch):\n    return 0.95**epoch\n")
    used = BUG.replace("lr_lambda=lambda epoch: lr * 0.95**epoch", "decay").replace(
        "\nlr", "from rates import decay\n\nlr"
    )
    (user / "train.py").write_text(used)
    (user / ".pre-commit-config.yaml").write_text(f"repos:\n- repo: local\n  hooks:\n{as_local_hooks()}")
    repository(user)
    assert pre_commit("run", "--all-files", cwd=user, cache=tmp_path).returncode == 0

    (user / "rates.py").write_text("def decay(epoch):\n    return 0.001 * 0.95**epoch\n")
    git("add", "rates.py", cwd=user)

    assert pre_commit("run", "lr-lint", cwd=user, cache=tmp_path).returncode == 0
    whole = pre_commit("run", "lr-lint-project", cwd=user, cache=tmp_path)
    assert whole.returncode == 1
    assert re.search(r"^train\.py:\d+:\d+: LR101 ", whole.stdout, re.MULTILINE)


def test_our_own_hooks_pass(clone: Path, tmp_path: Path) -> None:
    """Those that `python -m tests` does not run by itself; what they would change is a failure."""
    done = pre_commit("run", "--all-files", cwd=clone, cache=tmp_path, skip="ruff-check,ruff-format,mypy")

    assert done.returncode == 0, done.stdout
    assert [line.split(".")[0] for line in done.stdout.splitlines() if line.endswith("Passed")] == [
        "lr-lint",
        "generated parts",
    ]
