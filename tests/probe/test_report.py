"""What the probe tells people and programs of given observations."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from lr_lint.probe.measuring.seen_lives import Standing
from lr_lint.probe.measuring.tables import rate_table
from lr_lint.probe.measuring.verdicts import ScheduleVerdict, WeighedFinding, judge
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Place
from lr_lint.reports.pieces import plain
from lr_lint.reports.plots import can_plot_images, can_plot_in_terminal, image, terminal_plot
from lr_lint.reports.probe import ProbeFailure, ProbeSummary, probe_json, render_probe
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, SiteReference, Span

LAMBDA = "torch.optim.lr_scheduler.LambdaLR"
SITE = Place("train.py", 12, 12)
KERAS_FUNCTION = [1e-3 * (1e-3 - 1e-8) * (10 - epoch) / 10 for epoch in range(10)]
SEED = [1e-3 * (10 - epoch) / 10 for epoch in range(10)]


def verdict(*rates: Any, base: Any = 1e-3, **fields: Any) -> ScheduleVerdict:
    groups = [ObservedGroup(base, list(each)) for each in rates]
    fields.setdefault("unit", "epoch")
    observation = Observation(
        fields.pop("site", SITE), LAMBDA, fields.pop("class_name", LAMBDA), Mode.SLICE, groups, **fields
    )
    return judge(observation)


def text(*verdicts: ScheduleVerdict, everything: bool = False, **fields: Any) -> str:
    return plain(render_probe(ProbeSummary("cpu", "2.13.0", list(verdicts), **fields), everything))


def document(*verdicts: ScheduleVerdict, steps: int = 10) -> Any:
    return json.loads(probe_json(ProbeSummary("cpu", "2.13.0", list(verdicts)), steps), parse_constant=pytest.fail)


def test_json() -> None:
    found = document(verdict(KERAS_FUNCTION))

    assert found == {
        "schema_version": 1,
        "device": "cpu",
        "torch": "2.13.0",
        "schedules": [
            {
                "site": {"path": "train.py", "cell": None, "line": 12, "column": 13},
                "contract": LAMBDA,
                "mode": "slice",
                "groups": [
                    {
                        "initial_lr": 0.001,
                        "factors": [rate / 0.001 for rate in KERAS_FUNCTION],
                        "lrs": KERAS_FUNCTION,
                        "first_factor": KERAS_FUNCTION[0] / 0.001,
                        "peak_factor": KERAS_FUNCTION[0] / 0.001,
                        "peak_step": 0,
                        "verdict": "absolute",
                    }
                ],
                "verdict": "contradicts",
                "message": "the rate starts at 9.9999e-07, not at 0.001: the callable returns a rate, and LambdaLR "
                "multiplies it by the initial lr",
                "notes": [],
                "findings": [],
                "course": None,
                "clock": None,
                "epochs": None,
            }
        ],
        "notes": [],
        "failures": [],
    }


def test_json_tells_notes_failures_and_what_the_check_finds() -> None:
    seen = verdict(SEED, notes=["total taken as 100"])
    place = SiteReference("train.py", 12, 12, LAMBDA)
    finding = Diagnostic("train.py", Span(7, 4, 7, 9), "LR103", "mixed", "a floor", Confidence.LIKELY, place)
    seen.findings.append(WeighedFinding(finding, Standing.CONFIRMED))
    failure = ProbeFailure("train.py: no scheduler was seen", ("last words",))
    summary = ProbeSummary("cpu", "2.13.0", [seen], [failure], ["CUDA calls went to the CPU"])
    found = json.loads(probe_json(summary, 10))

    assert found["schedules"][0]["notes"] == ["total taken as 100"]
    assert found["schedules"][0]["findings"] == [
        {"code": "LR103", "name": "mixed", "confidence": "likely", "message": "a floor", "standing": "confirmed"}
        | {"reason": ""}
    ]
    assert found["notes"] == ["CUDA calls went to the CPU"]
    assert found["failures"] == [{"message": "train.py: no scheduler was seen", "printed": ["last words"]}]


def test_numbers_that_json_lacks_are_null() -> None:
    odd = verdict([1e-3, math.nan, math.inf, 1e-3 + 1e-3j])
    (group,) = document(odd, steps=6)["schedules"][0]["groups"]

    assert group["lrs"] == [0.001, None, None, None, None, None]
    assert group["factors"] == [1.0, None, None, None, None, None]
    (unknown,) = document(verdict([1e-3], base=math.nan))["schedules"][0]["groups"]
    assert (unknown["initial_lr"], unknown["first_factor"], unknown["peak_factor"]) == (None, None, None)


def test_scheduler_that_could_not_be_built() -> None:
    failed = verdict(error="ZeroDivisionError: division by zero", site=None)
    (schedule,) = document(failed)["schedules"]

    assert (schedule["site"], schedule["groups"], schedule["verdict"]) == (None, [], "error")
    assert schedule["message"] == "it cannot be constructed: ZeroDivisionError: division by zero"
    assert text(failed) == (
        "(slice) LambdaLR  error\n  it cannot be constructed: ZeroDivisionError: division by zero\n\n"
        "1 scheduler probed on cpu with torch 2.13.0: 1 error.\n"
    )


def test_status() -> None:
    right, wrong, failed = verdict(SEED), verdict(KERAS_FUNCTION), verdict(error="E: e")

    assert ProbeSummary(schedules=[right]).status == 0
    assert ProbeSummary(schedules=[right, wrong]).status == 1
    assert ProbeSummary(schedules=[right, failed]).status == 2
    assert ProbeSummary(schedules=[wrong, failed]).status == 3
    assert ProbeSummary(schedules=[wrong], failures=[ProbeFailure("no")]).status == 3
    assert ProbeSummary(failures=[ProbeFailure("no")]).status == 2


def test_text() -> None:
    assert (
        text(verdict(SEED, notes=["SGD stands in for Adan"]), notes=["CUDA went to the CPU"])
        == """\
