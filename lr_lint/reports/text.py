"""Reports for people: each finding with the code that it is about and the evidence for it.

A report is a sequence of pieces (`lr_lint.reports.pieces`): the same text with colours and without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.reports.links import rule_page
from lr_lint.reports.pieces import DRAWN_END, LINE_END, PLAIN, WIDEST, columns, line
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.reports.pieces import Piece
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Evidence, Span

    SourceLines = Callable[[str, int | None], Sequence[str] | None]

_PLACE, _CODE, _FAINT, _MARK, _AID = "bold", "bold red", "dim", "bold red", "cyan"
_LINES_SHOWN = 4
_TAB = "    "
_DOTS = 3


@dataclass(frozen=True, slots=True)
class _Page:
    """How code is laid out.

    Attributes:
        width: in columns.
        gutter: of the numbers of its lines, in columns.
    """

    width: int
    gutter: int


def render(summary: CheckSummary, lines_of: SourceLines, width: int | None = None) -> Iterator[Piece]:
    """The findings, each as a header, a message, the code and the evidence.

    Args:
        summary: what is to be told.
        lines_of: gives the lines of a file by its path, or of a cell of a notebook, or None if there are none to show.
        width: of the terminal, which code is cut to; None for as much as anybody reads.
    """
    for diagnostic in summary.diagnostics:
        yield from _finding(diagnostic, lines_of, width or WIDEST)
        yield LINE_END


def _finding(diagnostic: Diagnostic, lines_of: SourceLines, width: int) -> Iterator[Piece]:
    yield _place(diagnostic.path, diagnostic.cell, diagnostic.span), _PLACE
    yield " ", PLAIN
    # Terminals that know links make one of the code; others show it as it is.
    yield diagnostic.code, f"{_CODE} link {rule_page(diagnostic.code, diagnostic.name)}"
    yield f" {diagnostic.name} ", PLAIN
    yield from line(f"[{diagnostic.confidence.label}]", _FAINT)
    yield from line(f"  {diagnostic.message}")
    lines = lines_of(diagnostic.path, diagnostic.cell) or ()
    shown = [diagnostic.span, *(step.span for step in diagnostic.evidence if step.path == diagnostic.path)]
    page = _Page(width, max(len(str(span.end_line)) for span in shown))
    yield from _frame(diagnostic.span, lines, page, "^", _MARK)
    for step in diagnostic.evidence:
        there = lines_of(step.path, step.cell) if step.path == diagnostic.path else None
        yield from _evidence(step, there or (), page)


def _evidence(step: Evidence, lines: Sequence[str], page: _Page) -> Iterator[Piece]:
    yield f"  {_place(step.path, step.cell, step.span)}: ", _PLACE
    yield from line(step.text)
    yield from _frame(step.span, lines, page, "-", _AID)


def _frame(span: Span, lines: Sequence[str], page: _Page, mark: str, style: str) -> Iterator[Piece]:
    """The lines of a span with marks under it. A long span is cut, as is a long line."""
    if not span.line <= span.end_line <= len(lines):
        return
    gutter = page.gutter
    yield from _drawn(f"  {'':{gutter}} |", _FAINT)
    for number in range(span.line, min(span.end_line + 1, span.line + _LINES_SHOWN)):
        code = lines[number - 1]
        start = span.column if number == span.line else len(code) - len(code.lstrip())
        end = span.end_column if number == span.end_line else len(code)
        text, offset, length = _window(code, start, end, page.width - gutter - 5)
        yield f"  {number:{gutter}} | ", _FAINT
        yield from _drawn(text)
        yield f"  {'':{gutter}} | ", _FAINT
        yield from _drawn(f"{' ' * offset}{mark * length}", style)
    if span.end_line >= span.line + _LINES_SHOWN:
        yield from _drawn(f"  {'':{gutter}} | ...", _FAINT)


def _drawn(text: str, style: str = PLAIN) -> Iterator[Piece]:
    yield text, style
    yield DRAWN_END


def _window(code: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """The part of a line to show, and where and how long the mark under it is, in columns of the terminal."""
    text, before, marked = map(_printable, (code, code[:start], code[start:end]))
    offset, length, total = columns(before), max(1, columns(marked)), columns(text)
    if total <= width:
        return text, offset, length
    # A good part of what stands before the mark is shown; dots tell what is not.
    first = max(0, min(offset - width // 4, total - width + _DOTS))
    room = width - _DOTS * (first > 0)
    room -= _DOTS * (first + room < total)
    shown, at = "", 0
    for char in text:
        if first <= at and at + columns(char) <= first + room:
            shown += char
        at += columns(char)
        first += at > first > at - columns(char)
    left = "." * _DOTS if first else ""
    right = "." * _DOTS if first + room < total else ""
    offset += len(left) - first
    return left + shown + right, offset, max(1, min(length, len(left) + room - offset))


def _printable(text: str) -> str:
    """The text as it is shown: the marks under it stand where its parts come to stand."""
    return visible(text.replace("\t", _TAB))


def _place(path: str, cell: int | None, span: Span) -> str:
    return place(path, cell, span.line, span.column + 1)
