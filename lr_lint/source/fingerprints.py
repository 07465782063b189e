"""What a finding is known by from one version of its file to the next: neither its line nor the layout of the code.

A fingerprint is made of the rule, the functions and classes that the finding stands in, and the text of its statement
without what people change who do not change the program: space, comments, quotes and commas before a bracket. That is
done with the text alone, since what Python makes of it differs from version to version.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lr_lint.source.files import split_lines
from lr_lint.source.suppressions import comments_in
from lr_lint.vocabulary.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    LinesOf = Callable[[str, int | None], Sequence[str] | None]

_LENGTH = 16
_LAYOUT = re.compile(r"\\$|\s+", re.MULTILINE)
_LAST_COMMA = re.compile(r",(?=[)\]}])")
# Numbers of lines in a message, where nothing but the message tells two findings apart.
_NUMBERS = re.compile(r"\d+")
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def fingerprints(diagnostics: Iterable[Diagnostic], lines_of: LinesOf) -> list[str]:
    """The fingerprint of each finding, alike for findings of one rule in alike statements of a file.

    Args:
        diagnostics: the findings.
        lines_of: gives the lines of a file by its path, or of a cell of a notebook, or None where there are none.
    """
    texts: dict[tuple[str, int | None], _Text | None] = {}
    found: list[str] = []
    for diagnostic in diagnostics:
        place = diagnostic.path, diagnostic.cell
        if place not in texts:
            lines = lines_of(*place)
            texts[place] = None if lines is None else _Text(lines)
        text = texts[place]
        described = None if text is None else text.describe(diagnostic.span)
        scope, statement = described or ("", _NUMBERS.sub("", diagnostic.message))
        known_by = f"{diagnostic.code}\0{scope}\0{statement}".encode(errors="backslashreplace")
        found.append(hashlib.sha256(known_by).hexdigest()[:_LENGTH])
    return found


class _Text:
    """The lines of a file or a cell without comments, and the tree to find statements in, if Python can read it."""

    def __init__(self, lines: Sequence[str]) -> None:
        text = "\n".join(lines)
        self._lines = split_lines(text)
        for line, column, _, _ in comments_in(text):
            self._lines[line - 1] = self._lines[line - 1][:column]
        self._tree = _parsed(text)

    def describe(self, span: Span) -> tuple[str, str] | None:
        """The names of the functions and classes around a span, and its statement; None where there is no such line."""
        if not span.line <= span.end_line <= len(self._lines):
            return None
        names: list[str] = []
        first, last = span.line, span.end_line
        for statement in _around(self._tree, span):
            if isinstance(statement, _Definition):
                names.append(statement.name)
            elif not hasattr(statement, "body"):
                first, last = statement.lineno, statement.end_lineno or statement.lineno
        text = _LAYOUT.sub("", "\n".join(self._lines[first - 1 : last]))
        return ".".join(names), _LAST_COMMA.sub("", text).replace("'", '"')


def _parsed(text: str) -> ast.AST:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _around(tree: ast.AST, span: Span) -> Iterator[ast.stmt]:
    """The statements around a span, from the outermost to the innermost."""
    waiting = list(_statements_in(tree))
    while waiting:
        statement = waiting.pop()
        if statement.lineno <= span.line and span.end_line <= (statement.end_lineno or statement.lineno):
            yield statement
            waiting = list(_statements_in(statement))


def _statements_in(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements right below a node; those of a handler or a case are below its statement."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from child.body
