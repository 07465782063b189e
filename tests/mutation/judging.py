"""What becomes of mutants: the tests that run the changed lines are run on each, until one fails.

As many as possible are judged in forks of one process that has loaded the program and collected the tests, see `live`.
For each of the others the program is loaded anew.
"""

from __future__ import annotations

import bisect
import enum
import functools
import gc
import itertools
import os
import pickle
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutation.coverage_map import CoverageMap, akin, file_of
from tests.mutation.live import Change, LiveProgram
from tests.mutation.loading import Served
from tests.mutation.mutants import Mutant
from tests.mutation.subject import End, Subject, allow_seconds, close_streams, in_fork, run_tests

# How many times as long a test may take as on the program as it is, beside what it is allowed in any case.
_SLOWER = 10.0
# To collect a file of tests takes as long as some tests do, and most mutants are killed by the first few.
_FIRST_FILES, _FIRST_SECONDS = 4, 0.8
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


@dataclass(frozen=True)
class Judge:
    """Judges mutants of one program.

    Attributes:
        subject: the program and its tests.
        covered: which tests run what.
        limits: what that may take.
    """

    subject: Subject
    covered: CoverageMap
    limits: Limits

    def outcomes(self, mutants: Sequence[Mutant]) -> Iterator[Outcome]:
        """What becomes of each, not quite in that order."""
        left = []
        for judged in _from_fork(self, mutants):
            if isinstance(judged, Outcome):
                yield judged
            else:
                left.append(judged)
        for mutant in left:
            chosen, left_out = self.choose(mutant)
            yield self.outcome(mutant, chosen, left_out, self._loaded_anew(mutant, chosen))

    def choose(self, mutant: Mutant) -> tuple[Chosen, int]:
        """The tests that may tell a mutant, as far as time allows, and how many are left out.

        What all tests run, the cheapest of them say little about: half of the time is for others, first those that are
        named like what is changed, and then some that are drawn from the rest.
        """
        tests = self.covered.tests_of(mutant, self.subject.root)
        cheapest = self._within(self.limits.tests / 2, tests)
        rest = tests[len(cheapest) :]
        random.Random(str(mutant)).shuffle(rest)
        rest = akin(mutant, rest, self.subject.root)
        chosen = cheapest + self._within(self.limits.tests - sum(map(self.covered.costs.__getitem__, cheapest)), rest)
        report = self.subject.scratch / "failed"
        report.unlink(missing_ok=True)
        return Chosen(chosen, self.covered.costs, self.limits.delay, report), len(tests) - len(chosen)

    def _within(self, seconds: float, tests: Sequence[str]) -> list[str]:
        """The first tests that take no longer than that together; one of them in any case."""
        spent = list(itertools.accumulate(self.covered.costs[test] for test in tests))
        return list(tests[: max(1, bisect.bisect_right(spent, seconds))])

    def outcome(self, mutant: Mutant, chosen: Chosen, left_out: int, end: End) -> Outcome:
        """What the end of the tests' process means."""
        if end.status == _USAGE_ERROR:
            raise RuntimeError(f"pytest could not be started on {mutant}")
        verdict = Verdict.KILLED
        if end.status in {0, _NO_TEST}:
            verdict = Verdict.SURVIVED
        elif end.is_out_of_time:
            verdict = Verdict.TIMED_OUT
        by = chosen.report.read_text(encoding="utf-8") if chosen.report.is_file() else ""
        return Outcome(mutant, verdict, by, len(chosen.tests), left_out, end.seconds)

    def _loaded_anew(self, mutant: Mutant, chosen: Chosen) -> End:
        seconds = 0.0
        for part in chosen.parts():
            end = in_fork(functools.partial(self._load, mutant, part), part.wall_seconds)
            seconds += end.seconds
            if end.status not in {0, _NO_TEST}:
                return End(end.status, seconds)
        return End(0, seconds)

    def _load(self, mutant: Mutant, chosen: Chosen) -> int:
        allow_seconds(2 * self.limits.delay)
        sys.meta_path.insert(0, Served(mutant, self.subject.root))
        return run_tests(self.subject, ["-x", *chosen.files], chosen)


class Chosen:
    """Runs these tests in this order, each within its time, and names the one that fails."""

    def __init__(self, tests: Sequence[str], costs: Mapping[str, float], delay: float, report: Path) -> None:
        self.tests, self.report = tests, report
        self._costs, self._delay = costs, delay
        self._bounds = {test: delay + _SLOWER * costs[test] for test in tests}
        self._order = {test: at for at, test in enumerate(tests)}

    @property
    def files(self) -> list[str]:
        """The files that the tests are in."""
        return sorted({file_of(test) for test in self.tests})

    @property
    def wall_seconds(self) -> float:
        """How long all that may take by the clock, on a machine that is busy with other work."""
        return 60 + 10 * sum(self._bounds.values())

    def parts(self) -> list[Chosen]:
        """The tests in two parts, the first one of few files and short."""
        first: list[str] = []
        files: set[str] = set()
        spent = 0.0
        for test in self.tests:
            file = file_of(test)
            if file not in files and len(files) == _FIRST_FILES:
                continue
            if first and spent + self._costs[test] > _FIRST_SECONDS:
                break
            files.add(file)
            first.append(test)
            spent += self._costs[test]
        rest = [test for test in self.tests if test not in set(first)]
        return [Chosen(part, self._costs, self._delay, self.report) for part in (first, rest) if part]

    def run(self, items: Mapping[str, pytest.Item]) -> int:
        """Runs the tests here, where they are collected, to the first that fails; gives an exit status."""
        here = [items[test] for test in self.tests if test in items]
        for item, following in zip(here, [*here[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.report.is_file():
                return 1
        return 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = self._order
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        allow_seconds(self._bounds[item.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.report.write_text(report.nodeid, encoding="utf-8")


def _from_fork(judge: Judge, mutants: Sequence[Mutant]) -> Iterator[Outcome | Mutant]:
    """Judges in a fork that loads the program; gives back what has to be loaded anew."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            close_streams()
            os.close(reading)
            with os.fdopen(writing, "wb", buffering=0) as pipe:
                files = sorted(judge.covered.files)
                run_tests(judge.subject, ["-s", *files], _Session(judge, mutants, pipe.write))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        judged = 0
        while judged < len(mutants):
            yield pickle.load(answers)
            judged += 1
    os.waitpid(child, 0)


class _Session:
    """Judges mutants in the place of running tests, once all are collected."""

    def __init__(self, judge: Judge, mutants: Sequence[Mutant], answer: Callable[[bytes], object]) -> None:
        self._judge, self._mutants, self._answer = judge, mutants, answer

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        subject = self._judge.subject
        program = LiveProgram(subject.root, {*subject.packages, *subject.tests})
        items = {item.nodeid: item for item in session.items}
        # What is frozen is not looked at by the forks' collections, and so not copied.
        gc.freeze()
        for mutant in self._mutants:
            changes = None if self._judge.covered.runs_at_import(mutant) else program.changes(mutant)
            judged = mutant if changes is None else self._judged(mutant, program, changes, items)
            self._answer(pickle.dumps(judged))
        return True

    def _judged(
        self, mutant: Mutant, program: LiveProgram, changes: Sequence[Change], items: Mapping[str, pytest.Item]
    ) -> Outcome:
        chosen, left_out = self._judge.choose(mutant)

        def work() -> int:
            allow_seconds(self._judge.limits.delay)
            program.apply(changes)
            next(iter(items.values())).config.pluginmanager.register(chosen)
            return chosen.run(items)

        return self._judge.outcome(mutant, chosen, left_out, in_fork(work, chosen.wall_seconds))
