"""The check asked about the constructions that were probed, so that both say the same of them.

What the check finds is held against the rates that PyTorch set. Where these are the rates that it predicted, or are
wrong by themselves, the finding is confirmed. Where they are others, it is refuted: then the check is mistaken, and
that is said. What rates cannot show stands open. So does a finding where the same line may be about other values: those
of another call, or of one that the user makes. Never is a schedule in order that a sure finding speaks against.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.checks.rules import by_code_or_name
from lr_lint.checks.rules.base import Ground
from lr_lint.probe.measuring.cases import KERAS, MULTIPLICATIVE, ScheduleOutcome
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, Standing, WeighedFinding
from lr_lint.probe.records import NOT_SUPPLIED, Mode, Observation, ObservedGroup, Place
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic
from lr_lint.vocabulary.site_records import SiteRecord

_TORCH = "torch."
# How far apart a predicted factor and an observed one may be, to be the same.
_SAME = 1e-6


@dataclass(slots=True)
class Consultation:
    """The check's opinion on the constructions of files, each file asked about once.

    Attributes:
        files: those files, and those around them.
        altered: whether values were supplied that the check does not know of: then it is not mistaken where it differs.
        projects: the settings of each file.
    """

    files: Surroundings
    altered: bool = False
    projects: ProjectSettings = field(default_factory=lambda: ProjectSettings.everywhere(Settings()))
    _findings: dict[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    _records: dict[str, tuple[SiteRecord, ...]] = field(default_factory=dict)

    def weigh(self, verdict: ScheduleVerdict) -> None:
        """Hold the check's findings on a construction against its rates, and settle the verdict with them."""
        site = verdict.observation.site
        for finding in () if site is None else self._findings_at(site):
            if not _is_about(finding, verdict.observation):
                continue
            standing = self._standing(finding, verdict)
            verdict.findings.append(WeighedFinding(finding, standing))
        for weighed in verdict.findings:
            _settle(verdict, weighed)

    def _findings_at(self, site: Place) -> list[Diagnostic]:
        """What is found about a construction; by its line where Python does not tell columns."""
        if site.path not in self._findings:
            data = self.files.read(site.path)
            settings = self._settings_for(site.path)
            report = None if data is None else check_bytes(site.path, data, settings, self.files)
            self._findings[site.path] = () if report is None else report.diagnostics
        on_line = [
            each
            for each in self._findings[site.path]
            if each.site is not None
            and (each.site.path, each.site.cell, each.site.line) == (site.path, site.cell, site.line)
        ]
        exact = [each for each in on_line if each.site is not None and each.site.column == site.column]
        return exact or (on_line if site.column == 0 else [])

    def _record(self, finding: Diagnostic) -> SiteRecord | None:
        site = finding.site
        if site is None:
            return None
        if site.path not in self._records:
            data = self.files.read(site.path)
            settings = self._settings_for(site.path)
            inventory = None if data is None else inspect_bytes(site.path, data, self.files, settings)
            self._records[site.path] = () if inventory is None else inventory.sites
        known = self._records[site.path]
        place = site.cell, site.line, site.column
        return next((each for each in known if (each.cell, each.line, each.column) == place), None)

    def _settings_for(self, path: str) -> Settings:
        # What is only possible is told beside the rates too, and decides nothing.
        return replace(self.projects.project_of(path).settings, min_confidence=Confidence.POSSIBLE.label)

    def _standing(self, finding: Diagnostic, verdict: ScheduleVerdict) -> Standing:
        observation = verdict.observation
        rule = by_code_or_name(finding.code)
        ground = Ground.TEXT if rule is None else rule.rests_on
        if ground is Ground.TEXT:
            return Standing.OPEN
        if ground is Ground.SHAPE:
            raised = bool(observation.error) and not observation.error.startswith(NOT_SUPPLIED)
            return Standing.CONFIRMED if raised or observation.impurities else Standing.OPEN
        if verdict.outcome is ScheduleOutcome.CONTRADICTS:
            return Standing.CONFIRMED
        record = self._record(finding)
        if record is None or not _predicts(finding, record):
            return Standing.OPEN
        agrees = _agrees(record, observation)
        if agrees:
            return Standing.CONFIRMED
        comparable = record.schedule.is_only and not self._is_supplied(observation)
        return Standing.REFUTED if agrees is False and comparable else Standing.OPEN

    def _is_supplied(self, observation: Observation) -> bool:
        """Whether values may be others than those that the check has read. A factory is called by nobody it knows."""
        called = observation.mode is Mode.FACTORY
        return self.altered or called or observation.off_default or bool(observation.assumed)


