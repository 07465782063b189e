"""Where numbers come from: options, settings files and the objects that hold them, with other files of the project."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

import pytest

from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.machine.slices import module_value
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.semantics.values.world import World
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity
from lr_lint.vocabulary.site_records import SiteVerdict
from tests.harness import module_of

LIKELY, CERTAIN, NOTHING = "likely", "certain", "nothing"
# A schedule of numbers, and one of the very expression that the optimizer was given.
NUMBERS = "0.001 * (1 - e / 100)"
SYMBOL = "{lr} * 0.9**e"

Files = Mapping[str, str]
Case = tuple[str, str]


def cases(text: str) -> dict[str, Case]:
    """Programs by name, with the expression that is the optimizer's rate: ``### name: rate`` and the program below."""
    parts = re.split(r"(?m)^### (.*?): (.*)\n", textwrap.dedent(text))[1:]
    return {name: (setup, lr) for name, lr, setup in zip(parts[::3], parts[1::3], parts[2::3], strict=True)}


def program(setup: str, lr: str, factor: str = NUMBERS) -> str:
    """A setup with a schedule after it, or in the function whose first line ends it."""
    inside = "    " if setup.rstrip().endswith(":") else ""
    return (
        "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"
        f"{setup.rstrip()}\n"
        f"{inside}optimizer = torch.optim.Adam(model.parameters(), lr={lr})\n"
        f"{inside}scheduler = LambdaLR(optimizer, lambda e: {factor.format(lr=lr)})\n"
    )


def found(text: str, files: Files | None = None) -> str:
    """How sure the findings about the only schedule are, at default settings."""
    contents = {name: content.encode() for name, content in (files or {}).items()}
    report = check_bytes("train.py", text.encode(), Settings(), InMemory(contents))
    assert report.failure is None, report.failure
    assert report.sites == 1
    return report.diagnostics[0].confidence.label if report.diagnostics else NOTHING


def verdict(text: str, files: Files | None = None) -> SiteVerdict:
    """What is said about the only schedule."""
    contents = {name: content.encode() for name, content in (files or {}).items()}
    (site,) = inspect_bytes("train.py", text.encode(), InMemory(contents)).sites
    return site.schedule.verdict


CONFIG = {"configs/c.yaml": "optimizer:\n  alpha: 1e-3  # the rate\n  steps: [30, 60]\nepochs: 10\n"}
LOADS = cases(
    """
    ### open in the call: c["optimizer"]["alpha"]
    import yaml
    c = yaml.safe_load(open("configs/c.yaml"))
    ### with: c["optimizer"]["alpha"]
    import yaml
    with open("configs/c.yaml") as f:
        c = yaml.load(f, yaml.FullLoader)
    ### text: c["optimizer"]["alpha"]
    import pathlib, yaml
    c = yaml.safe_load(pathlib.Path("configs/c.yaml").read_text())
    ### ruamel: c["optimizer"]["alpha"]
    from ruamel.yaml import YAML
    c = YAML().load(open("configs/c.yaml"))
    ### float: float(c["optimizer"]["alpha"])
    import yaml
    c = yaml.safe_load(open("configs/c.yaml"))
    ### get: c["optimizer"].get("alpha", 1.0)
    import yaml
    c = yaml.safe_load(open("configs/c.yaml"))
    ### attributes: c.optimizer.alpha
    from omegaconf import OmegaConf
    c = OmegaConf.load("configs/c.yaml")
    ### box: c.optimizer.alpha
    from box import Box
    c = Box.from_yaml(filename="configs/c.yaml")
    ### wrapped: c.optimizer.alpha
    import yaml
    from easydict import EasyDict
    c = EasyDict(yaml.safe_load(open("configs/c.yaml")))
    ### beside the code: optimizer["alpha"]
    import os, yaml
    HERE = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(HERE, "configs", "c.yaml")) as f:
        c = yaml.safe_load(f)
    optimizer = c["optimizer"]
    ### pathlib: c["optimizer"]["alpha"]
    import yaml
    from pathlib import Path
    c = yaml.safe_load((Path(__file__).parent / "configs/c.yaml").open())
    ### helper: c["optimizer"]["alpha"]
    import yaml
    def load(path):
        with open(path) as f:
            return yaml.safe_load(f)
    c = load("configs/c.yaml")
    ### default of an option: c["optimizer"]["alpha"]
    import argparse, yaml
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", default="configs/c.yaml")
    args = parser.parse_args()
    c = yaml.safe_load(open(args.config))
    ### into a class: c.alpha
    import yaml
    from dataclasses import dataclass
    @dataclass
    class Config:
        alpha: float = 1.0
    c = Config(**yaml.safe_load(open("configs/c.yaml"))["optimizer"])
    ### over the options: args.alpha
    import argparse, yaml
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1.0)
    args = parser.parse_args()
    for key, value in yaml.safe_load(open("configs/c.yaml"))["optimizer"].items():
        setattr(args, key, value)
    ### as defaults: args.alpha
    import argparse, yaml
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.set_defaults(**yaml.safe_load(open("configs/c.yaml"))["optimizer"])
    args = parser.parse_args()
    """
)
# In these, what the file would override has a default.
WITH_DEFAULT = {"get", "into a class", "over the options", "as defaults"}


