"""A result as Markdown: the budgets with what was measured, then each section as a table."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks.budgets import MET, MISSED, measured_budgets
from benchmarks.results import Result, RowResult, SectionResult
from benchmarks.sections import SECTIONS


def report(result: Result) -> str:
    """All of it."""
    parts = [about(result), budget_table(result), *(section_table(section) for section in result.sections)]
    return "\n\n".join(part for part in parts if part) + "\n"


def record(result: Result, before: Result) -> str:
    """The budgets, the sections that compare with others, and what was measured against an old revision."""
    told = [section_table(section) for section in result.sections if not SECTIONS[section.name].in_series]
    parts = [about(result), budget_table(result), *told, "## Before and after", about(before)]
    return "\n\n".join([*parts, *(section_table(section) for section in before.sections)])


def about(result: Result) -> str:
    """What was measured, and on what."""
    versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
    machine = "; ".join(f"{name}: {value}" for name, value in result.machine.items())
    return f"Measured: {versions}.\nMachine: {machine}."


def budget_table(result: Result) -> str:
    """The budgets, with measured values beside them."""
    if result.is_quick:
        return "The inputs are small and were run once: that is too little to judge budgets."
    rows = measured_budgets(result)
    if not rows:
        return ""
    met, missed = (sum(row.verdict == verdict for row in rows) for verdict in (MET, MISSED))
    halves = len(rows) - met - missed
    told = f"Of {len(rows)} budgets, {met} are met, {missed} are missed, and {halves} are met in one time alone."
    lines = [told, "", "| what | budget | CPU | wall | |", "|---|---|---|---|---|"]
    lines += [f"| {row.what} | {row.budget} | {row.cpu} | {row.wall} | {row.verdict} |" for row in rows]
    return "\n".join(lines)


def section_table(section: SectionResult) -> str:
    """The rows of a section: medians, ratios to the first row, the greatest peak."""
    facts = ", ".join(f"{name}: {value}" for name, value in section.facts.items())
    in_series = section.name in SECTIONS and SECTIONS[section.name].in_series
    head = "| | CPU s | wall s | peak MiB | rounds |"
    if not in_series:
        head = "| | CPU s | wall s | CPU ratio (least to greatest) | wall ratio | peak MiB | rounds |"
    title = f"### {section.title}" + (f" ({facts})" if facts else "")
    lines = [title, "", head, "|---" * head.count(" | ") + "|---|"]
    return "\n".join([*lines, *_rows(section, in_series)])


def _rows(section: SectionResult, in_series: bool) -> Iterator[str]:
    reference = section.rows[0] if section.rows and section.rows[0].runs and not in_series else None
    for row in section.rows:
        name = row.name.replace("|", "\\|")
        if not row.runs:
            yield f"| {name} | {row.problem or 'not run'} |"
            continue
        ratios = "" if in_series else " " + _ratios(row, reference) + " |"
        yield f"| {name} | {_seconds(row.cpu)} | {_seconds(row.wall)} |{ratios} {row.peak:.0f} | {len(row.runs)} |"


def _ratios(row: RowResult, reference: RowResult | None) -> str:
    if reference is None or len(reference.runs) != len(row.runs):
        return "| "
    pairs = list(zip(row.runs, reference.runs, strict=True))
    cpu = [one.cpu / two.cpu for one, two in pairs]
    wall = median(one.wall / two.wall for one, two in pairs)
    return f"{median(cpu):.3g} ({min(cpu):.3g} to {max(cpu):.3g}) | {wall:.3g}"


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"
