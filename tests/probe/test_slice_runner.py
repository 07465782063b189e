"""What slices observe when they are run: the real scheduler on stand-in parameters."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from lr_lint.probe.child.quick_start import skip_compiler  # noqa: E402
from lr_lint.probe.child.slices.runner import run_slice, run_slices  # noqa: E402
from lr_lint.probe.launch import launch  # noqa: E402
from lr_lint.probe.measuring.cases import ScheduleOutcome  # noqa: E402
from lr_lint.probe.measuring.verdicts import judge  # noqa: E402
from lr_lint.probe.records import NOT_SUPPLIED, ChildReport, Mode, Observation, Place  # noqa: E402
from lr_lint.probe.request import Request  # noqa: E402
from lr_lint.probe.slicing.slices import slices_of  # noqa: E402
from lr_lint.source.disk import Disk  # noqa: E402

SLICED = Path(__file__).parent / "sliced"
HEAD = "import torch\nfrom torch.optim import SGD\nfrom torch.optim.lr_scheduler import LambdaLR\n"
# The body of a function that is given settings which no file knows.
MAIN = f"""{HEAD}
def main(cfg):
    optimizer = SGD(model.parameters(), lr={{lr}})
    LambdaLR(optimizer, lambda e: {{factor}}{{more}})
"""
SIMPLE = f"{HEAD}optimizer = SGD(model.parameters(), lr=0.1)\n"


@pytest.fixture(scope="module", autouse=True)
def _quick_start() -> None:
    skip_compiler()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    # What one test imports from its folder is not there for the next one.
    modules = set(sys.modules)
    monkeypatch.setattr(sys, "modules", sys.modules)
    yield tmp_path
    for name in set(sys.modules) - modules:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


def observe_file(path: str, line: int | None = None, steps: int = 5, **settings: str) -> Observation:
    """What the only slice of a file shows."""
    programs, refusals = slices_of(path, line, Disk(), {k.replace("__", "."): v for k, v in settings.items()})
    assert refusals == []
    assert len(programs) == 1
    return run_slice(json.loads(json.dumps(programs[0])), "cpu", steps)


def observed(source: str, line: int | None = None, steps: int = 5, **settings: str) -> Observation:
    """What the only slice of a source text shows. Two underscores stand for a dot in the name of a setting."""
    Path("train.py").write_text(source, encoding="utf-8")
    return observe_file("train.py", line, steps, **settings)


def rates(observation: Observation) -> list[Any]:
    assert observation.error == ""
    return observation.groups[0].lrs


def lacking(observation: Observation) -> str:
    """What the slice could not be supplied with."""
    kind, _, message = observation.error.partition(": ")
    assert kind == "NeedsValue"
    assert observation.groups == [] or observation.groups[0].lrs == []
    return message


# The seed.


def test_the_seed_s_rates_are_those_that_pytorch_sets() -> None:
    observation = observe_file(str(SLICED / "seed.py"), steps=10)

    assert rates(observation) == [
        0.001, 0.0009000000000000001, 0.0008, 0.0007, 0.0006, 0.0005, 0.0004, 0.0003, 0.0002, 0.0001,
    ]  # fmt: skip
    assert observation.notes == []


def test_the_keras_function_gives_rates_a_thousand_times_too_small() -> None:
    observation = observe_file(str(SLICED / "keras_port.py"), steps=10)

    assert rates(observation)[0] == 9.9999e-07
    assert observation.groups[0].initial_lr == 0.001


def test_an_observation_says_where_the_scheduler_is_constructed(folder: Path) -> None:
    observation = observed(f"{SIMPLE}scheduler = LambdaLR(optimizer, lambda e: 1.0)\n")

    assert observation.site == Place("train.py", 5, 12)
    assert observation.mode is Mode.SLICE
    assert observation.contract == "torch.optim.lr_scheduler.LambdaLR"


# What cannot be known is named.


@pytest.mark.parametrize(
    ("lr", "message"),
    [
        ("cfg.optim.lr", "cfg.optim.lr is not known: --set cfg.optim.lr=VALUE"),
        ('cfg["optim"]["lr"]', "cfg.optim.lr is not known: --set cfg.optim.lr=VALUE"),
        ("cfg.optim.lr * 8", "cfg.optim.lr is not known: --set cfg.optim.lr=VALUE"),
        ("0.1 if cfg.small else 0.2", "cfg.small is not known: --set cfg.small=VALUE"),
        ("float(cfg.lr)", "cfg.lr is not known: --set cfg.lr=VALUE"),
        ("cfg.rate()", "cfg.rate() is not known: probe the script with --run"),
    ],
)
def test_an_unknown_value_is_named_with_its_setting(folder: Path, lr: str, message: str) -> None:
    source = MAIN.format(lr=lr, factor="0.05 / optimizer.defaults['lr']", more="")

    assert lacking(observed(source)) == message


def test_a_setting_supplies_an_unknown_value(folder: Path) -> None:
    source = MAIN.format(lr="cfg['optim'].lr", factor="1.0", more="")

    observation = observed(source, cfg__optim__lr="0.25")

    assert rates(observation) == [0.25] * 5


def test_a_setting_that_nothing_asks_for_is_said(folder: Path) -> None:
    observation = observed(f"{SIMPLE}scheduler = LambdaLR(optimizer, lambda e: 1.0)\n", args__rate="1")

    assert observation.notes == ["--set args.rate: the slice has no such value"]


def test_a_value_that_could_not_be_computed_says_why(folder: Path) -> None:
    source = f"""{HEAD}import json
