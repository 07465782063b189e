"""The documentation is a site: it is built strictly, so that no page is out of its menu and no link leads nowhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lr_lint.checks.rules import RULES
from lr_lint.reports.links import DOCUMENTATION, rule_page
from tests.docs import PAGES_FOLDER, ROOT
from tests.support import environment


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="the site is built by mkdocs")
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=environment(NO_MKDOCS_2_WARNING="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_every_rule_has_its_page(site: Path) -> None:
    listed = (site / "rules" / "index.html").read_text(encoding="utf-8")
    for page in PAGES_FOLDER.glob("*.md"):
        assert (site / "rules" / page.stem / "index.html").is_file()
        assert f'href="{page.stem}/"' in listed


def test_contributing_and_changelog_are_those_of_the_repository(site: Path) -> None:
    for name in ("CONTRIBUTING", "CHANGELOG"):
        title = (ROOT / f"{name}.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert title in (site / name.lower() / "index.html").read_text(encoding="utf-8")


def test_links_of_reports_lead_to_pages_of_the_site(site: Path) -> None:
    for rule in RULES:
        address = rule_page(rule.code, rule.name)
        assert address.startswith(DOCUMENTATION)
        assert (site / address.removeprefix(DOCUMENTATION) / "index.html").is_file()


def test_address_of_the_site_is_the_same_everywhere() -> None:
    for name in ("pyproject.toml", "mkdocs.yml"):
        assert DOCUMENTATION in (ROOT / name).read_text(encoding="utf-8")


def test_pages_fetch_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe)[^>]+src="(?:https?:)?//', text)
        assert not re.findall(r'<link[^>]+rel="(?:stylesheet|preload|preconnect)"[^>]+href="(?:https?:)?//', text)
