"""What goes wrong with one part of a file is said, and does not silence the other parts.

Nothing is meant to raise on user code. What does all the same is a mistake of ours, or code that is nested deeper than
the stack is high; both concern one construction, one finding or one set of fixes, and the rest of the file stands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from lr_lint.vocabulary.diagnostics import Failure

_Result = TypeVar("_Result")
TOO_DEEP = "nested too deeply to be analysed"
# Of CPython, at the least. A call that runs through C, as the functions of dataclasses and `any` do, takes about a
# kilobyte of the stack, and systems give from 2 MB (Windows) to 8 MB.
_DEEPEST_STACK = 1_500 if sys.platform == "win32" else 3_000


class Faults:
    """What went wrong with parts of one file.

    Attributes:
        failures: in the order in which it happened.
    """

    def __init__(self, path: str, known: Iterable[Failure] = ()) -> None:
        """Nothing yet but what is known before.

        Args:
            path: of the file, as shown to the user.
            known: what has gone wrong already.
        """
        self._path = path
        self.failures: list[Failure] = list(known)

    def attempt(self, work: Callable[[], _Result], line: Callable[[], int | None] | None = None) -> _Result | None:
        """What some work gives; None where something goes wrong with it.

        Args:
            work: a part of the analysis that the others do not need.
            line: gives the line that it is about, and may raise as well. Only the first that goes wrong is asked for.
        """
        try:
            return work()
        except Exception as error:
            where = None if self.failures else _line(line)
            self.failures.append(replace(failure_of(error, self._path), line=where))
            return None

    @property
    def failure(self) -> Failure | None:
        """All that went wrong, in one line: a mistake of ours, if there is one; None if all went well."""
        if not self.failures:
            return None
        first = min(self.failures, key=lambda failure: bool(failure.code))
        more = len(self.failures) - 1
        return replace(first, message=f"{first.message} ({more} more)") if more else first


def failure_of(error: Exception, path: str) -> Failure:
    """An error as the user is told of it."""
    if isinstance(error, RecursionError):
        return Failure(path, TOO_DEEP)
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return Failure(path, f"internal error in lr-lint: {said}; please report", code="")


def _line(line: Callable[[], int | None] | None) -> int | None:
    try:
        return None if line is None else line()
    except Exception:
        return None


@contextmanager
def deep_stack() -> Iterator[None]:
    """Lets functions call each other as deeply as trees are that people write, and no deeper than the stack is high."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST_STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
