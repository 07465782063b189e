"""What lr-lint says about a program, held against what its schedulers do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.site_records import SiteRecord, SiteVerdict
from tests.soundness.oracle import Made
from tests.soundness.pieces import MAIN

# A scheduler that nobody steps is none of the faults that are looked for here.
_SETTINGS = Settings(ignore=("LR401",))


@dataclass(frozen=True)
class Said:
    """What lr-lint says about a program.

    Attributes:
        accused: codes and confidences of what it would report.
        sites: the constructions.
    """

    accused: tuple[tuple[str, Confidence], ...]
    sites: tuple[SiteRecord, ...]

    @property
    def is_decided(self) -> bool:
        """Whether it has a verdict on each construction."""
        return bool(self.sites) and all(site.schedule.verdict is not SiteVerdict.UNDECIDED for site in self.sites)


def said_about(program: Mapping[str, str]) -> Said:
    """What lr-lint says about a program, given its files."""
    return Said(reported_in(program), tuple(inspect_bytes(MAIN, program[MAIN].encode(), _beside(program)).sites))


def reported_in(program: Mapping[str, str]) -> tuple[tuple[str, Confidence], ...]:
    """What is reported in a program, by code and confidence."""
    found = check_bytes(MAIN, program[MAIN].encode(), _SETTINGS, _beside(program)).diagnostics
    return tuple((each.code, each.confidence) for each in found)


def _beside(program: Mapping[str, str]) -> InMemory:
    return InMemory({name: text.encode() for name, text in program.items() if name != MAIN})


def differing(said: Said, made: Sequence[Made]) -> list[str]:
    """The numbers that lr-lint states and that are others, in words."""
    if len(said.sites) != len(made):
        return []
    return [text for site, real in zip(said.sites, made, strict=True) for text in _differing(site, real)]


def _differing(site: SiteRecord, real: Made) -> list[str]:
    groups = zip(site.schedule.groups, real.bases, strict=False)
    wrong = [f"lr {group.lr}, and really {base}" for group, base in groups if not _agree(group.lr, base)]
    curve = dict(site.schedule.curve)
    stated = ((step, curve.get(step), factor) for step, factor in enumerate(real.factors))
    return wrong + [
        f"f({step}) = {said}, and really {factor}" for step, said, factor in stated if not _agree(said, factor)
    ]


def _agree(said: float | None, real: float) -> bool:
    return said is None or math.isclose(said, real, rel_tol=1e-9, abs_tol=1e-12)


@dataclass
class Tally:
    """What came of many programs.

    Attributes:
        programs: how many were compared.
        decided: how many of them have a verdict.
        accused: the right programs that are reported, with what is reported, and
        numbers: those of which a number is stated that is another, with that.
        unrun: those that did not run.
    """

    programs: int = 0
    decided: int = 0
    accused: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    unrun: list[str] = field(default_factory=list)

    def add(self, name: str, said: Said, made: Sequence[Made] | None) -> None:
        """Takes in one program, which is right."""
        self.programs += 1
        self.decided += said.is_decided
        if made is None:
            self.unrun.append(name)
            return
        if said.accused:
            grades = ", ".join(f"{code} {confidence.name.lower()}" for code, confidence in said.accused)
            self.accused.append(f"{name}: {grades}")
        self.numbers += [f"{name}: {text}" for text in differing(said, made)]

    def __str__(self) -> str:
        share = self.decided / self.programs if self.programs else 0.0
        return (
            f"{self.programs} right programs: {len(self.accused)} accused, {len(self.numbers)} numbers that differ, "
            f"{share:.0%} decided, {len(self.unrun)} not run"
        )