cfg = json.load(open("config.json"))
optimizer = SGD(model.parameters(), lr=cfg["lr"])
scheduler = LambdaLR(optimizer, lambda e: 0.05 / cfg["lr"])
"""

    assert lacking(observed(source)) == (
        "cfg.lr is not known (line 5: FileNotFoundError: [Errno 2] No such file or directory: 'config.json'): "
        "--set cfg.lr=VALUE"
    )


def test_what_only_an_unneeded_statement_fails_for_does_no_harm(folder: Path) -> None:
    source = f"""{HEAD}
lr = 0.1
extra = undefined_name
optimizer = SGD(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lambda e: 1.0 if e < 100 else extra)
"""

    assert rates(observed(source)) == [0.1] * 5


def test_a_callable_that_needs_an_unknown_value_later_is_not_held_against_the_code(folder: Path) -> None:
    source = MAIN.format(lr="0.1", factor="1.0 if e < 2 else cfg.tail", more="")

    assert observed(source).error == "NeedsValue: cfg.tail is not known: --set cfg.tail=VALUE"


def test_code_that_is_wrong_is_an_error_of_its_own(folder: Path) -> None:
    observation = observed(f"{SIMPLE}scheduler = LambdaLR(optimizer, lambda e: 1 / e)\n")

    assert observation.error == "ZeroDivisionError: division by zero"
    assert [group.initial_lr for group in observation.groups] == [0.1]


def test_code_that_fails_with_an_assumed_count_is_not_held_against_it(folder: Path) -> None:
    source = MAIN.format(lr="0.1", factor="1 / (cfg.epochs - 100)", more="")

    assert lacking(observed(source)).startswith("ZeroDivisionError: division by zero, with counts that were assumed")


def test_a_slice_that_takes_too_long_is_given_up(folder: Path) -> None:
    Path("train.py").write_text(f"{SIMPLE}while True:\n    lr = 0.1\ns = LambdaLR(optimizer, lambda e: lr)\n")
    programs, _ = slices_of("train.py", None, Disk())

    observation = run_slice(programs[0], "cpu", 5, seconds=0.2)

    assert lacking(observation) == "the slice was not done within 0.2 s"


# Counts.


def test_counts_are_assumed_and_that_is_said(folder: Path) -> None:
    source = MAIN.format(lr="1.0", factor="1 - e / cfg.epochs", more="")

    observation = observed(source)

    assert rates(observation) == [1.0, 0.99, 0.98, 0.97, 0.96]
    assert observation.notes == ["cfg.epochs taken as 100; --set cfg.epochs=N"]
    assert rates(observed(source, cfg__epochs="10"))[1] == 0.9


def test_the_length_of_a_loader_is_assumed_and_that_is_said(folder: Path) -> None:
    source = f"""{HEAD}
train_loader = make_train_loader()
steps = 2 * len(train_loader)
optimizer = SGD(model.parameters(), lr=1.0)
scheduler = LambdaLR(optimizer, lambda e: 1 - e / steps)
"""

    given: dict[str, Any] = {"len(train_loader)": "5"}
    observation = observed(source)

    assert rates(observation)[1] == 1 - 1 / 200
    assert observation.notes == ["len(train_loader) taken as 100; --set 'len(train_loader)'=N"]
    assert rates(observed(source, **given))[1] == 0.9


def test_a_resumed_run_is_probed_from_its_start(folder: Path) -> None:
    source = MAIN.format(lr="0.1", factor="0.5**e", more=", last_epoch=cfg.done_epochs")

    observation = observed(source)

    assert rates(observation)[:2] == [0.1, 0.05]
    assert "last_epoch=100 was left out: probed from the start" in str(observation.notes).replace(
        "<cfg.done_epochs>", "100"
    )


# Command lines.

ARGUMENTS = f"""{HEAD}
import argparse


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--gamma", type=float, required=True)
    return parser.parse_args()


