"""Fixtures whose fixed schedulers are seen only where the program runs as a whole, with what it lacks supplied.

Their schedulers are reached through calls that no slice has, take options that come from elsewhere, or belong to
libraries that nobody has installed. For the latter the rates follow from what the stand-in was given, as the
library's documentation says: see the sources of the contracts.
"""

from __future__ import annotations

import math
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, patch

import torch
from torch.optim.lr_scheduler import LambdaLR

from lr_lint.probe import check_scheduler
from lr_lint.probe.records import Rate
from tests.probe.stand_in_frameworks import Calls, stand_ins

Rates = list[Rate]
_STEPS = 4


@dataclass(frozen=True)
class Whole:
    """A fixture, and what is to be seen when its fixed version runs.

    Attributes:
        program: the file, below the fixtures.
        lines: of the constructions that have a fix.
        rates: takes the globals of the program once it has run and the calls that stand-ins got, and gives the
            learning rates before the first steps, scheduler by scheduler.
        meant: the rates that the author evidently meant.
        libraries: the top packages that stand-ins take the place of.
        values: what stand-ins have, by dotted name.
        given: global names that the program uses and does not bind.
        arguments: of its command line.
    """

    program: str
    lines: Sequence[int]
    rates: Callable[[dict[str, Any], Calls], list[Rates]]
    meant: list[Rates]
    libraries: Sequence[str] = ()
    values: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    arguments: Sequence[str] = ()

    @property
    def places(self) -> list[str]:
        return [f"{self.program}:{line}" for line in self.lines]

    def run(self, path: str) -> list[Rates]:
        """The rates in the fixed version, which is at ``path``."""
        with (
            stand_ins(self.libraries, self.values) as calls,
            patch.dict(os.environ, ETA="0.4"),
            patch.object(sys, "argv", [path, *self.arguments]),
        ):
            return self.rates(runpy.run_path(path, self.given), calls)


def of_torch(scheduler: Any) -> Rates:
    """The rates that PyTorch sets."""
    return check_scheduler(scheduler, steps=_STEPS).groups[0].lrs[:_STEPS]


def times(learning_rate: float, lr_lambda: Callable[[int], float]) -> Rates:
    """The rates of what multiplies a rate by what a function returns; of what takes them as they are, with a rate of 1.

    The arguments have the names that they have in paddle's `LambdaDecay`.
    """
    return [learning_rate * lr_lambda(step) for step in range(_STEPS)]


def powers(base: float, decay: float) -> Rates:
    return [base * decay**step for step in range(_STEPS)]


def _of_late_binding(made: dict[str, Any], _: Calls) -> list[Rates]:
    parameters = [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)]}]
    scheduler = made["build"](torch.optim.SGD(parameters, lr=0.5), [0.25, 1.0])
    return [group.lrs[:_STEPS] for group in check_scheduler(scheduler, steps=_STEPS).groups]


def _of_runner(made: dict[str, Any], _: Calls) -> list[Rates]:
    schedulers = []

    base: Any = made["Runner"]

    class Runner(base):
        def prepare(self) -> None:
            super().prepare()
            schedulers.append(self.scheduler)

    # The program's function finds its class among its globals.
    made["main"].__globals__["Runner"] = Runner
    made["main"](torch.nn.Linear(2, 1), SimpleNamespace(stride=0.02))
    return [of_torch(each) for each in schedulers]


def _of_several_optimizers(made: dict[str, Any], _: Calls) -> list[Rates]:
    args = SimpleNamespace(kind="sgd", pace=0.02)
    builders = (made["or_exit"], made["or_fail_later"], made["or_assert"], made["or_return"])
    schedulers = [build(torch.nn.Linear(2, 1), args) for build in builders]
    return [of_torch(each) for each in (*schedulers, *made["or_go_on"]({"adam": torch.nn.Linear(2, 1)}, args))]


def _of_option(made: dict[str, Any], _: Calls) -> list[Rates]:
    scheduler, _unchanged = made["build"](torch.nn.Linear(2, 1))
    return [of_torch(scheduler)]


def _at_rate(schedule: Callable[[int, float], float], epoch: int) -> float:
    return schedule(epoch, 1e-3)


def _of_keras(_: dict[str, Any], calls: Calls) -> list[Rates]:
    found = []
    for args, kwargs in calls.of("callbacks.LearningRateScheduler"):
        schedule = args[0] if args else kwargs["schedule"]
        # Keras tries the function with the epoch and the current rate first.
        two = schedule.__code__.co_argcount == 2
        found.append(times(1.0, partial(_at_rate, schedule) if two else schedule))
    return found


