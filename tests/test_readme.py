"""The README says what is so: its rule table is the registry's, its examples behave as printed."""

import re
from pathlib import Path

import pytest

from lr_lint.api import check_source
from lr_lint.checks.rules import RULES
from lr_lint.reports.manual import contracts_markdown
from lr_lint.source.settings import load_settings
from lr_lint.vocabulary.contract_rows import CONTRACTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rules_table() -> str:
    rows = ["| code | name | what it finds | default |", "|---|---|---|---|"]
    rows += [f"| {rule.code} | {rule.name} | {rule.summary} | {'on' if rule.default else 'off'} |" for rule in RULES]
    return "\n".join(rows)


def test_rule_table_is_the_registry() -> None:
    between = re.search(r"<!-- rules: begin[^\n]*-->\n(.*?)<!-- rules: end -->", README, re.DOTALL)

    assert between is not None
    assert between[1].strip() == rules_table(), f"paste this into the README:\n{rules_table()}"


def test_contract_table_is_the_one_that_is_used() -> None:
    between = re.search(r"<!-- contracts: begin[^\n]*-->\n(.*?)<!-- contracts: end -->", README, re.DOTALL)

    assert between is not None
    table = contracts_markdown(CONTRACTS)
    assert between[1].strip() == table, f"paste this into the README:\n{table}"


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


def test_commands_name_files_that_exist() -> None:
    for path in ("fixtures/seed", "tests/__main__.py", ".pre-commit-hooks.yaml"):
        assert (ROOT / path).exists()
