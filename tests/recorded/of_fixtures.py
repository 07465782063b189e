"""What a user is told about each program under fixtures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lr_lint.reports.listing import sites_json
from lr_lint.reports.structured import to_json
from lr_lint.reports.summary import CheckSummary
from lr_lint.vocabulary.diagnostics import Diagnostic
from lr_lint.vocabulary.site_records import SiteRecord

FOLDER = Path(__file__).parent / "fixtures"
# Libraries of C round the last digits in their own ways.
_DIGITS = 9


def recorded_path(program: str) -> Path:
    """Where what is said about a program is recorded, by its path under fixtures."""
    return (FOLDER / program).with_suffix(".txt")


def text_of(path: str, diagnostics: Sequence[Diagnostic], sites: Iterable[SiteRecord]) -> str:
    """All that is said about a file, in lines; its own path is left out."""
    summary = CheckSummary()
    summary.diagnostics.extend(diagnostics)
    findings = json.loads(to_json(summary, ""))["diagnostics"]
    parts = [*findings, *json.loads(sites_json(sites))["sites"]]
    return "\n".join("\n".join(_lines(_without(path, part))) + "\n" for part in parts)


def _lines(part: dict[str, Any]) -> Iterator[str]:
    """A finding, or a construction: lists of objects take a line for each."""
    for key, value in part.items():
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            yield from (f"{key}: {_written(each)}" for each in value)
        else:
            yield f"{key}: {_written(value)}"


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _without(path: str, value: Any) -> Any:
    """A value without nulls, what is empty, the path, and the last digits of its numbers."""
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, dict):
        kept = {key: _without(path, each) for key, each in value.items() if (key, each) != ("path", path)}
        return {key: each for key, each in kept.items() if each is not None and each not in ([], {})}
    return [_without(path, each) for each in value] if isinstance(value, list) else value
