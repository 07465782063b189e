"""What a run came to: the sum of the reports on its files, and the exit status that follows from it."""

from __future__ import annotations

from abc import ABC, abstractmethod

TYPE_CHECKING = False  # every run makes a summary, and `typing` is not imported at start
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lr_lint.vocabulary.diagnostics import Diagnostic, Failure, FileReport

FOUND, FAILED = 1, 2


class RunSummary(ABC):
    """The sum of a run, whatever it looked for."""

    @property
    @abstractmethod
    def found(self) -> bool:
        """Whether something is wrong with what was looked at."""

    @property
    @abstractmethod
    def failed(self) -> bool:
        """Whether something could not be done."""

    @property
    def status(self) -> int:
        """The exit status: the sum of 1 for what was found and 2 for what failed."""
        return FOUND * self.found + FAILED * self.failed


class FilesSummary(RunSummary):
    """The sum of a run over files.

    Attributes:
        failures: the files and paths that could not be analysed.
        discovered: number of files, those that could not be analysed included.
    """

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.discovered = 0

    @property
    def failed(self) -> bool:
        """Whether some file could not be analysed."""
        return bool(self.failures)

    def listed(self, numbers: Mapping[str, int]) -> str:
        """A line on a list of schedulers: how many there are, and how many of which verdict."""
        told = ", ".join(f"{number} {verdict}" for verdict, number in numbers.items() if number)
        counts = f"{counted(sum(numbers.values()), 'scheduler')} in {counted(self.discovered, 'file')}"
        line = f"{counts}: {told}." if told else f"{counts}."
        return f"{line} Not analysed: {counted(len(self.failures), 'path')}." if self.failures else line


class CheckSummary(FilesSummary):
    """The sum of a check.

    Attributes:
        diagnostics: the findings in all files.
        parsed: number of files that the text gate let through to the parser, which could read them.
        sites: number of scheduler constructions.
        undecided: number of those whose schedule nothing can be said about.
        hidden: number of findings that are less sure than was asked for.
        known: number of findings that are not told, since a baseline has them.
        unchanged: number of findings that are not told, since they have nothing to do with changed lines.
        refused: number of files that could not be written, or not with all their fixes.
        forgives: whether findings do not change the exit status.
        fixes: whether fixes were looked for.
    """

    def __init__(self, forgives: bool = False, fixes: bool = False) -> None:
        super().__init__()
        self.diagnostics: list[Diagnostic] = []
        self.parsed = 0
        self.sites = 0
        self.undecided = 0
        self.hidden = 0
        self.known = 0
        self.unchanged = 0
        self.refused = 0
        self.forgives = forgives
        self.fixes = fixes

    def add(self, report: FileReport | None) -> None:
        """Count a file in. A file without a report names no scheduler."""
        self.discovered += 1
        if report is None:
            return
        self.diagnostics += report.diagnostics
        if report.failure is not None:
            self.failures.append(report.failure)
        self.parsed += report.parsed
        self.sites += report.sites
        self.undecided += report.undecided
        self.hidden += report.hidden
        self.known += len(report.known)

    @property
    def told(self) -> list[Diagnostic]:
        """What formats for programs list: the findings, and the files that could not be read, in order.

        These are findings of a rule as well, but the exit status tells them apart.
        """
        unreadable = (failure.diagnostic for failure in self.failures)
        return sorted([*self.diagnostics, *(each for each in unreadable if each is not None)])

    @property
    def found(self) -> bool:
        """Whether there are findings that count."""
        return bool(self.diagnostics) and not self.forgives

    @property
    def failed(self) -> bool:
        """Whether some file could not be analysed or written."""
        return bool(self.failures or self.refused)

    def closing_line(self) -> str:
        """One line for people."""
        found = "No problems found"
        if self.diagnostics:
            files = len({diagnostic.path for diagnostic in self.diagnostics})
            found = f"Found {counted(len(self.diagnostics), 'problem')} in {counted(files, 'file')}"
        line = f"{found} ({counted(self.sites, 'scheduler')} in {counted(self.discovered, 'file')})."
        return f"{line} Not checked: {counted(len(self.failures), 'path')}." if self.failures else line

    def hints(self) -> Iterator[str]:
        """What is not told here, a line each, with the command that tells it."""
        mendable = self._mendable()
        if mendable:
            yield f"{counted(mendable, 'finding')} of a kind that can be mended: `--diff` shows how."
        if self.undecided:
            yield f"{counted(self.undecided, 'scheduler')} undecided: `lr-lint sites` says why."
        if self.unchanged:
            yield f"{counted(self.unchanged, 'finding')} not on changed lines: see them without `--diff-base`."
        if self.known:
            yield f"{counted(self.known, 'finding')} known by a baseline: see `--no-baseline`."
        if self.hidden:
            yield f"{counted(self.hidden, 'finding')} not sure enough to be told: see `--min-confidence possible`."

    def _mendable(self) -> int:
        if not self.diagnostics:
            return 0
        from lr_lint.checks.rules import by_code_or_name

        rules = {diagnostic.code: by_code_or_name(diagnostic.code) for diagnostic in self.diagnostics}
        mended = {code for code, rule in rules.items() if rule is not None and rule.remedy}
        return sum(diagnostic.code in mended for diagnostic in self.diagnostics)


def counted(number: int, noun: str) -> str:
    """A number of things, in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
