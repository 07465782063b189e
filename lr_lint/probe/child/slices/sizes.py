"""What a slice shows that had to assume counts: only what holds for counts of other sizes too is shown at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lr_lint.probe.measuring.cases import ScheduleOutcome
from lr_lint.probe.measuring.verdicts import judge
from lr_lint.probe.records import NOT_SUPPLIED, Observation, ObservedGroup
from lr_lint.probe.slicing.protocol import line_of


@dataclass(slots=True)
class SliceRun:
    """One run of a slice.

    Attributes:
        observation: what was seen.
        parts: what was seen of the parts of the scheduler, each alone.
        wanted: what has to be assumed for the code to reach the construction by itself.
        decisions: the conditions that were decided before the construction, by the line of each.
        lacking: the setting that it came to its end for want of; empty where it did not, or none would do.
        groups_unread: whether the optimizer may have groups that were not made.
    """

    observation: Observation
    parts: list[Observation] = field(default_factory=list)
    wanted: dict[str, Any] = field(default_factory=dict)
    decisions: Sequence[tuple[int, bool]] = ()
    lacking: str = ""
    groups_unread: bool = False


def hold_against_counts(run: SliceRun, others: Iterable[SliceRun], cells: Sequence[Sequence[int]] = ()) -> None:
    """Take back what is only wrong, or only right, for some counts that nobody gave.

    Args:
        run: the run with usual counts, whose observations are changed.
        others: runs with others.
        cells: where those of a notebook begin, see `lr_lint.probe.slicing.protocol.line_of`.
    """
    others = list(others)
    counts = ", ".join(run.observation.assumed)
    _hold(run.observation, [other.observation for other in others], counts)
    for position, part in enumerate(run.parts):
        _hold(part, [other.parts[position] for other in others if len(other.parts) > position], counts)
    line = first_difference(run, others)
    if line is not None and not run.observation.error:
        run.observation.unseen = run.observation.unseen or (
            f"counts that were assumed ({counts}) decide which way the code goes on {line_of(line, cells)}: --set them"
        )


def _hold(observation: Observation, others: Sequence[Observation], counts: str) -> None:
    outcome = judge(observation).outcome
    wrong = [judge(other).outcome is ScheduleOutcome.CONTRADICTS for other in others]
    if outcome is ScheduleOutcome.CONTRADICTS and not all(wrong):
        observation.error = f"{NOT_SUPPLIED}: its rates depend on counts that were assumed ({counts}): --set them"
        observation.groups = [ObservedGroup(group.initial_lr) for group in observation.groups]
    elif outcome is ScheduleOutcome.OK and any(wrong):
        observation.unseen = f"its rates depend on counts that were assumed ({counts}): --set them"


def first_difference(run: SliceRun, others: Iterable[SliceRun]) -> int | None:
    """The line of the first condition that other values decide otherwise; None where there is none."""
    for other in others:
        for (line, decided), (_, otherwise) in zip(run.decisions, other.decisions, strict=False):
            if decided is not otherwise:
                return line
    return None
