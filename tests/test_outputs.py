"""Where reports go: ``--output-format``, ``--output-file`` and ``--statistics``, several at once and none by halves."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support import BUG, FIXED, document_of, lr_lint, lr_lint_process


def test_several_reports_at_once(project: Path) -> None:
    options = ["sarif:out/a.sarif", "junit:junit.xml", "json:report.json"]
    (project / "out").mkdir()

    done = lr_lint(*(part for each in options for part in ("--output-file", each)), cwd=project)

    assert done.returncode == 1
    assert done.stdout.startswith("train.py:6:57 LR101")
    assert json.loads((project / "out" / "a.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "LR101"
    assert ElementTree.parse(project / "junit.xml").getroot().get("failures") == "1"
    assert json.loads((project / "report.json").read_text())["diagnostics"][0]["code"] == "LR101"


@pytest.mark.parametrize(
    ("arguments", "printed", "files"),
    [
        (["--output-file", "report"], "", {"report": "train.py:6:57 LR101 "}),
        (["--output-file", "report", "--output-format", "concise"], "", {"report": "train.py:6:57: LR101 "}),
        (["--output-file", "concise:report"], "train.py:6:57 LR101 ", {"report": "train.py:6:57: LR101 "}),
        (["--output-file", "concise:report", "--output-format", "github"], "::error ", {"report": "train.py:6:57: "}),
        (["--output-file", "a", "--output-file", "concise:b"], "", {"a": "train.py:6:57 ", "b": "train.py:6:57: "}),
        (["--output-file", "-"], "train.py:6:57 LR101 ", {}),
        (["--output-file", "concise:-"], "train.py:6:57: LR101 ", {}),
        (["--output-file", "C:report"], "", {"C:report": "train.py:6:57 LR101 "}),
        (["--output-file", "./json:report"], "", {"json:report": "train.py:6:57 LR101 "}),
        (["--output-file", "a:b:c"], "", {"a:b:c": "train.py:6:57 LR101 "}),
        (["--output-file", "concise:a:b"], "train.py:6:57 LR101 ", {"a:b": "train.py:6:57: LR101 "}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_where_a_report_goes(arguments: list[str], printed: str, files: dict[str, str], project: Path) -> None:
    before = set(os.listdir(project))
    done = lr_lint(*arguments, cwd=project)

    assert done.returncode == 1
    assert done.stdout.startswith(printed)
    assert bool(done.stdout) == bool(printed)
    assert {name: (project / name).read_text()[: len(text)] for name, text in files.items()} == files
    assert set(os.listdir(project)) - before == files.keys()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output-file", "json:"], "--output-file json:: no file is named"),
        (
            ["--output-file", "sarfi:out"],
            "--output-file sarfi:out: no format is called 'sarfi'; did you mean sarif? (a file: ./sarfi:out)",
        ),
        (["--output-file", "json:a", "--output-file", "sarif:./a"], "two reports cannot go to one place: ./a"),
        (["--output-file", "json:-", "--output-format", "text"], "two reports cannot go to one place: standard output"),
        (["--statistics", "--output-format", "sarif"], "--statistics is for the formats text and json"),
        (["--fixes"], "--fixes is for the formats json and sarif; --diff shows fixes to people"),
        (["--diff", "--output-file", "json:a"], "--diff prints a diff, not json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str, project: Path) -> None:
    done = lr_lint(*arguments, cwd=project)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"lr-lint: {said}\n"
    assert os.listdir(project) == ["train.py"]


def test_a_report_that_cannot_be_written_is_one_line_and_the_others_are_whole(project: Path) -> None:
    outputs = ["json:none/a.json", "json:/dev/full", "json:b.json"]

    done = lr_lint(*(part for each in outputs for part in ("--output-file", each)), cwd=project)

    assert done.returncode == 2
    assert done.stderr == (
        "lr-lint: cannot write none/a.json: No such file or directory\n"
        "lr-lint: cannot write /dev/full: No space left on device\n"
    )
    assert sorted(os.listdir(project)) == ["b.json", "train.py"]
    assert json.loads((project / "b.json").read_text())["schema_version"] == 1


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs names for what the shell opened")
def test_reports_go_into_pipes(project: Path) -> None:
    """As the shell makes them of ``>(command)``, and what it calls standard output."""
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe:
        done = lr_lint("--output-file", f"concise:/dev/fd/{writing}", cwd=project)
        os.close(writing)
        assert pipe.read().startswith(b"train.py:6:57: LR101 [certain] ")
    process = lr_lint_process("--output-file", "concise:/dev/stdout", "--quiet", cwd=project)

    assert (done.returncode, done.stderr) == (1, "")
    assert (process.returncode, process.stderr) == (1, "")
    assert "train.py:6:57: LR101 [certain] " in process.stdout


def test_fixes_are_looked_for_when_they_are_asked_for(project: Path) -> None:
    without = document_of(lr_lint("--output-format", "json", cwd=project))
    with_fixes = document_of(lr_lint("--output-format", "json", "--fixes", cwd=project))
    last = document_of(lr_lint("--output-format", "json", "--fixes", "--no-fixes", cwd=project))

    assert (without["fixes"], without["diagnostics"][0]["fix"]) == (False, None)
    assert with_fixes["fixes"] is True
    assert with_fixes["diagnostics"][0]["fix"]["safety"] == "unsafe"
    assert last == without


def test_the_fix_in_sarif_is_the_one_that_is_applied(project: Path) -> None:
    """A reader takes the columns as code points, as the log says."""
    program = BUG.replace("LambdaLR(optimizer, ", "LambdaLR(optimizer, *['学🙂'][:0], ")
    (project / "train.py").write_text(program)
    run = document_of(lr_lint("--output-format", "sarif", "--fixes", cwd=project))["runs"][0]
    (replacement,) = run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]
    region = replacement["deletedRegion"]
    lr_lint("--fix", "--unsafe-fixes", cwd=project)

    lines = program.split("\n")
    line = lines[region["startLine"] - 1]
    assert (run["columnKind"], region["endLine"]) == ("unicodeCodePoints", region["startLine"])
    kept = line[: region["startColumn"] - 1], line[region["endColumn"] - 1 :]
    lines[region["startLine"] - 1] = replacement["insertedContent"]["text"].join(kept)
    assert (project / "train.py").read_text() == "\n".join(lines) != program


def test_failures_are_told_with_their_reasons(project: Path) -> None:
    (project / "broken.py").write_text("LambdaLR(\n")
    document = document_of(lr_lint("--output-format", "json", ".", "gone.py", cwd=project))

    assert [(found["path"], found["code"], found["line"]) for found in document["diagnostics"]] == [
        ("broken.py", "LR901", 1),
        ("train.py", "LR101", 6),
    ]
    assert document["failures"] == [
        {
            "code": "LR901",
            "message": "syntax error: '(' was never closed",
            "path": "broken.py",
            "cell": None,
            "line": 1,
            "column": 9,
        },
        {
            "code": None,
            "message": "No such file or directory",
            "path": "gone.py",
            "cell": None,
            "line": None,
            "column": None,
        },
    ]
    assert document["files"] == {"discovered": 3, "parsed": 1, "failed": 2}


@pytest.mark.parametrize(
    ("options", "status", "codes"),
    [
        ([], 2, ["LR901"]),
        (["--ignore", "LR901"], 0, []),
        (["--select", "LR901"], 2, ["LR901"]),
        (["--select", "unreadable-file"], 2, ["LR901"]),
        (["--select", "LR1"], 0, []),
    ],
)
def test_an_unreadable_file_is_a_finding_like_others(
    options: list[str], status: int, codes: list[str], tmp_path: Path
) -> None:
    (tmp_path / "broken.py").write_text("LambdaLR(\n")

    done = lr_lint("--output-format", "json", *options, cwd=tmp_path)

    assert done.returncode == status
    assert [found["code"] for found in document_of(done)["diagnostics"]] == codes


def test_a_path_that_is_not_there_is_silenced_by_no_rule(tmp_path: Path) -> None:
    assert lr_lint("--ignore", "LR901", "gone.py", cwd=tmp_path).returncode == 2


def test_exit_zero_is_told_in_the_report(project: Path) -> None:
    done = lr_lint("--output-format", "sarif", "--exit-zero", cwd=project)

    assert done.returncode == 0
    assert document_of(done)["runs"][0]["invocations"][0]["exitCode"] == 0


def test_statistics_take_the_place_of_the_findings(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "b.py").write_text(BUG)
    (tmp_path / "c.py").write_text(FIXED)

    done = lr_lint("--statistics", "--output-file", "sarif:out.sarif", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stdout == (
        "2  LR101  rate-returned-as-factor  2 certain\nFound 2 problems in 2 files (3 schedulers in 3 files).\n"
    )
    assert len(json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]) == 2