train.py:12:13 LambdaLR  ok
  the rate starts at 0.001, the initial lr
  intended 0.001 (initial lr x 1), actual 0.001 at most (epoch 0)  [factor]

  epoch      lr  factor
      0   0.001       1
      1  0.0009     0.9
      2  0.0008     0.8
      3  0.0007     0.7
      4  0.0006     0.6
      5  0.0005     0.5
      6  0.0004     0.4
      7  0.0003     0.3
      8  0.0002     0.2
      9  0.0001     0.1
  note: SGD stands in for Adan

Note: CUDA went to the CPU
1 scheduler probed on cpu with torch 2.13.0: 1 ok.
"""
    )


def test_intended_against_actual() -> None:
    shown = text(verdict(KERAS_FUNCTION))
    relative = text(verdict([0.001] * 10, base=1.0))

    assert "  intended 0.001 (initial lr x 1), actual 9.9999e-07 at most (epoch 0)  [absolute]\n" in shown
    assert "  initial lr 1, actual 0.001 at most (epoch 0)  [relative base]\n" in relative


def test_contradictions_come_first_and_the_rest_is_short() -> None:
    wrong, failed = (
        verdict(KERAS_FUNCTION, site=Place("wrong.py", 1)),
        verdict(error="E: e", site=Place("failed.py", 1)),
    )
    right = [verdict(SEED, site=Place(f"right{number}.py", 1)) for number in range(3)]
    short, full = text(*right, failed, wrong), text(*right, failed, wrong, everything=True)

    assert [line.split(":")[0] for line in short.splitlines() if ".py:" in line] == [
        *("wrong.py", "failed.py", "right0.py", "right1.py", "right2.py")
    ]
    assert (short.count("epoch   "), full.count("epoch   ")) == (1, 4)
    assert text(*right, verdict(SEED, notes=["total taken as 100"])).count("  note: total taken as 100\n") == 1
    assert short.endswith("5 schedulers probed on cpu with torch 2.13.0: 1 contradicts, 1 error, 3 ok.\n")


def test_own_class_and_part_are_named() -> None:
    named = verdict(SEED, class_name="train.Decay", part_of="torch.optim.lr_scheduler.SequentialLR")

    assert text(named).startswith("train.py:12:13 Decay (LambdaLR) in SequentialLR  ok\n")


def test_table_of_several_groups_and_of_a_long_schedule() -> None:
    two = rate_table(verdict([1e-3, 5e-4], [1e-3]).groups)
    many = rate_table(verdict(*[SEED] * 6).groups).splitlines()

    assert two == (
        "step    lr 0  factor 0   lr 1  factor 1\n"
        "   0   0.001         1  0.001         1\n"
        "   1  0.0005       0.5                 \n"
    )
    assert many[-1] == "(2 more groups)"


def rows(*rates: list[float], later: list[tuple[int, float]] | None = None) -> list[str]:
    """The first column of a table."""
    seen = verdict(*rates)
    seen.groups[0].later = [*(later or ())]
    return [line.split()[0] for line in rate_table(seen.groups, unit="epoch").splitlines()]


def test_table_of_a_long_schedule_shows_its_kinks_and_its_end() -> None:
    drops = [1e-3 * 0.1 ** (epoch // 30) for epoch in range(90)]
    decay = [1e-3 * 0.9**epoch for epoch in range(100)]

    assert rows([1e-3] * 1000) == ["epoch", "0", "...", "999"]
    assert rows(drops) == ["epoch", "0", "...", "29", "30", "...", "59", "60", "...", "89"]
    assert rows([1e-3] * 10) == ["epoch", "0", "...", "9"]
    assert rows(decay) == [
        "epoch",
        "0",
        "1",
        "2",
        *(t for n in (19, 39, 59, 79) for t in ("...", str(n))),
        "...",
        "98",
        "99",
    ]
    assert rows([1e-3] * 5, later=[(70, 1e-4), (99, 1e-4)])[-4:] == ["...", "70", "...", "99"]


@pytest.mark.skipif(not can_plot_in_terminal(), reason="needs plotext")
def test_terminal_plot() -> None:
    drawn = terminal_plot(verdict(SEED), 60, 12, unicode=True).splitlines()
    ascii_only = terminal_plot(verdict(SEED), 60, 12, unicode=False)
    wide = terminal_plot(verdict(KERAS_FUNCTION, SEED), 60, 12, unicode=True)

    assert drawn[0] == "lr by epoch: · initial lr, ⠒ lr"
    assert len(drawn) == 13
    assert max(map(len, drawn)) <= 60
    assert ascii_only.isascii()
    assert "\x1b" not in wide
    assert wide.startswith("lr by epoch (logarithmic): · initial lr 0, 0 lr 0, 1 lr 1\n")
    meant = terminal_plot(verdict(KERAS_FUNCTION), 60, 12, unicode=True)
    assert meant.startswith("lr by epoch (logarithmic): · intended lr, ⠒ lr\n")
    # The actual rates of group 0 lie far below the initial one, and so are drawn in the lower half.
    assert all("0" not in line.partition("┤")[2] for line in wide.splitlines()[2:6])


@pytest.mark.skipif(not can_plot_in_terminal(), reason="needs plotext")
@pytest.mark.parametrize("rates", [[1e-3 + 1j, math.nan, -1.0], [0.0] * 10, [1e-3], [math.inf] * 3, [1e-9, 0.0, -1e-9]])
def test_odd_rates_can_be_drawn(rates: list[Any]) -> None:
    assert terminal_plot(verdict(rates), 60, 12, unicode=True)


@pytest.mark.skipif(not can_plot_images(), reason="needs matplotlib")
def test_images() -> None:
    schedules = [verdict(SEED), verdict(KERAS_FUNCTION, [math.nan, 1j]), verdict([0.0] * 3), verdict([])]

    assert image(schedules, "png").startswith(b"\x89PNG\r\n")
    drawn = image(schedules, "svg").decode()
    assert "<svg" in drawn
    assert drawn.count("<!-- train.py:12 LambdaLR: ") == 4
