"""The probe on notebooks: slices of the program that the cells are, and runs of the cells themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

from lr_lint.probe.child.quick_start import skip_compiler
from lr_lint.probe.child.slices.runner import run_slice
from lr_lint.probe.records import Place
from lr_lint.probe.slicing.slices import slices_of
from lr_lint.probe.targets import FileTarget, TargetError, cells_of, parse_target
from lr_lint.source.disk import Disk
from lr_lint.vocabulary.diagnostics import Failure
from tests.notebooks import notebook_bytes
from tests.support import lr_lint

IMPORTS = "%matplotlib inline\nimport torch\nfrom torch.optim.lr_scheduler import LambdaLR"
RATES = "lr = 0.001\noptimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)"
BOTH = (
    "# one\nfirst = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.9**epoch)\n"
    "second = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.9**epoch)"
)
INDENTED = "    %time third = LambdaLR(optimizer, lambda epoch: 0.8**epoch)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    skip_compiler()
    (tmp_path / "nb.ipynb").write_bytes(notebook_bytes("markdown: x", IMPORTS, RATES, "!ls", BOTH, INDENTED))
    return tmp_path


def sites(cell: int | None, line: int | None) -> list[Place | None]:
    programs, failures = slices_of("nb.ipynb", line, Disk(), {}, cell)
    assert failures == []
    return [run_slice(json.loads(json.dumps(each)), "cpu", 3).site for each in programs]


def test_slices_are_those_of_the_program_at_places_in_cells(folder: Path) -> None:
    first, second = Place("nb.ipynb", 2, 8, 5), Place("nb.ipynb", 3, 9, 5)

    assert sites(None, None) == [first, second, Place("nb.ipynb", 1, 18, 6)]
    assert sites(5, None) == [first, second]
    assert sites(5, 3) == [second]


@pytest.mark.parametrize(("cell", "line"), [(5, 1), (5, 9), (3, None), (1, None), (9, 1), (6, 2), (5, 0)])
def test_where_nothing_is_constructed_places_are_named(cell: int, line: int | None, folder: Path) -> None:
    message = (
        "no known scheduler is constructed here; there are some on line 2 of cell 5, line 3 of cell 5, line 1 of cell 6"
    )

    assert slices_of("nb.ipynb", line, Disk(), {}, cell) == ([], [Failure("nb.ipynb", message, line, cell=cell)])


def test_a_broken_cell_is_said_and_the_others_are_sliced(folder: Path) -> None:
    Path("nb.ipynb").write_bytes(notebook_bytes(IMPORTS, "x = (", RATES, BOTH))

    programs, (failure,) = slices_of("nb.ipynb", None, Disk())

    assert len(programs) == 2
    assert (failure.cell, failure.line) == (2, 1)


def test_what_a_slice_lacks_is_named_by_the_lines_of_cells(folder: Path) -> None:
    Path("nb.ipynb").write_bytes(notebook_bytes(IMPORTS, "\nrate = 1 / 0", RATES.replace("lr=lr", "lr=rate"), BOTH))

    programs, _ = slices_of("nb.ipynb", None, Disk())

    assert "line 2 of cell 2: ZeroDivisionError" in run_slice(programs[0], "cpu", 3).error


def test_targets_name_cells(folder: Path) -> None:
    assert parse_target("nb.ipynb") == FileTarget("nb.ipynb")
    assert parse_target("nb.ipynb:cell 5") == FileTarget("nb.ipynb", None, 5)
    assert parse_target("nb.ipynb:cell 5:2") == FileTarget("nb.ipynb", 2, 5)
    with pytest.raises(TargetError, match=r"a line of a notebook is named with its cell \(nb.ipynb:cell 3:2\)"):
        parse_target("nb.ipynb:2")


def test_only_notebooks_have_cells_to_run(folder: Path) -> None:
    Path("train.py").touch()
    Path("broken.ipynb").write_bytes(b"{")

    assert cells_of("train.py") == ((), ())
    assert [cell.number for cell in cells_of("nb.ipynb")[0]] == [2, 3, 4, 5, 6]
    assert cells_of("broken.ipynb")[1][0].message.startswith("no JSON")


def test_cells_run_as_in_a_kernel(folder: Path) -> None:
    """In their own folder, in one namespace, with await, commands and what is shown left out."""
    (folder / "work").mkdir()
    (folder / "work" / "data.txt").touch()
    cells = (
        f"{IMPORTS}\nfiles = !ls\ndisplay(files)\nopen('data.txt').close()",
        "async def read():\n    return 0.001\n\nlr = await read()",
        RATES.split("\n")[1],
        BOTH,
        INDENTED,
        "loss = (optimizer.param_groups[0]['params'][0] ** 2).sum()\nloss.backward()",
    )
    (folder / "work" / "nb.ipynb").write_bytes(notebook_bytes(*cells))

    done = lr_lint("probe", "--run", "work/nb.ipynb", "--output-format", "json", cwd=folder)

    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert [(each["site"], each["verdict"]) for each in document["schedules"]] == [
        ({"path": "work/nb.ipynb", "cell": 4, "line": 2, "column": 9}, "contradicts"),
        ({"path": "work/nb.ipynb", "cell": 4, "line": 3, "column": 10}, "ok"),
        ({"path": "work/nb.ipynb", "cell": 5, "line": 1, "column": 19}, "ok"),
    ]
    assert document["notes"] == ["stopped at work/nb.ipynb:cell 6:2, before the first backward pass"]
    assert document["schedules"][0]["findings"][0]["code"] == "LR101"
