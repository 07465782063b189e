"""What a target of ``lr-lint probe`` means."""

from __future__ import annotations

from pathlib import Path

import pytest

from lr_lint.probe import targets
from lr_lint.probe.targets import FactoryTarget, FileTarget, ModuleTarget, TargetError, parse_script, parse_target


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pkg").mkdir()
    for name in ("train.py", "pkg/train.py", "odd:7", "script"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("none.py", "none.py: no such file"),
        ("none.py:3", "none.py: no such file"),
        ("train.py:0", "train.py: no such line as 0"),
        ("C:\\none\\train.py", "C:\\none\\train.py: no such file"),
        ("C:\\none\\train.py:12", "C:\\none\\train.py: no such file"),
        ("pkg", "pkg is a folder: name a file in it"),
        ("train.py:build", "train.py:build: name the module, not its file (train:build)"),
        ("pkg/train.py:build", "pkg/train.py:build: name the module, not its file (pkg.train:build)"),
        ("none", "none is neither a file nor package.module:function"),
        ("pkg.train:", "pkg.train: is neither a file nor package.module:function"),
        ("pkg.train:build()", "pkg.train:build() is neither a file nor package.module:function"),
        ("", " is neither a file nor package.module:function"),
    ],
)
def test_what_is_no_target(text: str, message: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse_target(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("train.py", FileTarget("train.py")),
        ("train.py:42", FileTarget("train.py", 42)),
        ("pkg/train.py:1", FileTarget("pkg/train.py", 1)),
        ("script", FileTarget("script")),
        ("script:3", FileTarget("script", 3)),
        ("odd:7", FileTarget("odd:7")),
        ("odd:7:3", FileTarget("odd:7", 3)),
        ("pkg.train:build", FactoryTarget("pkg.train:build")),
        ("train:build", FactoryTarget("train:build")),
        ("pkg.train:Model.configure_optimizers", FactoryTarget("pkg.train:Model.configure_optimizers")),
    ],
)
def test_targets(text: str, target: FileTarget | FactoryTarget) -> None:
    assert parse_target(text) == target


def test_drive_letter_is_no_module(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"C:\\work\\train.py", "C:train.py"}
    monkeypatch.setattr("lr_lint.probe.targets.os.path.isfile", lambda path: path in here)

    assert parse_target("C:\\work\\train.py") == FileTarget("C:\\work\\train.py")
    assert parse_target("C:\\work\\train.py:42") == FileTarget("C:\\work\\train.py", 42)
    assert parse_target("C:train.py:42") == FileTarget("C:train.py", 42)


def test_torch_is_looked_for_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "find_spec", lambda name: None)

    assert not targets.torch_is_installed()


def test_module_is_run_by_its_dotted_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pack/inner").mkdir(parents=True)
    for name in ("pack/train.py", "pack/inner/__main__.py"):
        (tmp_path / name).touch()

    assert parse_script("pack/train.py") == FileTarget("pack/train.py")
    assert parse_script("pack.train") == ModuleTarget("pack.train", "pack/train.py")
    assert parse_script("pack.inner") == ModuleTarget("pack.inner", "pack/inner/__main__.py")
    with pytest.raises(TargetError, match="no such file or module here"):
        parse_script("pack.other")
