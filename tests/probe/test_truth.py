"""The static side held against PyTorch: the contracts, generated schedules, and the fixtures.

What the interpreter predicts for a callable must be what the real scheduler multiplies by.
"""

from __future__ import annotations

import importlib
import inspect
import math
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from lr_lint.checks.engine import check_bytes, inspect_bytes  # noqa: E402
from lr_lint.probe.child.quick_start import skip_compiler  # noqa: E402
from lr_lint.probe.child.slices.supposed_rates import is_rate  # noqa: E402
from lr_lint.probe.consultation import Consultation  # noqa: E402
from lr_lint.probe.measuring.cases import ScheduleOutcome  # noqa: E402
from lr_lint.probe.measuring.seen_lives import Standing  # noqa: E402
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, WeighedFinding, judge  # noqa: E402
from lr_lint.probe.records import ChildReport, Observation  # noqa: E402
from lr_lint.source.disk import Disk  # noqa: E402
from lr_lint.source.settings import Settings  # noqa: E402
from lr_lint.vocabulary.contract_rows import BUILT_IN  # noqa: E402
from lr_lint.vocabulary.contracts import Contract, Meaning  # noqa: E402
from lr_lint.vocabulary.diagnostics import Confidence  # noqa: E402
from lr_lint.vocabulary.site_records import SiteRecord  # noqa: E402
from tests.probe.forked_runs import run_all  # noqa: E402
from tests.probe.observing import STEPS, observe, observe_unaided  # noqa: E402
from tests.test_fixtures import FIXTURES, PROGRAMS, PROJECTS, expected_in  # noqa: E402

pytestmark = pytest.mark.slow

OF_TORCH = [contract for contract in BUILT_IN.judged if contract.name.startswith("torch.")]


@pytest.fixture(scope="module", autouse=True)
def _quick_start() -> None:
    skip_compiler()


def optimizer_with(lr: float) -> Any:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def rates_of(scheduler: Any, optimizer: Any) -> list[float]:
    """The rates in force before step 0, 1, ..."""
    rates = []
    for _ in range(STEPS):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize("contract", OF_TORCH, ids=lambda contract: contract.short_name)
def test_contract_says_what_the_scheduler_does(contract: Contract) -> None:
    module, _, name = contract.name.rpartition(".")
    scheduler_class = getattr(importlib.import_module(module), name)
    parameters = list(inspect.signature(scheduler_class).parameters)
    assert contract.optimizer is not None
    assert contract.callable is not None
    places = (contract.optimizer, contract.callable)
    assert [parameters[position] for position, _ in places if position is not None] == [name for _, name in places]

    asked: list[int] = []

    def factor(time: int) -> float:
        asked.append(time)
        return 0.5 + 0.25 * time

    optimizer = optimizer_with(0.125)
    scheduler = scheduler_class(**{contract.optimizer[1]: optimizer, contract.callable[1]: factor})
    rates = rates_of(scheduler, optimizer)

    assert min(asked) == contract.first_time
    expected = [0.125 * (0.5 + 0.25 * time) for time in range(STEPS)]
    if contract.meaning is Meaning.FACTOR_OF_PREVIOUS:
        expected = [0.125]
        for time in range(1, STEPS):
            expected.append(expected[-1] * (0.5 + 0.25 * time))
    assert rates == pytest.approx(expected)


NUMBERS = st.sampled_from(["0.5", "0.9", "2", "1e-3", "10", "7", "100"])
TERMS = st.recursive(
    st.one_of(NUMBERS, st.just("e"), st.just("(e + 1)")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(lambda x: f"({' '.join(x)})"),
        st.tuples(st.sampled_from(["0.5", "0.9", "2"]), inner).map(lambda x: f"{x[0]} ** min({x[1]}, 20)"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda x: f"{x[0]}({x[1]}, {x[2]})"),
        inner.map(lambda x: f"math.cos(math.pi * {x})"),
        st.tuples(inner, inner, inner).map(lambda x: f"({x[0]} if {x[1]} > 3 else {x[2]})"),
    ),
    max_leaves=6,
)


