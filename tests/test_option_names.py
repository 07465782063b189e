"""Each library of options and settings, by every name that is known of it: its numbers are defaults, and are read."""

from __future__ import annotations

import pytest

from lr_lint.checks.engine import inspect_bytes
from tests.test_options import CERTAIN, LIKELY, found, program

PARSER = """\
import argparse, dataclasses, {package}
parser = {make}
{add}
{parse}
"""
ADD = 'parser.add_argument("--alpha", type=float, default=1e-3)'
PARSE = "args = parser.parse_args()"
PARSERS = (
    "argparse.ArgumentParser configargparse.ArgumentParser configargparse.ArgParser configargparse.ArgParse "
    "configargparse.Parser configargparse.getArgumentParser configargparse.get_arg_parser jsonargparse.ArgumentParser "
    "simple_parsing.ArgumentParser gooey.GooeyParser rich_argparse.ArgumentParser transformers.HfArgumentParser "
    "transformers.hf_argparser.HfArgumentParser trl.TrlParser trl.commands.cli_utils.TrlParser"
)
ADDING = """\
parser.add_argument("--alpha", type=float, default=1e-3)
parser.add_argument("-a", "--alpha", type=float, default=1e-3)
parser.add_argument("--rate", dest="alpha", type=float, default=1e-3)
parser.add("--alpha", type=float, default=1e-3)
parser.add_arg("--alpha", type=float, default=1e-3)
parser.add_argument_group("rates").add_argument("--alpha", type=float, default=1e-3)
parser.add_mutually_exclusive_group().add_argument("--alpha", type=float, default=1e-3)
parser.add_subparsers().add_parser("train").add_argument("--alpha", type=float, default=1e-3)
parser.set_defaults(alpha=1e-3)
parser.add_argument("--alpha", type=float); parser.set_defaults(alpha=1e-3)
parser = deepspeed.add_config_arguments(parser); parser.add_argument("--alpha", type=float, default=1e-3)
parser = pytorch_lightning.Trainer.add_argparse_args(parser); parser.add_argument("--alpha", default=1e-3, type=float)
"""
PARSING = """\
args = parser.parse_args()
args = parser.parse_args([])
args = parser.parse_intermixed_args()
args, rest = parser.parse_known_args()
args, rest = parser.parse_known_intermixed_args()
args = parser.parse_known_args()[0]
"""
CLASS = """\
import dataclasses
@dataclasses.dataclass
class Config:
    alpha: float = 1e-3
"""
OBJECTS = (
    "tyro.cli simple_parsing.parse pyrallis.parse draccus.parse datargs.parse jsonargparse.CLI jsonargparse.auto_cli "
    "chz.entrypoint argparse_dataclass.parse_args"
)
DATACLASSES = """\
(c,) = parser.parse_args_into_dataclasses()
c = parser.parse_args_into_dataclasses()[0]
(c,) = parser.parse_args_and_config()
(c,) = parser.parse_dict(given)
(c,) = parser.parse_json_file(given)
(c,) = parser.parse_yaml_file(given)
"""
FLAGS = {
    "float": ("1e-3", "FLAGS.alpha"),
    "string": ('"0.001"', "float(FLAGS.alpha)"),
    "enum": ('"0.001", ["0.001", "0.01"]', "float(FLAGS.alpha)"),
    "list": ('["0.001"]', "float(FLAGS.alpha[0])"),
    "multi_float": ("[1e-3]", "FLAGS.alpha[0]"),
    "multi_string": ('["0.001"]', "float(FLAGS.alpha[0])"),
    "integer": ("1", "FLAGS.alpha * 1e-3"),
    "multi_integer": ("[1]", "FLAGS.alpha[0] * 1e-3"),
    "bool": ("True", "FLAGS.alpha * 1e-3"),
    "boolean": ("True", "FLAGS.alpha * 1e-3"),
}
NAMESPACES = (
    "addict.Dict attrdict.AttrDict attridict.AttrDict box.Box dotmap.DotMap easydict.EasyDict "
    "ml_collections.ConfigDict ml_collections.FrozenConfigDict ml_collections.config_dict.ConfigDict "
    "ml_collections.config_dict.FrozenConfigDict "
    "mmcv.ConfigDict mmengine.ConfigDict munch.Munch munch.munchify omegaconf.DictConfig omegaconf.OmegaConf.create "
    "prodict.Prodict.from_dict"
)
KEYWORDS = (
    "argparse.Namespace configargparse.Namespace jsonargparse.Namespace simple_parsing.Namespace types.SimpleNamespace"
)
FIELDS = {
    "attr.attrib(default={})": "@attr.s(auto_attribs=True)",
    "attr.field(default={})": "@attr.define",
    "attr.ib(default={})": "@attr.s(auto_attribs=True)",
    "attrs.field(default={})": "@attrs.define",
    "dataclasses.field(default={})": "@dataclasses.dataclass",
    "dataclasses.field(default_factory=lambda: {})": "@dataclasses.dataclass",
    "pydantic.Field({})": "@pydantic.dataclasses.dataclass",
    "pydantic.Field(default={})": "@pydantic.dataclasses.dataclass",
}
LOADS = "json simplejson orjson ujson json5 commentjson".split()
YAML = "yaml ruamel.yaml oyaml".split()


