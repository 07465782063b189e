"""Nothing is loaded that a run does not need: most runs are on files that name no scheduler."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import BUG, NO_SCHEDULER, run_python

HEAVY = ("libcst", "rich", "pathspec", "yaml", "tomllib", "tomli", "typing", "json", "pathlib", "shutil", "logging")
OURS = (
    "lr_lint.checks",
    "lr_lint.semantics",
    "lr_lint.project",
    "lr_lint.vocabulary.diagnostics",
    "lr_lint.reports.text",
)


def loaded_by(program: str, cwd: Path) -> set[str]:
    """The modules that are loaded after a program, beyond those that Python itself starts with."""
    report = "\nimport sys; sys.stderr.write(' '.join(sys.modules))"
    before = run_python("-c", report, cwd=cwd).stderr.split()
    return set(run_python("-c", program + report, cwd=cwd).stderr.split()) - set(before)


@pytest.mark.parametrize("options", [[], ["--isolated"], ["--output-format", "text"], ["--color", "always"]])
def test_file_without_a_scheduler_costs_no_import(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(NO_SCHEDULER)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'plain'\n")
    (tmp_path / ".gitignore").write_text("*.pyc\n")
    loaded = loaded_by(f"from lr_lint.command.cli import main; main({['plain.py', *options]})", tmp_path)

    assert "lr_lint.command.cli" in loaded
    assert loaded.isdisjoint(HEAVY)
    assert not any(name.startswith(OURS) for name in loaded)


def test_clean_file_with_a_scheduler_costs_no_printing(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("from torch.optim.lr_scheduler import LambdaLR\nLambdaLR(optimizer, schedule)\n")
    loaded = loaded_by("from lr_lint.command.cli import main; main(['train.py'])", tmp_path)

    assert "libcst" in loaded
    assert loaded.isdisjoint({"rich", "pathspec", "yaml", "tomllib"})


def test_package_itself_loads_nothing(tmp_path: Path) -> None:
    loaded = loaded_by("import lr_lint", tmp_path)

    assert {name for name in loaded if name.startswith("lr_lint")} == {"lr_lint"}
    assert loaded.isdisjoint({"libcst", "dataclasses", "typing"})


def test_checking_reads_no_page_of_a_rule(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(BUG)
    loaded = loaded_by("from lr_lint.command.cli import main; main(['train.py'])", tmp_path)

    assert "lr_lint.checks.rules.registry" in loaded
    assert loaded.isdisjoint({"lr_lint.checks.rules.pages", "lr_lint.reports.manual"})


@pytest.mark.parametrize("module", ["lr_lint.checks.rules", "lr_lint.checks.engine", "lr_lint.command.flake8"])
def test_module_that_a_host_loads_at_its_start_does_not_load_libcst(module: str, tmp_path: Path) -> None:
    assert "libcst" not in loaded_by(f"import {module}", tmp_path)
