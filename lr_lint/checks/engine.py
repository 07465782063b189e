"""From a file to its report: the one way that the command, flake8 and the Python interface all take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from lr_lint.source.file_paths import is_notebook
from lr_lint.source.gate import asks_for_comments, asks_for_mistyped_comments, is_worth_reading, may_speak_to_us
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Failure, FileReport, Unfixed
from lr_lint.vocabulary.site_records import Inventory

if TYPE_CHECKING:
    from lr_lint.checks.analysis import Analysis
    from lr_lint.checks.faults import Faults
    from lr_lint.checks.inventory import Listing
    from lr_lint.checks.rules.base import Finding
    from lr_lint.source.files import SourceFile, Syntax
    from lr_lint.source.settings import Settings
    from lr_lint.source.suppressions import Suppressions
    from lr_lint.source.surroundings import Surroundings

_Result = TypeVar("_Result")
_Reported: TypeAlias = "Sequence[tuple[Finding, Diagnostic]]"


def check_bytes(path: str, data: bytes, settings: Settings, files: Surroundings | None = None) -> FileReport:
    """Check a file as it lies on the disk.

    Args:
        path: as shown to the user.
        data: the content, in whatever encoding it declares.
        settings: which findings are wanted.
        files: those around it; none if None.
    """
    settings = _for_file(path, data, settings, files)
    source = _opened(path, data, settings)
    if isinstance(source, Failure):
        return report_of_failure(source, settings)
    return FileReport(path) if source is None else _check(source, settings, files)


def check_and_inspect_bytes(
    path: str, data: bytes, settings: Settings, files: Surroundings | None = None
) -> tuple[FileReport, Inventory]:
    """Check a file and list its constructions, for the cost of the check. The arguments are those of `check_bytes`."""
    settings = _for_file(path, data, settings, files)
    source = _opened(path, data, settings)
    if isinstance(source, Failure):
        return report_of_failure(source, settings), Inventory(path, failure=source)
    if source is None:
        return FileReport(path), Inventory(path)
    from lr_lint.checks.inventory import Listing

    listing = Listing()
    report = _check(source, settings, files, listing)
    return report, _as_written(Inventory(path, listing.listed, report.failure), source)


def check_text(path: str, text: str, settings: Settings, files: Surroundings | None = None) -> FileReport:
    """Check a file that somebody else has decoded. The arguments are those of `check_bytes`."""
    data = text.encode(errors="surrogatepass")
    if is_notebook(path):
        return check_bytes(path, data, settings, files)
    settings = _for_file(path, data, settings, files)
    if not is_worth_reading(data, settings):
        return FileReport(path)
    from lr_lint.source.files import SourceFile

    return _check(SourceFile(path, data, text.removeprefix("\ufeff")), settings, files)


def inspect_bytes(
    path: str, data: bytes, files: Surroundings | None = None, settings: Settings | None = None
) -> Inventory:
    """List the constructions of a file as it lies on the disk. The arguments are those of `check_bytes`."""
    from lr_lint.source.settings import Settings

    wanted = _for_file(path, data, settings or Settings(), files)
    source = _opened(path, data, wanted)
    if source is None or isinstance(source, Failure):
        return Inventory(path, failure=source)

    def take(readable: SourceFile, constructs: bool, faults: Faults) -> Inventory:
        if not constructs:
            return Inventory(path, failure=faults.failure)
        from lr_lint.checks.inventory import take_inventory

        return take_inventory(readable, files, wanted.budget, wanted.contracts, faults)

    result = _guarded(source, take, wanted, files)
    return _as_written(result if isinstance(result, Inventory) else Inventory(path, failure=result), source)


def _as_written(inventory: Inventory, source: SourceFile) -> Inventory:
    """The inventory with the places that the author of a file knows: those of a notebook are in its cells."""
    if source.notebook is None:
        return inventory
    from lr_lint.checks.cells import inventory_in_cells

    return inventory_in_cells(inventory, source.notebook)


def _for_file(path: str, data: bytes, settings: Settings, files: Surroundings | None) -> Settings:
    """The settings with the scheduler classes that the project defines for itself and the file names."""
    from lr_lint.source.own_schedulers import with_own_schedulers

    return replace(settings, contracts=with_own_schedulers(path, data, files, settings.contracts))


def _opened(path: str, data: bytes, settings: Settings) -> SourceFile | Failure | None:
    """The decoded file, or why it cannot be decoded; None where there is nothing in it to look at."""
    if not is_worth_reading(data, settings):
        return None
    from lr_lint.source.opening import open_source

    return open_source(path, data)


def _guarded(
    source: SourceFile,
    work: Callable[[SourceFile, bool, Faults], _Result],
    settings: Settings,
    files: Surroundings | None,
) -> _Result | Failure:
    """What an analysis gives, or why it gives nothing.

    Args:
        source: the file.
        work: the analysis. It is given the file with what LibCST may read of it, whether it may construct a scheduler,
            and what takes that which goes wrong with parts of it.
        settings: with the contracts to look for.
        files: those around it.
    """
    from lr_lint.checks.faults import Faults, deep_stack, failure_of

    try:
        syntax = _syntax(source)
        if isinstance(syntax, Failure):
            return syntax
        faults = Faults(source.path, () if source.notebook is None else source.notebook.broken)
        if syntax is None:
            return work(source, True, faults)
        from lr_lint.source.syntax_gate import may_construct

        constructs = may_construct(syntax.tree, settings.contracts.narrowed(source.data))
        if constructs and syntax.unread is not None:
            faults.failures.append(syntax.unread)
        with deep_stack():
            if not constructs:
                return work(syntax.source, False, faults)
            from lr_lint.checks.analysis import one_file

            with one_file(files):
                return work(syntax.source, True, faults)
    except Exception as error:
        return failure_of(error, source.path)


def _syntax(source: SourceFile) -> Syntax | Failure | None:
    """A file as Python's own parser sees it, or why it cannot be read; None where its syntax is newer, as it seems.

    A syntax that is newer than the running Python is left to LibCST, which may know it.
    """
    from lr_lint.source.files import check_syntax, may_be_newer, parse_concrete

    syntax = check_syntax(source)
    if isinstance(syntax, Failure) and may_be_newer(source, syntax):
        return None if not isinstance(parse_concrete(source), Failure) else syntax
    return syntax


def _check(
    source: SourceFile, settings: Settings, files: Surroundings | None, listing: Listing | None = None
) -> FileReport:
    def check(readable: SourceFile, constructs: bool, faults: Faults) -> FileReport:
        analysis = _analysis(readable, settings, files, faults, listing) if constructs else None
        if isinstance(analysis, Failure):
            return report_of_failure(analysis, settings)
        diagnostics, unfixed, hidden = _diagnostics(source, analysis, settings, files, faults)
        report = FileReport(source.path, tuple(diagnostics), parsed=True, unfixed=tuple(unfixed))
        if analysis is not None:
            report = replace(
                report, sites=len(analysis.sites) + len(analysis.mentions), undecided=analysis.undecided, hidden=hidden
            )
        failure = faults.failure
        return report if failure is None else replace(report, failure=report_of_failure(failure, settings).failure)

    result = _guarded(source, check, settings, files)
    report = result if isinstance(result, FileReport) else report_of_failure(result, settings)
    if source.notebook is not None:
        from lr_lint.checks.cells import report_in_cells

        report = report_in_cells(report, source.notebook)
    if settings.baseline is None or not report.diagnostics:
        return report
    from lr_lint.checks.known import without_known

    return without_known(report, source, settings.baseline)


def _analysis(
    source: SourceFile, settings: Settings, files: Surroundings | None, faults: Faults, listing: Listing | None
) -> Analysis | Failure:
    from lr_lint.checks.analysis import analyse

    look = None if listing is None else listing.take
    analysis = analyse(source, files, settings.budget, settings.contracts, faults, look)
    if listing is not None:
        listing.close()
    return analysis


def report_of_failure(failure: Failure, settings: Settings) -> FileReport:
    """The report on a file of which nothing is known but that, if the settings let it through."""
    return FileReport(failure.path, failure=failure if _is_reported(failure, settings) else None)


def _is_reported(failure: Failure, settings: Settings) -> bool:
    """Whether the settings let a failure through. Those of lr-lint itself are always told."""
    from lr_lint.checks.rules import by_code_or_name
    from lr_lint.source.settings import is_reported_in

    rule = by_code_or_name(failure.code)
    return rule is None or is_reported_in(settings, rule, failure.path)


def _diagnostics(
    source: SourceFile,
    analysis: Analysis | None,
    settings: Settings,
    files: Surroundings | None,
    faults: Faults,
) -> tuple[list[Diagnostic], list[Unfixed], int]:
    """The diagnostics that settings and comments let through, why some have no fix, and how many are not sure enough.

    Fixes are looked for where they are wanted.
    """
    comments = settings.comments and asks_for_comments(settings)
    mistyped = settings.comments and asks_for_mistyped_comments(settings) and may_speak_to_us(source.data)
    if (analysis is None or not analysis.findings) and not comments and not mistyped:
        return [], [], 0
    from lr_lint.source.suppressions import Suppressions, read_suppressions

    suppressions = read_suppressions(source.text) if settings.comments else Suppressions()
    diagnostics: list[Diagnostic] = []
    unfixed: list[Unfixed] = []
    hidden = 0
    if analysis is not None:
        weakest = Confidence.from_label(settings.min_confidence)
        wanted = _wanted(analysis.findings, suppressions, settings)
        reported = _reported([finding for finding in wanted if finding.confidence >= weakest])
        hidden = sum(finding.confidence < weakest for finding in wanted)
        diagnostics = [diagnostic for _, diagnostic in reported]
        if settings.fixes and reported:
            fixed = faults.attempt(lambda: _with_fixes(source, analysis, reported, files, settings))
            diagnostics, unfixed = (diagnostics, unfixed) if fixed is None else fixed
    if comments or mistyped:
        found = None if not comments else [] if analysis is None else analysis.findings
        diagnostics += _about_comments(source, found, suppressions, settings)
        diagnostics.sort()
    return diagnostics, unfixed, hidden


def _about_comments(
    source: SourceFile, findings: list[Finding] | None, suppressions: Suppressions, settings: Settings
) -> Iterator[Diagnostic]:
    """The comments that are not understood, and those that suppress nothing, if they are not suppressed in turn.

    Args:
        source: the file.
        findings: all of them; None if only what is not understood is to be told.
        suppressions: the comments that are understood.
        settings: which findings are wanted.
    """
    from lr_lint.checks.mistyped import mistyped_suppressions
    from lr_lint.checks.rules import RULES
    from lr_lint.checks.rules.lr902_unused_suppression import RULE
    from lr_lint.checks.unused import unused_suppressions
    from lr_lint.source.settings import is_enabled, is_ignored_in

    if is_ignored_in(settings, RULE, source.path):
        return
    told = list(mistyped_suppressions(source, suppressions.found))
    if findings is not None:
        asked = [rule for rule in RULES if is_enabled(settings, rule)]
        told += unused_suppressions(source, suppressions.found, findings, asked)
    for diagnostic in told:
        # A comment for all rules is no comment on comments.
        if not any(each.names(RULE.code, RULE.name) for each in suppressions.on(diagnostic.span)):
            yield diagnostic


def _with_fixes(
    source: SourceFile, analysis: Analysis, reported: _Reported, files: Surroundings | None, settings: Settings
) -> tuple[list[Diagnostic], list[Unfixed]]:
    """The diagnostics with the fixes that were verified, and why others have none."""
    from lr_lint.checks.fixes.session import find_fixes

    diagnostics: list[Diagnostic] = []
    unfixed: list[Unfixed] = []
    results = find_fixes(source, analysis, [finding for finding, _ in reported], files, settings)
    for (_, diagnostic), result in zip(reported, results, strict=True):
        more = () if result.evidence is None else (result.evidence,)
        diagnostics.append(
            replace(diagnostic, fix=result.fix, options=result.options, evidence=(*diagnostic.evidence, *more))
        )
        if result.reason:
            unfixed.append(Unfixed(diagnostics[-1], result.reason))
    return diagnostics, unfixed


def _wanted(findings: list[Finding], suppressions: Suppressions, settings: Settings) -> list[Finding]:
    """The findings that settings and comments let through, however sure they are."""
    from lr_lint.source.settings import is_reported_in

    return [
        finding
        for finding in findings
        if is_reported_in(settings, finding.rule, finding.construction.site.module.path)
        and not suppressions.cover(finding.rule.code, finding.rule.name, finding.statements)
    ]


def _reported(wanted: list[Finding]) -> _Reported:
    """Findings with their diagnostics, sorted, each once.

    What a line does to the scheduler that a variable holds is told once, whichever of several the variable may hold.
    """
    if not wanted:
        return []
    from lr_lint.checks.findings import diagnostic_of

    reported = [(finding, diagnostic_of(finding)) for finding in wanted]
    # Of equal diagnostics, which differ in confidence only, the surest comes first and stays.
    reported.sort(key=lambda pair: (pair[1], -pair[1].confidence))
    return list({_known_by(*pair): pair for pair in reversed(reported)}.values())[::-1]


def _known_by(finding: Finding, diagnostic: Diagnostic) -> object:
    """What two findings have in common of which one is told."""
    from lr_lint.checks.rules.base import Ground

    place, site = finding.place, finding.construction.site
    if place is None or place.node is site.node or finding.rule.rests_on is not Ground.TEXT:
        return diagnostic
    return diagnostic.code, place.module.path, diagnostic.span