def setup(make: str = "argparse.ArgumentParser()", add: str = ADD, parse: str = PARSE, package: str = "torch") -> str:
    return PARSER.format(package=package, make=make, add=add, parse=parse)


def package_of(name: str) -> str:
    return name.rpartition(".")[0]


@pytest.mark.parametrize("name", PARSERS.split())
def test_parsers(name: str) -> None:
    assert found(program(setup(f"{name}()", package=package_of(name)), "args.alpha")) == LIKELY


@pytest.mark.parametrize("add", ADDING.splitlines())
def test_options_of_parsers(add: str) -> None:
    text = setup(add=add, package="deepspeed, pytorch_lightning")
    assert found(program(text, "args.alpha")) == LIKELY


@pytest.mark.parametrize("parse", PARSING.splitlines())
def test_what_parsers_give(parse: str) -> None:
    assert found(program(setup(parse=parse), "args.alpha")) == LIKELY


@pytest.mark.parametrize("name", OBJECTS.split())
def test_objects_made_from_the_command_line(name: str) -> None:
    assert found(program(f"import {package_of(name)}\n{CLASS}c = {name}(Config)\n", "c.alpha")) == LIKELY


@pytest.mark.parametrize("parse", DATACLASSES.splitlines())
@pytest.mark.parametrize("make", ["HfArgumentParser(Config)", "HfArgumentParser((Config,))"])
def test_parsers_of_dataclasses(parse: str, make: str) -> None:
    text = f"import transformers\n{CLASS}parser = transformers.{make}\n{parse}\n"
    assert found(program(text, "c.alpha")) == LIKELY


@pytest.mark.parametrize("library", ["from absl import flags", "import gflags as flags"])
@pytest.mark.parametrize("kind", FLAGS)
def test_flags(library: str, kind: str) -> None:
    default, lr = FLAGS[kind]
    text = f'{library}\nflags.DEFINE_{kind}("alpha", {default}, "")\nFLAGS = flags.FLAGS\n'
    assert found(program(text, lr)) == LIKELY


@pytest.mark.parametrize("library", ["click", "rich_click", "asyncclick", "cloup"])
@pytest.mark.parametrize("kind", ["option", "argument"])
def test_parameters_of_commands(library: str, kind: str) -> None:
    name = "--alpha" if kind == "option" else "alpha"
    text = f'import {library}\n@{library}.command()\n@{library}.{kind}("{name}", default=1e-3)\ndef main(alpha):\n'
    assert found(program(text, "alpha")) == LIKELY


@pytest.mark.parametrize("kind", ["Option", "Argument"])
def test_parameters_of_typer(kind: str) -> None:
    text = f"import typer\ndef main(alpha: float = typer.{kind}(1e-3)):\n"
    assert found(program(text, "alpha")) == LIKELY


@pytest.mark.parametrize("name", [*NAMESPACES.split(), *KEYWORDS.split()])
def test_namespaces(name: str) -> None:
    given = "alpha=1e-3" if name in KEYWORDS else '{"alpha": 1e-3}'
    text = f"import {name.split('.')[0]}, ml_collections.config_dict\nc = {name}({given})\n"
    assert found(program(text, "c.alpha", "c.alpha * 0.9**e")) == CERTAIN


@pytest.mark.parametrize("field", FIELDS)
def test_fields(field: str) -> None:
    text = (
        f"import attr, attrs, dataclasses, pydantic\n{FIELDS[field]}\nclass Config:\n"
        f"    alpha: float = {field.format('1e-3')}\nc = Config()\n"
    )
    assert found(program(text, "c.alpha", "0.001 * 0.9**e")) == CERTAIN


@pytest.mark.parametrize("library", LOADS)
@pytest.mark.parametrize("load", ['load(open("c.json"))', 'loads(open("c.json").read())'])
def test_files_of_settings(library: str, load: str) -> None:
    text = f"import {library}\nc = {library}.{load}\n"
    assert found(program(text, 'c["alpha"]'), {"c.json": '{"alpha": 0.001}'}) == LIKELY


@pytest.mark.parametrize("library", YAML)
@pytest.mark.parametrize("load", ["load", "safe_load", "full_load", "unsafe_load"])
def test_yaml(library: str, load: str) -> None:
    text = f'import {library}\nc = {library}.{load}(open("c.yaml"))\n'
    assert found(program(text, 'c["alpha"]'), {"c.yaml": "alpha: 0.001"}) == LIKELY


