"""The plugin in the real flake8: the same findings at the same places as the command's."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from flake8.main.cli import main

from lr_lint import __version__
from lr_lint.command.flake8 import Plugin
from tests.notebooks import notebook_bytes
from tests.support import BUG, BUG_PLACE, FIXED, findings, lr_lint, run_python

Found = tuple[str, int, int, str]


def flake8(*arguments: str, cwd: Path, stdin: bytes = b"", select: str = "LR") -> list[Found]:
    """Run flake8 with our codes only, and give what it finds."""
    options = ["--isolated", f"--select={select}"] if select else ["--isolated"]
    done = run_python("-m", "flake8", *options, *arguments, cwd=cwd, stdin=stdin)
    assert done.stderr == ""
    found = []
    for line in done.stdout.splitlines():
        match = re.fullmatch(r"(?:\./)?(.+?):(\d+):(\d+): ([A-Z]+\d+) .+", line)
        assert match, line
        found.append((match[1], int(match[2]), int(match[3]), match[4]))
    return found


def codes_in_this_process(*arguments: str, cwd: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Our codes among those that flake8 finds; its start would be the greater part of most tests."""
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with monkeypatch.context() as changed, contextlib.redirect_stdout(printed):
        changed.chdir(cwd)
        changed.setattr(Plugin, "projects", Plugin.projects)  # put back afterwards
        main(["-j1", "--format=%(code)s", *arguments])
    printed.flush()
    found = printed.buffer.getvalue().decode() if isinstance(printed.buffer, io.BytesIO) else ""
    return sorted(code for code in found.split() if code.startswith("LR"))


def test_plugin_is_registered(tmp_path: Path) -> None:
    done = run_python("-m", "flake8", "--version", cwd=tmp_path)

    assert f"lr-lint: {__version__}" in done.stdout


def test_findings_come_without_selecting_them(project: Path) -> None:
    assert ("train.py", *BUG_PLACE, "LR101") in flake8(cwd=project, select="")


MULTI_LINE = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)


def rate(epoch):
    return lr * 0.95**epoch{on_return}


scheduler = LambdaLR({on_first}
    optimizer,
    lr_lambda=rate,{on_middle}
){on_last}
"""
PLACES = ("on_return", "on_first", "on_middle", "on_last")


def program(place: str, comment: str) -> str:
    return MULTI_LINE.format(**{name: f"  {comment}" if name == place else "" for name in PLACES})


@pytest.mark.parametrize("place", PLACES)
def test_same_findings_and_suppressions_as_the_command(place: str, tmp_path: Path) -> None:
    comments = ["", "# noqa", "# noqa: LR101", "# noqa:LR1", "# noqa: E501", "# lr-lint: ignore[LR101] meant"]
    for number, comment in enumerate(comments):
        (tmp_path / f"case_{number}.py").write_text(program(place, comment))

    by_command = findings(cwd=tmp_path)

    assert [path for path, *_ in by_command] == ["case_0.py", "case_4.py"]
    assert flake8(cwd=tmp_path) == by_command


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(BUG.encode(), id="plain"),
        pytest.param(BUG.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(BUG.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(b"# coding: latin-1\n# \xe9\n" + BUG.encode(), id="latin-1"),
        pytest.param(BUG.replace("lambda epoch: ", "lambda epoch, é='率': ").encode(), id="wide characters"),
        pytest.param(f"\x0c\n{BUG}".encode(), id="form feed"),
        pytest.param(f"# flake8: noqa\n{BUG}".encode(), id="flake8: noqa"),
        pytest.param(f"# flake8: noqa: LR101\n{BUG}".encode(), id="flake8: noqa: LR101"),
        pytest.param(f"# lr-lint: ignore-file\n{BUG}".encode(), id="ignore-file"),
        pytest.param(FIXED.encode(), id="clean"),
    ],
)
def test_same_columns_as_the_command(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_bytes(data)

    assert flake8(cwd=tmp_path) == findings(cwd=tmp_path)


def test_standard_input(tmp_path: Path) -> None:
    found = flake8("--stdin-display-name", "train.py", "-", cwd=tmp_path, stdin=BUG.encode())

    assert found == findings("-", "--stdin-filename", "train.py", cwd=tmp_path, stdin=BUG.encode())


def test_several_processes(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"train_{number}.py").write_text(BUG)

    assert flake8("-j", "2", cwd=tmp_path) == findings(cwd=tmp_path)


WEAK = """\
from torch.optim.lr_scheduler import LambdaLR


