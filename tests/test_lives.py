"""What happens to schedulers and optimizers, and in which order: through variables, attributes, functions and files."""

from __future__ import annotations

import pytest

from lr_lint.checks.analysis import constructions_in
from lr_lint.lifecycle.events import Event, Happening, Trail
from lr_lint.lifecycle.lives import Life, Lives
from lr_lint.lifecycle.orders import Order
from lr_lint.source.surroundings import InMemory
from lr_lint.source.tree import code_of
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.diagnostics import Failure
from tests.harness import source_of

HEAD = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"
MADE = "opt = torch.optim.SGD(net.parameters(), lr=0.1)\nsched = LambdaLR(opt, lambda epoch: 0.9**epoch)\n"


def lives_in(text: str, **others: str) -> list[Life]:
    files = InMemory({f"{name}.py": content.encode() for name, content in others.items()})
    found = constructions_in(source_of(HEAD + text, "train.py"), files, Budget())
    assert not isinstance(found, Failure)
    return [life for construction in found for life in Lives(construction, 10_000)]


def life_in(text: str, **others: str) -> Life:
    (life,) = lives_in(text, **others)
    return life


def spelled(trail: Trail | None, happening: Happening) -> list[str]:
    assert trail is not None
    return [code_of(event.node) for event in trail.of(happening)]


def only(trail: Trail | None, happening: Happening) -> Event:
    assert trail is not None
    (event,) = trail.of(happening)
    return event


CLASS = """\
class Trainer:
    def __init__(self, net):
        self.opt = torch.optim.SGD(net.parameters(), lr=0.1)
        self.sched = LambdaLR(self.opt, lambda epoch: 0.9**epoch)

    def fit(self, loader):
        for batch in loader:
            self.opt.step()
            self.after()

    def after(self):
        self.sched.step()
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{MADE}for batch in loader:\n    opt.step()\n    sched.step()\n", id="variables"),
        pytest.param(CLASS, id="attributes"),
        pytest.param(
            f"def train(opt, sched):\n    for batch in loader:\n        opt.step()\n        sched.step()\n"
            f"{MADE}train(sched=sched, opt=opt)\n",
            id="arguments",
        ),
        pytest.param(
            f"{MADE}opts, scheds = [opt], {{'main': sched}}\nfor batch in loader:\n    opts[0].step()\n"
            "    scheds['main'].step()\n",
            id="containers",
        ),
        pytest.param(
            "def make(opt):\n    return LambdaLR(opt, lambda epoch: 0.9**epoch)\n"
            "opt = torch.optim.SGD(net.parameters(), lr=0.1)\nsched = make(opt)\n"
            "for batch in loader:\n    opt.step()\n    sched.step()\n",
            id="a function that makes it",
        ),
        pytest.param(
            "class Mine(LambdaLR):\n    def __init__(self, opt):\n"
            "        super().__init__(opt, lambda epoch: 0.9**epoch)\n"
            "opt = torch.optim.SGD(net.parameters(), lr=0.1)\nsched = Mine(opt)\n"
            "for batch in loader:\n    opt.step()\n    sched.step()\n",
            id="a class of its own",
        ),
    ],
)
def test_steps_are_found_and_ordered(text: str) -> None:
    life = life_in(text)
    scheduler, optimizer = only(life.scheduler, Happening.STEPPED), only(life.optimizer, Happening.STEPPED)

    assert life.order(optimizer, scheduler) is Order.BEFORE
    assert life.order(scheduler, optimizer) is Order.AFTER
    assert not life.scheduler.lost


def test_another_file_trains() -> None:
    training = "def train(opt, sched):\n    for batch in loader:\n        sched.step()\n        opt.step()\n"
    life = life_in(f"from training import train\n{MADE}train(opt, sched)\n", training=training)

    assert life.order(only(life.scheduler, Happening.STEPPED), only(life.optimizer, Happening.STEPPED)) is Order.BEFORE


def test_each_place_that_has_it_made_has_a_life_of_its_own() -> None:
    text = """\
def make(opt):
    return LambdaLR(opt, lambda epoch: 0.9**epoch)
