"""What is published: the version has its notes, and the sdist holds all that its tests need."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from lr_lint import __version__
from tests.docs import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Of use in a checkout alone.
LEFT_OUT = {".editorconfig", ".gitignore"}


def test_sdist_holds_the_whole_checkout() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0 or not listed.stdout:
        pytest.skip("not in a git checkout")
    tracked = {path.partition("/")[0] for path in listed.stdout.splitlines()}
    # Hatch takes pyproject.toml along by itself.
    included = {path.removeprefix("/") for path in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]}

    assert included | LEFT_OUT | {"pyproject.toml"} == tracked


def test_version_has_its_notes() -> None:
    notes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[([^\]]+)\]", notes, re.M)

    assert versions[:2] == ["Unreleased", __version__]


def test_extras_of_the_tests_hold_those_of_users() -> None:
    """No test is skipped where the tests are run as documented, for want of what users may install."""
    extras = {name: set(listed) for name, listed in PROJECT["project"]["optional-dependencies"].items()}
    for_users = extras.keys() - {"dev", "dev-probe"}
    named = {name for each in extras["dev-probe"] for name in re.findall(r"^lr-lint\[(.*)\]$", each)}
    taken = {extra for names in named for extra in names.split(",")}
    names_in_dev = {re.split(r"[<>=\[]", each)[0] for each in extras["dev"]}

    for extra in for_users - taken:
        assert {re.split(r"[<>=\[]", each)[0] for each in extras[extra]} <= names_in_dev
