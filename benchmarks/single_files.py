"""Single files: what starting costs, one scheduler, flake8, an editor, the probe."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from benchmarks.environments import environment_here
from benchmarks.measuring import FINDS, Command
from benchmarks.plans import Plan, Setup, candidates, facts_about, python_files
from benchmarks.shapes import MAIN, length_of_a_file

NOTHING, LIBCST = "python -c pass", 'python -c "import libcst"'
PLAIN_FILE = "a file without a scheduler"
PARSE = "libcst.parse_module"
FLAKE8, TORCHFIX = "flake8", "flake8 with TorchFix"
PLUGIN, PLUGIN_ALONE = "flake8 with ", "the plugin's own work in it: "
TORCH, PROBE = 'python -c "import torch"', "lr-lint probe FILE"
_PLAIN = {"plain.py": "def area(width, height):\n    return width * height\n"}
# Of the packages the one that flake8 looks through, since it takes it some seconds.
_PACKAGE = "pytorch_ignite"
# Numbers of functions around the one that makes a scheduler.
_LENGTHS = (0, 25, 50, 100, 200)
_SITE = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.95**epoch)
"""


def start(setup: Setup) -> Plan:
    """One small file that names no scheduler: what is left is the start."""
    folder, subject = setup.shaped("plain", _PLAIN), setup.environments.subject
    commands = [
        Command(NOTHING, (str(subject.python), "-c", "pass"), folder),
        Command(LIBCST, (str(subject.python), "-c", "import libcst"), folder),
    ]
    for environment in setup.environments.subjects:
        commands.append(Command(f"{environment.name}: {PLAIN_FILE}", environment.program("lr-lint", *_PLAIN), folder))
        commands.append(Command(f"{environment.name} --version", environment.program("lr-lint", "--version"), folder))
    return Plan(commands)


def _of_length(setup: Setup) -> dict[int, Path]:
    """Files with one scheduler each, by their numbers of lines."""
    lengths = _LENGTHS[:2] if setup.is_quick else _LENGTHS
    projects = [length_of_a_file(length) for length in lengths]
    folders = [setup.shaped(f"length-{length}", each) for length, each in zip(lengths, projects, strict=True)]
    return {each[MAIN].count("\n"): folder for each, folder in zip(projects, folders, strict=True)}


def one_site(setup: Setup) -> Plan:
    """Files with one scheduler, beside LibCST's parse of the same bytes, neither with its start."""
    return _beside_the_parse(setup, "check")


def editor(setup: Setup) -> Plan:
    """An edit in the middle of a file with one scheduler, until it can be shown what is found now."""
    return _beside_the_parse(setup, "edit")


def _beside_the_parse(setup: Setup, task: str) -> Plan:
    """A task of `benchmarks.inside` on files of several lengths, beside LibCST's parse of each."""
    commands = []
    for lines, folder in _of_length(setup).items():
        parse = setup.environments.subject.inside("parse-by-libcst", MAIN)
        commands.append(Command(f"{PARSE}, {lines} lines", parse, folder, tells=True, size=lines, group=PARSE))
        for environment in setup.environments.subjects:
            name, program = environment.name, environment.inside(task, MAIN)
            commands.append(Command(f"{name}, {lines} lines", program, folder, tells=True, size=lines, group=name))
    return Plan(commands)


def flake8(setup: Setup) -> Plan:
    """Files that name no scheduler, by flake8 alone, with the plugin, and with another one that looks at PyTorch."""
    tree, there = setup.tree() / ("" if setup.is_quick else _PACKAGE), setup.environments
    files = candidates(python_files(tree), wanted=False)
    names = [str(path.relative_to(tree)) for path in files]
    options = ("--isolated", "-j1", "--select=F,LR")
    commands = []
    if there.flake8 is not None:
        commands.append(Command(FLAKE8, there.flake8.program("flake8", *options, *names), tree, statuses=FINDS))
    for environment in there.subjects:
        program = environment.program("flake8", *options, *names)
        commands.append(Command(PLUGIN + environment.name, program, tree, statuses=FINDS))
        inside = environment.inside("plugin", *names)
        commands.append(Command(PLUGIN_ALONE + environment.name, inside, tree, tells=True))
    if there.torchfix is not None:
        commands.append(Command(TORCHFIX, there.torchfix.program("flake8", *options, *names), tree, statuses=FINDS))
    return Plan(commands, facts_about(files))


def probe(setup: Setup) -> Plan:
    """A slice, run by PyTorch, beside PyTorch's own import. PyTorch is that of the environment that this runs in."""
    if find_spec("torch") is None:
        return Plan([])
    folder, here = setup.shaped("slice", {MAIN: _SITE}), environment_here()
    return Plan(
        [
            Command(TORCH, (str(here.python), "-c", "import torch"), folder),
            Command(PROBE, (str(here.python), "-m", "lr_lint", "probe", "--device", "cpu", MAIN), folder),
        ]
    )
