"""The texts of the editor, saved or not: files, and the cells of notebooks.

A text is never changed, but replaced by another, so that an analysis has what it was given until it ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from lr_lint.server.columns import Columns
from lr_lint.source.edits import line_starts
from lr_lint.source.file_paths import NOTEBOOK_SUFFIX, display_path, is_notebook
from lr_lint.source.files import SourceFile, encode, split_lines

PYTHON = "python"
_SUFFIXES = (".py", ".pyi")


@dataclass(frozen=True)
class Buffer:
    """A text of the editor.

    Attributes:
        uri: what the editor calls it.
        version: of the text, as the editor counts.
        language: as the editor calls it.
        text: all of it, line ends as they are.
    """

    uri: str
    version: int
    language: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return split_lines(self.text)

    def changed(
        self, version: int, changes: Iterable[types.TextDocumentContentChangeEvent], columns: Columns
    ) -> Buffer:
        """The text with changes, each of which counts in the text that the one before has left."""
        buffer = self
        for change in changes:
            text = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = (buffer._offset(at, columns) for at in (change.range.start, change.range.end))
                text = buffer.text[:start] + text + buffer.text[max(start, end) :]
            buffer = Buffer(self.uri, version, self.language, text)
        return replace(buffer, version=version)

    def _offset(self, position: types.Position, columns: Columns) -> int:
        if position.line >= len(self.lines):
            return len(self.text)
        line, column = columns.place(self.lines, position)
        return line_starts(self.text)[line - 1] + column


@dataclass(frozen=True)
class OpenDocument:
    """What is checked as one: a file, or a notebook with its cells.

    Attributes:
        uri: what the editor calls it.
        home: absolute path; empty for what lies on no disk.
        parts: the texts: that of a file under None, those of a notebook by the numbers of their cells, from 1.
        cells: the cells of a notebook, in their order; none of a file.
    """

    uri: str
    home: str
    parts: Mapping[int | None, Buffer]
    cells: tuple[types.NotebookCell, ...] | None = None

    @property
    def path(self) -> str:
        """The path as it is shown to the user: relative to the current directory, wherever that is now."""
        path = display_path(self.home) if self.home else unquote(urlsplit(self.uri).path).rpartition("/")[2]
        return path if self.cells is None or is_notebook(path) else f"{path}{NOTEBOOK_SUFFIX}"

    def cell_of(self, uri: str) -> int | None:
        """The number of the cell that is called so; None in a file."""
        return next((number for number, part in self.parts.items() if part.uri == uri), None)

    @property
    def is_checked(self) -> bool:
        """Whether it is Python, and not a text that code reads."""
        if self.cells is not None:
            return True
        return self.parts[None].language == PYTHON or self.uri.endswith(_SUFFIXES)

    @cached_property
    def data(self) -> bytes:
        """What would be on the disk if it were saved."""
        if self.cells is not None:
            return _notebook(self.cells, self.parts)
        text = self.parts[None].text
        data = text.encode(errors="surrogatepass")
        try:
            return encode(SourceFile(self.uri, data, text), text)
        except (SyntaxError, LookupError, UnicodeError):  # it declares an encoding that there is not, or not for it
            return data


def _notebook(cells: Iterable[types.NotebookCell], parts: Mapping[int | None, Buffer]) -> bytes:
    """A notebook as a file (nbformat 4). Code in another language is kept as a cell that is no code."""
    stored: list[dict[str, object]] = []
    for number, cell in enumerate(cells, 1):
        part = parts.get(number)
        is_python = cell.kind is types.NotebookCellKind.Code and part is not None and part.language == PYTHON
        source = "" if part is None else part.text
        stored.append({"cell_type": "code" if is_python else "raw", "metadata": {}, "source": source})
    document = {"cells": stored, "metadata": {"language_info": {"name": PYTHON}}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(document).encode()


def uri_of(path: str) -> str:
    """What an editor calls a file."""
    return from_fs_path(os.path.abspath(path)) or ""


def _home_of(uri: str) -> str:
    """Where a document lies on the disk; empty if it does not.

    A path of another system, as ``C:/train.py`` is where no drives are, is none of this disk.
    """
    path = to_fs_path(uri)
    return os.path.normpath(path) if path is not None and os.path.isabs(path) and "\0" not in path else ""


class Documents:
    """All that is open."""

    def __init__(self, columns: Columns) -> None:
        """Nothing is open.

        Args:
            columns: how the editor counts.
        """
        self._columns = columns
        self._open: dict[str, OpenDocument] = {}
        self._notebook_of: dict[str, str] = {}

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(self._open.values())

    def with_part(self, uri: str) -> tuple[OpenDocument, Buffer] | None:
        """The document that a text of the editor is (part of), with that text; None where it is not open."""
        document = self._open.get(self._notebook_of.get(uri, uri))
        parts = () if document is None else document.parts.values()
        buffer = next((part for part in parts if part.uri == uri), None)
        return None if document is None or buffer is None else (document, buffer)

    def get(self, uri: str) -> OpenDocument | None:
        """The document of that name."""
        return self._open.get(uri)

    def open(self, item: types.TextDocumentItem) -> OpenDocument:
        """Take in a file."""
        return self._put(OpenDocument(item.uri, _home_of(item.uri), {None: _buffer(item)}))

    def change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> OpenDocument | None:
        """Change a file; None where it is not open."""
        before = self._open.get(identifier.uri)
        if before is None or before.cells is not None:
            return None
        buffer = before.parts[None].changed(identifier.version, changes, self._columns)
        return self._put(replace(before, parts={None: buffer}))

    def close(self, uri: str) -> OpenDocument | None:
        """Let a file or a notebook go; None where it is not open."""
        document = self._open.pop(uri, None)
        for part in () if document is None else document.parts.values():
            self._notebook_of.pop(part.uri, None)
        return document

    def open_notebook(self, notebook: types.NotebookDocument, texts: Iterable[types.TextDocumentItem]) -> OpenDocument:
        """Take in a notebook with its cells."""
        buffers = {item.uri: _buffer(item) for item in texts}
        return self._put_notebook(
            OpenDocument(notebook.uri, _home_of(notebook.uri), {}, tuple(notebook.cells)), buffers
        )

    def change_notebook(self, uri: str, cells: types.NotebookDocumentCellChanges | None) -> OpenDocument | None:
        """Change the cells of a notebook; None where it is not open."""
        before = self._open.get(uri)
        if before is None or before.cells is None or cells is None:
            return before
        order = list(before.cells)
        buffers = {part.uri: part for part in before.parts.values()}
        if cells.structure is not None:
            array = cells.structure.array
            order[array.start : array.start + array.delete_count] = array.cells or ()
            buffers.update((item.uri, _buffer(item)) for item in cells.structure.did_open or ())
        renewed = {cell.document: cell for cell in cells.data or ()}
        order = [renewed.get(cell.document, cell) for cell in order]
        for content in cells.text_content or ():
            buffer = buffers.get(content.document.uri)
            if buffer is not None:
                changed = buffer.changed(content.document.version, content.changes, self._columns)
                buffers[buffer.uri] = changed
        return self._put_notebook(replace(before, cells=tuple(order)), buffers)

    def _put_notebook(self, document: OpenDocument, buffers: Mapping[str, Buffer]) -> OpenDocument:
        self.close(document.uri)
        parts: dict[int | None, Buffer] = {}
        for number, cell in enumerate(document.cells or (), 1):
            if cell.document in buffers:
                parts[number] = buffers[cell.document]
        self._notebook_of.update((part.uri, document.uri) for part in parts.values())
        return self._put(replace(document, parts=parts))

    def _put(self, document: OpenDocument) -> OpenDocument:
        self._open[document.uri] = document
        return document


def _buffer(item: types.TextDocumentItem) -> Buffer:
    return Buffer(item.uri, item.version, item.language_id, item.text)
