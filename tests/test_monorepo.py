"""A repository with several projects: what a file is checked for depends on where it lies, not on who asks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lr_lint import FileReport, check_paths, check_source
from tests.support import BUG, BUG_PLACE, document_of, findings, lr_lint, run_python
from tests.test_precommit import as_local_hooks, pre_commit, repository

WEAK = """\
from torch.optim.lr_scheduler import LambdaLR


def make(optimizer, base_lr):
    return LambdaLR(optimizer, lambda epoch: base_lr * 0.95**epoch)
"""
WRAPPED = """\
import torch
from vision.schedules import warm

lr = 0.001
optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
scheduler = warm(optimizer, lambda epoch: 0.5 * 0.95**epoch)
"""
HALF = BUG.replace("lr * 0.95**epoch", "0.5 * 0.95**epoch")

FILES = {
    "pyproject.toml": '[tool.lr-lint]\nexclude = ["vendor", "*_old.py"]\nper-file-ignores = { "tools/*" = ["LR1"] }\n',
    "train.py": BUG,
    "train_old.py": BUG,
    "tools/plot.py": BUG,
    "tools/weak.py": WEAK,
    "vendor/lib/pyproject.toml": "[tool.lr-lint]\n",
    "vendor/lib/train.py": BUG,
    # A project without a table belongs to the one around it.
    "audio/pyproject.toml": '[project]\nname = "audio"\ndependencies = ["lr-lint"]\n',
    "audio/train.py": BUG,
    "vision/pyproject.toml": """
