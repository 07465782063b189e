"""Columns as the editor counts them: in bytes, in units of UTF-16, or in characters, as was agreed at the start."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol.types import Position, Range
from pygls.workspace import PositionCodec

from lr_lint.vocabulary.diagnostics import Span


class Columns:
    """From the editor's positions to ours, and back. Ours count lines from 1 and characters from 0."""

    def __init__(self, codec: PositionCodec) -> None:
        """Count as was agreed.

        Args:
            codec: tells how many units of the agreed encoding a text has.
        """
        self._codec = codec

    def column(self, line: str, units: int) -> int:
        """The character of a line before which so many units stand; its end where it has no more of them."""
        if line.isascii():
            return min(units, len(line))
        taken = 0
        for column, character in enumerate(line):
            if taken >= units:
                return column
            taken += self._codec.client_num_units(character)
        return len(line)

    def position(self, lines: Sequence[str], line: int, column: int) -> Position:
        """A place of ours as the editor counts it.

        Args:
            lines: those of the text, without their ends. Of a line that is not there, each character is one unit.
            line: counted from 1.
            column: counted from 0, in characters.
        """
        text = lines[line - 1] if 1 <= line <= len(lines) else ""
        before = text[:column]
        units = column if before.isascii() else self._codec.client_num_units(before)
        return Position(max(line - 1, 0), units)

    def range(self, lines: Sequence[str], span: Span) -> Range:
        """A span of ours as the editor counts it."""
        start = self.position(lines, span.line, span.column)
        return Range(start, self.position(lines, span.end_line, span.end_column))

    def place(self, lines: Sequence[str], position: Position) -> tuple[int, int]:
        """The editor's position as we count: line and column."""
        line = lines[position.line] if position.line < len(lines) else ""
        return position.line + 1, self.column(line, position.character)
