"""Requests and reports survive the way between the processes."""

from __future__ import annotations

import math

import pytest

from lr_lint.probe.records import ChildReport, Mode, Observation, ObservedGroup, Place
from lr_lint.probe.request import CellToRun, Request
from lr_lint.probe.transport import report_from_text, report_to_text, request_from_text, request_to_text


@pytest.mark.parametrize("text", ["", "{", '{"device": "cpu"}', "[]", "null", '{"observations": [{}]}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no report of the probe|Expecting"):
        report_from_text(text)


def test_the_beginning_of_a_report_is_refused() -> None:
    text = report_to_text(ChildReport("cpu", "2.13.0", failure="train.py raised ValueError"))

    with pytest.raises(ValueError, match="Expecting"):
        report_from_text(text[:-1])


def test_what_is_no_plain_data_is_refused() -> None:
    with pytest.raises(TypeError):
        request_to_text(Request(Mode.SLICE, programs=[{"lr": object()}]))


def test_a_report_comes_back_as_it_was() -> None:
    group = ObservedGroup(
        1e-3,
        [0.0009000000000000001, 5e-324, 1 + 2j, math.inf, -math.inf],
        1e-3,
        14,
        True,
        [(13, 1e-4), (14, 1e-3), (15, 2j)],
    )
    observation = Observation(
        Place("a/b.py", 3, 7),
        "torch.optim.lr_scheduler.LambdaLR",
        "mine.Schedule",
        Mode.RUN,
        [group, ObservedGroup(2j)],
        "TypeError: é",
        4,
        ["impure"],
        ["replaced"],
    )
    report = ChildReport("cuda:0", "2.13.0", [observation, Observation(None, "c", "c", Mode.SLICE)], "f", ["n"], "out")

    assert report_from_text(report_to_text(report)) == report


def test_a_rate_that_is_no_number_comes_back() -> None:
    report = ChildReport(observations=[Observation(None, "c", "c", Mode.RUN, [ObservedGroup(math.nan, [math.nan])])])

    (group,) = report_from_text(report_to_text(report)).observations[0].groups

    assert isinstance(group.initial_lr, float)
    assert math.isnan(group.initial_lr)
    assert [str(rate) for rate in group.lrs] == ["nan"]


def test_a_request_comes_back_as_it_was() -> None:
    request = Request(
        *(Mode.RUN, "pack/train.py", 7, "cuda:1", "pack.train", ("--lr", "1e-3")),
        *({"args.lr": "0.1"}, [{"lines": [1, 2]}], 3.5, 1 << 30, True),
        cells=(CellToRun(3, "x = 1\n", (2, 0)),),
        batches=3,
        paces=(("train.py", 3, 10, 2.5),),
    )

    assert request_from_text(request_to_text(request)) == request
