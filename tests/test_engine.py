from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import lr_lint.checks.analysis
from lr_lint.checks.engine import check_bytes, check_text
from lr_lint.checks.findings import Analysis, Finding
from lr_lint.source.files import SourceFile
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Failure, FileReport, SiteReference, Span

TEXT = "LambdaLR()\nfirst = 1\nsecond = 2  # noqa: LR102\n"
EXAMINED: Any = None
SITE = SiteReference("train.py", 2, 0, "torch.optim.lr_scheduler.LambdaLR")


def finding(code: str = "LR101", line: int = 2, confidence: Confidence = Confidence.CERTAIN) -> Finding:
    span = Span(line, 0, line, 1)
    name = {"LR101": "rate-returned-as-factor", "LR102": "tiny-factor"}.get(code, "no-such-rule")
    return Finding(Diagnostic("train.py", span, code, name, "message", confidence, SITE), (span,))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FileReport]:
    """Checks the text with an analysis that finds what it is told to."""

    def check(*findings: Finding, settings: Settings | None = None) -> FileReport:
        analysis = Analysis(findings=list(findings), examined=[EXAMINED, EXAMINED])
        monkeypatch.setattr(lr_lint.checks.analysis, "analyse", lambda *_: analysis)
        return check_text("train.py", TEXT, settings or Settings())

    return check


def test_file_that_names_no_scheduler_is_not_analysed() -> None:
    assert check_bytes("train.py", b"\xff\0 not even Python", Settings()) == FileReport("train.py")
    assert check_text("train.py", "not even Python", Settings()) == FileReport("train.py")


def test_findings_are_sorted_and_counted(found: Callable[..., FileReport]) -> None:
    later, earlier = finding(line=3), finding(line=2)

    report = found(later, earlier)

    assert report == FileReport("train.py", (earlier.diagnostic, later.diagnostic), parsed=True, sites=2)


def test_of_equal_findings_the_surest_stays(found: Callable[..., FileReport]) -> None:
    report = found(finding(confidence=Confidence.LIKELY), finding(confidence=Confidence.CERTAIN))

    assert [diagnostic.confidence for diagnostic in report.diagnostics] == [Confidence.CERTAIN]


@pytest.mark.parametrize(
    ("minimum", "grades"),
    [
        ("possible", [Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CERTAIN]),
        ("likely", [Confidence.LIKELY, Confidence.CERTAIN]),
        ("certain", [Confidence.CERTAIN]),
    ],
)
def test_weak_findings_are_left_out(minimum: str, grades: list[Confidence], found: Callable[..., FileReport]) -> None:
    weak, likely, sure = (replace(finding(), statements=()) for _ in range(3))
    findings = [
        replace(item, diagnostic=replace(item.diagnostic, span=Span(2, index, 2, index), confidence=grade))
        for index, (item, grade) in enumerate(zip((weak, likely, sure), Confidence, strict=True))
    ]

    report = found(*findings, settings=Settings(min_confidence=minimum))

    assert [diagnostic.confidence for diagnostic in report.diagnostics] == grades


def test_settings_and_comments_are_applied(found: Callable[..., FileReport]) -> None:
    findings = [finding("LR101", 2), finding("LR102", 2), finding("LR102", 3)]

    def lines(settings: Settings) -> list[tuple[str, int]]:
        return [(item.code, item.span.line) for item in found(*findings, settings=settings).diagnostics]

    assert lines(Settings()) == [("LR101", 2), ("LR102", 2)]
    assert lines(Settings(ignore=("LR101",))) == [("LR102", 2)]
    assert lines(Settings(select=("LR102",), comments=False)) == [("LR102", 2), ("LR102", 3)]


def test_bug_of_ours_is_reported_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: SourceFile, files: object, *_: object) -> Analysis:
        raise ValueError("of\nsorts")

    monkeypatch.setattr(lr_lint.checks.analysis, "analyse", broken)
    report = check_text("train.py", TEXT, Settings())

    message = "internal error in lr-lint: ValueError: of sorts; please report"
    assert report == FileReport("train.py", failure=Failure("train.py", message), parsed=True)


def test_finding_of_an_unknown_rule_is_a_bug_of_ours(found: Callable[..., FileReport]) -> None:
    failure = found(finding("LR777")).failure

    assert failure is not None
    assert "LR777 is not in the registry" in failure.message


def test_too_deep_a_recursion_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not with starred parameters: Python 3.13.0 recurses through calls of those without end.
    def deep(source: SourceFile, files: object, budget: object, contracts: object) -> Analysis:
        return deep(source, files, budget, contracts)

    monkeypatch.setattr(lr_lint.checks.analysis, "analyse", deep)

    assert check_text("train.py", TEXT, Settings()).failure == Failure("train.py", "nested too deeply to be analysed")


def test_analysis_sees_text_without_a_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def look(source: SourceFile, files: object, *_: object) -> Analysis:
        seen.append(source.text)
        return Analysis()

    monkeypatch.setattr(lr_lint.checks.analysis, "analyse", look)
    check_text("train.py", "\ufeff" + TEXT, Settings())
    check_bytes("train.py", TEXT.encode("utf-8-sig"), Settings())

    assert seen == [TEXT, TEXT]


def test_newer_syntax_than_pythons_own_is_left_to_libcst() -> None:
    """A type parameter needs Python 3.12; LibCST reads it on any Python that it runs on."""
    text = (
        "import torch\n"
        "from torch.optim.lr_scheduler import LambdaLR\n"
        "def first[T](items: list[T]) -> T:\n"
        "    return items[0]\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.001)\n"
        "scheduler = LambdaLR(optimizer, lambda epoch: 0.001 * 0.9**epoch)\n"
    )

    report = check_text("train.py", text, Settings())

    assert report.failure is None
    assert [diagnostic.code for diagnostic in report.diagnostics] == ["LR101"]


def test_text_that_only_names_a_scheduler_has_no_findings_and_no_sites() -> None:
    report = check_text("train.py", "KINDS = ['LambdaLR']\n", Settings())

    assert report == FileReport("train.py", parsed=True)