@pytest.mark.parametrize("name", LOADS)
def test_a_settings_file_gives_numbers(name: str) -> None:
    """Evidence, not proof: the same number on both sides is likely a bug."""
    assert found(program(*LOADS[name]), CONFIG) == LIKELY


@pytest.mark.parametrize("name", LOADS)
def test_a_schedule_of_rates_is_consistent_on_a_rate_of_one(name: str) -> None:
    files = {path: text.replace("1e-3", "1.0") for path, text in CONFIG.items()}
    assert verdict(program(*LOADS[name]), files) is SiteVerdict.CONSISTENT


@pytest.mark.parametrize("name", sorted(LOADS.keys() - WITH_DEFAULT))
def test_without_the_file_nothing_is_said(name: str) -> None:
    assert verdict(program(*LOADS[name])) is SiteVerdict.UNDECIDED


@pytest.mark.parametrize("content", ["optimizer:\n  alpha: 0.5\n", "optimizer: {}\n", "a: b: c\n", None])
@pytest.mark.parametrize("name", ["open in the call", "with", "attributes"])
def test_an_entry_is_itself_whatever_it_is(name: str, content: str | None) -> None:
    files = {} if content is None else {"configs/c.yaml": content}
    assert found(program(*LOADS[name], SYMBOL), files) == CERTAIN


def test_an_entry_is_itself_as_item_and_as_attribute() -> None:
    text = program(*LOADS["attributes"], 'c["optimizer"]["alpha"] * 0.9**e')
    assert found(text, {"configs/c.yaml": "optimizer:\n  alpha: 0.5\n"}) == CERTAIN


@pytest.mark.parametrize(
    "content",
    [
        "optimizer:\n  alpha: !!float 1e-3\n",
        "rate: &rate 1e-3\noptimizer:\n  alpha: *rate\n",
        "base: &base\n  alpha: 1e-3\n  beta: 0.9\noptimizer:\n  <<: *base\n  beta: 0.5\n",
        "optimizer: {alpha:\n  1e-3,\n  name: a text\n    of two lines}\n",
    ],
)
def test_a_settings_file_may_be_written_in_any_way(content: str) -> None:
    assert found(program(*LOADS["open in the call"]), {"configs/c.yaml": content}) == LIKELY


OTHER_NOTATIONS = cases(
    """
    ### json: c["alpha"]
    import json
    c = json.load(open("c.json"))
    ### json text of a file: c["alpha"]
    import json
    with open("c.json") as f:
        c = json.loads(f.read())
    ### json text: c["alpha"]
    import json
    c = json.loads('{"alpha": 0.001}')
    ### toml: c["alpha"]
    import tomllib
    with open("c.toml", "rb") as f:
        c = tomllib.load(f)
    ### toml library: c["a"]["alpha"]
    import toml
    c = toml.load("c.toml")
    """
)
NOTATIONS = {"c.json": '{"alpha": 1e-3}', "c.toml": "alpha = 1e-3\n[a]\nalpha = 1e-3\n"}


