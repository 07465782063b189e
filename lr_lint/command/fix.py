"""``lr-lint check --fix`` and ``--diff``: files with their fixes, written or shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lr_lint.api import repair_each
from lr_lint.checks.fixes.rounds import Mending, Repair
from lr_lint.command.conclusion import conclude
from lr_lint.command.console import (
    RefusalError,
    complain,
    failure_line,
    followed,
    say,
    wants_colour,
    write,
    write_bytes,
)
from lr_lint.command.rewriting import refuse_to_leave_project, rewrite
from lr_lint.reports.diffs import coloured_diff, unified_diff, visible_diff
from lr_lint.reports.formats import TEXT
from lr_lint.reports.summary import CheckSummary
from lr_lint.source.files import SourceFile, decode
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.places import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from lr_lint.runs.plan import Plan
    from lr_lint.source.project_settings import ProjectSettings


@dataclass(frozen=True, slots=True)
class FixRequest:
    """What is to be fixed.

    Attributes:
        options: those of the command line.
        paths: files and folders.
        projects: which findings are wanted in which file.
        stdin: what the standard input is called and what it holds, if it is to be fixed.
        plan: how it is done.
    """

    options: argparse.Namespace
    paths: Sequence[str]
    projects: ProjectSettings
    stdin: tuple[str, bytes] | None
    plan: Plan


def fix(request: FixRequest) -> int:
    """Apply fixes, or show them.

    Returns:
        The exit status.

    Raises:
        RefusalError: if the options contradict each other.
    """
    if request.options.diff:
        other = next((output.format for output in request.options.outputs if output.format != TEXT), None)
        if other is not None:
            raise RefusalError(f"--diff prints a diff, not {other}")
        return _show(request)
    if request.stdin is None:
        return _apply(request)
    if request.paths:
        raise RefusalError("--fix writes the standard input with its fixes to standard output, so it takes no path")
    return _filter(request)


def _show(request: FixRequest) -> int:
    """Prints what all fixes would change. The exit status is that of the findings as they are."""
    summary, shown, unsafe, doubted = _summary(request), 0, 0, 0
    diffs: list[str] = []
    for path, mending in _mended(request, unsafe=True, writes=False):
        repaired = None if mending is None else mending.repair
        summary.add(None if mending is None else mending.before)
        if mending is not None and repaired is not None:
            diffs.append(_diff(path, mending.content, repaired.data))
            shown += len(repaired.applied)
            unsafe += sum(each.fix is not None and not each.fix.is_safe for each in repaired.applied)
            doubted += _tell_doubted(repaired, "shown")
            _tell_of(repaired, summary)
    _tell_failures(summary)
    if not request.options.quiet:
        kinds = f", {unsafe} of them unsafe: training changes" if unsafe else ""
        complain(f"{_counted(shown, 'fix', 'fixes')} shown{kinds}{_uncertain(doubted)}")
    diff, file = "".join(diffs), request.options.outputs[0].path
    printed = diff if file is not None else visible_diff(diff)
    if printed != diff:
        complain("the diff has escapes in it, and does not apply: --output-file FILE writes one that does")
    if wants_colour(request.options.color, file):
        printed = coloured_diff(printed)
    return write(printed, file, summary.status)


def _apply(request: FixRequest) -> int:
    """Writes files with their fixes, and reports what is left."""
    summary, fixed, possible, doubted = _summary(request), 0, 0, 0
    contents: dict[str, bytes] = {}
    for path, mending in _mended(request, unsafe=request.options.unsafe_fixes, writes=True):
        repaired = None if mending is None else mending.repair
        if mending is None or repaired is None:
            summary.add(None if mending is None else mending.before)
            continue
        try:
            if repaired.data != mending.content:
                refuse_to_leave_project(path, request.paths)
                rewrite(path, mending.content, repaired.data)
        except RefusalError as refusal:
            complain(str(refusal))
            summary.refused += 1
            summary.add(mending.before)
            continue
        summary.add(repaired.report)
        contents[path] = repaired.data
        fixed += len(repaired.applied)
        possible += sum(each.fix is not None for each in repaired.report.diagnostics)
        doubted += _tell_doubted(repaired, "applied")
        _tell_of(repaired, summary)
    if not request.options.quiet:
        more = f"; {possible} more with --unsafe-fixes" if possible and not request.options.unsafe_fixes else ""
        complain(f"{_counted(fixed, 'problem', 'problems')} fixed{_uncertain(doubted)}{more}")
    return conclude(summary, request.options, request.paths, contents)


def _filter(request: FixRequest) -> int:
    """Writes the standard input with its fixes to standard output, and reports on standard error."""
    summary = _summary(request)
    data = b"" if request.stdin is None else request.stdin[1]  # what is excluded goes through as it is
    for _, mending in _mended(request, unsafe=request.options.unsafe_fixes, writes=False):
        repaired = None if mending is None else mending.repair
        summary.add(repaired.report if repaired is not None else None if mending is None else mending.before)
        if repaired is not None:
            data = repaired.data
            _tell_doubted(repaired, "applied")
            _tell_of(repaired, summary)
    write_bytes(data)
    _tell_failures(summary)
    if summary.diagnostics:
        from lr_lint.reports.structured import concise

        say(concise(summary))
    return summary.status


def _summary(request: FixRequest) -> CheckSummary:
    return CheckSummary(forgives=request.options.exit_zero, fixes=True)


def _mended(request: FixRequest, *, unsafe: bool, writes: bool) -> Iterator[tuple[str, Mending | None]]:
    found = repair_each(request.paths, request.projects, request.stdin, unsafe=unsafe, writes=writes, plan=request.plan)
    return followed(found, request.plan, quiet=request.options.quiet)


def _diff(path: str, old: bytes, new: bytes) -> str:
    before, after = decode(path, old), decode(path, new)
    if not isinstance(before, SourceFile) or not isinstance(after, SourceFile) or old == new:
        return ""
    return unified_diff(path, before.text, after.text)


def _tell_of(repaired: Repair, summary: CheckSummary) -> None:
    """Says what could not be fixed, and why."""
    path = repaired.report.path
    if repaired.problem:
        complain(f"{path}: no fix is applied, since {repaired.problem}")
        summary.refused += 1
    for unfixed in repaired.report.unfixed:
        found = unfixed.diagnostic
        where = place(path, found.cell, found.span.line, found.span.column + 1)
        complain(f"{where}: {found.code} not fixed: {unfixed.reason}")


def _tell_doubted(repaired: Repair, what: str) -> int:
    """Says which fixes rest on findings that are not certain, so that somebody looks at them; how many."""
    doubted = [each for each in repaired.applied if each.confidence is not Confidence.CERTAIN]
    for each in doubted:
        where = place(each.path, each.cell, each.span.line, each.span.column + 1)
        complain(f"{where}: {each.code} is {each.confidence.label}, not certain: look at the fix that is {what}")
    return len(doubted)


def _uncertain(count: int) -> str:
    return f", {count} of them for what is not certain" if count else ""


def _tell_failures(summary: CheckSummary) -> None:
    for failure in summary.failures:
        complain(failure_line(failure))


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