def main():
    args = options()
    optimizer = SGD(model.parameters(), lr=args.lr)
    return LambdaLR(optimizer, lambda e: args.gamma**e)


if __name__ == "__main__":
    main()
"""


def test_a_required_argument_is_named_with_the_setting_for_it(folder: Path) -> None:
    assert lacking(observed(ARGUMENTS)) == "args.gamma is required: --set args.gamma=VALUE"


def test_settings_go_before_defaults(folder: Path) -> None:
    assert rates(observed(ARGUMENTS, args__gamma="0.5"))[:2] == [0.1, 0.05]
    assert rates(observed(ARGUMENTS, args__gamma="0.5", args__lr="1e-2"))[:2] == [0.01, 0.005]


def test_the_probe_s_own_command_line_is_not_the_script_s(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["lr-lint", "--lr", "7"])

    assert rates(observed(ARGUMENTS, args__gamma="0.5"))[0] == 0.1
    assert sys.argv == ["lr-lint", "--lr", "7"]


def test_click_options_have_their_defaults(folder: Path) -> None:
    source = f"""{HEAD}
import click


@click.command()
@click.option("--lr", default=0.5, help="the rate")
@click.option("--fast", is_flag=True)
def main(lr, fast):
    optimizer = SGD(model.parameters(), lr=lr * 2 if fast else lr)
    return LambdaLR(optimizer, lambda e: 0.5**e)
"""

    assert rates(observed(source))[:2] == [0.5, 0.25]


# The way to a construction.


def test_a_branch_that_the_defaults_do_not_take_is_run_and_that_is_said(folder: Path) -> None:
    source = f"{SIMPLE}size = 3\nif size > 5:\n    scheduler = LambdaLR(optimizer, lambda e: 0.5**e)\n"

    observation = observed(source)

    assert rates(observation)[:2] == [0.1, 0.05]
    assert observation.notes == ["line 6: `size > 5` is False here; the construction was run all the same"]


def test_what_else_depends_on_the_branch_s_condition_fits_it(folder: Path) -> None:
    source = f"""{HEAD}
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--sched", default="step")
args = parser.parse_args()


def rate_for(sched):
    return 1.0 if sched == "noam" else 1e-3


optimizer = SGD(model.parameters(), lr=rate_for(args.sched))
if args.sched == "step":
    scheduler = None
elif args.sched == "noam":
    scheduler = LambdaLR(optimizer, lambda e: 0.01 / (e + 1))
"""

    observation = observed(source)

    assert observation.groups[0].initial_lr == 1.0
    assert observation.off_default
    assert observation.notes == ["args.sched taken as 'noam': the construction is only run with that"]
    assert observed(source, args__sched="step").groups[0].initial_lr == 1e-3


@pytest.mark.parametrize(
    ("test", "value"),
    [
        ("cfg.mode.lower() == 'exp'", "'exp'"),
        ("cfg['mode'] in ('exp', 'poly')", "'exp'"),
        ("cfg.ready and not cfg.mode", "False"),
        ("'exp' == cfg.mode", "'exp'"),
        ("cfg.mode is None", "None"),
    ],
)
def test_unknown_conditions_on_the_way_are_taken_to_hold(folder: Path, test: str, value: str) -> None:
    source = f"""{HEAD}
def main(cfg):
    optimizer = SGD(model.parameters(), lr=0.1)
    if {test}:
        LambdaLR(optimizer, lambda e: 0.5**e)
"""

    observation = observed(source)

    assert rates(observation)[:2] == [0.1, 0.05]
    assert f"cfg.mode taken as {value}: the construction is only run with that" in observation.notes


def test_a_branch_that_is_taken_anyway_is_no_news(folder: Path) -> None:
    source = f"{SIMPLE}if 1 < 2:\n    scheduler = LambdaLR(optimizer, lambda e: 1.0)\n"

    observation = observed(source)

    assert observation.notes == []
    assert not observation.off_default


def test_the_default_rate_is_not_held_against_a_schedule_that_is_not_the_default(folder: Path) -> None:
    source = f"""{HEAD}
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=1e-3)
parser.add_argument("--noam", action="store_true")
args = parser.parse_args()
optimizer = SGD(model.parameters(), lr=args.lr)
{{condition}}
    scheduler = LambdaLR(optimizer, lambda e: 512**-0.5 * min((e + 1) ** -0.5, (e + 1) * 4000**-1.5))
