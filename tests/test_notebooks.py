from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lr_lint.checks.engine import check_bytes, check_text, inspect_bytes
from lr_lint.source.files import split_lines
from lr_lint.source.ipython import python_of
from lr_lint.source.notebooks import Notebook, read_notebook
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Failure, FileReport
from tests.notebooks import MARKDOWN, notebook, notebook_bytes
from tests.test_fixtures import expected_in

IMPORTS = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR"
OPTIMIZER = "lr = 0.001\noptimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)"
SCHEDULER = "scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)"


def check(*sources: str) -> FileReport:
    return check_bytes("train.ipynb", notebook_bytes(*sources), Settings())


def places(report: FileReport) -> list[tuple[str, int | None, int, int]]:
    return [(each.code, each.cell, each.span.line, each.span.column) for each in report.diagnostics]


def test_cells_are_one_program_and_findings_stand_in_them() -> None:
    report = check(f"{MARKDOWN}# LambdaLR", IMPORTS, "", OPTIMIZER, f"# the schedule\n{SCHEDULER}")

    (found,) = report.diagnostics
    assert places(report) == [("LR101", 5, 2, 56)]
    assert found.site is not None
    assert (found.site.cell, found.site.line, found.site.column) == (5, 2, 12)
    assert [(step.cell, step.span.line, step.span.column) for step in found.evidence] == [(5, 2, 56), (4, 2, 12)]
    assert "given to SGD on line 2 of cell 4" in found.message
    assert report.failure is None


def test_findings_are_sorted_by_cells_before_lines() -> None:
    report = check(IMPORTS, OPTIMIZER, f"\n\n\n{SCHEDULER}", SCHEDULER)

    assert places(report) == [("LR101", 3, 4, 56), ("LR101", 4, 1, 56)]
    assert sorted(set(report.diagnostics)) == list(report.diagnostics)


def test_constructions_are_listed_in_their_cells() -> None:
    cells = (
        IMPORTS,
        OPTIMIZER,
        "def f(epoch):\n    return 0.95**epoch",
        "\nscheduler = LambdaLR(optimizer, lr_lambda=f)",
    )
    (site,) = inspect_bytes("train.ipynb", notebook_bytes(*cells)).sites

    assert (site.cell, site.line, site.column) == (4, 2, 12)
    assert site.callable is not None
    assert (site.callable.cell, site.callable.line) == (3, 1)


def test_text_is_a_notebook_by_its_path() -> None:
    text = notebook_bytes(IMPORTS, OPTIMIZER, SCHEDULER).decode()

    assert places(check_text("train.ipynb", text, Settings())) == [("LR101", 3, 1, 56)]


def test_comments_suppress_within_their_cell() -> None:
    report = check(IMPORTS, OPTIMIZER, f"{SCHEDULER}  # noqa: LR101", f"{SCHEDULER}\n# noqa: LR101")

    assert places(report) == [("LR101", 4, 1, 56)]


def test_format_3_has_worksheets() -> None:
    sheets = [
        {"cells": [{"cell_type": "heading", "source": "x"}, _input(IMPORTS), _input(OPTIMIZER)]},
        {"cells": [_input([f"{SCHEDULER}\n", "1"])]},
    ]
    data = json.dumps({"metadata": {}, "nbformat": 3, "worksheets": sheets}).encode()

    assert places(check_bytes("train.ipynb", data, Settings())) == [("LR101", 4, 1, 56)]


def _input(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "language": "python", "input": source, "outputs": []}


def test_a_broken_cell_is_said_and_the_others_are_checked() -> None:
    report = check(IMPORTS, "x = (", OPTIMIZER, SCHEDULER, "  y = 1\n  z = = 2")

    assert places(report) == [("LR101", 4, 1, 56)]
    assert report.failure is not None
    assert (report.failure.cell, report.failure.line, report.failure.column) == (2, 1, 4)
    assert report.failure.message == "syntax error: '(' was never closed; the cell is left out (1 more)"


