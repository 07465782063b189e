"""Scripts that train on some batches: the steps in each are counted, and what the check says is held against that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.probe.measuring.courses import Course, course_of
from lr_lint.probe.measuring.seen_lives import contradiction_in
from lr_lint.probe.records import ChildReport, EventKind
from tests.probe.children import line_of, reports, script

pytest.importorskip("torch")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, ChildReport]]:
    requests = {"batches": script("counted.py", batches=5), "first": script("counted.py")}
    with reports(tmp_path_factory.mktemp("counted"), requests) as found:
        yield found


def course(report: ChildReport, mark: str) -> Course:
    """What became of the scheduler on the line with a mark."""
    line = line_of("counted.py", mark)
    observation = next(each for each in report.observations if each.site is not None and each.site.line == line)
    found = course_of(report.events, observation.number)
    assert found is not None
    return found


def test_steps_are_counted_batch_by_batch(seen: dict[str, ChildReport]) -> None:
    report = seen["batches"]
    batch, epoch = course(report, "each batch"), course(report, "each epoch")

    assert report.failure == "", report.output
    assert [(each.steps, each.updates) for each in batch.batches] == [(1, 1)] * 5
    assert [each.steps for each in batch.ends] == [0]
    assert [(each.steps, each.updates) for each in epoch.batches] == [(0, 1)] * 5
    assert [each.steps for each in epoch.ends] == [1]
    assert contradiction_in(course(report, "before its optimizer")).startswith("it is stepped before its optimizer")
    assert report.notes[-1].endswith("after 5 batches")


def test_rates_are_those_of_the_schedule_as_it_was_made(seen: dict[str, ChildReport]) -> None:
    first = [[group.lrs for group in each.groups] for each in seen["first"].observations]

    assert [[group.lrs for group in each.groups] for each in seen["batches"].observations] == first


def test_what_comes_before_the_first_batch_is_noted(seen: dict[str, ChildReport]) -> None:
    found = course(seen["first"], "each epoch")

    assert found.batches == []
    assert [each.what for each in found.events] == [EventKind.MADE, EventKind.SAVED, EventKind.LOADED]
    assert [each.place.line for each in found.events[1:] if each.place is not None] == [15, 15]


def test_nothing_is_written(seen: dict[str, ChildReport], tmp_path: Path) -> None:
    assert seen
    assert list(tmp_path.parent.glob("counted*/*")) == []
