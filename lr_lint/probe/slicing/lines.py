"""The lines of programs, and the few statements that emission writes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lr_lint.probe.slicing.protocol import ERROR, GUARDED, HELPER


@dataclass(frozen=True)
class Line:
    """A line of a program, or an expression over several lines.

    Attributes:
        text: without indentation; what follows a line break in it stands in brackets or in a string.
        at: the line in the user's file.
        depth: how deep it is indented.
    """

    text: str
    at: int
    depth: int = 0


def helper(name: str, *arguments: str) -> str:
    """The code of a call of one of the helper's methods, given the code of the arguments."""
    return f"{HELPER}.{name}({', '.join(arguments)})"


def indented(lines: Iterable[Line]) -> list[Line]:
    """The lines, one level deeper."""
    return [Line(line.text, line.at, line.depth + 1) for line in lines]


def attempted(body: list[Line], names: list[str], at: int, spoiled: Sequence[tuple[str, str, str]] = ()) -> list[Line]:
    """Runs statements; where they fail, what they bind or change is lost, and the slice goes on without it.

    Args:
        body: the statements.
        names: what they bind or change.
        at: their line.
        spoiled: attributes that they set: the code of the object, the attribute, and how the user spells both.
    """
    lost = helper("lost", ERROR, repr(at), *map(repr, names))
    lines = [helper("spoil", ERROR, repr(at), owner, repr(name), repr(shown)) for owner, name, shown in spoiled]
    if names or not lines:
        lines.append(f"{', '.join(names)}, = {lost}" if names else lost)
    handler = [Line(line, at) for line in lines]
    return [
        Line("try:", at),
        *indented(body),
        Line(f"except {GUARDED} as {ERROR}:", at),
        *indented(handler),
    ]
