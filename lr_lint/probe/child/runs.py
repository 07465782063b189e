"""Runs the user's own script, up to the moment at which it starts to train. Imports torch: for the child only."""

from __future__ import annotations

import builtins
import importlib
import io
import linecache
import os
import sys
import threading
import traceback
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import torch

from lr_lint.probe.child import workers
from lr_lint.probe.child.delivery import Delivery
from lr_lint.probe.child.failures import ended, raised, would_help
from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.child.hooks import cuda_redirect, keras_callbacks, stops
from lr_lint.probe.child.hooks.events import EventRecorder
from lr_lint.probe.child.hooks.optimizers import OptimizerRecorder, held_schedulers
from lr_lint.probe.child.hooks.schedulers import SchedulerRecorder
from lr_lint.probe.child.notebook_cells import KernelStandIn, run_cells
from lr_lint.probe.child.slices import missing
from lr_lint.probe.child.slices.stand_ins import StandInModel
from lr_lint.probe.child.slices.unknowns import Supplies
from lr_lint.probe.launch import AGAIN_REDIRECTED, REQUEST
from lr_lint.probe.measuring.observe import observe_with_parts
from lr_lint.probe.records import ChildReport, Mode, Pace, Place
from lr_lint.probe.request import Request
from lr_lint.probe.transport import request_from_text

# What comes after the batches that are asked for, and what is no end before that.
_BATCHES = "batch after those asked for"
_ON_THE_WAY = frozenset({stops.STEP, stops.BACKWARD, stops.DATA})
# So many packages may be missing.
_MOST_MISSING = 25


def run_script(request: Request, report: ChildReport, user_code: UserCode, delivery: Delivery) -> NoReturn:
    """Run a script as ``python SCRIPT ARGS`` would, observe its schedulers, and end the process.

    The first optimizer step or backward pass ends it, whether or not a scheduler exists by then: nothing is trained.
    So does an iteration over data once a scheduler exists, the script's own end, or the end of its time. Where it fails
    for want of a GPU, the parent is asked for another attempt with CUDA calls redirected.
    """
    _Run(request, report, user_code, delivery).start()


def join(folder: str) -> None:
    """Look on in a process that a script has started afresh, as in the script itself.

    Args:
        folder: what is shared with the parent of them all.
    """
    request = request_from_text(Path(folder, REQUEST).read_text(encoding="utf-8"))
    report = ChildReport(torch=str(torch.__version__))
    delivery = Delivery(Path(folder), lambda: report)
    _Run(request, report, UserCode(os.getcwd(), request.target), delivery).look_on()
    report.notes.append("seen in a process that the script starts")


