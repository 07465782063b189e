"""Applying the fixes of a file, over and over until there are no more, with a check of each round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lr_lint.checks.engine import check_bytes
from lr_lint.source.edits import EditError, clash
from lr_lint.source.opening import with_edits
from lr_lint.vocabulary.diagnostics import Diagnostic, Edit, FileReport

if TYPE_CHECKING:
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings

_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Repair:
    """A file with all its fixes applied, or none.

    Attributes:
        report: what is left to say about it afterwards.
        data: the bytes of the file, in its encoding and with its line ends.
        applied: the findings that were fixed.
        problem: why nothing was applied though there are fixes; empty where all went well.
    """

    report: FileReport
    data: bytes
    applied: tuple[Diagnostic, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Mending:
    """What became of a file that was to be fixed.

    Attributes:
        before: what there is to say about it as it is.
        content: what is in it.
        repair: the file with its fixes; None where nothing is to be mended.
    """

    before: FileReport
    content: bytes = b""
    repair: Repair | None = None


def mend(path: str, data: bytes, settings: Settings, files: Surroundings | None, *, unsafe: bool) -> Mending:
    """Check a file, and apply its fixes if there is anything to mend. The arguments are those of `repair`."""
    before = check_bytes(path, data, settings, files)
    if not before.diagnostics:
        return Mending(before)
    return Mending(before, data, repair(path, data, settings, files, unsafe=unsafe))


def repair(path: str, data: bytes, settings: Settings, files: Surroundings | None, *, unsafe: bool) -> Repair:
    """Apply the fixes of a file.

    Args:
        path: as shown to the user.
        data: the content, in whatever encoding it declares.
        settings: which findings are wanted.
        files: those around it; none if None.
        unsafe: whether fixes that change training are applied too.
    """
    settings = replace(settings, fixes=True)

    def check(content: bytes) -> FileReport:
        return check_bytes(path, content, settings, files)

    first = report = check(data)
    changed = data
    applied: list[Diagnostic] = []
    for _ in range(_MOST_ROUNDS):
        chosen = fixable_together(report.diagnostics, unsafe=unsafe)
        if not chosen:
            return Repair(report, changed, tuple(applied))
        outcome = _round(path, changed, report, chosen, check)
        if isinstance(outcome, str):
            return Repair(first, data, problem=outcome)
        changed, report = outcome
        applied += chosen
    return Repair(first, data, problem="the fixes do not come to an end")


def fixable_together(diagnostics: Sequence[Diagnostic], *, unsafe: bool) -> list[Diagnostic]:
    """As many of the findings as can be fixed at once, from the first on.

    Args:
        diagnostics: those of a file, with their fixes.
        unsafe: whether fixes that change training are applied too.
    """
    chosen: list[Diagnostic] = []
    edits: list[Edit] = []
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is not None and (unsafe or fix.is_safe) and not clash([*edits, *fix.edits]):
            chosen.append(diagnostic)
            edits += fix.edits
    return chosen


def _round(
    path: str, data: bytes, before: FileReport, chosen: Sequence[Diagnostic], check: Callable[[bytes], FileReport]
) -> tuple[bytes, FileReport] | str:
    """The file after one round of fixes, with what is left to say about it; a text says why there is none."""
    edits = [edit for each in chosen if each.fix is not None for edit in each.fix.edits]
    try:
        changed = with_edits(path, data, edits)
    except (EditError, UnicodeEncodeError) as error:
        return " ".join(str(error).split())
    after = check(changed)
    if after.failure is not None and after.failure != before.failure:
        return f"the changed file could not be analysed: {after.failure.message}"
    expected = Counter(each.code for each in before.diagnostics)
    expected.subtract(each.code for each in chosen)
    found = Counter(each.code for each in after.diagnostics)
    if any(count > expected[code] for code, count in found.items()):
        return "other findings would come in their place"
    return changed, after
