"""What became of a scheduler in a run, read off its events, and what that says to the check."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lr_lint.probe.consultation import Consultation
from lr_lint.probe.measuring.cases import ScheduleOutcome
from lr_lint.probe.measuring.courses import Course, course_of
from lr_lint.probe.measuring.seen_lives import (
    Standing,
    clock_answer,
    contradiction_in,
    doubt_in,
    life_answer,
    summary_of,
)
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, judge
from lr_lint.probe.records import EventKind, Mode, Observation, ObservedGroup, Place, RunEvent
from lr_lint.source.surroundings import InMemory

# Events in one letter each: `b` a batch, `e` the end of the data, `<` a backward pass, `u` a step of the optimizer and
# `o` of another one, `s` a step of the scheduler and `v` one that is told a value, `l` and `L` loads into optimizer and
# scheduler, `m` the construction, `.` that nothing was cut off.
LETTERS = {
    "b": RunEvent(EventKind.BATCH),
    "e": RunEvent(EventKind.END),
    "<": RunEvent(EventKind.BACKWARD),
    "u": RunEvent(EventKind.UPDATE, optimizer=0),
    "o": RunEvent(EventKind.UPDATE, optimizer=1),
    "s": RunEvent(EventKind.STEP, scheduler=0),
    "v": RunEvent(EventKind.STEP, scheduler=0, told="Tensor"),
    "l": RunEvent(EventKind.LOADED, optimizer=0),
    "L": RunEvent(EventKind.LOADED, scheduler=0),
    "m": RunEvent(EventKind.MADE, scheduler=0, optimizer=0, place=Place("train.py", 5, 12)),
    ".": RunEvent(EventKind.OVER),
}
PER_BATCH, PER_EPOCH = "m" + "b<us" * 3 + "b<", "m" + "b<u" * 3 + "esb<"
ACCUMULATED, TESTED = "m" + "b<b<us" * 2 + "b<", "m" + "b<u" * 2 + "ebbesb<"
WITHOUT_LOADER = "m" + "b<us" * 3 + "."


def course(letters: str) -> Course:
    found = course_of([LETTERS[letter] for letter in letters], 0)
    assert found is not None
    return found


def test_batches_and_what_follows_them() -> None:
    found = course("mss" + "b" + "b<usb<u" + "ebes" + "b<usb<")

    assert found.before.steps == 2
    assert [(each.steps, each.updates) for each in found.batches] == [(1, 1), (0, 1), (1, 1)]
    assert [each.steps for each in found.ends] == [1]


def test_a_batch_that_was_cut_off_does_not_count() -> None:
    assert [each.steps for each in course("m" + "b<us" * 2 + "b<u").batches] == [1, 1]
    assert [each.steps for each in course(WITHOUT_LOADER).batches] == [1, 1, 1]
    assert course("mb").batches == []


def test_a_loader_that_fetches_ahead_hides_the_end_of_an_epoch() -> None:
    found = course("mbb<usb<ue<usbb<")

    assert [each.steps for each in found.batches] == [1, 0, 1]
    assert found.ends == []


def test_a_scheduler_that_was_not_noted_has_no_course() -> None:
    assert course_of([LETTERS["m"]], 1) is None
    assert course_of([], None) is None


@pytest.mark.parametrize(
    ("unit", "letters", "standing"),
    [
        ("batch", PER_BATCH, Standing.CONFIRMED),
        ("batch", WITHOUT_LOADER, Standing.CONFIRMED),
        ("batch", PER_EPOCH, Standing.REFUTED),
        ("batch", "m" + "b<ub<usb<", Standing.OPEN),
        ("batch", "m.", Standing.OPEN),
        ("update", ACCUMULATED, Standing.CONFIRMED),
        ("update", "m" + "b<sb<us" * 2 + "b<", Standing.REFUTED),
        ("update", "mb<b<", Standing.OPEN),
        ("epoch", PER_EPOCH, Standing.CONFIRMED),
        ("epoch", TESTED, Standing.CONFIRMED),
        ("epoch", PER_BATCH, Standing.REFUTED),
        ("epoch", "m" + "b<u" * 5 + "b<", Standing.OPEN),
        ("unknown", PER_BATCH, Standing.OPEN),
    ],
)
def test_clock_is_confirmed_or_refuted_by_the_count(unit: str, letters: str, standing: Standing) -> None:
    assert clock_answer(unit, course(letters)).standing is standing


@pytest.mark.parametrize(
    ("code", "letters", "standing"),
    [
        ("LR401", "m" + "b<u" * 3 + "eb<", Standing.CONFIRMED),
        ("LR401", "m" + "b<u" * 3 + "b<", Standing.OPEN),
        ("LR401", PER_EPOCH, Standing.REFUTED),
        ("LR402", "m" + "b<su" * 2 + "b<", Standing.CONFIRMED),
        ("LR402", "ms" + "b<u" * 2 + "b<", Standing.CONFIRMED),
        ("LR402", PER_BATCH, Standing.REFUTED),
        ("LR402", PER_EPOCH, Standing.REFUTED),
        ("LR402", "m.", Standing.OPEN),
        ("LR403", "m" + "b<os" * 2 + "b<", Standing.CONFIRMED),
        ("LR403", PER_BATCH, Standing.OPEN),
        ("LR404", "m" + "b<os" * 2 + "b<", Standing.CONFIRMED),
        ("LR404", "m" + "b<s" * 2 + "b<", Standing.CONFIRMED),
        ("LR404", PER_BATCH, Standing.REFUTED),
        ("LR405", "m" + "b<uss" * 2 + "b<", Standing.CONFIRMED),
        ("LR405", "m" + "b<us" * 2 + "esb<", Standing.CONFIRMED),
        ("LR405", "m" + "b<us" * 2 + "eb<", Standing.REFUTED),
        ("LR405", PER_BATCH, Standing.OPEN),
        ("LR406", "m" + "b<uv" + "b<", Standing.CONFIRMED),
        ("LR406", PER_BATCH, Standing.REFUTED),
        ("LR407", "mm.", Standing.CONFIRMED),
        ("LR407", PER_BATCH, Standing.OPEN),
        ("LR409", "lm.", Standing.CONFIRMED),
        ("LR409", "lmL.", Standing.REFUTED),
        ("LR409", "m.", Standing.OPEN),
        ("LR410", "ml.", Standing.CONFIRMED),
        ("LR410", "mlL.", Standing.REFUTED),
        ("LR411", PER_BATCH, Standing.OPEN),
    ],
)
def test_findings_on_lives_are_confirmed_or_refuted(code: str, letters: str, standing: Standing) -> None:
    answer = life_answer(code, course(letters))

    assert answer.standing is standing
    assert answer.reason


@pytest.mark.parametrize("letters", [PER_BATCH, PER_EPOCH, ACCUMULATED, TESTED, "ms" + "b<u" * 3 + "esb<", "mb<oub<o"])
def test_nothing_is_held_against_a_course_that_may_be_meant(letters: str) -> None:
    assert contradiction_in(course(letters)) == ""
    assert doubt_in(course(letters)) == ""


def test_what_a_course_shows_to_be_wrong() -> None:
    assert contradiction_in(course("m" + "b<su" * 2 + "b<")).startswith("it is stepped before its optimizer")
    assert contradiction_in(course("m" + "b<uss" * 3 + "b<")).startswith("the first 3 batches took 2 steps each")
    assert doubt_in(course("m" + "b<u" * 3 + "eb<")).endswith("took no step of it")
    assert doubt_in(course("m" + "b<s" * 3 + "b<")).endswith("took 3 steps of it, and none of its own optimizer")
    assert doubt_in(course("m" + "b<os" * 3 + "b<")).endswith("took 3 steps of it, and none of its own optimizer")


def test_summary() -> None:
    assert summary_of(course("m.")) == ""
    assert summary_of(course("ms" + "b<u" + "b<")).endswith("its optimizer 1 step, and 1 step of the scheduler before")
    assert summary_of(course(PER_EPOCH)) == (
        "the first 3 batches: the scheduler took no step, its optimizer 1 step each; the end of an epoch took 1 step"
    )


PROGRAM = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.5**epoch)
loader = DataLoader(data, batch_size=8)
for epoch in range(4):
    for x, y in loader:
        torch.nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
        {inside}
    {outside}
"""


