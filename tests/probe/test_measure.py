"""The real schedulers are stepped, the rates read are those that training would see, and nothing is changed by it."""

from __future__ import annotations

import copy
import math
import random
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch.optim import SGD, Adam, lr_scheduler  # noqa: E402

from lr_lint.probe.measuring.cases import curve_of  # noqa: E402
from lr_lint.probe.measuring.observe import contract_of, is_scheduler, observe, observe_with_parts, preserved, roots  # noqa: E402
from lr_lint.probe.records import Mode, Observation, Place  # noqa: E402
from lr_lint.vocabulary.families import Family, classify, usable_base  # noqa: E402

LIBRARY = "torch.optim.lr_scheduler."
CALLS: list[int] = []
TOTAL = 0


def optimizer(*lrs: Any, kind: Any = SGD, **options: Any) -> Any:
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in lrs or (0.001,)]
    return kind(groups, **{"lr": 0.001, **options})


def lambda_lr(function: Any, *lrs: Any, **options: Any) -> Any:
    return lr_scheduler.LambdaLR(optimizer(*lrs, **options), function)


def observed(scheduler: Any, steps: int = 10) -> Observation:
    return observe(scheduler, steps, Mode.DIRECT)


def rates(scheduler: Any, steps: int = 10, group: int = 0) -> list[Any]:
    return observed(scheduler, steps).groups[group].lrs


class Counting:
    """A callable with state of every kind."""

    __slots__ = ("calls", "last", "random", "table", "tensor")

    def __init__(self) -> None:
        self.calls = 0
        self.last: deque[int] = deque(maxlen=3)
        self.table: dict[str, list[int]] = {"seen": []}
        self.random = random.Random(1)
        self.tensor = torch.ones(2)

    def __call__(self, epoch: int) -> float:
        self.calls += 1
        self.last.append(epoch)
        self.table["seen"].append(epoch)
        self.table[str(epoch)] = []
        self.tensor *= 0.5
        return 0.9**self.calls + 1e-6 * self.random.random()

    def state(self) -> Any:
        return self.calls, list(self.last), copy.deepcopy(self.table), self.random.getstate(), self.tensor.tolist()


class Remembering(lr_scheduler.LRScheduler):
    """A scheduler that keeps what it did in a list of its own."""

    def __init__(self, optimizer: Any) -> None:
        self.history: list[float] = []
        self.settings = {"gamma": 0.9}
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        self.settings["gamma"] *= 0.99
        self.history.append(self.settings["gamma"])
        return [group["lr"] * self.settings["gamma"] for group in self.optimizer.param_groups]


def with_global(epoch: int) -> float:
    global TOTAL
    TOTAL += 1
    CALLS.append(epoch)
    return 0.9**epoch


def with_default(epoch: int, seen: list[int] = []) -> float:  # noqa: B006
    seen.append(epoch)
    return 1 / len(seen)


def sequential() -> Any:
    opt = optimizer(0.1, 0.2)
    warm = lr_scheduler.LinearLR(opt, 0.1, total_iters=3)
    decay = lr_scheduler.LambdaLR(opt, lambda epoch: 0.9**epoch)
    return lr_scheduler.SequentialLR(opt, [warm, decay], [3])


def chained() -> Any:
    opt = optimizer(0.1, momentum=0.9)
    parts = [lr_scheduler.ConstantLR(opt, 0.5, 4), lr_scheduler.MultiplicativeLR(opt, lambda epoch: 0.9)]
    return lr_scheduler.ChainedScheduler(parts)


def nonlocal_counter() -> Callable[[int], float]:
    calls = 0

    def schedule(epoch: int) -> float:
        nonlocal calls
        calls += 1
        return 0.9**calls

    return schedule


