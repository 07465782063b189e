"""Processes that analyse files for another one, on `concurrent.futures`.

They are started by a server or anew, never forked from here: this process may have threads. None of them imports
anything from the current directory, which may be what is checked. They go when this process goes, however that ends,
and one that is ended from outside costs the file that it was at, and no other.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for_sentinel
from typing import TYPE_CHECKING, Generic, TypeVar

from lr_lint.checks.faults import failure_of
from lr_lint.runs.endings import ended_orderly
from lr_lint.runs.items import told, unheard
from lr_lint.source.disk import Disk
from lr_lint.vocabulary.diagnostics import Failure

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext
    from types import FrameType, TracebackType

    from lr_lint.runs.items import Analyse, Begun, Item
    from lr_lint.source.settings import Settings

_Result = TypeVar("_Result")
# So many files for each process are on their way: enough that none waits, and few that are asked about again if one of
# the processes is ended.
_AHEAD = 4
# What every analysis needs is loaded once, by the server that processes are forked from.
_LOADED_FIRST = ("lr_lint.checks.analysis", "lr_lint.checks.findings", "lr_lint.checks.rules")
_ENDED = "the process that analysed it was ended, as systems do that run out of memory"


@dataclass(slots=True, eq=False)
class _Order(Generic[_Result]):
    """A file that somebody else analyses.

    Attributes:
        path: as shown to the user.
        content: what is in it.
        settings: which findings are wanted.
        future: what is on its way; None where nothing is.
        found: what was found, once that is told.
    """

    path: str
    content: bytes
    settings: Settings
    future: Future[_Result] | None = None
    found: tuple[_Result] | None = None

    def settle(self, found: _Result) -> None:
        """Take what was found, and let go of what it was found in."""
        self.found, self.content, self.future = (found,), b"", None


def spread(
    gated: Iterable[Item],
    analyse: Analyse[_Result],
    failed: Callable[[Failure], _Result],
    files: Disk,
    count: int,
    begun: Begun = unheard,
) -> Iterator[tuple[str, _Result | None]]:
    """The files with what is found in them, in their order. The arguments are those of `lr_lint.runs.results.results`.

    Args:
        gated: the files.
        analyse: what is done with each.
        failed: makes a result of a reason why there is none.
        files: those around them.
        count: of processes.
        begun: is told which file is on its way, and which is waited for in the end.
    """
    waiting: deque[tuple[str, _Result | _Order[_Result] | None]] = deque()
    with ended_orderly(), _Crew(analyse, failed, files, count) as crew:
        for path, content, settings in gated:
            if isinstance(content, bytes):
                begun(path)
                waiting.append((path, crew.take(_Order(path, content, settings))))
            else:
                waiting.append((path, told(content, failed)))
            yield from _told(waiting)
        while waiting:
            begun(waiting[0][0])
            crew.wait()
            yield from _told(waiting)


def _told(waiting: deque[tuple[str, _Result | _Order[_Result] | None]]) -> Iterator[tuple[str, _Result | None]]:
    """What there is to tell, in order, up to the first that is not done."""
    while waiting:
        path, found = waiting[0]
        if isinstance(found, _Order):
            if found.found is None:
                return
            (found,) = found.found
        waiting.popleft()
        yield path, found


class _Crew(Generic[_Result]):
    """The processes. Where there can be none, this one does their work."""

    def __init__(
        self, analyse: Analyse[_Result], failed: Callable[[Failure], _Result], files: Disk, count: int
    ) -> None:
        self._analyse = analyse
        self._failed = failed
        self._files = files
        self._count = count
        self._open: list[_Order[_Result]] = []
        self._pickled: dict[int, tuple[Settings, bytes]] = {}
        self._pool = _started(count, files)
        self._alone: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Crew[_Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes. Nobody waits for those that are at something which is not wanted any more."""
        if self._alone is not None:
            _kill(self._alone)
        if self._pool is not None and kind is None:
            self._pool.shutdown()
        elif self._pool is not None:
            _kill(self._pool)

    def take(self, order: _Order[_Result]) -> _Order[_Result]:
        """Have a file analysed, once there are not too many before it."""
        while len(self._open) >= _AHEAD * self._count:
            self.wait()
        self._submit(order)
        return order

    def wait(self) -> None:
        """Wait until another file is done."""
        wait([order.future for order in self._open if order.future is not None], return_when=FIRST_COMPLETED)
        if any(_is_broken(order.future) for order in self._open):
            self._recover()
            return
        for order in self._open:
            if order.future is not None and order.future.done():
                self._settle(order, order.future)
        self._open = [order for order in self._open if order.found is None]

    def _settle(self, order: _Order[_Result], future: Future[_Result]) -> None:
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            order.settle(self._failed(Failure(order.path, _ENDED, code="")))
        elif isinstance(error, Exception):
            order.settle(self._failed(failure_of(error, order.path)))
        else:
            order.settle(future.result())

    def _submit(self, order: _Order[_Result]) -> None:
        while self._pool is not None:
            try:
                order.future = self._sent(self._pool, order)
            except BrokenProcessPool:
                self._recover(fewer=not self._open)
            except OSError:  # the system gives no more of them
                self._recover(fewer=True)
            else:
                self._open.append(order)
                return
        order.settle(self._analyse(order.path, order.content, order.settings, self._files))

    def _sent(self, pool: ProcessPoolExecutor, order: _Order[_Result]) -> Future[_Result]:
        with _no_import_from_here(), _interrupts_put_off():
            return pool.submit(_analysed, self._analyse, order.path, order.content, self._packed(order.settings))

    def _packed(self, settings: Settings) -> bytes:
        """Settings as they are sent: they are those of many files."""
        packed = self._pickled.get(id(settings))
        if packed is None:
            packed = self._pickled[id(settings)] = settings, pickle.dumps(settings)
        return packed[1]

    def _recover(self, *, fewer: bool = False) -> None:
        """Go on after a process was ended from outside, which takes all others of its pool with it.

        Which file it was at nobody says, so each that was on its way is analysed again by a process of its own.
        """
        if self._pool is not None:
            _kill(self._pool)
            self._pool = None
        for order in self._open:
            future = order.future
            if future is not None and (future.cancelled() or _is_broken(future)):
                self._do_alone(order)
            elif future is not None:
                self._settle(order, future)
        self._open = []
        if self._alone is not None:
            _kill(self._alone)
            self._alone = None
        self._count = self._count // 2 if fewer else self._count
        self._pool = _started(self._count, self._files, proved=True) if self._count else None

    def _do_alone(self, order: _Order[_Result]) -> None:
        if self._alone is None:
            self._alone = _started(1, self._files, proved=True)
        if self._alone is None:
            order.settle(self._analyse(order.path, order.content, order.settings, self._files))
            return
        future = self._sent(self._alone, order)
        wait([future])
        if _is_broken(future):
            _kill(self._alone)
            self._alone = None
        self._settle(order, future)