def weighed(
    inside: str, outside: str, letters: str, rates: Sequence[float] = (0.1, 0.05), altered: bool = False
) -> ScheduleVerdict:
    """The verdict on the scheduler in the fifth line of a program whose run had some events."""
    name = "torch.optim.lr_scheduler.LambdaLR"
    seen = Observation(Place("train.py", 5, 12), name, name, Mode.RUN, [ObservedGroup(0.1, [*rates])], number=0)
    verdict = judge(seen)
    verdict.course = course(letters)
    program = PROGRAM.format(inside=inside, outside=outside)
    Consultation(InMemory({"train.py": program.encode()}), altered).weigh(verdict)
    return verdict


def test_clock_that_the_count_refutes_is_a_mistake_of_ours() -> None:
    verdict = weighed("pass", "scheduler.step()", PER_BATCH)

    assert verdict.clock is not None
    assert (verdict.clock.unit, verdict.clock.answer.standing) == ("epoch", Standing.REFUTED)
    assert verdict.message.endswith("not one per epoch, as lr-lint reads it, a mistake in lr-lint: please report it")
    with_arguments = weighed("pass", "scheduler.step()", PER_BATCH, altered=True)
    assert "please report" not in with_arguments.message


def test_order_that_was_seen_contradicts_where_the_first_rate_is_used() -> None:
    letters = "m" + "b<su" * 2 + "b<"

    assert weighed("scheduler.step()", "pass", letters).outcome is ScheduleOutcome.CONTRADICTS
    assert "is stepped before" not in weighed("scheduler.step()", "pass", letters, (0.0, 0.1)).message