"""

    assert judge(observed(source.format(condition="if args.noam:"))).outcome is ScheduleOutcome.UNDECIDED
    assert judge(observed(source.format(condition="if not args.noam:"))).outcome is ScheduleOutcome.CONTRADICTS


@pytest.mark.parametrize(
    "way",
    [
        "for fold in range(3):\n    {}",
        "for batch in load_data():\n    {}",
        "while running():\n    {}",
        "with autocast():\n    {}",
        "try:\n    {}\nexcept ValueError:\n    pass",
        "try:\n    risky()\nexcept ValueError:\n    {}",
        "if rank == 0:\n    pass\nelse:\n    {}",
        "schedulers = [{} for o in [optimizer]]",
        "if training():\n    with context():\n        {}",
    ],
)
def test_constructions_are_reached_through_other_statements(folder: Path, way: str) -> None:
    observation = observed(SIMPLE + way.format("LambdaLR(optimizer, lambda e: 0.5**e)") + "\n")

    assert rates(observation)[:2] == [0.1, 0.05]


def test_nested_functions_see_the_variables_around_them(folder: Path) -> None:
    source = f"""{HEAD}
def outer(base):
    power = 3

    def inner(optimizer, gamma):
        def factor(e):
            return base * gamma ** (power * e)

        return LambdaLR(optimizer, factor)

    return inner(SGD(model.parameters(), lr=1.0), 0.5)


outer(2.0)
"""

    assert rates(observed(source))[:2] == [2.0, 0.25]


def test_a_function_that_processes_are_spawned_with_is_entered_by_that(folder: Path) -> None:
    source = f"""{HEAD}
import torch.multiprocessing as mp


def worker(rank, world, lr):
    optimizer = SGD(model.parameters(), lr=lr * world)
    LambdaLR(optimizer, lambda e: 0.5**e)


mp.spawn(worker, nprocs=4, args=(4, 0.1))
"""

    assert rates(observed(source))[0] == 0.4


@pytest.mark.parametrize(
    "launching", ["launch(worker, args=(4, 0.1))", "launch(worker, (4, 0.1), start_method='fork')"]
)
def test_a_function_that_wants_one_argument_more_is_given_its_number_first(folder: Path, launching: str) -> None:
    source = f"""{HEAD}
from elsewhere import launch


def worker(index, world, lr, verbose=False):
    optimizer = SGD(model.parameters(), lr=lr * world)
    LambdaLR(optimizer, lambda e: 0.5**e)


{launching}
"""

    assert rates(observed(source))[0] == 0.4


def test_one_of_several_calls_is_taken_and_that_is_said(folder: Path) -> None:
    source = f"""{HEAD}
def train(lr):
    LambdaLR(SGD(model.parameters(), lr=lr), lambda e: 1.0)


train(0.1)
train(0.2)
"""

    observation = observed(source)

    assert rates(observation)[0] == 0.1
    assert observation.notes == ["train is called in 2 ways; as on line 9 here"]


def test_variables_that_another_function_sets_for_the_module_are_there(folder: Path) -> None:
    source = f"""{HEAD}
def configure():
    global LR
    LR = 0.3


def main():
    LambdaLR(SGD(model.parameters(), lr=LR), lambda e: 1.0)


configure()
main()
"""

    assert rates(observed(source))[0] == 0.3


def test_a_function_without_a_call_runs_with_its_defaults_and_that_is_said(folder: Path) -> None:
    source = f"{HEAD}def build(optimizer, gamma=0.5):\n    return LambdaLR(optimizer, lambda e: gamma**e)\n"

    observation = observed(source, optimizer__lr="0.1")

    assert rates(observation)[:2] == [0.1, 0.05]
    assert observation.notes == [
        "no call of build decides its arguments: it runs with its defaults",
        "the optimizer is torch.optim.SGD with lr=0.1, as --set says",
    ]


def test_an_optimizer_that_a_setting_stands_for_has_a_group_for_each_callable(folder: Path) -> None:
    build = "def build(optimizer):\n    return LambdaLR(optimizer, [lambda e: 1.0, lambda e: 0.5**e])\n"

    observation = observed(f"{HEAD}{build}", optimizer__lr="0.1")

    assert [group.lrs[:2] for group in observation.groups] == [[0.1, 0.1], [0.1, 0.05]]
    assert "it has 2 param groups, one for each callable" in observation.notes


# Classes.


def test_attributes_are_set_by_the_constructor_without_what_it_builds(folder: Path) -> None:
    source = f"""{HEAD}
class Trainer:
    decay = 0.5

    def __init__(self, lr, loader):
        self.model = Model(self.download())
        self.lr = lr * 2
        self.steps = len(loader)
        self.build_optimizer()

    def download(self):
        raise OSError("no network")

    def build_optimizer(self):
        self.optimizer = SGD(self.model.parameters(), lr=self.lr)

    def fit(self):
        self.scheduler = LambdaLR(self.optimizer, lambda e: self.decay**e)


