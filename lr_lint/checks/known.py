"""What a baseline knows of a file's findings is taken out of the report on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lr_lint.source.baseline import Baseline
from lr_lint.source.files import SourceFile, split_lines
from lr_lint.source.fingerprints import fingerprints
from lr_lint.vocabulary.diagnostics import Diagnostic, FileReport, KnownFinding


def without_known(report: FileReport, source: SourceFile, baseline: Baseline) -> FileReport:
    """The report without the findings that are known, which it counts.

    Where there are more of a kind than are known, nobody can say which are new: the last ones are told.

    Args:
        report: on a file, with places as they are told.
        source: the file.
        baseline: what is known.
    """
    left = Counter(baseline.counts_in(report.path))
    told: list[Diagnostic] = []
    known: list[KnownFinding] = []
    for diagnostic, entry in zip(report.diagnostics, entries_of(report, source, baseline), strict=True):
        if left[entry] > 0:
            left[entry] -= 1
            known.append(entry)
        else:
            told.append(diagnostic)
    unfixed = tuple(each for each in report.unfixed if each.diagnostic in told)
    return replace(report, diagnostics=tuple(told), unfixed=unfixed, known=tuple(known))


def entries_of(report: FileReport, source: SourceFile, baseline: Baseline) -> list[KnownFinding]:
    """What each finding of a report is known by in a baseline."""
    name = baseline.named(report.path)

    def lines_of(_: str, cell: int | None) -> Sequence[str] | None:
        if cell is None or source.notebook is None:
            return split_lines(source.text)
        return source.notebook.lines_of(cell)

    found = fingerprints(report.diagnostics, lines_of)
    return [KnownFinding(name, each.code, mark) for each, mark in zip(report.diagnostics, found, strict=True)]
