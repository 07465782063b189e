"""What is wrong with one input is said in one line, and the other inputs are checked all the same."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support import BUG, FIXED, document_of, findings, lr_lint, run_python

NAME = "# LambdaLR\n"


def check(folder: Path, *paths: str) -> tuple[int, list[str], list[str]]:
    """Check a folder with the good file, and give exit status, lines on standard error, and paths with findings."""
    done = lr_lint("--output-format", "json", *(paths or (".",)), cwd=folder)
    assert "Traceback" not in done.stderr
    return (
        done.returncode,
        done.stderr.splitlines(),
        [diagnostic["path"] for diagnostic in document_of(done)["diagnostics"]],
    )


UNREADABLE = {
    "a file that does not parse": (f"{NAME}x = 1\ny = )\n".encode(), "broken.py:3:5: syntax error: unmatched ')'"),
    "Python 2": (f"{NAME}print 'x'\n".encode(), "broken.py:2:1: syntax error: Missing parentheses in call to 'print'"),
    "invalid UTF-8": (f"{NAME}x = '".encode() + b"\xff'\n", "broken.py:2: byte 0xff is not valid utf-8"),
    "an unknown encoding": (f"# coding: klingon\n{NAME}".encode(), "broken.py: cannot be decoded: unknown encoding"),
    "a null byte": (NAME.encode() + b"x = 1\0\n", "broken.py:2: contains a null byte"),
    "2,000 parentheses": (f"{NAME}x = {'(' * 2000}1{')' * 2000}\n".encode(), "broken.py:2:205: syntax error: too many"),
    "5,000 minus signs": (f"{NAME}x = {'-' * 5000}1\n".encode(), "broken.py: nested too deeply to be analysed"),
    "a sum of 5,000 terms": (f"{NAME}x = {'+'.join(['1'] * 5000)}\n".encode(), "broken.py: nested too deeply"),
}


@pytest.mark.parametrize(("data", "line"), UNREADABLE.values(), ids=UNREADABLE)
def test_file_that_cannot_be_analysed(data: bytes, line: str, project: Path) -> None:
    (project / "broken.py").write_bytes(data)
    status, errors, found = check(project)

    assert status == 3
    assert len(errors) == 1
    # Where Python's own parser gives up on depth, it does not say on which line; whether it does differs by version.
    said = errors[0].replace("broken.py:2: nested", "broken.py: nested")
    assert said.startswith(f"lr-lint: {line}")
    assert found == ["broken.py", "train.py"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        pytest.param(b"# coding: latin-1\n# \xe9\n" + BUG.encode(), (8, 57), id="latin-1"),
        pytest.param(BUG.encode("utf-8-sig"), (6, 57), id="a byte order mark"),
        pytest.param(BUG.replace("\n", "\r\n").encode(), (6, 57), id="CRLF"),
        pytest.param(BUG.replace("\n", "\r").encode(), (6, 57), id="CR"),
        pytest.param(
            b"import torch\nfrom torch.optim.lr_scheduler import LambdaLR\nif True:\n\tlr = 0.001\n"
            b"\toptimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)\n"
            b"\tscheduler = LambdaLR(optimizer, lambda e: lr * 0.95**e)\n",
            (6, 44),
            id="tabs",
        ),
        pytest.param(BUG.encode() + b"DATA = '''" + b"0123456789\n" * 100_000 + b"'''\n", (6, 57), id="1 MB"),
    ],
)
def test_odd_but_legal_file_is_checked(data: bytes, place: tuple[int, int], tmp_path: Path) -> None:
    (tmp_path / "train.py").write_bytes(data)

    assert findings(cwd=tmp_path) == [("train.py", *place, "LR101")]


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"LambdaLR", NAME.encode()])
def test_file_with_nothing_in_it(data: bytes, project: Path) -> None:
    (project / "nothing.py").write_bytes(data)

    assert check(project) == (1, [], ["train.py"])


def test_number_that_would_fill_the_memory(project: Path) -> None:
    (project / "huge.py").write_text(FIXED.replace("0.95**epoch", "10 ** 10 ** 10"))

    assert check(project) == (1, [], ["train.py"])


def test_missing_path(project: Path) -> None:
    assert check(project, "none.py", "train.py", "none/") == (
        3,
        ["lr-lint: none.py: No such file or directory", "lr-lint: none: No such file or directory"],
        ["train.py"],
    )


def test_folder_without_python_files(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").touch()

    assert check(tmp_path) == (0, ["lr-lint: no Python files found in ."], [])


def test_links_that_lead_in_a_circle(project: Path) -> None:
    (project / "folder").mkdir()
    (project / "folder" / "up").symlink_to(project)
    (project / "loop.py").symlink_to("loop.py")
    status, errors, found = check(project)

    assert (status, found) == (3, ["train.py"])
    assert errors == ["lr-lint: loop.py: Too many levels of symbolic links"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that even root cannot read")
def test_unreadable_file(project: Path) -> None:
    (project / "locked.py").symlink_to("/proc/self/mem")
    status, errors, found = check(project)

    assert (status, found) == (3, ["train.py"])
    assert errors == ["lr-lint: locked.py: Input/output error"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_forbidden_folder(project: Path) -> None:
    (project / "locked").mkdir(mode=0)

    assert check(project) == (3, ["lr-lint: locked: Permission denied"], ["train.py"])


def test_broken_configuration_stops_the_files_that_it_is_for(project: Path) -> None:
    """What is wrong with them is not told; that of other projects is (`test_monorepo`)."""
    (project / "pyproject.toml").write_text("[tool.lr-lint]\nselect = [\n")
    done = lr_lint(cwd=project)

    assert done.returncode == 2
    assert done.stdout == "No problems found (0 schedulers in 1 file). Not checked: 1 path.\n"
    assert done.stderr.startswith("lr-lint: pyproject.toml: not valid TOML: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed")
def test_current_directory_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = "import os, sys; os.rmdir(os.getcwd()); from lr_lint.command.cli import main; sys.exit(main([]))"
    done = run_python("-c", program, cwd=gone)

    assert done.returncode == 2
    assert done.stderr == "lr-lint: the current directory is gone: No such file or directory\n"
