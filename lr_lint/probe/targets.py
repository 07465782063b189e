"""What ``lr-lint probe`` is pointed at: a file, a line of a file, or a function that builds a scheduler."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib.util import find_spec

from lr_lint.probe.request import CellToRun
from lr_lint.source.discovery import read_file
from lr_lint.source.file_paths import is_notebook
from lr_lint.source.notebooks import Notebook, read_notebook
from lr_lint.vocabulary.diagnostics import Failure

_FACTORY = re.compile(r"(?P<module>[^\W\d]\w*(\.[^\W\d]\w*)*):(?P<function>[^\W\d]\w*(\.[^\W\d]\w*)*)")
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_LINE = re.compile(r"(?P<path>.+):(?P<line>[0-9]+)")
_CELL = re.compile(r"(?P<path>.+):cell (?P<cell>[0-9]+)(?::(?P<line>[0-9]+))?")
_FUNCTION_OF_FILE = re.compile(r"(?P<path>.+)\.py:(?P<function>[^\W\d]\w*(\.[^\W\d]\w*)*)")


class TargetError(ValueError):
    """A target that is none. Its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class FileTarget:
    """The constructions in a file, or those on one line of it.

    Attributes:
        path: the file, as the user wrote it.
        line: counted from one; None for the whole file.
        cell: of a notebook, in which the line is counted; None for the whole file.
    """

    path: str
    line: int | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class FactoryTarget:
    """A function that builds a scheduler.

    Attributes:
        name: ``package.module:function``.
    """

    name: str


@dataclass(frozen=True, slots=True)
class ModuleTarget:
    """A module that is run as ``python -m`` would run it.

    Attributes:
        name: its dotted name.
        path: its file.
    """

    name: str
    path: str


def parse_script(text: str) -> FileTarget | ModuleTarget:
    """What is to be run as a whole: a script, or a module below the current directory by its dotted name.

    Raises:
        TargetError: if there is no such thing.
    """
    if os.path.isfile(text):
        return FileTarget(text)
    if _MODULE.fullmatch(text):
        stem = text.replace(".", "/")
        for path in (f"{stem}.py", f"{stem}/__main__.py"):
            if os.path.isfile(path):
                return ModuleTarget(text, path)
    raise TargetError(f"{text}: no such file or module here (--run takes a script, or a module as python -m does)")


def cells_of(path: str) -> tuple[tuple[CellToRun, ...], tuple[Failure, ...]]:
    """The cells of a notebook that can be run, and why others cannot; none of either for any other file."""
    if not is_notebook(path):
        return (), ()
    data = read_file(path)
    read = read_notebook(path, data) if isinstance(data, bytes) else data
    if not isinstance(read, Notebook):
        return (), (read,)
    return tuple(CellToRun(each.number, each.code.text, each.code.shifts) for each in read.cells), read.broken


def parse_target(text: str) -> FileTarget | FactoryTarget:
    """What a target means: ``train.py``, ``train.py:42``, ``train.ipynb:cell 3:7``, ``pkg.module:factory``.

    Drive letters are no modules.

    Raises:
        TargetError: if it means nothing, or there is no such file.
    """
    if os.path.isfile(text):
        return FileTarget(text)
    if os.path.isdir(text):
        raise TargetError(f"{text} is a folder: name a file in it")
    cell = _CELL.fullmatch(text)
    if cell is not None and os.path.isfile(cell["path"]):
        return FileTarget(cell["path"], int(cell["line"]) if cell["line"] else None, int(cell["cell"]))
    line = _LINE.fullmatch(text)
    if line is not None and is_notebook(line["path"]) and os.path.isfile(line["path"]):
        raise TargetError(f"{text}: a line of a notebook is named with its cell ({line['path']}:cell 3:{line['line']})")
    if line is not None and os.path.isfile(line["path"]):
        if int(line["line"]) == 0:
            raise TargetError(f"{line['path']}: no such line as 0")
        return FileTarget(line["path"], int(line["line"]))
    of_file = _FUNCTION_OF_FILE.fullmatch(text)
    if of_file is not None and os.path.isfile(of_file["path"] + ".py"):
        module = re.sub(r"[\\/]+", ".", os.path.normpath(of_file["path"]))
        raise TargetError(f"{text}: name the module, not its file ({module}:{of_file['function']})")
    if _FACTORY.fullmatch(text) and not text.endswith(".py"):
        return FactoryTarget(text)
    if line is not None or re.search(r"\.py$|[\\/]", text):
        raise TargetError(f"{line['path'] if line is not None else text}: no such file")
    raise TargetError(f"{text} is neither a file nor package.module:function")


def torch_is_installed() -> bool:
    """Whether torch can be imported, found out without importing it."""
    try:
        return find_spec("torch") is not None
    except (ImportError, ValueError):
        return False
