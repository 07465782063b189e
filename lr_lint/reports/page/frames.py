"""Code with marks: the lines around some places, cut into parts that are marked or not, with notes below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from lr_lint.vocabulary.diagnostics import Span
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.vocabulary.diagnostics import Diagnostic

    # By path and number of the cell, which is None in a plain file.
    SourceLines = Callable[[str, "int | None"], Sequence[str] | None]

FINDING, EVIDENCE, SITE = "finding", "evidence", "site"
# Which mark is seen where two of the same length lie upon each other: the later one. Else it is the shorter one.
_STRENGTH = (SITE, EVIDENCE, FINDING)
CONSTRUCTED = "constructed here"
_CONTEXT = 1
_LINES_MARKED = 12
_WIDEST = 240
_BEFORE_MARK = 60
_TAB = "    "


@dataclass(frozen=True, slots=True)
class CodeMark:
    """A place in the code that is to be seen.

    Attributes:
        path: the file.
        cell: of a notebook, else None.
        span: where.
        kind: what it is.
        note: what it shows; empty where the mark says enough.
    """

    path: str
    cell: int | None
    span: Span
    kind: str
    note: str = ""


def marks_of(diagnostic: Diagnostic, lines_of: SourceLines) -> list[CodeMark]:
    """A finding with its evidence; the first is what is wrong. The construction stands out as well."""
    evidence = (CodeMark(step.path, step.cell, step.span, EVIDENCE, step.text) for step in diagnostic.evidence)
    marks = [CodeMark(diagnostic.path, diagnostic.cell, diagnostic.span, FINDING), *evidence]
    site = diagnostic.site
    if site is not None:
        there = rest_of_line(lines_of(site.path, site.cell), site.line, site.column)
        constructed = CodeMark(site.path, site.cell, there, SITE)
        alone = all((mark.path, mark.cell, mark.span.line) != (site.path, site.cell, site.line) for mark in marks)
        marks.append(replace(constructed, note=CONSTRUCTED) if alone else constructed)
    return marks


def rest_of_line(lines: Sequence[str] | None, line: int, column: int | None = None) -> Span:
    """A line from a column on; from its first letter on, if none is given."""
    code = lines[line - 1] if lines is not None and line <= len(lines) else ""
    start = len(code) - len(code.lstrip()) if column is None else column
    return Span(line, start, line, len(code))


def frames_of(marks: Iterable[CodeMark], lines_of: SourceLines) -> list[dict[str, Any]]:
    """The marks of each file or cell in one frame, in the order in which they are met first.

    Args:
        marks: what is to be seen.
        lines_of: gives the lines of a file or a cell, None where there are none to show.
    """
    by_file: dict[tuple[str, int | None], list[CodeMark]] = {}
    for mark in marks:
        by_file.setdefault((mark.path, mark.cell), []).append(mark)
    return [_frame(path, cell, found, lines_of(path, cell) or ()) for (path, cell), found in by_file.items()]


def _frame(path: str, cell: int | None, marks: Sequence[CodeMark], lines: Sequence[str]) -> dict[str, Any]:
    first = marks[0].span
    there = [mark for mark in marks if mark.span.line <= mark.span.end_line <= len(lines)]
    return {
        "place": place(path, cell, first.line, first.column + 1),
        # Where the code is not to be had, what is said about it still is.
        "lines": list(_lines(there, lines)),
        "notes": [[mark.kind, mark.note] for mark in marks if mark.note and mark not in there],
    }


def _lines(marks: Sequence[CodeMark], lines: Sequence[str]) -> Iterator[list[Any]]:
    """Number, parts and notes of each line to be shown; where lines are left out, no number and nothing else."""
    wanted = sorted({number for mark in marks for number in _around(mark.span, lines)})
    for before, number in pairwise([wanted[0] - 1 if wanted else 0, *wanted]):
        if number > before + 1:
            yield [None, [], []]
        there = [mark for mark in marks if mark.span.line <= number <= mark.span.end_line]
        notes = [[mark.kind, mark.note] for mark in there if mark.note and number == _last_shown(mark.span)]
        yield [number, _parts(lines[number - 1], number, there), notes]


def _last_shown(span: Span) -> int:
    return min(span.end_line, span.line + _LINES_MARKED - 1)


def _around(span: Span, lines: Sequence[str]) -> Iterator[int]:
    """The lines to show for a mark: its own, and those beside them, if something stands there."""
    last = _last_shown(span)
    for number in range(max(1, span.line - _CONTEXT), min(len(lines), last + _CONTEXT) + 1):
        if span.line <= number <= last or lines[number - 1].strip():
            yield number


def _parts(code: str, number: int, marks: Sequence[CodeMark]) -> list[list[str]]:
    """The text of a line in stretches of one kind, as pairs of text and kind; a line that is too long is cut."""
    kinds = [""] * len(code)
    stretches = ((*_stretch(mark.span, number, code), mark.kind) for mark in marks)
    for start, end, kind in sorted(stretches, key=lambda each: (each[0] - each[1], _STRENGTH.index(each[2]))):
        kinds[start:end] = [kind] * len(kinds[start:end])
    first = next((at for at, kind in enumerate(kinds) if kind), 0)
    begin = max(0, first - _BEFORE_MARK) if len(code) > _WIDEST else 0
    shown = [*zip(code, kinds, strict=True)][begin : begin + _WIDEST]
    parts = [[_shown("".join(char for char, _ in run)), kind] for kind, run in groupby(shown, key=lambda pair: pair[1])]
    cut_before, cut_after = [["…", ""]] if begin else [], [["…", ""]] if begin + _WIDEST < len(code) else []
    return [*cut_before, *parts, *cut_after]


def _stretch(span: Span, number: int, code: str) -> tuple[int, int]:
    """Where a span begins and ends in one of its lines."""
    start = span.column if number == span.line else len(code) - len(code.lstrip())
    return start, span.end_column if number == span.end_line else len(code)


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))
