"""How the child hands its report over, and ends."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from lr_lint.probe.child.failures import in_one_line
from lr_lint.probe.launch import REPORT, STARTED
from lr_lint.probe.records import ChildReport
from lr_lint.probe.transport import report_to_text


class Delivery:
    """The one way out of the child: a report, once, and the end of the process.

    Attributes:
        at_deadline: makes the report when time is up; called from a thread of its own.
    """

    def __init__(self, folder: Path, at_deadline: Callable[[], ChildReport]) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.at_deadline = at_deadline

    @property
    def folder(self) -> Path:
        """What is shared with the parent, and with processes that the script starts."""
        return self._folder

    def start_clock(self, seconds: float) -> None:
        """From now on the user's time runs: what it took to import torch does not count."""
        timer = threading.Timer(seconds, self.expire)
        timer.daemon = True
        timer.start()
        (self._folder / STARTED).touch()

    def claim(self) -> bool:
        """Whether the caller is the first to finish: only that thread may make and deliver the report."""
        return self._lock.acquire(blocking=False)

    def deliver(self, report: ChildReport, status: int = 0) -> NoReturn:
        """Hand the report over and end the process. The caller has claimed it."""
        for stream in (sys.stdout, sys.stderr):
            # A script may have closed or replaced it, or put anything else there.
            with suppress(Exception):
                stream.flush()
        # A process that the script started has the same folder: the first report stays, and is always a whole one.
        draft = self._folder / f"{REPORT}.{os.getpid()}"
        draft.write_text(report_to_text(report), encoding="utf-8")
        if (self._folder / REPORT).exists():
            os._exit(0)
        os.replace(draft, self._folder / REPORT)
        os._exit(status)

    def deliver_from(self, make: Callable[[], ChildReport], status: int = 0) -> NoReturn:
        """Make a report and deliver it, or what kept it from being made. The caller has claimed it."""
        try:
            report = make()
        except BaseException as error:
            traceback.print_exc()
            report = ChildReport(failure=f"measuring was stopped by {in_one_line(error)}")
        self.deliver(report, status)

    def expire(self) -> None:
        """Deliver what there is, since time is up."""
        if self.claim():
            self.deliver_from(self.at_deadline)
