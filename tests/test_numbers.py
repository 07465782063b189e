"""No number stands in a finding that nobody wrote, and NaN is told nobody."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.reports.listing import sites_json
from lr_lint.reports.structured import to_json
from lr_lint.reports.summary import CheckSummary
from lr_lint.semantics.values.world import AssumedCounts
from lr_lint.semantics.worlds import explore
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Diagnostic
from tests.test_fixtures import FIXTURES, PROGRAMS, surroundings_of

EVERYTHING = Settings(select=("ALL",), min_confidence="possible")
# Like those that are assumed, and no multiples of them.
OTHER_COUNTS = (
    AssumedCounts(horizon=137, warm_up=13, period=23),
    AssumedCounts(horizon=41_003, warm_up=1_709, period=5_903),
)
SCHEDULERS = "import math\nimport torch\nfrom torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR\n"
# Each returns something that depends on a count that only a run knows.
COUNTED = [
    "step // period",
    "1 - step / epochs",
    "3 / len(loader)",
    "None if step > warmup else step / warmup",
    "0.5 * (1 - step / total_steps)",
    "1e-3 * (1 - step / epochs)",
    "step * 0.95 * warmup",
    "max(1e-6, 1e-3 * 0.1 ** (step // period))",
    "(1 / epochs) * 0.5 ** step",
    "math.cos(math.pi * step / total_steps)",
    "-1.0 if step > total_steps else 1.0",
]


def counted(expression: str, scheduler: str = "LambdaLR") -> str:
    return (
        f"{SCHEDULERS}\n\ndef build(model, loader, epochs, warmup, period, total_steps):\n"
        "    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)\n"
        f"    return {scheduler}(optimizer, lambda step: {expression})\n"
    )


def reported(path: str, data: bytes, files: object = None) -> list[Diagnostic]:
    return list(check_bytes(path, data, EVERYTHING, files).diagnostics)  # type: ignore[arg-type]


def said(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.code, diagnostic.message, diagnostic.evidence, diagnostic.numbers


def differing(before: list[Diagnostic], after: list[Diagnostic]) -> list[tuple[object, object]]:
    """What is said in two ways of one thing."""
    others = {(each.code, each.span): said(each) for each in after}
    pairs = ((said(each), others.get((each.code, each.span))) for each in before)
    return [(one, other) for one, other in pairs if other is not None and one != other]


WITH_COUNTS = [program for program in PROGRAMS if re.search(r"total|epochs|warm|period|steps", program.read_text())]


@pytest.mark.parametrize("program", WITH_COUNTS, ids=lambda program: program.relative_to(FIXTURES).as_posix())
def test_findings_say_the_same_whatever_counts_are_assumed(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, files = surroundings_of(program)
    before = reported(path, program.read_bytes(), files)
    monkeypatch.setattr(explore, "ASSUMED_COUNTS", OTHER_COUNTS)

    after = reported(path, program.read_bytes(), files)

    assert differing(before, after) == []


@pytest.mark.parametrize("scheduler", ["LambdaLR", "MultiplicativeLR"])
@pytest.mark.parametrize("expression", COUNTED)
def test_no_assumed_count_is_told(expression: str, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = counted(expression, scheduler).encode()
    before = reported("train.py", program)
    monkeypatch.setattr(explore, "ASSUMED_COUNTS", OTHER_COUNTS)

    after = reported("train.py", program)

    assert differing(before, after) == []


def test_a_list_says_which_counts_were_assumed() -> None:
    [site] = inspect_bytes("train.py", counted("1 - step / epochs").encode()).sites

    assert dict(site.schedule.assumed) == {"epochs": 100}
    assert json.loads(sites_json([site]))["sites"][0]["assumed"] == {"epochs": 100}


def test_a_list_says_nothing_of_counts_that_have_no_say() -> None:
    [site] = inspect_bytes("train.py", counted("0.9 ** step").encode()).sites

    assert site.schedule.assumed == ()


def test_the_default_of_an_option_proves_nothing() -> None:
    program = (
        f"{SCHEDULERS}import argparse\nparser = argparse.ArgumentParser()\n"
        'parser.add_argument("--period", type=int, default=30)\nargs = parser.parse_args()\n'
        "optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=0.1)\n"
        "LambdaLR(optimizer, lambda epoch: epoch // args.period)\n"
    )

    [finding] = [each for each in reported("train.py", program.encode()) if each.code == "LR202"]

    assert finding.confidence.label == "likely"


# What a callable may return at one time or another, most of it no number that an optimizer can use.
ODD = st.sampled_from(
    ["float('nan')", "math.nan", "math.inf", "-math.inf", "math.inf - math.inf", "0.001", "1.0", "0.9 ** step", "0.0"]
)


@st.composite
def odd_programs(draw: st.DrawFn) -> str:
    first, second, third = (draw(ODD) for _ in range(3))
    cut = draw(st.integers(0, 9))
    lr = draw(st.sampled_from(["1e-3", "1.0", "float('nan')", "math.inf"]))
    scheduler = draw(st.sampled_from(["LambdaLR", "MultiplicativeLR"]))
    operation = draw(st.sampled_from(["{0}", "{0} * {1}", "max({0}, {1})", "min({0}, {1})", "{0} + {1}"]))
    return (
        f"{SCHEDULERS}lr = {lr}\noptimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=lr)\n\n\n"
        f"def factor(step):\n    if step < {cut}:\n        return {first}\n"
        f"    return {operation.format(f'({second})', f'({third})')}\n\n\n{scheduler}(optimizer, factor)\n"
    )


NO_NUMBER = re.compile(r"\b(nan|inf|infinity)\b", re.IGNORECASE)


@settings(max_examples=150, deadline=None)
@given(odd_programs())
def test_what_is_no_number_is_not_told_as_one(program: str) -> None:
    report = check_bytes("train.py", program.encode(), EVERYTHING)
    summary = CheckSummary()
    summary.add(report)

    assert report.failure is None
    for diagnostic in report.diagnostics:
        told = diagnostic.message + "".join(step.text for step in diagnostic.evidence)
        # Code may be quoted, which says inf or NaN itself.
        assert not NO_NUMBER.search(re.sub(r"`[^`]*`", "", told)), told
        numbers = vars_of(diagnostic)
        assert all(number is None or math.isfinite(number) for number in numbers), numbers
    text = to_json(summary, "0")
    assert "NaN" not in text
    assert "Infinity" not in text


def vars_of(diagnostic: Diagnostic) -> list[float | None]:
    numbers = diagnostic.numbers
    return [numbers.initial_lr, numbers.first_factor, numbers.peak_factor, numbers.first_lr]


@pytest.mark.parametrize("scheduler", ["LambdaLR", "MultiplicativeLR"])
@pytest.mark.parametrize(
    "returned", ["float('nan')", "math.nan", "math.inf - math.inf", "0.001 * math.nan", "lr * math.nan", "-math.nan"]
)
def test_nan_is_held_against_nobody(returned: str, scheduler: str) -> None:
    program = (
        f"{SCHEDULERS}lr = 1e-3\noptimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=lr)\n"
        f"{scheduler}(optimizer, lambda step: {returned})\n"
    )

    assert reported("train.py", program.encode()) == []
