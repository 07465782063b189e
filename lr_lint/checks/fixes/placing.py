"""From changes of nodes to changes of text."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Sequence

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, Move
from lr_lint.project.modules import Module
from lr_lint.source.edits import line_starts, offsets, replacement
from lr_lint.source.files import split_lines
from lr_lint.vocabulary.diagnostics import Edit, Span

_EMPTY = cst.Module([])


def keeps_its_text(module: Module) -> bool:
    """Whether the tree gives back the lines that it was parsed from: LibCST drops a form feed, for one."""
    return split_lines(module.tree.code.rstrip()) == split_lines(module.source.text.rstrip())


def edits_of(module: Module, drafts: Iterable[Draft]) -> list[tuple[Edit, ...]]:
    """The edits of each draft, in its file's text."""
    drafts = list(drafts)
    text, spans = module.source.text, module.spans
    starts = line_starts(text)

    def edits(change: Change) -> list[Edit]:
        begin, end = offsets(starts, spans[change.node])
        begin, end = begin - _length(change.node, "lpar"), end + _length(change.node, "rpar")
        if change.instead is not None:
            return [replacement(text, starts, begin, end, change.before + change.instead + change.after)]
        around = ((begin, change.before), (end, change.after))
        return [replacement(text, starts, at, at, added) for at, added in around if added]

    def moving(move: Move) -> list[Edit]:
        return _moved(text, starts, spans[move.statement], spans[move.behind])

    return [
        (
            *(edit for change in draft.changes for edit in edits(change)),
            *(edit for move in draft.moves for edit in moving(move)),
        )
        for draft in drafts
    ]


def _moved(text: str, starts: Sequence[int], line: Span, behind: Span) -> list[Edit]:
    """The edits that take a line away and put it behind a statement."""
    begin, end = _line(text, starts, line.line)
    there = starts[behind.line - 1]
    moved = text[there : there + behind.column] + text[begin + line.column : end]
    if behind.end_line == line.line:
        return [replacement(text, starts, begin, end, moved)]
    after = _line(text, starts, behind.end_line)[1]
    # The last line of a file may have no end; then it is not that line that the other one is put behind.
    line_end = _line_end(text, starts, line.line) or _line_end(text, starts, behind.end_line)
    taken = replacement(text, starts, begin, end + len(_line_end(text, starts, line.line)), "")
    return [taken, replacement(text, starts, after, after, line_end + moved)]


def _line(text: str, starts: Sequence[int], number: int) -> tuple[int, int]:
    """Where a line begins, and where it ends, before what ends it."""
    begin = starts[number - 1]
    whole = text[begin : starts[number] if number < len(starts) else len(text)]
    return begin, begin + len(whole.rstrip("\r\n"))


def _line_end(text: str, starts: Sequence[int], number: int) -> str:
    """What ends a line; nothing for a last one that nothing ends."""
    return text[_line(text, starts, number)[1] : starts[number]] if number < len(starts) else ""


def comments_in(text: str) -> list[str]:
    """The comments of a program, in order; none of one that cannot be split into tokens."""
    stream = io.StringIO("\n".join(split_lines(text)))
    try:
        return [token.string for token in tokenize.generate_tokens(stream.readline) if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        return []


def _length(node: cst.CSTNode, field: str) -> int:
    """How many characters the parentheses around a node take, with the space inside them."""
    return sum(len(_EMPTY.code_for_node(part)) for part in getattr(node, field, ()))
