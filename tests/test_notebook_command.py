"""Notebooks as a user of the command meets them, beside files of Python, in every way in which files are given."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lr_lint.command import cli
from tests.notebooks import notebook, notebook_bytes
from tests.support import BUG, lr_lint

IMPORTS, RATE, SCHEDULE = BUG.split("\n\n")[0], *BUG.split("\n\n")[1].removesuffix("\n").split("\n", 1)
CELLS = ("markdown: # étude", IMPORTS, "%pwd", RATE, SCHEDULE)
CONCISE = (
    "train.ipynb:cell 5:2:57: LR101 [certain] the lambda returns a learning rate "
    "(`lr`, given to SGD on line 1 of cell 5), "
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "train.ipynb").write_bytes(notebook_bytes(*CELLS))
    return tmp_path


def test_text_shows_the_lines_of_cells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--isolated"]) == 1

    assert capsys.readouterr().out.splitlines()[2:10] == [
        "    |",
        "  2 | scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)",
        "    |                                                         ^^^^^^^^^^^^^^^^",
        "  train.ipynb:cell 5:2:57: `lr` is a learning rate",
        "    |",
        "  2 | scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)",
        "    |                                                         --",
        "  train.ipynb:cell 5:1:13: SGD starts from `lr` = 0.001",
    ]


def test_json_has_the_cell_of_every_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--isolated", "--fixes", "--output-format", "json"]) == 1

    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [each["cell"] for each in (found, found["site"], *found["evidence"], *found["fix"]["edits"])] == [5] * 5


def test_standard_input_is_a_notebook_by_its_name(folder: Path) -> None:
    data = Path("train.ipynb").read_bytes()
    named = ("-", "--stdin-filename", "train.ipynb", "--isolated")

    done = lr_lint(*named, "--output-format", "concise", cwd=folder, stdin=data)
    assert (done.returncode, done.stdout.startswith(CONCISE)) == (1, True)

    fixed = lr_lint(*named, "--fix", "--unsafe-fixes", cwd=folder, stdin=data)
    assert (fixed.returncode, fixed.stdout) == (0, data.decode().replace("lr * 0.95", "0.95"))


def test_standard_input_without_a_name_is_a_notebook_where_it_looks_like_one(folder: Path) -> None:
    data = (folder / "train.ipynb").read_bytes()
    named = lr_lint("-", "--stdin-filename", "train.ipynb", "--output-format", "concise", cwd=folder, stdin=data)
    unnamed = lr_lint("-", "--output-format", "concise", cwd=folder, stdin=data)

    assert unnamed.returncode == 1
    assert unnamed.stdout == named.stdout.replace("train.ipynb", "<stdin>.ipynb")


def test_fixes_leave_all_else_of_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("train.ipynb").read_bytes()

    assert cli.main(["--isolated", "--fix", "--unsafe-fixes"]) == 0

    assert Path("train.ipynb").read_bytes() == before.replace(b"lr * 0.95", b"0.95")
    assert "1 problem fixed" in capsys.readouterr().err


def test_the_diff_is_one_of_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("train.ipynb").read_bytes()
    cli.main(["--isolated", "--diff"])
    diff = capsys.readouterr().out

    subprocess.run(["git", "apply"], cwd=folder, input=diff.encode(), check=True)

    assert Path("train.ipynb").read_bytes() == before.replace(b"lr * 0.95", b"0.95")


def test_unused_comments_are_removed_from_cells(folder: Path) -> None:
    cells = ("x = 1  # noqa: LR101", "y = 2\n# lr-lint: ignore[LR103]", "# noqa: LR101\nz = 3", f"{IMPORTS}\n{BUG}")
    Path("train.ipynb").write_bytes(notebook_bytes(*cells, "%time w = 1  # noqa: LR101\n!ls  # noqa: LR101"))

    assert cli.main(["--isolated", "--extend-select", "LR902", "--fix", "--quiet"]) == 1

    left = ["x = 1", "y = 2\n", "z = 3", f"{IMPORTS}\n{BUG}", "%time w = 1\n!ls  # noqa: LR101"]
    assert sources(folder) == left


def sources(folder: Path) -> list[str]:
    document: dict[str, Any] = json.loads((folder / "train.ipynb").read_bytes())
    return ["".join(cell["source"]) for cell in document["cells"]]


def test_what_is_no_notebook_of_python_is_a_line_and_the_others_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.ipynb").write_bytes(b"LambdaLR")
    Path("b.ipynb").write_text(json.dumps(notebook("x <- LambdaLR", language_info={"name": "R"})))
    Path("c.ipynb").write_bytes(notebook_bytes(IMPORTS, "x = ("))
    Path("d.ipynb").write_bytes(b"no scheduler, so not read")

    assert cli.main(["--isolated", "--output-format", "concise"]) == 3

    output = capsys.readouterr()
    assert output.err.splitlines() == [
        "lr-lint: a.ipynb:1:1: no JSON: Expecting value",
        "lr-lint: b.ipynb: a notebook in R, not in Python",
        "lr-lint: c.ipynb:cell 2:1:5: syntax error: '(' was never closed; the cell is left out",
    ]
    assert output.out.startswith(CONCISE)


def test_settings_hold_for_notebooks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("r.ipynb").write_text(json.dumps(notebook("x <- LambdaLR", language_info={"name": "R"})))
    settings = '[tool.lr-lint]\nper-file-ignores = { "train.ipynb" = ["LR101"], "r*" = ["LR901"] }\n'
    Path("pyproject.toml").write_text(settings)

    assert cli.main(["--output-format", "concise"]) == 0
    assert cli.main(["--isolated", "--exclude", "*.ipynb", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_other_files_do_not_import_notebooks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("use.py").write_text(
        "from torch.optim.lr_scheduler import LambdaLR\nimport train\nLambdaLR(train.o, train.f)\n"
    )

    assert cli.main(["sites", "--isolated", "use.py"]) == 0
    assert "undecided" in capsys.readouterr().out
