"""Text for people, in pieces: each a part of one line, with a style.

What a piece says is made visible here and nowhere else, so no format can forget it. The only end of a line is the
piece `LINE_END`: one within a text came from the code that is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lr_lint.vocabulary.visible import at_line_start, visible

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    Piece = tuple[str, str]

PLAIN = ""
LINE_END = ("\n", PLAIN)


def line(text: str, style: str = PLAIN) -> Iterator[Piece]:
    """A whole line."""
    yield text, style
    yield LINE_END


def block(text: str, style: str = PLAIN) -> Iterator[Piece]:
    """Several lines, each of them ended, of a drawing or a table of ours."""
    for each in text.split("\n")[:-1]:
        yield from line(each, style)


def plain(pieces: Iterable[Piece]) -> str:
    """The text alone."""
    return "".join(text for text, _ in _visible(pieces))


def coloured(pieces: Iterable[Piece]) -> str:
    """The same text with the escape sequences of a terminal."""
    from rich.text import Text

    return in_colours(Text.assemble(*_visible(pieces), end=""))


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


def _visible(pieces: Iterable[Piece]) -> Iterator[Piece]:
    starts = True
    for piece in pieces:
        if piece == LINE_END:
            starts = True
            yield piece
            continue
        text, style = piece
        shown = at_line_start(text) if starts else visible(text)
        starts = starts and not shown.strip()
        yield shown, style
