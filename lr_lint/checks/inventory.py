"""Every construction of a file as plain data, from the same exploration and judgement that the findings come from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import libcst as cst

from lr_lint.checks.analysis import survey_of
from lr_lint.checks.examination import Examination, examine
from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.returned_numbers import until_the_end
from lr_lint.checks.faults import Faults
from lr_lint.checks.findings import line_of, spans_of
from lr_lint.checks.handed_over import Mention
from lr_lint.checks.verdicts import verdict_of
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.semantics.worlds.runs import Point, Run
from lr_lint.source.files import SourceFile
from lr_lint.source.surroundings import Surroundings
from lr_lint.timing.claims import Timing
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET, Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable
from lr_lint.vocabulary.diagnostics import Failure, Span
from lr_lint.vocabulary.quantities import Quantity, real, told
from lr_lint.vocabulary.site_records import (
    CountedTime,
    GroupRate,
    Inventory,
    Schedule,
    ScheduleCallable,
    SiteRecord,
    SiteVerdict,
)
from lr_lint.vocabulary.units import Kind

# More epochs than these are not listed.
_MOST_EPOCHS = 1_000
_NOBODY_CALLS_IT = "its class is named here, and nobody was found who constructs it"
_UNITS = {
    Conclusion.FACTOR: "factor",
    Conclusion.ABSOLUTE: "rate",
    Conclusion.FACTOR_AS_RATE: "factor",
    Conclusion.RATE: "rate",
    Conclusion.RELATIVE_BASE: "rate",
    Conclusion.MIXED: "mixed",
}


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
    attempts = (faults.attempt(partial(_entry_of, each), partial(line_of, each)) for each in found.constructions)
    entries: list[_Listed] = [entry for entry in attempts if entry is not None]
    entries += (_Mentioned(mention) for mention in found.mentions)
    spans = spans_of(anchor for entry in entries for anchor in entry.anchors)
    sites = sorted((entry.site(spans) for entry in entries), key=lambda site: (site.line, site.column))
    return Inventory(source.path, tuple(sites), failure=faults.failure)


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
        schedule = Schedule((), "unknown", None, None, (), SiteVerdict.UNDECIDED, _NOBODY_CALLS_IT)
        return SiteRecord(anchor.module.path, span.line, span.column, self.mention.contract.name, None, schedule)


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
        return SiteRecord(site.module.path, span.line, span.column, contract, self._callable(spans), self.schedule)

    def _callable(self, spans: Mapping[cst.CSTNode, Span]) -> ScheduleCallable | None:
        if not self.kind:
            return None
        if self.definition is None:
            return ScheduleCallable(self.kind)
        return ScheduleCallable(self.kind, self.definition.module.path, spans[self.definition.node].line)


def _entry_of(construction: Construction) -> _Entry:
    examination = examine(construction)
    runs = examination.runs.runs
    kind, definition = _callable(runs[0].callables[0], construction) if runs and runs[0].callables else ("", None)
    return _Entry(construction, kind, definition, _schedule(examination))


def _assumed_in(run: Run) -> tuple[tuple[str, int], ...]:
    """The counts that a run has assumed, by their names."""
    return () if run.world is None else tuple(sorted(run.world.assumptions.counted.items()))


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


def _schedule(examination: Examination) -> Schedule:
    runs = examination.runs.runs
    groups = runs[0].groups if runs else []
    sampled = until_the_end(groups[0].points) if groups else []
    factors = {point.time: _number(point.value) for point in sampled}
    if examination.runs.forgot:
        factors = {time: _unless_denied(factor, time, runs) for time, factor in factors.items()}
    known = [factor for factor in factors.values() if factor is not None]
    points = _until_the_run_ends(sampled)
    curve = [(point.time, factor) for point in points if (factor := factors[point.time]) is not None]
    verdict, reason = verdict_of(examination)
    timing = examination.facts.timing
    return Schedule(
        clock=CountedTime(timing.clock.unit.value, timing.clock.source),
        horizon=_horizon(timing),
        epochs=_by_epoch(timing, curve),
        has_callable=examination.construction.contract.callable is not None,
        groups=tuple(GroupRate(told(group.lr), _spelling(group.lr)) for group in groups),
        unit=_unit(examination.facts.judgements),
        first_factor=factors[sampled[0].time] if sampled else None,
        peak_factor=max(known) if known and len(known) == len(factors) else None,
        curve=tuple(curve),
        verdict=verdict,
        reason=reason,
        assumed=() if all(point.is_written for point in points) else _assumed_in(runs[0]),
        is_only=all(_unless_denied(factor, time, runs) is not None for time, factor in curve),
    )


def _horizon(timing: Timing) -> CountedTime | None:
    horizon = timing.horizon
    return None if horizon is None else CountedTime(horizon.unit.value, horizon.source, horizon.value)


def _by_epoch(timing: Timing, curve: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...] | None:
    """The factors with which the epochs of the training begin, those of them that are known."""
    if not timing.epochs or timing.steps is None or not curve:
        return None
    each = timing.steps / timing.epochs
    known = dict(curve)
    epochs = [(epoch, known.get(round(epoch * each))) for epoch in range(min(int(timing.epochs), _MOST_EPOCHS))]
    return tuple((epoch, factor) for epoch, factor in epochs if factor is not None)


def _unless_denied(factor: float | None, time: int, runs: Sequence[Run]) -> float | None:
    """A factor, where no other world gives another: which of them is the program's own may not be known."""
    others = (run.groups[0].points for run in runs[1:] if run.groups)
    denied = (_number(point.value) for points in others for point in points if point.time == time)
    return factor if all(number is None or number == factor for number in denied) else None


def _number(value: Quantity | None) -> float | None:
    """The number of a quantity, where it is real and finite."""
    number = None if value is None else real(value)
    return number if number is not None and math.isfinite(number) else None


def _spelling(lr: Quantity) -> str:
    """How the code spells a group's lr."""
    text = lr.origins[0].text if lr.origins else lr.name
    number = _number(lr)
    return text if text or number is None else f"{number:g}"


def _until_the_run_ends(points: Sequence[Point]) -> Sequence[Point]:
    """The points up to where the run ends: at its assumed length, or at the last count that the code itself names."""
    end = max(ASSUMED_COUNTS[0].horizon, _last_breakpoint(points))
    return [point for point in points if point.time <= end]


def _last_breakpoint(points: Sequence[Point]) -> int:
    """The last time that was run together with those right before and after it, as every breakpoint is."""
    times = {point.time for point in points}
    return max((time for time in times if {time - 1, time + 1} <= times), default=0)


def _unit(judgements: Sequence[Judgement]) -> str:
    """The unit that was concluded (of the group that decides), else the one that the values have by themselves."""
    if not judgements:
        return "unknown"
    judgement = next((judgement for judgement in judgements if judgement.contradicts), judgements[0])
    if judgement.conclusion in _UNITS:
        return _UNITS[judgement.conclusion]
    units = [point.value.unit for point in judgement.group.points if point.value is not None]
    if units and all(unit.is_factor and unit.is_known for unit in units):
        return "factor"
    return "free" if units and all(unit.kind is Kind.FREE for unit in units) else "unknown"
