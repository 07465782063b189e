"""Asks coverage which tests run which lines: once for all tests, later for those whose file has changed."""

from __future__ import annotations

import functools
import gc
import hashlib
import os
import pickle
import time
from collections.abc import Generator, Iterable
from pathlib import Path

import coverage
import pytest

from tests.mutation.coverage_map import CoverageMap
from tests.mutation.subject import Subject, in_fork, run_tests

_LONGEST_RUN = 7200.0
_KEPT = Path("build") / "mutation.pickle"


def coverage_of(subject: Subject, *, anew: bool) -> CoverageMap:
    """The map of a program. What is kept of an earlier run is brought up to date, unless all is asked anew."""
    kept = subject.root / _KEPT
    found = CoverageMap()
    if kept.is_file() and not anew:
        found = pickle.loads(kept.read_bytes())
        assert isinstance(found, CoverageMap)
    files = _test_files(subject)
    changed = {path for path in files.keys() | found.files.keys() if files.get(path) != found.files.get(path)}
    found.forget_tests_in(changed)
    found.follow(subject.root)
    kept.parent.mkdir(exist_ok=True)
    for path in sorted(changed):
        found.files.pop(path, None)
        if path in files:
            # Kept at once, since all files together take minutes.
            found.add(_recorded(subject, path))
            found.files[path] = files[path]
            kept.write_bytes(pickle.dumps(found))
    return found


def _test_files(subject: Subject) -> dict[str, str]:
    """The files with tests, and a digest of each."""
    files = {path for test in subject.tests for path in (subject.root / test).rglob("test_*.py")}
    return {
        path.relative_to(subject.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not any(subject.root / folder in path.parents for folder in subject.without)
    }


def _recorded(subject: Subject, file: str) -> CoverageMap:
    made = subject.scratch / "coverage.pickle"
    made.unlink(missing_ok=True)
    in_fork(lambda: _record(subject, file, made), _LONGEST_RUN)
    if not made.is_file():
        raise RuntimeError(f"{file} ends the process that runs it")
    found = pickle.loads(made.read_bytes())
    assert isinstance(found, CoverageMap)
    return found


def _record(subject: Subject, file: str, made: Path) -> int:
    """Runs the tests of a file under coverage and writes down what they ran."""
    packages = [str(subject.root / package) for package in subject.packages]
    measured = coverage.Coverage(data_file=None, config_file=False, source=packages)
    recorder = _Recorder(measured, subject.packages, file)
    measured.start()
    measured.switch_context(file)
    status = run_tests(subject, [file], recorder)
    measured.stop()
    data = measured.get_data()
    found = CoverageMap(dict(recorder.costs))
    # One object for each name, whatever coverage gives: what is kept is a tenth as large.
    known = {test: test for test in (file, *found.costs)}
    for path in map(Path, data.measured_files()):
        name = path.relative_to(subject.root).as_posix()
        lines = data.contexts_by_lineno(str(path))
        found.lines[name] = {line: {known[test] for test in tests if test in known} for line, tests in lines.items()}
        found.texts[name] = path.read_text(encoding="utf-8").splitlines()
    made.write_bytes(pickle.dumps(found))
    return status


class _Recorder:
    """Tells coverage which test runs, or that the file is imported, and measures each test.

    What an earlier test left in a cache is forgotten first: the later one would seem not to run those lines. A test
    that does not pass on the program as it is tells nothing about mutants, and is not named.
    """

    def __init__(self, measured: coverage.Coverage, packages: Iterable[str], file: str) -> None:
        self.costs: dict[str, float] = {}
        self._measured, self._file = measured, file
        self._packages = {*packages, "tests"}
        self._failed: set[str] = set()
        self._caches: list[functools._lru_cache_wrapper[object]] = []

    def pytest_collection_finish(self) -> None:
        for value in gc.get_objects():
            if isinstance(value, functools._lru_cache_wrapper):
                module = str(getattr(value, "__module__", ""))
                if module.partition(".")[0] in self._packages:
                    self._caches.append(value)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        for cache in self._caches:
            cache.cache_clear()
        self._measured.switch_context(item.nodeid)
        before = _seconds()
        try:
            return (yield)
        finally:
            if item.nodeid not in self._failed:
                self.costs[item.nodeid] = _seconds() - before
            self._measured.switch_context(self._file)


def _seconds() -> float:
    """CPU time of this process and of those that it waited for."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
