"""Work is bounded: a construction costs so many steps and files, and a large file costs what its size costs.

Work is counted in calls of functions, which a machine that is busy with something else does not change.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from benchmarks.hostile import HOSTILE, import_cycle, long_dependence, long_function, mutual_recursion
from benchmarks.shapes import HEAD, MAIN, Shape
from lr_lint.checks.analysis import constructions_in
from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.checks.examination import examine
from lr_lint.semantics.machine import doubts
from lr_lint.semantics.values.world import World
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.files import SourceFile
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory, Surroundings
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.diagnostics import Failure, FileReport
from lr_lint.vocabulary.site_records import Inventory, SiteVerdict
from tests.harness import source_of


def many_mistakes(size: int) -> dict[str, str]:
    lines = "".join(
        f"o{at} = torch.optim.SGD(net.parameters(), lr=1e-3)\n"
        f"s{at} = LambdaLR(o{at}, lambda epoch: 1e-3 * 0.9**epoch)\n"
        for at in range(size)
    )
    return {MAIN: HEAD + lines}


def many_mistakes_of_one_function(size: int) -> dict[str, str]:
    schedule = "def schedule(epoch):\n    return 1e-3 * 0.9**epoch\n"
    lines = "".join(
        f"o{at} = torch.optim.SGD(net.parameters(), lr=1e-3)\ns{at} = LambdaLR(o{at}, schedule)\n" for at in range(size)
    )
    return {MAIN: HEAD + schedule + lines}


def many_cumulative_factors(size: int) -> dict[str, str]:
    lines = "".join(
        f"o{at} = torch.optim.SGD(net.parameters(), lr=1e-3)\n"
        f"s{at} = lr_scheduler.MultiplicativeLR(o{at}, lambda epoch: 0.9**epoch)\n"
        for at in range(size)
    )
    return {MAIN: f"{HEAD}from torch.optim import lr_scheduler\n{lines}"}


def many_writes(size: int) -> dict[str, str]:
    """A field that so many functions write, and that is read half as often on the way to the scheduler."""
    writes = "".join(f"def f{at}(x):\n    x.rate = {at}\n" for at in range(size))
    reads = "".join(f"y{at} = y{at - 1} + plan.rate\n" for at in range(1, size // 2))
    last = f"LambdaLR(torch.optim.SGD(net, lr=y{size // 2 - 1}), lambda epoch: 0.9**epoch)\n"
    return {MAIN: f"{HEAD}class Plan:\n    rate = 0.1\n{writes}plan = Plan()\ny0 = plan.rate\n{reads}{last}"}


def inventory_of(files: dict[str, str]) -> Inventory:
    return inspect_bytes(MAIN, files[MAIN].encode(), in_memory(files))


def in_memory(files: dict[str, str]) -> InMemory:
    return InMemory({path: text.encode() for path, text in files.items()})


def found_in(source: SourceFile, files: Surroundings, budget: Budget) -> list[Construction]:
    found = constructions_in(source, files, budget)
    assert not isinstance(found, Failure), found
    return found


def work(files: dict[str, str], do: Callable[[dict[str, str]], object] = inventory_of) -> int:
    """The number of calls, of Python functions and of builtins, that it takes to do something with a program."""
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        do(files)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.slow
@pytest.mark.parametrize("shape", HOSTILE, ids=lambda shape: shape.__name__)
def test_twice_the_size_is_about_twice_the_work(shape: Shape) -> None:
    size = HOSTILE[shape]

    assert work(shape(2 * size)) < 2.6 * work(shape(size))


def with_fixes(files: dict[str, str]) -> FileReport:
    return check_bytes(MAIN, files[MAIN].encode(), Settings(fixes=True), in_memory(files))


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape",
    [many_mistakes, many_mistakes_of_one_function, many_cumulative_factors],
    ids=lambda shape: shape.__name__,
)
def test_fixes_of_twice_as_many_mistakes_are_about_twice_the_work(shape: Shape) -> None:
    small, large = shape(12), shape(24)
    assert len(with_fixes(small).diagnostics) == 12

    assert work(large, with_fixes) < 2.6 * work(small, with_fixes)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"one.py": "from two import value\n", "two.py": "from one import value\n"}, id="each other"),
        pytest.param({"one.py": "from one import value\n"}, id="itself"),
        pytest.param({"one/__init__.py": "from one import value\n"}, id="a package itself"),
    ],
)
def test_names_that_modules_import_in_a_circle_are_unknown(others: dict[str, str]) -> None:
    main = f"{HEAD}from one import value\nLambdaLR(torch.optim.SGD(net, lr=0.1), value)\n"
    (site,) = inventory_of({**others, MAIN: main}).sites

    assert site.schedule.verdict is SiteVerdict.UNDECIDED


def test_unknown_where_the_budget_ends() -> None:
    (site,) = inventory_of(mutual_recursion(1_000)).sites

    assert site.schedule.verdict is SiteVerdict.UNDECIDED
    assert site.schedule.reason == "following it takes more steps than one construction is worth"


def test_a_long_function_is_understood() -> None:
    (site,) = inventory_of(long_function(5_000)).sites

    assert site.schedule.verdict is SiteVerdict.CONTRADICTS


@pytest.mark.parametrize("budget", [Budget(), Budget(steps=5_000)], ids=lambda budget: str(budget.steps))
@pytest.mark.parametrize("shape", [mutual_recursion, long_dependence, import_cycle], ids=lambda shape: shape.__name__)
def test_a_construction_takes_so_many_steps_at_most(
    shape: Shape, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = shape(1_000)
    spent = 0
    spend = World.spend

    def counting(world: World, steps: int = 1) -> None:
        nonlocal spent
        spent += steps
        spend(world, steps)

    monkeypatch.setattr(World, "spend", counting)
    (construction,) = found_in(source_of(files[MAIN], MAIN), in_memory(files), budget)
    spent = 0
    examine(construction)

    # Of the step that is one too many there is one in each world.
    assert 0 < spent <= 2 * (budget.steps + 100)


def test_what_may_have_changed_a_field_is_looked_at_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    files, budget = many_writes(800), Budget(steps=1_000)
    looked_at = 0
    is_of = doubts._is_of

    def counting(*arguments: Any, **options: Any) -> bool:
        nonlocal looked_at
        looked_at += 1
        return is_of(*arguments, **options)

    monkeypatch.setattr(doubts, "_is_of", counting)
    (construction,) = found_in(source_of(files[MAIN], MAIN), in_memory(files), budget)
    examine(construction)

    assert 0 < looked_at <= 100 * budget.steps < 800 * 400


class CountingFiles(InMemory):
    """Counts the files that are read."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.opened: set[str] = set()

    def read(self, path: str) -> bytes | None:
        data = super().read(path)
        self.opened |= set() if data is None else {path}
        return data


