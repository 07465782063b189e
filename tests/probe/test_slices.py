"""Which parts of a file a slice keeps, and what is refused; nothing is run here."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from lr_lint.probe.slicing.slices import slices_of
from lr_lint.source.disk import Disk

SLICED = Path(__file__).parent / "sliced"
HEAD = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def slices(source: str, line: int | None = None, **settings: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The programs and the refusals for a source text."""
    Path("train.py").write_text(source, encoding="utf-8")
    programs, refusals = slices_of("train.py", line, Disk(), settings)
    return programs, [refusal.message for refusal in refusals]


def code(source: str) -> str:
    """The code of the only slice, after a journey through JSON."""
    (program,), refusals = slices(source)
    assert refusals == []
    return str(json.loads(json.dumps(program))["code"])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import torch\n", "constructs no scheduler that is known"),
        ("def f(:\n", "syntax error: invalid syntax"),
        (f"{HEAD}make = lambda o: LambdaLR(o, lambda e: 1.0)\n", "what stands in a lambda cannot be sliced"),
        (
            f"{HEAD}class A:\n    s = LambdaLR(o, lambda e: 1.0)\n",
            "what stands in the body of a class cannot be sliced",
        ),
        (
            f"{HEAD}o = torch.optim.SGD(p, lr=0.1)\nmade = [kind(o, lambda e: 1.0) for kind in (print, LambdaLR)]\n",
            "a slice runs the first turn of a loop, and a later one makes it",
        ),
    ],
)
def test_what_cannot_be_sliced_is_refused_with_a_reason(folder: Path, source: str, message: str) -> None:
    programs, refusals = slices(source)

    assert programs == []
    assert [refusal.startswith(message) for refusal in refusals] == [True]


def test_a_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    programs, (refusal,) = slices_of("nowhere.py", None, Disk())

    assert (programs, refusal.path, refusal.message) == ([], "nowhere.py", "cannot be read")


def test_a_line_without_a_construction_is_refused_with_the_lines_that_have_one(folder: Path) -> None:
    programs, refusals = slices(f"{HEAD}o = torch.optim.SGD(p, lr=0.1)\ns = LambdaLR(o, lambda e: 1.0)\n", line=3)

    assert programs == []
    assert refusals == [
        "no known scheduler is constructed here; there are some on lines 4",
    ]


def test_an_optimizer_that_only_other_files_give_is_refused_with_what_would_help(folder: Path) -> None:
    programs, refusals = slices(f"{HEAD}def build(optimizer, steps):\n    return LambdaLR(optimizer, lambda e: 1.0)\n")

    assert programs == []
    assert refusals == [
        "optimizer is a parameter of build: probe the script with --run, or --set optimizer.lr=0.1",
    ]


def test_an_optimizer_that_several_calls_give_is_refused(folder: Path) -> None:
    source = f"""{HEAD}
def build(optimizer):
    return LambdaLR(optimizer, lambda e: 1.0)


a = build(torch.optim.SGD(p, lr=0.1))
b = build(torch.optim.SGD(p, lr=0.2))
"""

    assert slices(source)[1] == [
        "optimizer is a parameter of build: probe the script with --run, or --set optimizer.lr=0.1",
    ]


@pytest.mark.parametrize("name", ["seed.py", "keras_port.py"])
def test_data_the_model_and_the_training_are_left_out(name: str) -> None:
    programs, _ = slices_of(str(SLICED / name), None, Disk())
    text = programs[0]["code"]

    assert [word for word in ("torchvision", "CIFAR10", "DataLoader", "Net", "backward", "print") if word in text] == []


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("print(args)", "print"),
        ("os.makedirs(args.out)", "makedirs"),
        ("torch.manual_seed(args.seed)", "manual_seed"),
        ("torch.backends.cudnn.benchmark = True", "cudnn"),
        ("assert args.lr > 0", "assert"),
        ("torch.distributed.init_process_group('nccl')", "init_process_group"),
        ("optimizer.load_state_dict(torch.load(args.resume))", "load_state_dict"),
        ("args.folder = make_folder(args)", "make_folder"),
        ("writer.add_text('args', str(args))", "add_text"),
        ("wandb.init(config=args)", "wandb"),
        ("for epoch in range(args.epochs): train(model, optimizer)", "train("),
        ("if args.lr < 0: raise ValueError(args.lr)", "ValueError"),
        ("with open('args.txt', 'w') as f: f.write(str(args))", "args.txt"),
    ],
)
def test_what_the_rates_do_not_depend_on_is_left_out(folder: Path, statement: str, word: str) -> None:
    source = f"""{HEAD}
import argparse, os, wandb
parser = argparse.ArgumentParser()
parser.add_argument("--lr", default=0.1, type=float)
args = parser.parse_args()
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
{statement}
scheduler = LambdaLR(optimizer, lambda e: 0.9**e)
"""

    assert word not in code(source)


