"""The constructions of schedulers, listed for people and for programs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lr_lint.reports.json_text import json_text
from lr_lint.reports.pieces import LINE_END, PLAIN, line
from lr_lint.reports.summary import FilesSummary
from lr_lint.timing.claims import ClockUnit
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.site_records import SiteVerdict

if TYPE_CHECKING:
    from lr_lint.reports.pieces import Piece
    from lr_lint.vocabulary.site_records import GroupRate, Inventory, Schedule, ScheduleCallable, SiteRecord

SCHEMA_VERSION = 1
# What a sparkline is drawn with, from the lowest value to the highest.
BLOCK_LEVELS = "▁▂▃▄▅▆▇█"
ASCII_LEVELS = "_.:-=+*#"

_STYLES = {
    SiteVerdict.CONSISTENT: "green",
    SiteVerdict.CONTRADICTS: "bold red",
    SiteVerdict.UNDECIDED: "yellow",
}
_GROUPS_SHOWN = 4
_SPARKLINE_WIDTH = 24


class SitesSummary(FilesSummary):
    """The sum of the inventories of all files.

    Attributes:
        sites: the constructions, in order of the files.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sites: list[SiteRecord] = []

    def add(self, inventory: Inventory | None) -> None:
        """Count a file in. A file without an inventory names no scheduler."""
        self.discovered += 1
        if inventory is None:
            return
        self.sites += inventory.sites
        if inventory.failure is not None:
            self.failures.append(inventory.failure)

    @property
    def found(self) -> bool:
        """Never: a list holds nothing against what is on it."""
        return False


# What the unit of a horizon rests on, where that is less than the code around.
_RESTS_ON = {"numbers": " by its number", "name": " by its name"}


def by_verdict(sites: Iterable[SiteRecord]) -> dict[str, int]:
    """How many of some schedulers have which verdict."""
    verdicts = Counter(site.schedule.verdict for site in sites)
    return {verdict.value: verdicts[verdict] for verdict in SiteVerdict}


def sites_json(sites: Iterable[SiteRecord]) -> str:
    """The constructions in the versioned JSON format. Lines and columns are counted from one."""
    return json_text({"schema_version": SCHEMA_VERSION, "sites": [_site_object(site) for site in sites]})


def _site_object(site: SiteRecord) -> dict[str, Any]:
    called, schedule = site.callable, site.schedule
    return {
        "path": site.path,
        "cell": site.cell,
        "line": site.line,
        "column": site.column + 1,
        "contract": site.contract,
        "callable": None if called is None else _callable_object(called),
        "groups": [{"lr": group.lr, "source": group.source} for group in schedule.groups],
        "unit": schedule.unit,
        "first_factor": schedule.first_factor,
        "peak_factor": schedule.peak_factor,
        "curve": [[time, factor] for time, factor in schedule.curve],
        "verdict": schedule.verdict.value,
        "reason": schedule.reason,
        "assumed": dict(schedule.assumed),
        "clock": {"unit": schedule.clock.unit, "source": schedule.clock.source},
        "horizon": _horizon_object(schedule),
        "epochs": None if schedule.epochs is None else [[epoch, factor] for epoch, factor in schedule.epochs],
    }


def _callable_object(called: ScheduleCallable) -> dict[str, Any]:
    return {"kind": called.kind, "path": called.path, "cell": called.cell, "line": called.line}


def _horizon_object(schedule: Schedule) -> dict[str, Any] | None:
    horizon = schedule.horizon
    if horizon is None:
        return None
    return {
        "value": horizon.value,
        "unit": horizon.unit,
        "source": horizon.source,
        "evidence": horizon.evidence or None,
    }


def render_sites(summary: SitesSummary, levels: str) -> Iterator[Piece]:
    """One block for each construction.

    Args:
        summary: what is to be told.
        levels: the characters of a sparkline; without any, none is drawn.
    """
    for site in summary.sites:
        yield from _block(site, levels)
        yield LINE_END


def render_closing(summary: SitesSummary) -> Iterator[Piece]:
    """How many constructions have which verdict, and for which reasons the rest is undecided."""
    yield from line(summary.listed(by_verdict(summary.sites)))
    undecided = [site.schedule for site in summary.sites if site.schedule.verdict is SiteVerdict.UNDECIDED]
    reasons = Counter(schedule.reason for schedule in undecided)
    if reasons:
        yield from line("Undecided because")
    for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield from line(f"  {number:4}  {reason}")


