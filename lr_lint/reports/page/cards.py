"""One scheduler or one finding as the page shows it: plain data, in words where people read words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lr_lint.reports.listing import callable_text, group_text, returned_text, time_facts
from lr_lint.reports.page.frames import CONSTRUCTED, SITE, CodeMark, frames_of, marks_of, rest_of_line
from lr_lint.reports.page.lines import GroupLines, lines_by_group
from lr_lint.reports.page.measured import measured_schedule
from lr_lint.source.edits import EditError, apply_edits
from lr_lint.vocabulary.diagnostics import Diagnostic, Fix
from lr_lint.vocabulary.places import place

if TYPE_CHECKING:
    from lr_lint.probe.measuring.verdicts import ScheduleVerdict
    from lr_lint.reports.page.frames import SourceLines
    from lr_lint.vocabulary.site_records import GroupCurve, SiteRecord

# What tells which rates were meant.
BY_FIX, BY_CODE = "fix", "code"
_OTHERS_CURVE = "a curve of its own, which only the probe reads"


@dataclass(slots=True)
class Card:
    """A scheduler with all that is said about it.

    Attributes:
        site: what is known about it.
        mended: what it is after the fixes; None where none is about it.
        findings: what is wrong with it.
        measured: what the probe saw of it.
    """

    site: SiteRecord
    mended: SiteRecord | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    measured: list[ScheduleVerdict] = field(default_factory=list)


def card_object(card: Card, lines_of: SourceLines) -> dict[str, Any]:
    """A scheduler as plain data."""
    site, schedule = card.site, card.site.schedule
    return {
        "place": place(site.path, site.cell, site.line, site.column + 1),
        "path": site.path,
        "name": site.contract.rpartition(".")[2],
        "contract": site.contract,
        "verdict": schedule.verdict.value,
        "reason": schedule.reason,
        "unit": schedule.clock.unit if schedule.clock.unit in ("epoch", "batch", "update") else "step",
        "facts": list(_facts(site)),
        "groups": lines_by_group(_groups(card)),
        "meant_by": _meant_by(card),
        "findings": [finding_object(each, lines_of) for each in card.findings],
        "code": [] if card.findings else frames_of(_marks(site, lines_of), lines_of),
        "measured": [measured_schedule(each) for each in card.measured],
    }


def _facts(site: SiteRecord) -> Iterator[tuple[str, str]]:
    schedule = site.schedule
    if site.callable is not None:
        yield "callable", callable_text(site)
    yield "returns", returned_text(schedule) if schedule.has_callable else _OTHERS_CURVE
    yield from time_facts(schedule)


def _groups(card: Card) -> Iterator[GroupLines]:
    schedule = card.site.schedule
    after = _curves_after(card)
    for position, (group, curve) in enumerate(zip(schedule.groups, schedule.by_group, strict=True)):
        meant = after[position].rates if after else curve.meant
        returned = after[position].returned if after and not meant else ()
        told = group_text(group), group.lr, curve.returned, curve.rates
        yield GroupLines(*told, () if meant == curve.rates else meant, () if returned == curve.returned else returned)


def _curves_after(card: Card) -> Sequence[GroupCurve]:
    """The schedules of the groups after the fixes, where they are to be compared with those before."""
    after = () if card.mended is None else card.mended.schedule.by_group
    return after if len(after) == len(card.site.schedule.by_group) else ()


def _meant_by(card: Card) -> str:
    if any(curve.returned for curve in _curves_after(card)):
        return BY_FIX
    return BY_CODE if any(curve.meant for curve in card.site.schedule.by_group) else ""


def _marks(site: SiteRecord, lines_of: SourceLines) -> Iterator[CodeMark]:
    """Where a scheduler that nothing is wrong with is constructed, and where its callable is defined."""
    constructed = site.span or rest_of_line(lines_of(site.path, site.cell), site.line, site.column)
    yield CodeMark(site.path, site.cell, constructed, SITE, CONSTRUCTED)
    called = site.callable
    if called is None or called.path is None or called.line is None:
        return
    if (called.path, called.cell, called.line) != (site.path, site.cell, site.line):
        defined = called.span or rest_of_line(lines_of(called.path, called.cell), called.line)
        yield CodeMark(called.path, called.cell, defined, SITE, "its callable")


def finding_object(diagnostic: Diagnostic, lines_of: SourceLines) -> dict[str, Any]:
    """A finding as plain data."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "confidence": diagnostic.confidence.label,
        "message": diagnostic.message,
        "place": place(diagnostic.path, diagnostic.cell, span.line, span.column + 1),
        "frames": frames_of(marks_of(diagnostic, lines_of), lines_of),
        "fix": None if diagnostic.fix is None else _fix_object(diagnostic, diagnostic.fix, lines_of),
        "options": [_fix_object(diagnostic, option, lines_of) for option in diagnostic.options],
    }


def _fix_object(diagnostic: Diagnostic, fix: Fix, lines_of: SourceLines) -> dict[str, Any]:
    cells = sorted({edit.cell for edit in fix.edits}, key=lambda cell: cell or 0)
    changed = [line for cell in cells for line in _changed_lines(diagnostic.path, cell, fix, lines_of)]
    return {"safety": fix.safety, "message": fix.message, "diff": changed}


def _changed_lines(path: str, cell: int | None, fix: Fix, lines_of: SourceLines) -> Iterable[str]:
    """What a fix changes in a file or a cell: the lines that go, and those that come in their place."""
    before = list(lines_of(path, cell) or ())
    try:
        after = apply_edits("\n".join(before), [edit for edit in fix.edits if edit.cell == cell]).split("\n")
    except EditError:
        return []
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return [line.replace("\t", "    ") for line in lines if not line.startswith("@@")]