one = torch.optim.SGD(net.parameters(), lr=0.1)
two = torch.optim.SGD(net.parameters(), lr=0.1)
first, second = make(one), make(two)
first.step()
second.step()
one.step()
"""
    first, second = lives_in(text)

    assert spelled(first.scheduler, Happening.STEPPED) == ["first.step()"]
    assert spelled(first.optimizer, Happening.STEPPED) == ["one.step()"]
    assert spelled(second.scheduler, Happening.STEPPED) == ["second.step()"]
    assert spelled(second.optimizer, Happening.STEPPED) == []


@pytest.mark.parametrize(
    ("code", "happening", "name"),
    [
        ("sched.load_state_dict(state)", Happening.STATE_LOADED, "load_state_dict"),
        ("save(sched.state_dict())", Happening.STATE_READ, "state_dict"),
        ("torch.save({'sched': sched}, path)", Happening.SAVED, "torch.save"),
        ("pickle.dump(sched, file)", Happening.SAVED, "pickle.dump"),
        ("print(sched.get_lr())", Happening.RATES_READ, "get_lr"),
        ("sched.last_epoch = 3", Happening.SET, "last_epoch"),
        ("SequentialLR(opt, [sched, other], [3])", Happening.ADOPTED, "SequentialLR"),
        ("somewhere.keep_it(sched)", Happening.HANDED, "somewhere.keep_it"),
        ("del sched", Happening.DELETED, "sched"),
        ("sched = None", Happening.REPLACED, "sched"),
    ],
)
def test_what_happens_to_a_scheduler(code: str, happening: Happening, name: str) -> None:
    assert only(life_in(f"{MADE}{code}\n").scheduler, happening).name == name


@pytest.mark.parametrize(
    ("code", "happening", "name"),
    [
        ("opt.load_state_dict(state)", Happening.STATE_LOADED, "load_state_dict"),
        ("opt.add_param_group(group)", Happening.GROUP_ADDED, "add_param_group"),
        ("scaler.step(opt)", Happening.STEPPED, "step"),
        ("sched.optimizer.step()", Happening.STEPPED, "step"),
        ("opt.param_groups[0]['lr'] = 0.1", Happening.RATE_WRITTEN, "lr"),
        ("for group in opt.param_groups:\n    group['lr'] *= 0.1", Happening.RATE_WRITTEN, "lr"),
        ("for at, group in enumerate(opt.param_groups):\n    group.update(lr=0.1)", Happening.RATE_WRITTEN, "lr"),
        ("for group in opt.param_groups:\n    group.setdefault('initial_lr', 1)", Happening.RATE_WRITTEN, "initial_lr"),
        ("opt = torch.optim.Adam(head.parameters())", Happening.REPLACED, "opt"),
        ("opt, sched = accelerator.prepare(opt, sched)\nopt.step()", Happening.STEPPED, "step"),
    ],
)
def test_what_happens_to_an_optimizer(code: str, happening: Happening, name: str) -> None:
    assert only(life_in(f"{MADE}{code}\n").optimizer, happening).name == name


@pytest.mark.parametrize(
    ("text", "order"),
    [
        pytest.param("if fast:\n    sched.step()\nelse:\n    opt.step()\n", Order.NEVER_BOTH, id="branches"),
        pytest.param(
            "if fast:\n    sched.step()\nif not fast:\n    opt.step()\n", Order.NEVER_BOTH, id="one condition"
        ),
        pytest.param("if fast:\n    sched.step()\n    return\nopt.step()\n", Order.NEVER_BOTH, id="left before"),
        pytest.param("for each in some:\n    sched.step()\n    break\nopt.step()\n", Order.BEFORE, id="a loop is left"),
        pytest.param("try:\n    sched.step()\nexcept ValueError:\n    opt.step()\n", Order.UNKNOWN, id="exceptions"),
        pytest.param(
            "def one():\n    sched.step()\ndef two():\n    opt.step()\n", Order.UNKNOWN, id="nobody calls them"
        ),
    ],
)
def test_orders_that_are_known_and_unknown(text: str, order: Order) -> None:
    body = "".join(f"    {line}\n" for line in f"{MADE}{text}".splitlines())
    life = life_in(f"def main(net, fast, some):\n{body}")

    assert life.order(only(life.scheduler, Happening.STEPPED), only(life.optimizer, Happening.STEPPED)) is order


def test_construction_comes_before_methods() -> None:
    life = life_in(CLASS)

    assert life.order(life.made, only(life.optimizer, Happening.STEPPED)) is Order.BEFORE