def test_columns_are_those_before_ipython_removes_indentation() -> None:
    report = check(IMPORTS, OPTIMIZER, f"   x = 1\n   {SCHEDULER}")

    assert places(report) == [("LR101", 3, 2, 59)]


def test_a_failure_counts_the_columns_of_the_cell() -> None:
    report = check(IMPORTS, "   x = 1\n   y = = 2")

    assert report.failure is not None
    assert (report.failure.cell, report.failure.line, report.failure.column) == (2, 2, 7)


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"LambdaLR", Failure("x.ipynb", "no JSON: Expecting value", 1, 0)),
        (b'{\n"LambdaLR": }', Failure("x.ipynb", "no JSON: Expecting value", 2, 12)),
        (b'{"LambdaLR": 1', Failure("x.ipynb", "no JSON: Expecting ',' delimiter", 1, 14)),
        (b'{"LambdaLR": 1} 2', Failure("x.ipynb", "no JSON: Extra data", 1, 16)),
        (b'{"LambdaLR"\n:\n"\xff"}', Failure("x.ipynb", "byte 0xff is not valid utf-8", 3)),
        (b"[" * 100_000 + b"LambdaLR", Failure("x.ipynb", "its JSON is nested too deeply to be read")),
        (b'["LambdaLR"]', Failure("x.ipynb", "no notebook: it has no cells")),
        (b'{"LambdaLR": 1}', Failure("x.ipynb", "no notebook: it has no cells")),
        (b'{"cells": {"LambdaLR": 1}}', Failure("x.ipynb", "no notebook: its cells are no list")),
        (b'{"worksheets": {"LambdaLR": 1}}', Failure("x.ipynb", "no notebook: its cells are no list")),
        (b'{"worksheets": ["LambdaLR"]}', Failure("x.ipynb", "no notebook: its cells are no list")),
        (b'{"cells": ["LambdaLR"]}', Failure("x.ipynb", "no notebook: the cell is no object", cell=1)),
        (
            b'{"cells": [{"cell_type": "code", "source": {"LambdaLR": 1}}]}',
            Failure("x.ipynb", "no notebook: the source of the cell is neither a text nor a list of texts", cell=1),
        ),
        (
            b'{"cells": [{"cell_type": "code", "source": ["LambdaLR", 1]}]}',
            Failure("x.ipynb", "no notebook: the source of the cell is neither a text nor a list of texts", cell=1),
        ),
    ],
)
def test_what_is_no_notebook_is_said_in_a_line(data: bytes, failure: Failure) -> None:
    assert check_bytes("x.ipynb", data, Settings()).failure == failure
    assert inspect_bytes("x.ipynb", data).failure == failure


@pytest.mark.parametrize(
    "metadata",
    [
        {"language_info": {"name": "R"}},
        {"kernelspec": {"name": "ir", "language": "R"}},
        {"kernelspec": {"language": "python"}, "language_info": {"name": "R"}},
    ],
)
def test_a_notebook_in_another_language_is_not_read_as_python(metadata: dict[str, Any]) -> None:
    read = read_notebook("x.ipynb", json.dumps(notebook("x <- LambdaLR", **metadata)).encode())

    assert read == Failure("x.ipynb", "a notebook in R, not in Python")


def test_a_notebook_that_names_no_language_is_python() -> None:
    assert isinstance(read_notebook("x.ipynb", b'{"cells": []}'), Notebook)


def test_a_notebook_without_a_scheduler_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lr_lint.source.notebooks.read_notebook", None)

    assert not check_bytes("x.ipynb", notebook_bytes("import torch"), Settings()).parsed