@pytest.mark.parametrize("library", ["tomllib", "tomli", "toml"])
@pytest.mark.parametrize("load", ['load(open("c.toml", "rb"))', 'loads(open("c.toml").read())'])
def test_toml(library: str, load: str) -> None:
    text = f"import {library}\nc = {library}.{load}\n"
    assert found(program(text, 'c["alpha"]'), {"c.toml": "alpha = 0.001"}) == LIKELY


@pytest.mark.parametrize(
    "path",
    [
        'os.path.join("configs", "c.json")',
        'os.path.join(os.path.dirname(__file__), "configs", "c.json")',
        'os.path.join(os.path.dirname(os.path.abspath(__file__)), "configs/c.json")',
        'os.path.join(os.path.dirname(os.path.realpath(__file__)), "configs/c.json")',
        'os.path.join(os.getcwd(), "configs", "c.json")',
        'os.path.normpath("configs/../configs/c.json")',
        'os.path.expanduser("configs/c.json")',
        'os.fspath("configs/c.json")',
        'pathlib.Path("configs") / "c.json"',
        'pathlib.Path("configs", "c.json")',
        'pathlib.PurePath("configs") / "c.json"',
        'pathlib.PosixPath("configs") / "c.json"',
        'pathlib.Path("configs").joinpath("c.json")',
        'pathlib.Path("configs/d.json").with_name("c.json")',
        'pathlib.Path("configs/c.yaml").with_suffix(".json")',
        'pathlib.Path(__file__).parent / "configs" / "c.json"',
        'pathlib.Path(__file__).resolve().parent / "configs" / "c.json"',
        'pathlib.Path(__file__).absolute().parent / "configs/c.json"',
        'pathlib.Path("configs/c.json").expanduser()',
        'pathlib.Path("configs/c.json").as_posix()',
        'pathlib.Path.cwd() / "configs" / "c.json"',
    ],
)
def test_paths_of_files(path: str) -> None:
    text = f"import json, os, pathlib\nc = json.load(open({path}))\n"
    assert found(program(text, 'c["alpha"]'), {"configs/c.json": '{"alpha": 0.001}'}) == LIKELY


@pytest.mark.parametrize(
    "content",
    [
        'io.open("c.json").read()',
        'codecs.open("c.json").read()',
        'pathlib.Path("c.json").open().read()',
        'pathlib.Path("c.json").read_text()',
        'pathlib.Path("c.json").read_bytes()',
        'pathlib.Path("c.json").read_bytes().decode("utf-8")',
        'open("c.json").read().encode()',
        'open("c.json").read().strip()',
    ],
)
def test_contents_of_files(content: str) -> None:
    text = f"import codecs, io, json, pathlib\nc = json.loads({content})\n"
    assert found(program(text, 'c["alpha"]'), {"c.json": '{"alpha": 0.001}'}) == LIKELY


@pytest.mark.parametrize(
    "make",
    [
        "torch.nn.DataParallel(net)",
        "torch.nn.parallel.DataParallel(net)",
        "torch.nn.parallel.DistributedDataParallel(net)",
        "torch.distributed.fsdp.FullyShardedDataParallel(net)",
        "torch.nn.SyncBatchNorm.convert_sync_batchnorm(net)",
        "torch.compile(net)",
    ],
)
def test_wrapped_models(make: str) -> None:
    """A model is what it was, and so are the rates that it carries."""
    text = f"class Net(torch.nn.Module):\n    alpha = 1e-3\nnet = Net()\nmodel = {make}\n"
    assert found(program(text, "model.alpha", "0.001 * 0.9**e")) == CERTAIN


# The rates with which optimizers of torch 2.13.0 start unless they are given one.
OPTIMIZERS = {
    "ASGD": 1e-2,
    "Adadelta": 1.0,
    "Adafactor": 1e-2,
    "Adagrad": 1e-2,
    "Adam": 1e-3,
    "AdamW": 1e-3,
    "Adamax": 2e-3,
    "LBFGS": 1.0,
    "Muon": 1e-3,
    "NAdam": 2e-3,
    "RAdam": 1e-3,
    "RMSprop": 1e-2,
    "Rprop": 1e-2,
    "SGD": 1e-3,
    "SparseAdam": 1e-3,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers(name: str) -> None:
    """Given its rate by position, by keyword, in a group, or not at all."""
    head = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"
    for given in ("model.parameters(), 0.004", "model.parameters(), lr=0.004", '[{"params": p, "lr": 0.004}], lr=0.1'):
        text = f"{head}LambdaLR(torch.optim.{name}({given}), lambda e: 0.004 * 0.9**e)\n"
        assert found(text) == CERTAIN, given
        assert found(text.replace("0.004 * ", "")) == "nothing", given
    default = OPTIMIZERS[name]
    text = f"{head}LambdaLR(torch.optim.{name}(model.parameters()), lambda e: {default!r} * 0.9**e)\n"
    assert found(text) == ("nothing" if default == 1 else CERTAIN)
    (site,) = inspect_bytes("train.py", text.encode()).sites
    assert site.schedule.groups[0].lr == default
