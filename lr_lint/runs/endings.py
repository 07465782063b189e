"""A signal that ends the command lets it end what it has started, and remove its files, first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def ended_orderly() -> Iterator[None]:
    """While this lasts, signals that end a process raise `SystemExit`, with the status that a shell gives for them.

    In other threads than the main one nothing is changed, since signals are none of their business.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
