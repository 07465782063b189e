"""What is generated is fresh: the registry, the pages about the rules, the tables. The programs to use instead run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.base import Rule
from lr_lint.checks.rules.pages import page_of
from tests.docs import PAGES_FOLDER, REGISTRY, ROOT, TABLES, documents, pages, registry, renewed, tables_in

FOLDERS = "vocabulary|source|project|semantics|checks|probe|reports|command"
REMEDY = "run python -m tests.docs"


def test_registry_lists_the_files_of_the_rules() -> None:
    assert REGISTRY.read_text(encoding="utf-8") == registry(), REMEDY


def test_pages_are_those_of_the_rules() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in PAGES_FOLDER.glob("*.md")}

    assert there == pages(), REMEDY


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tables_are_fresh(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text == renewed(text), REMEDY


def test_every_table_stands_in_one_place() -> None:
    names = [name for path in documents() for name, _ in tables_in(path.read_text(encoding="utf-8"))]

    assert sorted(names) == sorted(TABLES)


def test_table_is_written_between_its_comments_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "rules", lambda: "new")
    text = "before\n<!-- rules: begin (generated) -->\nold\n\nold\n<!-- rules: end -->\nafter\n"

    assert renewed(text) == "before\n<!-- rules: begin (generated) -->\nnew\n<!-- rules: end -->\nafter\n"
    assert renewed(renewed(text)) == renewed(text)
    assert list(tables_in(renewed(text))) == [("rules", "new")]


def _file_of(name: str) -> str:
    """The file of a module, or the folder, that a name such as ``checks/fixes`` or ``source.disk`` stands for."""
    path = f"lr_lint/{name.replace('.', '/')}"
    return path if (ROOT / path).is_dir() else f"{path}.py"


def test_files_that_are_named_in_documents_exist() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*documents(), ROOT / "CONTRIBUTING.md")]
    named = {path for text in texts for path in re.findall(r"`((?:lr_lint|tests|fixtures|docs)/[\w./-]*)`", text)}
    # The architecture page names folders and modules of the package without it, and test modules without theirs.
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    owners = re.findall(rf"`((?:{FOLDERS})(?:[/.]\w+)*)/?`", architecture)
    named |= {f"tests/{path}" for path in re.findall(r"`((?:probe/)?test_\w+\.py)`", architecture)}
    named |= {_file_of(path) for path in owners if not path.endswith(".py")}

    assert len(named) > 10
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Keras's own, of NumPy
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_is_good_runs(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    good = page_of(rule).good
    if "keras" in good:
        pytest.importorskip("keras")

    exec(compile(good, rule.code, "exec"), {})
