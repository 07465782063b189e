"""The child process: the only place where torch is imported and the user's code runs.

The parent starts it with a folder that holds the request. The report is put there, and the process ends by
``os._exit``, so that no ``finally``, ``atexit`` or teardown of the user's code runs after it.

The three kinds of work::

    slices      lr_lint.probe.child.slices.runner.run_slices(programs: list[dict[str, Any]], device: str,
                                                      steps: int | None, report: ChildReport) -> None
    factories   lr_lint.probe.child.factories.run_factory(request: Request, device: str, report: ChildReport,
                                                    user_code: UserCode) -> None
    runs        lr_lint.probe.child.runs.run_script(request: Request, report: ChildReport, user_code: UserCode,
                                              delivery: Delivery) -> NoReturn

``device`` is what ``devices.resolve`` made of the request: ``cpu``, ``cuda:0``. The first two add to
``report.observations`` and ``report.notes``, and say in ``report.failure`` what stopped them; an exception that they
let through becomes the failure. When time is up, the report is delivered as far as it has come.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from lr_lint.probe.child.delivery import Delivery
from lr_lint.probe.child.failures import raised, show_traceback, would_help
from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.launch import AGAIN_REDIRECTED, REQUEST
from lr_lint.probe.records import ChildReport, Mode
from lr_lint.probe.request import Request
from lr_lint.probe.transport import request_from_text

_LOOK_EVERY = 0.005


def main(folder: str) -> NoReturn:
    """Do what the request in the folder says, report, and end the process."""
    _end_with_parent()
    request = _awaited(Path(folder, REQUEST))
    user_code = UserCode(os.getcwd(), request.target if request.mode is Mode.RUN else "")
    report = ChildReport()

    def late() -> ChildReport:
        report.failure = f"{request.target} was not done within {request.timeout:g} s (--timeout)"
        return report

    delivery = Delivery(Path(folder), late)
    status = 0
    try:
        _work(request, report, user_code, delivery)
    except BaseException as error:
        show_traceback(error, user_code)
        report.failure = raised(request, error, user_code)
        if request.mode is Mode.FACTORY and report.torch and would_help(request, error, user_code):
            status = AGAIN_REDIRECTED
    if not delivery.claim():
        threading.Event().wait()  # the deadline's thread is about to end the process
    delivery.deliver(report, status)


def _awaited(file: Path) -> Request:
    """The request. It may be in the making: what takes longest is done meanwhile."""
    if not file.exists():
        with suppress(ImportError):
            import torch  # noqa: F401
        while not file.exists():
            time.sleep(_LOOK_EVERY)
    return request_from_text(file.read_text(encoding="utf-8"))


def _work(request: Request, report: ChildReport, user_code: UserCode, delivery: Delivery) -> None:
    if request.mode is Mode.RUN and not os.path.isfile(request.target):
        report.failure = f"{request.target}: no such file"
        return
    if not _tensorflow_installed():
        os.environ.setdefault("KERAS_BACKEND", "torch")
    import torch

    from lr_lint.probe.child.devices import DeviceError, resolve
    from lr_lint.probe.child.quick_start import skip_compiler

    report.torch = str(torch.__version__)
    if not request.redirect:
        skip_compiler()
    delivery.start_clock(request.timeout)
    try:
        device = resolve(request.device, request.mode)
    except DeviceError as error:
        report.failure = str(error)
        return
    if request.mode is Mode.SLICE:
        from lr_lint.probe.child.slices.runner import run_slices

        report.device = device
        run_slices(request.programs, device, request.steps, report)
    elif request.mode is Mode.FACTORY:
        from lr_lint.probe.child.factories import run_factory

        run_factory(request, device, report, user_code)
    else:
        from lr_lint.probe.child.runs import run_script

        run_script(request, report, user_code, delivery)


def _tensorflow_installed() -> bool:
    """Whether Keras would find the backend that it takes by itself: a script may be written for that one."""
    from importlib.util import find_spec

    with suppress(ImportError, ValueError):
        return find_spec("tensorflow") is not None
    return False


def _end_with_parent() -> None:
    """Have the kernel end this process with the command that started it, and first when memory runs out."""
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig = 1  # <linux/prctl.h>
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
