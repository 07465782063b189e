"""Findings as annotations of a change, for the two services where most people look at one.

GitHub reads commands in the log of a job, and GitLab a file of a job in the format of its Code Quality report. See
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands and
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lr_lint.reports.json_text import encodable, json_text
from lr_lint.source.fingerprints import fingerprints
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Failure

_SEVERITIES = {Confidence.CERTAIN: "critical", Confidence.LIKELY: "major", Confidence.POSSIBLE: "minor"}


def github(summary: CheckSummary) -> str:
    """A command for each finding, and for each failure that is none: ``::error file=...,line=...::message``."""
    lines = [_told(diagnostic) for diagnostic in summary.told]
    lines += [_command({"file": failure.path, "title": "lr-lint"}, _said(failure)) for failure in _mere(summary)]
    return "".join(f"{each}\n" for each in lines)


def _told(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {"file": diagnostic.path}
    # A line of a cell is no line of the file that GitHub has.
    if diagnostic.cell is None:
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
        # Where there are several lines, GitHub takes no columns.
        if span.line == span.end_line:
            properties |= {"col": str(span.column + 1), "endColumn": str(span.end_column + 1)}
    properties["title"] = f"lr-lint: {diagnostic.code} {diagnostic.name}"
    where = place(diagnostic.path, diagnostic.cell, span.line, span.column + 1)
    message = " ".join(diagnostic.message.split())
    return _command(properties, f"{where}: {diagnostic.code} [{diagnostic.confidence.label}] {message}")


def _command(properties: dict[str, str], message: str) -> str:
    """What a job is failed for is an error, however sure it is."""
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::error {told}::{_data(message)}"


def _data(text: str) -> str:
    """A message as a command carries it. Beyond the ends of lines, GitHub has no escape for what steers a log."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(summary: CheckSummary, lines_of: Callable[[str, int | None], Sequence[str] | None]) -> str:
    """A Code Quality report.

    Args:
        summary: what is to be told.
        lines_of: gives the lines of a file by its path, or of a cell of it, for fingerprints that stay when lines move.
    """
    told = summary.told
    seen: Counter[tuple[str, str]] = Counter()
    issues: list[dict[str, Any]] = []
    for diagnostic, fingerprint in zip(told, fingerprints(told, lines_of), strict=True):
        key = diagnostic.path, fingerprint
        seen[key] += 1
        issues.append(_issue(diagnostic, _digest(*key, str(seen[key]))))
    issues += [_mere_issue(failure) for failure in _mere(summary)]
    return json_text(issues)


def _issue(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    span = diagnostic.span
    message = diagnostic.message
    positions = {
        "begin": {"line": span.line, "column": span.column + 1},
        "end": {"line": span.end_line, "column": span.end_column + 1},
    }
    where: dict[str, Any] = {"positions": positions}
    if diagnostic.cell is not None:
        message = f"{place(diagnostic.path, diagnostic.cell, span.line, span.column + 1)}: {message}"
        where = {"lines": {"begin": 1}}
    return {
        "description": encodable(f"{diagnostic.code} [{diagnostic.confidence.label}] {message}"),
        "check_name": diagnostic.name,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.confidence],
        "location": {"path": encodable(diagnostic.path), **where},
    }


def _mere_issue(failure: Failure) -> dict[str, Any]:
    return {
        "description": encodable(failure.message),
        "check_name": "not-analysed",
        "fingerprint": _digest(failure.path, failure.message),
        "severity": "blocker",
        "location": {"path": encodable(failure.path), "lines": {"begin": failure.line or 1}},
    }


def _mere(summary: CheckSummary) -> list[Failure]:
    """The failures that are no findings of a rule."""
    return [failure for failure in summary.failures if failure.diagnostic is None]


def _said(failure: Failure) -> str:
    column = None if failure.column is None else failure.column + 1
    return f"{place(failure.path, failure.cell, failure.line, column)}: {failure.message}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:32]
