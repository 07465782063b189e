"""Programs of a few lines, each about one thing that decides whether a schedule is accused."""

from __future__ import annotations

import itertools
import textwrap

import pytest

from lr_lint.checks.engine import check_text, inspect_bytes
from lr_lint.checks.facts.other_optimizers import may_schedule
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.site_records import Schedule
from tests.test_options import CERTAIN, LIKELY, NOTHING, cases, found, program

GIVEN_ON_THE_WAY = cases(
    """
    ### words that the code writes: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1e-3)
    args = parser.parse_args(["--alpha", "1.0"])
    ### words by keyword: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1e-3)
    args = parser.parse_args(args=["--alpha", "1.0"])
    ### words and no namespace: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1e-3)
    args = parser.parse_args(["--alpha", "1.0"], None)
    ### a namespace that is there: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1e-3)
    there = argparse.Namespace(alpha=1.0)
    args = parser.parse_args(None, there)
    ### a namespace by keyword: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1e-3)
    there = argparse.Namespace(alpha=1.0)
    args = parser.parse_args(namespace=there)
    ### one subcommand without a default: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    first = commands.add_parser("first")
    second = commands.add_parser("second")
    first.add_argument("--alpha", type=float, default=1e-3)
    second.add_argument("--alpha", type=float)
    args = parser.parse_args()
    ### a constructor that divides what it is given: 1e-3
    class Own(torch.optim.Adam):
        def __init__(self, params, lr):
            super().__init__(params, lr=lr / 1e-3)
    torch.optim.Adam = Own
    ### merged over it: c.optimizer.alpha
    from omegaconf import OmegaConf
    base = OmegaConf.create({"optimizer": {"alpha": 1e-3, "beta": 0.9}})
    c = OmegaConf.merge(base, OmegaConf.create({"optimizer": {"alpha": 1.0}}))
    """
)
AS_DECLARED = cases(
    """
    ### no words: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, default=1e-3)
    args = parser.parse_args(None, None)
    ### subcommands that agree: args.alpha
    import argparse
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    first = commands.add_parser("first")
    second = commands.add_parser("second")
    first.add_argument("--alpha", type=float, default=1e-3)
    second.add_argument("--alpha", type=float, default=1e-3)
    args = parser.parse_args()
    ### an object with the defaults: options.alpha
    import dataclasses, tyro
    @dataclasses.dataclass
    class Options:
        alpha: float = 1.0
    options = tyro.cli(Options, default=Options(alpha=1e-3))
    ### merged beside it: c.optimizer.alpha
    from omegaconf import OmegaConf
    base = OmegaConf.create({"optimizer": {"alpha": 1e-3, "beta": 0.9}})
    c = OmegaConf.merge(base, OmegaConf.create({"optimizer": {"beta": 0.5}}))
    """
)


@pytest.mark.parametrize("name", GIVEN_ON_THE_WAY)
def test_what_may_be_given_on_the_way_is_no_default(name: str) -> None:
    assert found(program(*GIVEN_ON_THE_WAY[name])) == NOTHING


@pytest.mark.parametrize("name", AS_DECLARED)
def test_a_default_is_one_where_nothing_else_is_given(name: str) -> None:
    assert found(program(*AS_DECLARED[name])) in (LIKELY, CERTAIN)


def codes(text: str, **others: str) -> list[tuple[int, str, str]]:
    """Line, code and confidence of all findings, the possible ones too."""
    files = InMemory({f"{name}.py": content.encode() for name, content in others.items()})
    report = check_text("train.py", text, Settings(min_confidence=Confidence.POSSIBLE.label), files)
    assert report.failure is None, report.failure
    return [(each.span.line, each.code, each.confidence.label) for each in report.diagnostics]