@pytest.mark.parametrize("name", OTHER_NOTATIONS)
def test_json_and_toml_are_settings_too(name: str) -> None:
    assert found(program(*OTHER_NOTATIONS[name]), NOTATIONS) == LIKELY


@pytest.mark.parametrize(
    "change",
    [
        'c["optimizer"]["alpha"] = 1.0',
        'c["optimizer"].update(alpha=1.0)',
        'c["optimizer"].update({"alpha": 1.0})',
        'c["optimizer"] = {"alpha": 1.0}',
        'c = {**c, "optimizer": {"alpha": 1.0}}',
    ],
)
def test_an_entry_that_is_overwritten_counts_no_more(change: str) -> None:
    setup, lr = LOADS["open in the call"]
    assert verdict(program(setup + change, lr), CONFIG) is SiteVerdict.CONSISTENT


def test_a_copy_is_changed_alone() -> None:
    setup = 'import copy\nbase = {"alpha": 1.0}\nother = copy.deepcopy(base)\nother["alpha"] = 0.001'
    assert verdict(program(setup, 'base["alpha"]')) is SiteVerdict.CONSISTENT
    assert found(program(setup, 'other["alpha"]')) == CERTAIN


OPTIONS = {
    "options.py": textwrap.dedent(
        """\
        from dataclasses import dataclass

        from absl import flags

        FLAGS = flags.FLAGS
        flags.DEFINE_float("alpha", 1e-3, "the rate")


        @dataclass
        class Options:
            alpha: float = 1e-3
            epochs: int = 10


        def declare(target):
            target.add_argument("--alpha", type=float, default=1e-3)
        """
    )
}
COMMAND_LINES = cases(
    """
    ### group: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    g = parser.add_argument_group("g")
    g.add_argument("--alpha", default=1e-3)
    args = parser.parse_args()
    ### exclusive: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    g = parser.add_mutually_exclusive_group()
    g.add_argument("--alpha", default=1e-3)
    args = parser.parse_args()
    ### known: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", default=1e-3)
    args, rest = parser.parse_known_args()
    ### item of known: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", default=1e-3)
    args = parser.parse_known_args()[0]
    ### intermixed: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", default=1e-3)
    args = parser.parse_intermixed_args()
    ### text: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default="1e-3")
    args = parser.parse_args()
    ### subcommand: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    s = parser.add_subparsers()
    t = s.add_parser("t")
    t.add_argument("--alpha", default=1e-3)
    args = parser.parse_args()
    ### parents: args.alpha
    import argparse
    base = argparse.ArgumentParser(add_help=False)
    base.add_argument("--alpha", type=float, default=1e-3)
    args = argparse.ArgumentParser(parents=[base]).parse_args()
    ### defaults first: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.set_defaults(alpha=1e-3)
    parser.add_argument("--alpha", type=float)
    args = parser.parse_args()
    ### namespace: args.alpha
    import argparse
    args = argparse.Namespace(alpha=1e-3)
    ### namespace of a dict: args.alpha
    import argparse
    args = argparse.Namespace(**{"alpha": 1e-3})
    ### rewrapped: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", default=1e-3)
    args = argparse.Namespace(**vars(parser.parse_args()))
    ### helper: args.alpha
    import argparse
    from options import declare
    parser = argparse.ArgumentParser()
    declare(parser)
    args = parser.parse_args()
    ### helper of a module: args.alpha
    import argparse
    import options
    parser = argparse.ArgumentParser()
    options.declare(parser)
    args = parser.parse_args()
    ### class of options: args.alpha
    import argparse
    class Options:
        def __init__(self):
            self.parser = argparse.ArgumentParser()
        def initialize(self):
            self.parser.add_argument("--name", default="x")
        def parse(self):
            self.initialize()
            self.opt = self.parser.parse_args()
            return self.opt
    class TrainOptions(Options):
        def initialize(self):
            Options.initialize(self)
            self.parser.add_argument("--alpha", type=float, default=1e-3)
    args = TrainOptions().parse()
    ### tyro: args.alpha
    import tyro
    from options import Options
    args = tyro.cli(Options)
    ### tap: args.alpha
    from tap import Tap
    class Args(Tap):
        alpha: float = 1e-3
    args = Args().parse_args()
    ### transformers: args.alpha
    from transformers import HfArgumentParser, TrainingArguments
    from options import Options
    parser = HfArgumentParser((Options, TrainingArguments))
    args, training = parser.parse_args_into_dataclasses()
    ### simple_parsing: args.alpha
    from simple_parsing import ArgumentParser
    from options import Options
    parser = ArgumentParser()
    parser.add_arguments(Options, dest="of")
    args = parser.parse_args().of
    ### pyrallis: args.alpha
    import pyrallis
    from options import Options
    @pyrallis.wrap()
    def main(args: Options):
    ### absl: args.alpha
    from options import FLAGS as args
    def main(_):
    ### absl imported: args.alpha
    from absl import flags
    import options
    args = flags.FLAGS
    def main(_):
    """
)
PROVED = {"namespace", "namespace of a dict"}


