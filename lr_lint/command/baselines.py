"""``--baseline`` and ``--write-baseline``: what is known already is not told, and what is gone is said."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lr_lint.checks.rules import by_code_or_name
from lr_lint.command.adoption_options import DEFAULT_BASELINE
from lr_lint.command.console import complain, write_file
from lr_lint.command.settings_options import named_baseline
from lr_lint.reports.summary import counted
from lr_lint.source.baseline import Baseline, baseline_text, total
from lr_lint.source.fingerprints import fingerprints
from lr_lint.source.settings import is_reported_in
from lr_lint.vocabulary.diagnostics import Failure, FileReport, KnownFinding

if TYPE_CHECKING:
    import argparse

    from lr_lint.source.project_settings import ProjectSettings

    Reports = Sequence[tuple[str, FileReport | None]]

_ENTRIES_NAMED = 5


@dataclass(slots=True)
class _Use:
    """What a run has to do with one baseline.

    Attributes:
        baseline: as it was read.
        found: the findings of the run that it knows, or is to know.
        checked: absolute paths of the files that were looked at.
        failed: of those, what could not be analysed.
    """

    baseline: Baseline
    found: Counter[KnownFinding] = field(default_factory=Counter)
    checked: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    def take(self, path: str, report: FileReport | None, entries: Iterable[KnownFinding]) -> None:
        """Count a file in."""
        self.checked.add(os.path.abspath(path))
        if report is not None and report.failure is not None:
            self.failed.add(os.path.abspath(path))
        self.found.update(entries)

    def gone(self, judged: Callable[[_Use, KnownFinding], bool]) -> Counter[KnownFinding]:
        """What it knows, but this run would have found, and did not."""
        counts = Counter(self.baseline.counts)
        return Counter({entry: count for entry, count in (counts - self.found).items() if judged(self, entry)})


class BaselineRun:
    """The baselines of one run."""

    def __init__(self, options: argparse.Namespace, projects: ProjectSettings) -> None:
        """Read the baseline that is to be written, if it is named: another file is not to be lost.

        Args:
            options: those of the command line.
            projects: the settings of each file, with its baseline.

        Raises:
            RefusalError: if what is named is no baseline.
        """
        self._options = options
        self._projects = projects
        self._uses: dict[str, _Use] = {}
        self._by_settings: set[str] = set()
        if options.write_baseline:
            self._use_of(named_baseline(options.write_baseline))

    def settle(self, reports: Reports) -> Iterator[tuple[str, FileReport | None]]:
        """The reports of a run, after what is missing and what is gone was said."""
        yield from reports
        for path, report in reports:
            baseline = self._projects.project_of(path).settings.baseline
            if baseline is not None:
                self._use_of(baseline).take(path, report, () if report is None else report.known)
        for use in self._uses.values():
            if use.baseline.is_missing:
                reason = "there is no such baseline; --write-baseline makes it"
                failure = Failure(use.baseline.shown, reason, code="")
                yield failure.path, FileReport(failure.path, failure=failure)
            elif not self._options.quiet:
                _tell_gone(use.baseline, use.gone(self._is_judged))

    def write(
        self, reports: Reports, lines_of: Callable[[str, int | None], Sequence[str] | None]
    ) -> Iterator[tuple[str, FileReport | None]]:
        """Write all that was found into the baselines of its files; from then on it is known.

        Args:
            reports: on all files.
            lines_of: gives the lines of a file or a cell.

        Raises:
            RefusalError: if one cannot be written, or there is a file in its place that is none.
        """
        written: list[tuple[str, FileReport | None]] = []
        for path, report in reports:
            use = self._target_of(path)
            name = use.baseline.named(path)
            new: list[KnownFinding] = []
            known: list[KnownFinding] = []
            if report is not None:
                marks = fingerprints(report.diagnostics, lines_of)
                new = [
                    KnownFinding(name, each.code, mark) for each, mark in zip(report.diagnostics, marks, strict=True)
                ]
                known = [entry._replace(path=name) for entry in report.known]
                report = replace(report, diagnostics=(), unfixed=(), known=(*known, *new))
            use.take(path, report, (*known, *new))
            written.append((path, report))
        for use in self._uses.values():
            self._write(use)
        yield from written

    def _write(self, use: _Use) -> None:
        old, gone = Counter(use.baseline.counts), use.gone(self._is_judged)
        counts = (old - gone) | use.found
        if counts == old and not use.baseline.is_missing:
            self._tell(f"{use.baseline.shown}: {counted(total(counts), 'finding')}, as before")
            return
        write_file(use.baseline.shown, baseline_text(counts).encode())
        new = f", {(counts - old).total()} of them new" if old and counts - old else ""
        dropped = f"; {counted(gone.total(), 'finding')} dropped that {_are(gone.total())} gone" if gone else ""
        self._tell(f"{use.baseline.shown}: {counted(total(counts), 'finding')} written{new}{dropped}")
        if use.baseline.is_missing and use.baseline.path not in self._by_settings:
            shown = use.baseline.shown
            self._tell(f"--baseline {shown}, or baseline in [tool.lr-lint], keeps them from being told")

    def _tell(self, text: str) -> None:
        if not self._options.quiet:
            complain(text)

    def _target_of(self, path: str) -> _Use:
        own = self._projects.project_of(path).settings.baseline
        named = self._options.write_baseline or ("" if own is not None else DEFAULT_BASELINE)
        if own is not None and (not named or os.path.abspath(named) == own.path):
            self._by_settings.add(own.path)
            return self._use_of(own)
        absolute = os.path.abspath(named)
        return self._uses[absolute] if absolute in self._uses else self._use_of(named_baseline(named))

    def _use_of(self, baseline: Baseline) -> _Use:
        return self._uses.setdefault(baseline.path, _Use(baseline))

    def _is_judged(self, use: _Use, entry: KnownFinding) -> bool:
        """Whether this run would have found what an entry knows, if it were still there."""
        path = use.baseline.located(entry)
        if not os.path.exists(path):
            return True
        absolute = os.path.abspath(path)
        if absolute not in use.checked or absolute in use.failed:
            return False
        if self._options.min_confidence is not None:
            return False
        rule = by_code_or_name(entry.code)
        return rule is None or is_reported_in(self._projects.project_of(path).settings, rule, path)


def _tell_gone(baseline: Baseline, gone: Counter[KnownFinding]) -> None:
    if not gone:
        return
    named = list(dict.fromkeys(f"{entry.code} in {baseline.located(entry)}" for entry in sorted(gone)))
    told = ", ".join(named[:_ENTRIES_NAMED]) + (", ..." if named[_ENTRIES_NAMED:] else "")
    number = f"{counted(gone.total(), 'finding')} {_are(gone.total())}"
    complain(f"{baseline.shown}: {number} gone: {told}; --write-baseline drops what is gone")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
