from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import lr_lint
from lr_lint import Confidence, Settings, check_paths, check_source
from tests.support import BUG, BUG_PLACE, FIXED, NO_SCHEDULER


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
