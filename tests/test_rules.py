"""Every rule keeps its own promises: names, documentation, examples."""

from __future__ import annotations

import ast
import re

import pytest

from lr_lint.checks.analysis import analyse
from lr_lint.checks.engine import check_bytes
from lr_lint.checks.findings import Analysis
from lr_lint.checks.repair import repair
from lr_lint.checks.rules import RULES, by_code_or_name
from lr_lint.checks.rules.base import Rule
from lr_lint.checks.rules.files import UNREADABLE_FILE, UNUSED_SUPPRESSION
from lr_lint.source.gate import mentions_scheduler
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic
from tests.harness import source_of

HEADINGS = ("## What it does", "## Why is this bad", "## Fix safety")
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
# Rules about comments and files have no examples that the analysis of one program could find.
ANALYSED = [rule for rule in RULES if rule.check is not None]
every_analysed_rule = pytest.mark.parametrize("rule", ANALYSED, ids=lambda rule: rule.code)


def findings_in(text: str, asked_for: Rule) -> list[Diagnostic]:
    """What is reported in a program by the rules that are on, and by the one that is asked for."""
    analysis = analyse(source_of(text, "example.py"))
    assert isinstance(analysis, Analysis), analysis
    found = [finding.diagnostic for finding in analysis.findings]
    on = {rule.code for rule in RULES if rule.default} | {asked_for.code}
    return [diagnostic for diagnostic in found if diagnostic.confidence >= Confidence.LIKELY and diagnostic.code in on]


def test_codes_and_names_are_unique() -> None:
    """A selector means one rule."""
    selectors = [rule.code for rule in RULES] + [rule.name for rule in RULES]
    assert len(selectors) == len(set(selectors))


def test_rules_come_in_the_order_of_their_codes() -> None:
    """Tables are printed in the order of the registry."""
    codes = [rule.code for rule in RULES]
    assert codes == sorted(codes)


@every_rule
def test_codes_and_names_have_their_forms(rule: Rule) -> None:
    """Codes are LR and three digits; names are words joined by hyphens and read well after "ignore"."""
    assert re.fullmatch(r"LR[1-49]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)


@every_rule
def test_the_documentation_is_complete(rule: Rule) -> None:
    """Every rule says what it does, why, and whether fixing is safe, each in at least one sentence."""
    sections = dict(zip(HEADINGS, re.split("|".join(HEADINGS), rule.docs)[1:], strict=True))
    assert all(text.strip().endswith(".") for text in sections.values())
    assert [heading for heading in rule.docs.splitlines() if heading.startswith("#")] == list(HEADINGS)


@every_rule
def test_the_summary_fits_a_table(rule: Rule) -> None:
    """One line, no full stop."""
    assert rule.summary
    assert "\n" not in rule.summary
    assert not rule.summary.endswith(".")


@every_rule
def test_a_rule_is_found_by_code_and_by_name_in_any_case(rule: Rule) -> None:
    """People write codes and names as they like."""
    for text in (rule.code, rule.code.lower(), rule.name, rule.name.upper(), f" {rule.code} "):
        assert by_code_or_name(text) is rule


@pytest.mark.parametrize("text", ["", "LR", "LR1", "LR1011", "rate", "E501"])
def test_nothing_else_is_a_rule(text: str) -> None:
    """Parts of codes and foreign codes name no rule."""
    assert by_code_or_name(text) is None


@every_analysed_rule
def test_examples_are_programs(rule: Rule) -> None:
    """Both examples are valid Python and use the scheduler."""
    for text in (rule.bad, rule.good):
        ast.parse(text)
        assert mentions_scheduler(text.encode())
    assert rule.bad != rule.good


@every_analysed_rule
def test_the_bad_example_gives_exactly_this_rule(rule: Rule) -> None:
    """The rule fires once on its bad example, and no other rule does."""
    assert [diagnostic.code for diagnostic in findings_in(rule.bad, rule)] == [rule.code]


@every_analysed_rule
def test_the_good_example_is_silent(rule: Rule) -> None:
    """Nothing fires on the mended program."""
    assert findings_in(rule.good, rule) == []


# Rules with a remedy whose bad example is mended into something that no rule reports.
MENDABLE = [rule for rule in RULES if rule.remedy is not None or rule.code == "LR902"]


@pytest.mark.parametrize("rule", MENDABLE, ids=lambda rule: rule.code)
def test_fixing_the_bad_example_gives_something_silent(rule: Rule) -> None:
    """Every rule with a remedy has a verified fix for its own example, of the safety that its documentation states."""
    settings = Settings(extend_select=(rule.code,))
    data = rule.bad.encode()
    assert [each.code for each in check_bytes("example.py", data, settings).diagnostics] == [rule.code]

    mended = repair("example.py", data, settings, None, unsafe=True)

    assert mended.problem == ""
    assert [each.code for each in mended.applied] == [rule.code]
    assert mended.report.diagnostics == ()
    ast.parse(mended.data)
    fix = mended.applied[0].fix
    assert fix is not None
    assert ("--unsafe-fixes" in rule.docs) is not fix.is_safe


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in MENDABLE], ids=lambda rule: rule.code)
def test_rules_without_a_fix_say_so(rule: Rule) -> None:
    assert "There is no automatic fix" in rule.docs


def test_a_comment_is_unused_in_the_bad_example_alone() -> None:
    settings = Settings(extend_select=("LR902",))
    assert check_bytes("example.py", UNUSED_SUPPRESSION.good.encode(), settings).diagnostics == ()


def test_a_file_is_unreadable_in_the_bad_example_alone() -> None:
    failure = check_bytes("example.py", UNREADABLE_FILE.bad.encode(), Settings()).failure
    assert failure is not None
    assert failure.code == "LR901"
    assert check_bytes("example.py", UNREADABLE_FILE.good.encode(), Settings()).failure is None
