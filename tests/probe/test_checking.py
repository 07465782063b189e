"""``check_scheduler``: right schedules pass, wrong ones fail with a sentence and the table, and nothing is changed."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch.optim import SGD, Adam, lr_scheduler  # noqa: E402

from lr_lint.probe import ScheduleError, check_scheduler  # noqa: E402
from lr_lint.probe.measuring.cases import Pattern, ScheduleOutcome  # noqa: E402


def optimizer(*lrs: float, kind: Any = SGD) -> Any:
    return kind([{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in lrs or (0.001,)], lr=0.001)


def lambda_lr(function: Any, *lrs: float) -> Any:
    return lr_scheduler.LambdaLR(optimizer(*lrs), function)


def warm_up_and_decay(epoch: int) -> float:
    return epoch / 5 if epoch < 5 else float(0.9 ** (epoch - 5))


def noam(step: int) -> float:
    return float(512**-0.5 * min((step + 1) ** -0.5, (step + 1) * 400**-1.5))


class NoamLR(lr_scheduler.LRScheduler):
    def get_lr(self) -> list[Any]:
        return [base * noam(self.last_epoch) for base in self.base_lrs]


def sequential(decay: Any) -> Any:
    opt = optimizer()
    warm = lr_scheduler.LinearLR(opt, 0.001, total_iters=500)
    return lr_scheduler.SequentialLR(opt, [warm, lr_scheduler.LambdaLR(opt, decay)], [500])


RIGHT: dict[str, Callable[[], Any]] = {
    "linear decay": lambda: lambda_lr(lambda epoch: (10 - epoch) / 10),
    "warm-up": lambda: lambda_lr(warm_up_and_decay),
    "slow warm-up": lambda: lambda_lr(lambda epoch: max(1e-6, min(1, epoch / 1000)), 1e-4),
    "small constant first": lambda: lambda_lr(lambda epoch: 0.01 if epoch < 500 else 1, 0.01),
    "relative groups": lambda: lambda_lr(lambda epoch: 0.1 * (1 + 0.001 * epoch) ** -0.75, 0.1, 1.0),
    "base 1": lambda: lambda_lr(lambda epoch: 1e-3 * 0.9**epoch, 1.0),
    "Noam": lambda: lambda_lr(noam, 1.0),
    "Noam class": lambda: NoamLR(optimizer(1.0)),
    "unclamped": lambda: lambda_lr(lambda epoch: (1 - epoch / 5) ** 0.9),
    "thawed": lambda: lambda_lr([lambda epoch: 0 if epoch < 5 else 1, lambda epoch: 0.9**epoch], 0.001, 0.001),
    "ratio": lambda: lr_scheduler.MultiplicativeLR(optimizer(), lambda epoch: 0.95),
    "sequential": lambda: sequential(lambda epoch: 0.9**epoch),
    "cosine": lambda: lr_scheduler.CosineAnnealingLR(optimizer(), 10),
    "one cycle": lambda: lr_scheduler.OneCycleLR(optimizer(), 0.01, total_steps=5, cycle_momentum=False),
    "plateau": lambda: lr_scheduler.ReduceLROnPlateau(optimizer()),
}


# Nothing is wrong with these, as far as the rates show; nor do they show that all is right.
UNDECIDED = {"small constant first", "unclamped", "plateau"}


@pytest.mark.parametrize("name", RIGHT)
def test_right_schedules_pass(name: str) -> None:
    expected = ScheduleOutcome.UNDECIDED if name in UNDECIDED else ScheduleOutcome.OK

    assert check_scheduler(RIGHT[name]()).outcome is expected


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "absolute": (lambda: lambda_lr(lambda epoch: (1e-3 - 1e-8) * (10 - epoch) / 10), "starts at 9.9999e-07, not at"),
    "constant": (lambda: lambda_lr(lambda epoch: 1e-3), "the rate starts at 1e-06, not at 0.001"),
    "absolute warm-up": (lambda: lambda_lr(lambda epoch: 1e-3 * min(1, epoch / 500)), "peaks at 1e-06 (step 500)"),
    "integer division": (lambda: lambda_lr(lambda epoch: epoch // 30, 0.05), "is that an integer division?"),
    "cumulative": (
        lambda: lr_scheduler.MultiplicativeLR(optimizer(), lambda epoch: (10 - epoch) / 10),
        "the callable returns a linear decay from the start on",
    ),
    "negative": (lambda: lambda_lr(lambda epoch: -1), "the rate starts at -0.001"),
    "raises": (lambda: lambda_lr(lambda epoch: 1 / (3 - epoch)), "step 3 raises ZeroDivisionError"),
    "part": (
        lambda: sequential(lambda epoch: 1e-3 * 0.9**epoch),
        "the LambdaLR in the SequentialLR: the rate starts at 1e-06, not at 0.001",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_schedules_fail(name: str) -> None:
    build, message = WRONG[name]

    with pytest.raises(ScheduleError) as raised:
        check_scheduler(build())
    assert message in str(raised.value)


def test_callable_that_reads_the_rate_in_force_fails() -> None:
    opt = optimizer(0.1)
    scheduler = lr_scheduler.LambdaLR(opt, lambda epoch: opt.param_groups[0]["lr"] * 0.9)

    with pytest.raises(ScheduleError, match="compounds on itself"):
        check_scheduler(scheduler)


def test_failure_is_an_assertion_with_the_table_of_rates() -> None:
    with pytest.raises(AssertionError) as raised:
        check_scheduler(lambda_lr(lambda epoch: 1e-3 * (0.5**epoch)), steps=3)

    assert str(raised.value).splitlines()[1:] == [
        "  step       lr   factor",
        "     0    1e-06    0.001",
        "     1    5e-07   0.0005",
        "     2  2.5e-07  0.00025",
    ]
    assert raised.value.verdict.groups[0].pattern is Pattern.ABSOLUTE  # type: ignore[attr-defined]


def test_scheduler_and_optimizer_are_as_before() -> None:
    for build in RIGHT.values():
        scheduler = build()
        before = repr((scheduler.state_dict(), scheduler.optimizer.state_dict(), vars(scheduler).keys()))
        check_scheduler(scheduler, steps=5)
        assert repr((scheduler.state_dict(), scheduler.optimizer.state_dict(), vars(scheduler).keys())) == before


def test_verdict_holds_the_rates() -> None:
    verdict = check_scheduler(lambda_lr(lambda epoch: 0.5**epoch), steps=3)

    assert verdict.groups[0].lrs == [0.001, 0.0005, 0.00025]


def test_steps_are_those_of_the_training() -> None:
    scheduler = lambda_lr(lambda epoch: 1 - epoch / 5)
    check_scheduler(scheduler)
    check_scheduler(scheduler, steps=5)

    with pytest.raises(ScheduleError, match=r"the rate is -0\.0002 at step 6"):
        check_scheduler(scheduler, steps=7)


def test_expected_rates() -> None:
    scheduler = lambda_lr(lambda epoch: (10 - epoch) / 10)
    check_scheduler(scheduler, expected=[(10 - epoch) / 10_000 for epoch in range(11)])
    check_scheduler(scheduler, expected=torch.linspace(1e-3, 0, 11, dtype=torch.float64))
    check_scheduler(scheduler, expected=torch.linspace(1e-3, 0, 11, dtype=torch.float64).reshape(1, -1).numpy())

    with pytest.raises(ScheduleError, match=r"the rate is 0\.0009 at step 1, not 0\.00095"):
        check_scheduler(scheduler, expected=[0.001, 0.00095])
    with pytest.raises(ScheduleError, match=r"the rate is 0 at step 10, not 1e-08"):
        check_scheduler(scheduler, expected=[(10 - epoch) / 10_000 for epoch in range(10)] + [1e-8])


def test_expected_rates_of_each_group() -> None:
    scheduler = lambda_lr(lambda epoch: 0.5**epoch, 0.1, 0.01)
    check_scheduler(scheduler, expected=[[0.1, 0.05], [0.01, 0.005]])

    with pytest.raises(ScheduleError, match=r"group 1: the rate is 0\.01 at step 0, not 0\.1"):
        check_scheduler(scheduler, expected=[0.1, 0.05])
    with pytest.raises(ScheduleError, match="3 lists of rates are expected for 2 param groups"):
        check_scheduler(scheduler, expected=[[0.1]] * 3)


def test_expected_rates_say_what_is_meant() -> None:
    check_scheduler(lambda_lr(lambda epoch: 1e-3), expected=[1e-6] * 5)


@pytest.mark.parametrize(
    "schedule",
    [
        lambda step: min(1, step / 50),
        lambda step: min(1, (step + 1) / 50),
        lambda step: step / 50 if step < 50 else (1 + math.cos(math.pi * (step - 50) / 100)) / 2,
    ],
)
def test_length_of_the_warm_up(schedule: Any) -> None:
    scheduler = lambda_lr(schedule)
    check_scheduler(scheduler, warmup_steps=50)
    check_scheduler(scheduler, warmup_steps=50, steps=100)

    with pytest.raises(ScheduleError, match=r"the rate comes to its peak at step (49|50), not at 500"):
        check_scheduler(scheduler, warmup_steps=500, steps=1000)
    with pytest.raises(ScheduleError, match="the rate comes to its peak at step 6 or later, not at 5"):
        check_scheduler(scheduler, warmup_steps=5, steps=7)


def test_schedule_without_a_warm_up_has_none() -> None:
    with pytest.raises(ScheduleError, match="comes to its peak at step 0, not at 5"):
        check_scheduler(lambda_lr(lambda epoch: 0.9**epoch), warmup_steps=5)


def test_wrappers_of_other_libraries() -> None:
    scheduler = lambda_lr(lambda epoch: 1e-3)

    for wrapped in ({"scheduler": scheduler, "interval": "step"}, SimpleNamespace(scheduler=scheduler)):
        with pytest.raises(ScheduleError):
            check_scheduler(wrapped)


@pytest.mark.parametrize(
    ("given", "message"), [(None, "NoneType is no scheduler"), ({"optimizer": 1}, "dict is no scheduler")]
)
def test_what_is_no_scheduler(given: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        check_scheduler(given)


@pytest.mark.parametrize("arguments", [{"steps": 0}, {"warmup_steps": 0}])
def test_what_cannot_be_asked_for(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        check_scheduler(lambda_lr(lambda epoch: 1), **arguments)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_schedule_on_a_gpu() -> None:
    parameter = torch.zeros(1, device="cuda", requires_grad=True)
    opt = Adam([parameter], lr=torch.tensor(1e-3, device="cuda"), capturable=True)

    with pytest.raises(ScheduleError, match="the rate starts at 1e-06"):
        check_scheduler(lr_scheduler.LambdaLR(opt, lambda epoch: 1e-3 * 0.9**epoch))


def test_what_a_callable_raises_steers_no_terminal() -> None:
    def odd(epoch: int) -> float:
        if epoch > 1:
            raise ValueError("\x1b[31m\u202e")
        return 1.0

    with pytest.raises(ScheduleError) as caught:
        check_scheduler(lambda_lr(odd))

    assert r"\x1b[31m\u202e" in str(caught.value).partition("\n")[0]


def decayed() -> Any:
    return lambda_lr(lambda epoch: 0.9**epoch, 0.1)


def test_a_schedule_that_goes_on_after_it_was_saved_and_loaded_passes() -> None:
    built = decayed()
    before = built.state_dict()

    check_scheduler(built, resume=decayed, steps=12)
    check_scheduler(
        lr_scheduler.OneCycleLR(optimizer(), 0.1, 12), resume=lambda: lr_scheduler.OneCycleLR(optimizer(), 0.1, 12)
    )
    check_scheduler(sequential(lambda epoch: 0.9**epoch), resume=lambda: sequential(lambda epoch: 0.9**epoch))

    assert built.state_dict() == before


def test_a_schedule_that_begins_again_when_it_is_resumed_fails() -> None:
    def forgets_the_scheduler(_: Any, of_optimizer: Any) -> Any:
        resumed = decayed()
        resumed.optimizer.load_state_dict(of_optimizer)
        return resumed

    with pytest.raises(ScheduleError, match=r"resumed at step 1, the rate is 0\.09 at step 2, not 0\.081"):
        check_scheduler(decayed(), resume=forgets_the_scheduler, steps=12)


def test_the_state_of_the_optimizer_before_a_fresh_scheduler_fails() -> None:
    def loads_too_early(of_scheduler: Any, of_optimizer: Any) -> Any:
        loaded = optimizer(0.1)
        loaded.load_state_dict(of_optimizer)
        resumed = lr_scheduler.LambdaLR(loaded, lambda epoch: 0.9**epoch)
        resumed.load_state_dict(of_scheduler)
        return resumed

    with pytest.raises(ScheduleError, match=r"resumed at step 1, the rate is 0\.1 at step 1, not 0\.09 as"):
        check_scheduler(decayed(), resume=loads_too_early, steps=12)


def test_a_scheduler_that_cannot_be_saved_or_resumed_fails() -> None:
    class Kept:
        def __init__(self) -> None:
            self.handle = open(__file__)  # noqa: SIM115

        def __call__(self, epoch: int) -> float:
            return float(0.9**epoch)

    kept = Kept()
    with kept.handle, pytest.raises(ScheduleError, match="interrupted at step 1: saving raised TypeError"):
        check_scheduler(lambda_lr(kept), resume=lambda: lambda_lr(kept))

    def resumes_a_fresh_one(of_scheduler: Any, _: Any) -> Any:
        return lr_scheduler.LambdaLR(optimizer(), lambda epoch: 0.9**epoch, last_epoch=of_scheduler["last_epoch"])

    with pytest.raises(ScheduleError, match="interrupted at step 1: resuming raised KeyError"):
        check_scheduler(decayed(), resume=resumes_a_fresh_one)