def with_default(number: str, name: str) -> tuple[str, str, Files]:
    """A program that reads options, and the file that declares them, with another default."""
    setup, lr = COMMAND_LINES[name]
    return setup.replace("1e-3", number), lr, {path: text.replace("1e-3", number) for path, text in OPTIONS.items()}


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_an_option_has_its_default(name: str) -> None:
    assert found(program(*COMMAND_LINES[name]), OPTIONS) == (CERTAIN if name in PROVED else LIKELY)


@pytest.mark.parametrize("name", COMMAND_LINES)
def test_a_schedule_of_rates_is_consistent_on_an_option_of_one(name: str) -> None:
    setup, lr, files = with_default("1.0", name)
    assert verdict(program(setup, lr), files) is SiteVerdict.CONSISTENT


@pytest.mark.parametrize("name", sorted(COMMAND_LINES.keys() - PROVED))
def test_an_option_is_itself_whatever_its_default(name: str) -> None:
    setup, lr, files = with_default("0.4", name)
    assert found(program(setup, lr, SYMBOL), files) == CERTAIN


@pytest.mark.parametrize("change", ["args.alpha = 1.0", 'setattr(args, "alpha", 1.0)', 'vars(args)["alpha"] = 1.0'])
@pytest.mark.parametrize("name", ["group", "known", "helper", "class of options", "subcommand"])
def test_an_option_that_is_overwritten_counts_no_more(name: str, change: str) -> None:
    setup, lr = COMMAND_LINES[name]
    assert verdict(program(setup + change, lr), OPTIONS) is SiteVerdict.CONSISTENT


TWO_VALUES = cases(
    """
    ### options: args.a
    import argparse
    parser = argparse.ArgumentParser()
    for name in ("--a", "--b"):
        parser.add_argument(name, default=0.4)
    args = parser.parse_args()
    b = args.b
    ### variables of the environment: float(os.environ["A"])
    import os
    b = float(os.environ["B"])
    ### objects of one class: a.alpha
    import tyro
    from options import Options
    a = tyro.cli(Options)
    b = Options(0.4).alpha
    ### dicts that a helper makes: make(0.5)["alpha"]
    from elsewhere import load
    def make(alpha):
        settings = {"alpha": alpha}
        settings.update(load())
        return settings
    b = make(0.4)["alpha"]
    ### namespaces that a helper makes: make(0.5).alpha
    from omegaconf import OmegaConf
    def make(alpha):
        return OmegaConf.merge({"alpha": alpha}, OmegaConf.from_cli())
    b = make(0.4).alpha
    ### settings that a helper fills: make(0.5).ALPHA
    from yacs.config import CfgNode
    def make(alpha):
        settings = CfgNode()
        settings.ALPHA = alpha
        return settings
    b = make(0.4).ALPHA
    """
)


@pytest.mark.parametrize("name", TWO_VALUES)
def test_two_values_are_not_taken_for_one(name: str) -> None:
    assert found(program(*TWO_VALUES[name], "b * 0.9**e"), OPTIONS) == NOTHING


