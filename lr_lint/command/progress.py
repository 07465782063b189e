"""What a terminal shows while a run takes long. Whatever is no terminal is told nothing of the kind."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock, Timer
from typing import TYPE_CHECKING, TypeVar

from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status
    from rich.text import Text

    from lr_lint.runs.plan import Plan

_Found = TypeVar("_Found")

# In seconds. Who waits for less does not wonder.
_PATIENCE = 1.0


class Progress:
    """A line on standard error that says what is going on, from a second on; it is gone when all is done."""

    def __init__(self, text: str, patience: float = _PATIENCE) -> None:
        """Take what to say first.

        Args:
            text: what is going on.
            patience: after how many seconds to say it.
        """
        self._text = text
        self._lock = Lock()
        self._status: Status | None = None
        self._timer = Timer(patience, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Progress:
        """Start waiting."""
        self._timer.start()
        return self

    def tell(self, text: str) -> None:
        """Say something else from here on."""
        with self._lock:
            self._text = text
            if self._status is not None:
                self._status.update(_as_text(text))

    def _show(self) -> None:
        from rich.console import Console

        with self._lock:
            self._status = Console(stderr=True).status(_as_text(self._text))
            self._status.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        self._timer.cancel()
        self._timer.join()
        if self._status is not None:
            self._status.stop()


def telling(found: Iterator[tuple[str, _Found]], plan: Plan) -> Iterator[tuple[str, _Found]]:
    """Files with what was found in them, while a terminal is told how far that is.

    Args:
        found: what is carried out by the plan.
        plan: says which file it is at, so that one which takes long has a name.
    """
    number = 0
    with Progress("looking for files") as progress:
        plan.begun = lambda path: progress.tell(f"{_counted(number)}at {path}")
        for path, each in found:
            number += 1
            progress.tell(f"{_counted(number)}up to {path}")
            yield path, each


def _counted(number: int) -> str:
    return f"{number:,} {'file' if number == 1 else 'files'}, " if number else ""


def _as_text(text: str) -> Text:
    from rich.text import Text

    return Text(visible(text))