def _of_others(made: dict[str, Any], calls: Calls) -> list[Rates]:
    rate = made["lr"]
    found = [times(*args, **more) for args, more in calls.of("paddle.optimizer.lr.LambdaDecay")]
    for (_optimizer, function), _more in calls.of("lr_scheduler.LambdaLR"):
        found.append(times(rate, function[0] if isinstance(function, list) else function))
    assert calls.of("MultiplicativeDecay") == calls.of("MultiplicativeLR") == []
    return found


def _of_trainers(made: dict[str, Any], calls: Calls) -> list[Rates]:
    first, _second = calls.of("skorch.callbacks.LRScheduler")
    ((_, trainer),) = calls.of("composer.Trainer")
    (scheduler,) = trainer["schedulers"]
    return [times(made["rate"], first[1]["lr_lambda"]), times(made["rate"], scheduler)]


def _of_boosted_trees(_: dict[str, Any], calls: Calls) -> list[Rates]:
    return [times(1.0, function) for (function,), _more in calls.of("callback.LearningRateScheduler")]


def _of_decay(made: dict[str, Any], calls: Calls) -> list[Rates]:
    """The rates of timm's decay at the quarters of it: what its function gives scales all that lies above 0."""
    ((_, more),) = calls.of("scheduler.WSDLRScheduler")
    return [times(made["pace"], lambda step: more["decay_fn"](step / _STEPS))]


_NET = torch.nn.Linear(2, 1)


def _stepped_by_lightning(made: dict[str, Any], _: Calls) -> list[Rates]:
    """The rates before the first updates, where the interval stands in the dict that Lightning reads."""
    module = made["InTheWrongDict"]()
    module.parameters = lambda: [torch.nn.Parameter(torch.zeros(1))]
    module.hparams = SimpleNamespace(total=8)
    told = module.configure_optimizers()["lr_scheduler"]
    return [of_torch(told["scheduler"])] if told["interval"] == "step" else []


def _of_factories(made: dict[str, Any], _: Calls) -> list[Rates]:
    return [of_torch(made["same_option"](SimpleNamespace(lr=0.004))), of_torch(made["same_variable"](None, 0.02))]


def _optimizer_of_a_factory(*_: Any, lr: float = 0.0, learning_rate: float = 0.0) -> torch.optim.Optimizer:
    return torch.optim.SGD(_NET.parameters(), lr=lr or learning_rate)


def _of_entries(made: dict[str, Any], _: Calls) -> list[Rates]:
    number = SimpleNamespace(learning_rate=torch.tensor(0.25))
    table = SimpleNamespace(learning_rates=[0.1, 0.05, 0.02, 0.01, 0.005])
    return [of_torch(made["one_number"](number, _NET)), of_torch(made["list_by_epoch"](table, _NET))]


def _of_trial(made: dict[str, Any], _: Calls) -> list[Rates]:
    trial = SimpleNamespace(suggest_float=lambda *_given, **_more: 0.03)
    return [of_torch(made["of_a_table"](trial, _NET))]


def _eased(first: float, last: float, part: float) -> float:
    """OneCycleLR's cosine (https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html)."""
    return last + (first - last) / 2 * (1 + math.cos(math.pi * part))


