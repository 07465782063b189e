"""What could be changed to mend a finding, and that nothing can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from lr_lint.semantics.values.context import Anchor


class NoFixError(Exception):
    """There is no fix. The text says why, in words that fit after "not fixed:".

    Attributes:
        place: what stands in the way, where that is a place in the code.
        path: the file that stands in the way, where it is another one.
    """

    def __init__(self, reason: str, place: Anchor | None = None, path: str = "") -> None:
        super().__init__(reason)
        self.place = place
        self.path = path


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one expression, with the parentheses that it has.

    Attributes:
        node: the expression.
        before: what is put in front of it.
        after: what is put behind it.
        instead: what is put in its place; None to leave it.
        divides: whether the initial lr is read for it.
    """

    node: cst.CSTNode
    before: str = ""
    after: str = ""
    instead: str | None = None
    divides: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A statement that has a line of its own, moved behind another one, with the indentation of that.

    Attributes:
        statement: what moves.
        behind: what it comes to stand behind; it may hold the statement, as a loop does.
    """

    statement: cst.SimpleStatementLine
    behind: cst.BaseStatement


@dataclass(frozen=True, slots=True)
class Draft:
    """Changes that may mend a finding, verified by nobody yet.

    Attributes:
        message: what they do, for the user.
        changes: all in the file that constructs the scheduler.
        divisor: what the code is to divide by as the initial lr; empty where it divides by nothing new.
        moves: statements that come to stand elsewhere in that file.
    """

    message: str
    changes: tuple[Change, ...] = ()
    divisor: str = ""
    moves: tuple[Move, ...] = ()
