"""From changes of nodes to changes of text."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft
from lr_lint.project.modules import Module
from lr_lint.source.edits import line_starts, offsets, replacement
from lr_lint.source.files import split_lines
from lr_lint.source.positions import locate
from lr_lint.source.tree import walk
from lr_lint.vocabulary.diagnostics import Edit

_EMPTY = cst.Module([])
_PLACES = "places of all nodes"


def keeps_its_text(module: Module) -> bool:
    """Whether the tree gives back the lines that it was parsed from: LibCST drops a form feed, for one."""
    return split_lines(module.tree.code.rstrip()) == split_lines(module.source.text.rstrip())


def edits_of(module: Module, drafts: Iterable[Draft]) -> list[tuple[Edit, ...]]:
    """The edits of each draft, in its file's text."""
    drafts = list(drafts)
    text = module.source.text
    starts = line_starts(text)
    spans = module.memo.get(_PLACES)
    if spans is None:
        # All at once: one generation of the text for each change of a file costs the square of its length.
        spans = module.memo[_PLACES] = locate(module.tree, walk(module.tree))

    def edits(change: Change) -> list[Edit]:
        begin, end = offsets(starts, spans[change.node])
        begin, end = begin - _length(change.node, "lpar"), end + _length(change.node, "rpar")
        if change.instead is not None:
            return [replacement(text, starts, begin, end, change.before + change.instead + change.after)]
        around = ((begin, change.before), (end, change.after))
        return [replacement(text, starts, at, at, added) for at, added in around if added]

    return [tuple(edit for change in draft.changes for edit in edits(change)) for draft in drafts]


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