BUILDERS: dict[str, Callable[[], Any]] = {
    "lambda": lambda: lambda_lr(lambda epoch: (10 - epoch) / 10),
    "two groups": lambda: lambda_lr([lambda epoch: 0.9**epoch, lambda epoch: 0.5**epoch], 0.1, 0.01),
    "tensor lr": lambda: lambda_lr(lambda epoch: 0.9**epoch, torch.tensor(0.1), kind=Adam),
    "tensor factor": lambda: lambda_lr(lambda epoch: torch.tensor(0.9) ** epoch),
    "multiplicative": lambda: lr_scheduler.MultiplicativeLR(optimizer(), lambda epoch: 0.95),
    "stateful object": lambda: lambda_lr(Counting()),
    "stateful closure": lambda: lambda_lr(nonlocal_counter()),
    "global state": lambda: lambda_lr(with_global),
    "mutable default": lambda: lambda_lr(with_default),
    "partial": lambda: lambda_lr(partial(lambda seen, epoch: seen.append(epoch) or 1 / len(seen), [])),
    "random": lambda: lambda_lr(lambda epoch: random.random() + torch.rand(1).item()),
    "sequential": sequential,
    "chained": chained,
    "own class": lambda: Remembering(optimizer(0.1)),
    "one cycle": lambda: lr_scheduler.OneCycleLR(optimizer(0.1, momentum=0.9), 0.1, total_steps=50),
    "cyclic": lambda: lr_scheduler.CyclicLR(optimizer(0.1, momentum=0.9), 0.01, 0.1),
    "restarts": lambda: lr_scheduler.CosineAnnealingWarmRestarts(optimizer(0.1), 4),
    "multi-step": lambda: lr_scheduler.MultiStepLR(optimizer(0.1), [2, 4]),
    "closed form": lambda: lr_scheduler.CosineAnnealingLR(optimizer(0.1), 10),
    "plateau": lambda: lr_scheduler.ReduceLROnPlateau(optimizer(0.1)),
}


def plain(value: Any) -> Any:
    """A value with tensors as numbers and without what only has an identity, to compare states."""
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key != "params"}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, partial):
        return plain(value.args)
    return value.state() if isinstance(value, Counting) else value


def state(scheduler: Any) -> Any:
    opt = scheduler.optimizer
    children = [plain(vars(child)) for child in getattr(scheduler, "_schedulers", ())]
    own = {key: value for key, value in vars(scheduler).items() if key not in ("optimizer", "_schedulers")}
    callables = [each.state() for each in own.get("lr_lambdas", ()) if isinstance(each, Counting)]
    return (
        copy.deepcopy(plain(own)),
        copy.deepcopy([{**child, "optimizer": None} for child in children]),
        copy.deepcopy(plain(opt.param_groups)),
        [[parameter.tolist() for parameter in group["params"]] for group in opt.param_groups],
        {key: value for key, value in vars(opt).items() if isinstance(value, (bool, int))},
        callables,
        (TOTAL, list(CALLS), list(with_default.__defaults__[0])),  # type: ignore[index]
        (random.getstate(), torch.get_rng_state().tolist()),
    )


def step(scheduler: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler.step(*(1.0,) if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau) else ())


def trained(scheduler: Any, steps: int = 6) -> list[list[Any]]:
    """The rates of a training in which nobody looks."""
    found = []
    for _ in range(steps):
        found.append([plain(group["lr"]) for group in scheduler.optimizer.param_groups])
        scheduler.optimizer.step()
        step(scheduler)
    return found


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    global TOTAL
    for each in (random.seed, torch.manual_seed):
        each(0)
    yield
    TOTAL = 0
    CALLS.clear()
    with_default.__defaults__[0].clear()  # type: ignore[index]


@pytest.mark.parametrize("name", BUILDERS)
def test_observing_changes_nothing(name: str) -> None:
    scheduler = BUILDERS[name]()
    scheduler.optimizer.step()
    before = state(scheduler)
    observe_with_parts(scheduler, 20, Mode.DIRECT)

    assert state(scheduler) == before


@pytest.mark.parametrize("name", BUILDERS)
def test_training_after_observing_goes_as_without(name: str) -> None:
    random.seed(0)
    torch.manual_seed(0)
    expected = trained(BUILDERS[name]())
    _reset_globals()
    scheduler = BUILDERS[name]()
    observe_with_parts(scheduler, 20, Mode.DIRECT)

    assert trained(scheduler) == expected


