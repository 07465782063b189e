"""What the observed rates of a scheduler say: the verdict on it, in a word and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

from lr_lint.probe.measuring.cases import GroupVerdict, Pattern, ScheduleOutcome, cases_of
from lr_lint.probe.measuring.courses import Course
from lr_lint.probe.measuring.group_verdicts import error_sentence, judge_group
from lr_lint.probe.measuring.seen_lives import Answer, Standing
from lr_lint.probe.records import Observation, Pace
from lr_lint.vocabulary.curves import ABOUT_ONE
from lr_lint.vocabulary.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class WeighedFinding:
    """A finding of the check on a construction that was probed.

    Attributes:
        diagnostic: the finding.
        standing: what becomes of it.
        reason: what a run showed of it, or why nothing; empty for what the rates decide.
    """

    diagnostic: Diagnostic
    standing: Standing
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WeighedClock:
    """How often a schedule is stepped, as the check says, and what a run says to that."""

    unit: str
    answer: Answer


@dataclass(slots=True)
class ScheduleVerdict:
    """One scheduler, judged.

    Attributes:
        observation: what was seen.
        groups: the verdicts on its param groups.
        outcome: the verdict.
        message: the verdict for a person, with what else was found out about the callables.
        findings: what the check finds about the construction, where it was asked.
        course: what became of the scheduler in a run; None for what was no run.
        clock: what the check says of its steps, weighed by that; None where it says nothing.
        pace: how the training steps it, as the check reads it; None where that is not written.
    """

    observation: Observation
    groups: list[GroupVerdict] = field(default_factory=list)
    outcome: ScheduleOutcome = ScheduleOutcome.OK
    message: str = ""
    findings: list[WeighedFinding] = field(default_factory=list)
    course: Course | None = None
    clock: WeighedClock | None = None
    pace: Pace | None = None


def judge(observation: Observation, tolerance: float = ABOUT_ONE, whole_training: bool = False) -> ScheduleVerdict:
    """Judge one scheduler by its rates.

    Args:
        observation: what was seen.
        tolerance: how far from 1 a factor may be to count as 1.
        whole_training: whether the steps are those of the training, as they also are where the code tells its length.
            Otherwise there may be more than the training
            takes, and a rate that turns negative at the end of them is told but held against nobody.
    """
    error = error_sentence(observation)
    whole_training = whole_training or observation.training is not None
    verdict = ScheduleVerdict(
        observation, [judge_group(case) for case in cases_of(observation, tolerance, whole_training)]
    )
    if any(group.contradicts for group in verdict.groups):
        verdict.outcome = ScheduleOutcome.CONTRADICTS
    elif observation.error:
        verdict.outcome = ScheduleOutcome.ERROR
        for group in verdict.groups:
            group.pattern = Pattern.RAISES
    elif not verdict.groups or observation.unseen or observation.impurities or _undecided(verdict):
        verdict.outcome = ScheduleOutcome.UNDECIDED
    verdict.message = _message(verdict, error)
    return verdict


def _message(verdict: ScheduleVerdict, error: str) -> str:
    groups = verdict.groups
    if verdict.outcome is ScheduleOutcome.ERROR or not groups:
        sentences = [error or "it has no param groups"]
    else:
        told = [at for at, group in enumerate(groups) if group.contradicts] or _undecided(verdict) or range(len(groups))
        first = told[0]
        same = all(group.sentence == groups[first].sentence for group in groups)
        sentences = [groups[first].sentence if same else f"group {first}: {groups[first].sentence}"]
        sentences += filter(None, (error, verdict.observation.unseen))
    return "; ".join([*sentences, *verdict.observation.impurities])


def _undecided(verdict: ScheduleVerdict) -> list[int]:
    """The groups whose rates show neither."""
    return [at for at, group in enumerate(verdict.groups) if group.outcome is ScheduleOutcome.UNDECIDED]
