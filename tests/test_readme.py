"""The README and the pages of docs say what is so: their commands and examples do what is printed there.

Tables are held to their sources by `test_docs`; the pages of rules are tested with the rules.
"""

from __future__ import annotations

import ast
import dataclasses
import re
import shlex
import shutil
from pathlib import Path

import pytest

from lr_lint.api import check_source
from lr_lint.checks.rules import RULES
from lr_lint.reports import formats
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.budgets import Budget
from tests.docs import documents
from tests.support import lr_lint, run_python

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*documents(), ROOT / "CONTRIBUTING.md")
}
CONTRACTS, CONFIGURATION = DOCUMENTS["docs/contracts.md"], DOCUMENTS["docs/configuration.md"]

# Lines of shell that no test runs, each with the reason.
NOT_RUN = {
    "python -m pip install . && lr-lint fixtures/seed": "installs; its second half is run as the example below it",
    "python -m pip install -e '.[dev-probe]' -c dev-constraints.txt && python -m tests": "what runs the tests",
    "python -m pip install -e '.[dev-probe]' -c dev-constraints.txt": "installs",
    "python -m pip install '.[probe,plot]'": "installs",
    "python -m tests": "what runs the tests",
    "lr-lint --write-baseline": "test_baseline runs such lines",
    "lr-lint --diff-base origin/main": "test_diff_base runs such lines",
    "lr-lint --add-suppressions": "test_add_suppressions runs such lines",
    "lr-lint --baseline lr-lint-baseline.json": "test_baseline runs such lines",
    "lr-lint --output-file sarif:lr-lint.sarif --output-file junit:lr-lint.xml": "test_outputs runs such lines",
    'python -m pytest -n 2 -m "not slow"': "what runs the tests",
    "python -m tests.docs": "writes; test_docs compares",
    "python -m tests.recorded": "writes; test_fixtures compares",
    "python -m tests.differential": "takes hours; test_differential runs a short form",
    "python -m tests.soundness": "takes minutes; test_soundness runs a short form",
    "python -m benchmarks": "takes up to an hour; test_benchmarks runs some of its quick mode",
}
# A line that stands for what is printed besides.
LEFT_OUT = "..."
# Commands that run the user's code.
NEEDS_TORCH = "probe"


def blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def examples(language: str) -> list[str]:
    """The examples in all documents, each once."""
    return list(dict.fromkeys(block for text in DOCUMENTS.values() for block in blocks(language, text)))


def printed(console: str) -> list[tuple[str, str]]:
    """The commands of an example, each with what it prints."""
    parts = re.split(r"^\$ (.*)\n", console, flags=re.MULTILINE)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2], strict=True))


SHOWN = [pair for block in examples("console") for pair in printed(block)]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_command_prints_what_is_shown(command: str, output: str, tmp_path: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "lr-lint"
    if NEEDS_TORCH in arguments:
        pytest.importorskip("torch")
    for folder in ("seed", "notebooks"):
        shutil.copytree(ROOT / "fixtures" / folder, tmp_path / "fixtures" / folder)
    (tmp_path / "train.py").write_text(blocks("python", README)[0], encoding="utf-8")  # as who pastes it does

    done = lr_lint(*arguments, cwd=tmp_path)

    # The example has one finding; the inventory and the page have no say in what is wrong.
    assert done.returncode == (0 if {"sites", "report"} & {*arguments} else 1)
    lines, shown = done.stdout.splitlines(), output.splitlines()
    if shown[-1] == LEFT_OUT:
        assert lines[: len(shown) - 1] == shown[:-1]
        assert len(lines) >= len(shown)
    else:
        assert lines == shown


def test_every_line_of_shell_is_run_or_there_is_a_reason() -> None:
    lines = {re.sub(r"\s+# .*", "", line) for block in examples("sh") for line in block.splitlines()}

    assert lines == NOT_RUN.keys()


def test_languages_of_examples_are_those_that_are_tested() -> None:
    """Whoever adds an example of another language adds what runs it."""
    found = {name for text in DOCUMENTS.values() for name in re.findall(r"^```(\w*)$", text, re.MULTILINE)}

    of_editors = {"elisp", "json", "lua"}  # test_editors_page
    assert found - {""} == {"console", "ini", "python", "sh", "toml", "yaml"} | of_editors


def test_options_that_are_named_exist() -> None:
    help_texts = [lr_lint(command, "--help", cwd=ROOT).stdout for command in ("check", "sites", "probe", "report")]
    without_comments = [re.sub(r"<!--.*?-->", "", text) for text in DOCUMENTS.values()]

    assert _options(without_comments) <= _options(help_texts)


def _options(texts: list[str]) -> set[str]:
    return {name for text in texts for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)}


