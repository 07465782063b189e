"""What is told of a scheduler where its construction or its callable is pointed at: what `sites` tells, and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lr_lint.reports.listing import BLOCK_LEVELS, render_schedule
from lr_lint.reports.pieces import plain
from lr_lint.vocabulary.diagnostics import Span
from lr_lint.vocabulary.site_records import GroupCurve, Inventory, ScheduleCallable, SiteRecord

_MOST_SITES = 3
_MOST_ROWS = 6


def hover(
    inventories: Iterable[Inventory], path: str, cell: int | None, line: int, column: int
) -> tuple[str, Span | None] | None:
    """What there is to tell about a place, in Markdown, and what it is about.

    Args:
        inventories: the constructions that are known.
        path: of the file.
        cell: of the notebook.
        line: counted from 1.
        column: counted from 0.

    Returns:
        None where no scheduler is constructed, and nothing is defined that one calls. Where a callable is pointed at
        that several schedulers share, the first of them are told.
    """
    told: list[SiteRecord] = []
    about: Span | None = None
    for site in (site for inventory in inventories for site in inventory.sites):
        if (site.path, site.cell) == (path, cell) and _holds(site.span, line, column):
            told, about = [site], site.span  # the innermost comes last
        elif about is None and site.callable is not None and _is_at(site.callable, path, cell, line, column):
            told.append(site)
    return ("\n\n---\n\n".join(map(_markdown, told[:_MOST_SITES])), about) if told else None


def _holds(span: Span | None, line: int, column: int) -> bool:
    return span is not None and (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def _is_at(called: ScheduleCallable, path: str, cell: int | None, line: int, column: int) -> bool:
    """Whether a place is in the definition of a callable: in all of a lambda, in the first line of what is longer."""
    if (called.path, called.cell) != (path, cell):
        return False
    is_lambda = called.kind == "lambda"
    return _holds(called.span, line, column) if is_lambda else called.line == line


def _markdown(site: SiteRecord) -> str:
    name, verdict = site.contract.rpartition(".")[2], site.schedule.verdict.value
    lines = plain(render_schedule(site, BLOCK_LEVELS)).rstrip("\n")
    parts = [f"**{name}** {verdict}", f"```text\n{lines}\n```" if lines else "", "\n".join(_table(site))]
    return "\n\n".join(filter(None, parts))


def _table(site: SiteRecord) -> Iterator[str]:
    """The first group's numbers at some times, as a table in Markdown; nothing where none are known."""
    curve = next((each for each in site.schedule.by_group if each.returned or each.rates), None)
    if curve is None:
        return
    columns = [
        (head, dict(points))
        for head, points in (("returned", curve.returned), ("lr", curve.rates), ("lr that was meant", curve.meant))
        if points
    ]
    yield f"| step | {' | '.join(head for head, _ in columns)} |"
    yield f"|{' --: |' * (len(columns) + 1)}"
    for time in _chosen(curve):
        numbers = (f"{points[time]:.4g}" if time in points else "" for _, points in columns)
        yield f"| {time} | {' | '.join(numbers)} |"


def _chosen(curve: GroupCurve) -> Sequence[int]:
    """Times spread over those that are known, the first and the last among them."""
    times = sorted({time for points in (curve.returned, curve.rates) for time, _ in points})
    if len(times) <= _MOST_ROWS:
        return times
    return [times[round(at * (len(times) - 1) / (_MOST_ROWS - 1))] for at in range(_MOST_ROWS)]