trainer = Trainer(0.1, make_loader())
trainer.fit()
"""

    assert rates(observed(source))[:2] == [0.2, 0.1]


def test_a_method_that_nothing_calls_has_the_constructor_s_defaults(folder: Path) -> None:
    source = f"""{HEAD}
class Trainer(SomeBase):
    def __init__(self, lr=0.3):
        super().__init__(lr)
        self.lr = lr

    def configure(self):
        self.optimizer = SGD(self.parameters(), lr=self.lr)

    def schedule(self):
        return LambdaLR(self.optimizer, lambda e: 0.5**e)
"""

    assert rates(observed(source))[:2] == [0.3, 0.15]
    assert rates(observed(source, lr="0.5"))[0] == 0.5


def test_a_lightning_module_is_probed_without_lightning_and_without_its_model() -> None:
    observation = observe_file(str(SLICED / "lightning_task.py"))

    assert rates(observation) == [0.005, 0.01, 0.015, 0.02, 0.02]
    assert not any(name in sys.modules for name in ("pytorch_lightning", "timm"))
    assert rates(observe_file(str(SLICED / "lightning_task.py"), lr="0.4"))[3] == 0.4


def test_an_attribute_that_nothing_sets_is_named(folder: Path) -> None:
    source = f"""{HEAD}
class Task(Base):
    def configure_optimizers(self):
        optimizer = SGD(self.parameters(), lr=self.learning_rate)
        return LambdaLR(optimizer, lambda e: 0.1 / self.learning_rate * 0.5**e)
"""

    assert lacking(observed(source)) == "self.learning_rate is not known: --set self.learning_rate=VALUE"
    assert rates(observed(source, self__learning_rate="0.1"))[:2] == [0.1, 0.05]


def test_a_subclass_of_a_scheduler_is_constructed_as_a_whole(folder: Path) -> None:
    source = f"""{HEAD}
class WarmUp(LambdaLR):
    def __init__(self, optimizer, steps):
        self.steps = steps
        super().__init__(optimizer, self.factor)
        self.floor = 0.5

    def factor(self, step):
        return 0.25 if step < 1 else self.floor


scheduler = WarmUp(SGD(model.parameters(), lr=1.0), steps=10)
"""

    observation = observed(source, line=8)

    assert rates(observation)[:2] == [0.25, 0.5]


def test_abstract_methods_are_no_hindrance(folder: Path) -> None:
    source = f"""{HEAD}
from abc import ABC, abstractmethod


class Trainer(ABC):
    @abstractmethod
    def step(self):
        ...

    def schedule(self):
        return LambdaLR(SGD(self.net.parameters(), lr=0.1), lambda e: 0.5**e)
"""

    assert rates(observed(source))[:2] == [0.1, 0.05]


# Models and their groups.


def test_groups_are_filtered_by_the_names_of_parameters(folder: Path) -> None:
    source = f"""{HEAD}
def groups_of(model, lr):
    no_decay = ["bias", "LayerNorm.weight"]
    plain = [p for n, p in model.named_parameters() if "adapter" in n]
    other = [p for n, p in model.named_parameters() if not any(w in n for w in no_decay) and "adapter" not in n]
    rest = [p for n, p in model.named_parameters() if any(w in n for w in no_decay) and "adapter" not in n]
    return [{{"params": plain, "lr": lr * 10}}, {{"params": other}}, {{"params": rest, "lr": lr / 10}}]


model = build_model()
optimizer = torch.optim.AdamW(groups_of(model, 0.1), lr=0.1)
scheduler = LambdaLR(optimizer, lambda e: 0.5**e)
"""

    observation = observed(source)

    assert observation.error == ""
    assert [group.lrs[0] for group in observation.groups] == [1.0, 0.1, 0.01]


def test_parts_of_a_model_make_groups_of_their_own(folder: Path) -> None:
    source = f"""{HEAD}
model = build_model()
ignored = list(map(id, model.head.parameters()))
base = filter(lambda p: id(p) not in ignored, model.parameters())
optimizer = SGD([{{"params": base}}, {{"params": model.head.parameters(), "lr": 1.0}}], lr=0.1)
for group in optimizer.param_groups:
    group["lr"] = group["lr"] / 2
scheduler = LambdaLR(optimizer, lambda e: 0.5**e)
"""

    observation = observed(source)

    assert [group.lrs[:2] for group in observation.groups] == [[0.05, 0.025], [0.5, 0.25]]


def test_relative_groups_come_from_the_model_s_own_method() -> None:
    observation = observe_file(str(SLICED / "relative_groups.py"))

    assert observation.error == ""
    assert [group.initial_lr for group in observation.groups] == [0.1, 1.0]
    assert observation.groups[1].lrs[0] == 0.01
    assert "some_layers_that_nobody_has is not installed: replaced" in observation.notes


def test_what_bears_on_no_rate_need_not_be_known(folder: Path) -> None:
    source = f"""{HEAD}