HEAD = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
"""
RESUMED = f"""\
{HEAD}saved = torch.load("a.pt")
scheduler = LambdaLR(optimizer, lambda t: 0.9**t, last_epoch=saved["KEY"])
"""


@pytest.mark.parametrize("key", "epoch epochs step steps iter iteration iters it global global_step last_iter".split())
def test_what_a_checkpoint_calls_its_time(key: str) -> None:
    """Nobody has given the groups a first rate, which a schedule that goes on asks for."""
    assert ("LR408", "likely") in [found[1:] for found in codes(RESUMED.replace("KEY", key))]


def test_what_else_is_in_a_checkpoint_is_no_time() -> None:
    assert codes(RESUMED.replace("KEY", "loss")) == []


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("print(epoch)", True),
        ("self.seen.append(epoch)", True),
        ("setattr(group, 'lr', 1.0)", False),
        ("delattr(group, 'lr')", False),
        ("exec(change)", False),
        ("self.optimizer.param_groups[0]['lr'] = 1.0", False),
    ],
)
def test_a_step_that_only_adds_is_the_step(line: str, same: bool) -> None:
    text = (
        HEAD + f"class Own(LambdaLR):\n    def step(self, epoch=None):\n        super().step(epoch)\n        {line}\n"
        "scheduler = Own(optimizer, lambda t: 0.001 * 0.9**t)\n"
    )
    assert bool(codes(text)) is same


@pytest.mark.parametrize(
    ("caught", "goes_on"),
    [
        ("KeyboardInterrupt", False),
        ("SystemExit", False),
        ("GeneratorExit", False),
        ("ImportError", False),
        ("ModuleNotFoundError", False),
        ("(ImportError, KeyboardInterrupt)", False),
        ("(ImportError, OSError)", True),
        ("OSError", True),
        ("Exception", True),
    ],
)
def test_what_a_handler_leaves_counts_where_the_exception_may_come(caught: str, goes_on: bool) -> None:
    text = (
        f"scale = 1.0\ntry:\n    scale = 0.001\n    prepare()\nexcept {caught}:\n    scale = 1.0\n{HEAD}"
        "scheduler = LambdaLR(optimizer, lambda t: scale * 0.9**t)\n"
    )
    assert [found[1:] for found in codes(text)] == [("LR101", "possible" if goes_on else "likely")]


KERAS = """\
import keras
first = keras.optimizers.Adam({})
second = keras.optimizers.SGD({})
callback = keras.callbacks.LearningRateScheduler(lambda epoch: 0.95**epoch)
"""


@pytest.mark.parametrize("rates", [*itertools.permutations(["1e-3", "learning_rate=1e-2", "1.0"], 2)])
def test_an_optimizer_that_starts_from_one_speaks_for_all(rates: tuple[str, str]) -> None:
    assert bool(codes(KERAS.format(*rates))) is ("1.0" not in rates)


def test_a_rate_that_cannot_be_computed_costs_nothing_but_itself() -> None:
    assert [found[1] for found in codes(KERAS.format("1 / 0", "1e-3"))] == ["LR104"]


OWN = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
class Own(torch.optim.SGD):
    \"\"\"Ours.\"\"\"
    def group(self, lr):
        return self.param_groups[0]
    def __init__(self, {}):
        super().__init__(params, {})
optimizer = Own({})
scheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
"""


@pytest.mark.parametrize(
    ("parameters", "given", "arguments", "accused"),
    [
        ("params, lr", "lr=lr", "model.parameters(), 0.001", True),
        ("params, name, lr", "lr=lr", "model.parameters(), 'head', 0.001", True),
        ("params, name, lr", "lr", "model.parameters(), 0.001, 1.0", False),
        ("params, lr", "lr=lr * 1000", "model.parameters(), 0.001", False),
        ("params, lr", "lr=scaled(lr)", "model.parameters(), 0.001", False),
        ("params, lr", "step_size=lr * 1000", "model.parameters(), 0.001", False),
    ],
)
def test_the_rate_of_an_own_class_by_position(parameters: str, given: str, arguments: str, accused: bool) -> None:
    assert ("LR101" in [found[1] for found in codes(OWN.format(parameters, given, arguments))]) is accused


def test_an_optimizer_of_an_own_class_is_told_by_its_name() -> None:
    report = check_text("train.py", OWN.format("params, lr", "lr=lr", "model.parameters(), 0.001"), Settings())
    assert "they peak at 0.001, the lr given to Own)" in report.diagnostics[0].message


@pytest.mark.parametrize("name", ["SGD", "AdamW"])
def test_an_optimizer_of_a_library_that_is_imported_whole_beside_others(name: str) -> None:
    text = (
        f"from torch.optim import *\nfrom helpers import *\nfrom torch.optim.lr_scheduler import LambdaLR\n"
        f"optimizer = {name}(model.parameters(), 0.001)\nscheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)\n"
    )
    assert [found[1:] for found in codes(text)] == [("LR101", "certain")]