def _reset_globals() -> None:
    global TOTAL
    TOTAL = 0
    CALLS.clear()
    with_default.__defaults__[0].clear()  # type: ignore[index]
    random.seed(0)
    torch.manual_seed(0)


@pytest.mark.parametrize("name", [name for name in BUILDERS if name != "plateau"])
def test_rates_are_those_of_a_training(name: str) -> None:
    expected = trained(BUILDERS[name]())
    _reset_globals()
    groups = observed(BUILDERS[name](), 6).groups

    assert [list(step) for step in zip(*(group.lrs for group in groups), strict=True)] == [
        pytest.approx(step, rel=1e-12) for step in expected
    ]


def test_rates_of_the_seed_program() -> None:
    assert rates(lambda_lr(lambda epoch: 1.0 * (10 - epoch) / 10.0)) == [
        *(0.001, 0.0009000000000000001, 0.0008, 0.0007, 0.0006, 0.0005, 0.0004, 0.0003, 0.0002, 0.0001)
    ]
    assert rates(lambda_lr(lambda epoch: (1e-3 - 1e-8) * (10 - epoch) / 10))[0] == 9.9999e-07


def test_objects_that_the_user_holds_stay_the_same_ones() -> None:
    scheduler = sequential()
    opt, lr = optimizer(torch.tensor(0.1), kind=Adam), None
    held = (scheduler._schedulers, scheduler._milestones, opt.param_groups, opt.param_groups[0])
    lr = opt.param_groups[0]["lr"]
    other = lr_scheduler.LambdaLR(opt, lambda epoch: 0.5)
    observed(scheduler)
    observed(other)

    assert held[0] is scheduler._schedulers
    assert held[1] is scheduler._milestones
    assert held[2] is opt.param_groups
    assert held[3] is opt.param_groups[0]
    assert lr is opt.param_groups[0]["lr"]


def test_torch_still_warns_of_the_users_own_order_afterwards() -> None:
    scheduler = lambda_lr(lambda epoch: 0.9**epoch)
    observed(scheduler)

    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()


def test_preserved_restores_when_the_block_raises() -> None:
    scheduler = lambda_lr(lambda epoch: 0.9**epoch)

    with pytest.raises(KeyError), preserved(scheduler):  # noqa: PT012
        scheduler.optimizer.param_groups[0]["lr"] = 7.0
        scheduler.optimizer.add_param_group({"params": [torch.zeros(1)]})
        scheduler.last_epoch = 5
        scheduler.extra = []
        raise KeyError

    assert [group["lr"] for group in scheduler.optimizer.param_groups] == [0.001]
    assert scheduler.last_epoch == 0
    assert not hasattr(scheduler, "extra")


def test_parameters_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    model = torch.nn.Linear(100, 100)
    model.schedule = lambda epoch: 0.9**epoch
    opt = Adam(model.parameters(), lr=0.1)
    model(torch.ones(100)).sum().backward()
    opt.step()
    scheduler = lr_scheduler.LambdaLR(opt, lambda epoch: model.schedule(epoch))
    cloned: list[int] = []
    clone = torch.Tensor.clone

    def counted(tensor: Any) -> Any:
        cloned.append(tensor.numel())
        return clone(tensor)

    monkeypatch.setattr(torch.Tensor, "clone", counted)
    observed(scheduler)

    assert all(size < 100 for size in cloned)


@pytest.mark.parametrize(
    ("function", "step", "message"),
    [
        (lambda epoch: [1.0, 0.9, 0.8][epoch], 3, "IndexError: list index out of range"),
        (lambda epoch: 1 / (2 - epoch), 2, "ZeroDivisionError: "),
        (lambda epoch: None if epoch == 4 else 1.0, 4, "TypeError: "),
    ],
)
def test_what_a_step_raises_is_recorded_with_the_step(function: Any, step: int, message: str) -> None:
    found = observed(lambda_lr(function))

    assert found.error.startswith(message)
    assert found.error_step == step
    assert len(found.groups[0].lrs) == step


