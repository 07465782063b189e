"""Every program under fixtures/ says by its comments what lr-lint finds in it; nothing else may be found."""

from __future__ import annotations

import functools
import io
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.checks.inventory import Listing
from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.pages import page_of
from lr_lint.source.files import SourceFile, decode
from lr_lint.source.own_schedulers import with_own_schedulers
from lr_lint.source.surroundings import InMemory, Surroundings
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.site_records import SiteRecord, SiteVerdict
from tests.recorded.of_fixtures import FOLDER as RECORDED
from tests.recorded.of_fixtures import recorded_path, text_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
PROJECTS = FIXTURES / "projects"
PROGRAMS = sorted(
    path for path in FIXTURES.rglob("*.py") if PROJECTS not in path.parents or "# sites:" in path.read_text()
)
Finding = tuple[int, str, Confidence]
OFF_BY_DEFAULT = {rule.code for rule in RULES if not rule.default}

_EXPECTATION = re.compile(r"#\s*(todo:\s*)?(LR\d{3})(?:\s+(possible|likely|certain))?")


@dataclass
class Expected:
    """What the comments of a program say.

    Attributes:
        findings: line, code and confidence of what must be found.
        missed: line and code of what should be found and is not yet.
        strict: whether findings of confidence ``possible`` count even where no comment speaks of them.
        sites: how many constructions there are.
        decided: whether the verdict on each of them that has a callable must be known.
    """

    findings: set[Finding] = field(default_factory=set)
    missed: set[tuple[int, str]] = field(default_factory=set)
    strict: bool = False
    sites: int | None = None
    decided: bool = False


def expected_in(text: str) -> Expected:
    """Reads the expectations: ``# LR101``, ``# LR101 likely``, ``# todo: LR103``, ``# strict``, ``# sites: 2``."""
    expected = Expected()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        for todo, code, label in _EXPECTATION.findall(token.string):
            if todo:
                expected.missed.add((token.start[0], code))
            else:
                expected.findings.add((token.start[0], code, Confidence.from_label(label or "certain")))
        if token.string.strip() == "# strict":
            expected.strict = True
        if token.string.strip() == "# decided":
            expected.decided = True
        sites = re.fullmatch(r"# sites: (\d+)", token.string.strip())
        if sites is not None:
            expected.sites = int(sites[1])
    return expected


def surroundings_of(program: Path) -> tuple[str, Surroundings]:
    """The path of a program in its project, and the project's files: a folder of fixtures/projects is one project."""
    if PROJECTS not in program.parents:
        return program.name, Surroundings()
    root = PROJECTS / program.relative_to(PROJECTS).parts[0]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return program.relative_to(root).as_posix(), InMemory(files)


@functools.cache
def seen_in(program: Path) -> tuple[Analysis, tuple[SiteRecord, ...]]:
    """All that is found in a program, and the constructions that are listed."""
    path, files = surroundings_of(program)
    source = decode(path, program.read_bytes())
    assert isinstance(source, SourceFile), source
    listing = Listing()
    contracts = with_own_schedulers(path, source.data, files, BUILT_IN)
    analysis = analyse(source, files, contracts=contracts, look=listing.take)
    assert isinstance(analysis, Analysis), analysis
    listing.close()
    return analysis, listing.listed


def analysis_of(program: Path) -> Analysis:
    """All that is found in a program."""
    return seen_in(program)[0]


def said_about(program: Path) -> str:
    """All that a user is told about a program, as it is recorded."""
    analysis, sites = seen_in(program)
    return text_of(surroundings_of(program)[0], analysis.diagnostics, sites)


def name_of(program: Path) -> str:
    """The path of a program under fixtures."""
    return program.relative_to(FIXTURES).as_posix()