def _is_broken(future: Future[_Result] | None) -> bool:
    """Whether nobody will say any more what was to be found, since a process was ended."""
    return (
        future is not None
        and future.done()
        and not future.cancelled()
        and isinstance(future.exception(), BrokenProcessPool)
    )


def _started(count: int, files: Disk, *, proved: bool = False) -> ProcessPoolExecutor | None:
    """That many processes; None where none can be started, which with ``proved`` one of them has shown."""
    if not _may_start():
        return None
    pool: ProcessPoolExecutor | None = None
    try:
        with _no_import_from_here(), _interrupts_put_off():
            pool = ProcessPoolExecutor(count, _context(), _begin, (files,))
            if proved:
                pool.submit(os.getpid).result()
    except (BrokenProcessPool, OSError, ImportError, NotImplementedError):
        if pool is not None:
            _kill(pool)
        return None
    return pool


def _context() -> BaseContext:
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED_FIRST))
    return context


def _kill(pool: ProcessPoolExecutor) -> None:
    """End processes at once, whatever they are at. Python 3.14 has a method for it."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(cancel_futures=True)


def _may_start() -> bool:
    """Whether a Python that is started imports nothing from the current directory, as far as that can be told.

    Python 3.10 cannot be told to leave it out, so there it must hold nothing that is called like a module of Python.
    """
    if sys.version_info >= (3, 11):
        return True
    return sys.stdlib_module_names.isdisjoint(name.partition(".")[0] for name in os.listdir())


@contextmanager
def _no_import_from_here() -> Iterator[None]:
    """While this lasts, a Python that is started does not look for modules in the current directory.

    It would before it is told to look where this process does.
    """
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    here = os.getcwd()
    others = [each for each in (before["PYTHONPATH"] or "").split(os.pathsep) if each and os.path.abspath(each) != here]
    _set_environment({"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(others) or None})
    try:
        yield
    finally:
        _set_environment(before)


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """While this lasts, Ctrl-C waits; a process that is started never hears of it: the one that starts it ends it.

    Without, one that is interrupted while it loads its modules would print where it was. What is blocked in a thread is
    so in the processes that it starts; other threads take the signal all the same, and Python has the main one act.
    """
    if sys.platform == "win32":
        yield
        return
    heard: list[tuple[int, FrameType | None]] = []
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda *call: heard.append(call)) if is_main else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if heard and callable(handler):
            handler(*heard[0])


def _set_environment(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


# What follows runs in the processes of a crew.

_files: Disk | None = None
_settings: dict[bytes, Settings] = {}


def _begin(files: Disk) -> None:
    """Make a process ready. The one that started it ends it, also when the terminal interrupts them all."""
    global _files
    _files = files
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """End this process as soon as another one has ended, however that came."""
    wait_for_sentinel([sentinel])
    os._exit(1)


def _analysed(analyse: Analyse[_Result], path: str, content: bytes, packed: bytes) -> _Result:
    settings = _settings.get(packed)
    if settings is None:
        settings = _settings[packed] = pickle.loads(packed)
    return analyse(path, content, settings, _files or Disk())