@pytest.mark.parametrize("budget", [Budget(), Budget(files=3)], ids=lambda budget: str(budget.files))
def test_a_construction_opens_so_many_files_at_most(budget: Budget) -> None:
    files = {path: text.encode() for path, text in import_cycle(200).items()}
    counting = CountingFiles(files)
    (construction,) = found_in(source_of(files[MAIN], MAIN), counting, budget)
    examine(construction)

    # The question is asked once without the callers in other files and once with them.
    assert 0 < len(counting.opened) <= 2 * budget.files


def test_fewer_files_if_the_question_needs_fewer() -> None:
    files = {
        "rates.py": b"BASE = 0.1\n",
        "images.py": b"def batches():\n    return []\n",
        MAIN: f"{HEAD}from rates import BASE\nfrom images import batches\nloader = batches()\n".encode()
        + b"LambdaLR(torch.optim.SGD(net, lr=BASE), lambda epoch: 0.9**epoch)\n",
    }
    counting = CountingFiles(files)
    (construction,) = found_in(source_of(files[MAIN], MAIN), counting, Budget())
    examine(construction)

    assert counting.opened == {"rates.py"}


def test_budgets_are_what_the_documentation_says() -> None:
    assert Budget() == Budget(steps=120_000, files=16)


def test_settings_bound_the_work() -> None:
    wrong = f"{HEAD}from rates import BASE\nLambdaLR(torch.optim.SGD(net, lr=0.1), lambda epoch: BASE * 0.9**epoch)\n"
    files = InMemory({"rates.py": b"BASE = 0.1\n"})

    def codes(budget: Budget) -> list[str]:
        report = check_bytes(MAIN, wrong.encode(), Settings(min_confidence="possible", budget=budget), files)
        return [diagnostic.code for diagnostic in report.diagnostics]

    assert codes(Budget()) == ["LR101"]
    assert codes(Budget(files=0)) == []
    assert codes(Budget(steps=20)) == []