def main(cfg):
    optimizer = SGD(model.parameters(), lr=0.1, momentum=cfg.momentum, weight_decay=1e-4, nesterov=True)
    LambdaLR(optimizer, lambda e: 0.5**e)
"""

    observation = observed(source)

    assert rates(observation)[:2] == [0.1, 0.05]
    assert observation.notes == ["the optimizer's momentum is not known: its default is taken"]


def test_an_optimizer_that_is_not_known_can_be_given_by_its_rate(folder: Path) -> None:
    source = f"{HEAD}optimizer = build(open('x'))\nLambdaLR(optimizer, lambda e: 0.5**e)\n"

    assert lacking(observed(source)).endswith(": --set optimizer.lr=0.1")
    assert rates(observed(source, optimizer__lr="0.1"))[:2] == [0.1, 0.05]


def test_what_only_the_model_knows_is_said_to_be_so(folder: Path) -> None:
    source = f"{HEAD}model = build_model()\noptimizer = SGD(model.groups())\nLambdaLR(optimizer, lambda e: 1.0)\n"

    assert lacking(observed(source)) == (
        "model.groups() is not known (a slice makes no model): probe the script with --run"
    )


def test_moving_and_wrapping_a_model_is_left_out(folder: Path) -> None:
    source = f"""{HEAD}
net = torch.nn.DataParallel(make_net().cuda()).to("cuda:3")
net = torch.compile(net)
optimizer = SGD(net.module.parameters(), lr=0.1)
net, optimizer = accelerator.prepare(net, optimizer)
scheduler = LambdaLR(optimizer, lambda e: 0.5**e)
"""

    assert rates(observed(source))[:2] == [0.1, 0.05]


# Packages.


def test_a_missing_package_is_replaced_and_that_is_said(folder: Path) -> None:
    source = f"""{HEAD}
from nowhere.optim import Lion
optimizer = Lion(model.parameters(), lr=0.3, betas=(0.9, 0.99))
scheduler = LambdaLR(optimizer, lambda e: 0.5**e)
"""

    observation = observed(source)

    assert rates(observation)[:2] == [0.3, 0.15]
    assert observation.notes == [
        "nowhere is not installed: replaced",
        "nowhere.optim.Lion is not installed: torch.optim.SGD in its place",
    ]


def test_a_fallback_for_a_missing_package_is_left_alone(folder: Path) -> None:
    source = f"""{HEAD}
try:
    import nowhere_else
    lr = 1.0
except ImportError:
    nowhere_else = None
    lr = 0.5
