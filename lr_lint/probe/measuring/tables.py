"""The rates of a schedule as a table in plain text: for each param group its rate and factor, where these tell most.

A long schedule is shown by its beginning, its kinks, its peak and its end; between two steps that are not neighbours
the rate goes on as it did.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from lr_lint.probe.measuring.cases import GroupVerdict, number
from lr_lint.probe.records import Pace, Rate
from lr_lint.vocabulary.curves import bends
from lr_lint.vocabulary.time_units import EPOCH, STEP

_GROUPS_SHOWN = 4
# Tables up to this length are shown whole, but for rows that only repeat the one before.
_WHOLE = 12
_MOST_ROWS = 24
_HEAD, _TAIL, _REGULAR = 3, 2, 5
# So many epochs are looked at, and this part of them has to be known for a table by epoch.
_MOST_EPOCHS = 1_000
_MOST_OF = 0.9


def rate_table(groups: Sequence[GroupVerdict], indent: str = "", unit: str = STEP, pace: Pace | None = None) -> str:
    """The table, its lines ended. Of many groups the first are shown.

    Args:
        groups: the param groups of one scheduler.
        indent: what every line begins with.
        unit: what a step is, in a word.
        pace: how the training steps the schedule. Where it takes several steps an epoch, and the rates are known with
            which most epochs begin, these are shown; else all that tells most, by its step.
    """
    shown = groups[:_GROUPS_SHOWN]
    rates: list[Mapping[int, Rate]] = [group.rates for group in shown]
    paced = pace if pace is not None and pace.each > 1 and _knows_epochs(rates, pace) else None
    if paced is not None:
        rates = [_by_epoch(each, paced) for each in rates]
    steps = sorted({step for each in rates for step in each})
    if not steps:
        return ""
    many, heads = len(groups) > 1, [unit] if paced is None else [EPOCH, STEP]
    rows = [
        [*heads, *(f"{name} {place}" if many else name for place in range(len(shown)) for name in ("lr", "factor"))]
    ]
    before = -1
    peaks = [group.peak_step if paced is None else None for group in shown]
    for step in _telling(steps, rates, peaks):
        if step > before + 1:
            rows.append(["..."] * len(rows[0]))
        rows.append([str(step), *([] if paced is None else [str(paced.start_of(step))]), *_cells(shown, rates, step)])
        before = step
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    if len(groups) > len(shown):
        lines.append(f"({len(groups) - len(shown)} more groups)")
    return "".join(f"{indent}{line}\n" for line in lines)


def _knows_epochs(rates: Sequence[Mapping[int, Rate]], pace: Pace) -> bool:
    """Whether the rates are known with which nine in ten of the epochs begin."""
    return pace.epochs > 1 and all(
        len(_by_epoch(each, pace)) >= _MOST_OF * min(pace.epochs, _MOST_EPOCHS) for each in rates
    )


def _by_epoch(rates: Mapping[int, Rate], pace: Pace) -> dict[int, Rate]:
    """The rates with which the epochs begin, those that are known."""
    starts = ((epoch, pace.start_of(epoch)) for epoch in range(min(pace.epochs, _MOST_EPOCHS)))
    return {epoch: rates[step] for epoch, step in starts if step in rates}


def _telling(steps: Sequence[int], rates: Sequence[Mapping[int, Rate]], peaks: Sequence[int | None]) -> list[int]:
    """The steps to show, in order."""
    repeated = {step for step in steps if all(_repeats(each, step) for each in rates)}
    ends = {*steps[:1], steps[-1]}
    if len(steps) <= _WHOLE:
        return [step for step in steps if step in ends or step not in repeated]
    wanted = [*steps[:_HEAD], *steps[-_TAIL:], *(peak for peak in peaks if peak in set(steps))]
    kinks = [each for step in steps for each in (step - 1, step) if any(_bends(rate, step) for rate in rates)]
    wanted += kinks[: _MOST_ROWS - len(wanted)]
    wanted += [steps[bisect_left(steps, steps[-1] * part // _REGULAR)] for part in range(1, _REGULAR)]
    return sorted({step for step in wanted if step in ends or step not in repeated})


def _repeats(rates: Mapping[int, Rate], step: int) -> bool:
    """Whether the rate is known to be the same before and after a step."""
    return step in rates and rates.get(step - 1) == rates[step] == rates.get(step + 1)


def _bends(rates: Mapping[int, Rate], step: int) -> bool:
    """Whether the rate does not go on at a step as it did before."""
    values = [rates.get(each, math.nan) for each in (step - 2, step - 1, step)]
    real = [value for value in values if not isinstance(value, complex) and math.isfinite(value)]
    if len(real) < len(values):
        return False
    first, second, third = real
    return bends(first, second, third)


def _cells(groups: Sequence[GroupVerdict], rates: Sequence[Mapping[int, Rate]], step: int) -> Iterator[str]:
    for group, known in zip(groups, rates, strict=True):
        rate = known.get(step)
        yield "" if rate is None else number(rate)
        yield "" if rate is None else number(group.factor_of(rate))