@given(TERMS)
@settings(max_examples=150, deadline=None)
def test_generated_schedules_have_the_predicted_curve(term: str) -> None:
    text = (
        "import math, torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"
        f"scheduler = LambdaLR(torch.optim.SGD(net.parameters(), lr=0.125), lambda e: {term})\n"
    )
    (site,) = inspect_bytes("train.py", text.encode()).sites
    optimizer = optimizer_with(0.125)
    try:
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, eval(f"lambda e: {term}", {"math": math}))
        rates = rates_of(scheduler, optimizer)
    except ArithmeticError:
        return  # what happens there is for the rules about it

    predicted = {time: factor for time, factor in site.schedule.curve if time < STEPS}
    assert predicted == pytest.approx({time: rates[time] / 0.125 for time in predicted}, rel=1e-9, abs=1e-12)
    # A prediction ends where the schedule turns negative.
    assert predicted or rates[0] < 0


@dataclass(frozen=True)
class Comparison:
    """A construction of a fixture as both sides see it.

    Attributes:
        program: the file.
        site: the construction, as the static side reads it.
        unaided: what a slice shows that is given nothing; None where none can be cut.
        observation: what a slice shows that is given what it asks for.
        given: what that was.
        is_silent: whether nothing is said about the construction.
    """

    program: Path
    site: SiteRecord
    is_silent: bool
    unaided: Observation | None
    observation: Observation | None
    given: dict[str, str]

    @property
    def name(self) -> str:
        return self.program.relative_to(FIXTURES).as_posix()

    @property
    def place(self) -> str:
        return f"{self.name}:{self.site.line}"

    @property
    def is_probed(self) -> bool:
        return self.observation is not None and not self.observation.error

    @property
    def agrees(self) -> bool:
        """Whether one of the groups has the predicted factors, where they are known."""
        assert self.observation is not None
        previous = self.site.contract.endswith("MultiplicativeLR")
        for group in self.observation.groups:
            bases = [group.initial_lr, *group.lrs] if previous else [group.initial_lr] * len(group.lrs)
            factors = [rate / base if base else 0.0 for rate, base in zip(group.lrs, bases, strict=False)]
            predicted = [(time, factor) for time, factor in self.site.schedule.curve if time < STEPS]
            if all(abs(factors[time] - factor) <= 1e-9 * max(1.0, abs(factor)) for time, factor in predicted):
                return True
        return False

    @property
    def starts_alike(self) -> bool:
        """Whether each group starts from the predicted rate, where that is known."""
        assert self.observation is not None
        if not self.site.schedule.has_callable:
            return True  # nobody asks what its groups start from
        predicted = [group.lr for group in self.site.schedule.groups]
        seen = [group.initial_lr for group in self.observation.groups]
        if not predicted:
            return True  # nothing is read of a program that may do anything
        if len(predicted) != len(seen):
            # Of groups that are made in a loop, or by code that is not read, one stands for all.
            return any(lr is None or any(rate == pytest.approx(lr) for rate in seen) for lr in predicted)
        return all(lr is None or rate == pytest.approx(lr) for lr, rate in zip(predicted, seen, strict=True))


def root_of(program: Path) -> Path:
    """The folder that a program is run from."""
    return PROJECTS / program.relative_to(PROJECTS).parts[0] if PROJECTS in program.parents else program.parent


def compared(program: Path) -> Iterator[Comparison]:
    """Both sides of all constructions of PyTorch's schedulers in a program; what a slice asks for is given to it."""
    path = program.relative_to(Path.cwd()).as_posix()
    sites = inspect_bytes(path, program.read_bytes(), Disk()).sites
    told = reported_sites(path, program)
    for site in (site for site in sites if site.contract.startswith("torch.")):
        unaided, refusal = observe_unaided(path, site, {})
        given: dict[str, str] = {}
        asks = bool(refusal) or (unaided is not None and bool(unaided.error))
        observation = observe(path, site, given) if asks else unaided
        yield Comparison(program, site, (site.line, site.column) not in told, unaided, observation, given)


