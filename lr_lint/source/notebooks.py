"""Jupyter notebooks: the one program that the code cells are, in order, and which place in it is which in a cell.

The format is that of https://nbformat.readthedocs.io (4, and 3 with its worksheets; read in July 2025). Cells are
counted from 1 over all of them, as editors count. A cell that is no Python is left out of the program, as the kernel
leaves it out: nothing of it runs.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Any

from lr_lint.source.files import SourceFile, check_syntax, may_be_newer, one_line, parse_concrete, split_lines
from lr_lint.source.ipython import CellCode, may_be_commands, python_of
from lr_lint.source.json_places import PlacedTexts, array_of, document, object_of, text_or_texts
from lr_lint.vocabulary.diagnostics import Edit, Failure, Span

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PYTHON = frozenset(("python", "ipython"))
_CELL = object_of({"source": text_or_texts, "input": text_or_texts})
_NOTEBOOK = object_of({"cells": array_of(_CELL), "worksheets": array_of(object_of({"cells": array_of(_CELL)}))})


@dataclass(frozen=True, slots=True)
class CodeCell:
    """A cell whose code is a part of the program.

    Attributes:
        number: counted from 1 over all cells of the notebook.
        source: the cell as its author sees it, with its place in the JSON.
        code: the Python of it.
        first: the line of the program in which it begins.
    """

    number: int
    source: PlacedTexts
    code: CellCode
    first: int

    def column(self, line: int, column: int) -> int:
        """The column in the cell of one in the program."""
        shifts = self.code.shifts
        return column + (shifts[line - self.first] if shifts else 0)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook that can be read.

    Attributes:
        path: as shown to the user.
        json: its text.
        cells: those that make the program, in order.
        broken: why other code cells are no part of it, though they should be.
    """

    path: str
    json: str
    cells: tuple[CodeCell, ...]
    broken: tuple[Failure, ...] = ()

    @property
    def program(self) -> str:
        """The Python of all cells, one below the other."""
        return "\n".join(cell.code.text for cell in self.cells)

    def cell_at(self, line: int) -> CodeCell:
        """The cell in which a line of the program stands."""
        return self.cells[max(0, bisect_right(self.cells, line, key=lambda cell: cell.first) - 1)]

    def place(self, line: int, column: int) -> tuple[int, int, int]:
        """The cell, the line and the column of a place in the program."""
        cell = self.cell_at(line)
        return cell.number, line - cell.first + 1, cell.column(line, column)

    def span(self, span: Span) -> tuple[int, Span]:
        """The cell of a span of the program, and the span in it: what reaches into the next cell ends with its own."""
        cell = self.cell_at(span.line)
        lines = split_lines(cell.code.text)
        end, end_column = span.end_line, span.end_column
        if end >= cell.first + len(lines):
            end, end_column = cell.first + len(lines) - 1, len(lines[-1])
        start = span.line - cell.first + 1, cell.column(span.line, span.column)
        return cell.number, Span(*start, end - cell.first + 1, cell.column(end, end_column))

    def edit(self, edit: Edit) -> Edit | None:
        """A change of the program as one of the notebook; None where the cell has other words there."""
        number, span = self.span(edit.span)
        cell = self.cell_at(edit.span.line)
        lines, code = split_lines(cell.source.value), split_lines(cell.code.text)
        shifts = cell.code.shifts or (0,) * len(lines)
        for at in range(span.line - 1, span.end_line):
            start = span.column if at == span.line - 1 else shifts[at]
            if lines[at][start:] != code[at][start - shifts[at] :]:
                return None
        indentation = lines[span.line - 1][: shifts[span.line - 1]]
        return Edit(span, edit.text.replace("\n", f"\n{indentation}"), number)

    def lines_in_file(self, number: int, first: int, last: int) -> tuple[int, int]:
        """The first and the last line of the JSON that have something of some lines of a cell."""
        texts = next((cell.source.parts for cell in self.cells if cell.number == number), ())
        at, offsets = 1, list[int]()
        for text in texts:
            ends = at + text.value.count("\n", 0, -1)
            if at <= last and first <= ends:
                offsets += (text.start, text.end)
            at += text.value.count("\n")
        lines = [self.json.count("\n", 0, offset) + 1 for offset in offsets]
        return (min(lines), max(lines)) if lines else (0, 0)

    def lines_of(self, number: int) -> list[str] | None:
        """The lines of a cell of the program, as its author sees them; None if there is no such cell."""
        return next((split_lines(cell.source.value) for cell in self.cells if cell.number == number), None)


