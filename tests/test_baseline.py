"""Old code is adopted by a baseline: what it knows is not told, one more of a kind is, and what is gone is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lr_lint import Settings, check_source
from lr_lint.source.baseline import BaselineError, baseline_text, read_baseline
from lr_lint.vocabulary.diagnostics import KnownFinding
from tests.notebooks import notebook_bytes
from tests.support import BUG, FIXED, document_of, environment, findings, lr_lint

NAME = "lr-lint-baseline.json"
ANOTHER = "another = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.9**epoch)\n"
SAME = BUG.splitlines()[-1].replace("scheduler", "again") + "\n"
LIKELY = (
    BUG.replace("lr=lr", "lr=options.lr")
    .replace("lr = 0.001", "import options\nbase_lr = 0.001")
    .replace("lr * 0", "base_lr * 0")
)


def entries(folder: Path, name: str = NAME) -> list[dict[str, Any]]:
    rows = json.loads((folder / name).read_text())["findings"]
    assert isinstance(rows, list)
    return rows


def adopted(project: Path, *more: str) -> None:
    done = lr_lint("--write-baseline", *more, cwd=project)
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == f"lr-lint: {NAME}: 1 finding written"
    assert done.stdout.startswith("No problems found")


def test_what_is_known_is_not_told_and_what_is_new_is(project: Path) -> None:
    adopted(project)
    program = (project / "train.py").read_text()
    assert lr_lint("--baseline", NAME, cwd=project).stdout == (
        "No problems found (1 scheduler in 1 file).\n1 finding known by a baseline: see `--no-baseline`.\n"
    )

    (project / "train.py").write_text("import os\n\n" + program + ANOTHER)

    assert findings("--baseline", NAME, cwd=project) == [("train.py", 9, 55, "LR101")]
    done = lr_lint("--baseline", NAME, "--output-format", "json", cwd=project)
    assert (done.returncode, document_of(done)["known"]) == (1, 1)


def test_who_writes_the_first_baseline_is_told_how_it_is_used(project: Path) -> None:
    written = lr_lint("--write-baseline", cwd=project).stderr.splitlines()
    (project / NAME).unlink()

    assert written[1:] == [f"lr-lint: --baseline {NAME}, or baseline in [tool.lr-lint], keeps them from being told"]
    assert lr_lint("--write-baseline", "--quiet", cwd=project).stderr == ""


def test_the_file_is_sorted_and_has_a_line_for_each_entry(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(BUG + SAME.replace("again", "scheduler"))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "é \udcff.py").write_text(BUG + ANOTHER)
    lr_lint("--write-baseline", cwd=tmp_path)
    text = (tmp_path / NAME).read_text()

    rows = entries(tmp_path)
    assert [(row["path"], row["code"], row["count"]) for row in rows] == [
        ("a/é \udcff.py", "LR101", 1),
        ("a/é \udcff.py", "LR101", 1),
        ("b.py", "LR101", 2),
    ]
    assert text.isascii()
    assert [json.loads(line.rstrip(",")) for line in text.splitlines()[3:-2]] == rows
    lr_lint("--write-baseline", cwd=tmp_path)
    assert (tmp_path / NAME).read_text() == text


def test_one_more_of_the_same_is_new(project: Path) -> None:
    (project / "train.py").write_text(BUG)
    adopted(project)

    (project / "train.py").write_text(BUG + BUG.splitlines()[-1] + "\n")

    assert findings("--baseline", NAME, cwd=project) == [("train.py", 7, 57, "LR101")]


def test_what_is_gone_is_said_and_dropped(project: Path) -> None:
    (project / "other.py").write_text(BUG)
    lr_lint("--write-baseline", cwd=project)
    (project / "train.py").write_text(FIXED)
    (project / "other.py").unlink()

    done = lr_lint("--baseline", NAME, cwd=project)

    gone = "2 findings are gone: LR101 in other.py, LR101 in train.py; --write-baseline drops what is gone"
    assert (done.returncode, done.stderr) == (0, f"lr-lint: {NAME}: {gone}\n")
    assert lr_lint("--baseline", NAME, "--quiet", cwd=project).stderr == ""
    written = lr_lint("--write-baseline", cwd=project)
    assert written.stderr == f"lr-lint: {NAME}: 0 findings written; 2 findings dropped that are gone\n"
    assert entries(project) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["other.py"],
        [".", "--select", "LR102"],
        [".", "--ignore", "LR101"],
        [".", "--exclude", "train.py"],
        [".", "--min-confidence", "certain"],
    ],
    ids=" ".join,
)
def test_what_a_run_does_not_look_for_is_not_gone(arguments: list[str], project: Path) -> None:
    (project / "train.py").write_text(LIKELY)
    (project / "other.py").write_text(FIXED)
    adopted(project)

    assert lr_lint(*arguments, "--baseline", NAME, cwd=project).stderr == ""
    lr_lint(*arguments, "--write-baseline", cwd=project)
    assert [row["path"] for row in entries(project)] == ["train.py"]


def test_what_cannot_be_read_is_not_gone(project: Path) -> None:
    adopted(project)
    (project / "train.py").write_text("LambdaLR(\n")

    assert "gone" not in lr_lint("--baseline", NAME, cwd=project).stderr
    assert lr_lint("--write-baseline", cwd=project).returncode == 2
    assert len(entries(project)) == 1


def test_baseline_of_the_settings_is_relative_to_them(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.lr-lint]\nbaseline = "known/old.json"\n')
    (project / "known").mkdir()
    (project / "src").mkdir()
    (project / "src" / "a.py").write_text(BUG)

    written = lr_lint("--write-baseline", cwd=project / "src")

    assert written.stderr == "lr-lint: ../known/old.json: 1 finding written\n"
    assert [row["path"] for row in entries(project, "known/old.json")] == ["../src/a.py"]
    assert findings(cwd=project / "src") == []
    assert [found[0] for found in findings(cwd=project)] == ["train.py"]
    assert [found[0] for found in findings("--no-baseline", cwd=project)] == ["src/a.py", "train.py"]
    assert [found[0] for found in findings("--isolated", cwd=project)] == ["src/a.py", "train.py"]


def test_each_project_of_a_tree_has_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train.py").write_text(BUG)
        (tmp_path / name / "pyproject.toml").write_text(f'[tool.lr-lint]\nbaseline = "{name}.json"\n')
    (tmp_path / "train.py").write_text(BUG)

    lr_lint("--write-baseline", cwd=tmp_path)

    for path in ("one/one.json", "two/two.json", NAME):
        assert [row["path"] for row in entries(tmp_path, path)] == ["train.py"]
    assert findings("one", "two", cwd=tmp_path) == []


def test_the_baseline_holds_in_every_host(project: Path) -> None:
    (project / "pyproject.toml").write_text(f'[tool.lr-lint]\nbaseline = "{NAME}"\n')
    adopted(project)

    assert findings("-", "--stdin-filename", "train.py", cwd=project, stdin=BUG.encode()) == []
    program = "import lr_lint; print([len(report.diagnostics) for report in lr_lint.check_paths('.')])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project, env=environment(), capture_output=True, text=True
    )
    assert done.stdout == "[0]\n"


def test_a_baseline_is_a_setting_of_the_interface(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adopted(project)
    monkeypatch.chdir(project)
    report = check_source(BUG + ANOTHER, "train.py", Settings(baseline=read_baseline(NAME)))

    assert [found.span.line for found in report.diagnostics] == [7]
    assert [known.path for known in report.known] == ["train.py"]


def test_findings_in_notebooks_are_known_whatever_their_cell(tmp_path: Path) -> None:
    (tmp_path / "nb.ipynb").write_bytes(notebook_bytes("%matplotlib inline\n" + BUG))
    lr_lint("--write-baseline", cwd=tmp_path)
    (tmp_path / "nb.ipynb").write_bytes(notebook_bytes("x = 1", "%matplotlib inline\n\n" + BUG, ANOTHER))

    document = document_of(lr_lint("--baseline", NAME, "--output-format", "json", cwd=tmp_path))

    assert [found["cell"] for found in document["diagnostics"]] == [3]


def test_a_baseline_that_is_not_there_is_said(project: Path) -> None:
    done = lr_lint("--baseline", "none.json", cwd=project)

    assert (done.returncode, done.stderr) == (
        3,
        "lr-lint: none.json: there is no such baseline; --write-baseline makes it\n",
    )


BROKEN = {
    "no JSON": ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    "a conflict": (
        "{\n<<<<<<< ours\n",
        "Expecting property name enclosed in double quotes: line 2 column 1 (char 2); a conflict of a merge is",
    ),
    "another JSON": ("[]", "it has no list of findings"),
    "a newer one": ('{"schema_version": 2, "findings": []}', "its schema_version is not 1"),
    "no path": ('{"schema_version": 1, "findings": [{}]}', "its entry 1 has no path, code, fingerprint"),
    "no entry": ('{"schema_version": 1, "findings": [1]}', "its entry 1 has no path, code, fingerprint"),
    "no count": (
        '{"schema_version": 1, "findings": [{"path": "a", "code": "b", "fingerprint": "c", "count": true}]}',
        "the count of its entry 1 is not 1 or more",
    ),
    "nested without end": ("[" * 100_000, "maximum recursion depth exceeded"),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("option", ["--baseline", "--write-baseline"])
def test_what_is_no_baseline_is_one_line(option: str, text: str, reason: str, project: Path) -> None:
    (project / "known.json").write_text(text)

    done = lr_lint(option, "known.json", cwd=project)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"lr-lint: known.json: no baseline of lr-lint: {reason}")
    assert done.stderr.count("\n") == 1
    assert (project / "known.json").read_text() == text


def test_a_broken_baseline_of_the_settings_is_one_line(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.lr-lint]\nbaseline = "pyproject.toml"\n')
    done = lr_lint(cwd=project)

    assert done.returncode == 2
    assert "[tool.lr-lint] baseline: pyproject.toml: no baseline of lr-lint: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["--write-baseline", "src"], ["--write-baseline", "src/a.py"], ["src", "--write-baseline"]]
)
def test_code_is_never_taken_for_the_file_to_write(arguments: list[str], project: Path) -> None:
    (project / "src").mkdir()
    (project / "src" / "a.py").write_text(BUG)

    assert lr_lint(*arguments, cwd=project).returncode == 0

    assert (project / "src" / "a.py").read_text() == BUG
    assert [row["path"] for row in entries(project)] == ["src/a.py"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--baseline", "a", "--no-baseline"], "--baseline and --no-baseline exclude each other"),
        (["--write-baseline", "--no-baseline"], "--write-baseline and --no-baseline exclude each other"),
        (
            ["--write-baseline", "--diff"],
            "--write-baseline and --diff make different things of the findings: one at a time",
        ),
        (["--write-baseline", "none/a.json"], "cannot write none/a.json: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str, project: Path) -> None:
    done = lr_lint(*arguments, cwd=project)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"lr-lint: {said}\n")
    assert os.listdir(project) == ["train.py"]


def test_entries_that_a_merge_has_doubled_count_once(tmp_path: Path) -> None:
    entry = KnownFinding("a.py", "LR101", "0" * 16)
    text = baseline_text({entry: 1})
    row = text.splitlines()[3]
    (tmp_path / "doubled.json").write_text(text.replace(row, f"{row},\n{row}"))

    assert read_baseline(str(tmp_path / "doubled.json")).counts == {entry: 1}


def test_a_folder_is_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="no file that can be read"):
        read_baseline(str(tmp_path))
