"""Every construction of a file as plain data, from the same exploration and judgement that the findings come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import libcst as cst

from lr_lint.checks.analysis import survey_of
from lr_lint.checks.examination import Examination, examine
from lr_lint.checks.faults import Faults
from lr_lint.checks.findings import line_of, spans_of
from lr_lint.checks.handed_over import Mention
from lr_lint.checks.schedules import schedule_of
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.files import SourceFile
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET, Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable
from lr_lint.vocabulary.diagnostics import Failure, Span
from lr_lint.vocabulary.site_records import (
    Inventory,
    Schedule,
    ScheduleCallable,
    SiteRecord,
    SiteVerdict,
)


def take_inventory(
    source: SourceFile,
    files: Surroundings | None = None,
    budget: Budget = DEFAULT_BUDGET,
    contracts: ContractTable = BUILT_IN,
    faults: Faults | None = None,
) -> Inventory:
    """All constructions of one file, in source order.

    Args:
        source: the file.
        files: those around it; none if None.
        budget: what following one construction may cost.
        contracts: the schedulers to look for.
        faults: takes what goes wrong with single constructions.
    """
    faults = faults or Faults(source.path)
    found = survey_of(source, files, budget, contracts, faults)
    if isinstance(found, Failure):
        return Inventory(source.path, failure=found)
    listing = Listing()
    for construction in found.constructions:
        faults.attempt(partial(_take, listing, construction), partial(line_of, construction))
    for mention in found.mentions:
        listing.take(mention)
    listing.close()
    return Inventory(source.path, listing.listed, failure=faults.failure)


def _take(listing: Listing, construction: Construction) -> None:
    listing.take(examine(construction))


class Listing:
    """An inventory in the making: it is given each construction as soon as that is examined, and keeps what it tells.

    Whoever examines the constructions of a file anyway has its inventory for nothing.

    Attributes:
        listed: all that was taken, in source order, once the listing is closed.
    """

    def __init__(self) -> None:
        self.listed: tuple[SiteRecord, ...] = ()
        self._entries: list[_Listed] = []

    def take(self, found: Examination | Mention) -> None:
        """List a construction, or a class that is handed over."""
        self._entries.append(_Mentioned(found) if isinstance(found, Mention) else _entry_of(found))

    def close(self) -> None:
        """Look up the places in the text, all together, since each look at a file costs the same."""
        spans = spans_of(anchor for entry in self._entries for anchor in entry.anchors)
        sites = (entry.site(spans) for entry in self._entries)
        self.listed = tuple(sorted(sites, key=lambda site: (site.line, site.column)))


class _Listed(Protocol):
    """What is listed, before positions are known."""

    @property
    def anchors(self) -> list[Anchor]:
        """The places that it tells."""

    def site(self, spans: Mapping[cst.CSTNode, Span]) -> SiteRecord:
        """It with its places."""


@dataclass(frozen=True, slots=True)
class _Mentioned:
    """A class that is handed over. What becomes of it is not known, so neither is whether it fits."""

    mention: Mention

    @property
    def anchors(self) -> list[Anchor]:
        return [self.mention.anchor]

    def site(self, spans: Mapping[cst.CSTNode, Span]) -> SiteRecord:
        """The name with its place."""
        anchor = self.mention.anchor
        span = spans[anchor.node]
        schedule = Schedule((), "unknown", None, None, (), SiteVerdict.UNDECIDED, self.mention.reason)
        name = self.mention.contract.name
        return SiteRecord(anchor.module.path, span.line, span.column, name, None, schedule, span=span)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A construction before positions are known. What the exploration made is let go."""

    construction: Construction
    kind: str
    definition: Anchor | None
    schedule: Schedule

    @property
    def anchors(self) -> list[Anchor]:
        site = self.construction.site
        return [site] if self.definition is None else [site, self.definition]

    def site(self, spans: Mapping[cst.CSTNode, Span]) -> SiteRecord:
        """The construction with its places."""
        site, contract = self.construction.site, self.construction.contract.name
        span = spans[site.node]
        called = self._callable(spans)
        return SiteRecord(site.module.path, span.line, span.column, contract, called, self.schedule, span=span)

    def _callable(self, spans: Mapping[cst.CSTNode, Span]) -> ScheduleCallable | None:
        if not self.kind:
            return None
        if self.definition is None:
            return ScheduleCallable(self.kind)
        span = spans[self.definition.node]
        return ScheduleCallable(self.kind, self.definition.module.path, span.line, span=span)


def _entry_of(examination: Examination) -> _Entry:
    construction, runs = examination.construction, examination.runs.runs
    kind, definition = _callable(runs[0].callables[0], construction) if runs and runs[0].callables else ("", None)
    return _Entry(construction, kind, definition, schedule_of(examination))


def _callable(value: Value, construction: Construction) -> tuple[str, Anchor | None]:
    """What kind of callable a value is, and where it is defined; an empty kind for what cannot be called here."""
    if isinstance(value, Partial):
        kind, definition = _callable(value.function, construction)
        return ("partial", definition) if kind else ("", None)
    if isinstance(value, Bound):
        return "method", Anchor(value.function.frame.module, value.function.node)
    if isinstance(value, Function):
        return _kind_of_function(value, construction), Anchor(value.frame.module, value.node)
    if isinstance(value, Instance):
        return "instance", Anchor(value.cls.frame.module, value.cls.node)
    return ("library", None) if isinstance(value, External) else ("", None)


def _kind_of_function(function: Function, construction: Construction) -> str:
    if function.owner is not None and isinstance(function.node, cst.FunctionDef):
        return "method"
    maker = _function_around(function.frame)
    if maker is not None and maker not in construction.path:
        return "factory"
    return "lambda" if isinstance(function.node, cst.Lambda) else "function"


def _function_around(frame: Frame | None) -> cst.CSTNode | None:
    """The innermost function whose frame this is or lies in."""
    while frame is not None and not isinstance(frame.scope, (cst.FunctionDef, cst.Lambda)):
        frame = frame.parent
    return None if frame is None else frame.scope
