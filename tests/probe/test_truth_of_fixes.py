"""Fixes held against PyTorch: the rates of the fixed program are those that the author evidently meant."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from lr_lint.checks.engine import inspect_bytes
from lr_lint.checks.repair import repair
from lr_lint.probe.quick_start import skip_compiler
from lr_lint.probe.records import Observation, ObservedGroup
from lr_lint.probe.verdicts import Outcome, judge
from lr_lint.source.disk import Disk
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Diagnostic
from lr_lint.vocabulary.inventory import Site
from tests.probe.observing import observe
from tests.test_fixtures import FIXTURES, PROGRAMS, PROJECTS, expected_in

# What a callable does that remembers its calls cannot be compared with what it does elsewhere.
WRONG = [
    program
    for program in PROGRAMS
    if expected_in(program.read_text()).findings and program.name != "remembered_between_calls.py"
]


@pytest.fixture(scope="module", autouse=True)
def _quick_start() -> None:
    skip_compiler()


@dataclass
class Mended:
    """A construction before and after its fix.

    Attributes:
        name: where it is.
        codes: of the findings that were mended on it.
        initial_lr: of its optimizer, by default; None where that is not known.
        before: as PyTorch ran it.
        after: as PyTorch runs it now.
    """

    name: str
    codes: set[str]
    initial_lr: float | None
    before: Observation
    after: Observation


def mended_in(program: Path, folder: Path) -> Iterator[Mended]:
    """The constructions of PyTorch's schedulers that have a fix, where both versions can be sliced."""
    path = copied(program, folder)
    files = Disk()
    data = Path(path).read_bytes()
    repaired = repair(path, data, Settings(), files, unsafe=True)
    old = inspect_bytes(path, data, files).sites
    seen = {number: observe(path, site) for number, site in enumerate(old) if is_mended(site, repaired.applied)}
    Path(path).write_bytes(repaired.data)
    new = inspect_bytes(path, repaired.data, files).sites
    assert len(new) == len(old)
    for number, before in seen.items():
        after = observe(path, new[number])
        applied = [each for each in repaired.applied if is_about(old[number], each)]
        if before is not None and after is not None and not after.error:
            name = f"{program.relative_to(FIXTURES)}:{old[number].line}"
            yield Mended(name, {each.code for each in applied}, applied[0].numbers.initial_lr, before, after)


def copied(program: Path, folder: Path) -> str:
    """Copies a program, or the project that it is in, to a folder, and gives its path there."""
    if PROJECTS not in program.parents:
        shutil.copy(program, folder)
        return program.name
    root = PROJECTS / program.relative_to(PROJECTS).parts[0]
    shutil.copytree(root, folder, dirs_exist_ok=True)
    return program.relative_to(root).as_posix()


def is_about(site: Site, diagnostic: Diagnostic) -> bool:
    at = diagnostic.site
    return at is not None and (at.line, at.column) == (site.line, site.column)


def is_mended(site: Site, applied: Iterable[Diagnostic]) -> bool:
    return site.contract.startswith("torch.") and any(is_about(site, each) for each in applied)


def meant(group: ObservedGroup) -> list[Any]:
    """The rates that a callable names which returns rates: what the scheduler multiplied by."""
    return [rate / group.initial_lr for rate in group.lrs]


def test_fixed_programs_have_the_rates_that_were_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: dict[str, int] = {}
    wrong: list[str] = []
    for number, program in enumerate(WRONG):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "setup.cfg").touch()
        monkeypatch.chdir(folder)
        before = set(sys.modules)
        for case in mended_in(program, folder):
            wrong += disagreements(case)
            for code in case.codes:
                checked[code] = checked.get(code, 0) + 1
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(tmp_path)):
                del sys.modules[name]

    assert wrong == []
    assert checked["LR101"] >= 40
    assert checked["LR103"] >= 5
    assert {"LR105", "LR301", "LR304"} <= checked.keys()


def disagreements(case: Mended) -> Iterator[str]:
    """What is not as it was meant, of one construction."""
    if judge(case.after).outcome is not Outcome.OK:
        yield f"{case.name}: {judge(case.after).message}"
    if case.codes != {"LR101"} or "Multiplicative" in case.before.contract or case.before.error:
        return
    for old, new in zip(case.before.groups, case.after.groups, strict=True):
        if case.initial_lr is not None and old.initial_lr != case.initial_lr:
            # Another rate was supplied for an option than the one by default, which the callable spells out.
            continue
        if new.lrs != old.lrs and new.lrs != pytest.approx(meant(old)):
            yield f"{case.name}: {new.lrs[:3]} instead of {meant(old)[:3]}"
