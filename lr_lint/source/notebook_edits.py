"""Changes of a notebook's cells that leave all else of its JSON as it is, byte for byte.

A change takes away some letters of a text in the JSON and puts others there, each spelled as the file spells letters.
Lines of a cell that the file has one by one in a list stay so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lr_lint.source.edits import EditError, apply_edits, line_starts, offsets
from lr_lint.source.json_places import PlacedTexts
from lr_lint.source.notebooks import BYTE_ORDER_MARK, Notebook, read_notebook
from lr_lint.vocabulary.diagnostics import Edit

# A character of a JSON text; one beyond 16 bits may be two escapes.
_LETTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


@dataclass(slots=True)
class _Letter:
    """A character of a cell as the JSON spells it, and what stands between it and the next one, in another text."""

    spelling: str
    gap: str = ""


def edited(notebook: Notebook, data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes of a notebook with its cells changed.

    Args:
        notebook: as it is.
        data: its bytes.
        edits: with the numbers of their cells.

    Raises:
        EditError: if they cannot be made.
    """
    by_cell: dict[int, list[Edit]] = {}
    for edit in sorted(set(edits)):
        by_cell.setdefault(edit.cell or 0, []).append(edit)
    text, at, pieces = notebook.json, 0, list[str]()
    expected = {cell.number: cell.source.value for cell in notebook.cells}
    for cell in notebook.cells:
        changes = by_cell.pop(cell.number, [])
        if changes and cell.source.parts:
            expected[cell.number] = apply_edits(cell.source.value, changes)
            start, end = cell.source.parts[0].start, cell.source.parts[-1].end
            pieces += [text[at:start], _changed(cell.source, text, changes)]
            at = end
    if by_cell:
        raise EditError(f"there is no code in cell {min(by_cell)}")
    mark = BYTE_ORDER_MARK if data.startswith(BYTE_ORDER_MARK) else b""
    changed = mark + "".join([*pieces, text[at:]]).encode()
    _verify(notebook.path, changed, expected)
    return changed


def _verify(path: str, changed: bytes, expected: dict[int, str]) -> None:
    read = read_notebook(path, changed)
    if not isinstance(read, Notebook) or {cell.number: cell.source.value for cell in read.cells} != expected:
        raise EditError("the changed notebook would not be read as it is meant")


def _changed(source: PlacedTexts, text: str, edits: Sequence[Edit]) -> str:
    """The JSON of a cell's texts with changes, from the first quote to the last."""
    letters = _letters(source, text)
    if len(letters) != len(source.value):
        raise EditError("its JSON spells a cell in a way that is not understood")
    starts = line_starts(source.value)
    split = _gap_of_lines(source, text)
    for edit in reversed(edits):
        begin, end = offsets(starts, edit.span)
        letters[begin:end] = [_Letter(_spelled(each, text), split if each == "\n" else "") for each in edit.text]
    if letters:
        letters[-1].gap = ""
    return '"' + "".join(letter.spelling + letter.gap for letter in letters) + '"'


def _letters(source: PlacedTexts, text: str) -> list[_Letter]:
    letters: list[_Letter] = []
    end = 0
    for part in source.parts:
        inside = _LETTER.findall(text, part.start + 1, part.end - 1)
        if letters and inside:
            letters[-1].gap = text[end - 1 : part.start + 1]
        letters += map(_Letter, inside)
        end = part.end if inside else end
    return letters


def _gap_of_lines(source: PlacedTexts, text: str) -> str:
    """What stands between two lines in the JSON; nothing where all of them are one text."""
    if not source.is_list or any("\n" in part.value[:-1] for part in source.parts):
        return ""
    if len(source.parts) > 1:
        return text[source.parts[0].end - 1 : source.parts[1].start + 1]
    first = source.parts[0].start
    return f'",{text[text.rindex("[", 0, first) + 1 : first] or " "}"'


def _spelled(letter: str, text: str) -> str:
    """A character as the notebook spells it: in ASCII, if all of it is."""
    return json.dumps(letter, ensure_ascii=text.isascii())[1:-1]
