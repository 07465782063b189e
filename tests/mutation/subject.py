"""The program that is mutated, and how its tests are run: always in a fork of this process, which has not imported it.

So every run starts with the libraries loaded and with none of the program's modules.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

# What the tests import that is neither theirs nor the program's; what is not installed they do without.
_LIBRARIES = (
    "hypothesis.strategies",
    "libcst.metadata",
    "numpy",
    "pathspec",
    "rich.console",
    "yaml",
    "flake8.main.cli",
)
_LARGEST_MEMORY = 4 << 30
_OPTIONS = ("-q", "--assert=plain", "-p", "no:cacheprovider", "-m", "not slow")


@dataclass(frozen=True)
class Subject:
    """A program and its tests.

    Attributes:
        root: the folder of the project.
        folders: those with the files that are mutated.
        tests: the folders with its tests.
        without: folders among them whose tests are not run.
        scratch: a folder for temporary files.
    """

    root: Path
    folders: tuple[str, ...]
    tests: tuple[str, ...]
    without: tuple[str, ...]
    scratch: Path

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that the folders are in."""
        return tuple(sorted({folder.partition("/")[0] for folder in self.folders}))


@dataclass(frozen=True)
class End:
    """How a fork ended.

    Attributes:
        status: its exit status; negative, the signal that ended it.
        seconds: of CPU time that it and its children took.
    """

    status: int
    seconds: float

    @property
    def is_out_of_time(self) -> bool:
        """Whether it was ended for the time that it took."""
        return -self.status in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}


def warm_up() -> None:
    """Imports what all runs need."""
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def in_fork(work: Callable[[], int], wall_seconds: float) -> End:
    """Runs something in a fork without input and output; its processes end with it."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        status = 70
        try:
            _become_quiet(wall_seconds)
            status = work()
        finally:
            os._exit(status)
    _, waited, usage = os.wait4(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return End(os.waitstatus_to_exitcode(waited), usage.ru_utime + usage.ru_stime)


def close_streams() -> None:
    """Takes input and output away from this process."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)


def _become_quiet(wall_seconds: float) -> None:
    os.setsid()
    close_streams()
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST_MEMORY, _LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def allow_seconds(more: float) -> None:
    """Bounds the CPU time of this process from now on; there is no other bound for code that is wrong on purpose."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + more) + 1, hard))


def run_tests(subject: Subject, arguments: Sequence[str], plugin: object) -> int:
    """Runs tests in this process; gives pytest's exit status."""
    os.chdir(subject.root)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(subject.scratch / "hypothesis")
    sys.path.insert(0, str(subject.root))
    _find_examples_only()
    folder = subject.scratch / str(os.getpid())
    return int(pytest.main([*_OPTIONS, f"--basetemp={folder}", *arguments], plugins=[plugin]))


def _find_examples_only() -> None:
    """That a counterexample exists is enough; the smallest one would take longer than all other tests."""
    with contextlib.suppress(ImportError):
        from hypothesis import Phase, settings

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", phases=phases, database=None, report_multiple_bugs=False)
        settings.load_profile("mutation")