MAGICS = {
    "line magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "shell": ("!pip install torch\n!ls 'a", "pass\npass"),
    "shell in a block": ("if a:\n    !ls\nb", "if a:\n    pass\nb"),
    "continued": ("!pip install \\\n  torch\nx", "pass\n\nx"),
    "help": ("?x\nx.y??\n%who?\nx? # why\nz", "pass\npass\npass\npass\nz"),
    "a question in a string": ("x = 'a?'\n# b?", "x = 'a?'\n# b?"),
    "assigned": ("x = !ls\ny = %magic a \\\n b\nx == y", "x = get_ipython().run()\ny = get_ipython().run()\n\nx == y"),
    "within brackets": ("x = (a\n% b)", "x = (a\n% b)"),
    "within a string": ('s = """\n!x\n%y\n?z"""', 's = """\n!x\n%y\n?z"""'),
    "behind a backslash": ("x = a \\\n% b", "x = a \\\n% b"),
    "timed": ("%time x = f()\n  %prun g()", "pass; x = f()\n  pass; g()"),
    "timed with options": ("%prun -l 3 g()\n%time", "pass\npass"),
    "a script that is run": ("%run -i lib/names.py --lr 1", "from lib.names import *"),
    "another notebook that is run": ("%run other.ipynb", "pass"),
    "cell magic with Python": ("%%time\n%%capture out\nx = 1", "#\n#\nx = 1"),
    "cell magic below comments": ("#@title x\n\n%%time\nx", "#@title x\n\n#\nx"),
    "quoted call": ("/f a\n,g b\n;h c", "pass\npass\npass"),
    "semicolon": ("plot(x);", "plot(x);"),
    "await": ("await f()", "await f()"),
    "form": ("lr = 0.1 #@param {type: 'number'}", "lr = 0.1 #@param {type: 'number'}"),
    "CRLF": ("%a\r\nx\r\ry", "pass\nx\n\ny"),
    "empty": ("", ""),
    "prompts": (">>> if x:\n...     y\n... \n3", "if x:\n    y\n\n3"),
    "prompts of IPython": ("In [1]: if x:\n   ...:     y", "if x:\n    y"),
}


@pytest.mark.parametrize("name", MAGICS)
def test_commands_of_ipython_become_python_of_as_many_lines(name: str) -> None:
    source, expected = MAGICS[name]
    code = python_of(source)

    assert code is not None
    assert code.text == expected
    assert len(split_lines(code.text)) == len(split_lines(source))


@pytest.mark.parametrize("magic", ["bash", "html", "writefile train.py", "javascript", "python3", "sql", "cython"])
def test_cells_of_other_languages_are_left_out(magic: str) -> None:
    assert python_of(f"%%{magic}\nx = 1") is None
    assert places(check(IMPORTS, OPTIMIZER, f"%%{magic}\n{SCHEDULER}", SCHEDULER)) == [("LR101", 4, 1, 56)]


@pytest.mark.parametrize("command", ["pip install torch", "%sql\nSELECT 1", "cd data\nls -l"])
def test_commands_without_a_percent_sign_are_not_broken(command: str) -> None:
    report = check(IMPORTS, OPTIMIZER, command, SCHEDULER)

    assert places(report) == [("LR101", 4, 1, 56)]
    assert report.failure is None


def test_a_cell_that_an_editor_marks_as_another_language_is_left_out() -> None:
    document = notebook(IMPORTS, OPTIMIZER, "let x = 1;", SCHEDULER)
    document["cells"][2]["metadata"] = {"vscode": {"languageId": "javascript"}}

    report = check_bytes("x.ipynb", json.dumps(document).encode(), Settings())

    assert places(report) == [("LR101", 4, 1, 56)]
    assert report.failure is None


def test_what_a_command_gives_is_not_known() -> None:
    rate = OPTIMIZER.replace("lr = ", "base = ").replace("=lr", "=base")
    schedule = SCHEDULER.replace("lr *", "base *")

    assert places(check(IMPORTS, rate, schedule)) == [("LR101", 3, 1, 56)]
    assert places(check(IMPORTS, rate, "base = !cat rate.txt", schedule)) == []


def test_what_a_script_that_is_run_sets_is_known() -> None:
    data = notebook_bytes(IMPORTS, OPTIMIZER, "%run rates.py", SCHEDULER.replace("lr *", "base *"))

    def check_beside(script: bytes) -> FileReport:
        return check_bytes("train.ipynb", data, Settings(), InMemory({"rates.py": script}))

    assert places(check_beside(b"base = 0.001\n")) == [("LR101", 4, 1, 56)]
    assert places(check_beside(b"base = 1.0\n")) == []


