"""Programs, what transformations make of them, and whether the verdict is what it was."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random

from tests.metamorphic.programs import Program, Promise, Transformation
from tests.metamorphic.verdicts import Verdict, is_kept, verdict_of
from tests.test_fixtures import FIXTURES, PROGRAMS, PROJECTS


@dataclass(frozen=True)
class Comparison:
    """One program before and after one transformation.

    Attributes:
        name: of the program.
        transformation: what was done to it.
        before: the verdict on it.
        after: the verdict on what it became; None where the transformation does not apply.
        changed: what it became.
    """

    name: str
    transformation: Transformation
    before: Verdict
    after: Verdict | None = None
    changed: Program | None = None

    @property
    def applies(self) -> bool:
        """Whether there was something to transform."""
        return self.after is not None

    @property
    def is_kept(self) -> bool:
        """Whether the promise holds, if the transformation applies."""
        return self.after is None or is_kept(
            self.transformation.promise, self.before, self.after, self.transformation.loses
        )


def fixture(path: Path) -> Program:
    """A program of the fixtures in its project."""
    if PROJECTS not in path.parents:
        return Program(path.name, path.read_bytes(), {})
    root = PROJECTS / path.relative_to(PROJECTS).parts[0]
    files = {each.relative_to(root).as_posix(): each.read_bytes() for each in root.rglob("*") if each.is_file()}
    own = path.relative_to(root).as_posix()
    return Program(own, files.pop(own), files)


_TIME = FIXTURES / "time"


def fixtures() -> Iterator[tuple[str, Program]]:
    """The programs of the fixtures, by name, but for those about time: those are about what stands in which loop."""
    for path in PROGRAMS:
        if _TIME in path.parents:
            continue
        yield path.relative_to(FIXTURES).as_posix(), fixture(path)


class Comparing:
    """Compares programs, whose first verdicts it remembers.

    Args:
        programs: by name.
        seed: what chance decides depends on it and on the names alone.
    """

    def __init__(self, programs: Mapping[str, Program], seed: int) -> None:
        self.programs = programs
        self.seed = seed
        self._verdicts: dict[str, Verdict] = {}
        self._known: dict[str, Program] = {}

    def every(self, transformations: Sequence[Transformation]) -> Iterator[Comparison]:
        """Every program with every transformation."""
        for name in self.programs:
            yield from (self.compare(name, transformation) for transformation in transformations)

    def some(self, transformations: Sequence[Transformation], count: int) -> Iterator[Comparison]:
        """Every transformation with so many programs, drawn by chance, that it applies to.

        A program that is new changes nothing for those that are drawn before it.
        """
        for transformation in transformations:
            drawn = sorted(self.programs, key=lambda name: self._random(f"{transformation.name} for {name}").random())
            compared = (self.compare(name, transformation) for name in drawn)
            yield from islice((each for each in compared if each.applies), count)

    def compare(self, name: str, transformation: Transformation) -> Comparison:
        """One program with one transformation."""
        before = self._before(name)
        is_clean = before.sites > 0 and before.decided and not before.codes
        if transformation.promise is Promise.BECOMES_RATE and not is_clean:
            return Comparison(name, transformation, before)
        changed = transformation.apply(self._known[name], self._random(f"{name} {transformation.name}"))
        if changed is None:
            return Comparison(name, transformation, before)
        return Comparison(name, transformation, before, verdict_of(changed), changed)

    def _before(self, name: str) -> Verdict:
        if name not in self._verdicts:
            self._verdicts[name] = verdict_of(self.programs[name])
            self._known[name] = replace(self.programs[name], codes=self._verdicts[name].codes)
        return self._verdicts[name]

    def _random(self, what: str) -> Random:
        return Random(zlib.crc32(f"{self.seed} {what}".encode()))