PASS = "pass"
BESIDE_ANOTHER = """\
import torch
from torch.optim.lr_scheduler import StepLR
first = torch.optim.SGD(a.parameters(), lr=0.1)
second = torch.optim.SGD(b.parameters(), lr=0.1)
{}
scheduler = StepLR(first, 30)
{}
for epoch in range(90):
    for x, y in loader:
        second.zero_grad()
        loss(b(x), y).backward()
        second.step()
        {}
    scheduler.step()
"""


@pytest.mark.parametrize(
    ("before", "behind", "inside", "accused"),
    [
        (PASS, PASS, PASS, True),
        (PASS, "kept = [scheduler]", PASS, True),
        (PASS, "print('go')", "print(x)", True),
        (PASS, "show(scheduler)", PASS, False),
        (PASS, "trainer.scheduler = scheduler", PASS, False),
        (PASS, "plans.append(scheduler)", PASS, False),
        (PASS, "show(first)", PASS, False),
        (PASS, PASS, "show(first)", False),
        (PASS, "first.step()", PASS, False),
        (PASS, PASS, "first.step()", False),
        (PASS, "del first", PASS, False),
        (PASS, "kept = [first]", PASS, False),
        (PASS, "trainer.first = first", PASS, False),
        (PASS, "first = build(first)", PASS, False),
        (PASS, "def give(): return first", PASS, False),
        (PASS, "first = accelerator.prepare(first)", PASS, False),
        ("first = accelerator.prepare(first)", PASS, PASS, False),
        ("first = build(a)", PASS, PASS, False),
        ("show(first)", PASS, PASS, False),
    ],
)
def test_an_optimizer_that_others_may_step_is_not_forgotten(
    before: str, behind: str, inside: str, accused: bool
) -> None:
    text = BESIDE_ANOTHER.format(before, behind, inside)
    assert codes(text) == ([(6, "LR404", "likely")] if accused else [])


TOO_EARLY = """\
import torch
from torch.optim.lr_scheduler import StepLR
optimizer = torch.optim.SGD(a.parameters(), lr=0.1)
scheduler = StepLR(optimizer, 30)
{}
for epoch in range(90):
    scheduler.step()
    for x, y in loader:
        loss(a(x), y).backward()
        optimizer.step()
"""


@pytest.mark.parametrize(
    ("behind", "accused"),
    [
        (PASS, True),
        ("kept = [scheduler]", True),
        ("show(optimizer)", True),
        ("show(scheduler)", False),
        ("plans.append(scheduler)", False),
        ("trainer.scheduler = scheduler", False),
        ("scheduler = accelerator.prepare(scheduler)", False),
        ("optimizer, scheduler = accelerator.prepare(optimizer, scheduler)", False),
        ("optimizer.step()", False),
        ("optimizer = build(optimizer)", False),
    ],
)
def test_a_scheduler_that_others_may_step_is_not_too_early(behind: str, accused: bool) -> None:
    assert [found[1:] for found in codes(TOO_EARLY.format(behind))] == ([("LR402", "certain")] if accused else [])


STEPPED = """\
import torch
from torch.optim.lr_scheduler import ChainedScheduler, LambdaLR, StepLR
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda t: 0.9**t)
{}
for epoch in range(9):
    optimizer.step()
    {}
"""


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("pass", "loss"),
        ("pass", "1 - accuracy"),
        ("pass", "-loss"),
        ("pass", "total_loss / len(loader)"),
        ("pass", "results['loss']"),
        ("what = meter.loss", "what"),
        ("what = evaluate(model)", "what"),
    ],
)
def test_a_metric_is_no_time(line: str, given: str) -> None:
    assert [found[1] for found in codes(STEPPED.format(line, f"scheduler.step({given})"))] == ["LR406"]


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("pass", "epoch + 1"),
        ("pass", "epoch + i / len(loader)"),
        ("at, loss = 3, 2", "at"),
        ("what = clock.now", "what"),
    ],
)
def test_a_time_is_no_metric(line: str, given: str) -> None:
    assert codes(STEPPED.format(line, f"scheduler.step({given})")) == []


