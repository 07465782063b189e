"""Every scheduler of a process is seen, and measured as it was constructed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.probe.records import ChildReport, Observation
from tests.probe.children import line_of, rates, reports, script

pytest.importorskip("torch")

MANY = "many_schedulers.py"
HALVES = [0.5, 0.25, 0.125]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hooks")


@pytest.fixture(scope="module")
def seen(folder: Path) -> Iterator[dict[str, ChildReport]]:
    names = (MANY, "undefined_at_start.py", "ends_quietly.py", "raises_later.py")
    with reports(folder, {name: script(name, steps=3) for name in names}) as found:
        yield found


@pytest.fixture(scope="module")
def many(seen: dict[str, ChildReport]) -> ChildReport:
    assert seen[MANY].failure == ""
    return seen[MANY]


def at(report: ChildReport, mark: str) -> Observation:
    (found,) = (each for each in report.observations if each.site and each.site.line == line_of(MANY, mark))
    return found


def test_nothing_runs_after_the_stop(many: ChildReport, folder: Path) -> None:
    """Not even what a bare `except` and a `finally` around the training step would do, or an exit handler."""
    assert [path.name for path in folder.glob("*.txt") if path.name != "prepared.txt"] == []
    assert any("before the first optimizer step" in note for note in many.notes)


@pytest.mark.parametrize("mark", ["early import", "subclass", "partial", "forgotten", "stepped"])
def test_schedulers_are_seen_however_they_are_imported_or_derived(many: ChildReport, mark: str) -> None:
    observation = at(many, mark)

    assert observation.contract == "torch.optim.lr_scheduler.LambdaLR"
    assert observation.groups[0].initial_lr == 0.5
    assert rates(observation) == HALVES


def test_a_class_that_never_calls_its_base_is_seen(many: ChildReport) -> None:
    observation = at(many, "without super")

    assert observation.class_name == "__main__.WithoutSuper"
    assert observation.contract == "torch.optim.lr_scheduler.LRScheduler"
    assert rates(observation) == [0.5, 0.25, pytest.approx(0.5 / 3)]


def test_a_sequence_is_one_schedule(many: ChildReport) -> None:
    observation = at(many, "sequence")

    assert observation.contract == "torch.optim.lr_scheduler.SequentialLR"
    assert rates(observation) == [0.125, 0.25, 0.375]


def test_parts_are_reported_as_parts_only(many: ChildReport) -> None:
    first_part = at(many, "first part")

    assert first_part.part_of == "torch.optim.lr_scheduler.SequentialLR"
    assert at(many, "chained").contract == "torch.optim.lr_scheduler.ChainedScheduler"
    assert not any(each.contract.endswith("ConstantLR") for each in many.observations)


def test_the_plateau_scheduler_is_seen(many: ChildReport) -> None:
    assert at(many, "plateau").contract == "torch.optim.lr_scheduler.ReduceLROnPlateau"


def test_what_was_done_before_training_does_not_count(many: ChildReport) -> None:
    assert rates(at(many, "written")) == HALVES
    for mark in ("stepped", "written"):
        assert any("measured as it was constructed" in note for note in at(many, mark).notes)


def test_a_variable_that_changed_since_the_construction_is_told(many: ChildReport) -> None:
    observation = at(many, "late bound")

    assert rates(observation) == [0.25, 0.125, 0.125]
    (sentence,) = observation.impurities
    assert "set the rate 0.25 when the scheduler was constructed, and gives 0.125" in sentence
    assert [each.impurities for each in many.observations if each is not observation] == [[]] * 11


def test_neither_copies_nor_failures_that_were_dealt_with_are_reported(many: ChildReport) -> None:
    assert len(many.observations) == 12
    assert not any(each.error for each in many.observations)


def test_the_column_is_that_of_the_call(many: ChildReport) -> None:
    place = at(many, "early import").site

    assert place is not None
    assert place.column == len("early = ")


def test_a_construction_that_raises_is_reported_with_its_place(seen: dict[str, ChildReport]) -> None:
    report = seen["undefined_at_start.py"]
    failed = report.observations[-1]

    assert report.failure == ""
    assert failed.error == "ZeroDivisionError: 0.0 cannot be raised to a negative power"
    assert failed.error_step is None
    assert failed.site is not None
    assert failed.site.line == line_of("undefined_at_start.py", "raises")
    assert failed.contract == "torch.optim.lr_scheduler.LambdaLR"
    assert [group.initial_lr for group in failed.groups] == [0.5]
    assert [each.error for each in report.observations[:-1]] == [""]


def test_a_script_that_ends_without_training_is_reported(seen: dict[str, ChildReport], folder: Path) -> None:
    report = seen["ends_quietly.py"]

    assert [rates(each) for each in report.observations] == [HALVES]
    assert (folder / "prepared.txt").exists()


def test_a_script_that_raises_after_the_construction_is_reported(seen: dict[str, ChildReport]) -> None:
    report = seen["raises_later.py"]

    assert [rates(each) for each in report.observations] == [HALVES]
    assert report.failure == ""
    assert any("RuntimeError: no data here" in note for note in report.notes)


def test_a_wrapper_of_an_optimizer_is_the_optimizer_that_it_steps() -> None:
    torch = pytest.importorskip("torch")
    from lr_lint.probe.child.hooks.events import innermost

    inner = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    wrapper = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    wrapper.optimizer = inner

    assert innermost(wrapper) is inner
    assert innermost(inner) is inner