def make(optimizer, base_lr):
    return LambdaLR(optimizer, lambda epoch: base_lr * 0.95**epoch)
"""


@pytest.mark.parametrize(("minimum", "count"), [("possible", 2), ("certain", 1)])
def test_minimum_of_confidence_is_an_option_and_a_setting(minimum: str, count: int, project: Path) -> None:
    (project / "weak.py").write_text(WEAK)
    found = findings("--min-confidence", minimum, cwd=project)

    assert len(found) == count
    assert flake8(f"--lr-lint-min-confidence={minimum}", cwd=project) == found
    (project / "setup.cfg").write_text(f"[flake8]\nselect = LR\nlr-lint-min-confidence = {minimum}\n")
    assert len(run_python("-m", "flake8", cwd=project).stdout.splitlines()) == count


def test_disable_noqa_disables_all_comments(tmp_path: Path) -> None:
    comments = ["# noqa", "# lr-lint: ignore[LR101]"]
    for number, comment in enumerate(comments):
        (tmp_path / f"train_{number}.py").write_text(program("on_last", comment))

    assert flake8(cwd=tmp_path) == []
    assert [path for path, *_ in flake8("--disable-noqa", cwd=tmp_path)] == ["train_0.py", "train_1.py"]


def test_flake8_chooses_the_codes(project: Path) -> None:
    assert flake8(cwd=project, select="LR101") == [("train.py", *BUG_PLACE, "LR101")]
    assert flake8(cwd=project, select="LR2") == []
    assert flake8("--ignore=LR101", cwd=project) == []


OFF_BY_DEFAULT = f"{BUG}LambdaLR(optimizer, lambda epoch: 0.5)  # noqa: LR102\n"


@pytest.mark.parametrize(
    ("configuration", "codes"),
    [
        ("", ["LR101"]),
        ("ignore = E501", ["LR101"]),
        ("extend-ignore = E501", ["LR101"]),
        ("select = LR", ["LR101"]),
        ("ignore = E501\nselect = E,LR", ["LR101"]),
        ("extend-select = LR2", ["LR101", "LR205"]),
        ("ignore = E501\nextend-select = LR205", ["LR101", "LR205"]),
        ("select = LR2,LR9", ["LR205", "LR902"]),
        ("select = LR902\nignore = E501", ["LR902"]),
        ("ignore = LR101\nextend-select = LR2", ["LR205"]),
    ],
)
def test_rules_that_are_off_by_default_are_on_if_they_are_named(
    configuration: str, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user's `ignore` takes the place of flake8's default, which must not switch them on."""
    (tmp_path / "train.py").write_text(OFF_BY_DEFAULT)
    (tmp_path / ".flake8").write_text(f"[flake8]\n{configuration}\n")

    assert codes_in_this_process("train.py", cwd=tmp_path, monkeypatch=monkeypatch) == codes


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ([], ["LR205"]),
        (["--select=LR"], ["LR205"]),
        (["--select=LR101"], ["LR101"]),
        (["--extend-select=LR101"], ["LR101", "LR205"]),
        (["--ignore=LR205"], []),
        (["--extend-ignore=LR2"], []),
        (["--ignore=E501"], ["LR205"]),
        (["--lr-lint-isolated"], ["LR101"]),
        (["--lr-lint-config=other.toml"], ["LR101", "LR205"]),
        (["--lr-lint-config=other.toml", "--lr-lint-min-confidence=possible"], ["LR101", "LR101", "LR205"]),
    ],
)
def test_settings_of_the_project_hold_and_flake8s_own_come_first(
    options: list[str], codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "train.py").write_text(OFF_BY_DEFAULT)
    (tmp_path / "weak.py").write_text(WEAK)
    (tmp_path / "pyproject.toml").write_text('[tool.lr-lint]\nignore = ["LR101"]\nextend-select = ["LR205"]\n')
    (tmp_path / "other.toml").write_text('[tool.lr-lint]\nextend-select = ["LR205"]\nmin-confidence = "certain"\n')

    assert codes_in_this_process("--isolated", *options, ".", cwd=tmp_path, monkeypatch=monkeypatch) == codes