def read_notebook(path: str, data: bytes) -> Notebook | Failure:
    """Read a notebook.

    Args:
        path: as shown to the user.
        data: its bytes.

    Returns:
        The notebook, or why it is none, or none in Python.
    """
    try:
        text = data.removeprefix(BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Failure(path, f"byte 0x{error.object[error.start]:02x} is not valid utf-8", line)
    try:
        content = document(text, _NOTEBOOK)
    except RecursionError:
        return Failure(path, "its JSON is nested too deeply to be read")
    except ValueError as error:
        return _no_json(path, error)
    return _notebook(path, text, content)


def _no_json(path: str, error: ValueError) -> Failure:
    line, column = getattr(error, "lineno", None), getattr(error, "colno", 1)
    return Failure(path, one_line(f"no JSON: {getattr(error, 'msg', error)}"), line, column - 1 if line else None)


def _notebook(path: str, text: str, content: Any) -> Notebook | Failure:
    cells = _cells(content)
    if not isinstance(cells, list):
        return Failure(path, cells)
    language = _language(content, cells)
    if language.lower() not in _PYTHON:
        return Failure(path, f"a notebook in {language}, not in Python")
    code: list[CodeCell] = []
    broken: list[Failure] = []
    line = 1
    for number, cell in enumerate(cells, start=1):
        read = _read_cell(path, cell, number, line)
        if isinstance(read, str):
            return Failure(path, read, cell=number)
        if isinstance(read, Failure):
            broken.append(read)
        elif read is not None:
            code.append(read)
            line += len(split_lines(read.code.text))
    return Notebook(path, text, tuple(code), tuple(broken))


def _cells(content: Any) -> list[Any] | str:
    """The cells of all worksheets, or why there are none."""
    if not isinstance(content, dict) or not {"cells", "worksheets"} & content.keys():
        return "no notebook: it has no cells"
    sheets = [content] if "cells" in content else content["worksheets"]
    cells: list[Any] = []
    for sheet in sheets if isinstance(sheets, list) else [None]:
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            return "no notebook: its cells are no list"
        cells += sheet["cells"]
    return cells


def _language(content: dict[str, Any], cells: list[Any]) -> str:
    """The language of a notebook; Python where none is named."""
    metadata = _object(content.get("metadata"))
    named = [_object(metadata.get("language_info")).get("name"), _object(metadata.get("kernelspec")).get("language")]
    # Format 3 says it of each cell.
    named += (cell.get("language") for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code")
    return next((name for name in named if isinstance(name, str) and name), "python")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _read_cell(path: str, cell: Any, number: int, line: int) -> CodeCell | Failure | str | None:
    """A cell of code; None for any other, a failure for one that is no Python, a text where the notebook is none."""
    if not isinstance(cell, dict):
        return "no notebook: the cell is no object"
    if cell.get("cell_type") != "code" or not _is_python(cell):
        return None
    source = cell.get("source", cell.get("input", PlacedTexts((), is_list=True)))
    if not isinstance(source, PlacedTexts):
        return "no notebook: the source of the cell is neither a text nor a list of texts"
    code = python_of(source.value)
    if code is None:
        return None
    read = CodeCell(number, source, code, line)
    failure = _failure_of(path, code)
    if failure is None:
        return read
    return None if may_be_commands(source.value) else _in_cell(failure, read)


def _is_python(cell: dict[str, Any]) -> bool:
    """Whether an editor has noted another language for a cell of code."""
    noted = _object(_object(cell.get("metadata")).get("vscode")).get("languageId")
    return not isinstance(noted, str) or noted in _PYTHON


def _failure_of(path: str, code: CellCode) -> Failure | None:
    """Why the Python of a cell cannot be read; None where it can, by Python or, if it is newer, by LibCST."""
    source = SourceFile(path, b"", code.text)
    syntax = check_syntax(source)
    if not isinstance(syntax, Failure):
        return None
    newer = may_be_newer(source, syntax) and not isinstance(parse_concrete(source), Failure)
    return None if newer else syntax


def _in_cell(failure: Failure, cell: CodeCell) -> Failure:
    line, column = failure.line, failure.column
    if line is not None and column is not None and line <= len(cell.code.shifts):
        column += cell.code.shifts[line - 1]
    return replace(failure, message=f"{failure.message}; the cell is left out", column=column, cell=cell.number)