def test_finding_that_was_not_seen_has_its_reason() -> None:
    verdict = weighed("pass", "pass", "m.")

    assert [(each.diagnostic.code, each.standing) for each in verdict.findings] == [("LR401", Standing.OPEN)]
    assert "the run was stopped before the first batch: --batches N goes on" in verdict.message


def test_finding_that_was_seen_is_confirmed() -> None:
    verdict = weighed("pass", "pass", "m" + "b<u" * 3 + "eb<")

    assert verdict.outcome is ScheduleOutcome.CONTRADICTS
    assert "LR401 (certain); the first 3 batches and the end of an epoch took no step" in verdict.message


def test_finding_that_was_refuted_is_a_mistake_of_ours() -> None:
    verdict = weighed("pass", "pass", PER_EPOCH)

    assert [each.standing for each in verdict.findings] == [Standing.REFUTED]
    assert (
        "it was stepped: 1 step, which refutes LR401 (certain), a mistake in lr-lint: please report it"
        in verdict.message
    )


def test_construction_that_raises_for_want_of_the_initial_rate_confirms_that() -> None:
    name = "torch.optim.lr_scheduler.LambdaLR"
    error = "KeyError: \"param 'initial_lr' is not specified in param_groups[0] when resuming scheduler\""
    program = PROGRAM.format(inside="pass", outside="scheduler.step()").replace(
        "0.5**epoch)", "0.5**epoch, last_epoch=3)"
    )
    verdict = judge(Observation(Place("train.py", 5, 12), name, name, Mode.RUN, error=error))
    Consultation(InMemory({"train.py": program.encode()})).weigh(verdict)

    assert [(each.diagnostic.code, each.standing) for each in verdict.findings] == [("LR408", Standing.CONFIRMED)]
