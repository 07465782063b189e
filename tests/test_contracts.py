"""The table of contracts, how it is listed, and the rows that a project adds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lr_lint.api import check_paths, check_source
from lr_lint.reports.manual import contracts_json, contracts_table
from lr_lint.reports.pieces import plain
from lr_lint.source.contract_settings import ContractError, contracts_from
from lr_lint.source.gate import mentions_scheduler
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import ConfigurationError, Settings
from lr_lint.vocabulary.contract_rows import BUILT_IN, CONTRACTS
from lr_lint.vocabulary.contracts import FACTORS, Contract, Meaning
from tests.support import findings, lr_lint

every_contract = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)

ROWS = """\
[tool.lr-lint.contracts]
"pack.schedules.build" = { callable = [1, "fn"], optimizer = [0, "optimizer"], returns = "factor" }
"pack.Callback" = { callable = [0, "rate_fn"], returns = "rate" }
"library.Decay" = { callable = [1, "fn"], lr = [0, "lr"], returns = "factor-of-previous" }
"""
USE = """\
import torch
import library
from pack import Callback as Renamed, build
from pack import schedules
lr = 1e-3
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
build(optimizer, lambda epoch: lr * 0.9**epoch)
schedules.build(fn=lambda epoch: lr * 0.9**epoch, optimizer=optimizer)
schedules.build(optimizer, lambda epoch: 0.9**epoch)
Renamed(lambda epoch: 0.9**epoch)
Renamed(lambda epoch: lr * 0.9**epoch)
library.Decay(lr, lambda epoch: 0.6**epoch)
library.Decay(lr, lambda epoch: 0.6)
"""
FOUND = [(7, "LR101"), (8, "LR101"), (10, "LR104"), (12, "LR105")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with wrappers of its own, declared, and exported again by its package."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("from .schedules import build\nfrom .callbacks import Callback\n")
    (tmp_path / "pack" / "schedules.py").write_text("def build(optimizer, fn):\n    return KINDS['a'](optimizer, fn)\n")
    (tmp_path / "pack" / "callbacks.py").write_text("class Callback:\n    def __init__(self, rate_fn): ...\n")
    (tmp_path / "train.py").write_text(USE)
    (tmp_path / "pyproject.toml").write_text(ROWS)
    return tmp_path


@every_contract
def test_rows_say_where_they_come_from(contract: Contract) -> None:
    """A row is a fact with a source, and says so where nobody ran it."""
    assert contract.source.startswith("https://")
    assert re.match(r"[a-z]+ \d|not (checked|run)", contract.checked)


@every_contract
def test_factors_are_factors_of_something(contract: Contract) -> None:
    """Whoever multiplies is given the rate, or the optimizer that has it, or stands in a call that is given it."""
    base = contract.optimizer or contract.rate or contract.around
    assert (contract.meaning in FACTORS) is bool(base) or contract.meaning is Meaning.NOT_JUDGED
    assert contract.first_time == (1 if contract.meaning is Meaning.FACTOR_OF_PREVIOUS else 0)


def test_names_are_unique() -> None:
    names = [name for contract in CONTRACTS for name in contract.names]
    assert len(names) == len(set(names))


def test_gate_stays_cheap() -> None:
    """No word of the gate is one that programs without schedulers are full of."""
    assert not mentions_scheduler(
        b"learning_rate lr lr_scheduler optimizer schedule ReduceLROnPlateau LRScheduler scheduler.step()"
    )


def test_command_lists_the_table(tmp_path: Path) -> None:
    assert lr_lint("contracts", cwd=tmp_path).stdout == plain(contracts_table(BUILT_IN.rows))
    listed = lr_lint("contracts", "--output-format", "json", cwd=tmp_path).stdout
    assert listed == contracts_json(BUILT_IN.rows)
    assert [(row["name"], row["source"], row["checked"]) for row in json.loads(listed)] == [
        (contract.name, contract.source, contract.checked) for contract in BUILT_IN.rows
    ]


def test_command_lists_the_rows_of_the_project(project: Path) -> None:
    names = {row["name"] for row in json.loads(lr_lint("contracts", "--output-format", "json", cwd=project).stdout)}
    assert {"pack.schedules.build", "pack.Callback", "library.Decay"} <= names
    assert "pack.Callback" not in lr_lint("contracts", "--isolated", cwd=project).stdout


def test_declared_wrappers_are_checked(project: Path) -> None:
    """By whatever name they come in: their own, a renamed one, or that of a package that exports them again."""
    found = findings(".", cwd=project)
    assert [(line, code) for path, line, _, code in found if path == "train.py"] == FOUND
    assert lr_lint("sites", cwd=project).stdout.count("  consistent\n") == 3


def test_declared_wrappers_are_nothing_to_others(project: Path) -> None:
    assert findings(".", "--isolated", cwd=project) == []


def test_command_and_python_agree(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    settings = ProjectSettings(lambda: ()).settings_for("train.py")
    (report,) = check_paths(["train.py"], settings)

    assert [(found.span.line, found.code) for found in report.diagnostics] == FOUND
    alone = check_source(USE, "train.py", settings)
    assert [(found.span.line, found.code) for found in alone.diagnostics if found.span.line in (8, 12)] == [
        (8, "LR101"),
        (12, "LR105"),
    ]


def test_name_may_be_that_of_the_definition_or_of_the_export(tmp_path: Path) -> None:
    for name in ("pack.inner.build", "pack.build"):
        (tmp_path / "pack").mkdir(exist_ok=True)
        (tmp_path / "pack" / "__init__.py").write_text("from pack.inner import *\n")
        (tmp_path / "pack" / "inner.py").write_text("def build(fn): ...\nbuild(lambda epoch: 0.9**epoch)\n")
        (tmp_path / "train.py").write_text("from pack.inner import build\nbuild(lambda epoch: 0.9**epoch)\n")
        (tmp_path / "other.py").write_text("import pack\npack.build(lambda epoch: 0.9**epoch)\n")
        row = f'[tool.lr-lint.contracts]\n"{name}" = {{ callable = [0, "fn"], returns = "rate" }}\n'
        (tmp_path / "pyproject.toml").write_text(row)
        assert [(path, code) for path, _, _, code in findings(".", cwd=tmp_path)] == [
            ("other.py", "LR104"),
            ("pack/inner.py", "LR104"),
            ("train.py", "LR104"),
        ], name


def test_another_function_of_that_name_is_not_meant(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "from theirs import build\nbuild(lambda e: 0.9**e)\nclass A:\n    def build(self, fn): ...\n"
        "A().build(lambda e: 0.9**e)\n"
    )
    (tmp_path / "theirs.py").write_text("def build(fn): ...\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.lr-lint.contracts]\n"pack.build" = { callable = [0, "fn"], returns = "rate" }\n'
    )
    assert findings(".", cwd=tmp_path) == []


def test_row_may_be_about_a_library() -> None:
    """Callables given as the rate of an optimizer, and plain numbers, which are no schedules."""
    row = {"sonnet.optimizers.Adam": {"callable": [0, "learning_rate"], "returns": "rate"}}
    settings = Settings(contracts=contracts_from(row, "pyproject.toml"))
    report = check_source(
        "import sonnet as snt\nsnt.optimizers.Adam(1e-3)\n"
        "snt.optimizers.Adam(learning_rate=lambda step: 0.95 ** (step / 100))\n"
        "snt.optimizers.Adam(lambda step: 1e-3 * 0.95 ** (step / 100))\n",
        settings=settings,
    )

    assert [(found.span.line, found.code) for found in report.diagnostics] == [(3, "LR104")]


def test_row_of_the_user_replaces_ours() -> None:
    name = CONTRACTS[0].name
    table = contracts_from({name: {"callable": [0, "f"], "returns": "rate"}}, "pyproject.toml")
    assert table.by_name[name].meaning is Meaning.RATE
    assert len(table.rows) == len(BUILT_IN.rows)


def test_words_of_rows_are_known_to_the_gate_only_where_there_are_rows() -> None:
    table = contracts_from({"a.build_it": {"callable": [0, "f"], "returns": "rate"}}, "pyproject.toml")
    assert mentions_scheduler(b"build_it(f)", table)
    assert not mentions_scheduler(b"build_it(f)")
    assert contracts_from({}, "pyproject.toml") is BUILT_IN
    assert Settings().contracts is BUILT_IN


GOOD = {"callable": [1, "fn"], "optimizer": [0, "optimizer"], "returns": "factor"}


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        pytest.param([], "must be a table of dotted names and rows", id="no table"),
        pytest.param({"build": GOOD}, "'build': must be the dotted name", id="a bare name"),
        pytest.param({"a.b-c": GOOD}, "'a.b-c': must be the dotted name", id="no identifier"),
        pytest.param({"a.b": "factor"}, "'a.b': must be a table with the keys", id="no row"),
        pytest.param({"a.b": {**GOOD, "calable": 1}}, "'a.b': unknown key 'calable'", id="a typing error"),
        pytest.param({"a.b": {"returns": "rate"}}, "'a.b': callable is missing", id="no callable"),
        pytest.param({"a.b": {"callable": [0, "f"]}}, "'a.b': returns is missing", id="no meaning"),
        pytest.param({"a.b": {**GOOD, "returns": "lr"}}, "'a.b': returns must be one of factor, ", id="meaning"),
        pytest.param({"a.b": {**GOOD, "returns": ["rate"]}}, "'a.b': returns must be one of", id="a list of meanings"),
        pytest.param({"a.b": {**GOOD, "callable": "fn"}}, "'a.b': callable must be a position and a name", id="name"),
        pytest.param({"a.b": {**GOOD, "callable": [-1, "fn"]}}, "'a.b': callable must be a position", id="negative"),
        pytest.param({"a.b": {**GOOD, "callable": [True, "fn"]}}, "'a.b': callable must be a position", id="a truth"),
        pytest.param({"a.b": {**GOOD, "callable": [0, "fn"]}}, "'a.b': two arguments cannot have", id="one place"),
        pytest.param({"a.b": {**GOOD, "callable": [1, "optimizer"]}}, "'a.b': two arguments cannot", id="one name"),
        pytest.param({"a.b": {**GOOD, "lr": [2, "lr"]}}, "'a.b': optimizer and lr exclude each other", id="both"),
        pytest.param(
            {"a.b": {"callable": [0, "f"], "returns": "factor"}}, "'a.b': optimizer is missing", id="a factor of what"
        ),
    ],
)
def test_row_that_is_not_understood_is_one_clear_error(value: object, complaint: str) -> None:
    with pytest.raises(ContractError, match="^" + re.escape(complaint)):
        contracts_from(value, "pyproject.toml")


def test_bad_row_ends_the_run_with_one_line(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.lr-lint.contracts]\n"a.b" = { callable = [0, "f"] }\n')
    done = lr_lint(".", cwd=project)

    assert done.returncode == 2
    assert done.stderr == "lr-lint: pyproject.toml: [tool.lr-lint] contracts: 'a.b': returns is missing\n"
    with pytest.raises(ConfigurationError):
        ProjectSettings(lambda: ()).settings_for(str(project / "train.py"))
