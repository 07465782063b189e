"""Fixes compared by Python itself: the interpreter that made the finding has no say in what its fix does.

Programs are drawn for every rule that has fixes. The program and its fixed version run with a stand-in for the library
that sets rates by the formula of its documentation, and the rates must be those that the draw says are meant.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest

from lr_lint.checks.fixes.rounds import Repair, repair
from lr_lint.source.settings import Settings

STEPS = 9
SEED = 20_260_101
# Factors of the step ``t``, with ``decay`` and ``total`` as the programs define them.
FACTORS = ["decay ** t", "1 / (1 + decay * t)", "(1 - t / total)", "0.5 * (1 + math.cos(math.pi * t / total))", "1.0"]
# These come down to a floor within the steps.
STEEP = ["0.1 ** t", "0.2 ** t", "0.05 ** t"]
# These cannot be rates, even the first few.
GENTLE = ["decay ** t", "(1 - t / total)", "0.5 * (1 + math.cos(math.pi * t / total))"]
CLOSED = ["decay ** t", "(1 - t / total)", "1 / (1 + t)"]
RATES = ["2e-3", "0.004", "1e-4", "0.03"]
NAMES = {"math": math, "decay": 0.8, "total": 20}


class Model:
    """What an optimizer asks of a model."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = sizes

    def parameters(self) -> list[object]:
        return [object()]


class Network:
    """A model of Keras."""

    def compile(self, **options: object) -> None:
        self.options = options


class Optimizer:
    """What a scheduler asks of an optimizer of PyTorch."""

    def __init__(self, params: Sequence[Any] = (), lr: float = 1e-3, learning_rate: float = 1e-3) -> None:
        groups = params if params and isinstance(params[0], dict) else [{"params": params}]
        self.param_groups = [{"lr": lr, **group} for group in groups]
        self.defaults = {"lr": lr}


class Scheduler:
    """Sets rates as LambdaLR and MultiplicativeLR say that they do."""

    made: ClassVar[list[Scheduler | OfKeras]] = []
    of_initial = True

    def __init__(self, optimizer: Optimizer, lr_lambda: Any) -> None:
        self.base = [group["lr"] for group in optimizer.param_groups]
        listed = lr_lambda if isinstance(lr_lambda, (list, tuple)) else [lr_lambda] * len(self.base)
        self.functions = list(listed)
        self.made.append(self)

    def rates(self) -> list[list[float]]:
        """The rates of each group at each step."""
        if self.of_initial:
            return [[base * f(t) for t in range(STEPS)] for base, f in zip(self.base, self.functions, strict=True)]
        found = []
        for base, function in zip(self.base, self.functions, strict=True):
            rates = [base]
            for t in range(1, STEPS):
                rates.append(rates[-1] * function(t))
            found.append(rates)
        return found


class OfKeras:
    """Keras's LearningRateScheduler: what its schedule returns is the rate."""

    def __init__(self, schedule: Callable[[int], float]) -> None:
        self.schedule = schedule
        Scheduler.made.append(self)

    def rates(self) -> list[list[float]]:
        """The rates at each epoch."""
        return [[self.schedule(t) for t in range(STEPS)]]


class OfPrevious(Scheduler):
    """MultiplicativeLR."""

    of_initial = False


def stand_ins() -> dict[str, ModuleType]:
    names = ("torch", "torch.optim", "torch.optim.lr_scheduler")
    torch, optim, schedulers = (ModuleType(name) for name in names)
    vars(torch).update(optim=optim, nn=SimpleNamespace(Linear=Model))
    vars(optim).update(SGD=Optimizer, Adam=Optimizer, lr_scheduler=schedulers)
    vars(schedulers).update(LambdaLR=Scheduler, MultiplicativeLR=OfPrevious)
    tensorflow = ModuleType("tensorflow")
    vars(tensorflow).update(keras=SimpleNamespace(Sequential=Network, optimizers=SimpleNamespace(Adam=Optimizer)))
    tensorflow.keras.callbacks = SimpleNamespace(LearningRateScheduler=OfKeras)
    return dict(zip((*names, "tensorflow"), (torch, optim, schedulers, tensorflow), strict=True))


def rates_of(program: str, monkeypatch: pytest.MonkeyPatch) -> list[list[float]]:
    """The rates that the last scheduler of a program sets, group by group."""
    for name, module in stand_ins().items():
        monkeypatch.setitem(sys.modules, name, module)
    Scheduler.made.clear()
    exec(compile(program, "train.py", "exec"), {"__name__": "__main__"})
    return Scheduler.made[-1].rates()


@dataclass(frozen=True)
class Drawn:
    """A program with a mistake.

    Attributes:
        code: of the rule.
        program: its text.
        meant: the rates that are meant, for each group.
    """

    code: str
    program: str
    meant: list[list[float]]


def curve(factor: str, rate: float, floor: float = -math.inf) -> list[float]:
    """What is meant by a factor: a rate at each step, with a floor that is a rate."""
    code = compile(factor, "factor", "eval")
    return [max(rate * float(eval(code, {**NAMES, "t": t})), floor) for t in range(STEPS)]


