"""Fixes held against PyTorch: the rates of the fixed program are those that the author evidently meant."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from lr_lint.checks.engine import inspect_bytes
from lr_lint.checks.fixes.rounds import Repair, repair
from lr_lint.probe.child.quick_start import skip_compiler
from lr_lint.probe.measuring.cases import ScheduleOutcome
from lr_lint.probe.measuring.verdicts import judge
from lr_lint.probe.records import Observation, ObservedGroup
from lr_lint.source.disk import Disk
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Diagnostic
from lr_lint.vocabulary.site_records import SiteRecord
from tests.probe.observing import observe
from tests.probe.whole_programs import WHOLE, Whole
from tests.test_fixed_fixtures import WRONG
from tests.test_fixtures import FIXTURES, PROJECTS, name_of

pytestmark = pytest.mark.slow

# What a callable does that remembers its calls cannot be compared with what it does elsewhere.
REMEMBERING = "remembered_between_calls.py"


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


def repaired_in(program: Path, folder: Path) -> tuple[str, Repair]:
    """A copy of a program, or of the project that it is in: its path below a folder, and what becomes of its fixes."""
    path = copied(program, folder)
    return path, repair(path, Path(path).read_bytes(), Settings(), Disk(), unsafe=True)


def mended_in(program: Path, path: str, old: Sequence[SiteRecord], repaired: Repair) -> Iterator[Mended]:
    """The constructions of PyTorch's schedulers that have a fix, where both versions can be sliced."""
    of_torch = [number for number, site in enumerate(old) if site.contract.startswith("torch.")]
    given: dict[int, dict[str, str]] = {number: {} for number in of_torch if is_mended(old[number], repaired)}
    seen = {number: observe(path, old[number], given[number]) for number in given}
    Path(path).write_bytes(repaired.data)
    new = inspect_bytes(path, repaired.data, Disk()).sites
    assert len(new) == len(old)
    for number, before in seen.items():
        # What the one had to be given, a rate say, may be supposed for the other.
        after = observe(path, new[number], given[number])
        applied = [each for each in repaired.applied if is_about(old[number], each)]
        if before is not None and after is not None and not after.error:
            codes = {each.code for each in applied}
            yield Mended(place_of(program, old[number]), codes, applied[0].numbers.initial_lr, before, after)


def place_of(program: Path, site: SiteRecord) -> str:
    return f"{name_of(program)}:{site.line}"


def copied(program: Path, folder: Path) -> str:
    """Copies a program, or the project that it is in, to a folder, and gives its path there."""
    if PROJECTS not in program.parents:
        shutil.copy(program, folder)
        return program.name
    root = PROJECTS / program.relative_to(PROJECTS).parts[0]
    shutil.copytree(root, folder, dirs_exist_ok=True)
    return program.relative_to(root).as_posix()


def is_about(site: SiteRecord, diagnostic: Diagnostic) -> bool:
    at = diagnostic.site
    return at is not None and (at.line, at.column) == (site.line, site.column)


def is_mended(site: SiteRecord, repaired: Repair) -> bool:
    return any(is_about(site, each) for each in repaired.applied)


def meant(group: ObservedGroup) -> list[Any]:
    """The rates that a callable names which returns rates: what the scheduler multiplied by."""
    return [rate / group.initial_lr for rate in group.lrs]


@dataclass(frozen=True)
class Confirmed:
    """What the constructions that have a fix do in the fixed programs.

    Attributes:
        fixed: the names of them all.
        confirmed: of those that PyTorch ran before and after.
        wrong: what is not as it was meant.
        codes: how many constructions each rule reported, among the confirmed.
    """

    fixed: set[str]
    confirmed: set[str]
    wrong: list[str]
    codes: dict[str, int]


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confirmed]:
    result = Confirmed(set(), set(), [], {})
    with pytest.MonkeyPatch.context() as patch:
        for program in WRONG:
            folder = tmp_path_factory.mktemp("fixed")
            (folder / "setup.cfg").touch()
            patch.chdir(folder)
            before = set(sys.modules)
            path, repaired = repaired_in(program, folder)
            old = inspect_bytes(path, Path(path).read_bytes(), Disk()).sites
            result.fixed.update(place_of(program, site) for site in old if is_mended(site, repaired))
            for case in mended_in(program, path, old, repaired) if program.name != REMEMBERING else ():
                result.confirmed.add(case.name)
                result.wrong.extend(disagreements(case))
                for code in case.codes:
                    result.codes[code] = result.codes.get(code, 0) + 1
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                    del sys.modules[name]
        yield result


def test_fixed_programs_have_the_rates_that_were_meant(confirmed: Confirmed) -> None:
    assert confirmed.wrong == []
    assert confirmed.codes["LR101"] >= 40
    assert confirmed.codes["LR103"] >= 5
    assert {"LR105", "LR301", "LR304"} <= confirmed.codes.keys()


def test_every_fix_of_every_program_is_confirmed(confirmed: Confirmed) -> None:
    """Either PyTorch runs the scheduler by itself, or the program is run as a whole, see `WHOLE`; some are both."""
    whole = {place for each in WHOLE for place in each.places}

    assert confirmed.fixed - confirmed.confirmed - whole == set()
    assert whole - confirmed.fixed == set()


@pytest.mark.parametrize("whole", WHOLE, ids=lambda whole: str(whole.program))
def test_fixed_programs_run_as_a_whole(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "setup.cfg").touch()
    monkeypatch.chdir(tmp_path)
    path, repaired = repaired_in(FIXTURES / whole.program, tmp_path)
    Path(path).write_bytes(repaired.data)

    rates = whole.run(path)

    assert rates == [pytest.approx(meant) for meant in whole.meant]


def disagreements(case: Mended) -> Iterator[str]:
    """What is not as it was meant, of one construction."""
    if judge(case.after).outcome in (ScheduleOutcome.CONTRADICTS, ScheduleOutcome.ERROR):
        yield f"{case.name}: {judge(case.after).message}"
    if case.codes != {"LR101"} or "Multiplicative" in case.before.contract or case.before.error:
        return
    for old, new in zip(case.before.groups, case.after.groups, strict=True):
        if case.initial_lr is not None and old.initial_lr != case.initial_lr:
            # Another rate was supplied for an option than the one by default, which the callable spells out.
            continue
        if new.lrs != old.lrs and new.lrs != pytest.approx(meant(old)):
            yield f"{case.name}: {new.lrs[:3]} instead of {meant(old)[:3]}"
