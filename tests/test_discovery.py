from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lr_lint.source.discovery import discover, read_file, read_if_there
from lr_lint.source.file_paths import PathPattern
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Failure
from tests.support import run_python


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def grow(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


def test_python_files_are_found_in_a_stable_order(tree: Path) -> None:
    grow(tree, "b.py", "a.pyi", "readme.md", "c/d/e.py", "c/a.py", "notpy")

    assert list(discover(["."])) == ["a.pyi", "b.py", "c/a.py", "c/d/e.py"]


def test_paths_are_relative_to_the_current_directory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(tree, "pkg/a.py", "other/b.py")
    monkeypatch.chdir(tree / "pkg")

    assert list(discover([str(tree / "pkg")])) == ["a.py"]
    assert list(discover(["../other", str(tree / "other")])) == ["../other/b.py"]


def test_each_file_comes_once(tree: Path) -> None:
    grow(tree, "pkg/a.py")

    assert list(discover([".", "pkg", "./pkg/a.py", "pkg/../pkg/a.py"])) == ["pkg/a.py"]


@pytest.mark.parametrize(
    "folder", [".git", ".venv", "venv", "node_modules", "__pycache__", ".tox", "build", "dist", "site-packages"]
)
def test_folders_of_others_are_not_searched_unless_named(folder: str, tree: Path) -> None:
    grow(tree, "a.py", f"pkg/{folder}/b.py")

    assert list(discover(["."])) == ["a.py"]
    assert list(discover([f"pkg/{folder}"])) == [f"pkg/{folder}/b.py"]


def test_virtual_environment_is_known_by_its_marker(tree: Path) -> None:
    grow(tree, "a.py", "my-env/pyvenv.cfg", "my-env/b.py", "env/simulator.py")

    assert list(discover(["."])) == ["a.py", "env/simulator.py"]


def test_named_file_is_checked_whatever_its_name_and_place(tree: Path) -> None:
    grow(tree, "script", "build/b.py")
    (tree / ".gitignore").write_text("script\n")

    assert list(discover(["script", "build/b.py"])) == ["script", "build/b.py"]


def test_gitignore_files_of_all_levels_count(tree: Path) -> None:
    grow(tree, "a.py", "gen_a.py", "sub/b.py", "sub/gen_b.py", "sub/local.py", "deep/er/local.py", "output/c.py")
    (tree / ".gitignore").write_text("gen_*.py\noutput/\n!\n[z-a]\n")
    (tree / "sub" / ".gitignore").write_text("local.py\n!gen_b.py\n")

    assert list(discover(["."])) == ["a.py", "deep/er/local.py", "sub/b.py", "sub/gen_b.py"]


@pytest.mark.parametrize("directory", [".", "sub"])
def test_gitignore_of_the_repository_counts_in_its_folders(
    directory: str, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / ".git").mkdir()
    grow(tree, "sub/a.py", "sub/gen.py", "sub/deep/gen.py", "sub/deep/b.py")
    (tree / ".gitignore").write_text("sub/gen.py\n/sub/deep/g*\n")
    monkeypatch.chdir(directory)

    prefix = "sub/" if directory == "." else ""
    assert list(discover([str(tree / "sub")])) == [f"{prefix}a.py", f"{prefix}deep/b.py"]


def test_gitignore_above_the_repository_does_not_count(tree: Path) -> None:
    (tree / ".gitignore").write_text("*.py\n")
    (tree / "repository" / ".git").mkdir(parents=True)
    grow(tree, "repository/a.py")

    assert list(discover(["repository"])) == ["repository/a.py"]


def test_ignored_folder_is_searched_if_it_is_named(tree: Path) -> None:
    (tree / ".git").mkdir()
    (tree / ".gitignore").write_text("output/\n")
    grow(tree, "output/a.py")

    assert list(discover(["output"])) == ["output/a.py"]
    assert list(discover(["."])) == []


def test_excluded_files_and_folders_are_left_out(tree: Path) -> None:
    grow(tree, "a.py", "old/b.py", "src/old.py", "src/gen/c.py")
    settings = Settings(exclude=(PathPattern(str(tree), "old"), PathPattern(str(tree), "src/gen")))

    assert list(discover(["."], settings.excludes)) == ["a.py", "src/old.py"]


def test_missing_path_is_a_failure_and_the_others_go_on(tree: Path) -> None:
    grow(tree, "a.py")

    assert list(discover(["none.py", "a.py"])) == [Failure("none.py", "No such file or directory"), "a.py"]


def test_links_to_folders_are_not_followed(tree: Path) -> None:
    grow(tree, "pkg/a.py")
    (tree / "pkg" / "again").symlink_to(tree / "pkg")

    assert list(discover(["."])) == ["pkg/a.py"]


def test_link_to_a_file_is_a_file_and_a_dangling_one_is_nothing(tree: Path) -> None:
    grow(tree, "a.py")
    (tree / "b.py").symlink_to("a.py")
    (tree / "c.py").symlink_to("gone.py")

    assert list(discover(["."])) == ["a.py", "b.py"]


def test_link_to_itself_is_a_failure(tree: Path) -> None:
    grow(tree, "a.py")
    (tree / "loop.py").symlink_to("loop.py")

    found = list(discover([".", "loop.py"]))

    assert found[0] == "a.py"
    assert {failure.path for failure in found[1:] if isinstance(failure, Failure)} == {"loop.py"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_pipe_is_not_read(tree: Path) -> None:
    os.mkfifo(tree / "pipe.py")

    assert list(discover(["."])) == []
    assert list(discover(["pipe.py"])) == [Failure("pipe.py", "not a file")]


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names of arbitrary bytes")
def test_name_that_is_not_utf8(tree: Path) -> None:
    name = os.fsdecode(b"\xff.py")
    grow(tree, name)

    assert list(discover(["."])) == [name]
    assert read_file(name) == b""


def test_reading(tree: Path) -> None:
    (tree / "a.py").write_bytes(b"x\r\n")

    assert read_file("a.py") == b"x\r\n"
    assert read_file("b.py") == Failure("b.py", "No such file or directory")
    assert read_if_there("a.py") == b"x\r\n"
    assert read_if_there("b.py") is None
    assert read_if_there("a\0.py") is None


def test_pathspec_is_imported_only_for_a_gitignore(tree: Path) -> None:
    grow(tree, "a.py")
    program = (
        "import sys\n"
        "from lr_lint.source.discovery import discover\n"
        "print(list(discover(['.'])), 'pathspec' in sys.modules)\n"
    )

    def imports_pathspec() -> str:
        return run_python("-c", program, cwd=tree).stdout.split()[-1]

    assert imports_pathspec() == "False"
    (tree / ".gitignore").write_text("b.py\n")
    assert imports_pathspec() == "True"
