"""The settings as a JSON schema, for editors and validators: what a table ``[tool.lr-lint]`` may hold.

Its form is that of https://www.schemastore.org/json/, whose schema of ``pyproject.toml`` refers to one for each tool.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lr_lint.reports.json_text import json_text
from lr_lint.reports.links import with_addresses
from lr_lint.source.selectors import EVERY_RULE
from lr_lint.source.settings_table import SETTINGS

if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Rule

_DRAFT = "http://json-schema.org/draft-07/schema#"
_ID = "https://json.schemastore.org/partial-lr-lint.json"


def settings_schema(rules: Sequence[Rule]) -> str:
    """The schema of the table, as JSON.

    Args:
        rules: all rules, which settings may name.
    """
    return json_text({"$schema": _DRAFT, "$id": _ID, **_table(), "definitions": {"selector": _selector(rules)}})


def pyproject_schema(rules: Sequence[Rule]) -> str:
    """The schema of a file that has the table among others, for validators that take one for a whole file."""
    tool = {"type": "object", "properties": {"lr-lint": _table()}}
    document = {"$schema": _DRAFT, "title": "pyproject.toml with [tool.lr-lint]", "properties": {"tool": tool}}
    return json_text({**document, "definitions": {"selector": _selector(rules)}})


def _table() -> dict[str, Any]:
    return {
        "title": "lr-lint",
        "description": "Settings of lr-lint, a static checker for PyTorch learning-rate schedules.",
        "type": "object",
        "additionalProperties": False,
        "properties": {row.key: {**row.schema, "description": with_addresses(row.meaning)} for row in SETTINGS},
    }


def _selector(rules: Sequence[Rule]) -> dict[str, Any]:
    beginnings = {rule.code[:length]: None for rule in rules for length in range(1, len(rule.code))}
    return {
        "description": "A rule by its code or name, rules by the beginning of their codes, or all",
        "anyOf": [
            {"const": EVERY_RULE},
            *({"enum": [rule.code, rule.name], "description": rule.summary} for rule in rules),
            {"enum": sorted(beginnings)},
        ],
    }
