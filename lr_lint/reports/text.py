"""Reports for people: each finding with the code that it is about and the evidence for it.

A report is a sequence of pieces, each with a style. Without colours it is the same text, and Rich is not imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Evidence, Span

    Piece = tuple[str, str]
    SourceLines = Callable[[str], Sequence[str] | None]

_PLAIN, _PLACE, _CODE, _FAINT, _MARK, _AID = "", "bold", "bold red", "dim", "bold red", "cyan"
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
        yield "\n", _PLAIN


def plain(pieces: Iterable[Piece]) -> str:
    """The text alone."""
    return "".join(text for text, _ in pieces)


def coloured(pieces: Iterable[Piece]) -> str:
    """The same text with the escape sequences of a terminal."""
    from rich.text import Text

    return in_colours(Text.assemble(*pieces, end=""))


def in_colours(content: object, width: int | None = None) -> str:
    """Something that Rich can print, as text with the escape sequences of a terminal.

    Args:
        content: what to print.
        width: where to wrap lines, or None not to.
    """
    import io

    from rich.console import Console

    stream = io.StringIO()
    # Whether there are to be colours has been decided, so Rich is not to decide by the environment again.
    console = Console(
        file=stream, force_terminal=True, color_system="standard", no_color=False, width=width, highlight=False
    )
    console.print(content, soft_wrap=width is None, end="")
    return stream.getvalue()


def _finding(diagnostic: Diagnostic, lines_of: SourceLines) -> Iterator[Piece]:
    yield _place(diagnostic.path, diagnostic.span), _PLACE
    yield " ", _PLAIN
    yield diagnostic.code, _CODE
    yield f" {diagnostic.name} ", _PLAIN
    yield f"[{diagnostic.confidence.label}]", _FAINT
    yield f"\n  {diagnostic.message}\n", _PLAIN
    lines = lines_of(diagnostic.path) or ()
    shown = [diagnostic.span, *(step.span for step in diagnostic.evidence if step.path == diagnostic.path)]
    gutter = max(len(str(span.end_line)) for span in shown)
    yield from _frame(diagnostic.span, lines, gutter, "^", _MARK)
    for step in diagnostic.evidence:
        yield from _evidence(step, lines if step.path == diagnostic.path else (), gutter)


def _evidence(step: Evidence, lines: Sequence[str], gutter: int) -> Iterator[Piece]:
    yield f"  {_place(step.path, step.span)}: ", _PLACE
    yield f"{step.text}\n", _PLAIN
    yield from _frame(step.span, lines, gutter, "-", _AID)


def _frame(span: Span, lines: Sequence[str], gutter: int, mark: str, style: str) -> Iterator[Piece]:
    """The lines of a span with marks under it. A long span is cut, as is a long line."""
    if not span.line <= span.end_line <= len(lines):
        return
    yield f"  {'':{gutter}} |\n", _FAINT
    for number in range(span.line, min(span.end_line + 1, span.line + _LINES_SHOWN)):
        line = lines[number - 1]
        start = span.column if number == span.line else len(line) - len(line.lstrip())
        end = span.end_column if number == span.end_line else len(line)
        text, offset, length = _window(line, start, end)
        yield f"  {number:{gutter}} | ", _FAINT
        yield f"{text}\n", _PLAIN
        yield f"  {'':{gutter}} | ", _FAINT
        yield f"{' ' * offset}{mark * length}\n", style
    if span.end_line >= span.line + _LINES_SHOWN:
        yield f"  {'':{gutter}} | ...\n", _FAINT


def _window(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line to show, and where and how long the mark under it is, in columns of the terminal."""
    first = 0
    if len(line) > _WIDTH_SHOWN:
        first = max(0, min(start - _WIDTH_SHOWN // 4, len(line) - _WIDTH_SHOWN))
    last = first + _WIDTH_SHOWN
    before = "..." if first else ""
    after = "..." if last < len(line) else ""
    offset = len(before) + _columns(_printable(line[first:start]))
    length = _columns(_printable(line[start : min(end, last)]))
    return before + _printable(line[first:last]) + after, offset, max(1, length)


def _printable(text: str) -> str:
    """The text without tabs and without what would steer the terminal."""
    text = text.replace("\t", _TAB)
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "FW" else 1 for char in text)


def _place(path: str, span: Span) -> str:
    return f"{path}:{span.line}:{span.column + 1}"
