from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst
import pytest

import lr_lint.checks.analysis
from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.checks.engine import check_bytes, check_text
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.findings import diagnostic_of, located
from lr_lint.checks.judgement import judge
from lr_lint.checks.rules import by_code_or_name
from lr_lint.checks.rules.base import Finding
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.files import SourceFile
from lr_lint.source.settings import Settings
from lr_lint.source.tree import walk
from lr_lint.vocabulary.diagnostics import Confidence, Failure, FileReport
from tests.harness import source_of

TEXT = """\
from torch.optim.lr_scheduler import LambdaLR; LambdaLR(optimizer, schedule)
first = 0, 1, 2
second = 0  # noqa: LR102
"""


def analysed(text: str) -> SiteFacts:
    """What is known about the construction of a text."""
    analysis = analyse(source_of(text, "train.py"))
    assert isinstance(analysis, Analysis)
    return analysis.sites[0]


SITE = analysed(TEXT)


def finding(
    code: str = "LR101", line: int = 2, confidence: Confidence = Confidence.CERTAIN, number: int = 0
) -> Finding:
    """A finding on a number in a line."""
    rule = by_code_or_name(code)
    assert rule is not None
    module = SITE.construction.module
    numbers = [node for node in walk(module.tree.body[line - 1]) if isinstance(node, cst.Integer)]
    return located([Finding(rule, SITE, "message", confidence, Anchor(module, numbers[number]))])[0]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FileReport]:
    """Checks the text with an analysis that finds what it is told to."""

    def check(*findings: Finding, settings: Settings | None = None) -> FileReport:
        analysis = Analysis(findings=list(findings), sites=[SITE, SITE])
        monkeypatch.setattr(lr_lint.checks.analysis, "analyse", lambda *_: analysis)
        return check_text("train.py", TEXT, settings or Settings())

    return check


def test_file_that_names_no_scheduler_is_not_analysed() -> None:
    assert check_bytes("train.py", b"\xff\0 not even Python", Settings()) == FileReport("train.py")
    assert check_text("train.py", "not even Python", Settings()) == FileReport("train.py")


def test_findings_are_sorted_and_counted(found: Callable[..., FileReport]) -> None:
    later, earlier = finding(line=3), finding(line=2)

    report = found(later, earlier)

    assert report == FileReport("train.py", (diagnostic_of(earlier), diagnostic_of(later)), parsed=True, sites=2)


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
    findings = [finding(confidence=grade, number=at) for at, grade in enumerate(Confidence)]

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
    assert report == FileReport("train.py", failure=Failure("train.py", message, code=""))


def test_too_deep_a_recursion_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not with starred parameters: Python 3.13.0 recurses through calls of those without end.
    def deep(
        source: SourceFile, files: object, budget: object, contracts: object, faults: object, look: object
    ) -> Analysis:
        return deep(source, files, budget, contracts, faults, look)

    monkeypatch.setattr(lr_lint.checks.analysis, "analyse", deep)

    assert check_text("train.py", TEXT, Settings()).failure == Failure("train.py", "nested too deeply to be analysed")


BROKEN_AND_WRONG = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
one = torch.optim.SGD(model.parameters(), lr=1e-3)
two = torch.optim.SGD(model.parameters(), lr=1e-3)
first = LambdaLR(one, lambda epoch: 1.0)
second = LambdaLR(two, lambda epoch: 1e-3 * 0.95**epoch)
"""


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("of sorts"), "internal error in lr-lint: ValueError: of sorts; please report"),
        (OverflowError("huge"), "internal error in lr-lint: OverflowError: huge; please report"),
        (RecursionError("too deep"), "nested too deeply to be analysed"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_about_one_construction_does_not_silence_the_next(
    error: Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter([error])

    def broken_at_first(*arguments: Any) -> Any:
        for raised in calls:
            raise raised
        return judge(*arguments)

    monkeypatch.setattr("lr_lint.checks.examination.judge", broken_at_first)
    report = check_text("train.py", BROKEN_AND_WRONG, Settings())

    assert report.failure is not None
    assert (report.failure.line, report.failure.message) == (5, message)
    assert [(item.code, item.span.line) for item in report.diagnostics] == [("LR101", 6)]


def test_an_error_while_fixes_are_looked_for_leaves_the_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("nothing")

    monkeypatch.setattr("lr_lint.checks.fixes.session.find_fixes", broken)
    report = check_text("train.py", BROKEN_AND_WRONG, Settings(fixes=True))

    assert report.failure is not None
    assert report.failure.message == "internal error in lr-lint: KeyError: 'nothing'; please report"
    assert [item.code for item in report.diagnostics] == ["LR101"]


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


SUBJECTS = {
    "`decay`": "def decay(epoch):\n    return {value}\nLambdaLR(optimizer, decay)",
    "the lambda": "LambdaLR(optimizer, lambda epoch: {value})",
    "`Plan.decay`": "class Plan:\n def decay(self, epoch):\n  return {value}\nLambdaLR(optimizer, Plan().decay)",
    "`Plan.__call__`": "class Plan:\n def __call__(self, epoch):\n  return {value}\nLambdaLR(optimizer, Plan())",
}


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("lr * 0.9**epoch", "{subject} returns a learning rate"),
        ("max(1e-5, 0.0) if epoch else 1 / epoch", "{subject} raises ZeroDivisionError at step 0"),
        ("0.95 * epoch", "what {subject} returns grows with every step"),
    ],
)
def test_what_is_said_is_said_of_somebody(subject: str, value: str, says: str) -> None:
    """A reader sees whose value is meant, without a look at the place."""
    code = SUBJECTS[subject].format(value=value)
    head = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\nlr = 1e-3\n"
    optimizer = "optimizer = torch.optim.SGD(torch.nn.Linear(2, 1).parameters(), lr=lr)\n"

    messages = [found.message for found in check_text("train.py", f"{head}{optimizer}{code}\n", Settings()).diagnostics]

    assert any(message.startswith(says.format(subject=subject)) for message in messages), messages


def test_what_nobody_returns_is_said_of_the_callable() -> None:
    code = "def decay(epoch):\n    0.9**epoch\n"
    head = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"
    made = "LambdaLR(torch.optim.SGD(torch.nn.Linear(2, 1).parameters(), lr=0.1), decay)\n"

    (found,) = check_text("train.py", head + code + made, Settings()).diagnostics

    assert found.message.startswith("the callable returns None")
