"""From our diagnostics to those of the protocol: places in the editor's texts, and a link to the page of the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from lr_lint.reports.links import rule_page
from lr_lint.server.columns import Columns
from lr_lint.server.documents import Buffer, OpenDocument, uri_of
from lr_lint.source.files import SourceFile, decode, split_lines
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.codes import UNREADABLE_FILE
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Evidence, Failure, FileReport, Span

SOURCE = "lr-lint"
_SEVERITIES = {
    Confidence.CERTAIN: types.DiagnosticSeverity.Error,
    Confidence.LIKELY: types.DiagnosticSeverity.Warning,
    Confidence.POSSIBLE: types.DiagnosticSeverity.Information,
}


class Conversion:
    """What was found in a document, as the editor takes it."""

    def __init__(
        self, document: OpenDocument, opened: Sequence[OpenDocument], surroundings: Surroundings, columns: Columns
    ) -> None:
        """Convert for one editor.

        Args:
            document: what was checked.
            opened: all that is open, where evidence may lie as well.
            surroundings: the other files.
            columns: how the editor counts.
        """
        self._document = document
        self._opened = {each.path: each for each in opened} | {document.path: document}
        self._surroundings = surroundings
        self._columns = columns
        self._read: dict[str, list[str]] = {}

    def published(self, report: FileReport) -> dict[str, list[types.Diagnostic]]:
        """What there is to say about each text of the document, by its URI."""
        published: dict[str, list[types.Diagnostic]] = {part.uri: [] for part in self._document.parts.values()}
        for found_in, _, converted in self.pairs(report):
            published[found_in.uri].append(converted)
        failure = report.failure
        if failure is not None and failure.code:
            part = self._document.parts.get(failure.cell) or next(iter(self._document.parts.values()), None)
            if part is not None:
                published[part.uri].append(self._failure(failure, part.lines))
        return published

    def pairs(self, report: FileReport) -> Iterator[tuple[Buffer, Diagnostic, types.Diagnostic]]:
        """The findings: the text that they are in, as ours, and as the editor takes them."""
        for diagnostic in report.diagnostics:
            part = self._document.parts.get(diagnostic.cell)
            if part is not None:
                yield part, diagnostic, self._diagnostic(diagnostic, part.lines)

    def _diagnostic(self, diagnostic: Diagnostic, lines: Sequence[str]) -> types.Diagnostic:
        return types.Diagnostic(
            range=self._columns.range(lines, diagnostic.span),
            message=" ".join(diagnostic.message.split()),
            severity=_SEVERITIES[diagnostic.confidence],
            code=diagnostic.code,
            code_description=types.CodeDescription(rule_page(diagnostic.code, diagnostic.name)),
            source=SOURCE,
            related_information=list(self._related(diagnostic.evidence)) or None,
        )

    def _related(self, evidence: Sequence[Evidence]) -> Iterator[types.DiagnosticRelatedInformation]:
        for step in evidence:
            uri, lines = self._text(step.path, step.cell)
            location = types.Location(uri, self._columns.range(lines, step.span))
            yield types.DiagnosticRelatedInformation(location, step.text)

    def _text(self, path: str, cell: int | None) -> tuple[str, Sequence[str]]:
        """The URI and the lines of a text that evidence lies in."""
        document = self._opened.get(path)
        part = None if document is None else document.parts.get(cell)
        if part is not None:
            return part.uri, part.lines
        if path not in self._read:
            source = decode(path, self._surroundings.read(path) or b"")
            self._read[path] = split_lines(source.text) if isinstance(source, SourceFile) else []
        return uri_of(path), self._read[path]

    def _failure(self, failure: Failure, lines: Sequence[str]) -> types.Diagnostic:
        line, column = failure.line or 1, failure.column or 0
        end = len(lines[line - 1]) if line <= len(lines) else column
        return types.Diagnostic(
            range=self._columns.range(lines, Span(line, column, line, max(column, end))),
            message=failure.message,
            severity=types.DiagnosticSeverity.Warning,
            code=failure.code,
            code_description=types.CodeDescription(rule_page(*UNREADABLE_FILE)),
            source=SOURCE,
        )
