from __future__ import annotations

import pytest

from lr_lint.checks.rules import RULES
from lr_lint.source.near_misses import did_you_mean, nearest
from tests.support import run_python

RULE_WORDS = ("ALL", *(word for rule in RULES for word in (rule.code, rule.name)))
COMMANDS = ("check", "sites", "probe", "explain", "rules", "contracts")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        pytest.param("lr101", ["LR101"], id="case"),
        pytest.param("LR1O1", ["LR101"], id="a letter for a digit"),
        pytest.param("LRI0l", ["LR101"], id="letters for digits"),
        pytest.param("R101", ["LR101"], id="a letter that is missing"),
        pytest.param("LR999", ["LR901", "LR902"], id="several that are equally near"),
        pytest.param("LR207", [], id="too many that are equally near"),
        pytest.param("rate_returned_as_factor", ["rate-returned-as-factor"], id="another way to join words"),
        pytest.param("never-steped", ["never-stepped"], id="a name"),
        pytest.param("all", ["ALL"], id="all"),
        pytest.param("E501", [], id="another linter's rule"),
        pytest.param("rate", [], id="part of several names"),
        pytest.param("", [], id="nothing"),
        pytest.param("LR101" * 1_000, [], id="too long to be a slip"),
    ],
)
def test_rule_that_may_be_meant(word: str, near: list[str]) -> None:
    assert nearest(word, RULE_WORDS) == near


@pytest.mark.parametrize(
    "word", ["src", "train", "tests", "models", "lightning", "configs", "scripts", "utils", "main"]
)
def test_usual_names_of_folders_resemble_no_command(word: str) -> None:
    assert nearest(word, COMMANDS) == []


def test_known_word_within_another_is_nearer_than_one_that_begins_alike() -> None:
    keys = ("select", "extend-select", "ignore", "per-file-ignores", "exclude", "min-confidence", "contracts")

    assert nearest("extend-ignore", keys) == ["ignore"]
    assert nearest("extend-exclude", keys) == ["exclude"]
    assert nearest("extend-selects", keys) == ["extend-select"]
    assert nearest("confidence", keys) == ["min-confidence"]


def test_end_of_a_message() -> None:
    assert did_you_mean("chekc", COMMANDS) == "; did you mean check?"
    assert did_you_mean("nothing", COMMANDS) == ""
    assert did_you_mean("nothing", COMMANDS, " (see --help)") == " (see --help)"
    assert did_you_mean("chekc", ()) == ""


def test_nothing_is_compared_before_there_is_a_word_to_compare(tmp_path_factory: pytest.TempPathFactory) -> None:
    program = "import sys, lr_lint.command.cli; print('difflib' in sys.modules)"

    assert run_python("-c", program, cwd=tmp_path_factory.getbasetemp()).stdout == "False\n"
