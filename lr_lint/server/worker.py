"""The thread in which analyses run, one after the other, while the session goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")
# In bytes. A thread has half a megabyte on some systems; an analysis needs what the command has, and more.
_STACK = 16 * 1024 * 1024


class Worker(Executor):
    """One thread with a high stack. What is cancelled before its turn is skipped.

    It is no `ThreadPoolExecutor`, at whose threads Python waits when it ends: an editor that is closed should not wait
    for an analysis that nobody will read.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        before = threading.stack_size(_STACK)
        try:
            threading.Thread(target=self._work, name="lr-lint analyses", daemon=True).start()
        finally:
            threading.stack_size(before)

    def submit(
        self, fn: Callable[_Parameters, _Result], /, *args: _Parameters.args, **kwargs: _Parameters.kwargs
    ) -> Future[_Result]:
        """Have something run when what was asked for before is done."""
        future: Future[_Result] = Future()
        self._jobs.put((future, partial(fn, *args, **kwargs)))
        return future

    def _work(self) -> None:
        while True:
            future, job = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = job()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
