"""``--add-suppressions``: comments in the right lines, after which nothing is found and the program is the same."""

from __future__ import annotations

import ast
import json
import os
import stat
from pathlib import Path

import pytest

from tests.notebooks import notebook_bytes
from tests.support import BUG, FIXED, findings, lr_lint

COMMENT = "  # lr-lint: ignore[LR101]"
HEAD = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\nlr = 0.001\n"
HEAD += "optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)\n"
# The statement with the finding, and what it is to be.
STATEMENTS = {
    "one line": (
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)",
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # lr-lint: ignore[LR101]",
    ),
    "in brackets": (
        "s = LambdaLR(\n    optimizer,\n    lambda e: lr\n    * 0.9**e,\n)",
        "s = LambdaLR(\n    optimizer,\n    lambda e: lr  # lr-lint: ignore[LR101]\n    * 0.9**e,\n)",
    ),
    "continued by a backslash": (
        "s = LambdaLR(optimizer, lambda e: lr \\\n    * 0.9**e)",
        "s = LambdaLR(optimizer, lambda e: lr \\\n    * 0.9**e)  # lr-lint: ignore[LR101]",
    ),
    "up to within a string": (
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e + len('''a\n# b''') * 0)",
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e + len('''a\n# b''') * 0)  # lr-lint: ignore[LR101]",
    ),
    "with a comment": (
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # why not",
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # why not  # lr-lint: ignore[LR101]",
    ),
    "with comments for others": (
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # type: ignore  # noqa: E501",
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # type: ignore  # noqa: E501  # lr-lint: ignore[LR101]",
    ),
    "with a comment of ours": (
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # lr-lint: ignore[LR102] reason",
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # lr-lint: ignore[LR102, LR101] reason",
    ),
    "two in one line": (
        "a, b = LambdaLR(optimizer, lambda e: lr * e), LambdaLR(optimizer, lambda e: lr)",
        "a, b = LambdaLR(optimizer, lambda e: lr * e), LambdaLR(optimizer, lambda e: lr)  # lr-lint: ignore[LR101]",
    ),
    "in a function": (
        "def f(e):\n    return lr * 0.9**e\ns = LambdaLR(optimizer, f)",
        "def f(e):\n    return lr * 0.9**e  # lr-lint: ignore[LR101]\ns = LambdaLR(optimizer, f)",
    ),
    "with space at its end": (
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)   ",
        "s = LambdaLR(optimizer, lambda e: lr * 0.9**e)  # lr-lint: ignore[LR101]",
    ),
}


@pytest.mark.parametrize(("statement", "expected"), STATEMENTS.values(), ids=STATEMENTS)
@pytest.mark.parametrize("end", ["\n", ""], ids=["a line end", "no line end"])
def test_comment_stands_in_the_right_line(statement: str, expected: str, end: str, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(HEAD + statement + end)

    done = lr_lint("--add-suppressions", cwd=tmp_path)

    assert (tmp_path / "train.py").read_text() == HEAD + expected + end
    number = "2 findings" if statement.startswith("a, b") else "1 finding"
    assert (done.returncode, done.stderr) == (0, f"lr-lint: {number} suppressed in 1 file\n")
    assert done.stdout.startswith("No problems found")
    assert findings(cwd=tmp_path) == []
    assert ast.dump(ast.parse(HEAD + expected)) == ast.dump(ast.parse(HEAD + statement))


def test_running_again_changes_nothing(project: Path) -> None:
    lr_lint("--add-suppressions", cwd=project)
    before = (project / "train.py").read_bytes()

    done = lr_lint("--add-suppressions", cwd=project)

    assert (done.returncode, done.stderr) == (0, "lr-lint: 0 findings suppressed in 0 files\n")
    assert (project / "train.py").read_bytes() == before
    assert findings("--extend-select", "LR902", cwd=project) == []


def test_encoding_line_ends_and_rights_stay(tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    data = ("# coding: latin-1\n# é\n" + BUG).replace("\n", "\r\n").encode("latin-1")
    path.write_bytes(data)
    path.chmod(0o750)

    lr_lint("--add-suppressions", cwd=tmp_path)

    assert path.read_bytes() == data.removesuffix(b"\r\n") + COMMENT.encode() + b"\r\n"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o750


def test_cells_of_notebooks(tmp_path: Path) -> None:
    data = notebook_bytes(
        "%matplotlib inline\n" + HEAD, "# a cell\n%time s = LambdaLR(optimizer, lambda e: lr * 0.9**e)"
    )
    (tmp_path / "nb.ipynb").write_bytes(data)
    assert [found[3] for found in findings(cwd=tmp_path)] == ["LR101"]

    done = lr_lint("--add-suppressions", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "lr-lint: 1 finding suppressed in 1 file\n")
    cells = json.loads((tmp_path / "nb.ipynb").read_bytes())["cells"]
    assert "".join(cells[1]["source"]).endswith(f"0.9**e){COMMENT}")
    assert findings(cwd=tmp_path) == []


def test_only_what_is_asked_for_is_suppressed(project: Path) -> None:
    (project / "other.py").write_text(BUG)

    lr_lint("--add-suppressions", "other.py", cwd=project)
    lr_lint("--add-suppressions", "--select", "LR102", "train.py", cwd=project)

    assert (project / "train.py").read_text() == BUG
    assert COMMENT in (project / "other.py").read_text()


def test_what_cannot_be_read_is_said_and_the_others_go_on(project: Path) -> None:
    (project / "broken.py").write_text("LambdaLR(\n")
    (project / "fine.py").write_text(FIXED)

    done = lr_lint("--add-suppressions", cwd=project)

    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "lr-lint: 1 finding suppressed in 1 file",
        "lr-lint: broken.py:1:9: syntax error: '(' was never closed",
    ]
    assert (project / "broken.py").read_text() == "LambdaLR(\n"


def test_a_link_out_of_the_project_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "elsewhere.py").write_text(BUG)
    (tmp_path / "project" / "train.py").symlink_to(tmp_path / "elsewhere.py")

    done = lr_lint("--add-suppressions", cwd=tmp_path / "project")

    assert done.returncode == 3
    assert "the link leads out of the project" in done.stderr
    assert (tmp_path / "elsewhere.py").read_text() == BUG


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "--add-suppressions writes into files, and the standard input is none"),
        (["--fix"], "--add-suppressions and --fix make different things of the findings: one at a time"),
        (
            ["--write-baseline"],
            "--write-baseline and --add-suppressions make different things of the findings: one at a time",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str, project: Path) -> None:
    done = lr_lint("--add-suppressions", *arguments, cwd=project)

    assert (done.returncode, done.stderr) == (2, f"lr-lint: {said}\n")
    assert (project / "train.py").read_text() == BUG