def reported_sites(path: str, program: Path) -> set[tuple[int, int]]:
    """The lines and columns of the constructions that something is said about."""
    expected = expected_in(program.read_text(encoding="utf-8"))
    if not expected.findings and not expected.missed:
        return set()
    diagnostics = check_bytes(path, program.read_bytes(), Settings(), Disk()).diagnostics
    return {(each.site.line, each.site.column) for each in diagnostics if each.site is not None}


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    """Both sides of all constructions in all fixtures."""
    found: list[Comparison] = []
    with pytest.MonkeyPatch.context() as patch:
        for program in PROGRAMS:
            patch.chdir(root_of(program))
            before = set(sys.modules)
            found += compared(program)
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(FIXTURES)):
                    del sys.modules[name]
    return found


# What the callable does depends on what it did before, which no prediction at single times can know; or what is given
# to the slice chooses another callable than the prediction is about, is another count than that assumes, or stands for
# the settings file that only a command line names, where the prediction is about each of those beside the code.
NOT_COMPARABLE = {
    "rates/rebuilt_power.py",
    "rates/reads_the_current_rate.py",
    "rates/reads_through_wrappers.py",
    "silent/reads_a_rate_that_does_not_change.py",
    "rates/remembered_between_calls.py",
    "silent/remembered_between_calls.py",
    "rates/one_entry_of_a_table.py",
    "silent/callers_agree.py",
    "rates/builders_by_name.py",
    "silent/builders_by_name.py",
    "silent/entries_of_one_writer.py",
    "time/beginning_per_batch.py",
    "time/silent/beginning_and_end.py",
    "projects/settings_that_differ/train.py",
    "projects/settings_named_by_an_option/train.py",
}


# Slices end at the first of several schedulers that one place constructs. They leave out what changes a number on the
# way, so the probe is wrong about right programs: what other files do to their own variables and to what they are
# given, a thread that is started, one list under two names, a function of a library that writes to the groups, and a
# script that sets its own variables by way of ``__main__``. Nor do they hold the checks by which a function gives up.
BEYOND_SLICES = {
    *(f"projects/changed_out_of_sight/train.py:{line}" for line in (23, 24, 25, 26, 34)),
    *(f"silent/written_out_of_sight.py:{line}" for line in (50, 61, 122)),
    "rates/handed_over.py:49",
    *(f"silent/script_that_imports_itself.py:{line}" for line in (11, 16, 29, 31)),
    "silent/changed_by_a_method_under_way.py:26",
    "silent/checked_before.py:30",
    "silent/decided_before_the_branch.py:23",
    "rates/decided_before_the_branch.py:29",
}


def test_fixtures_have_the_predicted_curves(comparisons: list[Comparison]) -> None:
    probed = [each for each in comparisons if each.is_probed and each.place not in BEYOND_SLICES]

    assert [each.place for each in probed if not each.agrees and each.name not in NOT_COMPARABLE] == []
    assert len(probed) >= 0.75 * len(comparisons), f"only {len(probed)} of {len(comparisons)} could be probed"


def test_fixtures_start_from_the_predicted_rates(comparisons: list[Comparison]) -> None:
    # What was given to a slice, or supposed, may be a rate that the static side takes from elsewhere.
    probed = [each for each in comparisons if each.is_probed and not each.given and each.place not in BEYOND_SLICES]
    probed = [each for each in probed if each.observation is None or not any(map(is_rate, each.observation.assumed))]

    assert [each.place for each in probed if not each.starts_alike] == []


def test_nothing_is_held_against_what_is_silent(comparisons: list[Comparison]) -> None:
    silent = [each for each in comparisons if each.is_silent and each.unaided is not None]
    silent = [each for each in silent if each.place not in BEYOND_SLICES]
    seen = [(each.place, each.unaided) for each in silent if each.unaided is not None]
    wrong = [place for place, observation in seen if judge(observation).outcome is ScheduleOutcome.CONTRADICTS]

    assert wrong == []
    assert {each.program.parent.name for each in silent} >= {"silent", "seed", "rates", "value"}
    assert len(silent) > 200


