"""Idioms: small pieces of programs, each about one thing that interpreters get wrong.

Each is a text with holes (see `texts`). What stands before a line ``---`` goes before the callable, what stands behind
it into the callable, and the last line is the expression for what comes of it. A text without such a line goes into
the callable as a whole. What stands behind a line ``+++`` goes after the callable, before a scheduler is given it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from tests.differential.idioms import (
    arrays,
    classes,
    control,
    functions,
    iteration,
    late,
    library,
    memory,
    numbers,
    order,
    protocols,
    strings,
    tools,
)

_TABLES = (
    *(arrays, classes, control, functions, iteration, late, library),
    *(memory, numbers, order, protocols, strings, tools),
)
_CUT, _AFTER = "---\n", "+++\n"


@dataclass(frozen=True)
class Idiom:
    """A piece of a program.

    Attributes:
        head: the lines before the callable.
        body: the lines in it.
        value: the expression for what comes of it.
        after: the lines after the callable.
    """

    head: str
    body: str
    value: str
    after: str = ""


def _parsed(text: str) -> Idiom:
    text, _, after = (textwrap.dedent(text).strip() + "\n").partition(_AFTER)
    head, cut, rest = text.partition(_CUT)
    lines = (rest if cut else head).rstrip("\n").split("\n")
    return Idiom(head if cut else "", "\n".join(lines[:-1]), lines[-1], after)


def _of(table: ModuleType) -> Iterator[Idiom]:
    """The idioms of one table: single expressions, a line each, and longer ones."""
    yield from (Idiom("", "", line) for line in table.LINES.strip().splitlines() if line)
    yield from map(_parsed, table.IDIOMS)


BY_TABLE = {table.__name__.rpartition(".")[2]: tuple(_of(table)) for table in _TABLES}
IDIOMS = tuple(idiom for idioms in BY_TABLE.values() for idiom in idioms)
