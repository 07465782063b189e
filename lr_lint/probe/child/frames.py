"""Which frames of a stack are the user's, and where in their code they stand."""

from __future__ import annotations

import linecache
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from types import FrameType, TracebackType

from lr_lint.probe.records import Place

# As `lr_lint.probe.child.notebook_cells` names the cells.
_CELL = re.compile(r"(?P<path>.+\.ipynb):cell (?P<number>\d+)", re.IGNORECASE | re.DOTALL)
_INSTALLED = ("/site-packages/", "/dist-packages/")


class UserCode:
    """Tells the user's own code from that of Python, of installed packages and of lr-lint."""

    def __init__(self, directory: str, target: str = "") -> None:
        """Take the current directory of the start, since a script may change it.

        Args:
            directory: paths are shown relative to it.
            target: the script of a run; it is the user's wherever it lies.
        """
        self._directory = directory
        self._target = os.path.realpath(os.path.join(directory, target)) if target else ""
        paths = sysconfig.get_paths()
        foreign = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
        foreign.add(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        self._foreign = tuple(os.path.join(os.path.realpath(path), "") for path in foreign)
        self._known: dict[str, bool] = {}

    def owns(self, filename: str) -> bool:
        """Whether the code of a file is the user's."""
        if filename not in self._known:
            self._known[filename] = self._is_own(filename)
        return self._known[filename]

    def _is_own(self, filename: str) -> bool:
        if filename.startswith("<"):  # <frozen importlib._bootstrap>, <string>
            return False
        cell = _CELL.fullmatch(filename)
        path = os.path.realpath(os.path.join(self._directory, filename if cell is None else cell["path"]))
        if path == self._target:
            return True
        slashed = path.replace(os.sep, "/")
        return not path.startswith(self._foreign) and not any(part in slashed for part in _INSTALLED)

    def display(self, filename: str) -> str:
        """A path as reports show it: relative to the directory of the start where it lies below it, with ``/``."""
        path = os.path.join(self._directory, filename)
        try:
            relative = os.path.relpath(path, self._directory)
        except ValueError:  # another drive
            return path.replace(os.sep, "/")
        return (path if relative.startswith(os.pardir) else relative).replace(os.sep, "/")

    def site(self, frame: FrameType | None) -> tuple[Place | None, str]:
        """The innermost place in the user's code, and what it called to get to the frame, as ``file.py:12``.

        Args:
            frame: where something was constructed; frames of torch and lr-lint at its top are passed over.

        Returns:
            The place, or None without one; the text is empty where the user's code is the frame itself.
        """
        via = ""
        for each in _outwards(frame):
            filename = each.f_code.co_filename
            if self.owns(filename):
                return self.place(each, each.f_lasti), via
            if not via and not filename.startswith("<") and not _is_machinery(each):
                via = f"{_in_package(filename)}:{each.f_lineno}"
        return None, via

    def place(self, frame: FrameType, instruction: int) -> Place:
        """Where in the source an instruction of a frame stands."""
        filename = frame.f_code.co_filename
        line, column = _position(frame, instruction)
        return self._place(filename, line, column)

    def _place(self, filename: str, line: int, column: int = 0) -> Place:
        """A place in a file, or in the cell of a notebook that goes by the name of a file."""
        cell = _CELL.fullmatch(filename)
        if cell is None:
            return Place(self.display(filename), line, column)
        return Place(self.display(cell["path"]), line, column, int(cell["number"]))

    def raised_at(self, traceback: TracebackType | None) -> Place | None:
        """The innermost place in the user's code on the way to an exception."""
        place = None
        while traceback is not None:
            if self.owns(traceback.tb_frame.f_code.co_filename):
                place = self._place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place

    def running(self, thread: int | None) -> Place | None:
        """Where in the user's code a thread is at this moment."""
        return self.site(sys._current_frames().get(thread or -1))[0]

    def files(self) -> Iterator[str]:
        """The files of the user's modules that are loaded."""
        for module in list(sys.modules.values()):
            filename = getattr(module, "__file__", None)
            if isinstance(filename, str) and filename.endswith(".py") and self.owns(filename):
                yield filename


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_machinery(frame: FrameType) -> bool:
    """Whether a frame belongs to torch or lr-lint, which stand between every construction and its caller."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in {"torch", "lr_lint", "contextlib", "functools"}


def _in_package(filename: str) -> str:
    """The path of an installed file from its package on."""
    slashed = filename.replace(os.sep, "/")
    for part in _INSTALLED:
        if part in slashed:
            return slashed.rpartition(part)[2]
    return "/".join(slashed.split("/")[-2:])


def _position(frame: FrameType, instruction: int) -> tuple[int, int]:
    """Line from one and column from zero, in characters; Python 3.10 knows no columns."""
    code = frame.f_code
    if sys.version_info >= (3, 11):
        for index, (line, _, column, _) in enumerate(code.co_positions()):
            if index == instruction // 2:
                if line is None or column is None:
                    break
                # Python counts the bytes of UTF-8.
                text = linecache.getline(code.co_filename, line).encode()[:column].decode(errors="replace")
                return line, len(text) if text else column
    return frame.f_lineno, 0
