"""From places in the program of a notebook to places in its cells: what is said about one, as its author sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lr_lint.source.notebooks import Notebook
from lr_lint.vocabulary.diagnostics import (
    Diagnostic,
    Edit,
    Evidence,
    Failure,
    FileReport,
    Fix,
    SiteReference,
    Unfixed,
)
from lr_lint.vocabulary.site_records import Inventory, ScheduleCallable, SiteRecord

_REWRITTEN = "IPython would read the changed line in its own way"


def report_in_cells(report: FileReport, notebook: Notebook) -> FileReport:
    """A report on the program of a notebook, as one on the notebook."""
    placed = {id(each): _diagnostic(each, notebook) for each in report.diagnostics}
    unfixed = [replace(each, diagnostic=_diagnostic(each.diagnostic, notebook)) for each in report.unfixed]
    unfixed += (
        Unfixed(placed[id(each)], _REWRITTEN)
        for each in report.diagnostics
        if each.fix is not None and placed[id(each)].fix is None
    )
    failure = None if report.failure is None else _failure(report.failure, notebook)
    return replace(report, diagnostics=tuple(placed.values()), unfixed=tuple(unfixed), failure=failure)


def inventory_in_cells(inventory: Inventory, notebook: Notebook) -> Inventory:
    """The constructions in the program of a notebook, as those in the notebook."""
    failure = None if inventory.failure is None else _failure(inventory.failure, notebook)
    return replace(inventory, sites=tuple(_record(each, notebook) for each in inventory.sites), failure=failure)


def _diagnostic(diagnostic: Diagnostic, notebook: Notebook) -> Diagnostic:
    cell, span = notebook.span(diagnostic.span)
    return replace(
        diagnostic,
        cell=cell,
        span=span,
        site=None if diagnostic.site is None else _site(diagnostic.site, notebook),
        evidence=tuple(_evidence(each, notebook) for each in diagnostic.evidence),
        fix=None if diagnostic.fix is None else _fix(diagnostic.fix, notebook),
        options=tuple(fix for option in diagnostic.options if (fix := _fix(option, notebook)) is not None),
    )


def _site(site: SiteReference, notebook: Notebook) -> SiteReference:
    cell, line, column = notebook.place(site.line, site.column)
    return replace(site, cell=cell, line=line, column=column)


def _evidence(evidence: Evidence, notebook: Notebook) -> Evidence:
    if evidence.path != notebook.path:
        return evidence
    cell, span = notebook.span(evidence.span)
    return replace(evidence, cell=cell, span=span)


def _fix(fix: Fix, notebook: Notebook) -> Fix | None:
    """The fix, if it changes nothing that stands in the cell in other words than in the program."""
    edits = tuple(_edits(fix, notebook))
    return replace(fix, edits=edits) if len(edits) == len(fix.edits) else None


def _edits(fix: Fix, notebook: Notebook) -> Iterator[Edit]:
    for edit in fix.edits:
        placed = notebook.edit(edit)
        if placed is not None:
            yield placed


def _failure(failure: Failure, notebook: Notebook) -> Failure:
    if failure.cell is not None or failure.line is None:
        return failure
    cell, line, column = notebook.place(failure.line, failure.column or 0)
    return replace(failure, cell=cell, line=line, column=None if failure.column is None else column)


def _record(site: SiteRecord, notebook: Notebook) -> SiteRecord:
    cell, line, column = notebook.place(site.line, site.column)
    called = None if site.callable is None else _callable(site.callable, notebook)
    span = None if site.span is None else notebook.span(site.span)[1]
    return replace(site, cell=cell, line=line, column=column, callable=called, span=span)


def _callable(called: ScheduleCallable, notebook: Notebook) -> ScheduleCallable:
    if called.path != notebook.path or called.line is None:
        return called
    cell, line, _ = notebook.place(called.line, 0)
    return replace(called, cell=cell, line=line, span=None if called.span is None else notebook.span(called.span)[1])
