"""What other schedulers of a function are given is asked where it may be something else, and only there."""

from __future__ import annotations

import pytest

from lr_lint.checks.analysis import constructions_in
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.semantics.values.base import key_of
from lr_lint.timing.horizons import beside, marks_of
from lr_lint.vocabulary.diagnostics import Failure
from tests.harness import source_of

PROGRAM = """\
import torch
from transformers import get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup


def train(net, loader, args):
    optimizer = torch.optim.AdamW(net.parameters(), lr=args.lr)
    steps = len(loader) * args.epochs
    if args.kind == "linear":
        scheduler = get_linear_schedule_with_warmup(optimizer, args.warm_up, steps)
    else:
        {change}
        scheduler = get_cosine_schedule_with_warmup(optimizer, args.warm_up, {total})
"""


def asked(change: str, total: str = "steps") -> tuple[list[str], list[str]]:
    """The amounts of time that the first scheduler is given, and those that it is told of the other, as texts."""
    found = constructions_in(source_of(PROGRAM.format(change=change, total=total)), None)
    assert not isinstance(found, Failure)
    evaluator = Evaluator(found[0], 10_000)
    own = [str(mark.path) for mark in marks_of(found[0], evaluator, ())]
    return own, [str(path) for path in beside(found[0], evaluator)]


@pytest.mark.parametrize("change", ["pass", "print(args.warm_up, steps)", "others = [steps]"])
def test_branches_that_say_the_same_are_asked_once(change: str) -> None:
    own, other = asked(change)

    assert len(own) == 2
    assert other == []


@pytest.mark.parametrize("change", ["steps = args.epochs", "steps = 3 * steps", "args.warm_up, steps = 1, args.epochs"])
def test_a_branch_that_changes_an_amount_is_asked(change: str) -> None:
    own, other = asked(change)

    assert other
    assert own[-1] not in other


def test_another_spelling_is_asked() -> None:
    assert asked("pass", "args.epochs")[1]


def test_what_a_construction_is_given_is_evaluated_where_it_stands() -> None:
    text = PROGRAM.format(change="pass", total="steps").replace("warm_up, steps)", "warm_up, (lambda steps: steps)(7))")
    found = constructions_in(source_of(text), None)
    assert not isinstance(found, Failure)
    evaluator = Evaluator(found[0], 10_000)
    argument, module = found[0].argument((2, "num_training_steps")), found[0].module

    assert evaluator.frame is not None
    assert argument is not None
    value = evaluator.value_of(module, argument)
    assert value is not None
    assert str(key_of(value)) != str(evaluator.key_of(module, found[0].call.args[1].value))
    assert evaluator.frame_of(module, argument) is evaluator.frame