def test_links_lead_somewhere() -> None:
    """Files that documents link to exist, and headings in them too."""
    broken = []
    for name, text in DOCUMENTS.items():
        for target, _, heading in re.findall(r"\]\((?!https?://)([^)#\s]*)(#([^)\s]+))?\)", text):
            path = (ROOT / name).parent / target if target else ROOT / name
            if not path.exists() or (heading and heading not in _headings(path.read_text(encoding="utf-8"))):
                broken.append((name, target, heading))

    assert broken == []


def _headings(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


def test_readme_is_short_enough_to_read() -> None:
    assert len(README.splitlines()) < 250


def test_pages_are_all_listed() -> None:
    """What only includes a file of the repository for the site has no contents of its own."""
    pages = [name for name, text in DOCUMENTS.items() if name != "README.md" and not text.startswith("--8<--")]
    assert [name for name in pages if f"({name})" not in README] == []


def test_rows_of_own_wrappers_are_understood(tmp_path: Path) -> None:
    (text,) = blocks("toml", CONTRACTS)
    (tmp_path / "pyproject.toml").write_text(text)

    contracts = ProjectSettings(lambda: RULES).settings_for(str(tmp_path / "train.py")).contracts

    assert contracts.own == ("my_pkg.schedules.build_lambda_lr", "my_pkg.RateCallback", "my_pkg.Decay")


def test_settings_are_understood(tmp_path: Path) -> None:
    text = blocks("toml", CONFIGURATION)[0]
    (tmp_path / "pyproject.toml").write_text(text)

    settings = ProjectSettings(lambda: RULES).settings_for(str(tmp_path / "train.py"))

    assert settings.ignore == ("LR201",)
    assert settings.min_confidence == "certain"
    assert settings.budget == Budget(steps=200_000, files=32)


def test_defaults_of_budgets_are_those_that_are_named() -> None:
    named = re.findall(r"^max-(\w+) = .*\(default: ([\d,]+)\)$", CONFIGURATION, re.MULTILINE)

    assert {name: int(number.replace(",", "")) for name, number in named} == dataclasses.asdict(Budget())


def test_first_example_is_found_as_its_comments_say() -> None:
    """Whoever pastes it into a file sees just that."""
    program = blocks("python", README)[0]
    expected = [
        (number, code)
        for number, line in enumerate(program.splitlines(), 1)
        for code in re.findall(r"# (LR\d+):", line)
    ]

    report = check_source(program)

    assert [code for _, code in expected] == ["LR101", "LR103"]
    assert [(finding.span.line, finding.code) for finding in report.diagnostics] == expected
    assert report.sites == 3


def test_first_example_runs() -> None:
    pytest.importorskip("torch")

    exec(compile(blocks("python", README)[0], "train.py", "exec"), {})


def test_every_output_format_is_named() -> None:
    assert all(f"`{name}`" in README for name in formats.FINDINGS)


def test_set_up_is_what_ci_runs() -> None:
    install, check = (block.strip() for block in blocks("sh", README))

    assert install == "python -m pip install . && lr-lint fixtures/seed"
    assert check in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.slow
def test_fixture_of_the_readme_asserts_a_schedule(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    example = next(block for block in blocks("python", README) if "check_scheduler" in block)
    program = """
import torch

def build_scheduler():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / {length}))
"""
    plugin = ("-p", "lr_lint.probe.pytest_plugin", "-p", "no:cacheprovider")
    for length, outcome in ((100, "1 passed"), (10**6, "1 failed")):
        (tmp_path / "test_it.py").write_text(program.format(length=length) + example)
        done = run_python("-m", "pytest", *plugin, "-q", "test_it.py", cwd=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        assert outcome in done.stdout


def test_hook_of_the_readme_is_the_one_that_is_offered() -> None:
    (text,) = blocks("yaml", README)
    offered = re.findall(r"^-? *id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)

    assert re.findall(r"- id: (\S+)", text) == offered


@pytest.mark.parametrize("block", examples("python"))
def test_programs_are_python(block: str) -> None:
    ast.parse(block)


def test_fixes_are_there_for_python_as_well() -> None:
    assert "`settings=Settings(fixes=True)`" in README
    path = ROOT / "fixtures" / "seed" / "keras_habit.py"
    (finding,) = check_source(path.read_bytes(), path=str(path), settings=Settings(fixes=True)).diagnostics

    assert finding.fix is not None
    assert not finding.fix.is_safe