optimizer = SGD(model.parameters(), lr=lr if nowhere_else is None else 0.1)
scheduler = LambdaLR(optimizer, lambda e: 1.0)
"""

    observation = observed(source)

    assert rates(observation)[0] == 0.5
    assert observation.notes == []


def test_modules_of_the_project_are_imported_for_real(folder: Path) -> None:
    Path("decays.py").write_text(
        "import nowhere_at_all as n\nSTYLE = n.style('x')\n\ndef half(e):\n    return 0.5**e\n"
    )

    observation = observed(f"from decays import half\n{SIMPLE}scheduler = LambdaLR(optimizer, half)\n")

    assert rates(observation)[:2] == [0.1, 0.05]
    assert observation.notes == ["nowhere_at_all is not installed: replaced"]


def test_relative_imports_of_a_package_work(folder: Path) -> None:
    package = Path("package_of_slices")
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "decays.py").write_text("def half(e):\n    return 0.5**e\n")
    (package / "train.py").write_text(f"from .decays import half\n{SIMPLE}scheduler = LambdaLR(optimizer, half)\n")

    assert rates(observe_file("package_of_slices/train.py"))[:2] == [0.1, 0.05]


# No traces.


def test_nothing_is_written_and_no_folder_is_made(folder: Path) -> None:
    Path("options.py").write_text(
        "import os\n\n\ndef load():\n    os.makedirs('logs')\n"
        "    with open('a.txt', 'w') as f:\n        f.write('x')\n    return 0.1\n"
    )

    observation = observed(
        f"from options import load\n{HEAD}o = SGD(m.parameters(), lr=load())\ns = LambdaLR(o, lambda e: 1.0)\n"
    )

    assert rates(observation)[0] == 0.1
    assert sorted(path.name for path in folder.iterdir() if path.name != "__pycache__") == ["options.py", "train.py"]


def test_the_process_is_left_as_it_was(folder: Path) -> None:
    before = (list(sys.path), sys.modules["__main__"], list(sys.argv), open)

    observed(ARGUMENTS)

    assert (list(sys.path), sys.modules["__main__"], list(sys.argv), open) == before


# Devices and the report.


def test_a_child_runs_slices_and_gives_cuda_calls_to_the_cpu(folder: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("has a GPU")
    Path("train.py").write_text(
        f"{HEAD}a = SGD([torch.zeros(1, device='cuda')], lr=torch.tensor(0.25).cuda())\n"
        "first = LambdaLR(a, lambda e: 0.5**e)\n"
        "b = SGD(model.cuda().parameters(), lr=0.5)\n"
        "second = LambdaLR(b, lambda e: 0.5**e)\n"
    )
    programs, _ = slices_of("train.py", None, Disk())

    report = launch(Request(Mode.SLICE, "train.py", steps=2, programs=programs))

    assert report.failure == ""
    assert [rates(observation) for observation in report.observations] == [[0.25, 0.125], [0.5, 0.25]]
    assert len(report.notes) == 1


def test_each_program_adds_one_observation(folder: Path) -> None:
    Path("train.py").write_text(
        f"{SIMPLE}a = LambdaLR(optimizer, lambda e: 1.0)\nb = LambdaLR(optimizer, lambda e: cfg.tail)\n"
    )
    programs, _ = slices_of("train.py", None, Disk())
    report = ChildReport()

    run_slices(programs, "cpu", 3, report)

    assert [bool(observation.error) for observation in report.observations] == [False, True]
    assert report.failure == ""


def test_nothing_is_held_against_a_schedule_for_counts_that_were_assumed(folder: Path) -> None:
    source = f"{SIMPLE.replace('0.1', '1e-3')}scheduler = LambdaLR(optimizer, lambda e: 1 / len(train_loader))\n"

    message = lacking(observed(source))
    assert message == "its rates depend on counts that were assumed (len(train_loader)): --set them"
    given = Path("train.py").read_text(encoding="utf-8").replace("len(train_loader)", "100")
    assert judge(observed(given)).outcome is ScheduleOutcome.CONTRADICTS


@pytest.mark.parametrize("factor", ["1e-3 * (1 - e / (10 * len(train_loader)))", "e // len(train_loader)"])
def test_what_holds_for_all_counts_is_held_against_a_schedule(folder: Path, factor: str) -> None:
    source = f"""{HEAD}
optimizer = SGD(model.parameters(), lr=1e-3)
scheduler = LambdaLR(optimizer, lambda e: {factor})
"""

    assert judge(observed(source)).outcome is ScheduleOutcome.CONTRADICTS


def test_what_is_no_optimizer_is_asked_for(folder: Path) -> None:
    source = f"{HEAD}generator = factory.build()\nscheduler = LambdaLR(generator, lambda e: 1.0)\n"

    assert lacking(observed(source)).endswith("--set generator.lr=0.1")
    assert rates(observed(source, generator__lr="0.5")) == [0.5] * 5


def test_groups_that_are_set_anew_start_from_what_they_are_set_to(folder: Path) -> None:
    source = f"""{SIMPLE}for group in optimizer.param_groups:
    group["lr"] = 0.5
scheduler = LambdaLR(optimizer, lambda e: 1.0)
"""

    assert observed(source).groups[0].initial_lr == 0.5


def test_a_scheduler_that_cannot_be_observed_is_told_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Observation:
        raise RuntimeError("hands\noff")

    monkeypatch.setattr("lr_lint.probe.child.slices.runner.observe_with_parts", refuse)

    message = lacking(observed(f"{SIMPLE}scheduler = LambdaLR(optimizer, lambda e: 1.0)\n"))
    assert message == "the scheduler could not be observed: RuntimeError: hands off"


@pytest.mark.parametrize(
    "make",
    [
        lambda source: observed(source, steps=3),
        pytest.param(lambda source: on_cuda(source), marks=pytest.mark.cuda),
    ],
    ids=["cpu", "cuda"],
)
def test_multiplicative_schedulers_and_tensor_rates(folder: Path, make: Callable[[str], Observation]) -> None:
    source = """
