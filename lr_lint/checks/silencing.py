"""What is found in a file is silenced by comments that are written into it, and nothing else changes.

As with fixes, nothing is given out that was not tried: the changed file is analysed again.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.checks.engine import check_bytes
from lr_lint.source.added_suppressions import suppressing
from lr_lint.source.edits import EditError
from lr_lint.source.files import SourceFile
from lr_lint.source.opening import open_source, with_edits
from lr_lint.vocabulary.diagnostics import Diagnostic, Edit, FileReport, Span

if TYPE_CHECKING:
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings

    Narrowing = Callable[[FileReport], FileReport]

_WRONG = "a comment would change more than what is reported"
# What a comment does not silence is left without one, and then tried again.
_MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Silenced:
    """A file with comments that silence what was found in it.

    Attributes:
        data: its bytes.
        before: the report on it as it was.
        report: that on it as it is, with what is left.
        problem: why no comment was written, in words that fit after "since"; empty where all went well.
    """

    data: bytes
    before: FileReport
    report: FileReport
    problem: str = ""


def silence(
    path: str, data: bytes, settings: Settings, files: Surroundings, narrowed: Narrowing = lambda report: report
) -> Silenced:
    """Write comments into a file for all that is found in it.

    Args:
        path: as shown to the user.
        data: the content.
        settings: which findings are wanted.
        files: those around it.
        narrowed: leaves those findings in a report that are to be silenced.
    """
    before = narrowed(check_bytes(path, data, settings, files))
    left: set[tuple[int | None, int, str]] = set()
    for _ in range(_MOST_ROUNDS):
        try:
            comments = _comments_for(path, data, [each for each in before.diagnostics if _place(each) not in left])
            new = with_edits(path, data, comments) if comments else data
        except (EditError, UnicodeEncodeError) as error:
            return Silenced(data, before, before, str(error))
        report = narrowed(check_bytes(path, new, settings, files)) if comments else before
        still_there = {_place(each) for each in report.diagnostics}
        if still_there <= left or not comments:
            same = (report.failure is None) == (before.failure is None) and _is_same_program(path, data, new)
            return Silenced(new, before, report) if same else Silenced(data, before, before, _WRONG)
        left |= still_there
    return Silenced(data, before, before, _WRONG)


def _place(diagnostic: Diagnostic) -> tuple[int | None, int, str]:
    """What a finding has in common with itself after comments were written: they move nothing."""
    return diagnostic.cell, diagnostic.span.line, diagnostic.code


def _comments_for(path: str, data: bytes, diagnostics: Iterable[Diagnostic]) -> list[Edit]:
    """Comments for findings, one for all that get theirs in the same line."""
    source = open_source(path, data)
    if not isinstance(source, SourceFile):
        return []
    codes: dict[int, set[str]] = {}
    for diagnostic in diagnostics:
        line = _line_in_program(source, diagnostic)
        comment = suppressing(source.text, Span(line, 0, line, 0), [diagnostic.code])
        if comment is not None:
            codes.setdefault(comment.span.line, set()).add(diagnostic.code)
    edits = (suppressing(source.text, Span(line, 0, line, 0), sorted(named)) for line, named in codes.items())
    placed = (edit if edit is None or source.notebook is None else source.notebook.edit(edit) for edit in edits)
    return [edit for edit in placed if edit is not None]


def _line_in_program(source: SourceFile, diagnostic: Diagnostic) -> int:
    if source.notebook is None or diagnostic.cell is None:
        return diagnostic.span.line
    first = next(cell.first for cell in source.notebook.cells if cell.number == diagnostic.cell)
    return first + diagnostic.span.line - 1


def _is_same_program(path: str, old: bytes, new: bytes) -> bool:
    if old == new:
        return True
    before, after = open_source(path, old), open_source(path, new)
    if not isinstance(before, SourceFile) or not isinstance(after, SourceFile):
        return False
    return _tree(before.text) == _tree(after.text)


def _tree(text: str) -> str | None:
    """What Python makes of a text; None where it cannot read it, as it need not be able to read newer syntax."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(text), include_attributes=False)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
