"""What the probe measured, beside what was predicted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lr_lint.probe.measuring.cases import GroupVerdict, number
from lr_lint.reports.page.lines import GroupLines, lines_by_group

if TYPE_CHECKING:
    from lr_lint.probe.measuring.verdicts import ScheduleVerdict
    from lr_lint.probe.records import Rate


def measured_schedule(verdict: ScheduleVerdict) -> dict[str, Any]:
    """One scheduler that ran: the verdict on it, and the rates of its groups."""
    observation = verdict.observation
    return {
        "verdict": verdict.outcome.value,
        "message": verdict.message,
        "class": observation.class_name.rpartition(".")[2],
        "unit": observation.unit,
        "notes": observation.notes,
        "groups": lines_by_group(_groups(verdict)),
    }


def _groups(verdict: ScheduleVerdict) -> Iterator[GroupLines]:
    for group in verdict.groups:
        yield GroupLines(
            number(group.initial_lr),
            _real(group.initial_lr),
            _factors(group),
            _points(group.rates),
            _points(group.meant),
        )


def _factors(group: GroupVerdict) -> tuple[tuple[int, float], ...]:
    return _points({step: group.factor_of(rate) for step, rate in group.rates.items()})


def _points(rates: Mapping[int, Rate]) -> tuple[tuple[int, float], ...]:
    """What can be drawn: real and finite numbers, by their steps."""
    real = ((step, _real(rates[step])) for step in sorted(rates))
    return tuple((step, rate) for step, rate in real if rate is not None)


def _real(rate: Rate) -> float | None:
    return None if isinstance(rate, complex) or not math.isfinite(rate) else float(rate)
