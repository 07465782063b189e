"""Which tests run which lines, and what each test costs."""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.mutants import Mutant

# The test that what is run at import belongs to.
_IMPORT = ""


@dataclass
class CoverageMap:
    """What tests run.

    Attributes:
        costs: of each test, in seconds of CPU time.
        lines: the tests that run each line of each file; the empty name for those that run at import.
        texts: the lines of each of these files when the tests ran.
        files: a digest of each file with tests.
    """

    costs: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def forget_tests_in(self, files: set[str]) -> None:
        """Takes out what is known of the tests in some files."""
        gone = {test for test in self.costs if test.partition("::")[0] in files}
        self.costs = {test: cost for test, cost in self.costs.items() if test not in gone}
        for lines in self.lines.values():
            for tests in lines.values():
                tests -= gone

    def add(self, other: CoverageMap) -> None:
        """Puts in what other tests of the same program run."""
        self.costs.update(other.costs)
        self.files.update(other.files)
        self.texts.update(other.texts)
        for path, lines in other.lines.items():
            mine = self.lines.setdefault(path, {})
            for line, tests in lines.items():
                mine[line] = mine.get(line, set()) | tests

    def follow(self, root: Path) -> None:
        """Moves what is known of lines to where they are now; a new line is run by those that run the one before."""
        for path in [path for path in self.texts if (root / path).is_file()]:
            before, now = self.texts[path], _lines_of(root / path)
            if before != now:
                self.lines[path] = _moved(self.lines.get(path, {}), before, now)
                self.texts[path] = now

    def tests_of(self, mutant: Mutant, root: Path) -> list[str]:
        """The tests that may tell a mutant, the cheapest first."""
        found = self._running(mutant, root) - {_IMPORT}
        return sorted(found, key=lambda test: (self.costs[test], test))

    def _running(self, mutant: Mutant, root: Path) -> set[str]:
        if not mutant.names:
            for first, last in (mutant.lines, mutant.statement, mutant.scope):
                tests = self._between(mutant.path, first, last)
                if tests - {_IMPORT}:
                    return tests
            if not tests:
                return tests
        by_name = self._naming(mutant, root)
        return by_name if by_name - {_IMPORT} else self._using(mutant.path, root)

    def _between(self, path: str, first: int, last: int) -> set[str]:
        lines = self.lines.get(path, {})
        return {test for line in range(first, last + 1) for test in lines.get(line, ())}

    def _naming(self, mutant: Mutant, root: Path) -> set[str]:
        """The tests of lines that name what runs at import: a table's, a class's, a function's."""
        names = mutant.names or (mutant.function.rpartition(".")[2],)
        private = all(name.startswith("_") for name in names)
        word = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
        tests: set[str] = set()
        for path in [mutant.path] if private else self.lines:
            for number, text in enumerate(_lines_of(root / path), 1):
                if word.search(text):
                    tests |= self._between(path, number, number)
        return tests

    def _using(self, path: str, root: Path) -> set[str]:
        """The tests of the file, else those of the files that import it."""
        tests = set[str]().union(*self.lines.get(path, {}).values())
        if tests - {_IMPORT}:
            return tests
        name = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        importing = re.compile(rf"^\s*(from|import) .*\b{re.escape(name)}\b", re.MULTILINE)
        users = [user for user in self.lines if importing.search("\n".join(_lines_of(root / user)))]
        return tests.union(*(tests for user in users for tests in self.lines[user].values()))


@functools.cache
def _lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _moved(lines: dict[int, set[str]], before: list[str], now: list[str]) -> dict[int, set[str]]:
    moved: dict[int, set[str]] = {}
    for tag, start, end, first, last in difflib.SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(range(start, end), range(first, last), strict=True)
            moved.update({new + 1: lines[old + 1] for old, new in pairs if old + 1 in lines})
        else:
            tests = set[str]().union(*(lines.get(line, set()) for line in range(start, end + 1)))
            moved.update({new + 1: set(tests) for new in range(first, last) if tests})
    return moved