import torch
from torch.optim.lr_scheduler import MultiplicativeLR
model = build_model()
optimizer = torch.optim.Adam(model.parameters(), lr=torch.tensor(0.5), capturable=True, foreach=True)
scheduler = MultiplicativeLR(optimizer, lambda e: 0.5)
"""

    observation = make(source)

    assert rates(observation) == [0.5, 0.25, 0.125]
    assert observation.contract == "torch.optim.lr_scheduler.MultiplicativeLR"


def on_cuda(source: str) -> Observation:
    if not torch.cuda.is_available():
        pytest.skip("no GPU")
    Path("train.py").write_text(source, encoding="utf-8")
    programs, _ = slices_of("train.py", None, Disk())
    return run_slice(programs[0], "cuda:0", 3)


def test_modules_of_the_project_change_nothing_while_a_slice_imports_them(folder: Path) -> None:
    Path("kept").write_text("here", encoding="utf-8")
    Path("shapes.py").write_text(
        """\
import os, shutil, sqlite3, subprocess, tempfile, torch
def quietly(work):
    try:
        work()
    except Exception:
        pass
WHERE = tempfile.gettempdir()
quietly(lambda: subprocess.run(["touch", "by_program"]))
quietly(lambda: os.close(os.open("by_descriptor", os.O_CREAT | os.O_WRONLY)))
quietly(lambda: sqlite3.connect("by_database").execute("create table t(x)"))
quietly(lambda: torch.save({}, "by_torch"))
quietly(lambda: shutil.copy("kept", "by_copy"))
quietly(lambda: os.truncate("kept", 0))
def half(epoch):
    return 0.5**epoch
""",
        encoding="utf-8",
    )
    seen = observed(f"{SIMPLE}from shapes import half\nscheduler = LambdaLR(optimizer, half)\n")

    assert rates(seen)[:3] == [0.1, 0.05, 0.025]
    assert sorted(path.name for path in folder.iterdir()) == ["kept", "shapes.py", "train.py"]
    assert Path("kept").read_text(encoding="utf-8") == "here"


def test_scheduler_of_a_package_that_is_not_installed_is_refused(folder: Path) -> None:
    made = observed(
        f"{HEAD}net = torch.nn.Linear(1, 1)\noptimizer = SGD(net.parameters(), lr=0.1)\n"
        "from pl_bolts.optimizers.lr_scheduler import LinearWarmupCosineAnnealingLR\n"
        "scheduler = LinearWarmupCosineAnnealingLR(optimizer, 5, 50)\n"
    )

    assert lacking(made).endswith(".LinearWarmupCosineAnnealingLR is of a package that is not installed: install it")


def test_parameters_that_are_named_one_by_one(folder: Path) -> None:
    (folder / "train.py").write_text(
        f"""{HEAD}
def main():
    net = build()
    groups = [{{"params": [net.head.weight, net.scale], "lr": 0.1}}, {{"params": net.backbone, "lr": 0.01}}]
    return LambdaLR(SGD(groups, lr=0.1), lambda e: 0.5**e)
"""
    )
    observation = observe_file("train.py")

    assert observation.error == ""
    assert [group.lrs[:2] for group in observation.groups] == [[0.1, 0.05], [0.01, 0.005]]


KERAS = """\
import tensorflow as tf
from tensorflow.keras.callbacks import LearningRateScheduler
def compounds(epoch, lr):
    return lr * 0.5
LearningRateScheduler({given})
"""


@pytest.mark.parametrize(
    ("given", "rates"),
    [
        pytest.param("lambda epoch: 0.01 * 0.5**epoch", [0.01, 0.005, 0.0025], id="epoch"),
        pytest.param("schedule=compounds", [0.002, 0.001, 0.0005], id="epoch and rate"),
    ],
)
def test_a_callable_for_keras_is_asked_without_keras(given: str, rates: list[float], folder: Path) -> None:
    (folder / "train.py").write_text(KERAS.format(given=given))
    (program,), refusals = slices_of("train.py", None, Disk(), {})
    observation = run_slice({**program, "rate": 0.004}, "cpu", 3)

    assert refusals == []
    assert observation.contract == "keras.callbacks.LearningRateScheduler"
    assert (observation.error, observation.groups[0].initial_lr, observation.unit) == ("", 0.004, "epoch")
    assert observation.groups[0].lrs == pytest.approx(rates)


def test_what_keras_would_refuse_is_an_error(folder: Path) -> None:
    (folder / "train.py").write_text(KERAS.format(given="lambda epoch: 1 if epoch < 2 else 0.1"))
    observation = observe_file("train.py")

    assert observation.error.startswith("ValueError: the schedule returns 1, and Keras takes a float only")
    assert observation.error_step == 0
    assert observation.notes[0].startswith("no optimizer is known")


def test_a_callable_that_needs_a_missing_package_is_not_blamed(folder: Path) -> None:
    (folder / "train.py").write_text(KERAS.format(given="lambda epoch, lr: lr * tf.math.exp(-0.1)"))

    assert observe_file("train.py").error.startswith(NOT_SUPPLIED)