DOUBTFUL = cases(
    """
    ### unknown defaults: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument('--alpha', default=1e-3)
    parser.set_defaults(**load())
    args = parser.parse_args()
    ### loop: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument('--alpha', default=1e-3)
    args = parser.parse_args()
    for k in load():
        setattr(args, k, 1)
    args = args
    ### two declarations: args.alpha
    from absl import flags
    import options
    flags.DEFINE_float('alpha', 1.0, '')
    args = flags.FLAGS
    ### unknown default object: args.alpha
    import tyro
    from options import Options
    args = tyro.cli(Options, default=load())
    """
)


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_default_that_may_be_another_says_nothing(name: str) -> None:
    assert verdict(program(*DOUBTFUL[name]), OPTIONS) is SiteVerdict.UNDECIDED


WRITTEN = cases(
    """
    ### pydantic: c.alpha
    import pydantic
    class C(pydantic.BaseModel):
        alpha: float = pydantic.Field(1e-3, gt=0)
    c = C()
    ### attr: c.alpha
    import attr
    @attr.s
    class C:
        alpha = attr.ib(default=1e-3)
    c = C()
    ### attrs: c.alpha
    from attrs import define, field
    @define
    class C:
        alpha: float = field(factory=lambda: 1e-3)
    c = C()
    ### named tuple: c.alpha
    from typing import NamedTuple
    class C(NamedTuple):
        n: int
        alpha: float = 1.0
    c = C(3, 1e-3)
    ### named tuple function: c.alpha
    from collections import namedtuple
    C = namedtuple('C', 'alpha n')
    c = C(alpha=1e-3, n=3)
    ### addict: c.a.alpha
    from addict import Dict
    c = Dict({'a': {'alpha': 1e-3}})
    ### config dict: c.a.alpha
    from ml_collections import ConfigDict
    c = ConfigDict()
    c.a = ConfigDict()
    c.a.alpha = 1e-3
    ### created: c.a['alpha']
    from omegaconf import OmegaConf
    c = OmegaConf.create({'a': {'alpha': 1e-3}})
    """
)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_program_writes_itself_is_certain(name: str) -> None:
    setup, lr = WRITTEN[name]
    assert found(program(setup, lr)) == CERTAIN
    assert verdict(program(setup.replace("1e-3", "1.0"), lr)) is SiteVerdict.CONSISTENT


OVERRIDABLE = cases(
    """
    ### settings class: c.alpha
    from pydantic_settings import BaseSettings
    class C(BaseSettings):
        alpha: float = 1e-3
    c = C()
    ### merged: c.alpha
    from omegaconf import OmegaConf
    c = OmegaConf.merge({'alpha': 1e-3}, OmegaConf.from_cli())
    ### yacs: c.A.ALPHA
    from yacs.config import CfgNode as CN
    c = CN()
    c.A = CN()
    c.A.ALPHA = 1e-3
    c = c.clone()
    ### yacs dict: c.A.ALPHA
    from yacs.config import CfgNode
    c = CfgNode({'A': {'ALPHA': 1e-3}})
    ### unpacked: c['alpha']
    from elsewhere import load
    c = {'alpha': 1e-3, **load()}
    ### updated: c['alpha']
    from elsewhere import load
    c = {'alpha': 1e-3}
    c.update(load())
    ### environment: ALPHA
    import os
    ALPHA = float(os.environ.get('ALPHA', '1e-3'))
    ### environment number: ALPHA
    import os
    ALPHA = float(os.getenv('ALPHA', 1e-3))
    ### typer: alpha
    import typer
    def main(alpha: float = typer.Option(1e-3, '--alpha')):
    ### click: step_length
    import click
    @click.command()
    @click.option('--step-length', default=1e-3)
    def main(step_length):
    ### click name: alpha
    import click
    @click.command()
    @click.option('--rate', '-a', 'alpha', default=1e-3)
    def main(alpha):
    """
)


@pytest.mark.parametrize("name", OVERRIDABLE)
def test_what_others_may_override_is_likely(name: str) -> None:
    setup, lr = OVERRIDABLE[name]
    assert found(program(setup, lr)) == LIKELY
    assert verdict(program(setup.replace("1e-3", "1.0"), lr)) is SiteVerdict.CONSISTENT
    assert found(program(setup.replace("1e-3", "0.4"), lr, SYMBOL)) == CERTAIN


