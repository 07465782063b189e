"""Commands are run in turn, each as a process of its own, and the system tells what each has cost."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_LONGEST = 1_200.0
# Of a checker that finds something, and, the last two, of lr-lint where a file of others is no Python.
FINDS = (0, 1)
FINDS_OR_FAILS = (0, 1, 2, 3)
_KIB_IN_MIB = 1024
_DIGITS = 5
_NOTHING_COMPILED = "PYTHONDONTWRITEBYTECODE"
_SET_CHILD_SUBREAPER = 36
# Of what a command that fails says, the last lines.
_WORDS_OF_FAILURE = 300
_TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Run:
    """What one run of a command cost.

    Attributes:
        wall: seconds until it ended.
        cpu: seconds of all cores together, in user code and in the system, of the process and all that it started.
        peak: MiB of memory that the largest single process had at most.
    """

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Command:
    """Something to measure.

    Attributes:
        name: what it is called in tables; the rows of a section have different names.
        arguments: the program and what it is given.
        folder: where it runs.
        variables: of the environment, beside those that there are.
        statuses: the exit statuses of a run that did its work.
        tells: whether the program measures what matters in it by itself, and prints ``{"wall": ..., "cpu": ...}`` last.
        size: how large its input is, where rows differ in that alone.
        group: what the rows of one such series have in common.
        longest: the seconds after which it is stopped, and counts as failed.
    """

    name: str
    arguments: Sequence[str]
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (0,)
    tells: bool = False
    size: int | None = None
    group: str = ""
    longest: float = _LONGEST


class FailedError(Exception):
    """A command that did not do its work. The text says why, in one line."""


def measured(command: Command) -> Run:
    """Run a command once, to its end.

    Raises:
        FailedError: if it cannot be started, takes too long, or ends as it should not.
    """
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                command.arguments,
                cwd=command.folder,
                env={**_environment(), **command.variables},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=said,
                start_new_session=True,
            )
        except OSError as error:
            raise FailedError(f"{command.arguments[0]}: {error.strerror}") from error
        run, status = _awaited(process, start, command.longest)
        if status == -signal.SIGKILL and run.wall >= command.longest:
            raise FailedError(f"stopped after {command.longest:.0f} s")
        said.seek(0)
        words = said.read().decode(errors="replace")
        if status not in command.statuses or _TRACEBACK in words:
            raise FailedError(f"ended with {status}: {' '.join(words[-_WORDS_OF_FAILURE:].split())}")
        printed.seek(0)
        return _as_told(printed.read(), run) if command.tells else run


def _environment() -> dict[str, str]:
    """The variables that there are, but for one that has each start of a program compile all of its modules anew."""
    return {name: value for name, value in os.environ.items() if name != _NOTHING_COMPILED}


def _awaited(process: subprocess.Popen[bytes], start: float, longest: float) -> tuple[Run, int]:
    """What a process has cost when it ends, and its exit status; one that takes too long is stopped."""
    alarm = threading.Timer(longest, os.killpg, (process.pid, signal.SIGKILL))
    alarm.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        usages = [usage, *_orphans(process.pid)]
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        alarm.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = sum(each.ru_utime + each.ru_stime for each in usages)
    return _run(wall, cpu, _mib(max(each.ru_maxrss for each in usages))), process.returncode


def _orphans(group: int) -> Iterator[resource.struct_rusage]:
    """What the processes of a group cost that their parent has left behind, once they end."""
    while True:
        try:
            yield os.wait4(-group, 0)[2]
        except ChildProcessError:
            return


@contextmanager
def adopting_orphans() -> Iterator[None]:
    """Have processes whose parent has ended become children of this one, so that what they cost is told.

    Linux alone can do that: prctl(2), PR_SET_CHILD_SUBREAPER. Elsewhere they are not counted.
    """
    import ctypes

    if sys.platform != "linux":
        yield
        return
    system = ctypes.CDLL(None)
    system.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        system.prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _run(wall: float, cpu: float, peak: float) -> Run:
    """A run in digits that mean something, so that it is the same when it is read back."""
    return Run(round(wall, _DIGITS), round(cpu, _DIGITS), round(peak, 1))


def _as_told(printed: bytes, run: Run) -> Run:
    try:
        told = json.loads(printed.splitlines()[-1])
        return _run(told["wall"], told["cpu"], run.peak)
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise FailedError("it does not tell what it took") from error


def own_peak() -> float:
    """MiB that this process had at most. A process that it starts is said to have had as much, so no peak is less."""
    return _mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _mib(maxrss: int) -> float:
    return maxrss / (_KIB_IN_MIB**2 if sys.platform == "darwin" else _KIB_IN_MIB)


@dataclass
class Row:
    """A command with its runs, one for each round.

    Attributes:
        command: what was run.
        runs: what it cost, in the order of the rounds.
        problem: why it was given up; empty if it was not.
    """

    command: Command
    runs: list[Run] = field(default_factory=list)
    problem: str = ""


def alternated(commands: Sequence[Command], rounds: int, warms_up: bool = True) -> list[Row]:
    """Run commands in turn, all of them in each round.

    What slows the machine down for a while then slows all of them, and ratios within a round mean something when times
    do not. Every second round goes the other way, so that none profits from who comes before it.

    Args:
        commands: what is run.
        rounds: how often.
        warms_up: whether there is a round before, which is not counted.
    """
    rows = [Row(command) for command in commands]
    for number in range(0 if warms_up else 1, rounds + 1):
        for row in rows if number % 2 else reversed(rows):
            if row.problem:
                continue
            try:
                run = measured(row.command)
            except FailedError as error:
                row.problem, row.runs = str(error), []
            else:
                row.runs += [run] if number else []
    return rows
