"""A result as a picture: what each row of the packages costs, and how cost grows. Matplotlib is the extra ``plot``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.growth import exponent
from benchmarks.results import Result, SectionResult

_SIZE = (11.0, 4.5)  # inches
# Ids in the file are made of this, so that the same result gives the same file.
_SALT = "lr-lint"


def plot(result: Result, path: Path) -> None:
    """Draw a picture.

    Args:
        result: what to draw.
        path: the file; its suffix says in which format.
    """
    matplotlib: Any = import_module("matplotlib")
    matplotlib.rcParams["svg.hashsalt"] = _SALT
    figure = import_module("matplotlib.figure").Figure(figsize=_SIZE, layout="constrained")
    bars, lines = figure.subplots(1, 2)
    _draw_costs(bars, result.section("packages"))
    _draw_growth(lines, result.section("scaling"))
    kept_out = {"Date": None} if path.suffix == ".svg" else None
    figure.savefig(path, metadata=kept_out)


def _draw_costs(axes: Any, section: SectionResult | None) -> None:
    rows = [row for row in (() if section is None else section.rows) if row.runs]
    for at, row in enumerate(reversed(rows)):
        axes.barh(at + 0.2, row.cpu, 0.4, color="tab:blue", label="CPU" if at == 0 else None)
        axes.barh(at - 0.2, row.wall, 0.4, color="tab:orange", label="wall" if at == 0 else None)
    axes.set_yticks(range(len(rows)), [row.name for row in reversed(rows)])
    axes.set_xscale("log")
    axes.set_xlabel("seconds")
    if section is not None:
        axes.set_title(section.title)
        axes.legend()


def _draw_growth(axes: Any, section: SectionResult | None) -> None:
    for name, rows in ({} if section is None else section.series()).items():
        power = exponent(rows)
        label = name if power is None else f"{name}: {power:.2f}"
        axes.plot([row.size for row in rows], [row.cpu for row in rows], marker="o", label=label)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("size")
    axes.set_ylabel("CPU seconds")
    if section is not None:
        axes.set_title(section.title)
        axes.legend(fontsize="small")
