"""The rates of a schedule as a table in plain text: one line per epoch, for each param group its rate and factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lr_lint.probe.measuring.cases import GroupVerdict, number
from lr_lint.probe.records import Rate

_GROUPS_SHOWN = 4
_HEAD, _TAIL = 30, 5


def rate_table(groups: Sequence[GroupVerdict], indent: str = "") -> str:
    """The table, its lines ended. A long schedule is cut in its middle, and of many groups the first are shown.

    Args:
        groups: the param groups of one scheduler.
        indent: what every line begins with.
    """
    shown = groups[:_GROUPS_SHOWN]
    epochs = max((len(group.lrs) for group in groups), default=0)
    if not epochs:
        return ""
    many = len(groups) > 1
    rows = [
        ["epoch", *(f"{name} {place}" if many else name for place in range(len(shown)) for name in ("lr", "factor"))]
    ]
    for epoch in _epochs(epochs):
        if epoch is None:
            rows.append(["..."] * len(rows[0]))
        else:
            rows.append([str(epoch), *_cells(shown, epoch)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    if len(groups) > len(shown):
        lines.append(f"({len(groups) - len(shown)} more groups)")
    return "".join(f"{indent}{line}\n" for line in lines)


def _epochs(number_of_epochs: int) -> Iterator[int | None]:
    """The epochs to show, with None for those left out."""
    if number_of_epochs <= _HEAD + _TAIL + 1:
        yield from range(number_of_epochs)
        return
    yield from range(_HEAD)
    yield None
    yield from range(number_of_epochs - _TAIL, number_of_epochs)


def _cells(groups: Sequence[GroupVerdict], epoch: int) -> Iterator[str]:
    for group in groups:
        yield _cell(group.lrs, epoch)
        yield _cell(group.factors, epoch)


def _cell(values: Sequence[Rate], epoch: int) -> str:
    return number(values[epoch]) if epoch < len(values) else ""
