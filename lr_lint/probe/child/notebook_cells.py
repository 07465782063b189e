"""Runs the cells of a notebook as a kernel does: one after the other, in one namespace, ``await`` allowed anywhere.

Each cell is a file to Python, by the name that reports give its places: ``train.ipynb:cell 3``.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import os
from typing import Any

from lr_lint.probe.child.slices.programs import show_lines
from lr_lint.probe.request import CellToRun

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def run_cells(path: str, cells: tuple[CellToRun, ...], namespace: dict[str, Any]) -> None:
    """Run the cells of a notebook in a namespace.

    Args:
        path: of the notebook, absolute.
        cells: what is to be run.
        namespace: that of the main module.
    """
    # What a notebook asks of its kernel bears on no rate.
    vars(builtins).update(get_ipython=KernelStandIn, display=_nothing)
    os.chdir(os.path.dirname(path))
    for cell in cells:
        result = eval(_compiled(f"{path}:cell {cell.number}", cell), namespace)
        if inspect.iscoroutine(result):
            asyncio.run(result)


class KernelStandIn:
    """Stands in for the kernel of a notebook: its magics and commands do nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*arguments: object, **keywords: object) -> None:
    return None


def _compiled(filename: str, cell: CellToRun) -> Any:
    """The code of a cell, with the columns that its author sees."""
    shifts = cell.shifts or [0] * (cell.text.count("\n") + 1)
    lines = [" " * shift + line for shift, line in zip(shifts, cell.text.split("\n"), strict=False)]
    show_lines(filename, "\n".join(lines))
    tree = ast.parse(cell.text, filename)
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.expr)) and cell.shifts:
            node.col_offset += shifts[node.lineno - 1]
            node.end_col_offset = (node.end_col_offset or 0) + shifts[(node.end_lineno or node.lineno) - 1]
    return compile(tree, filename, "exec", flags=_FLAGS, dont_inherit=True)