def found_in(program: Path) -> tuple[set[Finding], int]:
    """All findings of all confidences, and the number of constructions."""
    analysis = analysis_of(program)
    return {(found.span.line, found.code, found.confidence) for found in analysis.diagnostics}, len(analysis.sites)


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_what_is_found_is_what_the_comments_say(program: Path) -> None:
    """Exact equality of line, code and confidence.

    Weak findings that no comment speaks of are let pass, and those of rules that are off unless asked for.
    """
    expected = expected_in(program.read_text())
    asked_for = {code for _, code, _ in expected.findings}
    found, _ = found_in(program)
    reported = {
        finding
        for finding in found
        if (finding[1] not in OFF_BY_DEFAULT or finding[1] in asked_for)
        and (finding[2] >= Confidence.LIKELY or finding in expected.findings or expected.strict)
    }
    assert sorted(reported) == sorted(expected.findings)


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_known_misses_are_still_missed(program: Path) -> None:
    """A ``# todo`` that has come true must become an expectation."""
    found, _ = found_in(program)
    come_true = {(line, code) for line, code, confidence in found if confidence >= Confidence.LIKELY}
    assert not come_true & expected_in(program.read_text()).missed


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_every_construction_is_seen(program: Path) -> None:
    """Silence means something only where the construction was found; each program says how many it has."""
    _, sites = found_in(program)
    assert sites == expected_in(program.read_text()).sites


DECIDED = [program for program in PROGRAMS if expected_in(program.read_text()).decided]


@pytest.mark.parametrize("program", DECIDED, ids=name_of)
def test_silence_is_a_verdict_where_the_program_says_so(program: Path) -> None:
    schedules = [site.schedule for site in seen_in(program)[1]]
    verdicts = {schedule.verdict for schedule in schedules if schedule.has_callable}

    assert verdicts == {SiteVerdict.CONSISTENT}


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_what_is_said_is_what_was_read(program: Path) -> None:
    """Every message, number and reason. After a change that is meant: ``python -m tests.recorded``, and read it."""
    assert said_about(program) == recorded_path(name_of(program)).read_text(encoding="utf-8")


def test_nothing_is_recorded_of_what_is_gone() -> None:
    assert set(RECORDED.rglob("*.txt")) == {recorded_path(name_of(program)) for program in PROGRAMS}


def test_rules_are_as_sure_as_they_say() -> None:
    """Each confidence that a rule documents is shown by a program, and no program shows another.

    What is left open on the way makes a finding of any rule less sure, and is told with it.
    """
    findings = (finding for program in PROGRAMS for finding in analysis_of(program).findings)
    shown = {(finding.rule.code, finding.confidence) for finding in findings if finding.gap is None}
    documented = {(rule.code, grade) for rule in RULES if rule.check is not None for grade in page_of(rule).grades}

    assert sorted(shown) == sorted(documented)


def test_silent_programs_expect_nothing_and_outnumber_the_others() -> None:
    """A false alarm costs more than a miss, so more programs guard against it."""
    alone = [program for program in PROGRAMS if PROJECTS not in program.parents]
    silent = [program for program in alone if program.parent.name == "silent"]
    assert not [program for program in silent if expected_in(program.read_text()).findings]
    assert len(silent) >= len(alone) - len(silent)


@pytest.mark.parametrize(
    ("comment", "findings", "missed"),
    [
        ("x = 1  # LR101\n", {(1, "LR101", Confidence.CERTAIN)}, set()),
        ("x = 1  # LR103 likely\n", {(1, "LR103", Confidence.LIKELY)}, set()),
        ("x = 1  # LR102 possible\n", {(1, "LR102", Confidence.POSSIBLE)}, set()),
        ("x = 1  # todo: LR103\n", set(), {(1, "LR103")}),
        ("x = '# LR101'\n", set(), set()),
        ("x = 1  # nothing here\n", set(), set()),
    ],
)
def test_expectations_are_read_from_comments(
    comment: str, findings: set[Finding], missed: set[tuple[int, str]]
) -> None:
    """The reader of comments itself."""
    expected = expected_in(comment)
    assert (expected.findings, expected.missed) == (findings, missed)
