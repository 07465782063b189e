"""A text split as far as brackets go: strings and comments told apart from code, logical lines, groups of brackets.

Python's own tokenizer refuses what is nested deeply, which is just what has to be looked at here, and is slow. This one
takes any text. It need not know where it is wrong: what it says is only used to make a text that is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<string>[a-zA-Z]{0,2}(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"
    r"|\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\\\r\n]|\\.)*'))"
    r"|(?P<blank>#[^\r\n]*|\\(?:\r\n|\r|\n)|[ \t\f]+)"
    r"|(?P<newline>\r\n|\r|\n)|(?P<name>\w+)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<mark>:=|\*\*=|//=|>>=|<<=|[-+*/%&|^@!=<>]=|->|\*\*|//|<<|>>|.)",
    re.DOTALL,
)
_BRACKETS = re.compile(r"[()\[\]{}]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text that is code.

    Attributes:
        kind: ``string``, ``name`` (keywords and numbers as well), ``open``, ``close`` or ``mark``.
        text: the piece.
        start: where it begins.
        end: where it ends.
    """

    kind: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class BracketGroup:
    """What stands between two brackets, or in a logical line.

    Attributes:
        opener: the bracket; None for a logical line.
        before: the token before the bracket; None where there is none.
        depth: how many brackets are open in it.
        items: its tokens and the groups in it.
        height: how many further brackets are nested in it at most.
        closer: the bracket at its end; None for a logical line, and where there is none.
    """

    opener: Token | None
    before: Token | None
    depth: int
    items: list[Token | BracketGroup] = field(default_factory=list)
    height: int = 0
    closer: Token | None = None

    def tokens(self) -> Iterator[Token]:
        """All that is in it, its brackets left out."""
        pending: list[Token | BracketGroup | None] = list(reversed(self.items))
        while pending:
            item = pending.pop()
            if isinstance(item, BracketGroup):
                pending += (item.closer, *reversed(item.items), item.opener)
            elif item is not None:
                yield item

    def groups(self) -> Iterator[BracketGroup]:
        """The group and all groups in it, the outer ones first."""
        pending = [self]
        while pending:
            group = pending.pop()
            yield group
            pending += [item for item in reversed(group.items) if isinstance(item, BracketGroup)]


def depth_at_most(text: str) -> int:
    """How deeply brackets are nested, those in strings and comments taken for brackets. Fast."""
    depth = deepest = 0
    for letter in _BRACKETS.findall(text):
        if letter in "([{":
            depth += 1
            if depth > deepest:
                deepest = depth
        elif depth:
            depth -= 1
    return deepest


def logical_lines(text: str) -> Iterator[BracketGroup]:
    """The logical lines of a text, as Python counts them, each with the groups of brackets in it."""
    line = BracketGroup(None, None, 0)
    stack = [line]
    before: Token | None = None
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "mark"
        if kind == "blank":
            continue
        if kind == "newline":
            if len(stack) == 1 and line.items:
                yield line
                line, before = BracketGroup(None, None, 0), None
                stack = [line]
            continue
        token = Token(kind, found[0], found.start(), found.end())
        if kind == "open":
            group = BracketGroup(token, before, len(stack))
            stack[-1].items.append(group)
            stack.append(group)
        elif kind == "close" and len(stack) > 1:
            group = stack.pop()
            group.closer = token
            stack[-1].height = max(stack[-1].height, group.height + 1)
        else:
            stack[-1].items.append(token)
        before = token
    while len(stack) > 1:
        group = stack.pop()
        stack[-1].height = max(stack[-1].height, group.height + 1)
    if line.items:
        yield line


def first_token(items: Sequence[Token | BracketGroup]) -> Token | None:
    """The first of some tokens and groups that is a token."""
    return items[0] if items and isinstance(items[0], Token) else None
