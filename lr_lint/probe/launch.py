"""The parent's side of the border: starts the child process, bounds it, and gives a report whatever becomes of it.

The child leads a process group of its own. When it has reported, or runs out of time or memory, or the command itself
is ended, the whole group is killed, and so is what has left the group for a session of its own: psutil finds it by a
variable that it has in its environment.

Memory is bounded by watching the resident memory of the group, not by ``RLIMIT_AS`` or ``RLIMIT_DATA``: CUDA maps far
more address space than it uses, and so does an array that is allocated and hardly touched; neither should fail here.
The price is that the bound is passed by what can be written between two looks.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import IO, Any, TypeAlias

from lr_lint.probe.records import ChildReport, Mode
from lr_lint.probe.request import Request
from lr_lint.probe.transport import report_from_text, request_to_text
from lr_lint.runs.endings import ended_orderly

# The files of the folder that parent and child share.
REQUEST, STARTED, REPORT, TEMPORARY = "request.json", "started", "report.json", "temporary"
# The variable by which a process is known that came from a child, wherever it went.
_MARK = "LR_LINT_PROBE"
# Exit status of a child that asks for a second attempt with CUDA redirected; its report says what went wrong.
AGAIN_REDIRECTED = 75
# The child reports by itself when its time is up. A child that cannot, is killed this many seconds later.
GRACE = 5.0
# Seconds that a child has to import torch, before the user's time begins.
START = 120.0

_LOOK_EVERY = 0.05
_OUTPUT_FILE_LIMIT = 4 << 20
_OUTPUT_TAIL = 4096
_MEMORY_SHARE = 0.75

# `-c` puts the current directory in front of the search path, where a user's `types.py` or `random.py` would replace
# what Python itself needs. The child puts there later what the target expects.
_BOOT = """\
import sys
if sys.path[:1] == [""]:
    del sys.path[0]
if sys.argv[2] not in sys.path:
    sys.path.append(sys.argv[2])
from lr_lint.probe.child.process import main
main(sys.argv[1])
"""

# What usual libraries read to stay off the network and to start no service.
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_EVALUATE_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "WANDB_MODE": "disabled",
    "WANDB_SILENT": "true",
    "CLEARML_OFFLINE_MODE": "1",
    "NEPTUNE_MODE": "debug",
    "NO_ALBUMENTATIONS_UPDATE": "1",
    "YOLO_OFFLINE": "true",
}


Programs: TypeAlias = "Callable[[], list[dict[str, Any]]]"


def launch(request: Request, programs: Programs | None = None) -> ChildReport:
    """Do a job in a child process.

    Whatever the child does, there is a report: one that exits, raises, hangs or is killed has its end described in
    ``failure``. A run that fails for want of a GPU is tried a second time with CUDA calls redirected to the CPU.

    Args:
        request: what to do.
        programs: gives the request's slices, where they have yet to be cut. That is done while the child imports
            torch; if there are none, the report is empty.

    Raises:
        OSError: if no child can be started at all.
    """
    with ended_orderly():
        report, again = _attempt(request, programs)
        if not again:
            return report
        redirected, _ = _attempt(replace(request, redirect=True))
    redirected.notes.insert(0, f"without a GPU: {report.failure}")
    return redirected


def _attempt(request: Request, programs: Programs | None = None) -> tuple[ChildReport, bool]:
    """The report of one child, and whether it asks for another attempt with CUDA redirected."""
    with tempfile.TemporaryDirectory(prefix="lr-lint-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / TEMPORARY).mkdir()
        if programs is None:
            _ask(request, folder)
        with open(folder / "output.txt", "a+b") as output:
            with _child(request, folder, output) as process:
                if programs is not None:
                    request = replace(request, programs=programs())
                    if not request.programs:
                        return ChildReport(), False
                    _ask(request, folder)
                ended_by = _watch(process, request, folder, output)
            printed = _tail(output)
        try:
            report = report_from_text((folder / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            report = ChildReport(failure=ended_by or _end(request, process.returncode))
        if report.failure:
            report.output = printed
        return report, process.returncode == AGAIN_REDIRECTED and not request.redirect


def _ask(request: Request, folder: Path) -> None:
    """Hand the request over, as a whole: the child may be looking for it."""
    (folder / "unfinished").write_text(request_to_text(request), encoding="utf-8")
    (folder / "unfinished").replace(folder / REQUEST)


@contextmanager
def _child(request: Request, folder: Path, output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A started child. On leaving, it and its whole group are dead."""
    packages = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", _BOOT, str(folder), packages],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=_environment(request, folder),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _kill(process)
        _end_leftovers(folder)


