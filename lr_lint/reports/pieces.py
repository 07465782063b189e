"""Text for people, in pieces: each a part of one line, with a style.

What a piece says is made visible here and nowhere else, so no format can forget it. The only ends of a line are the
pieces `LINE_END` and `DRAWN_END`: one within a text came from the code that is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lr_lint.vocabulary.visible import at_line_start, visible

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    Piece = tuple[str, str]

PLAIN = ""
# In columns. Below the first, paths and numbers have no room; lines beyond the second are hard to follow.
NARROWEST, WIDEST = 60, 160
_LINK_ID = re.compile(r"\x1b\]8;id=\d+;")
_TOKENS = re.compile(r"\s+|\S+")
# A row of a list: its label, and the space before its text.
_LABEL = re.compile(r" {2,}\S+ {2,}")
LINE_END = ("\n", PLAIN)
# The end of a line of code, of a drawing or of a table, which stays as wide as it is.
DRAWN_END = ("\n", "drawn")


def line(text: str, style: str = PLAIN) -> Iterator[Piece]:
    """A whole line."""
    yield text, style
    yield LINE_END


def block(text: str, style: str = PLAIN) -> Iterator[Piece]:
    """Several lines, each of them ended, of a drawing or a table of ours."""
    for each in text.split("\n")[:-1]:
        yield each, style
        yield DRAWN_END


def plain(pieces: Iterable[Piece], width: int | None = None) -> str:
    """The text alone.

    Args:
        pieces: what to tell.
        width: where to wrap lines, in columns; None not to.
    """
    return "".join(text for text, _ in _printed(pieces, width))


def coloured(pieces: Iterable[Piece], width: int | None = None) -> str:
    """The same text with the escape sequences of a terminal."""
    from rich.text import Text

    return in_colours(Text.assemble(*_printed(pieces, width), end=""))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "FW" else 1 for char in text)


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
    # Rich gives each link a number by chance, and what is printed twice is to be the same.
    return _LINK_ID.sub("\x1b]8;;", stream.getvalue())


def _printed(pieces: Iterable[Piece], width: int | None) -> Iterator[Piece]:
    """The pieces as they are shown, with lines wrapped at words that are wider than the terminal."""
    waiting: list[Piece] = []
    for piece in _visible(pieces):
        if piece not in (LINE_END, DRAWN_END):
            waiting.append(piece)
            continue
        yield from waiting if width is None or piece == DRAWN_END else _wrapped(waiting, width)
        yield LINE_END
        waiting = []
    yield from waiting


def _wrapped(pieces: list[Piece], width: int) -> Iterator[Piece]:
    text = "".join(part for part, _ in pieces)
    if columns(text) <= width:
        yield from pieces
        return
    indent = _hanging_indent(text, width)
    used = 0
    gap: list[Piece] = []
    for token, style in ((token, style) for part, style in pieces for token in _TOKENS.findall(part)):
        if token.isspace():
            gap.append((token, style))
            continue
        size = columns(token)
        space = sum(columns(blank) for blank, _ in gap)
        # A line is broken where there is a space, and not before its first word.
        if used > indent and gap and used + space + size > width:
            yield LINE_END
            yield " " * indent, PLAIN
            used = indent + size
        else:
            yield from gap
            used += space + size
        yield token, style
        gap = []


def _hanging_indent(text: str, width: int) -> int:
    """Where the further lines of a wrapped one begin: below the text of a row, else as far in as the line itself."""
    label = _LABEL.match(text)
    if label is not None and label.end() < width // 2:
        return label.end()
    return max(2, len(text) - len(text.lstrip()))


def _visible(pieces: Iterable[Piece]) -> Iterator[Piece]:
    starts = True
    for piece in pieces:
        if piece in (LINE_END, DRAWN_END):
            starts = True
            yield piece
            continue
        text, style = piece
        shown = at_line_start(text) if starts else visible(text)
        starts = starts and not shown.strip()
        yield shown, style
