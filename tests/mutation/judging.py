"""What becomes of one mutant: the tests that run the changed lines are run on it, the cheapest first."""

from __future__ import annotations

import enum
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutation.coverage_map import CoverageMap
from tests.mutation.mutants import Mutant
from tests.mutation.subject import End, Subject, allow_seconds, in_fork, run_tests

# How many times as long a test may take as on the program as it is, beside what it is allowed in any case.
_SLOWER = 10.0
# Collecting a file of tests takes about as long as some tests do; most mutants are killed by the first few.
_FIRST_SECONDS, _FIRST_FILES = 0.8, 4
_NO_TEST = 5
_USAGE_ERROR = 4


@dataclass(frozen=True)
class Limits:
    """Bounds in seconds of CPU time.

    Attributes:
        tests: of all tests of one mutant, by what they take on the program as it is.
        delay: what a mutant may add to one test before it counts as one that does not end.
    """

    tests: float = 20.0
    delay: float = 3.0


class Verdict(enum.Enum):
    """What becomes of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant.

    Attributes:
        mutant: the mutant.
        verdict: what became of it. A mutant that takes too long is killed, too.
        by: the test that failed, as far as one can be named.
        ran: how many tests were to be run.
        left_out: how many more run the changed lines, and were left out for the time that they take.
        seconds: of CPU time.
    """

    mutant: Mutant
    verdict: Verdict
    by: str
    ran: int
    left_out: int
    seconds: float


def judge(mutant: Mutant, subject: Subject, covered: CoverageMap, limits: Limits) -> Outcome:
    """Runs the tests that may tell a mutant, to the first that fails, or to where that time is over."""
    tests = covered.tests_of(mutant, subject.root)
    wanted = _within(tests, covered.costs, limits.tests)
    report = subject.scratch / "failed"
    ran, seconds = 0, 0.0
    for batch in _batches(wanted, covered.costs):
        report.unlink(missing_ok=True)
        end = _run_on(mutant, subject, _Chosen(batch, covered.costs, limits.delay, report))
        ran += len(batch)
        seconds += end.seconds
        if end.status == _USAGE_ERROR:
            raise RuntimeError(f"pytest could not be started on {mutant}")
        if end.status not in {0, _NO_TEST}:
            verdict = Verdict.TIMED_OUT if end.is_out_of_time else Verdict.KILLED
            by = report.read_text(encoding="utf-8") if report.is_file() else ""
            return Outcome(mutant, verdict, by, ran, len(tests) - len(wanted), seconds)
    return Outcome(mutant, Verdict.SURVIVED, "", ran, len(tests) - len(wanted), seconds)


def _within(tests: Sequence[str], costs: Mapping[str, float], most_seconds: float) -> list[str]:
    chosen: list[str] = []
    spent = 0.0
    for test in tests:
        spent += costs[test]
        if spent > most_seconds and chosen:
            break
        chosen.append(test)
    return chosen


def _batches(tests: Sequence[str], costs: Mapping[str, float]) -> list[list[str]]:
    """The tests in two parts, the first one of few files and short."""
    first: list[str] = []
    files: set[str] = set()
    spent = 0.0
    for test in tests:
        file = _file_of(test)
        if file in files or len(files) < _FIRST_FILES:
            if spent + costs[test] > _FIRST_SECONDS and first:
                break
            files.add(file)
            first.append(test)
            spent += costs[test]
    begun = set(first)
    return [batch for batch in (first, [test for test in tests if test not in begun]) if batch]


def _file_of(test: str) -> str:
    return test.partition("::")[0]


class _Chosen:
    """Runs these tests in this order, each within its time, and names the one that fails."""

    def __init__(self, tests: Sequence[str], costs: Mapping[str, float], delay: float, report: Path) -> None:
        self._bounds = {test: delay + _SLOWER * costs[test] for test in tests}
        self._order = {test: at for at, test in enumerate(tests)}
        self._delay, self._report = delay, report

    @property
    def files(self) -> list[str]:
        """The files that the tests are in."""
        return sorted({_file_of(test) for test in self._order})

    @property
    def wall_seconds(self) -> float:
        """How long all that may take by the clock, on a machine that is busy with other work."""
        return 60 + 10 * sum(self._bounds.values())

    def begin(self) -> None:
        """Bounds what runs before the first test: the imports."""
        allow_seconds(2 * self._delay)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = self._order
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        allow_seconds(self._bounds[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._report.write_text(report.nodeid, encoding="utf-8")


def _run_on(mutant: Mutant, subject: Subject, chosen: _Chosen) -> End:
    def work() -> int:
        chosen.begin()
        sys.meta_path.insert(0, _Served(mutant, subject.root))
        return run_tests(subject, ["-x", *chosen.files], chosen)

    return in_fork(work, chosen.wall_seconds)


class _Served(importlib.abc.MetaPathFinder):
    """Gives the mutated code for one module. The file stays as it is, and so does what Python keeps of it."""

    def __init__(self, mutant: Mutant, root: Path) -> None:
        self._path = root / mutant.path
        self._module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._source = mutant.applied(self._path.read_bytes())

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        loader = _Loader(fullname, self._path, self._source)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: Path, source: bytes) -> None:
        super().__init__(fullname, str(path))
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        code = compile(self._source, self.path, "exec", dont_inherit=True)
        assert isinstance(code, CodeType)
        return code
