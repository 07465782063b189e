"""What a section is made from: where things are installed, where trees lie, how much is asked for."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.environments import Environment, Environments
from benchmarks.measuring import Command
from benchmarks.packages import libraries
from benchmarks.scripts import similar_scripts
from benchmarks.shapes import plain_files, written
from lr_lint.source.gate import mentions_scheduler

_FEW = 6


@dataclass(frozen=True)
class Setup:
    """What there is.

    Attributes:
        cache: a folder for trees and environments.
        environments: what is installed.
        is_quick: whether nothing may be fetched, and all is to be small.
    """

    cache: Path
    environments: Environments
    is_quick: bool

    def tree(self) -> Path:
        """A tree of real code; in the quick mode, some files of ours."""
        if not self.is_quick:
            return libraries(self.cache)
        return written({**plain_files(10 * _FEW), **similar_scripts(_FEW)}, self.cache / "few")

    def shaped(self, name: str, project: Mapping[str, str]) -> Path:
        """A folder with a project of ours."""
        return written(dict(project), self.cache / "shapes" / name)


@dataclass(frozen=True)
class Plan:
    """What is run in turn, the first to be what the others are compared with.

    Attributes:
        commands: what is run.
        facts: what it works on.
    """

    commands: Sequence[Command]
    facts: Mapping[str, str] = field(default_factory=dict)


def python_files(tree: Path) -> list[Path]:
    """The Python files of a tree."""
    return sorted(tree.rglob("*.py"))


def facts_about(files: Sequence[Path]) -> dict[str, str]:
    """How many files these are, and how large."""
    return {"files": f"{len(files):,}", "size": f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB"}


def candidates(files: Sequence[Path], wanted: bool = True) -> list[Path]:
    """Those of the files that name a scheduler, or those that do not."""
    return [path for path in files if mentions_scheduler(path.read_bytes()) == wanted]


def has_option(environment: Environment, option: str) -> bool:
    """Whether the lr-lint of a revision has an option."""
    told = subprocess.run(environment.program("lr-lint", "--help"), capture_output=True, text=True, check=False)
    return option in told.stdout
