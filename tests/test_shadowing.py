"""Nothing is imported from the folder that is checked, whatever its files are called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lr_lint.probe.targets import torch_is_installed
from tests.support import BUG, environment, lr_lint

LIBRARIES = "flake8 libcst lr_lint matplotlib numpy pathspec plotext pycodestyle pyflakes rich torch yaml".split()
SCRIPTS = Path(sys.executable).parent


def shadow(folder: Path, names: set[str]) -> Path:
    """A program to be checked, among modules that must not be imported."""
    for name in names:
        (folder / f"{name}.py").write_text("raise SystemExit('it was imported from the folder that is checked')\n")
    (folder / "train.py").write_text(BUG)
    return folder


def found(folder: Path, *command: str, **changes: str) -> str:
    """The findings in the program, which a command prints."""
    done = subprocess.run(command, cwd=folder, env=environment(**changes), capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def every_name() -> set[str]:
    return {name for name in sys.stdlib_module_names if not name.startswith("_")}.union(LIBRARIES) - {"antigravity"}


def names_at_start() -> set[str]:
    """What `python -m` imports before anybody can tell it not to look in the current directory."""
    told = "try:\n import runpy; runpy.run_module('not_there')\nexcept ImportError:\n import sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split())


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return shadow(tmp_path, every_name())


@pytest.mark.skipif(sys.version_info < (3, 11), reason="this Python has no -P")
def test_as_a_module_without_the_current_directory(folder: Path) -> None:
    assert "LR101" in found(folder, sys.executable, "-P", "-m", "lr_lint", "train.py", "--color", "always")


def test_as_a_module(tmp_path: Path) -> None:
    folder = shadow(tmp_path, every_name() - names_at_start() - {"lr_lint"})

    assert "LR101" in found(folder, sys.executable, "-m", "lr_lint", "train.py", "--color", "always")


def test_with_the_current_directory_on_the_path(tmp_path: Path) -> None:
    folder = shadow(tmp_path, every_name() - names_at_start() - {"lr_lint"})
    command = [sys.executable, "-m", "lr_lint", "sites", "--color", "always"]

    assert "contradicts" in found(folder, *command, PYTHONPATH=str(folder))


@pytest.mark.parametrize("command", [["lr-lint", "train.py"], ["flake8", "--isolated", "--select", "LR", "train.py"]])
def test_as_a_command(command: list[str], folder: Path) -> None:
    assert "LR101" in found(folder, str(SCRIPTS / command[0]), *command[1:])


@pytest.mark.slow
@pytest.mark.skipif(not torch_is_installed(), reason="needs torch")
@pytest.mark.parametrize("options", [[], ["--run"]], ids=["slice", "run"])
def test_the_probe_imports_what_it_needs_before_the_user_s_code(options: list[str], folder: Path) -> None:
    done = lr_lint("probe", *options, "train.py", "--device", "cpu", cwd=folder)

    assert "contradicts" in done.stdout
    assert done.stderr == ""
