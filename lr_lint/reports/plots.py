"""Curves of the observed rates: in the terminal by plotext, as an image by matplotlib. Both are an extra.

The rate in force is drawn against the one that was meant, where the verdict tells, and else against the initial lr,
which is what a factor of 1 keeps.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.probe.measuring.cases import GroupVerdict
    from lr_lint.probe.measuring.verdicts import ScheduleVerdict
    from lr_lint.probe.records import Rate

IMAGE_FORMATS = ("png", "svg")
# From this ratio of initial to actual rate on, a linear scale shows a line at zero.
_WIDE = 50
_GROUPS_DRAWN = 6
_COLUMNS = 3
_TICKS = 9
# The major version of plotext that this module is written for: 6 has other functions than 5.
_PLOTEXT = 6
_ASCII_FRAME = str.maketrans("┌┐└┘├┤┬┴┼─│", "+++++++++-|")
_PANEL_SIZE = (5.0, 3.5)  # inches


def can_plot_in_terminal() -> bool:
    """Whether plotext is installed, in a version whose interface is the present one."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return int(version("plotext").partition(".")[0]) >= _PLOTEXT
    except (PackageNotFoundError, ValueError):
        return False


def can_plot_images() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def terminal_plot(schedule: ScheduleVerdict, width: int, height: int, unicode: bool) -> str:
    """The curve of one schedule in characters, under a line that explains them; all lines ended.

    Args:
        schedule: what to draw.
        width: columns of the terminal.
        height: lines to use.
        unicode: whether to use characters beyond ASCII.
    """
    figure: Any = import_module("plotext").figure  # it tells no types
    figure.clear()
    figure.plot_size(width, height)
    figure.theme("colorless")
    logarithmic = _is_wide(schedule.groups)
    if logarithmic:
        figure.ruler("y").scale("log")
    legend = []
    for curve in _curves(schedule.groups, logarithmic):
        mark, name = _mark(curve, len(schedule.groups) > 1, unicode)
        legend.append(f"{name} {curve.label}")
        signal = figure.signal(curve.steps, curve.rates, marker=mark)
        signal.lines()
        figure.draw(signal)
    last = max((step for group in schedule.groups for step in group.rates), default=0)
    figure.ruler("x").ticks(sorted({round(last * part / _TICKS) for part in range(_TICKS + 1)}))
    text = figure.build().string(colorless=True)
    if not unicode:
        text = text.translate(_ASCII_FRAME)
    unit = schedule.observation.unit
    lines = [f"lr by {unit}{' (logarithmic)' if logarithmic else ''}: {', '.join(legend)}", *text.splitlines()]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _mark(curve: _Curve, several: bool, unicode: bool) -> tuple[str, str]:
    """What a line is drawn with, and how the legend shows that."""
    if curve.intended:
        mark = "·" if unicode else "."
    elif several:
        mark = str(curve.group)
    elif unicode:
        return "braille", "⠒"
    else:
        mark = "*"
    return mark, mark


def image(schedules: Sequence[ScheduleVerdict], kind: str) -> bytes:
    """All schedules in one image, a panel for each.

    Args:
        schedules: what to draw; at least one.
        kind: ``png`` or ``svg``.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    columns = min(_COLUMNS, len(schedules))
    rows = math.ceil(len(schedules) / columns)
    figure = Figure(figsize=(_PANEL_SIZE[0] * columns, _PANEL_SIZE[1] * rows), layout="constrained")
    FigureCanvasAgg(figure)
    for position, schedule in enumerate(schedules, 1):
        panel = figure.add_subplot(rows, columns, position)
        logarithmic = _is_wide(schedule.groups)
        for curve in _curves(schedule.groups, logarithmic):
            style = "--" if curve.intended else ".-"
            panel.plot(curve.steps, curve.rates, style, label=curve.label)
        if logarithmic:
            panel.set_yscale("log")
        # Between two dollars matplotlib reads formulas.
        panel.set_title(_title(schedule).replace("$", r"\$"), fontsize="medium")
        panel.set_xlabel(schedule.observation.unit)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        panel.set_ylabel("lr")
        if panel.lines:
            panel.legend(fontsize="small")
    target = io.BytesIO()
    figure.savefig(target, format=kind)
    return target.getvalue()


def _title(schedule: ScheduleVerdict) -> str:
    site = schedule.observation.site
    name = schedule.observation.class_name.rpartition(".")[2]
    place = f"{site} " if site is not None else ""
    return visible(f"{place}{name}: {schedule.outcome.value}")


@dataclass(frozen=True, slots=True)
class _Curve:
    """One line of a plot.

    Attributes:
        label: what the legend says.
        group: the param group.
        intended: whether it is what was meant, or the initial lr, and not the rate in force.
        steps: abscissae.
        rates: ordinates.
    """

    label: str
    group: int
    intended: bool
    steps: list[int]
    rates: list[float]


def _curves(groups: Sequence[GroupVerdict], positive: bool) -> Iterator[_Curve]:
    """The lines: for each group the rate in force, and what was meant; an initial lr that others have too only once."""
    drawn: set[float] = set()
    for position, group in enumerate(groups[:_GROUPS_DRAWN]):
        suffix = f" {position}" if len(groups) > 1 else ""
        rates = group.rates
        initial = _real(group.initial_lr)
        if group.meant:
            yield _curve(f"intended lr{suffix}", position, True, group.meant, positive)
        elif initial is not None and initial not in drawn and rates:
            drawn.add(initial)
            yield _curve(f"initial lr{suffix}", position, True, dict.fromkeys(sorted(rates), initial), False)
        actual = _curve(f"lr{suffix}", position, False, rates, positive)
        if actual.steps:
            yield actual


def _curve(label: str, group: int, intended: bool, rates: Mapping[int, Rate], positive: bool) -> _Curve:
    points = [(step, rate) for step in sorted(rates) if (rate := _real(rates[step])) is not None]
    points = [(step, rate) for step, rate in points if rate > 0 or not positive]
    return _Curve(label, group, intended, [step for step, _ in points], [rate for _, rate in points])


def _is_wide(groups: Sequence[GroupVerdict]) -> bool:
    """Whether a logarithmic scale is needed to see initial and actual rates together."""
    for group in groups:
        initial = _real(group.initial_lr)
        rates = [rate for rate in map(_real, group.rates.values()) if rate is not None]
        if initial is None or initial <= 0 or not rates or min(rates) < 0:
            return False
        if 0 < max(rates) < initial / _WIDE:
            return True
    return False


def _real(rate: Rate) -> float | None:
    return None if isinstance(rate, complex) or not math.isfinite(rate) else rate