def test_group_added_after_the_scheduler_is_recorded() -> None:
    scheduler = lambda_lr(lambda epoch: 0.9**epoch)
    scheduler.optimizer.add_param_group({"params": [torch.zeros(1)], "lr": 0.5})
    found = observed(scheduler)

    assert (found.error[:12], found.error_step) == ("ValueError: ", 1)
    assert [group.lrs for group in found.groups] == [[0.001], [0.5]]


def test_scheduler_that_needs_a_metric_is_not_stepped() -> None:
    found = observed(lr_scheduler.ReduceLROnPlateau(optimizer(0.1)))

    assert found.groups[0].lrs == [0.1]
    assert found.unseen == "ReduceLROnPlateau.step() needs arguments: only the first rate was read"


def test_scheduler_without_an_optimizer_is_recorded_as_such() -> None:
    class Empty(lr_scheduler.LRScheduler):
        def __init__(self) -> None:
            pass

    assert observed(Empty()).error == "AttributeError: Empty has no optimizer"


def test_end_of_a_schedule_that_counts_its_steps_is_no_error() -> None:
    found = observed(lr_scheduler.OneCycleLR(optimizer(0.1), 0.1, total_steps=5))

    assert found.error == ""
    assert found.notes == ["the schedule ends at step 6"]


def test_resumed_schedule_is_seen_from_its_beginning() -> None:
    opt = optimizer(0.1)
    opt.param_groups[0]["initial_lr"] = 0.1
    found = observed(lr_scheduler.LambdaLR(opt, lambda epoch: 0.5**epoch, last_epoch=4), 3)

    assert found.groups[0].lrs == [0.1, 0.05, 0.025]
    assert found.notes == ["the scheduler stood at step 5: it was observed from step 0"]


def test_rates_that_are_no_floats() -> None:
    assert rates(lambda_lr(lambda epoch: (1 - epoch / 2) ** 0.5), 4)[3] == pytest.approx(0.001 * (-0.5) ** 0.5)
    assert math.isnan(rates(lambda_lr(lambda epoch: math.nan))[0])
    assert rates(lambda_lr(lambda epoch: math.inf))[0] == math.inf
    assert rates(lambda_lr(lambda epoch: epoch == 0), 2) == [0.001, 0.0]
    assert rates(lambda_lr(lambda epoch: -1), 1) == [-0.001]