HEAD = """import math
from functools import partial

import torch
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR

decay, total = 0.8, 20
{name} = {rate}
floor = {floor}
model = torch.nn.Linear(1, 1)
"""
# Ways to write a callable that returns `{what}`, and to pass it.
WRITTEN = [
    ("", "lambda t: {what}"),
    ("def factor(t):\n    return {what}\n", "factor"),
    ("def factor(t):\n    value = {what}\n    return value\n", "factor"),
    ("def make():\n    def factor(t):\n        return {what}\n\n    return factor\n", "make()"),
    ("class Factor:\n    def __call__(self, t):\n        return {what}\n", "Factor()"),
    ("def factor(t, scale=1):\n    if t < 3:\n        return {what}\n    return {what}\n", "factor"),
]


def _program(draw: random.Random, scheduler: str, what: str, name: str, rate: str, floor: str = "1e-6") -> str:
    definition, passed = draw.choice(WRITTEN)
    head = HEAD.format(name=name, rate=rate, floor=floor)
    made = f"optimizer = torch.optim.{draw.choice(['SGD', 'Adam'])}(model.parameters(), lr={name})\n"
    return f"{head}{definition.format(what=what)}{made}scheduler = {scheduler}(optimizer, {passed.format(what=what)})\n"


def rate_returned(draw: random.Random) -> Drawn:
    factor, rate, name = draw.choice(FACTORS), draw.choice(RATES), draw.choice(["lr", "eta", "base_lr"])
    what = draw.choice([f"{name} * ({factor})", f"({factor}) * {name}", f"{name} * ({factor}) / 2"])
    half = 0.5 if what.endswith("/ 2") else 1.0
    program = _program(draw, "LambdaLR", what, name, rate)
    return Drawn("LR101", program, [[half * each for each in curve(factor, float(rate))]])


def rate_mixed_in(draw: random.Random) -> Drawn:
    factor, rate, floor = draw.choice(STEEP), draw.choice(RATES[:2]), draw.choice(["1e-5", "1e-6"])
    what = draw.choice([f"max(floor_lr, {factor})", f"max({factor}, floor_lr)"])
    program = _program(draw, "LambdaLR", what, "lr", rate, floor).replace("floor =", "floor_lr =")
    return Drawn("LR103", program, [curve(factor, float(rate), float(floor))])


def whole_decay(draw: random.Random) -> Drawn:
    factor, rate = draw.choice(CLOSED), draw.choice(RATES)
    program = _program(draw, "MultiplicativeLR", factor, "lr", rate)
    return Drawn("LR105", program, [curve(factor, float(rate))])


def value_passed(draw: random.Random) -> Drawn:
    factor, rate = draw.choice(FACTORS), draw.choice(RATES)
    head = HEAD.format(name="lr", rate=rate, floor="1e-6")
    program = (
        f"{head}def factor(t):\n    return {factor}\n\n\noptimizer = torch.optim.SGD(model.parameters(), lr=lr)\n"
        f"scheduler = LambdaLR(optimizer, factor({draw.choice('012')}))\n"
    )
    return Drawn("LR301", program, [curve(factor, float(rate))])


def late_binding(draw: random.Random) -> Drawn:
    rate, bases = draw.choice(RATES), draw.sample([0.9, 0.5, 0.99, 0.7], 2)
    head = HEAD.format(name="lr", rate=rate, floor="1e-6")
    made = draw.choice(
        [
            f"functions = [lambda t: g ** t for g in {bases}]\n",
            f"functions = []\nfor g in {bases}:\n    functions.append(lambda t: g ** t)\n",
        ]
    )
    program = (
        f"{head}groups = [{{'params': model.parameters()}}, {{'params': model.parameters()}}]\n"
        f"optimizer = torch.optim.SGD(groups, lr=lr)\n{made}"
        "scheduler = LambdaLR(optimizer, functions)\n"
    )
    return Drawn("LR304", program, [[float(rate) * base**t for t in range(STEPS)] for base in bases])


def factor_for_keras(draw: random.Random) -> Drawn:
    factor, rate = draw.choice(GENTLE), draw.choice(RATES[:2])
    written = draw.choice([f"def schedule(t):\n    return {factor}\n", f"schedule = lambda t: {factor}\n"])
    program = (
        f"import math\n\nfrom tensorflow import keras\n\ndecay, total = 0.8, 20\nrate = {rate}\n"
        "model = keras.Sequential()\n"
        f"model.compile(optimizer=keras.optimizers.Adam(learning_rate=rate))\n{written}"
        "callback = keras.callbacks.LearningRateScheduler(schedule)\n"
    )
    return Drawn("LR104", program, [curve(factor, float(rate))])


KINDS: list[Callable[[random.Random], Drawn]] = [
    rate_returned,
    rate_mixed_in,
    whole_decay,
    value_passed,
    late_binding,
    factor_for_keras,
]
_draw = random.Random(SEED)
DRAWN = [kind(_draw) for kind in KINDS for _ in range(8)]


def mended(drawn: Drawn) -> Repair:
    return repair("train.py", drawn.program.encode(), Settings(select=(drawn.code,)), None, unsafe=True)


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: drawn.code)
def test_the_fixed_program_sets_the_rates_that_are_meant(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    repaired = mended(drawn)

    assert [each.code for each in repaired.applied] == [drawn.code], drawn.program
    if drawn.code not in {"LR301", "LR304"}:
        before = rates_of(drawn.program, monkeypatch)
        assert before != [pytest.approx(group) for group in drawn.meant]
    after = rates_of(repaired.data.decode(), monkeypatch)
    assert after == [pytest.approx(group, rel=1e-9) for group in drawn.meant], repaired.data.decode()
