"""What can be measured, by name: each section is run in turn, all of its rows in each round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.growth import hostile, scaling
from benchmarks.plans import Plan, Setup
from benchmarks.single_files import editor, flake8, one_site, probe, start
from benchmarks.trees import packages, scripts


@dataclass(frozen=True)
class Section:
    """Something to measure.

    Attributes:
        title: what it is about.
        plan: what is run.
        rounds: how often.
        in_series: whether its rows differ in size, so that the first is nothing to compare the others with.
        warms_up: whether there is a round before, which is not counted.
    """

    title: str
    plan: Callable[[Setup], Plan]
    rounds: int
    in_series: bool = False
    warms_up: bool = True


SECTIONS: dict[str, Section] = {
    "start": Section("Start, on a file without a scheduler", start, 15),
    "packages": Section("Public packages", packages, 3),
    "one-site": Section("A file with one scheduler", one_site, 5, in_series=True),
    "flake8": Section("flake8, on files without a scheduler", flake8, 7),
    "editor": Section("An edit in an editor", editor, 5, in_series=True),
    "scripts": Section("A repository of similar scripts", scripts, 3),
    "scaling": Section("Growth in each dimension", scaling, 3, in_series=True),
    "hostile": Section("Unpleasant programs", hostile, 1, in_series=True, warms_up=False),
    "probe": Section("The probe of a slice", probe, 5),
}