@pytest.mark.parametrize(
    "statement",
    [
        "args.lr = args.lr * 8",
        "args.lr *= 8",
        "if args.big:\n    args.lr = 0.8",
        "add_more(parser)",
        "parser.set_defaults(lr=0.8)",
        "del args.lr",
        "vars(args).update(lr=0.8)",
        "setattr(args, 'lr', 0.8)",
        "for name, value in overrides():\n    setattr(args, name, value)",
        "scale(args)",
        "scaled = scale(args)",
        "scale(args.optimizer)",
        "for group in groups:\n    group['lr'] = args.lr",
        "first = groups[0]\nfirst['lr'] = args.lr",
        "groups.append({'params': model.head.parameters()})",
        "try:\n    args.lr = float(args.lr)\nexcept ValueError:\n    args.lr = 0.1",
    ],
)
def test_what_the_rates_depend_on_is_kept(folder: Path, statement: str) -> None:
    source = f"""{HEAD}
from options import add_more
def scale(given):
    given.lr = given.lr * 8
args = parser = groups = model
parser = make_parser()
args = parser.parse_args()
groups = [{{"params": model.parameters()}}]
{statement}
optimizer = torch.optim.SGD(groups, lr=args.lr)
scheduler = LambdaLR(optimizer, lambda e: 0.9**e)
"""

    text = code(source)

    assert all(line.strip() in text for line in statement.split("\n") if "args.big" not in line)


def test_functions_that_are_called_are_sliced_by_what_they_return(folder: Path) -> None:
    source = f"""{HEAD}
import os


def options():
    parser = make_parser()
    args = parser.parse_args()
    os.makedirs(args.out)
    print("saved to", args.out)
    logger = Logger(args.out)
    return args


args = options()
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
scheduler = LambdaLR(optimizer, lambda e: 0.9**e)
"""

    text = code(source)

    assert "parser.parse_args()" in text
    assert [word for word in ("makedirs", "print", "Logger") if word in text] == []


def test_arguments_that_the_callee_does_not_need_are_not_evaluated(folder: Path) -> None:
    source = f"""{HEAD}
def main(loader, lr, names):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    return LambdaLR(optimizer, lambda e: 0.9**e)


main(build_loader(), 0.1, names=read_names())
"""

    assert "main(None, 0.1, names=None)" in code(source)


def test_only_what_is_used_is_imported(folder: Path) -> None:
    source = f"""{HEAD}
import math, tensorboard
from losses import Dice, decay
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda e: decay(e) * math.exp(-e))
"""

    text = code(source)

    assert "'decay'" in text
    assert "'math'" in text
    assert "Dice" not in text
    assert "tensorboard" not in text


def test_lines_of_the_user_s_file_are_kept(folder: Path) -> None:
    (program,), _ = slices(
        f"{HEAD}\n\noptimizer = torch.optim.SGD(p, lr=0.1)\n\nprint(1)\n\ns = LambdaLR(optimizer, f)\n"
    )

    tree = ast.parse(program["code"])
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "optimizer"]
    lines = {program["lines"][node.lineno - 1] for node in named}

    assert (program["line"], program["column"]) == (9, 4)
    assert lines == {5, 9}


