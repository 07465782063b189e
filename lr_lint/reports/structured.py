"""Reports for programs: one line per finding, and JSON. Lines and columns are counted from one."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from lr_lint.reports.json_text import json_text
from lr_lint.reports.pieces import line, plain
from lr_lint.vocabulary.places import place

if TYPE_CHECKING:
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Failure, Fix, Numbers, SiteReference, Span

SCHEMA_VERSION = 1


def concise(summary: CheckSummary) -> str:
    """One line per finding: ``path:line:column: LR101 [certain] message``."""
    lines = (
        f"{place(diagnostic.path, diagnostic.cell, diagnostic.span.line, diagnostic.span.column + 1)}: "
        f"{diagnostic.code} [{diagnostic.confidence.label}] {' '.join(diagnostic.message.split())}"
        for diagnostic in summary.diagnostics
    )
    return plain(piece for each in lines for piece in line(each))


def to_json(summary: CheckSummary, version: str) -> str:
    """The summary in the versioned JSON format."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "lr-lint", "version": version},
        "fixes": summary.fixes,
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in summary.told],
        "failures": [_failure(failure) for failure in summary.failures],
        "files": {"discovered": summary.discovered, "parsed": summary.parsed, "failed": len(summary.failures)},
        "sites": summary.sites,
        "known": summary.known,
    }
    return json_text(document)


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "confidence": diagnostic.confidence.label,
        "message": diagnostic.message,
        "path": diagnostic.path,
        "cell": diagnostic.cell,
        **_span(diagnostic.span),
        "site": None if diagnostic.site is None else _site(diagnostic.site),
        "evidence": [
            {
                "path": step.path,
                "cell": step.cell,
                "line": step.span.line,
                "column": step.span.column + 1,
                "text": step.text,
            }
            for step in diagnostic.evidence
        ],
        "numbers": _numbers(diagnostic.numbers),
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
        "options": [_fix(option) for option in diagnostic.options],
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "code": failure.code or None,
        "message": failure.message,
        "path": failure.path,
        "cell": failure.cell,
        "line": failure.line,
        "column": None if failure.column is None else failure.column + 1,
    }


def _site(site: SiteReference) -> dict[str, Any]:
    return {
        "path": site.path,
        "cell": site.cell,
        "line": site.line,
        "column": site.column + 1,
        "contract": site.contract,
    }


def _span(span: Span) -> dict[str, int]:
    return {
        "line": span.line,
        "column": span.column + 1,
        "end_line": span.end_line,
        "end_column": span.end_column + 1,
    }


def _numbers(numbers: Numbers) -> dict[str, float | None]:
    """The numbers by name. JSON knows neither infinity nor NaN; such a number is null, as an unknown one is."""
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in dataclasses.asdict(numbers).items()
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "safety": fix.safety,
        "message": fix.message,
        "edits": [{"cell": edit.cell, **_span(edit.span), "text": edit.text} for edit in fix.edits],
    }