WHOLE = [
    Whole(
        "rates/base_class_arguments.py",
        [10],
        lambda made, _: [of_torch(made["scheduler"])],
        [powers(0.02, 0.9)],
        given={"net": _NET},
    ),
    Whole(
        "rates/made_by_its_own_class.py",
        [21],
        lambda made, _: [of_torch(made["falling"])],
        [powers(0.02, 0.9)],
    ),
    Whole(
        "rates/environment_default.py",
        [17],
        lambda made, _: [of_torch(made["scheduler"])],
        [powers(0.4, 0.97)],
    ),
    Whole(
        "rates/imported_constant.py",
        [14],
        lambda made, _: [of_torch(made["build"](_NET))],
        [powers(0.3, 0.9)],
        libraries=["settings_elsewhere"],
        values={"settings_elsewhere.PACE": 0.3},
    ),
    Whole("rates/object_is_given_its_optimizer.py", [13], _of_runner, [powers(0.02, 0.9)]),
    Whole(
        "rates/option_of_a_library.py",
        [24],
        _of_option,
        [[0.0, 0.001, 0.002, 0.003]],
        libraries=["absl"],
        values={"absl.flags.FLAGS": SimpleNamespace(lr=0.01, warmup=10)},
    ),
    Whole(
        "rates/one_of_several_optimizers.py",
        [28, 36, 45, 69, 81],
        _of_several_optimizers,
        [powers(0.02, 0.9)] * 5,
    ),
    Whole(
        "rates/remembered_between_calls.py",
        [18],
        lambda made, _: [of_torch(made["build"](_NET, SimpleNamespace(pace=0.02)))],
        [[0.02] * _STEPS],
    ),
    Whole(
        "rates/kept_under_another_name.py",
        [33],
        lambda made, _: [of_torch(made["build_partly"](_NET, SimpleNamespace(pace=0.02)))],
        [[0.02] * _STEPS],
    ),
    Whole(
        "shape/late_binding.py",
        [27],
        _of_late_binding,
        [[0.5, 0.5 / 1.25, 0.5 / 1.5, 0.5 / 1.75], [0.5, 0.5 / 2, 0.5 / 3, 0.5 / 4]],
    ),
    Whole(
        "rates/keras_factor.py",
        [20, 21, 22],
        _of_keras,
        [powers(1e-3, 0.95), [1e-3, 1e-3 / 1.1, 1e-3 / 1.2, 1e-3 / 1.3], [1e-3] * _STEPS],
        libraries=["tensorflow"],
    ),
    Whole(
        "shape/rates_for_keras.py",
        [16, 17, 18],
        _of_keras,
        [[0.02] * _STEPS, [0.02] * _STEPS, [0.02] * _STEPS, [0.02] * _STEPS],
        libraries=["keras"],
    ),
    Whole(
        "rates/other_frameworks.py",
        [11, 12, 13, 14, 16, 17],
        _of_others,
        # The two of paddle, then the one that multiplied the previous rate, then those of oneflow and mindspore.
        [powers(2e-3, decay) for decay in (0.95, 0.95, 0.65, 0.9, 0.9, 0.65)],
        libraries=["oneflow", "paddle", "mindspore"],
        given={"net": MagicMock()},
    ),
    Whole(
        "rates/schedules_of_optimizers.py",
        [37, 43],
        _of_trainers,
        [powers(0.02, 0.9), [0.01] * _STEPS],
        libraries=["composer", "keras", "mxnet", "optax", "skorch"],
        given={"params": None},
    ),
    Whole(
        "rates/boosted_trees_given_a_factor.py",
        [8, 9, 12, 15],
        _of_boosted_trees,
        [powers(0.05, 0.99), powers(0.05, 0.98), [0.05, 0.05 / 1.1, 0.05 / 1.2, 0.05 / 1.3], powers(0.3, 0.97)],
        libraries=["xgboost"],
        given={"data": None},
    ),
    Whole(
        "rates/handed_over.py",
        [53, 68],
        lambda made, _: [of_torch(made["made"][1]), of_torch(made["training"].scheduler)],
        [powers(0.07, 0.6), powers(0.07, 0.4)],
        arguments=["steps"],
    ),
    Whole(
        "rates/instantiated_by_dotted_names.py",
        [25],
        lambda _, calls: [of_torch(LambdaLR(*args)) for args, _more in calls.of("utils.get_class()")],
        [powers(0.004, 0.7)],
        libraries=["hydra"],
    ),
    Whole(
        "rates/optimizers_of_factories.py",
        [10, 16],
        _of_factories,
        [powers(0.004, 0.9), [0.02 / (1 + epoch) for epoch in range(_STEPS)]],
        libraries=["elsewhere"],
        values={"elsewhere.make_optimizer": _optimizer_of_a_factory},
    ),
    Whole("rates/settings_below_a_rate.py", [36, 64], _of_entries, [[0.25] * _STEPS, [0.1, 0.05, 0.02, 0.01]]),
    Whole("rates/suggested_by_a_trial.py", [23], _of_trial, [powers(0.03, 0.9)]),
    Whole(
        "rates/rate_as_the_decay_of_a_phase.py",
        [9],
        _of_decay,
        [[5e-4, 5e-4 * 0.75, 5e-4 * 0.5, 5e-4 * 0.25]],
        libraries=["timm"],
    ),
    Whole(
        "time/by_trainers.py",
        [25],
        _stepped_by_lightning,
        # It rises for three tenths of the eight updates that the interval counts, less one.
        [[0.004, _eased(0.004, 0.1, 1 / 1.4), _eased(0.1, 4e-7, 0.6 / 5.6), _eased(0.1, 4e-7, 1.6 / 5.6)]],
        libraries=["accelerate", "lightning", "transformers"],
    ),
]
