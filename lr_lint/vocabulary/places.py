"""How a place is spelled for people: what a terminal, an editor and whoever reads can follow."""

from __future__ import annotations


def place(path: str, cell: int | None, line: int | None, column: int | None) -> str:
    """A place in a file: ``train.py:7:12``, or in a notebook ``train.ipynb:cell 3:7:12``.

    Args:
        path: as it is shown to the user.
        cell: the number of the notebook's cell, counted from 1 over all of its cells; None in a plain file.
        line: counted from 1, within the cell if there is one; None where the place is all of it.
        column: counted from 1; None where the place is all of the line.
    """
    parts = [path]
    if cell is not None:
        parts.append(f"cell {cell}")
    if line is not None:
        parts.append(str(line))
        if column is not None:
            parts.append(str(column))
    return ":".join(parts)


def line_in_words(line: int, cell: int | None) -> str:
    """A line within a sentence: ``line 7``, or ``line 2 of cell 3``."""
    return f"line {line}" if cell is None else f"line {line} of cell {cell}"
