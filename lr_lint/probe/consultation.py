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

from lr_lint.checks.engine import check_and_inspect_bytes
from lr_lint.checks.rules import by_code_or_name
from lr_lint.checks.rules.base import Ground
from lr_lint.probe.measuring.cases import KERAS, MULTIPLICATIVE, ScheduleOutcome
from lr_lint.probe.measuring.courses import Course
from lr_lint.probe.measuring.seen_lives import Answer, Standing, clock_answer, contradiction_in, doubt_in, life_answer
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, WeighedClock, WeighedFinding
from lr_lint.probe.records import NOT_SUPPLIED, Mode, Observation, ObservedGroup, Pace, Place
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import Surroundings
from lr_lint.timing.claims import ClockUnit
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic
from lr_lint.vocabulary.site_records import SiteRecord

_TORCH = "torch."
# The rule about what PyTorch raises KeyError for, by the name of this entry of a group.
_WITHOUT_INITIAL_RATE, _INITIAL_RATE = "LR408", "initial_lr"
# Rules that hold a horizon against the clock: with the clock goes what they find.
_ABOUT_CLOCKS = frozenset({"LR501", "LR502", "LR503", "LR505"})
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
        """Hold what the check says of a construction against its rates and its course, and settle the verdict."""
        site = verdict.observation.site
        record = None if site is None or verdict.observation.part_of else self._record_at(site)
        if record is not None:
            verdict.pace = _pace_of(record)
            verdict.clock = self._clock(record, verdict)
        for finding in () if site is None else self._findings_at(site):
            if _is_about(finding, verdict.observation):
                verdict.findings.append(self._weighed(finding, verdict))
        for weighed in verdict.findings:
            _settle(verdict, weighed)
        if verdict.course is not None:
            _settle_course(verdict, verdict.course)
        if verdict.clock is not None and verdict.clock.answer.standing is Standing.REFUTED:
            told, seen = verdict.clock.unit, verdict.clock.answer.reason
            verdict.message += (
                f"; {seen}, and not one per {told}, as lr-lint reads it, a mistake in lr-lint: please report it"
            )

    def paces(self, path: str) -> Iterator[tuple[str, int, int, float]]:
        """How the training steps the schedulers of a file: for each that is known its file, line, epochs and steps."""
        self._consult(path)
        for record in self._records[path]:
            pace = _pace_of(record)
            if pace is not None and record.cell is None:
                yield path, record.line, pace.epochs, pace.each

    def pace(self, site: Place) -> Pace | None:
        """How the training steps a schedule, as the check reads it; None where that is not written."""
        record = self._record_at(site)
        return None if record is None else _pace_of(record)

    def rate(self, site: Place) -> float | None:
        """The rate that a schedule's optimizer starts from, as the check reads it; None where it has no one number."""
        record = self._record_at(site)
        rates = set() if record is None else {group.lr for group in record.schedule.groups}
        return next(iter(rates)) if len(rates) == 1 else None

    def _clock(self, record: SiteRecord, verdict: ScheduleVerdict) -> WeighedClock | None:
        """How often the check says that it is stepped, where a run may tell."""
        unit = record.schedule.clock.unit
        if verdict.course is None or unit == ClockUnit.UNKNOWN.value:
            return None
        answer = clock_answer(unit, verdict.course)
        if answer.standing is Standing.REFUTED and self.altered:
            answer = Answer(Standing.OPEN, f"{answer.reason}, with arguments that the check does not know of")
        return WeighedClock(unit, answer)

    def _consult(self, path: str) -> None:
        """Ask the check about a file, once."""
        if path in self._findings:
            return
        data, settings = self.files.read(path), self._settings_for(path)
        if data is None:
            self._findings[path], self._records[path] = (), ()
            return
        report, inventory = check_and_inspect_bytes(path, data, settings, self.files)
        self._findings[path], self._records[path] = report.diagnostics, inventory.sites

    def _findings_at(self, site: Place) -> list[Diagnostic]:
        """What is found about a construction; by its line where Python does not tell columns."""
        self._consult(site.path)
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
        return None if site is None else self._record_at(Place(site.path, site.line, site.column, site.cell))

    def _record_at(self, site: Place) -> SiteRecord | None:
        """What is known of a construction; by its line where Python does not tell columns."""
        self._consult(site.path)
        on_line = [each for each in self._records[site.path] if (each.cell, each.line) == (site.cell, site.line)]
        exact = next((each for each in on_line if each.column == site.column), None)
        return exact or (on_line[0] if site.column == 0 and len(on_line) == 1 else None)

    def _settings_for(self, path: str) -> Settings:
        # What is only possible is told beside the rates too, and decides nothing.
        return replace(self.projects.project_of(path).settings, min_confidence=Confidence.POSSIBLE.label)

    def _weighed(self, finding: Diagnostic, verdict: ScheduleVerdict) -> WeighedFinding:
        """A finding, beside the course of a run where it is about that, and else beside the rates."""
        if finding.code in _ABOUT_CLOCKS and verdict.clock is not None:
            return WeighedFinding(finding, verdict.clock.answer.standing, verdict.clock.answer.reason)
        rule = by_code_or_name(finding.code)
        ground = Ground.TEXT if rule is None else rule.rests_on
        if ground is not Ground.TEXT:
            return WeighedFinding(finding, self._standing(finding, verdict, ground))
        if finding.code == _WITHOUT_INITIAL_RATE and _INITIAL_RATE in verdict.observation.error:
            return WeighedFinding(finding, Standing.CONFIRMED, "the construction raised that")
        if verdict.course is None:
            return WeighedFinding(finding, Standing.OPEN, "no rate shows that: --run with --batches counts steps")
        answer = life_answer(finding.code, verdict.course)
        refuted = answer.standing is Standing.REFUTED
        standing = Standing.OPEN if refuted and self._is_supplied(verdict.observation) else answer.standing
        return WeighedFinding(finding, standing, answer.reason)

    def _standing(self, finding: Diagnostic, verdict: ScheduleVerdict, ground: Ground) -> Standing:
        observation = verdict.observation
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


