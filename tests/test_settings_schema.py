"""The JSON schema of [tool.lr-lint]: it is fresh, it is a schema, and it accepts and refuses what the reader does."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import jsonschema
import pytest

from lr_lint.checks.rules import RULES
from lr_lint.reports.links import DOCUMENTATION
from lr_lint.reports.settings_schema import pyproject_schema, settings_schema
from lr_lint.source.settings import ConfigurationError
from lr_lint.source.settings_table import SETTINGS, settings_from
from tests.docs import ROOT, SCHEMAS_FOLDER, schemas
from tests.test_readme import DOCUMENTS, blocks

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GOOD: list[dict[str, Any]] = [
    {},
    {"select": ["ALL"], "ignore": ["LR201"], "extend-select": ["LR9", "LR", "tiny-factor"]},
    {"select": []},
    {"per-file-ignores": {"examples/*": ["LR1"], "!src/**": []}},
    {"exclude": ["third_party", "*.{py,pyi}"], "force-exclude": True},
    {"cache-dir": "../kept", "jobs": "auto"},
    {"jobs": 4},
    {"min-confidence": "certain", "max-steps": 0, "max-files": 1_000_000_000},
    {"contracts": {}},
    {"contracts": {"a.b": {"callable": [0, "f"], "returns": "rate"}}},
    {"contracts": {"a.b": {"callable": [0, "f"], "returns": "rate", "optimizer": [1, "o"]}}},
    {"contracts": {"a.b.c": {"callable": [1, "f"], "optimizer": [0, "opt"], "returns": "factor"}}},
    {"contracts": {"a.b": {"callable": [1, "f"], "lr": [0, "lr"], "returns": "factor-of-previous"}}},
]
BAD: list[dict[str, Any]] = [
    {"selct": []},
    {"select": "LR101"},
    {"select": [1]},
    {"select": ["lr101"]},
    {"select": ["LR999"]},
    {"ignore": ["E501"]},
    {"per-file-ignores": ["LR1"]},
    {"per-file-ignores": {"a": "LR1"}},
    {"per-file-ignores": {"a": ["LR8"]}},
    {"per-file-ignores": {"": ["LR1"]}},
    {"exclude": {}},
    {"exclude": [""]},
    {"exclude": ["!a"]},
    {"exclude": ["a*" * 999]},
    {"exclude": ["a"] * 1_001},
    {"force-exclude": "yes"},
    {"cache-dir": ""},
    {"cache-dir": 1},
    {"jobs": 0},
    {"jobs": "4"},
    {"jobs": True},
    {"min-confidence": "sure"},
    {"min-confidence": []},
    {"max-steps": -1},
    {"max-steps": 1.5},
    {"max-files": True},
    {"max-files": 10**10},
    {"contracts": []},
    {"contracts": {"alone": {"callable": [0, "f"], "returns": "rate"}}},
    {"contracts": {"a.b": {"callable": [0, "f"]}}},
    {"contracts": {"a.b": {"callable": [0, "f"], "returns": "lr"}}},
    {"contracts": {"a.b": {"callable": [0, "f"], "returns": "factor"}}},
    {"contracts": {"a.b": {"calable": [0, "f"], "returns": "rate"}}},
    {"contracts": {"a.b": {"callable": [-1, "f"], "returns": "rate"}}},
    {"contracts": {"a.b": {"callable": [0, "f", 1], "returns": "rate"}}},
    {"contracts": {"a.b": {"callable": [0, "no name"], "returns": "rate"}}},
    {"contracts": {"a.b": {"callable": [0, "f"], "lr": [1, "lr"], "optimizer": [2, "o"], "returns": "rate"}}},
]
SCHEMA_DOCUMENT = json.loads(settings_schema(RULES))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA_DOCUMENT)
OF_A_FILE = jsonschema.Draft7Validator(json.loads(pyproject_schema(RULES)))


def is_understood(table: dict[str, Any]) -> bool:
    try:
        settings_from(table, "pyproject.toml", str(ROOT), lambda: RULES)
    except ConfigurationError:
        return False
    return True


def test_schemas_in_the_package_are_fresh() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS_FOLDER.glob("*.schema.json")}

    assert there == schemas(), "run python -m tests.docs"


def test_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA_DOCUMENT)
    assert list(SCHEMA_DOCUMENT["properties"]) == [row.key for row in SETTINGS]
    assert all(row["description"] for row in SCHEMA_DOCUMENT["properties"].values())


@pytest.mark.parametrize("table", GOOD, ids=str)
def test_good_settings_are_valid_and_understood(table: dict[str, Any]) -> None:
    VALIDATOR.validate(table)
    OF_A_FILE.validate({"project": {"name": "a"}, "tool": {"lr-lint": table, "other": {}}})
    assert is_understood(table)


@pytest.mark.parametrize("table", BAD, ids=lambda table: str(table)[:60])
def test_bad_settings_are_neither(table: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(table)
    assert not OF_A_FILE.is_valid({"tool": {"lr-lint": table}})
    assert not is_understood(table)


@pytest.mark.parametrize(
    "selector", ["ALL", *(word for rule in RULES for word in (rule.code, rule.name, rule.code[:3]))]
)
def test_every_rule_may_be_named(selector: str) -> None:
    assert VALIDATOR.is_valid({"select": [selector]})


def test_examples_of_the_documents_are_valid() -> None:
    found = 0
    for text in DOCUMENTS.values():
        for block in blocks("toml", text):
            table = tomllib.loads(block).get("tool", {}).get("lr-lint")
            if table is not None:
                VALIDATOR.validate(table)
                found += 1

    assert found > 1


def test_links_lead_somewhere_from_an_editor_too() -> None:
    links = re.findall(r"\]\((.+?)\)", "".join(row["description"] for row in SCHEMA_DOCUMENT["properties"].values()))
    pages = [link.removeprefix(DOCUMENTATION).partition("/")[0] for link in links]

    assert pages
    assert all((ROOT / "docs" / f"{page}.md").is_file() for page in pages)
