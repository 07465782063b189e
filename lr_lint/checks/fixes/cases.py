"""What is to be mended, what could be changed for it, and that it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.fixes.close_looks import CloseLook
from lr_lint.checks.rules.base import Finding
from lr_lint.semantics.values.domain import Anchor


class RefusalError(Exception):
    """There is no fix. The text says why, in words that fit after "not fixed:".

    Attributes:
        place: anchor of what stands in the way, where that is a place in the code.
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
class Draft:
    """Changes that may mend a finding.

    Attributes:
        message: what they do, for the user.
        changes: all in the file that constructs the scheduler.
        divisor: what the code is to divide by as the initial lr; empty where it divides by nothing new.
    """

    message: str
    changes: tuple[Change, ...]
    divisor: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be mended.

    Attributes:
        finding: what the rule says.
        look: the construction, seen closely, for the param groups that the finding is about.
        arguments: the expressions that the schedulers of the file are given as their callables.
    """

    finding: Finding
    look: CloseLook
    arguments: Sequence[cst.CSTNode]
