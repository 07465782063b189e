"""The pages about the rules say what the rules say, and the programs to use instead run."""

from __future__ import annotations

import pytest

from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.base import Rule
from tests.docs import FOLDER, pages


def test_pages_are_those_of_the_rules() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}

    assert there == pages(), "run python -m tests.docs"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Keras's own, of NumPy
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_what_is_good_runs(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    if "keras" in rule.good:
        pytest.importorskip("keras")

    exec(compile(rule.good, rule.code, "exec"), {})