def _is_about(finding: Diagnostic, observation: Observation) -> bool:
    """Whether a finding is about the scheduler that was seen: one place may construct several of PyTorch's."""
    contracts = {observation.contract, "" if finding.site is None else finding.site.contract}
    return len(contracts) == 1 or not all(contract.startswith(_TORCH) for contract in contracts)


def _predicts(finding: Diagnostic, record: SiteRecord) -> bool:
    """Whether the numbers of a record are those that a finding speaks of: one place may be reached by several calls."""
    spoken, recorded = finding.numbers.first_factor, record.schedule.first_factor
    return spoken is None or recorded is None or math.isclose(spoken, recorded, rel_tol=_SAME, abs_tol=_SAME**2)


def _agrees(record: SiteRecord, observation: Observation) -> bool | None:
    """Whether one of the groups has the predicted numbers; None where none was predicted for a step that was seen."""
    answers = [answer for group in observation.groups if (answer := _has(record, group)) is not None]
    return any(answers) if answers else None


def _has(record: SiteRecord, group: ObservedGroup) -> bool | None:
    pairs = list(_compared(record, group))
    return all(math.isclose(*pair, rel_tol=_SAME, abs_tol=_SAME**2) for pair in pairs) if pairs else None


def _compared(record: SiteRecord, group: ObservedGroup) -> Iterator[tuple[float, float]]:
    """Predicted numbers of the callable beside those that the rates show."""
    for time, predicted in record.schedule.curve:
        if time >= len(group.lrs):
            return
        rate, base = group.lrs[time], group.initial_lr
        if record.contract == MULTIPLICATIVE:
            if time == 0:
                continue
            base = group.lrs[time - 1]
        if isinstance(rate, complex) or isinstance(base, complex):
            return
        if record.contract == KERAS:
            yield predicted, rate
        elif base:
            yield predicted, rate / base


def _settle(verdict: ScheduleVerdict, weighed: WeighedFinding) -> None:
    """Let a finding decide on what the rates leave open, and say what became of it."""
    finding, standing = weighed.diagnostic, weighed.standing
    if finding.confidence < Confidence.LIKELY and standing is not Standing.REFUTED:
        return
    name = f"{finding.code} ({finding.confidence.label})"
    if verdict.outcome is ScheduleOutcome.CONTRADICTS:
        verdict.message += f"; the check finds it too: {name}"
    elif verdict.outcome is ScheduleOutcome.ERROR:
        verdict.message += f"; the check finds {name}: {finding.message}"
    elif standing is Standing.CONFIRMED:
        verdict.outcome = ScheduleOutcome.CONTRADICTS
        verdict.message = f"{finding.message} ({name}; these are the rates that it predicts); {verdict.message}"
    elif standing is Standing.REFUTED:
        if finding.confidence >= Confidence.LIKELY:
            verdict.outcome = ScheduleOutcome.UNDECIDED
            verdict.message += f"; these rates refute {name}, a mistake in lr-lint: please report it"
    else:
        verdict.outcome = ScheduleOutcome.UNDECIDED
        verdict.message += f"; {name} stands, which these rates cannot show: {finding.message}"
