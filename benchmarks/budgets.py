"""What lr-lint may cost, and what it did cost in a result: each budget with its measured value beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.growth import CHECK, exponent
from benchmarks.growth import PARSE as PARSE_OF_HOSTILE
from benchmarks.measuring import Run
from benchmarks.results import Result, RowResult
from benchmarks.single_files import (
    FLAKE8,
    NOTHING,
    PARSE,
    PLAIN_FILE,
    PLUGIN,
    PLUGIN_ALONE,
    PROBE,
    TORCH,
)
from benchmarks.trees import ALONE, FORMATS, RUFF, SCAN, WARM

_NAME = "lr-lint"
MET, MISSED = "met", "missed"
_MOST_OF_EXPONENTS = 1.15
_MOST_MEMORY = 150


@dataclass(frozen=True)
class Measured:
    """A value beside its budget.

    Attributes:
        what: that is measured.
        budget: in words.
        cpu: in CPU time, in words; empty where it is no time.
        wall: in time that somebody waits, in words.
        verdict: whether it is met.
    """

    what: str
    budget: str
    cpu: str
    wall: str
    verdict: str


def measured_budgets(result: Result) -> list[Measured]:
    """All budgets of which the result has something to tell."""
    return [row for budget in _BUDGETS for row in budget(result)]


def _verdict(cpu: float, wall: float, most: float) -> str:
    if max(cpu, wall) <= most:
        return MET
    return MISSED if min(cpu, wall) > most else f"met in {'CPU' if cpu <= most else 'wall'} time alone"


def _pairs(result: Result, section: str, name: str, other: str) -> list[tuple[Run, Run]]:
    """The runs of two rows, round by round."""
    found = result.section(section)
    rows = (None, None) if found is None else (found.row(name), found.row(other))
    return [] if rows[0] is None or rows[1] is None else list(zip(rows[0].runs, rows[1].runs, strict=True))


def _ratio(
    what: str, most: float, section: str, name: str, other: str, words: str = ""
) -> Callable[[Result], Iterator[Measured]]:
    """A budget on the ratio of two rows, the median of the rounds'."""

    def measure(result: Result) -> Iterator[Measured]:
        pairs = _pairs(result, section, name, other)
        if pairs:
            cpu = median(one.cpu / two.cpu for one, two in pairs)
            wall = median(one.wall / two.wall for one, two in pairs)
            budget = words or f"at most {most:g}x {other}"
            yield Measured(what, budget, f"{cpu:.2f}x", f"{wall:.2f}x", _verdict(cpu, wall, most))

    return measure


def _more(what: str, most: float, section: str, name: str, other: str) -> Callable[[Result], Iterator[Measured]]:
    """A budget on the seconds that a row takes beyond another."""

    def measure(result: Result) -> Iterator[Measured]:
        pairs = _pairs(result, section, name, other)
        if pairs:
            cpu = median(one.cpu - two.cpu for one, two in pairs)
            wall = median(one.wall - two.wall for one, two in pairs)
            budget = f"at most {most * 1000:.0f} ms over `{other}`"
            yield Measured(what, budget, f"{cpu * 1000:.0f} ms", f"{wall * 1000:.0f} ms", _verdict(cpu, wall, most))

    return measure


def _series(result: Result, section: str, name: str, other: str) -> list[tuple[RowResult, RowResult]]:
    """The rows of two series, size by size."""
    found = result.section(section)
    series = {} if found is None else found.series()
    by_size = {row.size: row for row in series.get(other, [])}
    return [(row, by_size[row.size]) for row in series.get(name, []) if row.size in by_size]


def _one_site(result: Result) -> Iterator[Measured]:
    for row, parse in _series(result, "one-site", _NAME, PARSE):
        cpu, wall = row.cpu / parse.cpu, row.wall / parse.wall
        what = f"a file with one scheduler, {row.size:,} lines"
        yield Measured(
            what, "at most 2x LibCST's parse of the same bytes", f"{cpu:.2f}x", f"{wall:.2f}x", _verdict(cpu, wall, 2)
        )