def _block(site: SiteRecord, levels: str) -> Iterator[Piece]:
    yield place(site.path, site.cell, site.line, site.column + 1), "bold"
    yield f" {site.contract.rpartition('.')[2]}  ", PLAIN
    yield from line(site.schedule.verdict.value, _STYLES[site.schedule.verdict])
    yield from render_schedule(site, levels)


def render_schedule(site: SiteRecord, levels: str) -> Iterator[Piece]:
    """What a construction comes to, below its place and its verdict. The arguments are those of `render_sites`."""
    schedule = site.schedule
    if site.callable is not None or schedule.has_callable:
        yield from line(f"  callable   {callable_text(site)}")
        yield from line(f"  lr         {_groups_text(schedule.groups)}")
        yield f"  returns    {returned_text(schedule)}", PLAIN
        if levels and len(schedule.curve) > 1:
            yield f"  {sparkline(schedule.curve, levels)}", "cyan"
        yield LINE_END
    for name, text in time_facts(schedule):
        yield from line(f"  {name:9}  {text}")
    if schedule.reason:
        word = "undecided" if schedule.verdict is SiteVerdict.UNDECIDED else "found"
        yield from line(f"  {word:9}  {schedule.reason}")


def time_facts(schedule: Schedule) -> Iterator[tuple[str, str]]:
    """What a step is one of, and what that is measured against, where there is something to tell: name and text."""
    clock, horizon = schedule.clock, schedule.horizon
    if clock.unit != "unknown":
        yield "stepped", f"once per {clock.unit}: {clock.source}"
    if horizon is not None and (horizon.source or horizon.unit != "unknown"):
        text = horizon.source or "what its callable compares the time with"
        number = "" if horizon.value is None or f"{horizon.value:g}" == text else f" = {horizon.value:g}"
        unit = "" if horizon.unit == "unknown" else f", counts {ClockUnit(horizon.unit).plural}"
        yield "horizon", f"{text}{number}{unit}{_RESTS_ON.get(horizon.evidence, '')}"
    if schedule.assumed:
        yield "assumed", ", ".join(f"{name} = {count}" for name, count in schedule.assumed)


def callable_text(site: SiteRecord) -> str:
    """What kind of callable the scheduler is given, and where it is defined."""
    called = site.callable
    if called is None:
        return "not known"
    return (
        called.kind if called.path is None else f"{called.kind}, {place(called.path, called.cell, called.line, None)}"
    )


def _groups_text(groups: Sequence[GroupRate]) -> str:
    texts = [group_text(group) for group in groups[:_GROUPS_SHOWN]]
    if len(groups) > _GROUPS_SHOWN:
        texts.append(f"and {len(groups) - _GROUPS_SHOWN} more")
    return ", ".join(texts) or "not known"


def group_text(group: GroupRate) -> str:
    """The initial lr of a group, as a number and as the code spells it."""
    if group.lr is None:
        return group.source or "not known"
    number = f"{group.lr:g}"
    return number if group.source in ("", number) else f"{number} ({group.source})"


def returned_text(schedule: Schedule) -> str:
    """The unit with the first and the greatest value."""
    parts = [{"unknown": "not known", "free": "bare numbers"}.get(schedule.unit, schedule.unit)]
    if schedule.first_factor is not None:
        parts.append(f"{schedule.first_factor:.4g} at first")
    if schedule.peak_factor is not None:
        parts.append(f"{schedule.peak_factor:.4g} at its peak")
    return ", ".join(parts)


def sparkline(curve: Sequence[tuple[int, float]], levels: str) -> str:
    """A curve in one line of characters. Its times are spread by their logarithms, as the samples are.

    Args:
        curve: pairs of a time and a value, in order; at least one.
        levels: the characters from the lowest value to the highest.
    """
    first, last = curve[0][0], curve[-1][0]
    steps = [
        math.expm1(column / (_SPARKLINE_WIDTH - 1) * math.log1p(last - first)) for column in range(_SPARKLINE_WIDTH)
    ]
    values = [_value_at(curve, first + step) for step in steps]
    lowest, highest = min(0.0, *values), max(values)
    scale = (len(levels) - 1) / (highest - lowest) if highest > lowest else 0.0
    return "".join(levels[round((value - lowest) * scale)] for value in values)


def _value_at(curve: Sequence[tuple[int, float]], time: float) -> float:
    """The value at a time, on the straight line between the samples around it."""
    before = max((point for point in curve if point[0] <= time), default=curve[0])
    after = min((point for point in curve if point[0] >= time), default=curve[-1])
    if before[0] == after[0]:
        return before[1]
    return before[1] + (after[1] - before[1]) * (time - before[0]) / (after[0] - before[0])
