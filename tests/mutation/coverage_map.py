"""Which tests run which lines, and what each test costs."""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.mutants import Mutant

# What so many files of tests run while they are imported, their tests are about; what more of them run, none is.
_FEW = 3
# A table may be made of another one, and that of a third.
_MADE = re.compile(r"\s*(\w+)\s*(?::[^=]+)?=[^=]")
_MOST_NAMES = 8
# What code and the names of tests have in common, and how many lines there are to a row of a table.
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]{4,5}")
_ROW = 6


@dataclass
class CoverageMap:
    """What tests run.

    Attributes:
        costs: of each test, in seconds of CPU time.
        lines: the tests that run each line of each file, and the files that do while they are imported.
        texts: the lines of each of these files when the tests ran.
        files: a digest of each file with tests.
    """

    costs: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def forget_tests_in(self, files: set[str]) -> None:
        """Takes out what is known of the tests in some files."""
        gone = files | {test for test in self.costs if file_of(test) in files}
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
        for path in [path for path in self.texts if not (root / path).is_file()]:
            del self.texts[path], self.lines[path]
        for path in self.texts:
            before, now = self.texts[path], _lines_of(root / path)
            if before != now:
                self.lines[path] = _moved(self.lines.get(path, {}), before, now)
                self.texts[path] = now

    def tests_of(self, mutant: Mutant, root: Path) -> list[str]:
        """The tests that may tell a mutant, the cheapest first."""
        return sorted(self._running(mutant, root), key=lambda test: (self.costs[test], test))

    def runs_at_import(self, mutant: Mutant) -> bool:
        """Whether the changed lines have run, and left what they made, before any test does."""
        return any(not _is_test(name) for name in self._names(mutant.path, *mutant.lines))

    def _running(self, mutant: Mutant, root: Path) -> set[str]:
        if not mutant.names:
            for first, last in (mutant.lines, mutant.statement, mutant.scope):
                tests = self._between(mutant.path, first, last)
                if tests:
                    return tests
            if not self._names(mutant.path, *mutant.scope):
                return set()
        return self._naming(mutant, root) or self._using(mutant.path, root)

    def _names(self, path: str, first: int, last: int) -> set[str]:
        lines = self.lines.get(path, {})
        return {name for line in range(first, last + 1) for name in lines.get(line, ())}

    def _between(self, path: str, first: int, last: int) -> set[str]:
        lines = self.lines.get(path, {})
        return set[str]().union(*(self._tests_in(lines.get(line, set())) for line in range(first, last + 1)))

    def _tests_in(self, names: set[str]) -> set[str]:
        """The tests that tell something about a line that these run.

        Where it runs at import those are no tests of it during which its file happens to be imported.
        """
        tests = set(filter(_is_test, names))
        files = names - tests
        if not files:
            return tests
        return {test for test in self.costs if file_of(test) in files} if len(files) <= _FEW else set()

    def _naming(self, mutant: Mutant, root: Path) -> set[str]:
        """The tests of lines that name what runs at import, or what is made of that: a table's, a class's."""
        tests: set[str] = set()
        pending = list(mutant.names) or [mutant.function.rpartition(".")[2]]
        seen = set(pending)
        while pending and len(seen) < _MOST_NAMES:
            name = pending.pop()
            word = re.compile(rf"\b{re.escape(name)}\b")
            for path in [mutant.path] if name.startswith("_") else self.lines:
                for number, text in enumerate(_lines_of(root / path), 1):
                    if word.search(text):
                        tests |= self._between(path, number, number)
                        made = _MADE.match(text)
                        if made is not None and made[1] not in seen and self._names(path, number, number):
                            seen.add(made[1])
                            pending.append(made[1])
        public = [name for name in mutant.names if not name.startswith("_")]
        return tests | self._in_files_naming(public, root)

    def _in_files_naming(self, names: Sequence[str], root: Path) -> set[str]:
        """The tests of files that name a table themselves: those that only read it run none of the program's lines."""
        word = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b") if names else None
        files = {file for file in self.files if word is not None and word.search("\n".join(_lines_of(root / file)))}
        return {test for test in self.costs if file_of(test) in files}

    def _using(self, path: str, root: Path) -> set[str]:
        """The tests of the file, else those of the files that import it."""
        tests = self._run_in(path)
        if tests:
            return tests
        name = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        importing = re.compile(rf"^\s*(from|import) .*\b{re.escape(name)}\b", re.MULTILINE)
        users = [user for user in self.lines if importing.search("\n".join(_lines_of(root / user)))]
        return set[str]().union(*map(self._run_in, users))

    def _run_in(self, path: str) -> set[str]:
        return set[str]().union(*map(self._tests_in, self.lines.get(path, {}).values()))


def akin(mutant: Mutant, tests: Sequence[str], root: Path) -> list[str]:
    """The tests, those first whose names have rare words of the change: of its file, its function, its lines.

    An entry of a table is a part of a row, whose name stands before it.
    """
    first, last = mutant.lines
    lines = _lines_of(root / mutant.path)[max(0, first - (_ROW if mutant.names else 1)) : last]
    near = _words(" ".join((mutant.path.rpartition("/")[2], mutant.function, *lines)))
    shared = {test: _words(test) & near for test in tests}
    spread = Counter(itertools.chain.from_iterable(shared.values()))
    return sorted(tests, key=lambda test: -sum(1 / spread[word] for word in shared[test]))


@functools.cache
def _words(text: str) -> frozenset[str]:
    """The beginnings of words: a mutant in ``resumptions`` is about what is ``resumed_wrongly``."""
    return frozenset(word.lower() for word in _WORD.findall(text))


def file_of(test: str) -> str:
    """The file that a test is in."""
    return test.partition("::")[0]


def _is_test(name: str) -> bool:
    return "::" in name


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
