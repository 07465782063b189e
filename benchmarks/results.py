"""What was measured, as plain data that is written to JSON and read back: tables, plots and budgets are made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measuring import Row, Run

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class RowResult:
    """A row of a section.

    Attributes:
        name: what was run.
        runs: what it cost in each round.
        problem: why there are none; empty where there are.
        size: how large its input was, in a series.
        group: the series.
    """

    name: str
    runs: tuple[Run, ...]
    problem: str = ""
    size: int | None = None
    group: str = ""

    @property
    def wall(self) -> float:
        """Seconds, the median."""
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """Seconds of all cores together, the median."""
        return median(run.cpu for run in self.runs)

    @property
    def peak(self) -> float:
        """MiB, the greatest."""
        return max(run.peak for run in self.runs)


@dataclass(frozen=True)
class SectionResult:
    """What was run in turn.

    Attributes:
        name: of the section, as it is chosen.
        title: what it is about.
        rows: in the order in which they are shown; the first is what others are compared with.
        facts: what was worked on.
    """

    name: str
    title: str
    rows: tuple[RowResult, ...]
    facts: Mapping[str, str] = field(default_factory=dict)

    def row(self, name: str) -> RowResult | None:
        """The row of that name; None where it is not there, or failed."""
        return next((row for row in self.rows if row.name == name and row.runs), None)

    def series(self) -> dict[str, list[RowResult]]:
        """Rows that differ in size alone, by the names of their series, the smallest first."""
        groups: dict[str, list[RowResult]] = {}
        for row in self.rows:
            if row.size is not None and row.runs:
                groups.setdefault(row.group, []).append(row)
        return {name: sorted(rows, key=lambda row: row.size or 0) for name, rows in groups.items()}


@dataclass(frozen=True)
class Result:
    """All of one run of the benchmarks.

    Attributes:
        machine: what it ran on.
        versions: of what was measured.
        sections: in the order in which they were run.
        is_quick: whether its inputs were too small to say anything about budgets.
    """

    machine: Mapping[str, str]
    versions: Mapping[str, str]
    sections: tuple[SectionResult, ...]
    is_quick: bool = False

    def section(self, name: str) -> SectionResult | None:
        """The section of that name; None where it was not run."""
        return next((section for section in self.sections if section.name == name), None)


def row_result(row: Row) -> RowResult:
    """A row as plain data."""
    return RowResult(row.command.name, tuple(row.runs), row.problem, row.command.size, row.command.group)


def to_json(result: Result) -> str:
    """The text of a file."""
    document: dict[str, Any] = {"schema_version": SCHEMA_VERSION, **asdict(result)}
    return json.dumps(document, indent=1) + "\n"


def from_json(path: Path) -> Result:
    """What a file holds."""
    document = json.loads(path.read_text(encoding="utf-8"))
    sections = tuple(
        SectionResult(**{**section, "rows": tuple(_row(row) for row in section["rows"])})
        for section in document["sections"]
    )
    return Result(document["machine"], document["versions"], sections, document["is_quick"])


def _row(document: dict[str, Any]) -> RowResult:
    return RowResult(**{**document, "runs": tuple(Run(**run) for run in document["runs"])})
