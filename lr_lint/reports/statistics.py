"""How many findings of each rule there are, for people and for programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lr_lint.reports.json_text import json_text
from lr_lint.reports.pieces import line, plain
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.reports.summary import CheckSummary

SCHEMA_VERSION = 1


def render_statistics(summary: CheckSummary, width: int | None = None) -> str:
    """One line for each rule that found something, the most frequent first.

    Args:
        summary: what was found.
        width: where to wrap lines, in columns; None not to.
    """
    counts = _counts(summary)
    number_width = max((len(str(each.total())) for each in counts.values()), default=0)
    name_width = max((len(name) for _, name in counts), default=0)
    lines = (
        f"{grades.total():{number_width}}  {code}  {name:{name_width}}  {_graded(grades)}"
        for (code, name), grades in counts.items()
    )
    return plain((piece for each in lines for piece in line(each)), width)


def _graded(grades: Counter[Confidence]) -> str:
    return ", ".join(f"{grades[each]} {each.label}" for each in sorted(grades, reverse=True))


def statistics_json(summary: CheckSummary, version: str) -> str:
    """The same in a versioned JSON format."""
    rows: list[dict[str, Any]] = [
        {
            "code": code,
            "name": name,
            "count": grades.total(),
            "confidence": {each.label: grades[each] for each in sorted(Confidence, reverse=True)},
        }
        for (code, name), grades in _counts(summary).items()
    ]
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "lr-lint", "version": version},
        "statistics": rows,
        "files": {"discovered": summary.discovered, "parsed": summary.parsed, "failed": len(summary.failures)},
        "sites": summary.sites,
    }
    return json_text(document)


def _counts(summary: CheckSummary) -> dict[tuple[str, str], Counter[Confidence]]:
    counts: dict[tuple[str, str], Counter[Confidence]] = {}
    for diagnostic in summary.told:
        counts.setdefault((diagnostic.code, diagnostic.name), Counter())[diagnostic.confidence] += 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0])))