class _Run:
    def __init__(self, request: Request, report: ChildReport, user_code: UserCode, delivery: Delivery) -> None:
        self._request = request
        self._report = report
        self._user_code = user_code
        self._delivery = delivery
        paces = {(path, line): Pace(epochs, each) for path, line, epochs, each in request.paces}
        self._recorder = SchedulerRecorder(user_code, paces)
        self._optimizers = OptimizerRecorder(user_code)
        self._events = EventRecorder(user_code, self._recorder, request.batches)
        self._keras = keras_callbacks.CallbackRecorder(user_code)
        self._held: list[tuple[Any, Place | None]] = []
        self._supplies = Supplies({}, self._model)
        self._main = threading.get_ident()

    def _model(self, name: str) -> StandInModel:
        return StandInModel(self._supplies, name, "cpu")

    def look_on(self) -> None:
        """See what is constructed from now on, and stop where training begins."""
        self._recorder.install()
        self._optimizers.install()
        self._keras.install(self._stop)
        self._events.install(partial(self._stop, _BATCHES))
        stops.install(self._stop)
        self._redirect = cuda_redirect.install() if self._request.redirect else None

    def start(self) -> NoReturn:
        """Run the script."""
        self.look_on()
        workers.install(self._delivery.folder)
        self._delivery.at_deadline = self._late
        error: BaseException | None = None
        try:
            self._execute()
        except BaseException as raised_error:
            error = raised_error
            if not isinstance(error, SystemExit):
                traceback.print_exc()
        if not self._delivery.claim():
            threading.Event().wait()  # another thread is about to end the process
        self._end(error)

    def _execute(self) -> None:
        """Run the script, with something in the place of packages that are not installed.

        It begins again where it fails to import one, which scripts do before all else.
        """
        missing.use(self._supplies)
        for _ in range(_MOST_MISSING):
            try:
                _execute(self._request)
            except ImportError as error:
                if self._recorder.seen or not missing.replace(error, self._supplies):
                    raise
            else:
                self._events.end()
                return

    def _stop(self, event: str) -> None:
        """End the process before it trains; before it goes through data if there is something to observe.

        Where batches are asked for, it ends before the one that comes after these.
        """
        if self._request.batches and event in _ON_THE_WAY:
            if event == stops.BACKWARD:
                self._events.backward()
            return
        frame = sys._getframe()
        self._held = held_schedulers(frame, self._user_code)
        # Keras goes over its data once before a callback knows its model.
        keras_ready = self._keras.constructed and event != stops.DATA
        ready = self._recorder.constructed or keras_ready or self._held
        if (ready or event != stops.DATA) and self._delivery.claim():
            place = self._user_code.site(frame)[0]
            where = f" at {place}" if place else ""
            if event != _BATCHES:
                self._events.end()
            when = f"after {_told(self._request.batches)}" if event == _BATCHES else f"before the first {event}"
            self._report.notes.append(f"stopped{where}, {when}")
            self._delivery.deliver_from(partial(self._stopped, f"{event}{where}"))

    def _stopped(self, event: str) -> ChildReport:
        report = self._observed()
        if not report.observations:
            report.failure = report.failure or (
                f"{self._request.target} has no scheduler at its first {event}, and is not trained any further: "
                "probe its file without --run"
            )
        return report

    def _late(self) -> ChildReport:
        self._held = held_schedulers(sys._current_frames().get(self._main), self._user_code)
        place = self._user_code.running(self._main)
        where = f": {place} was still running" if place else ""
        self._observed()
        wanted = f"end of {_told(self._request.batches)}" if self._request.batches else "training step"
        limit = f"within {self._request.timeout:g} s (--timeout){where}"
        if self._report.observations:
            self._report.notes.append(f"stopped, since there was no {wanted} {limit}")
        else:
            self._report.failure = self._report.failure or f"no scheduler {limit}"
        return self._report

    def _end(self, error: BaseException | None) -> NoReturn:
        seen = self._recorder.seen or self._keras.constructed
        again = not seen and would_help(self._request, error, self._user_code)
        self._delivery.deliver_from(lambda: self._ended(error), AGAIN_REDIRECTED if again else 0)

    def _ended(self, error: BaseException | None) -> ChildReport:
        report = self._observed(error)
        if not report.observations:
            report.failure = report.failure or (
                raised(self._request, error, self._user_code) if error else ended(self._request)
            )
        elif error is not None and not isinstance(error, SystemExit) and not self._recorder.raised(error):
            report.notes.append(f"afterwards, {raised(self._request, error, self._user_code)}")
        return report

    def _observed(self, error: BaseException | None = None) -> ChildReport:
        report, steps = self._report, self._request.steps
        self._events.close()
        report.events = self._events.events
        report.observations += self._recorder.observe_all(steps, Mode.RUN, error)
        report.observations += self._keras.observe_all(steps, Mode.RUN)
        if not report.observations:
            for scheduler, place in self._held:
                report.observations += observe_with_parts(scheduler, steps, Mode.RUN, place)
        if not report.observations:
            report.observations += self._optimizers.written()
        report.notes += [*self._recorder.notes, *self._supplies.notes]
        if not report.observations:
            report.failure = next(iter(self._recorder.notes), "")
        report.device = self._recorder.device() or "cpu"
        if report.device == "cuda:0" and self._request.device.startswith("cuda:"):
            report.device = self._request.device  # the only one that the script was let see
        if self._redirect:
            report.notes.append(self._redirect.summary())
        return report


def _told(batches: int) -> str:
    """A number of batches, in words."""
    return f"{batches} batch{'' if batches == 1 else 'es'}"


def _execute(request: Request) -> None:
    """Run a file as the main module, with what Python gives one.

    ``runpy.run_path`` does nearly that, but puts the old main module back at the end, and the absolute path into
    ``sys.argv[0]``.
    """
    path = os.path.abspath(request.target)
    module = ModuleType("__main__")
    namespace: dict[str, Any] = vars(module)
    namespace.update(__builtins__=__builtins__, __cached__=None)
    sys.modules["__main__"] = module
    sys.argv[:] = [path if request.module else request.target, *request.arguments]
    # Python resolves a link to the script, but not one above it.
    sys.path.insert(0, os.getcwd() if request.module else os.path.dirname(os.path.realpath(path)))
    if request.module:
        name = request.module if os.path.basename(path) == "__main__.py" else request.module.rpartition(".")[0]
        namespace["__package__"] = name
        if name:
            importlib.import_module(name)
    if request.cells:
        run_cells(path, request.cells, namespace)
        return
    with io.open_code(path) as file:
        text = file.read()
    if b"get_ipython" in text:
        # What a notebook's export asks of the notebook bears on no rate.
        vars(builtins)["get_ipython"] = KernelStandIn
    namespace["__file__"] = path
    linecache.checkcache(path)
    exec(compile(text, path, "exec", dont_inherit=True), namespace)