@pytest.mark.parametrize(
    ("line", "accused"),
    [
        ("optimizer = torch.optim.Adam(model.parameters(), lr=0.1)", True),
        ("optimizer = torch.optim.Adam(optimizer.param_groups)", False),
        ("optimizer = Lookahead(optimizer)", False),
        ("optimizer = pick()", False),
        ("kept = optimizer; optimizer = kept", False),
    ],
)
def test_an_optimizer_that_is_made_of_the_one_before_is_the_same(line: str, accused: bool) -> None:
    assert [found[1:] for found in codes(STEPPED.format(line, "scheduler.step()"))] == (
        [("LR403", "certain")] if accused else []
    )


@pytest.mark.parametrize(
    ("parts", "accused"), [("[scheduler]", False), ("[scheduler, LambdaLR(optimizer, lambda t: 0.8**t)]", True)]
)
def test_a_chain_of_one_undoes_nothing(parts: str, accused: bool) -> None:
    found = codes(STEPPED.format(f"chain = ChainedScheduler({parts})", "chain.step()"))
    assert ("LR407" in [code for _, code, _ in found]) is accused


def test_a_scheduler_of_each_turn_that_is_never_stepped() -> None:
    text = """\
import torch
from torch.optim.lr_scheduler import StepLR
for fold in range(5):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = StepLR(optimizer, 30)
    optimizer.step()
"""
    assert codes(text) == [(5, "LR401", "certain")]


@pytest.mark.parametrize(("factor", "accused"), [("0.5**t", True), ("0.9999**t", False), ("1.5**t", False)])
def test_a_decay_that_leaves_nothing_is_stepped_too_often(factor: str, accused: bool) -> None:
    text = f"""\
import torch
from torch.optim.lr_scheduler import LambdaLR
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda t: {factor})
loader = torch.utils.data.DataLoader(list(range(5000)), batch_size=5)
for epoch in range(9):
    for batch in loader:
        optimizer.step()
        scheduler.step()
"""
    assert codes(text) == ([(4, "LR501", "likely")] if accused else [])


def test_what_does_not_fit_is_told_of_two_rates() -> None:
    report = check_text(
        "train.py",
        "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\nlr = 0.001\n"
        "optimizer = torch.optim.SGD(model.parameters(), lr=lr)\n"
        "scheduler = LambdaLR(optimizer, lambda t: lr * 0.9**t + lr**2)\n",
        Settings(min_confidence="possible"),
    )
    assert "`lr` (0.001) is absolute in `+`" in report.diagnostics[0].message


INSIDE = {
    "a with, a condition and a loop": """
        with strategy.scope():
            if args.go:
                lr = 1.0
                for _ in range(2):
                    lr = 0.001
                    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
                    scheduler = LambdaLR(optimizer, lambda t: lr * 0.9**t)
        """,
    "a loop that skips turns": """
        for name in ["a", "b"]:
            lr = 0.001
            if name.startswith(prefix):
                lr = 1.0
                continue
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            scheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
    "a loop that is left": """
        for name in ["a", "b"]:
            lr = 0.001
            if name.startswith(prefix):
                lr = 1.0
                break
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            scheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
    "a condition that rules one value out": """
        if not args.debug:
            lr = 1.0 if args.debug else 0.001
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            scheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
    "two conditions at once": """
        if args.long and args.real:
            lr = 0.001 if args.long else 1.0
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            scheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
    "neither of two conditions": """
        if args.long or args.real:
            pass
        else:
            lr = 1.0 if args.long else 0.001
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            scheduler = LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
    "arguments of which the last may be missing": """
        optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
        given = (optimizer,) if args.short else (optimizer, lambda t: 0.001 * 0.9**t)
        scheduler = LambdaLR(*given)
        """,
    "a list that a class has for all its objects": """
        class Trainer:
            rates = [0.001]
            def configure(self):
                optimizer = torch.optim.SGD(self.parameters(), lr=self.rates[0])
                return LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
    "a function that is given an object of some class": """
        def configure(self):
            self.peak = 0.001
            optimizer = torch.optim.SGD(self.parameters(), lr=self.peak)
            return LambdaLR(optimizer, lambda t: 0.001 * 0.9**t)
        """,
}


@pytest.mark.parametrize("text", INSIDE.values(), ids=INSIDE)
def test_what_leads_to_a_construction_is_run(text: str) -> None:
    text = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n" + textwrap.dedent(text)
    assert [found[1:] for found in codes(text)] == [("LR101", "certain")]


