"""Reports for people: each finding with the code that it is about and the evidence for it.

A report is a sequence of pieces (`lr_lint.reports.pieces`): the same text with colours and without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lr_lint.reports.pieces import LINE_END, PLAIN, line
from lr_lint.reports.places import place
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.reports.pieces import Piece
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Evidence, Span

    SourceLines = Callable[[str], Sequence[str] | None]

_PLACE, _CODE, _FAINT, _MARK, _AID = "bold", "bold red", "dim", "bold red", "cyan"
_LINES_SHOWN = 4
_WIDTH_SHOWN = 160
_TAB = "    "


def render(summary: CheckSummary, lines_of: SourceLines) -> Iterator[Piece]:
    """The findings, each as a header, a message, the code and the evidence.

    Args:
        summary: what is to be told.
        lines_of: gives the lines of a file by its path, or None if there are none to show.
    """
    for diagnostic in summary.diagnostics:
        yield from _finding(diagnostic, lines_of)
        yield LINE_END


def _finding(diagnostic: Diagnostic, lines_of: SourceLines) -> Iterator[Piece]:
    yield _place(diagnostic.path, diagnostic.cell, diagnostic.span), _PLACE
    yield " ", PLAIN
    yield diagnostic.code, _CODE
    yield f" {diagnostic.name} ", PLAIN
    yield from line(f"[{diagnostic.confidence.label}]", _FAINT)
    yield from line(f"  {diagnostic.message}")
    lines = lines_of(diagnostic.path) or ()
    shown = [diagnostic.span, *(step.span for step in diagnostic.evidence if step.path == diagnostic.path)]
    gutter = max(len(str(span.end_line)) for span in shown)
    yield from _frame(diagnostic.span, lines, gutter, "^", _MARK)
    for step in diagnostic.evidence:
        yield from _evidence(step, lines if step.path == diagnostic.path else (), gutter)


def _evidence(step: Evidence, lines: Sequence[str], gutter: int) -> Iterator[Piece]:
    yield f"  {_place(step.path, step.cell, step.span)}: ", _PLACE
    yield from line(step.text)
    yield from _frame(step.span, lines, gutter, "-", _AID)


def _frame(span: Span, lines: Sequence[str], gutter: int, mark: str, style: str) -> Iterator[Piece]:
    """The lines of a span with marks under it. A long span is cut, as is a long line."""
    if not span.line <= span.end_line <= len(lines):
        return
    yield from line(f"  {'':{gutter}} |", _FAINT)
    for number in range(span.line, min(span.end_line + 1, span.line + _LINES_SHOWN)):
        code = lines[number - 1]
        start = span.column if number == span.line else len(code) - len(code.lstrip())
        end = span.end_column if number == span.end_line else len(code)
        text, offset, length = _window(code, start, end)
        yield f"  {number:{gutter}} | ", _FAINT
        yield from line(text)
        yield f"  {'':{gutter}} | ", _FAINT
        yield from line(f"{' ' * offset}{mark * length}", style)
    if span.end_line >= span.line + _LINES_SHOWN:
        yield from line(f"  {'':{gutter}} | ...", _FAINT)


def _window(code: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line to show, and where and how long the mark under it is, in columns of the terminal."""
    first = 0
    if len(code) > _WIDTH_SHOWN:
        first = max(0, min(start - _WIDTH_SHOWN // 4, len(code) - _WIDTH_SHOWN))
    last = first + _WIDTH_SHOWN
    before = "..." if first else ""
    after = "..." if last < len(code) else ""
    offset = len(before) + _columns(_printable(code[first:start]))
    length = _columns(_printable(code[start : min(end, last)]))
    return before + _printable(code[first:last]) + after, offset, max(1, length)


def _printable(text: str) -> str:
    """The text as it is shown: the marks under it stand where its parts come to stand."""
    return visible(text.replace("\t", _TAB))


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "FW" else 1 for char in text)


def _place(path: str, cell: int | None, span: Span) -> str:
    return place(path, cell, span.line, span.column + 1)
