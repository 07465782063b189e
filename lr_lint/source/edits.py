"""Changes of a text, as spans and what is to stand there instead; everything outside them stays byte for byte."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence

from lr_lint.vocabulary.diagnostics import Edit, Span


class EditError(ValueError):
    """Changes that cannot be made together, or not in this text."""


def line_starts(text: str) -> list[int]:
    """Offsets of the first characters of all lines; a line ends with LF, CRLF or CR, as in Python."""
    starts = [0]
    at = 0
    while True:
        line_feed, carriage = text.find("\n", at), text.find("\r", at)
        if line_feed < 0 and carriage < 0:
            return starts
        if carriage >= 0 and (line_feed < 0 or carriage < line_feed):
            at = carriage + (2 if line_feed == carriage + 1 else 1)
        else:
            at = line_feed + 1
        starts.append(at)


def position(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """The line and column of an offset."""
    line = bisect.bisect_right(starts, offset)
    return line, offset - starts[line - 1]


def offsets(starts: Sequence[int], span: Span) -> tuple[int, int]:
    """Where a span begins and ends.

    Raises:
        EditError: if the text has no such lines.
    """
    if not 1 <= span.line <= span.end_line <= len(starts):
        raise EditError(f"there is no line {span.end_line}")
    return starts[span.line - 1] + span.column, starts[span.end_line - 1] + span.end_column


def replacement(text: str, starts: Sequence[int], begin: int, end: int, new: str) -> Edit:
    """The smallest change that puts a new text in place of what stands between two offsets."""
    old = text[begin:end]
    prefix = _common(old, new)
    suffix = _common(old[prefix:][::-1], new[prefix:][::-1])
    begin, end = begin + prefix, end - suffix
    return Edit(Span(*position(starts, begin), *position(starts, end)), new[prefix : len(new) - suffix])


def _common(first: str, second: str) -> int:
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def clash(edits: Iterable[Edit]) -> bool:
    """Whether some of these changes are not the same and touch the same characters, or insert at the same place."""
    ordered = sorted(set(edits), key=lambda edit: (edit.cell or 0, edit))
    for first, second in itertools.pairwise(ordered):
        if first.cell != second.cell:
            continue
        end, start = (first.span.end_line, first.span.end_column), (second.span.line, second.span.column)
        begins_together = (first.span.line, first.span.column) == start
        if start < end or begins_together:
            return True
    return False


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all changes made; those that are the same are made once.

    Raises:
        EditError: if they overlap, or lie outside the text.
    """
    ordered = sorted(set(edits))
    if clash(ordered):
        raise EditError("the changes overlap")
    starts = line_starts(text)
    pieces: list[str] = []
    at = 0
    for edit in ordered:
        begin, end = offsets(starts, edit.span)
        if not at <= begin <= end <= len(text):
            raise EditError("a change lies outside the text")
        pieces += [text[at:begin], edit.text]
        at = end
    return "".join([*pieces, text[at:]])
