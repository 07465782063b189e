"""Findings as failed tests, in the XML of JUnit, which every build server shows.

There is no standard; this is what Jenkins, GitLab and GitHub's actions read: see
https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from lr_lint.reports.pieces import line, plain
from lr_lint.vocabulary.codes import UNREADABLE_FILE
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Failure

# In ASCII with references, so that what it says is true wherever it is written to.
_HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'


def to_junit(summary: CheckSummary) -> str:
    """A suite for each file with findings, and a test for each of them; one test that passes if there are none."""
    root = ElementTree.Element("testsuites", name="lr-lint")
    mere = [failure for failure in summary.failures if failure.diagnostic is None]
    suites: dict[str, list[ElementTree.Element]] = {}
    for diagnostic in summary.told:
        suites.setdefault(diagnostic.path, []).append(_case(diagnostic))
    for failure in mere:
        suites.setdefault(failure.path, []).append(_error(failure))
    if not suites:
        suites["lr-lint"] = [ElementTree.Element("testcase", name="no problems found", classname="lr-lint")]
    for path, cases in suites.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": visible(path), **_totals(cases)})
        suite.extend(cases)
    root.attrib.update(_totals(case for cases in suites.values() for case in cases))
    ElementTree.indent(root)
    return f"{_HEADER}{ElementTree.tostring(root, encoding='us-ascii', xml_declaration=False).decode()}\n"


def _totals(cases: Iterable[ElementTree.Element]) -> dict[str, str]:
    cases = list(cases)
    failed = sum(case.find("failure") is not None for case in cases)
    broken = sum(case.find("error") is not None for case in cases)
    return {"tests": str(len(cases)), "failures": str(failed), "errors": str(broken)}


def _case(diagnostic: Diagnostic) -> ElementTree.Element:
    span = diagnostic.span
    where = place(diagnostic.path, diagnostic.cell, span.line, span.column + 1)
    case = _test(diagnostic.path, f"{diagnostic.code} {diagnostic.name} at {where}", span.line)
    kind = "error" if diagnostic.code == UNREADABLE_FILE[0] else "failure"
    said = f"{diagnostic.code} [{diagnostic.confidence.label}] {' '.join(diagnostic.message.split())}"
    outcome = ElementTree.SubElement(case, kind, message=visible(said), type=diagnostic.code)
    rows = [f"{where}: {said}"]
    rows += [
        f"  {place(step.path, step.cell, step.span.line, step.span.column + 1)}: {step.text}"
        for step in diagnostic.evidence
    ]
    outcome.text = plain(piece for row in rows for piece in line(row)).rstrip("\n")
    return case


def _error(failure: Failure) -> ElementTree.Element:
    case = _test(failure.path, "not analysed", failure.line)
    ElementTree.SubElement(case, "error", message=visible(failure.message), type="not-analysed")
    return case


def _test(path: str, name: str, number: int | None) -> ElementTree.Element:
    shown = visible(path)
    attributes = {"name": visible(name), "classname": shown, "file": shown}
    return ElementTree.Element("testcase", attributes | ({} if number is None else {"line": str(number)}))
