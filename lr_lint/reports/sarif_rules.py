"""The rules as SARIF describes them (3.49), from their pages: services show these where they show a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.pages import page_of
from lr_lint.reports.links import rule_page
from lr_lint.reports.manual import explanation
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Rule

LEVELS = {Confidence.CERTAIN: "error", Confidence.LIKELY: "warning", Confidence.POSSIBLE: "note"}
# What GitHub calls the same (https://docs.github.com/en/code-security/reference/code-scanning/sarif-files).
_PRECISIONS = {Confidence.CERTAIN: "very-high", Confidence.LIKELY: "high", Confidence.POSSIBLE: "medium"}


def rule_descriptors() -> list[dict[str, Any]]:
    """All rules, in the order of their codes."""
    return [_descriptor(rule) for rule in RULES]


def _descriptor(rule: Rule) -> dict[str, Any]:
    page = page_of(rule)
    surest = max(page.grades, default=Confidence.CERTAIN)
    text = explanation(rule)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": page.sections["What it does"]},
        "help": {"text": text, "markdown": text},
        "helpUri": rule_page(rule.code, rule.name),
        "defaultConfiguration": {"enabled": rule.default, "level": LEVELS[surest]},
        "properties": {"tags": ["learning-rate"], "precision": _PRECISIONS[surest]},
    }