def _pace_of(record: SiteRecord) -> Pace | None:
    """How the training steps a schedule, where the code tells in numbers."""
    training = record.schedule.training
    if training is None or training[0] < 1 or training[1] < 1:
        return None
    return Pace(int(training[0]), training[1] / training[0])


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


def _settle_course(verdict: ScheduleVerdict, course: Course) -> None:
    """Say what a run shows to be wrong, or hardly meant, where no finding says it."""
    if any(each.standing is Standing.CONFIRMED and each.reason for each in verdict.findings):
        return
    wrong, doubt = contradiction_in(course), doubt_in(course)
    starts_from_nothing = any(group.lrs[:1] == [0] for group in verdict.groups)
    if wrong and not starts_from_nothing:
        verdict.outcome = ScheduleOutcome.CONTRADICTS
        verdict.message = f"{wrong}; {verdict.message}"
    elif doubt and verdict.outcome in (ScheduleOutcome.OK, ScheduleOutcome.UNDECIDED):
        verdict.outcome = ScheduleOutcome.UNDECIDED
        verdict.message += f"; {doubt}"


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
        shown = weighed.reason or "these are the rates that it predicts"
        verdict.message = f"{finding.message} ({name}; {shown}); {verdict.message}"
    elif standing is Standing.REFUTED:
        if finding.confidence >= Confidence.LIKELY:
            verdict.outcome = ScheduleOutcome.UNDECIDED
            refuting = f"{weighed.reason}, which refutes" if weighed.reason else "these rates refute"
            verdict.message += f"; {refuting} {name}, a mistake in lr-lint: please report it"
    else:
        verdict.outcome = ScheduleOutcome.UNDECIDED
        why = f" ({weighed.reason})" if weighed.reason and verdict.course is not None else ""
        verdict.message += f"; {name} stands, which these rates cannot show{why}: {finding.message}"