UNDECLARED = cases(
    """
    ### click: alphas
    import click
    @click.command()
    @click.option('--alpha', default=1e-3)
    def main(alphas):
    ### typer: alphas
    import typer
    def main(alphas: float = typer.Option(..., '--alpha')):
    ### hydra: alphas
    import hydra
    @hydra.main(config_path='configs', config_name='c')
    def main(alphas):
    """
)


@pytest.mark.parametrize("name", UNDECLARED)
def test_a_parameter_without_an_option_is_unknown(name: str) -> None:
    assert verdict(program(*UNDECLARED[name]), CONFIG) is SiteVerdict.UNDECIDED


def world_of(text: str, files: Files, files_left: int = 9) -> tuple[Module, World, Project]:
    """A program, ready to be asked for its variables."""
    project = Project(InMemory({name: content.encode() for name, content in files.items()}), files_left)
    module = module_of(text, "train.py")
    project.add(module)
    return module, new_world(ASSUMED_COUNTS[0], project), project


def test_numbers_from_a_file_are_defaults_with_an_identity() -> None:
    module, world, _ = world_of("import yaml\nn = yaml.safe_load(open('configs/c.yaml'))['epochs']", CONFIG)
    value = force(module_value(module, "n", world))
    assert isinstance(value, Unknown)
    assert value.key is paths.attribute(AccessPath.file("configs/c.yaml"), "epochs")
    default = default_of(value)
    assert isinstance(default, Quantity)
    assert default.number == 10


def test_files_are_read_within_the_budget() -> None:
    text = "import json\n" + "".join(f"c{n} = json.load(open('c{n}.json'))\n" for n in range(9))
    module, world, project = world_of(text, {f"c{n}.json": "{}" for n in range(9)}, files_left=4)
    values = [force(module_value(module, f"c{n}", world)) for n in range(9)]
    assert [isinstance(value, DictValue) for value in values] == [True] * 4 + [False] * 5
    assert project.files_left == 0


def test_the_entries_of_a_file_are_paid_for() -> None:
    data = "{" + ",".join(f'"k{n}": {n}' for n in range(3_000)) + "}"
    module, world, _ = world_of("import json\nc = json.load(open('c.json'))", {"c.json": data})
    before = world.steps
    force(module_value(module, "c", world))
    assert before - world.steps > 3_000


@pytest.mark.parametrize(
    "content", ["[" * 200_000, "a: 1\n" * 60_000, "{" + ",".join(f'"k{n}": 1' for n in range(9_000)) + "}", "\0", "5"]
)
def test_odd_files_say_nothing(content: str) -> None:
    assert found(program(*LOADS["open in the call"]), {"configs/c.yaml": content}) == NOTHING


ODD = cases(
    """
    ### holds itself: d.lr
    from easydict import EasyDict
    c = EasyDict()
    c.me = c
    c.lr = 1.0
    import copy
    d = copy.deepcopy(c)
    d.update(x)
    ### holds itself twice: d.lr
    d = {'lr': 1.0}
    for _ in range(40):
        d = {'a': d, 'b': d, 'lr': 1.0}
    import copy
    d = copy.deepcopy(d)
    ### soft: d.lr
    from yacs.config import CfgNode
    d = CfgNode()
    d.me = d
    d.merge_from_file('x')
    d = d.clone()
    ### subparsers of subparsers: d.lr
    import argparse
    d = argparse.ArgumentParser()
    for _ in range(5000):
        d = d.add_subparsers().add_parser('x')
    d = d.parse_args()
    ### its own parent: d.lr
    import argparse
    parser = argparse.ArgumentParser()
    parser = argparse.ArgumentParser(parents=[parser])
    d = parser
    ### class of itself: d.lr
    import tyro
    class C:
        c: 'C' = None
        d: C
    d = tyro.cli(C).d.d.d
    ### flag of itself: d.lr
    from absl import flags
    d = flags.FLAGS
    flags.DEFINE_float('lr', flags.FLAGS.lr, '')
    ### file named by a file: d.lr
    import yaml
    d = yaml.safe_load(open(yaml.safe_load(open('configs/c.yaml'))['optimizer']))
    """
)


@pytest.mark.parametrize("name", ODD)
def test_odd_programs_are_survived(name: str) -> None:
    assert found(program(*ODD[name]), CONFIG) == NOTHING