OWN = b"from torch.optim.lr_scheduler import LambdaLR\nclass Warm(LambdaLR):\n    pass\n"


@pytest.mark.parametrize(
    "statement",
    [
        "from bases import Warm",
        "from bases import (\n    Other,\n    Warm,\n)",
        "import torch; from bases import Warm",
        "import bases",
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_schedulers_of_the_project_are_known_by_what_is_imported(statement: str, lines: bool) -> None:
    name = "bases.Warm" if statement == "import bases" else "Warm"
    cells = (f"import torch\n{statement}", OPTIMIZER, SCHEDULER.replace("LambdaLR", name))
    data = json.dumps(notebook(*cells, lines=lines), indent=1 if lines else None).encode()

    report = check_bytes("train.ipynb", data, Settings(), InMemory({"bases.py": OWN}))

    assert [(each.code, each.cell) for each in report.diagnostics] == [("LR101", 3)]


def test_a_notebook_is_found_in_folders(tmp_path: Path) -> None:
    from lr_lint.api import check_paths

    (tmp_path / "train.ipynb").write_bytes(notebook_bytes(IMPORTS, OPTIMIZER, SCHEDULER))
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "train.ipynb").write_bytes(notebook_bytes(IMPORTS, OPTIMIZER, SCHEDULER))

    assert [places(report) for report in check_paths([str(tmp_path)])] == [[("LR101", 3, 1, 56)]]


FIXTURES = Path(__file__).parent.parent / "fixtures" / "notebooks"
NOTEBOOKS = sorted(FIXTURES.rglob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_what_is_found_is_what_the_comments_say(path: Path) -> None:
    """As in the fixtures that are programs; a comment stands in the cell, in the line of what it speaks of."""
    notebook = read_notebook(path.name, path.read_bytes())
    assert isinstance(notebook, Notebook)
    expected = {cell.number: expected_in(cell.code.text) for cell in notebook.cells}

    report = check_bytes(path.name, path.read_bytes(), Settings())

    findings = {(number, *finding) for number, each in expected.items() for finding in each.findings}
    assert {(each.cell, each.span.line, each.code, each.confidence) for each in report.diagnostics} == findings
    assert report.sites == sum(each.sites or 0 for each in expected.values())
    assert report.failure is None


def test_silent_notebooks_expect_nothing() -> None:
    silent = [path for path in NOTEBOOKS if path.parent.name == "silent"]

    assert len(silent) >= 4
    assert not [path for path in silent if b"# LR" in path.read_bytes()]


@pytest.mark.parametrize("many", ["\r\n" * 5_000, " " * 50_000, "%%time\n" * 300, "%a\\\n" * 5_000, "'''a" * 3_001])
def test_much_of_the_same_is_read_in_one_way_only(many: str) -> None:
    """A line end that could be read in two ways would be tried in all combinations; this would never end."""
    code = python_of(f"{many}x = 1")

    assert code is not None
    assert len(split_lines(code.text)) == len(split_lines(many))


WORDS = "% ! ? ; , / = ( ) [ ] ' \" \\ # ''' \"\"\" x %%time %%bash %time %run = !ls ?? é".split()
ENDS = ("\n", "\r\n", "\r", "\\\n", "    ", " ", ">>> ", "... ", "In [1]: ", "x = 1\n", "if x:\n", "\u2028", "\x0c")


def test_every_line_of_a_cell_stays_a_line() -> None:
    chance = random.Random(14)
    for _ in range(2_000):
        cell = "".join(chance.choice((*WORDS, *ENDS)) for _ in range(chance.randrange(1, 30)))
        code = python_of(cell)
        if code is not None:
            lines = split_lines(cell)
            assert len(split_lines(code.text)) == len(lines), cell
            assert len(code.shifts) in (0, len(lines)), cell
