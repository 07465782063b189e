from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

from lr_lint.reports.formats import FINDINGS, Look
from lr_lint.reports.pieces import coloured, plain
from lr_lint.reports.structured import concise, to_json
from lr_lint.reports.summary import CheckSummary
from lr_lint.reports.text import render
from lr_lint.vocabulary.diagnostics import (
    Confidence,
    Diagnostic,
    Edit,
    Evidence,
    Failure,
    FileReport,
    Fix,
    KnownFinding,
    Numbers,
    SiteReference,
    Span,
)
from lr_lint.vocabulary.places import place
from tests.support import without_colours

LINES = [
    "base = 0.001",
    "",
    "",
    "def factor(epoch):",
    "    return base * 0.95**epoch",
    "",
    "scheduler = LambdaLR(optimizer, factor)",
]
KNOWN = KnownFinding("a.py", "LR101", "0123456789abcdef")
FINDING = Diagnostic(
    path="pkg/train.py",
    span=Span(5, 11, 5, 29),
    code="LR101",
    name="rate-returned-as-factor",
    message="returns a rate",
    confidence=Confidence.CERTAIN,
    site=SiteReference("pkg/train.py", 7, 12, "torch.optim.lr_scheduler.LambdaLR"),
    evidence=(
        Evidence("pkg/train.py", Span(1, 0, 1, 12), "the rate is made here"),
        Evidence("pkg/main.py", Span(41, 4, 41, 9), "and given to SGD here"),
    ),
    numbers=Numbers(initial_lr=0.001, first_factor=0.001, peak_factor=math.inf),
    fix=Fix("unsafe", "divide the rate out", (Edit(Span(5, 11, 5, 18), ""),)),
)


def outcome_of(*diagnostics: Diagnostic) -> CheckSummary:
    outcome = CheckSummary()
    outcome.add(None)
    outcome.add(FileReport("pkg/train.py", tuple(diagnostics), parsed=True, sites=1))
    return outcome


def lines_in(files: dict[str, list[str] | None]) -> Callable[[str, int | None], list[str] | None]:
    return lambda path, cell: None if cell is not None else files.get(path)


def text_of(diagnostic: Diagnostic, lines: list[str] | None) -> str:
    return plain(render(outcome_of(diagnostic), lines_in({"pkg/train.py": lines})))


def finding_at(span: Span) -> Diagnostic:
    return Diagnostic(
        "pkg/train.py", span, "LR101", "rate-returned-as-factor", "message", Confidence.LIKELY, FINDING.site
    )


def test_json_is_exactly_the_documented_format() -> None:
    outcome = outcome_of(FINDING)
    outcome.fixes = True
    outcome.add(FileReport("broken.py", failure=Failure("broken.py", "syntax error")))

    assert json.loads(to_json(outcome, "1.2.3")) == {
        "schema_version": 1,
        "tool": {"name": "lr-lint", "version": "1.2.3"},
        "fixes": True,
        "diagnostics": [
            {
                "code": "LR901",
                "name": "unreadable-file",
                "confidence": "certain",
                "message": "syntax error",
                "path": "broken.py",
                "cell": None,
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 1,
                "site": None,
                "evidence": [],
                "numbers": {"initial_lr": None, "first_factor": None, "peak_factor": None, "first_lr": None},
                "fix": None,
                "options": [],
            },
            {
                "code": "LR101",
                "name": "rate-returned-as-factor",
                "confidence": "certain",
                "message": "returns a rate",
                "path": "pkg/train.py",
                "cell": None,
                "line": 5,
                "column": 12,
                "end_line": 5,
                "end_column": 30,
                "site": {
                    "path": "pkg/train.py",
                    "cell": None,
                    "line": 7,
                    "column": 13,
                    "contract": "torch.optim.lr_scheduler.LambdaLR",
                },
                "evidence": [
                    {"path": "pkg/train.py", "cell": None, "line": 1, "column": 1, "text": "the rate is made here"},
                    {"path": "pkg/main.py", "cell": None, "line": 41, "column": 5, "text": "and given to SGD here"},
                ],
                "numbers": {"initial_lr": 0.001, "first_factor": 0.001, "peak_factor": None, "first_lr": None},
                "fix": {
                    "safety": "unsafe",
                    "message": "divide the rate out",
                    "edits": [{"cell": None, "line": 5, "column": 12, "end_line": 5, "end_column": 19, "text": ""}],
                },
                "options": [],
            },
        ],
        "failures": [
            {
                "code": "LR901",
                "message": "syntax error",
                "path": "broken.py",
                "cell": None,
                "line": None,
                "column": None,
            }
        ],
        "files": {"discovered": 3, "parsed": 1, "failed": 1},
        "sites": 1,
        "known": 0,
    }