def _environment(request: Request, folder: Path) -> dict[str, str]:
    environment = {**os.environ, **_OFFLINE, "MLFLOW_TRACKING_URI": (folder / "mlruns").as_uri()}
    # No trace in the user's folders, and nothing lost from what was printed before the end.
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment["PYTHONUNBUFFERED"] = "1"
    # What is left there goes with the folder.
    environment["TMPDIR"] = str(folder / TEMPORARY)
    environment[_MARK] = str(folder)
    if request.device == "cpu":
        environment["CUDA_VISIBLE_DEVICES"] = ""
    elif request.mode is Mode.RUN and request.device.startswith("cuda:"):
        # The script says "cuda": the wanted device becomes the only one.
        number = request.device.partition(":")[2]
        visible = [name for name in environment.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
        chosen = visible[int(number)] if number.isdecimal() and int(number) < len(visible) else number
        environment["CUDA_VISIBLE_DEVICES"] = chosen
    return environment


def _watch(process: subprocess.Popen[bytes], request: Request, folder: Path, output: IO[bytes]) -> str:
    """Wait until the child has ended or reported, or a bound is passed: that bound, as a failure."""
    deadline, started = monotonic() + START, False
    limit = request.memory or int(machine_memory() * _MEMORY_SHARE)
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_EVERY)
            return ""
        if (folder / REPORT).exists():
            # A process that the script forked has reported, or the child has and cannot end.
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)
            return ""
        if not started and (folder / STARTED).exists():
            deadline, started = monotonic() + request.timeout + GRACE, True
        if monotonic() > deadline:
            if not started:
                return f"torch was not imported within {START:g} s"
            return f"{request.target} did not answer within {request.timeout:g} s (--timeout)"
        if group_memory(process.pid) > limit:
            return f"{request.target} took more than {limit / 2**30:.1f} GiB of memory"
        if os.fstat(output.fileno()).st_size > _OUTPUT_FILE_LIMIT:
            # The file is open for appending on both sides: what comes next starts it again.
            kept = _tail(output)
            output.truncate(0)
            output.write(kept.encode())
            output.flush()


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        # The group outlives its leader as long as one of its members lives.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_leftovers(folder: Path) -> None:
    """End what came from a child and has left its group. Without psutil, which the extra has, it stays."""
    with suppress(ImportError):
        import psutil

        for each in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if each.pid != os.getpid() and each.environ().get(_MARK) == str(folder):
                    each.kill()


def _end(request: Request, status: int) -> str:
    if status < 0:
        try:
            cause = signal.Signals(-status).name
        except ValueError:
            cause = f"signal {-status}"
        return f"{request.target} was killed by {cause}"
    return f"{request.target} ended its process with exit status {status}, and nothing was observed"


def _tail(output: IO[bytes]) -> str:
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - _OUTPUT_TAIL))
    return output.read().decode(errors="replace")


def machine_memory() -> int:
    """Bytes of memory that processes here may take together: the machine's, or the control group's if it has less."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        total = 16 << 30
    with suppress(OSError, ValueError):
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return total


def _by_proc(group: int) -> int:
    pages = 0
    for name in os.listdir("/proc"):
        if not name.isdecimal():
            continue
        with suppress(OSError, ValueError, IndexError):
            # The command's name stands in brackets and may hold spaces; the group is the third field after it.
            stat = Path("/proc", name, "stat").read_text(encoding="utf-8", errors="replace")
            if int(stat.rpartition(")")[2].split()[2]) == group:
                resident, shared = Path("/proc", name, "statm").read_text(encoding="ascii").split()[1:3]
                # Pages of files can be dropped and read again, those of shared memory would count for each process.
                pages += int(resident) - int(shared)
    return pages * os.sysconf("SC_PAGE_SIZE")


def _by_ps(group: int) -> int:
    listing = subprocess.run(["ps", "-A", "-o", "pgid=,rss="], capture_output=True, text=True, check=False).stdout
    rows = [line.split() for line in listing.splitlines()]
    return sum(int(row[1]) << 10 for row in rows if len(row) == 2 and row[0] == str(group))


def _unknown(group: int) -> int:
    return 0


def _memory_reader() -> Callable[[int], int]:
    if os.path.exists("/proc/self/statm"):
        return _by_proc
    return _unknown if sys.platform == "win32" else _by_ps


# Bytes of memory that the processes of a group hold for themselves.
group_memory = _memory_reader()
