"""SARIF 2.1.0, the format of code scanning services: findings with what leads to them, their fixes and failures.

See https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html, whose sections
are named below. A region is one of a file: what stands in a cell of a notebook is named in words, and has none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lr_lint.reports.json_text import encodable, json_text
from lr_lint.reports.sarif_rules import LEVELS, rule_descriptors
from lr_lint.source.file_paths import path_bytes
from lr_lint.source.fingerprints import fingerprints
from lr_lint.vocabulary.places import place

if TYPE_CHECKING:
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Edit, Evidence, Failure, Fix, SiteReference, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
# The meaning of a fingerprint is in its name: another way to make it has another one (3.27.17).
_FINGERPRINT = "lrLintStatement/v1"
_DRIVE = re.compile(r"[A-Za-z]:/")
# What would be read as a link (3.11.6).
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def to_sarif(summary: CheckSummary, version: str, lines_of: Callable[[str, int | None], Sequence[str] | None]) -> str:
    """The summary as a SARIF log with one run.

    Args:
        summary: what is to be told.
        version: of lr-lint.
        lines_of: gives the lines of a file by its path, or of a cell of it, for fingerprints that stay when lines move.
    """
    rules = rule_descriptors()
    indices = {rule["id"]: index for index, rule in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(version, rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The folder that lr-lint was run in."}}},
        "invocations": [_invocation(summary, indices)],
        "results": _results(summary.told, indices, lines_of),
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(version: str, rules: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    from lr_lint.reports.links import DOCUMENTATION

    return {
        "name": "lr-lint",
        "version": version,
        "semanticVersion": version,
        "informationUri": DOCUMENTATION,
        "rules": rules,
    }


def _invocation(summary: CheckSummary, indices: Mapping[str, int]) -> dict[str, Any]:
    return {
        "executionSuccessful": not summary.failed,
        "exitCode": summary.status,
        "toolExecutionNotifications": [_notification(failure, indices) for failure in summary.failures],
    }


def _notification(failure: Failure, indices: Mapping[str, int]) -> dict[str, Any]:
    where = _location(failure.path, failure.cell, _line_region(failure))
    rule = {"associatedRule": {"id": failure.code, "index": indices[failure.code]}} if failure.code else {}
    return {"level": "error", "message": _message(failure.message), "locations": [where], **rule}


def _line_region(failure: Failure) -> dict[str, int]:
    if failure.line is None:
        return {}
    column = {} if failure.column is None else {"startColumn": failure.column + 1}
    return {"startLine": failure.line, **column}


def _results(
    diagnostics: Sequence[Diagnostic],
    indices: Mapping[str, int],
    lines_of: Callable[[str, int | None], Sequence[str] | None],
) -> list[dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    results: list[dict[str, Any]] = []
    for diagnostic, fingerprint in zip(diagnostics, fingerprints(diagnostics, lines_of), strict=True):
        key = diagnostic.path, fingerprint
        seen[key] += 1
        results.append(_result(diagnostic, indices[diagnostic.code], f"{fingerprint}:{seen[key]}"))
    return results


def _result(diagnostic: Diagnostic, index: int, fingerprint: str) -> dict[str, Any]:
    text = diagnostic.message
    if diagnostic.cell is not None:
        text = f"{place(diagnostic.path, diagnostic.cell, diagnostic.span.line, diagnostic.span.column + 1)}: {text}"
    result = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": LEVELS[diagnostic.confidence],
        "message": _message(text),
        "locations": [_location(diagnostic.path, diagnostic.cell, _region(diagnostic.span))],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {"confidence": diagnostic.confidence.label},
    }
    if diagnostic.evidence:
        result["codeFlows"] = [{"threadFlows": [{"locations": _flow(diagnostic)}]}]
    if diagnostic.site is not None:
        result["relatedLocations"] = [_construction(diagnostic.site)]
    # Each of several is a change of its own (3.27.30). An edit of a cell is none of the file that holds it.
    fixes = diagnostic.options if diagnostic.fix is None else [diagnostic.fix]
    if fixes and diagnostic.cell is None:
        result["fixes"] = [_fix(diagnostic.path, fix) for fix in fixes]
    return result


def _flow(diagnostic: Diagnostic) -> list[dict[str, Any]]:
    """The evidence in its order, and what it leads to (3.36)."""
    found = _location(diagnostic.path, diagnostic.cell, _region(diagnostic.span), diagnostic.message)
    return [{"location": each} for each in (*map(_step, diagnostic.evidence), found)]


def _step(step: Evidence) -> dict[str, Any]:
    return _location(step.path, step.cell, _region(step.span), step.text)


def _construction(site: SiteReference) -> dict[str, Any]:
    region = {"startLine": site.line, "startColumn": site.column + 1}
    return {"id": 1, **_location(site.path, site.cell, region, f"{site.contract} is constructed here")}


def _location(path: str, cell: int | None, region: Mapping[str, int], text: str = "") -> dict[str, Any]:
    """A place (3.28); in a notebook it is a cell by its number."""
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(path)}}
    if cell is not None:
        line = region.get("startLine")
        name = encodable(place(path, cell, line, None if line is None else region.get("startColumn")))
        location["logicalLocations"] = [{"name": f"cell {cell}", "fullyQualifiedName": name}]
        location["properties"] = {"cell": cell, **region}
    elif region:
        location["physicalLocation"]["region"] = dict(region)
    if text:
        location["message"] = _message(text)
    return location


def _artifact(path: str) -> dict[str, str]:
    """Where a file is, its bytes percent-encoded: relative to the folder of the run, but for another drive."""
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[:2]}{quote(path_bytes(path[2:]))}"}
    return {"uri": quote(path_bytes(path)), "uriBaseId": _BASE}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column + 1,
        "endLine": span.end_line,
        "endColumn": span.end_column + 1,
    }


def _message(text: str) -> dict[str, str]:
    """A message in which nothing is a placeholder (3.11.5) or a link."""
    return {"text": _LINK.sub(r"\\[", encodable(text).replace("{", "{{").replace("}", "}}"))}


def _fix(path: str, fix: Fix) -> dict[str, Any]:
    change = {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in fix.edits]}
    said = fix.message if fix.is_safe else f"{fix.message} (unsafe: training changes)"
    return {"description": _message(said), "artifactChanges": [change]}


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": encodable(edit.text)}}