@pytest.mark.parametrize(
    ("where", "spelled"),
    [
        (("train.py", None, 7, 12), "train.py:7:12"),
        (("train.py", None, 7, None), "train.py:7"),
        (("train.py", None, None, None), "train.py"),
        (("nb.ipynb", 3, 2, 5), "nb.ipynb:cell 3:2:5"),
        (("nb.ipynb", 3, None, None), "nb.ipynb:cell 3"),
    ],
)
def test_place_is_spelled(where: tuple[str, int | None, int | None, int | None], spelled: str) -> None:
    assert place(*where) == spelled


def test_findings_in_a_notebook_name_their_cell() -> None:
    evidence = Evidence("nb.ipynb", Span(1, 0, 1, 4), "made here", cell=2)
    found = replace(FINDING, path="nb.ipynb", cell=3, evidence=(evidence,))

    assert concise(outcome_of(found)) == "nb.ipynb:cell 3:5:12: LR101 [certain] returns a rate\n"
    assert text_of(found, None).splitlines() == [
        "nb.ipynb:cell 3:5:12 LR101 rate-returned-as-factor [certain]",
        "  returns a rate",
        "  nb.ipynb:cell 2:1:1: made here",
        "",
    ]


def test_json_of_a_clean_run() -> None:
    assert json.loads(to_json(CheckSummary(), "1.2.3")) == {
        "schema_version": 1,
        "tool": {"name": "lr-lint", "version": "1.2.3"},
        "fixes": False,
        "diagnostics": [],
        "failures": [],
        "files": {"discovered": 0, "parsed": 0, "failed": 0},
        "sites": 0,
        "known": 0,
    }


def test_json_is_ascii_whatever_the_names() -> None:
    odd = Diagnostic("\udcff/é.py", Span(1, 0, 1, 1), "LR101", "n", "µ", Confidence.LIKELY, FINDING.site)

    assert to_json(outcome_of(odd), "1").isascii()


def test_concise_is_one_line_per_finding() -> None:
    other = Diagnostic(
        "pkg/train.py", Span(7, 0, 7, 9), "LR102", "tiny-factor", "of\ntwo lines", Confidence.LIKELY, FINDING.site
    )

    assert concise(outcome_of(FINDING, other)) == (
        "pkg/train.py:5:12: LR101 [certain] returns a rate\npkg/train.py:7:1: LR102 [likely] of two lines\n"
    )


@pytest.mark.parametrize("name", FINDINGS)
def test_every_format_tells_every_finding(name: str) -> None:
    other = Diagnostic("b.py", Span(7, 0, 7, 9), "LR102", "tiny-factor", "m", Confidence.LIKELY, FINDING.site)
    text = FINDINGS[name](outcome_of(FINDING, other), Look())

    assert all(part in text for part in ("LR101", "pkg/train.py", "LR102", "b.py", "7", "returns a rate"))


def test_text_shows_the_code_and_the_evidence() -> None:
    assert text_of(FINDING, LINES) == (
        "pkg/train.py:5:12 LR101 rate-returned-as-factor [certain]\n"
        "  returns a rate\n"
        "    |\n"
        "  5 |     return base * 0.95**epoch\n"
        "    |            ^^^^^^^^^^^^^^^^^^\n"
        "  pkg/train.py:1:1: the rate is made here\n"
        "    |\n"
        "  1 | base = 0.001\n"
        "    | ------------\n"
        "  pkg/main.py:41:5: and given to SGD here\n"
        "\n"
    )


@pytest.mark.parametrize("lines", [None, [], ["changed since"]])
def test_text_without_the_lines_is_told_without_them(lines: list[str] | None) -> None:
    assert text_of(finding_at(Span(5, 11, 5, 29)), lines) == (
        "pkg/train.py:5:12 LR101 rate-returned-as-factor [likely]\n  message\n\n"
    )


def frame_of(span: Span, lines: list[str]) -> list[str]:
    return text_of(finding_at(span), lines).splitlines()[3:-1]


def test_marks_of_several_lines() -> None:
    lines = ["x = f(a,", "      b,", "      c)  # d"]

    assert frame_of(Span(1, 4, 3, 8), lines) == [
        "  1 | x = f(a,",
        "    |     ^^^^",
        "  2 |       b,",
        "    |       ^^",
        "  3 |       c)  # d",
        "    |       ^^",
    ]


