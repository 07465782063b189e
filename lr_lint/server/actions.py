"""What the editor offers to do about findings: fixes that were verified, and comments that suppress them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from lr_lint.checks.fixes.rounds import fixable_together
from lr_lint.server.analyses import Fixable
from lr_lint.server.columns import Columns
from lr_lint.server.documents import Buffer, OpenDocument
from lr_lint.source.added_suppressions import suppressing
from lr_lint.source.files import split_lines
from lr_lint.source.ipython import python_of
from lr_lint.vocabulary.codes import UNREADABLE_FILE, UNUSED_SUPPRESSION
from lr_lint.vocabulary.diagnostics import Edit, Fix, Span

FIX_ALL = "source.fixAll.lr-lint"
QUICK_FIX = types.CodeActionKind.QuickFix
# What is said about comments and about whole files is not suppressed by a comment in a line.
_NOT_SUPPRESSED = (UNREADABLE_FILE[0], UNUSED_SUPPRESSION[0])


def wants(only: Sequence[str] | None, kind: str) -> bool:
    """Whether the editor asks for a kind of actions, by its name or that of a kind that holds it.

    Args:
        only: the kinds that it asks for; None where it asks for all. Actions for the whole file are then not meant.
        kind: as ``quickfix``.
    """
    if only is None:
        return kind != FIX_ALL
    return any(kind == each or kind.startswith(f"{each}.") for each in only)


def touches(first: types.Range, second: types.Range) -> bool:
    """Whether two ranges have a place in common, be it an end."""
    return _key(first.start) <= _key(second.end) and _key(second.start) <= _key(first.end)


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def _fixes_of(finding: Fixable) -> Sequence[Fix]:
    """The fix of a finding, or those that its author may choose from."""
    diagnostic = finding.diagnostic
    return diagnostic.options if diagnostic.fix is None else [diagnostic.fix]


class Actions:
    """What can be done in one document."""

    def __init__(self, document: OpenDocument, columns: Columns, versions: bool) -> None:
        """Make actions for an editor.

        Args:
            document: the document.
            columns: how the editor counts.
            versions: whether the editor takes changes that say for which version of a text they are.
        """
        self._document = document
        self._columns = columns
        self._versions = versions

    def at(self, uri: str, place: types.Range, findings: Iterable[Fixable]) -> Iterator[types.CodeAction]:
        """What can be done about the findings at a place of a text: fixes first."""
        found = [each for each in findings if each.part.uri == uri and touches(each.told.range, place)]
        yield from (self._fix(each, fix) for each in found for fix in _fixes_of(each))
        yield from (action for each in found if (action := self._suppression(each)) is not None)

    def _fix(self, finding: Fixable, fix: Fix) -> types.CodeAction:
        warning = "" if fix.is_safe else " (changes training)"
        return types.CodeAction(
            title=f"{finding.diagnostic.code}: {fix.message}{warning}",
            kind=QUICK_FIX,
            diagnostics=[finding.told],
            edit=self._change(fix.edits),
            is_preferred=fix.is_safe,
        )

    def _suppression(self, finding: Fixable) -> types.CodeAction | None:
        code = finding.diagnostic.code
        edit = None if code in _NOT_SUPPRESSED else self._suppressing(finding.part, finding.diagnostic.span, code)
        if edit is None:
            return None
        return types.CodeAction(
            title=f"{code}: ignore on this line",
            kind=QUICK_FIX,
            diagnostics=[finding.told],
            edit=self._edited([(finding.part, [edit])]),
        )

    def _suppressing(self, part: Buffer, span: Span, code: str) -> Edit | None:
        if self._document.cells is None:
            return suppressing(part.text, span, [code])
        python = python_of(part.text)
        edit = None if python is None else suppressing(python.text, span, [code])
        if python is None or edit is None:
            return None
        at = edit.span
        shift = python.shifts[at.line - 1] if python.shifts else 0
        if part.lines[at.line - 1][shift:] != split_lines(python.text)[at.line - 1]:
            return None  # a command of IPython, which takes comments for its arguments
        return Edit(Span(at.line, at.column + shift, at.end_line, at.end_column + shift), edit.text)

    def fix_all(self, findings: Sequence[Fixable]) -> types.CodeAction | None:
        """All fixes that leave training as it is; None where there are none."""
        chosen = fixable_together([each.diagnostic for each in findings], unsafe=False)
        edits = [edit for each in chosen if each.fix is not None for edit in each.fix.edits]
        if not edits:
            return None
        return types.CodeAction(title="lr-lint: apply all safe fixes", kind=FIX_ALL, edit=self._change(edits))

    def _change(self, edits: Iterable[Edit]) -> types.WorkspaceEdit:
        by_cell: dict[int | None, list[Edit]] = {}
        for edit in edits:
            by_cell.setdefault(edit.cell, []).append(edit)
        parts = self._document.parts
        return self._edited([(parts[cell], its) for cell, its in by_cell.items() if cell in parts])

    def _edited(self, changes: Sequence[tuple[Buffer, Iterable[Edit]]]) -> types.WorkspaceEdit:
        texts = [(part, [self._text_edit(part, edit) for edit in edits]) for part, edits in changes]
        if not self._versions:
            return types.WorkspaceEdit(changes={part.uri: edits for part, edits in texts})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(part.uri, part.version), edits)
                for part, edits in texts
            ]
        )

    def _text_edit(self, part: Buffer, edit: Edit) -> types.TextEdit:
        return types.TextEdit(self._columns.range(part.lines, edit.span), edit.text)