@pytest.mark.parametrize(
    ("function", "peak", "step", "rising"),
    [
        (lambda epoch: 0.5**epoch, 1.0, 0, False),
        (lambda epoch: min(1, epoch / 500), 1.0, 500, False),
        (lambda epoch: 1e-6 if epoch < 700 else 1.0, 1.0, 700, False),
        (lambda epoch: 0.01 * 0.9**epoch, 0.01, 0, False),
        (lambda epoch: 0.01 * min(1, (epoch + 1) / 50), 0.01, 49, False),
        (lambda epoch: epoch / 1e6, 0.019999, 19_999, True),
        # What comes after the end of a decay says nothing about it.
        (lambda epoch: 0.001 * (1 - epoch / 5) ** 2, 0.001, 0, False),
        # Not the 1 with which it begins to grow: what it goes on to.
        (lambda epoch: epoch // 30, 3.0, 90, False),
        (lambda epoch: 0 if epoch < 5 else 1, 1.0, 5, False),
        (lambda epoch: [0.1, 0.2, 0.3, 0.4, 0.5][epoch], 0.5, 4, True),
    ],
)
def test_peak_is_looked_for_beyond_the_steps_while_the_rate_does_not_fall(
    function: Any, peak: float, step: int, rising: bool
) -> None:
    steps = 5 if step == 4 else 10
    group = observed(lambda_lr(function), steps).groups[0]

    assert group.peak_lr == pytest.approx(0.001 * peak)
    assert group.peak_step == step
    assert (classify(curve_of(group), usable_base(group.initial_lr)).family is Family.RISING) is rising
    assert len(group.lrs) == steps


def test_what_is_seen_beyond_the_steps_is_told_in_short() -> None:
    steps = observed(lambda_lr(lambda epoch: epoch // 5), 3).groups[0]
    ramp = observed(lambda_lr(lambda epoch: epoch / 500), 10).groups[0]

    # Both sides of each jump, and of the ramp some steps on the way.
    assert {(step, 0.001 * (step // 5)) for step in (4, 5, 9, 10, 14, 15)} <= set(steps.later)
    assert len(ramp.later) < 40
    assert ramp.later[-1] == (500, 0.001)
    assert all(rate == pytest.approx(0.001 * step / 500) for step, rate in ramp.later)


def test_training_is_looked_at_to_its_end() -> None:
    drops = observe(lambda_lr(lambda epoch: 0.1 ** (epoch // 30)), None, Mode.DIRECT, training=90)
    long = observe(lambda_lr(lambda step: 1.0 if step < 70_000 else 0.1), None, Mode.DIRECT, training=80_000)

    assert len(drops.groups[0].lrs) == 90
    assert len(long.groups[0].lrs) == 1000
    assert {69_999: 0.001, 70_000: 0.0001}.items() <= dict(long.groups[0].later).items()
    assert long.groups[0].later[-1][0] == 79_999


def test_step_after_the_last_epoch_is_made_too_and_its_rate_is_nobody_s() -> None:
    raising = observe(lambda_lr(lambda epoch: 1 / (20 - epoch) * 20), None, Mode.DIRECT, training=20)
    negative = observe(lambda_lr(lambda epoch: 1 - epoch / 19.5), None, Mode.DIRECT, training=20)

    assert (raising.error, raising.error_step) == ("ZeroDivisionError: division by zero", 20)
    assert (len(negative.groups[0].lrs), negative.groups[0].later) == (20, [])


LAST = 40


def by_global_count(epoch: int) -> float:
    return 1.0 if epoch < LAST else 0.1


class Plan:
    total = 30

    def __init__(self) -> None:
        self.milestones, self.width = [25, 50], 4096

    def factor(self, epoch: int) -> float:
        return float(0.1 ** sum(epoch >= each for each in self.milestones))


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (lambda: lambda_lr(lambda epoch: 0.1 ** (epoch // 30)), 31),
        (lambda: lambda_lr(lambda epoch: 0.9**epoch), 10),
        (lambda: lambda_lr(by_global_count), 41),
        (lambda: lambda_lr(Plan().factor), 51),
        (lambda: lambda_lr(partial(lambda total, epoch: 1 - epoch / total, 60)), 61),
        (lambda: lr_scheduler.CosineAnnealingLR(optimizer(0.1), 70), 71),
        (lambda: lr_scheduler.MultiStepLR(optimizer(0.1), [20, 80]), 81),
    ],
)
def test_without_a_training_the_largest_count_that_is_spoken_of_is_looked_at(build: Any, told: int) -> None:
    assert len(observe(build(), None, Mode.DIRECT).groups[0].lrs) == told


def test_part_of_a_sequence_is_looked_at_in_its_own_time() -> None:
    opt = optimizer(0.1)
    warm, rest = (
        lr_scheduler.LambdaLR(opt, lambda step: (step + 1) / 5),
        lr_scheduler.LambdaLR(opt, lambda step: 0.9**step),
    )
    whole = lr_scheduler.SequentialLR(opt, [warm, rest], milestones=[5])
    _, first, second = observe_with_parts(whole, None, Mode.DIRECT)

    assert first.groups[0].lrs == pytest.approx([0.02, 0.04, 0.06, 0.08, 0.1])
    assert (first.training, second.training) == (5, None)


def test_error_beyond_the_steps_asked_for_is_none() -> None:
    found = observed(lambda_lr(lambda epoch: [0.1] * 12 if epoch > 12 else 0.1), 10)

    assert found.error == ""
    assert found.groups[0].peak_lr == pytest.approx(0.0001)


def test_contracts() -> None:
    class Own(lr_scheduler.LambdaLR):
        pass

    class Legacy(lr_scheduler._LRScheduler):
        pass

    assert contract_of(lr_scheduler.LambdaLR) == LIBRARY + "LambdaLR"
    assert contract_of(Own) == LIBRARY + "LambdaLR"
    assert contract_of(Legacy) == LIBRARY + "LRScheduler"
    assert contract_of(Remembering) == LIBRARY + "LRScheduler"
    assert contract_of(lr_scheduler.ReduceLROnPlateau) == LIBRARY + "ReduceLROnPlateau"


def test_class_that_replaces_the_arithmetic_is_told_from_one_that_does_not() -> None:
    class Passing(lr_scheduler.LambdaLR):
        def __init__(self, optimizer: Any) -> None:
            super().__init__(optimizer, lambda epoch: 0.9**epoch)

    class Proxy(lr_scheduler.LambdaLR):
        def get_lr(self) -> list[Any]:
            return [0.5 for _ in self.base_lrs]

    assert not observed(Passing(optimizer())).computes_itself
    assert observed(Proxy(optimizer(), lambda epoch: 0.0)).computes_itself


def test_proxy_schedule_of_transformers_does_no_harm() -> None:
    optimization = pytest.importorskip("transformers.optimization")
    parameter = torch.zeros(1, requires_grad=True)
    found = observed(optimization.AdafactorSchedule(optimization.Adafactor([parameter])))

    assert (found.error, found.computes_itself) == ("", True)
    assert found.groups[0].lrs == [0.0] * 10


def test_parts_are_observed_from_their_own_start() -> None:
    whole, decay = observe_with_parts(sequential(), 5, Mode.DIRECT, Place("train.py", 3))

    assert (whole.contract, whole.part_of) == (LIBRARY + "SequentialLR", "")
    assert whole.groups[0].lrs == pytest.approx([0.01, 0.04, 0.07, 0.1, 0.09])
    assert (decay.contract, decay.part_of, decay.site) == (
        *(LIBRARY + "LambdaLR", LIBRARY + "SequentialLR", Place("train.py", 3)),
    )
    assert [group.lrs for group in decay.groups] == [
        pytest.approx([lr * 0.9**epoch for epoch in range(5)]) for lr in (0.1, 0.2)
    ]
    multiplied = observe_with_parts(chained(), 3, Mode.DIRECT)[1]
    assert multiplied.groups[0].lrs == pytest.approx([0.1, 0.09, 0.081])


def test_roots_are_those_that_no_other_holds() -> None:
    whole, alone = sequential(), lambda_lr(lambda epoch: 1.0)

    assert roots([*whole._schedulers, alone, whole]) == [alone, whole]
    assert is_scheduler(whole)
    assert not is_scheduler(whole.optimizer)


def purity(scheduler: Any) -> list[str]:
    return observed(scheduler).impurities


def test_pure_callables_are_not_accused() -> None:
    opt = optimizer(0.1)
    decay = 0.9

    assert purity(lambda_lr(lambda epoch: decay**epoch)) == []
    assert purity(lr_scheduler.LambdaLR(opt, lambda epoch: opt.param_groups[0]["initial_lr"] * decay**epoch)) == []
    assert purity(lr_scheduler.LambdaLR(opt, lambda epoch: 0.01 / opt.defaults["lr"])) == []
    assert purity(lambda_lr(lambda epoch: math.nan)) == []
    assert purity(lambda_lr(lambda epoch: (1 - epoch / 2) ** 0.5)) == []


@pytest.mark.parametrize("name", ["stateful object", "stateful closure", "mutable default", "partial", "random"])
def test_state_and_chance_are_told(name: str) -> None:
    (sentence,) = purity(BUILDERS[name]())

    assert sentence.startswith("the callable returned ")
    assert sentence.endswith("for the same step 1: it keeps a state or is random")


@pytest.mark.parametrize("lr", [0.1, pytest.param(torch.tensor(0.1), id="tensor")])
def test_callable_that_reads_the_rate_in_force_is_told(lr: Any) -> None:
    opt = optimizer(lr, kind=Adam)
    found = observed(lr_scheduler.LambdaLR(opt, lambda epoch: float(opt.param_groups[0]["lr"]) * 0.9))

    assert found.scales_with_rate
    assert found.impurities[0].startswith("the callable reads the rate in force: with the rates doubled it returns ")
    assert found.impurities[0].endswith(", so the schedule compounds on itself")
    assert found.groups[0].lrs[:3] == pytest.approx([9e-3, 8.1e-4, 7.29e-5])


def test_callable_that_only_compares_the_rate_in_force_does_not_scale_with_it() -> None:
    opt = optimizer(0.1)
    found = observed(lr_scheduler.LambdaLR(opt, lambda epoch: 1.0 if opt.param_groups[0]["lr"] > 0.15 else 0.9))

    assert found.impurities == [
        "the callable reads the rate in force: with the rates doubled it returns 1 instead of 0.9 at step 1"
    ]
    assert not found.scales_with_rate


LATE = []
for factor in (1.0, 0.1):
    LATE.append(lambda epoch: factor)  # noqa: B023, PERF401
BOUND = []
for factor in (1.0, 0.1):
    BOUND.append(lambda epoch, factor=factor: factor)  # noqa: PERF401


def late_in_function() -> list[Any]:
    found: list[Any] = []
    for name in ("head", "body"):
        weight = len(name) / 4

        def schedule(epoch: int) -> float:
            return weight**epoch  # noqa: B023

        found.append(schedule)
    return found


def same_for_all_groups() -> list[Any]:
    decay = 0.9
    return [lambda epoch: decay**epoch for _ in range(2)]


@pytest.mark.parametrize(
    ("functions", "variable"),
    [
        (LATE, "factor"),
        ([lambda epoch: k for k in (1.0, 0.1)], "k"),  # noqa: B023
        (late_in_function(), "weight"),
    ],
)
def test_late_bound_loop_variable_is_told(functions: Any, variable: str) -> None:
    (sentence,) = purity(lambda_lr(functions, 0.1, 0.1))

    assert sentence.startswith(f"the callables of groups 0, 1 share the loop variable {variable!r}")


@pytest.mark.parametrize("functions", [BOUND, same_for_all_groups(), [math.exp, math.exp]])
def test_callables_of_one_loop_that_share_nothing_that_changes_are_not_accused(functions: Any) -> None:
    assert purity(lambda_lr(functions, 0.1, 0.1)) == []


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_tensor_rates_on_a_gpu_stay_there() -> None:
    lr = torch.tensor(0.1, device="cuda")
    parameter = torch.zeros(1, device="cuda", requires_grad=True)
    opt = Adam([parameter], lr=lr, capturable=True)
    scheduler = lr_scheduler.LambdaLR(opt, lambda epoch: 0.5**epoch)
    random_state = torch.cuda.get_rng_state().tolist()

    assert rates(scheduler, 3) == pytest.approx([0.1, 0.05, 0.025])
    assert opt.param_groups[0]["lr"] is lr
    assert lr.item() == pytest.approx(0.1)
    assert lr.device.type == "cuda"
    assert torch.cuda.get_rng_state().tolist() == random_state


def one_exit(step: int) -> float:
    factor = 0.0
    if step >= 10:
        factor = step / 10
    return factor


@pytest.mark.parametrize(
    ("function", "held"),
    [
        (lambda step: 0 if step < 10 else step // 10, True),
        (freeze := lambda step: 0.0 if step < 10 else 1.0, True),
        (partial(freeze), True),
        (lambda step: step // 10, False),
        (one_exit, True),
        (lambda step: step + 1, False),
        (lambda step: 0.0, False),
    ],
)
def test_zeros_of_a_branch_of_their_own_are_told_from_others(function: Any, held: bool) -> None:
    assert observed(lambda_lr(function, 0.1)).groups[0].held_at_zero is held
