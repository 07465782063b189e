from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any, cast

import pytest

import lr_lint
from lr_lint import Confidence, Settings, check_paths, check_source, settings_for
from tests.support import BUG, BUG_PLACE, FIXED, NO_SCHEDULER
from tests.test_readme import DOCUMENTS, blocks


@pytest.mark.parametrize("program", [BUG, BUG.encode(), BUG.replace("\n", "\r\n"), BUG.encode("utf-8-sig")])
def test_check_source_takes_text_and_bytes(program: str | bytes) -> None:
    report = check_source(program, path="train.py")

    (diagnostic,) = report.diagnostics
    assert report.path == diagnostic.path == "train.py"
    assert (diagnostic.code, diagnostic.confidence) == ("LR101", Confidence.CERTAIN)
    assert (diagnostic.span.line, diagnostic.span.column + 1) == BUG_PLACE


def test_check_source_follows_settings() -> None:
    assert check_source(BUG, settings=Settings(ignore=("LR101",))).diagnostics == ()


def test_check_paths_gives_a_report_for_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "b.py").write_text(FIXED)
    (tmp_path / "c.py").write_text(NO_SCHEDULER)

    reports = check_paths([".", "gone.py"])

    assert [(report.path, len(report.diagnostics), report.parsed) for report in reports] == [
        ("a.py", 1, True),
        ("b.py", 0, True),
        ("c.py", 0, False),
        ("gone.py", 0, False),
    ]
    assert [report.failure is None for report in reports] == [True, True, True, False]


def test_reports_can_be_sent_to_another_process() -> None:
    report = check_source(BUG)

    assert pickle.loads(pickle.dumps(report)) == report


def test_every_public_name_is_there() -> None:
    assert all(hasattr(lr_lint, name) for name in lr_lint.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = lr_lint.nothing


def test_a_path_may_be_one_and_of_any_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(BUG)

    for paths in ("a.py", Path("a.py"), ["a.py"], [Path("a.py")], iter([Path("a.py")]), tmp_path, "."):
        (report,) = check_paths(paths)
        assert (report.path, len(report.diagnostics)) == ("a.py", 1)
    assert check_source(BUG, Path("b") / "a.py").path == "b/a.py"
    assert check_source(BUG).path == "<string>"


def test_settings_are_those_of_the_project_unless_they_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "pyproject.toml").write_text('[tool.lr-lint]\nignore = ["LR101"]\n')
    (tmp_path / "pkg" / "a.py").write_text(BUG)

    assert settings_for(Path("pkg/a.py")).ignore == ("LR101",)
    assert check_paths("pkg")[0].diagnostics == check_source(BUG, "pkg/a.py").diagnostics == ()
    assert len(check_paths("pkg", Settings())[0].diagnostics) == 1
    assert len(check_source(BUG, "pkg/a.py", Settings()).diagnostics) == 1
    monkeypatch.chdir(tmp_path / "pkg")
    assert len(check_source(BUG).diagnostics) == 1
    (tmp_path / "pkg" / "pyproject.toml").write_text('[tool.lr-lint]\nexclude = ["a.py"]\n')
    assert len(check_source(BUG, "a.py").diagnostics) == len(check_paths("a.py")[0].diagnostics) == 1
    (tmp_path / "pkg" / "pyproject.toml").write_text('[tool.lr-lint]\nexclude = ["a.py"]\nforce-exclude = true\n')
    assert check_source(BUG, "a.py").diagnostics == ()
    assert check_paths("a.py") == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(select=("LR1O1",)), "Settings: no rule is called 'LR1O1'; did you mean LR101?"),
        (Settings(select=cast(Any, "LR101")), "Settings.select must be a tuple of strings, not 'LR101'"),
        (Settings(exclude=cast(Any, ("a",))), "Settings.exclude must be a tuple of PathPattern(root, text), and 'a'"),
        (Settings(min_confidence="likley"), "Settings.min_confidence must be one of possible, likely, certain; did"),
        (Settings(per_file_ignores=cast(Any, (("a", ()),))), "('a', ()) is no PathPattern and selectors"),
        (Settings(budget=cast(Any, 5)), "Settings.budget must be a Budget, not 5"),
    ],
)
def test_settings_that_cannot_be_followed_are_a_value_error(settings: Settings, message: str) -> None:
    for check in (lambda: check_source(BUG, settings=settings), lambda: check_paths(".", settings)):
        with pytest.raises(ValueError, match=re.escape(message)):
            check()


def test_examples_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "train.py").write_text(BUG)
    (tmp_path / "src" / "train.py").write_text(f"{BUG}x = 1  # noqa: LR101\n")
    names: dict[str, object] = {}
    for block in blocks("python", DOCUMENTS["docs/python.md"]):
        exec(block, names)

    printed = capsys.readouterr().out.splitlines()
    assert [line.partition(" the lambda returns")[0] for line in printed[:2]] == [
        "train.py:6: LR101",
        "src/train.py:6: LR101",
    ]
    assert printed[2] == "0 schedulers"
    assert printed[-1] == "Settings: no rule is called 'LR1O1'; did you mean LR101?"
