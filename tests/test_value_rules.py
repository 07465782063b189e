"""The rules about the factor over time: what they say, and where they keep silent."""

from __future__ import annotations

import textwrap

import pytest

from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic
from tests.harness import source_of

HEAD = """\
import math
import torch
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
"""
OPTIMIZER = "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"


def findings_in(text: str) -> list[Diagnostic]:
    analysis = analyse(source_of(HEAD + textwrap.dedent(text), "train.py"))
    assert isinstance(analysis, Analysis), analysis
    return [diagnostic for diagnostic in analysis.diagnostics if diagnostic.confidence >= Confidence.LIKELY]


def codes_of(factor: str, scheduler: str = "LambdaLR") -> list[str]:
    """What is found in a schedule with this factor."""
    return [found.code for found in findings_in(f"{OPTIMIZER}{scheduler}(optimizer, lambda step: {factor})\n")]


@pytest.mark.parametrize(
    ("factor", "codes"),
    [
        pytest.param("step // 30", ["LR202"], id="a staircase from zero"),
        pytest.param("0.25 * (step // 30)", ["LR202"], id="a staircase of fractions"),
        pytest.param("step // 2", [], id="no stretch worth the name"),
        pytest.param("1 + step // 30", [], id="it begins at one"),
        pytest.param("min(1.0, step // 30)", ["LR202"], id="a whole division that ends at one"),
        pytest.param("float(step >= 30)", [], id="a switch"),
        # The same program as with an ``if`` statement, whose branch of zero freezes the group on purpose.
        pytest.param("0.0 if step < 30 else step // 30", [], id="a part that is zero by itself"),
        pytest.param("(step if step < 30 else step + 1) // 31", ["LR202"], id="one expression, whatever its parts"),
        pytest.param("max(0, step - 30) / 10", [], id="a ramp that begins late"),
        pytest.param("float(step > 30)", [], id="a switch"),
        pytest.param("0.0", [], id="a frozen group"),
        pytest.param("0.95 * step", ["LR203"], id="a product instead of a power"),
        pytest.param("step", ["LR203"], id="the step itself"),
        pytest.param("1 + step", ["LR203"], id="the step and one"),
        pytest.param("step / 10", [], id="a warm-up over ten steps"),
        pytest.param("step / 1", [], id="a warm-up over one step"),
        pytest.param("1 + 0.1 * step", [], id="slow growth"),
        pytest.param("math.sqrt(step)", [], id="growth that slows down"),
        pytest.param("2**step if step < 50 else 1", [], id="growth that ends"),
        pytest.param("1.05**step", [], id="a search for a rate"),
        pytest.param("min(8, step)", [], id="a bound"),
        pytest.param("step % 20", [], id="restarts"),
    ],
)
def test_plateaus_and_growth(factor: str, codes: list[str]) -> None:
    assert codes_of(factor) == codes


def test_growth_compounds_in_a_factor_of_the_previous_rate() -> None:
    """The message says what the scheduler multiplies."""
    text = f"{OPTIMIZER}MultiplicativeLR(optimizer, lambda step: 0.95 * step)\n"
    assert [(found.code, "the previous lr" in found.message) for found in findings_in(text)] == [("LR203", True)]


def test_a_rate_that_grows_is_reported_for_its_unit_only() -> None:
    """One fault, one finding."""
    text = """\
    lr = 0.1
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    scheduler = LambdaLR(optimizer, lambda epoch: lr * (10 * epoch))
    """
    assert [found.code for found in findings_in(text)] == ["LR101"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def attach(opt, slope):\n    LambdaLR(opt, lambda e: slope * e)", id="a slope that is not known"),
        pytest.param("def attach(opt, slope=2.0):\n    LambdaLR(opt, lambda e: slope * e)", id="a slope by default"),
        pytest.param("def attach(opt, total=1):\n    LambdaLR(opt, lambda e: e / total)", id="a length by default"),
        pytest.param("opt = torch.optim.SGD(p, lr=1e-7)\nLambdaLR(opt, lambda e: e + 1)", id="the lr of one step"),
        pytest.param("length = 1\nopt = torch.optim.SGD(p)\nLambdaLR(opt, lambda e: e / length)", id="a named length"),
    ],
)
def test_growth_that_may_be_meant(text: str) -> None:
    assert findings_in(text + "\n") == []


