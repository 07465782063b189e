"""The check and the probe on one construction: what one finds is confirmed, refuted or left open by the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lr_lint.probe.consultation import Consultation
from lr_lint.probe.measuring.cases import ScheduleOutcome
from lr_lint.probe.measuring.seen_lives import Standing
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, judge
from lr_lint.probe.records import NOT_SUPPLIED, Mode, Observation, ObservedGroup, Place
from lr_lint.source.surroundings import InMemory

LIBRARY = "torch.optim.lr_scheduler."
HEAD = """\
import torch
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
rate, min_lr = 0.002, 1e-5
optimizer = torch.optim.SGD(net.parameters(), lr=rate)
"""
FOOT = """
for epoch in range(10):
    optimizer.step()
    scheduler.step()
"""


def weighed(
    construction: str, rates: list[float], contract: str = "LambdaLR", altered: bool = False, **fields: Any
) -> ScheduleVerdict:
    """The verdict on rates that are said to be those of the fifth line of a program."""
    files = InMemory({"train.py": f"{HEAD}scheduler = {construction}{FOOT}".encode()})
    name = LIBRARY + contract
    groups = [ObservedGroup(0.002, [*rates])] if rates else []
    seen = Observation(Place("train.py", 5, 12), name, name, Mode.SLICE, groups)
    for field, value in fields.items():
        setattr(seen, field, value)
    verdict = judge(seen)
    Consultation(files, altered).weigh(verdict)
    return verdict


def factors(function: Callable[[int], float]) -> list[float]:
    return [0.002 * function(step) for step in range(10)]


def test_schedule_that_both_find_in_order_is_ok() -> None:
    verdict = weighed("LambdaLR(optimizer, lambda e: 0.5**e)", factors(lambda step: 0.5**step))

    assert (verdict.outcome, verdict.findings) == (ScheduleOutcome.OK, [])
    assert verdict.message == "the rate starts at 0.002, the initial lr"


def test_finding_that_the_rates_do_not_tell_by_themselves_is_confirmed_by_them() -> None:
    floor = factors(lambda step: max(1e-5, 0.5**step))
    verdict = weighed("LambdaLR(optimizer, lambda e: max(min_lr, 0.5**e))", floor)

    assert judge(verdict.observation).outcome is ScheduleOutcome.OK
    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert [(each.diagnostic.code, each.standing) for each in verdict.findings] == [("LR103", Standing.CONFIRMED)]
    assert verdict.message.startswith("the lambda mixes a learning rate into a factor: `min_lr`")
    assert "LR103 (likely); these are the rates that it predicts" in verdict.message


def test_finding_is_named_beside_what_the_rates_prove() -> None:
    verdict = weighed("LambdaLR(optimizer, lambda e: rate * 0.5**e)", factors(lambda step: 0.002 * 0.5**step))

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert verdict.message.startswith("the rate starts at 4e-06, not at 0.002: ")
    assert verdict.message.endswith("; the check finds it too: LR101 (certain)")


def test_finding_that_the_rates_refute_is_a_mistake_of_ours() -> None:
    construction, rates = "LambdaLR(optimizer, lambda e: rate * 0.5**e)", factors(lambda step: 0.5**step)
    verdict = weighed(construction, rates)

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert [each.standing for each in verdict.findings] == [Standing.REFUTED]
    assert verdict.message.endswith("; these rates refute LR101 (certain), a mistake in lr-lint: please report it")


def test_finding_on_another_scheduler_of_the_same_call_is_not_weighed() -> None:
    construction, rates = "LambdaLR(optimizer, lambda e: rate * 0.5**e)", factors(lambda step: 0.5**step)

    assert weighed(construction, rates, "StepLR").findings == []


@pytest.mark.parametrize(
    "fields", [{"altered": True}, {"off_default": True}, {"assumed": ["total"]}, {"mode": Mode.FACTORY}]
)
def test_values_that_were_supplied_refute_nothing(fields: dict[str, Any]) -> None:
    construction, rates = "LambdaLR(optimizer, lambda e: rate * 0.5**e)", factors(lambda step: 0.5**step)
    altered = bool(fields.pop("altered", False))
    verdict = weighed(construction, rates, altered=altered, **fields)

    assert verdict.outcome is ScheduleOutcome.UNDECIDED
    assert [each.standing for each in verdict.findings] == [Standing.OPEN]
    assert "LR101 (certain) stands" in verdict.message


CALLED_TWICE = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
def schedule(scale=1.0, rate=0.002):
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    return LambdaLR(optimizer, lambda e: scale * 0.5**e)
def fits():
    return schedule()
def squares():
    rate = 0.002
    return schedule(rate, rate)
"""


def test_rates_of_one_call_say_nothing_of_what_is_found_in_another() -> None:
    first, _, second = CALLED_TWICE.partition("def squares")
    head, _, fits = first.partition("def fits")
    for program in (CALLED_TWICE, f"{head}def squares{second}def fits{fits}"):
        files = InMemory({"train.py": program.encode()})
        name = LIBRARY + "LambdaLR"
        group = ObservedGroup(0.002, [*factors(lambda step: 0.5**step)])
        verdict = judge(Observation(Place("train.py", 5, 11), name, name, Mode.RUN, [group]))
        Consultation(files).weigh(verdict)

        assert verdict.outcome is ScheduleOutcome.UNDECIDED
        assert [(each.diagnostic.code, each.standing) for each in verdict.findings] == [("LR101", Standing.OPEN)]


def test_ratios_are_compared_with_what_the_callable_returns() -> None:
    rates = [0.002]
    for step in range(1, 10):
        rates.append(rates[-1] * 0.8 ** (step + 1))
    verdict = weighed("MultiplicativeLR(optimizer, lambda e: 0.8 ** (e + 1))", rates, "MultiplicativeLR")

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert [(each.diagnostic.code, each.standing) for each in verdict.findings] == [("LR105", Standing.CONFIRMED)]


def test_what_rates_cannot_show_stands_open() -> None:
    verdict = weighed("LambdaLR(optimizer, lambda e: 0.5**e); scheduler = 1", factors(lambda step: 0.5**step))

    assert verdict.findings == []
    files = InMemory({"train.py": f"{HEAD}LambdaLR(optimizer, lambda e: 0.5**e)\noptimizer.step()\n".encode()})
    name = LIBRARY + "LambdaLR"
    group = ObservedGroup(0.002, [*factors(lambda step: 0.5**step)])
    never_stepped = judge(Observation(Place("train.py", 5), name, name, Mode.RUN, [group]))
    Consultation(files).weigh(never_stepped)

    assert never_stepped.outcome is ScheduleOutcome.UNDECIDED
    assert [(each.diagnostic.code, each.standing) for each in never_stepped.findings] == [("LR401", Standing.OPEN)]
    assert "LR401 (certain) stands, which these rates cannot show" in never_stepped.message


def test_what_could_not_be_probed_still_has_its_findings() -> None:
    verdict = weighed("LambdaLR(optimizer, lambda e: rate * 0.5**e)", [], error=f"{NOT_SUPPLIED}: args.lr")

    assert verdict.outcome is ScheduleOutcome.ERROR
    assert "; the check finds LR101 (certain): " in verdict.message


def test_construction_that_raises_confirms_what_is_found_in_its_form() -> None:
    verdict = weighed("LambdaLR(optimizer, rate)", [], error="TypeError: 'float' object is not callable")

    assert [(each.diagnostic.code, each.standing) for each in verdict.findings] == [("LR301", Standing.CONFIRMED)]
