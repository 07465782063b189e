"""Every rule keeps its own promises: names, documentation, examples."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from lr_lint.checks import rules
from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.checks.engine import check_bytes
from lr_lint.checks.fixes.remedies import REMEDIES
from lr_lint.checks.fixes.rounds import repair
from lr_lint.checks.rules import RULES, by_code_or_name
from lr_lint.checks.rules.base import Rule
from lr_lint.checks.rules.lr901_unreadable_file import RULE as UNREADABLE_FILE
from lr_lint.checks.rules.lr902_unused_suppression import RULE as UNUSED_SUPPRESSION
from lr_lint.checks.rules.pages import page_of, parse_page
from lr_lint.source.edits import apply_edits
from lr_lint.source.gate import mentions_scheduler
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic
from tests.harness import source_of

HEADINGS = ["What it does", "Why is this bad", "Not reported", "Example", "Use instead", "Confidence", "Fix safety"]
PROSE = ["What it does", "Why is this bad", "Not reported", "Fix safety"]
OPTIONAL = {"Not reported"}
FOLDER = Path(rules.__file__).parent
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
# Rules about comments and files have no examples that the analysis of one program could find.
ANALYSED = [rule for rule in RULES if rule.check is not None]
every_analysed_rule = pytest.mark.parametrize("rule", ANALYSED, ids=lambda rule: rule.code)


def findings_in(text: str, asked_for: Rule) -> list[Diagnostic]:
    """What is reported in a program by the rules that are on, and by the one that is asked for."""
    analysis = analyse(source_of(text, "example.py"))
    assert isinstance(analysis, Analysis), analysis
    found = analysis.diagnostics
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
    assert re.fullmatch(r"LR[1-59]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)


@every_rule
def test_the_documentation_is_complete(rule: Rule) -> None:
    """Every rule says what it does, why, and whether fixing is safe, each in at least one sentence."""
    page = page_of(rule)
    prose = [heading for heading in PROSE if heading in page.sections]
    assert all(page.sections[heading].endswith(".") for heading in prose)
    assert list(page.sections) == [each for each in HEADINGS if each in page.sections or each not in OPTIONAL]
    assert [line for line in page.prose.splitlines() if line.startswith("#")] == [f"## {heading}" for heading in prose]


@every_rule
def test_the_files_are_called_after_the_rule(rule: Rule) -> None:
    """The module that defines it, the page beside it: by code and name."""
    stem = f"{rule.code.lower()}_{rule.name.replace('-', '_')}"
    module = importlib.import_module(f"lr_lint.checks.rules.{stem}")
    assert module.RULE is rule
    assert (module.__doc__ or "").startswith(f"{rule.code}: ")
    assert (FOLDER / f"{stem}.md").is_file()


def test_every_page_is_of_a_rule() -> None:
    """No page is left behind where a rule is renamed."""
    assert len(list(FOLDER.glob("*.md"))) == len(RULES)


@every_rule
def test_the_page_has_a_program_where_one_belongs(rule: Rule) -> None:
    """In the two sections of examples, and nowhere else, so that no other is taken for one of them."""
    fences = {heading: text.count("```") for heading, text in page_of(rule).sections.items()}
    assert fences == {heading: 2 if heading in ("Example", "Use instead") else 0 for heading in fences}


@every_rule
def test_confidences_are_said_the_surest_first(rule: Rule) -> None:
    """Every finding has one; a file that cannot be read is no finding."""
    page = page_of(rule)
    assert list(page.grades) == sorted(page.grades, reverse=True)
    assert len(page.grades) == (0 if rule is UNREADABLE_FILE else len(page.sections["Confidence"].splitlines()))


def test_pages_are_read_from_their_markdown() -> None:
    """A section that a page lacks is an error, and so is a program."""
    page = parse_page("## Example\n\n```python\nx = 1\n```\n\n## Confidence\n\n- likely: always\n- possible: never\n")
    assert page.bad == "x = 1\n"
    assert page.grades == {Confidence.LIKELY: "always", Confidence.POSSIBLE: "never"}
    with pytest.raises(KeyError):
        _ = page.good
    with pytest.raises(ValueError, match="no program"):
        _ = parse_page("## Use instead\n\nNothing.\n").good


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
    page = page_of(rule)
    for text in (page.bad, page.good):
        ast.parse(text)
        assert mentions_scheduler(text.encode())
    assert page.bad != page.good


@every_analysed_rule
def test_the_bad_example_gives_exactly_this_rule(rule: Rule) -> None:
    """The rule fires once on its bad example, and no other rule does."""
    assert [diagnostic.code for diagnostic in findings_in(page_of(rule).bad, rule)] == [rule.code]


@every_analysed_rule
def test_the_good_example_is_silent(rule: Rule) -> None:
    """Nothing fires on the mended program."""
    assert findings_in(page_of(rule).good, rule) == []


# Rules with a remedy whose bad example is mended into something that no rule reports.
WITH_OPTIONS = [rule for rule in RULES if rule.remedy == "fit-time"]
MENDABLE = [rule for rule in RULES if (rule.remedy or rule.code == "LR902") and rule not in WITH_OPTIONS]


@pytest.mark.parametrize("rule", MENDABLE, ids=lambda rule: rule.code)
def test_fixing_the_bad_example_gives_something_silent(rule: Rule) -> None:
    """Every rule with a remedy has a verified fix for its own example, of the safety that its documentation states."""
    settings = Settings(extend_select=(rule.code,))
    page = page_of(rule)
    data = page.bad.encode()
    assert [each.code for each in check_bytes("example.py", data, settings).diagnostics] == [rule.code]

    mended = repair("example.py", data, settings, None, unsafe=True)

    assert mended.problem == ""
    assert [each.code for each in mended.applied] == [rule.code]
    assert mended.report.diagnostics == ()
    ast.parse(mended.data)
    fix = mended.applied[0].fix
    assert fix is not None
    assert ("--unsafe-fixes" in page.sections["Fix safety"]) is not fix.is_safe


@pytest.mark.parametrize("rule", WITH_OPTIONS, ids=lambda rule: rule.code)
def test_each_option_for_the_bad_example_gives_something_silent(rule: Rule) -> None:
    """Each of several changes would do, and none is made."""
    page = page_of(rule)
    found = check_bytes("example.py", page.bad.encode(), Settings(fixes=True)).diagnostics[0]

    assert found.fix is None
    assert found.options
    for option in found.options:
        assert findings_in(apply_edits(page.bad, option.edits), rule) == []
    assert repair("example.py", page.bad.encode(), Settings(), None, unsafe=True).data == page.bad.encode()
    assert "There is no automatic fix" in page.sections["Fix safety"]


def test_remedies_are_those_that_rules_name() -> None:
    assert {rule.remedy for rule in RULES if rule.remedy} == set(REMEDIES)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule not in MENDABLE and rule not in WITH_OPTIONS], ids=lambda rule: rule.code
)
def test_rules_without_a_fix_say_so(rule: Rule) -> None:
    assert "There is no automatic fix" in page_of(rule).sections["Fix safety"]


def test_a_comment_is_unused_in_the_bad_example_alone() -> None:
    settings = Settings(extend_select=("LR902",))
    assert check_bytes("example.py", page_of(UNUSED_SUPPRESSION).good.encode(), settings).diagnostics == ()


def test_a_file_is_unreadable_in_the_bad_example_alone() -> None:
    failure = check_bytes("example.py", page_of(UNREADABLE_FILE).bad.encode(), Settings()).failure
    assert failure is not None
    assert failure.code == "LR901"
    assert check_bytes("example.py", page_of(UNREADABLE_FILE).good.encode(), Settings()).failure is None
