"""What else sets the rate that a callback of Keras sets, in a training that both take part in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from lr_lint.checks.facts.rivalry import Rival, Rivalry
from lr_lint.semantics.libraries.keras_fits import PLATEAU, SCHEDULER, Fit, fits_in, part_of
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.semantics.worlds.runs import GroupRun, Runs
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.runs import Point


def is_callback(construction: Construction) -> bool:
    """Whether a schedule is a callback of Keras."""
    return part_of(construction.contract.name) in (SCHEDULER, PLATEAU)


def fits_of(construction: Construction) -> list[Fit]:
    """The trainings of the file that a callback takes part in."""
    if not is_callback(construction) or construction.within is not None:
        return []
    project = construction.project.within(construction.budget.files)
    fits = fits_in(construction.module, partial(new_world, ASSUMED_COUNTS[0], project))
    return [each for each in fits if each.has(construction.call)]


def rival_of(construction: Construction, fits: Iterable[Fit], runs: Runs) -> Rival | None:
    """The part of a training that sets the rate as well; None where there is none."""
    is_plateau = part_of(construction.contract.name) == PLATEAU
    for fit in fits:
        confidence = Confidence.POSSIBLE if fit.supposed else Confidence.CERTAIN
        if fit.schedule is not None:
            return Rival(Rivalry.REFUSED_LATER if is_plateau else Rivalry.REFUSED, fit.schedule, confidence)
        undone = [each.place for each in fit.callbacks if each.name == PLATEAU and each.place is not None]
        if undone and not is_plateau and _ignores_the_rate(runs):
            return Rival(Rivalry.UNDONE, undone[0], confidence)
    return None


def _ignores_the_rate(runs: Runs) -> bool:
    """Whether the rate that a callback sets is another function than one of the rate that it finds."""
    groups = [group for run in runs.runs for group in run.groups]
    return bool(groups) and all(map(_is_of_time_alone, groups))


def _is_of_time_alone(group: GroupRun) -> bool:
    return bool(group.points) and not group.read_back and all(map(_is_without_the_rate, group.points))


def _is_without_the_rate(point: Point) -> bool:
    """Whether what is returned at a time is a number, or a rate of another origin."""
    if point.value is None:
        return False
    keys = [origin.key for origin in point.value.origins]
    return point.value.number is not None or (bool(keys) and paths.CURRENT_RATE not in keys)