@pytest.mark.parametrize(
    ("factor", "codes"),
    [
        pytest.param("1 - step / 100", ["LR204"], id="negative past the end"),
        pytest.param("(1 - step / 100) ** 0.9", ["LR204"], id="complex past the end"),
        pytest.param("max(0.0, 1 - step / 100)", [], id="clamped"),
        pytest.param("0.5 * 0.9**step", ["LR205"], id="it starts at a half"),
        pytest.param("0.5", ["LR205"], id="it stays at a half"),
        pytest.param("0.9**step", [], id="it starts at one"),
        pytest.param("0.9 ** (step + 1)", ["LR205"], id="it starts one step late"),
        pytest.param("0.97 ** (step + 1)", [], id="one step late is about one where the steps are small"),
        pytest.param("min(1.0, 0.1 + step / 10)", [], id="a warm-up"),
    ],
)
def test_rules_that_have_to_be_asked_for(factor: str, codes: list[str]) -> None:
    assert codes_of(factor) == codes


@pytest.mark.parametrize(
    ("factor", "codes"),
    [
        pytest.param("0.5 * (1 + math.cos(math.pi * step / 50))", ["LR105"], id="a cosine that comes back"),
        pytest.param("1 / (1 + 4 * step)", ["LR105"], id="a decay that is small at once"),
        pytest.param("step / (step + 1)", [], id="the ratio of harmonic numbers"),
        pytest.param("0.8 + 0.1 * math.cos(step)", [], id="a ratio that varies"),
    ],
)
def test_whole_decays_as_ratios(factor: str, codes: list[str]) -> None:
    assert codes_of(factor, "MultiplicativeLR") == codes


def test_a_factor_of_the_previous_rate_may_be_anything_at_first() -> None:
    assert codes_of("0.9", "MultiplicativeLR") == []


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        pytest.param('optimizer.param_groups[0]["lr"] * 0.9', "LR106", id="the current rate"),
        pytest.param('max(optimizer.param_groups[0]["lr"], 0.5**step)', "LR106", id="the current rate as a floor"),
        pytest.param('optimizer.param_groups[0]["initial_lr"] * 0.9', "LR101", id="the initial rate"),
        pytest.param('optimizer.defaults["lr"] * 0.9', "LR101", id="the default rate"),
        pytest.param("outer * 0.9", "LR101", id="a rate that was read before"),
        pytest.param("scheduler.get_last_lr()[0] * 0.9", "LR106", id="the last rates"),
    ],
)
def test_only_the_current_rate_is_read_back(returned: str, code: str) -> None:
    """Each of them is reported once."""
    text = f"""\
    def attach(optimizer, scheduler):
        outer = optimizer.param_groups[0]["lr"]
        return LambdaLR(optimizer, lambda step: {returned})
    """
    assert [found.code for found in findings_in(text)] == [code]


def test_reading_back_is_seen_where_the_optimizer_is_known() -> None:
    """The group's rate is a number here, and the number alone would make it LR101."""
    text = f'{OPTIMIZER}LambdaLR(optimizer, lambda step: optimizer.param_groups[0]["lr"] * 0.9)\n'
    (found,) = findings_in(text)
    assert (found.code, found.confidence) == ("LR106", Confidence.CERTAIN)
    assert '`optimizer.param_groups[0]["lr"]`' in found.message


@pytest.mark.parametrize(
    ("factor", "code", "told"),
    [
        pytest.param("0.001 * (1 - step / 100) ** 0.9", "LR101", "they peak at 0.001, ", id="a rate, complex later"),
        pytest.param("0.001 * (1 - step / 100) ** 2", "LR101", "they peak at 0.001, ", id="a rate, growing later"),
        pytest.param("0.0005 * (1 - step / 100) ** 0.9", "LR102", "never exceeds 0.0005, ", id="tiny, complex later"),
        pytest.param("0.0005 * (1 - step / 100) ** 2", "LR102", "never exceeds 0.0005, ", id="tiny, growing later"),
    ],
)
def test_what_comes_after_the_end_is_not_told(factor: str, code: str, told: str) -> None:
    """An unclamped decay means nothing past its end, and what is not real has no format either."""
    found = findings_in(f"{OPTIMIZER.replace('0.1', '0.001')}LambdaLR(optimizer, lambda step: {factor})\n")
    claim = next(each for each in found if each.code == code)

    assert told in claim.message
    assert claim.numbers.peak_factor == claim.numbers.first_factor