[tool.lr-lint]
ignore = ["LR101"]
extend-select = ["LR205"]
contracts = { "vision.schedules.warm" = { callable = [1, "f"], optimizer = [0, "optimizer"], returns = "factor" } }
[tool.lr-lint.per-file-ignores]
"quiet.py" = ["LR2"]
""",
    "vision/train.py": BUG,
    "vision/train_old.py": HALF,
    "vision/deep/er/half.py": HALF,
    "vision/quiet.py": HALF,
    "text/pyproject.toml": '[tool.lr-lint]\nmin-confidence = "possible"\nselect = ["LR1"]\n',
    "text/weak.py": WEAK,
    "text/half.py": HALF,
    # To others, the wrapper of `vision` is any function.
    "text/wrapped.py": WRAPPED,
    "vision/wrapped.py": WRAPPED,
}
BUG_FOUND, HALF_FOUND = (*BUG_PLACE, "LR101"), (*BUG_PLACE, "LR205")
EXPECTED = {
    "audio/train.py": [BUG_FOUND],
    "text/weak.py": [(5, 46, "LR101")],
    "train.py": [BUG_FOUND],
    "vision/deep/er/half.py": [HALF_FOUND],
    "vision/train_old.py": [HALF_FOUND],
    "vision/wrapped.py": [(6, 43, "LR205")],
}
PROGRAMS = sorted(name for name in FILES if name.endswith(".py"))
Found = dict[str, list[tuple[int, int, str]]]


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    root = tmp_path / "monorepo"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def by_file(found: list[tuple[str, int, int, str]], root: Path, cwd: Path) -> Found:
    answer: Found = {}
    for path, line, column, code in found:
        name = Path(os.path.normpath(cwd / path)).relative_to(root).as_posix()
        answer.setdefault(name, []).append((line, column, code))
    return answer


def command_on_the_root(root: Path, cwd: Path) -> Found:
    return by_file(findings(os.path.relpath(root, cwd), cwd=cwd), root, cwd)


def command_on_each_folder(root: Path, cwd: Path) -> Found:
    names = ("audio", "text", "tools", "vision", "train.py")
    return by_file(findings(*(os.path.relpath(root / name, cwd) for name in names), cwd=cwd), root, cwd)


def command_on_all_files(root: Path, cwd: Path) -> Found:
    return by_file(findings("--force-exclude", *(str(root / name) for name in PROGRAMS), cwd=cwd), root, cwd)


def command_on_each_file(root: Path, cwd: Path) -> Found:
    runs = (findings("--force-exclude", os.path.relpath(root / name, cwd), cwd=cwd) for name in PROGRAMS)
    return by_file([each for run in runs for each in run], root, cwd)


def standard_input(root: Path, cwd: Path) -> Found:
    def run(name: str) -> list[tuple[str, int, int, str]]:
        shown = os.path.relpath(root / name, cwd)
        return findings("-", "--force-exclude", "--stdin-filename", shown, cwd=cwd, stdin=FILES[name].encode())

    return by_file([each for name in PROGRAMS for each in run(name)], root, cwd)


def python_functions(root: Path, cwd: Path) -> Found:
    return by_file(list(_reported(check_paths(Path(os.path.relpath(root, cwd))))), root, cwd)


def _reported(reports: list[FileReport]) -> Iterator[tuple[str, int, int, str]]:
    for report in reports:
        for each in report.diagnostics:
            yield each.path, each.span.line, each.span.column + 1, each.code


def flake8_plugin(root: Path, cwd: Path) -> Found:
    done = run_python("-m", "flake8", "--isolated", "--select=LR", os.path.relpath(root, cwd), cwd=cwd)
    return by_file(list(_printed(done.stdout)), root, cwd)


def _printed(text: str) -> Iterator[tuple[str, int, int, str]]:
    for path, line, column, code in re.findall(r"^(\S+?):(\d+):(\d+): (LR\d+) ", text, re.MULTILINE):
        yield path, int(line), int(column), code


HOSTS: list[Callable[[Path, Path], Found]] = [
    command_on_the_root,
    command_on_each_folder,
    command_on_all_files,
    command_on_each_file,
    standard_input,
    python_functions,
    flake8_plugin,
]


@pytest.mark.parametrize("cwd", ["monorepo", "monorepo/vision", "."])
@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.__name__)
def test_same_answer_in_every_host(
    host: Callable[[Path, Path], Found], cwd: str, monorepo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path(os.path.normpath(monorepo.parent / cwd))
    monkeypatch.chdir(here)

    assert host(monorepo, here) == EXPECTED


def test_same_answer_for_a_program_in_memory(monorepo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(monorepo)
    reports = [check_source(FILES[name], Path(name)) for name in PROGRAMS if name in EXPECTED]

    assert by_file(list(_reported(reports)), monorepo, monorepo) == EXPECTED


@pytest.mark.slow
def test_same_answer_in_both_hooks(monorepo: Path, tmp_path: Path) -> None:
    """Run by pre-commit as they are offered, but for the environment that it would install."""
    hooks = as_local_hooks()
    (monorepo / ".pre-commit-config.yaml").write_text(f"repos:\n- repo: local\n  hooks:\n{hooks}")
    repository(monorepo)

    done = pre_commit("run", "--all-files", cwd=monorepo, cache=tmp_path / "cache")

    outputs = re.split(r"^- hook id: (.*)$", done.stdout, flags=re.MULTILINE)
    assert outputs[1::2] == ["lr-lint", "lr-lint-project"]
    for output in outputs[2::2]:
        assert by_file(list(_printed(output)), monorepo, monorepo) == EXPECTED


def test_sites_know_the_wrappers_of_their_project(monorepo: Path) -> None:
    listed = document_of(lr_lint("sites", "--output-format", "json", cwd=monorepo))["sites"]

    assert [site["path"] for site in listed if site["contract"] == "vision.schedules.warm"] == ["vision/wrapped.py"]


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        (["--select=LR101", "--ignore=LR205"], ["audio/train.py", "text/weak.py", "train.py", "vision/train.py"]),
        (["--exclude=vision,audio"], ["text/weak.py", "train.py"]),
        (["--exclude=*.py"], []),
        (["--min-confidence=certain"], sorted(EXPECTED.keys() - {"text/weak.py"})),
        (["--config=text/pyproject.toml", "text", "vision"], ["text/weak.py", "vision/train.py"]),
        (["--isolated", "tools", "vendor"], ["tools/plot.py", "vendor/lib/train.py"]),
    ],
)
def test_options_of_the_command_hold_for_all_projects(options: list[str], paths: list[str], monorepo: Path) -> None:
    assert [path for path, *_ in findings(*options, cwd=monorepo)] == paths


def test_settings_that_are_not_understood_are_said_where_there_is_no_file_to_check(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.lr-lint]\nselct = []\n")

    for arguments in ((), ("docs",), (".", "docs")):
        done = lr_lint(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr == "lr-lint: pyproject.toml: [tool.lr-lint] selct: unknown setting; did you mean select?\n"


def test_settings_that_are_not_understood_stop_their_own_files_alone(monorepo: Path) -> None:
    (monorepo / "text" / "pyproject.toml").write_text("[tool.lr-lint]\nselct = []\n")
    done = lr_lint("--output-format", "json", cwd=monorepo)

    problem = "text/pyproject.toml: [tool.lr-lint] selct: unknown setting; did you mean select?"
    assert done.returncode == 3
    assert done.stderr == f"lr-lint: {problem}\n"
    expected = {name: found for name, found in EXPECTED.items() if not name.startswith("text/")}
    expected["text/pyproject.toml"] = [(1, 1, "LR901")]
    assert (
        by_file(
            [(d["path"], d["line"], d["column"], d["code"]) for d in document_of(done)["diagnostics"]],
            monorepo,
            monorepo,
        )
        == expected
    )
    assert lr_lint("text/weak.py", "train.py", cwd=monorepo).stderr == f"lr-lint: {problem}\n"
    stdin = lr_lint("-", "--stdin-filename", "text/weak.py", cwd=monorepo, stdin=WEAK.encode())
    assert (stdin.returncode, stdin.stderr) == (2, f"lr-lint: {problem}\n")

    by_flake8 = run_python("-m", "flake8", "--isolated", "--select=LR", "text", cwd=monorepo).stdout
    assert by_flake8 == f"text/half.py:1:1: LR901 {problem}\ntext/weak.py:1:1: LR901 {problem}\n"