def test_what_another_file_imports_may_be_stepped_there() -> None:
    assert codes(BESIDE_ANOTHER.format(PASS, PASS, PASS), other="from train import first\nfirst.step()\n") == []
    assert codes(BESIDE_ANOTHER.format(PASS, PASS, PASS), other="from train import third\n") != []
    text = HEAD + "scheduler = LambdaLR(optimizer, lambda t: 0.9**t)\noptimizer.step()\n"
    assert codes(text) == [(4, "LR401", "certain")]
    assert codes(text, other="import train\ntrain.scheduler.step()\n") == []


def test_what_a_star_import_brings_again_is_the_same() -> None:
    text = (
        f"import math\nfrom helpers import *\n{HEAD}scheduler = LambdaLR(optimizer, lambda t: 0.001 * math.exp(-t))\n"
    )
    assert [found[1] for found in codes(text, helpers="import math\n")] == ["LR101"]
    assert codes(text, helpers="from theirs import math\n") == codes(text, helpers="class math: ...\n") == []


def test_comments_that_name_no_rule_are_told_where_nothing_else_is() -> None:
    assert codes("x = 1\ny = 2  # lr-lint: ignore[LR1O1]\n" + HEAD) == [(2, "LR902", "certain")]


def schedule_of(text: str) -> Schedule:
    """What is listed of the only schedule of a program."""
    (site,) = inspect_bytes("train.py", text.encode(), InMemory({})).sites
    assert site.schedule is not None
    return site.schedule


@pytest.mark.parametrize("method", ["float", "double", "cpu", "detach", "clone", "item"])
def test_methods_of_tensors_that_leave_a_number_as_it_is(method: str) -> None:
    schedule = schedule_of(HEAD + f"LambdaLR(optimizer, lambda t: torch.tensor(0.5).{method}() * 0.5**t)\n")
    assert schedule.curve[:2] == ((0, 0.5), (1, 0.25))


def test_factors_at_the_beginnings_of_epochs() -> None:
    text = HEAD + "plan = LambdaLR(optimizer, lambda t: 0.5**t)\nfor epoch in range({}):\n"
    inner = "    for batch in range(2):\n        optimizer.step()\n        plan.step()\n"

    epochs = schedule_of(text.format(4) + inner).epochs
    assert epochs is not None
    assert epochs[:2] == ((0, 1.0), (1, 0.25))
    assert schedule_of(text.format("rounds") + inner).epochs is None
    assert schedule_of(text.format(4) + inner.replace("range(2)", "loader")).epochs is None


CIRCLES = {
    "the step to go on from": HEAD
    + """
start = args.begin
for turn in range(2):
    other = start
    start = other
    scheduler = LambdaLR(optimizer, lambda t: 0.9**t, last_epoch=start)
""",
    "what is stepped by hand": """
import lightning
import torch
from torch.optim.lr_scheduler import LambdaLR
class Model(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
    def training_step(self, batch, at):
        one = None
        for turn in range(2):
            two = one
            one = two
        one.step()
    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=0.1)
        return [optimizer], [LambdaLR(optimizer, lambda t: 0.9**t)]
""",
}


@pytest.mark.parametrize("text", CIRCLES.values(), ids=CIRCLES)
def test_variables_that_are_made_of_each_other_are_followed_to_an_end(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("first", "second", "accused"), [("optimizer_d", "scheduler_d", True), ("optimizer", "scheduler", False)]
)
def test_a_name_that_tells_nothing_apart_wants_no_optimizer(first: str, second: str, accused: bool) -> None:
    text = f"""\
import torch
from torch.optim.lr_scheduler import StepLR
{first} = torch.optim.SGD(d.parameters(), lr=0.1)
optimizer_g = torch.optim.SGD(g.parameters(), lr=0.1)
{second} = StepLR(optimizer_g, 30)
scheduler_g = StepLR(optimizer_g, 30)
for epoch in range(9):
    optimizer_g.step()
    {first}.step()
    scheduler_g.step()
    {second}.step()
"""
    assert [found[1:] for found in codes(text)] == ([("LR404", "likely")] if accused else [])


@pytest.mark.parametrize("name", ["build_scheduler", "make_lr_schedule", "LRMultiplier", "GradualWarmupScheduler"])
def test_what_may_make_a_scheduler_by_its_name(name: str) -> None:
    assert may_schedule(name)
    assert not may_schedule("train")