def test_settings_file_in_flake8s_settings_is_beside_them(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "train.py").write_text(BUG)
    (tmp_path / "lint.toml").write_text('[tool.lr-lint]\nignore = ["LR101"]\n')
    (tmp_path / "setup.cfg").write_text("[flake8]\nselect = LR\nlr-lint-config = ./lint.toml\n")
    assert run_python("-m", "flake8", "--config=../setup.cfg", cwd=tmp_path / "pkg").stdout == ""

    (tmp_path / "lint.toml").unlink()
    done = run_python("-m", "flake8", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == f"lr-lint: {tmp_path}/lint.toml: No such file or directory"


def test_mistyped_value_in_flake8s_settings_is_said(project: Path) -> None:
    (project / "tox.ini").write_text("[flake8]\nlr-lint-min-confidence = likley\n")
    done = run_python("-m", "flake8", cwd=project)

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == (
        "lr-lint: --lr-lint-min-confidence: 'likley' is none of possible, likely, certain; did you mean likely?"
    )


@pytest.mark.parametrize("option", ["select", "extend-select", "ignore", "extend-ignore"])
def test_mistyped_rule_in_flake8s_options_is_said(option: str, project: Path) -> None:
    done = run_python("-m", "flake8", f"--{option}=LR1O1", cwd=project)

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == f"lr-lint: --{option}: no rule is called 'LR1O1'; did you mean LR101?"


def test_codes_of_other_plugins_are_nothing_to_us(project: Path) -> None:
    assert flake8("--extend-ignore=LRX,LRX1,E9", cwd=project) == [("train.py", *BUG_PLACE, "LR101")]


def test_file_that_python_cannot_parse_is_flake8s_to_report(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("# LambdaLR\nx = )\n")

    assert [code for *_, code in flake8(cwd=tmp_path, select="LR,E9")] == ["E999"]
    assert lr_lint(cwd=tmp_path).returncode == 2


def test_file_that_only_we_cannot_analyse_is_reported(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("# LambdaLR\ndef f():\n    x = " + "[" * 80 + "(yield)" + "]" * 80 + "\n")

    assert [code for *_, code in flake8(cwd=tmp_path)] == ["LR901"]
    assert lr_lint(cwd=tmp_path).returncode == 2


def test_file_without_a_scheduler_costs_no_import(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1\n")
    program = (
        "import sys\n"
        "from flake8.main.cli import main\n"
        "print(main(['--isolated', '-j', '1', 'plain.py']))\n"
        "print([name in sys.modules for name in ('lr_lint.command.flake8', 'lr_lint.checks', 'libcst')])\n"
    )

    assert run_python("-c", program, cwd=tmp_path).stdout == "0\n[True, False, False]\n"


def test_a_notebook_by_way_of_nbqa(tmp_path: Path) -> None:
    """Its cells are those of code, which nbQA counts; a line of its own script means nothing to anybody."""
    pytest.importorskip("nbqa")
    imports, rate, schedule = BUG.split("\n\n")[0], *BUG.split("\n\n")[1].split("\n", 1)
    (tmp_path / "train.ipynb").write_bytes(notebook_bytes("markdown: # LambdaLR", imports, "%pwd", rate, schedule))

    done = run_python("-m", "nbqa", "flake8", "train.ipynb", "--select=LR", cwd=tmp_path)

    assert done.stderr == ""
    assert done.stdout == (
        "train.ipynb:cell_4:2:57: LR101 the lambda returns a learning rate (`lr`, given to SGD on the line "
        "`optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)`), but LambdaLR multiplies by it: "
        "the rate starts at 0.001 x 0.001 = 1e-06\n"
    )
    assert done.returncode == 1


def test_a_notebook_itself_has_its_cells_in_messages(tmp_path: Path) -> None:
    """flake8 reads the JSON of a notebook as Python, where that is possible, if it is named."""
    (tmp_path / "train.ipynb").write_bytes(notebook_bytes(BUG.removesuffix("\n")).replace(b"null", b"0"))

    done = run_python("-m", "flake8", "train.ipynb", "--select=LR", cwd=tmp_path)

    assert done.stdout.startswith("train.ipynb:6:57: LR101 in cell 1: the lambda returns a learning rate")
