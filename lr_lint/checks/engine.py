"""From a file to its report: the one way that the command, flake8 and the Python interface all take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from lr_lint.source.gate import mentions_scheduler
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Failure, FileReport, Unfixed
from lr_lint.vocabulary.inventory import Inventory

if TYPE_CHECKING:
    from lr_lint.checks.findings import Analysis, Finding
    from lr_lint.source.files import SourceFile
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings

_Result = TypeVar("_Result")


def check_bytes(
    path: str, data: bytes, settings: Settings, files: Surroundings | None = None, *, fixes: bool = False
) -> FileReport:
    """Check a file as it lies on the disk.

    Args:
        path: as shown to the user.
        data: the content, in whatever encoding it declares.
        settings: which findings are wanted.
        files: those around it; none if None.
        fixes: whether fixes are looked for, which takes further analyses of the file.
    """
    source = _opened(path, data, settings)
    if source is None or isinstance(source, Failure):
        return FileReport(path, failure=source)
    return _check(source, settings, files, fixes)


def check_text(
    path: str, text: str, settings: Settings, files: Surroundings | None = None, *, fixes: bool = False
) -> FileReport:
    """Check a file that somebody else has decoded. The arguments are those of `check_bytes`."""
    data = text.encode(errors="surrogatepass")
    if not mentions_scheduler(data, settings.contracts):
        return FileReport(path)
    from lr_lint.source.files import SourceFile

    return _check(SourceFile(path, data, text.removeprefix("\ufeff")), settings, files, fixes)


def inspect_bytes(
    path: str, data: bytes, files: Surroundings | None = None, settings: Settings | None = None
) -> Inventory:
    """List the constructions of a file as it lies on the disk. The arguments are those of `check_bytes`."""
    from lr_lint.source.settings import Settings

    wanted = settings or Settings()
    source = _opened(path, data, wanted)
    if source is None or isinstance(source, Failure):
        return Inventory(path, failure=source)

    def take() -> Inventory:
        from lr_lint.checks.inventory import take_inventory

        sites = take_inventory(source, files, wanted.budget, wanted.contracts)
        return Inventory(path, failure=sites) if isinstance(sites, Failure) else Inventory(path, sites)

    result = _guarded(source, take, wanted)
    return result if isinstance(result, Inventory) else Inventory(path, failure=result)


def _opened(path: str, data: bytes, settings: Settings) -> SourceFile | Failure | None:
    """The decoded file, or why it cannot be decoded; None where it names no scheduler."""
    if not mentions_scheduler(data, settings.contracts):
        return None
    from lr_lint.source.files import decode

    return decode(path, data)


def _guarded(source: SourceFile, work: Callable[[], _Result], settings: Settings) -> _Result | Failure | None:
    """What an analysis gives, or why it gives nothing; None where the file constructs no scheduler."""
    answer = _may_construct(source, settings)
    if isinstance(answer, Failure):
        return answer
    try:
        return work() if answer else None
    except RecursionError:
        return Failure(source.path, "nested too deeply to be analysed")
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return Failure(source.path, f"internal error in lr-lint: {said}; please report")


def _may_construct(source: SourceFile, settings: Settings) -> bool | Failure:
    """Whether a file may construct a scheduler, or why it cannot be read.

    A syntax that is newer than the running Python is left to LibCST, which may know it.
    """
    from lr_lint.source.files import check_syntax, may_be_newer, parse_concrete
    from lr_lint.source.syntax_gate import may_construct

    syntax = check_syntax(source)
    if isinstance(syntax, Failure):
        newer = may_be_newer(source, syntax) and not isinstance(parse_concrete(source), Failure)
        return True if newer else syntax
    return may_construct(syntax, settings.contracts)


def _check(source: SourceFile, settings: Settings, files: Surroundings | None, fixes: bool) -> FileReport:
    def check() -> FileReport:
        from lr_lint.checks.analysis import analyse

        analysis = analyse(source, files, settings.budget, settings.contracts)
        if isinstance(analysis, Failure):
            return FileReport(source.path, failure=analysis, parsed=True)
        kept = _reported(analysis.findings, source, settings)
        diagnostics = tuple(finding.diagnostic for finding in kept)
        unfixed: tuple[Unfixed, ...] = ()
        if fixes and kept:
            diagnostics, unfixed = _mended(source, analysis, kept, files, settings)
        return FileReport(source.path, diagnostics, parsed=True, sites=analysis.sites, unfixed=unfixed)

    result = _guarded(source, check, settings)
    return result if isinstance(result, FileReport) else FileReport(source.path, failure=result, parsed=True)


def _mended(
    source: SourceFile, analysis: Analysis, kept: list[Finding], files: Surroundings | None, settings: Settings
) -> tuple[tuple[Diagnostic, ...], tuple[Unfixed, ...]]:
    """The diagnostics with the fixes that were verified, and why others have none."""
    from lr_lint.checks.fixes.mending import mend

    diagnostics: list[Diagnostic] = []
    unfixed: list[Unfixed] = []
    mended = mend(source, analysis, kept, files, settings.budget, settings.contracts)
    for finding, mending in zip(kept, mended, strict=True):
        more = () if mending.evidence is None else (mending.evidence,)
        evidence = (*finding.diagnostic.evidence, *more)
        diagnostics.append(replace(finding.diagnostic, fix=mending.fix, evidence=evidence))
        if mending.reason:
            unfixed.append(Unfixed(diagnostics[-1], mending.reason))
    return tuple(diagnostics), tuple(unfixed)


def _reported(findings: list[Finding], source: SourceFile, settings: Settings) -> list[Finding]:
    """The findings that settings and comments let through, sorted, each once."""
    if not findings:
        return []
    from lr_lint.checks.rules import by_code_or_name
    from lr_lint.source.settings import is_reported_in
    from lr_lint.source.suppressions import Suppressions, read_suppressions

    weakest = Confidence.from_label(settings.min_confidence)
    suppressions = read_suppressions(source.text) if settings.comments else Suppressions()
    kept: list[Finding] = []
    for finding in findings:
        diagnostic = finding.diagnostic
        rule = by_code_or_name(diagnostic.code)
        if rule is None:
            raise LookupError(f"{diagnostic.code} is not in the registry of rules")
        if (
            diagnostic.confidence >= weakest
            and is_reported_in(settings, rule, diagnostic.path)
            and not suppressions.cover(rule.code, rule.name, finding.statements)
        ):
            kept.append(finding)
    # Of equal diagnostics, which differ in confidence only, the surest comes first and stays.
    kept.sort(key=lambda finding: (finding.diagnostic, -finding.diagnostic.confidence))
    return list({finding.diagnostic: finding for finding in reversed(kept)}.values())[::-1]