def _editor(result: Result) -> Iterator[Measured]:
    for row, parse in _series(result, "editor", _NAME, PARSE):
        cpu, wall = row.cpu - parse.cpu, row.wall - parse.wall
        yield Measured(
            f"an edit of a file with one scheduler, {row.size:,} lines",
            "at most 100 ms over LibCST's parse of it",
            f"{cpu * 1000:.0f} ms",
            f"{wall * 1000:.0f} ms",
            _verdict(cpu, wall, 0.1),
        )


def _plugin_alone(result: Result) -> Iterator[Measured]:
    pairs = _pairs(result, "flake8", PLUGIN_ALONE + _NAME, PLUGIN + _NAME)
    if pairs:
        cpu = median(inside.cpu / whole.cpu for inside, whole in pairs)
        wall = median(inside.wall / whole.wall for inside, whole in pairs)
        words = "at most 2% of flake8's work"
        what = "the plugin's own work on those files"
        yield Measured(what, words, f"{cpu:.3%}", f"{wall:.3%}", _verdict(cpu, wall, 0.02))


def _memory(result: Result) -> Iterator[Measured]:
    section = result.section("packages")
    row = None if section is None else section.row(_NAME + ALONE) or section.row(_NAME)
    if row is not None:
        verdict = MET if row.peak <= _MOST_MEMORY else MISSED
        what = "peak memory on that tree, one process"
        yield Measured(what, f"at most {_MOST_MEMORY} MiB", "", f"{row.peak:.0f} MiB", verdict)


def _growth(result: Result) -> Iterator[Measured]:
    section = result.section("scaling")
    for name, rows in ({} if section is None else section.series()).items():
        power = exponent(rows)
        if power is not None:
            verdict = MET if power <= _MOST_OF_EXPONENTS else MISSED
            span = f"{rows[0].size:,} to {rows[-1].size:,}: {rows[0].cpu:.2f} s to {rows[-1].cpu:.2f} s"
            yield Measured(f"growth with {name}", "linear", f"size to the power of {power:.2f}", span, verdict)


def _hostile(result: Result) -> Iterator[Measured]:
    section = result.section("hostile")
    for row in () if section is None else section.rows:
        shape, _, name = row.name.partition(": ")
        parse = None if section is None else section.row(f"{shape}: {PARSE_OF_HOSTILE}")
        if name != CHECK or parse is None:
            continue
        what, budget = f"1 MB of {shape}", "at most 10x LibCST's parse of the same bytes"
        if row.problem:
            yield Measured(what, budget, row.problem, row.problem, MISSED)
        else:
            cpu, wall = row.cpu / parse.cpu, row.wall / parse.wall
            yield Measured(what, budget, f"{cpu:.1f}x", f"{wall:.1f}x", _verdict(cpu, wall, 10))


_TEXT, _JSON = (f"{_NAME}, {name}" for name in list(FORMATS)[:2])
_BUDGETS: tuple[Callable[[Result], Iterator[Measured]], ...] = (
    _ratio("28 public packages, no cache", 1, "packages", _NAME, RUFF, f"not slower than `{RUFF}`"),
    _ratio(
        "the same, nothing changed since", 2, "packages", _NAME + WARM, SCAN, "at most 2x a walk and search in Python"
    ),
    _memory,
    _more(f"`lr-lint FILE` on {PLAIN_FILE}", 0.025, "start", f"{_NAME}: {PLAIN_FILE}", NOTHING),
    _one_site,
    _ratio("flake8 with the plugin, on files without a scheduler", 1.02, "flake8", PLUGIN + _NAME, FLAKE8),
    _plugin_alone,
    _editor,
    _more("the probe of a slice", 0.3, "probe", PROBE, TORCH),
    _ratio("111 similar scripts, as JSON", 1.05, "scripts", _JSON, _TEXT, "as fast as text"),
    _growth,
    _hostile,
)
