"""What CPython gives for the callable of a program: a process of its own, with a time limit for each program.

The process runs one program after another, each in names of its own; one that hangs or dies is started anew. Run as a
script, this file is that process: it imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

# Until this time the callable is called at every step as well, as a scheduler does.
EVERY_STEP_UNTIL = 160
_LIMIT = 4
_LONGEST_SLEEP = 60


@dataclass(frozen=True)
class Truth:
    """What CPython gives at one time: ``number`` with its text, ``none``, ``raised`` with the name, or ``other``."""

    kind: str
    text: str = ""

    @property
    def number(self) -> complex | float | int | None:
        """The number, exactly."""
        return complex(self.text) if self.kind == "complex" else _real(self.text) if self.kind == "number" else None


def _real(text: str) -> float | int:
    return int(text, 16) if "x" in text and "p" not in text else float.fromhex(text)


@dataclass(frozen=True)
class Truths:
    """What CPython gives for one program.

    Attributes:
        skipped: why nothing can be said; empty where something can.
        at_times: called at the given times only, in order.
        every_step: called at each time from the first on, as far as that was done.
    """

    skipped: str
    at_times: dict[int, Truth]
    every_step: dict[int, Truth]


class Oracle:
    """The process that runs programs."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Oracle:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stop()
        self._folder.cleanup()

    def ask(self, program: str, name: str, times: Sequence[int], limit: int = _LIMIT) -> Truths:
        """What the callable of that name gives at the times.

        Args:
            program: the source.
            name: the variable that holds the callable, or an expression for it.
            times: in order.
            limit: how many seconds of the processor that may take.
        """
        process = self._process or self._start()
        request = {"program": program, "name": name, "times": list(times), "limit": limit}
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps(request), file=process.stdin, flush=True)
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._stop()
            return Truths("the process died", {}, {})
        return _truths(json.loads(answer))

    def _start(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": "", "MPLBACKEND": "agg", "BROWSER": "true"}
        command = [sys.executable, "-P" if sys.version_info >= (3, 11) else "-s", os.path.abspath(__file__)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self._folder.name,
            env=environment,
        )
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _truths(answer: dict[str, Any]) -> Truths:
    tables = [{int(time): Truth(*each) for time, each in answer[key].items()} for key in ("at_times", "every_step")]
    return Truths(answer["skipped"], *tables)


class _OutOfTime(BaseException):
    """The program takes too long."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise _OutOfTime


def _called(function: Callable[[int], object], time: int) -> tuple[str, str]:
    try:
        value = function(time)
    except (_OutOfTime, KeyboardInterrupt):
        raise
    except BaseException as error:
        return ("recursion", "") if isinstance(error, (RecursionError, MemoryError)) else ("raised", _name_of(error))
    return _told(value)


def _name_of(error: BaseException) -> str:
    return type(error).__name__


def _told(value: Any) -> tuple[str, str]:
    """A value as it goes through the pipe; what a learning rate can be multiplied by is a number."""
    if value is None:
        return "none", ""
    if isinstance(value, (int, float, complex)):
        return _number(value)
    if hasattr(value, "dtype") and getattr(value, "size", 0) == 1:
        return _number(value.item()) if isinstance(value.item(), (int, float, complex)) else ("other", "")
    if type(value).__name__ == "Fraction":
        return _number(float(value))
    return "other", ""


def _number(value: Any) -> tuple[str, str]:
    if isinstance(value, complex):
        return "complex", repr(complex(value))
    return "number", float.hex(float(value)) if isinstance(value, float) else hex(int(value))


def _fresh(program: str, name: str) -> Callable[[int], object]:
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(program, "schedule.py", "exec", dont_inherit=True), names)
    function: Callable[[int], object] = eval(name, names)
    return function


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    program, name, times = request["program"], request["name"], request["times"]
    answer: dict[str, Any] = {"skipped": "", "at_times": {}, "every_step": {}}
    # Time of the processor, so that a busy machine skips nothing; what sleeps is ended by the clock.
    signal.setitimer(signal.ITIMER_PROF, request["limit"])
    signal.alarm(_LONGEST_SLEEP)
    try:
        try:
            function = _fresh(program, name)
        except Exception as error:
            return {**answer, "skipped": f"the module raises {type(error).__name__}"}
        answer["at_times"] = {time: _called(function, time) for time in times}
        function = _fresh(program, name)
        steps = range(min(times, default=0), min(EVERY_STEP_UNTIL, max(times, default=0)) + 1)
        answer["every_step"] = {time: _called(function, time) for time in steps}
        answer["every_step"] = {time: told for time, told in answer["every_step"].items() if time in set(times)}
    except _OutOfTime:
        return {**answer, "skipped": "it takes too long"}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        if "numpy" in sys.modules:
            sys.modules["numpy"].seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    return answer


def _serve() -> None:
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _interrupt)
    signal.signal(signal.SIGPROF, _interrupt)
    answers = sys.stdout
    for line in sys.stdin:
        request = json.loads(line)
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                answer = _answer(request)
            except BaseException as error:
                answer = {"skipped": f"it ends with {type(error).__name__}", "at_times": {}, "every_step": {}}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    _serve()
