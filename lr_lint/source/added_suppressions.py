"""Comments that are written into a file to suppress what is found in it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Sequence

from lr_lint.source.files import split_lines
from lr_lint.source.suppressions import read_suppressions
from lr_lint.vocabulary.diagnostics import Edit, Span

_CONTINUED = re.compile(r"\\\s*$")


def suppressing(text: str, span: Span, codes: Iterable[str]) -> Edit | None:
    """The change that has a comment suppress rules at a place.

    The comment stands at the end of the place's first line, or, where that ends within a string or with a backslash, of
    the first line of the statement after it that can have one. A comment of lr-lint that is there names more rules.

    Args:
        text: the file, or the Python of a notebook's cell, which has the cell's lines.
        span: the place.
        codes: the rules, as they are to be named; at least one.

    Returns:
        The change; None where the text is no Python, so that nobody knows where comments can stand.
    """
    lines = split_lines(text)
    line = _line_with_room(lines, span.line)
    if line is None:
        return None
    named = ", ".join(codes)
    for found in read_suppressions(text).found:
        if found.span.line == line and found.own and not found.everywhere and found.selectors:
            _, _, end = found.selectors[-1]
            return Edit(Span(line, end, line, end), f", {named}")
    kept = len(lines[line - 1].rstrip())
    comment = f"  # lr-lint: ignore[{named}]" if kept else f"# lr-lint: ignore[{named}]"
    return Edit(Span(line, kept, line, len(lines[line - 1])), comment)


def _line_with_room(lines: Sequence[str], first: int) -> int | None:
    """The first line, from one on, behind whose end a comment can stand."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline))
    except (tokenize.TokenError, SyntaxError):
        return None
    commented = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    line = first
    while line <= len(lines):
        # What a token begins in one line and ends in another is a string, or a part of one.
        end = max((token.end[0] for token in tokens if token.start[0] <= line < token.end[0]), default=line)
        if end == line and (line in commented or not _CONTINUED.search(lines[line - 1])):
            return line
        line = end if end > line else line + 1
    return None