def test_many_lines_are_cut() -> None:
    frame = frame_of(Span(8, 0, 99, 1), ["x"] * 99)

    assert frame[0] == "   8 | x"
    assert frame[-2:] == ["     | ^", "     | ..."]
    assert len(frame) == 9


def test_long_line_is_cut_around_the_mark() -> None:
    line = "a" * 5000 + "RATE" + "b" * 5000
    source, mark = frame_of(Span(1, 5000, 1, 5004), [line])

    assert len(source) < 200
    assert source[mark.index("^") : mark.rindex("^") + 1] == "RATE"


def test_marks_stand_under_what_a_terminal_shows() -> None:
    assert frame_of(Span(1, 1, 1, 3), ["\tab"]) == ["  1 |     ab", "    |     ^^"]
    assert frame_of(Span(1, 3, 1, 4), ["'率'x"]) == ["  1 | '率'x", "    |     ^"]
    assert frame_of(Span(1, 2, 1, 3), ["e\u0301x"]) == ["  1 | e\u0301x", "    |  ^"]


def test_empty_span_has_a_mark() -> None:
    assert frame_of(Span(1, 1, 1, 1), ["ab"]) == ["  1 | ab", "    |  ^"]


def test_code_cannot_steer_the_terminal() -> None:
    assert frame_of(Span(1, 0, 1, 1), ["x = '\x1b[2J'"]) == ["  1 | x = '\\x1b[2J'", "    | ^"]


def test_colours_change_nothing_but_colours() -> None:
    lines_of = lines_in({"pkg/train.py": ["[red]x[/red] " * 40, *LINES[1:]]})
    pieces = list(render(outcome_of(FINDING), lines_of))
    text = coloured(pieces)

    assert "\x1b[" in text
    assert without_colours(text) == plain(pieces)


@pytest.mark.parametrize("terminal", ["dumb", "xterm-256color"])
def test_wanted_colours_come_whatever_the_environment(terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", terminal)
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b[" in coloured([("text", "bold red")])


@pytest.mark.parametrize(
    ("reports", "line"),
    [
        ([None], "No problems found (0 schedulers in 1 file)."),
        ([FileReport("a.py", sites=1), None], "No problems found (1 scheduler in 2 files)."),
        ([FileReport("a.py", (FINDING,), sites=1)], "Found 1 problem in 1 file (1 scheduler in 1 file)."),
        (
            [FileReport("a.py", (FINDING, finding_at(Span(7, 0, 7, 1))), sites=3), None],
            "Found 2 problems in 1 file (3 schedulers in 2 files).",
        ),
        (
            [FileReport("a.py", failure=Failure("a.py", "broken")), None],
            "No problems found (0 schedulers in 2 files). Not checked: 1 path.",
        ),
    ],
)
def test_closing_line(reports: list[FileReport | None], line: str) -> None:
    outcome = CheckSummary()
    for report in reports:
        outcome.add(report)

    assert outcome.closing_line() == line


def test_hints_name_what_tells_the_rest() -> None:
    outcome = CheckSummary()
    outcome.add(FileReport("a.py", (FINDING,), sites=3, undecided=2, hidden=1, known=(KNOWN,)))
    outcome.add(FileReport("b.py", sites=1, undecided=1))

    assert list(outcome.hints()) == [
        "1 finding of a kind that can be mended: `--diff` shows how.",
        "3 schedulers undecided: `lr-lint sites` says why.",
        "1 finding known by a baseline: see `--no-baseline`.",
        "1 finding not sure enough to be told: see `--min-confidence possible`.",
    ]
    assert list(CheckSummary().hints()) == []


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (None, 0),
        (FileReport("a.py", sites=1), 0),
        (FileReport("a.py", (FINDING,)), 1),
        (FileReport("a.py", failure=Failure("a.py", "broken")), 2),
        (FileReport("a.py", (FINDING,), failure=Failure("a.py", "broken")), 3),
    ],
)
def test_exit_status(report: FileReport | None, status: int) -> None:
    outcome = CheckSummary()
    outcome.add(report)

    assert outcome.status == status


def test_diagnostic_can_be_pickled_and_sorted() -> None:
    """Hosts hand diagnostics between processes and print them in the order of the text."""
    first = Diagnostic("a.py", Span(1, 0, 1, 4), "LR101", "n", "m", Confidence.LIKELY, SiteReference("a.py", 1, 0, "c"))
    later = replace(first, span=Span(2, 0, 2, 4))

    assert pickle.loads(pickle.dumps(first)) == first
    assert sorted([later, first]) == [first, later]
