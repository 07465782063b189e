"""The README says what is so: its examples behave as printed. Its tables are held to their sources by `test_docs`."""

import ast
import re
from pathlib import Path

import pytest

from lr_lint.api import check_source
from lr_lint.checks.fixes.rounds import repair
from lr_lint.checks.rules import RULES
from lr_lint.reports import formats
from lr_lint.reports.diffs import unified_diff
from lr_lint.source.settings import Settings, load_settings
from lr_lint.vocabulary.budgets import Budget
from tests.support import run_python

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_rows_in_the_readme_are_understood(tmp_path: Path) -> None:
    rows = re.search(r"```toml\n(\[tool\.lr-lint\.contracts\].*?)```", README, re.DOTALL)

    assert rows is not None
    (tmp_path / "pyproject.toml").write_text(rows[1])
    contracts = load_settings([str(tmp_path)], lambda: RULES).contracts
    assert contracts.own == ("my_pkg.schedules.build_lambda_lr", "my_pkg.RateCallback", "my_pkg.Decay")


def test_shipped_example_prints_what_the_readme_shows() -> None:
    path = "fixtures/seed/keras_habit.py"
    report = check_source((ROOT / path).read_bytes(), path=path)

    (finding,) = report.diagnostics
    head = f"{path}:{finding.span.line}:{finding.span.column + 1} {finding.code} {finding.name} [certain]"
    assert f"{head}\n  {finding.message}\n" in README


@pytest.mark.parametrize(
    ("callable_text", "codes"),
    [
        pytest.param("lambda epoch: lr * 0.95**epoch", ["LR101"], id="the rate itself"),
        pytest.param("lambda epoch: max(1e-6, 0.95**epoch)", [], id="a floor of the factor"),
        pytest.param("lambda epoch: max(min_lr, 0.95**epoch)", ["LR103"], id="a rate as floor"),
    ],
)
def test_first_example_behaves_as_its_comments_say(callable_text: str, codes: list[str]) -> None:
    assert callable_text in README
    program = (
        "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\nlr = 1e-3\nmin_lr = 1e-6\n"
        "optimizer = torch.optim.Adam(model.parameters(), lr=lr)\n"
        f"scheduler = LambdaLR(optimizer, lr_lambda={callable_text})\n"
    )

    assert [finding.code for finding in check_source(program).diagnostics] == codes


def test_every_output_format_is_named() -> None:
    assert all(f"`{name}`" in README for name in formats.FINDINGS)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_every_example_has_a_test() -> None:
    """Whoever adds an example adds what runs it, and counts it here."""
    counted = {language: len(blocks(language)) for language in set(re.findall(r"^```(\w+)$", README, re.MULTILINE))}

    # sh: .ci/run and the test below. text: the three tests of shipped examples, here and in probe/test_command.py.
    assert counted == {"python": 2, "sh": 2, "text": 3, "toml": 2, "yaml": 1}


def test_diff_of_the_shipped_example_is_what_the_readme_shows() -> None:
    path = "fixtures/seed/keras_habit.py"
    data = (ROOT / path).read_bytes()
    mended = repair(path, data, Settings(), None, unsafe=True)
    diff = unified_diff(path, data.decode(), mended.data.decode())

    assert f"$ lr-lint fixtures/seed --diff\n{diff}" in blocks("text")


def test_set_up_is_what_ci_runs() -> None:
    install, check = (block.strip() for block in blocks("sh"))

    assert install == "python -m pip install . && lr-lint fixtures/seed"
    assert check in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_fixture_of_the_readme_asserts_a_schedule(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    example = next(block for block in blocks("python") if "check_scheduler" in block)
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


def test_settings_of_the_readme_are_understood(tmp_path: Path) -> None:
    (text,) = (block for block in blocks("toml") if "contracts" not in block)
    (tmp_path / "pyproject.toml").write_text(text)

    settings = load_settings([str(tmp_path)], lambda: RULES)

    assert settings.ignore == ("LR201",)
    assert settings.min_confidence == "certain"
    assert settings.budget == Budget(steps=200_000, files=32)


def test_hook_of_the_readme_is_the_one_that_is_offered() -> None:
    (text,) = blocks("yaml")
    offered = re.findall(r"^-? *id: (\S+)", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)

    assert re.findall(r"- id: (\S+)", text) == offered


@pytest.mark.parametrize("block", blocks("python"))
def test_programs_are_python(block: str) -> None:
    ast.parse(block)


def test_fixes_are_there_for_python_as_well() -> None:
    assert "`settings=Settings(fixes=True)`" in README
    path = ROOT / "fixtures" / "seed" / "keras_habit.py"
    (finding,) = check_source(path.read_bytes(), path=str(path), settings=Settings(fixes=True)).diagnostics

    assert finding.fix is not None
    assert not finding.fix.is_safe