def test_check_and_probe_tell_one_truth(comparisons: list[Comparison]) -> None:
    verdicts: list[tuple[str, ScheduleVerdict]] = []
    for each in comparisons:
        if each.unaided is not None and each.place not in BEYOND_SLICES:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(root_of(each.program))
                verdicts.append((each.place, judge(each.unaided)))
                # Its paths are relative, so what it has read is for one current directory.
                Consultation(Disk()).weigh(verdicts[-1][1])
    found = [(place, verdict.outcome, weighed) for place, verdict in verdicts for weighed in verdict.findings]
    sure = [(place, outcome, weighed.standing) for place, outcome, weighed in found if is_sure(weighed)]

    assert [place for place, outcome, _ in sure if outcome is ScheduleOutcome.OK] == []
    assert [place for place, _, standing in sure if standing is Standing.REFUTED] == []
    assert len([place for place, _, standing in sure if standing is Standing.CONFIRMED]) > 70


def is_sure(weighed: WeighedFinding) -> bool:
    return weighed.diagnostic.confidence is Confidence.CERTAIN


@dataclass(frozen=True)
class Whole:
    """A construction as a slice of its program shows it, and as the program does when it runs as a whole."""

    comparison: Comparison
    observations: list[Observation]

    @property
    def is_sliced(self) -> bool:
        unaided = self.comparison.unaided
        return unaided is not None and not unaided.error and not unaided.off_default

    @property
    def is_like_its_slice(self) -> bool:
        """Whether the slice has the rates of one of the schedulers that the program makes there."""
        assert self.comparison.unaided is not None
        sliced = [(group.initial_lr, *group.lrs) for group in self.comparison.unaided.groups]
        return any(
            sliced == [pytest.approx((group.initial_lr, *group.lrs), nan_ok=True) for group in each.groups]
            for each in self.observations
        )

    def has(self, holds: Callable[[Comparison], bool]) -> bool:
        """Whether something holds for one of the schedulers that the program makes there."""
        return any(holds(replace(self.comparison, observation=each)) for each in self.observations if not each.error)


@pytest.fixture(scope="module")
def wholes(comparisons: list[Comparison]) -> list[Whole]:
    """All constructions that a program comes to when it runs as a whole, without anything that it lacks."""
    reports = run_all({each.program: root_of(each.program) for each in comparisons}, STEPS)
    found = []
    for each in comparisons:
        path = each.program.relative_to(root_of(each.program)).as_posix()
        report = reports.get(each.program, ChildReport())
        # Python 3.10 knows no columns.
        places = [(path, each.site.line, column) for column in (0, each.site.column)]
        sites = [(seen, seen.site) for seen in report.observations if seen.site is not None]
        here = [seen for seen, site in sites if (site.path, site.line, site.column) in places]
        if here:
            found.append(Whole(each, here))
    return found


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="many programs are run in forks of one process")


# Where the program goes on before it is looked at: other schedulers of the same optimizer build on what this one has
# set, or the loop gives another value to a variable that the callable looks into.
OVERTAKEN = {
    "lifecycle/rates_read_from_outside.py:42",
    "rates/reads_the_current_rate.py:18",
    "rates/reads_through_wrappers.py:31",
    "rates/reads_through_wrappers.py:32",
    "shape/silent/bound_in_the_loop.py:30",
    "shape/silent/bound_in_the_loop.py:38",
    "value/silent/starts_and_ends.py:13",
}


@forks
def test_slices_have_the_rates_of_the_whole_program(wholes: list[Whole]) -> None:
    sliced = [each for each in wholes if each.is_sliced and each.comparison.place not in OVERTAKEN | BEYOND_SLICES]

    assert [each.comparison.place for each in sliced if not each.is_like_its_slice] == []
    assert len(sliced) > 100


@forks
def test_whole_programs_have_the_predicted_curves_and_rates(wholes: list[Whole]) -> None:
    known = [each for each in wholes if each.comparison.name not in NOT_COMPARABLE]
    ran = [each for each in known if each.comparison.place not in OVERTAKEN and each.has(lambda _: True)]

    assert [each.comparison.place for each in ran if not each.has(lambda seen: seen.agrees)] == []
    assert [each.comparison.place for each in ran if not each.has(lambda seen: seen.starts_alike)] == []
    assert len(ran) > 100