def test_every_line_of_a_long_statement_has_its_own(folder: Path) -> None:
    source = f"""{HEAD}
text = '''first
  second'''
optimizer = torch.optim.SGD(
    model.parameters(),  # all of them

    lr=len(text),
)
s = LambdaLR(optimizer, [
    lambda e: 1.0,
    lambda e: 2.0,
])
"""
    (program,), _ = slices(source)
    shown = source.splitlines()

    assert len(program["code"].splitlines()) == len(program["lines"])
    at = dict(zip(map(str.strip, program["code"].splitlines()), program["lines"], strict=True))
    for part in (
        "second'''",
        "lr=len(text),",
        "lambda e: 1.0,",
        "lambda e: 2.0,",
        "model.parameters(),  # all of them",
    ):
        assert shown[at[part] - 1].strip() == part


def test_one_program_for_each_construction(folder: Path) -> None:
    source = f"""{HEAD}
a = torch.optim.SGD(p, lr=0.1)
b = torch.optim.SGD(q, lr=0.2)
first, second = LambdaLR(a, lambda e: 1.0), LambdaLR(b, lambda e: 0.5)
"""

    programs, refusals = slices(source)

    assert refusals == []
    assert [(program["line"], program["column"]) for program in programs] == [(6, 16), (6, 44)]
    assert [len(slices(source, line)[0]) for line in (6,)] == [2]


LITERALS = "1, 2.5, 1j, 1e999, -1e999j, b'\\xff', 'ä\\n', ..., None, True, 10**30, 123456789012345678901234567890"


def test_literals_survive_the_journey(folder: Path) -> None:
    source = (
        f"{HEAD}x = [{LITERALS}]\noptimizer = torch.optim.SGD(p, lr=x[0])\ns = LambdaLR(optimizer, lambda e: 1.0)\n"
    )

    assert f"x = [{LITERALS}]" in code(source)


STATEMENTS = """
with a(rate) as b, c(): rate += b
for i, (j, k) in enumerate(rate): rate = j; rate += k
else: rate = 1
while rate: rate -= 1
try: rate = d(rate)
except (ValueError, OSError) as error: rate = error
else: rate = 7
finally: rate += 1
if rate: rate = 1
elif not rate: rate = 2
else:
    if (rate := 3): rate = 4
match rate:
    case {"x": 1, **rest} if rest: rate = rest
    case [1, *others] | others: rate = others
@wraps(f)
async def g(a, /, b: int = 1, *c, d: float = 2, **e) -> int:
    async with a as h: yield await h(b, d)
    async for i in c: yield i
class K(Base, *more, metaclass=M, **rest):
    x: int = 1
    def m(self): return self.x
rate = K(g(rate)).m()
(a, *rate), rate.x, rate[0] = rate
rate: float = f"{rate!r:>{rate}} {'x'}" "y"
"""
NEWER = """
try: rate = d(rate)
except* ValueError as error: rate = error
def n[T: int](x: T) -> T: return x
class N[T](Base): pass
rate = n(rate, N)
"""
LINES = """
with a(rate) as b, c():
for i, (j, k) in enumerate(rate):
while rate:
except (ValueError, OSError) as error:
else:
finally:
if (rate := 3):
case {"x": 1, **rest} if rest:
case [1, *others] | others:
@wraps(f)
async def g(a, /, b = 1, *c, d = 2, **e):
async with a as h:
yield await h(b, d)
class K(Base, *more, metaclass=M, **rest):
x: int = 1
def m(self):
(a, *rate), rate.x, rate[0] = rate
rate: float = f"{rate!r:>{rate}} {'x'}" "y"
""".split("\n")[1:-1]


def test_statements_of_all_kinds_survive_the_journey(folder: Path) -> None:
    text = code(f"{HEAD}{STATEMENTS}optimizer = torch.optim.SGD(p, lr=rate)\ns = LambdaLR(optimizer, lambda e: 1.0)\n")

    ast.parse(text)
    assert [line for line in LINES if line not in {each.strip() for each in text.splitlines()}] == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is newer")
def test_newer_statements_survive_the_journey(folder: Path) -> None:
    text = code(f"{HEAD}{NEWER}optimizer = torch.optim.SGD(p, lr=rate)\ns = LambdaLR(optimizer, lambda e: 1.0)\n")

    ast.parse(text)
    assert all(line in text for line in ("except* ValueError as error:", "def n[T: int](x):", "class N[T](Base):"))
