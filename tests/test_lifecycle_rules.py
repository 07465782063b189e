"""The rules about what becomes of a scheduler: what they say, and where they leave things to others."""

from __future__ import annotations

import textwrap

import pytest

from lr_lint.checks.engine import check_text
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic

HEAD = """\
import torch
from torch.optim.lr_scheduler import LambdaLR
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
"""


def findings_in(text: str, head: str = HEAD, **others: str) -> list[Diagnostic]:
    files = InMemory({f"{name}.py": content.encode() for name, content in others.items()})
    return list(check_text("train.py", head + textwrap.dedent(text), Settings(), files).diagnostics)


def codes(text: str, head: str = HEAD, **others: str) -> list[str]:
    return [each.code for each in findings_in(text, head, **others)]


LOOP = "for batch in loader:\n    {first}\n    {second}\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        pytest.param(
            "for batch in loader:\n    optimizer.step()\n",
            "4:13",
            "`scheduler` is never stepped, returned or handed on: SGD is stepped on line 6, and its lr stays what it "
            "was at first",
            id="never stepped",
        ),
        pytest.param(
            LOOP.format(first="scheduler.step()", second="optimizer.step()"),
            "6:5",
            "steps the scheduler before SGD, which is stepped on line 7: the first rate of the "
            "schedule is never used, and all others come one step too early",
            id="stepped first",
        ),
        pytest.param(
            "optimizer = torch.optim.Adam(model.parameters())\n"
            + LOOP.format(first="optimizer.step()", second="scheduler.step()"),
            "5:1",
            "makes another optimizer, but the scheduler that is stepped on line 8 still belongs to the one before: "
            "its rate never changes",
            id="rebuilt",
        ),
        pytest.param(
            "optimizer.add_param_group({'params': more})\n"
            + LOOP.format(first="optimizer.step()", second="scheduler.step()"),
            "5:1",
            "adds a param group, but the scheduler that is stepped on line 8 was made for the groups before: the new "
            "group has no schedule, or the step raises",
            id="grown",
        ),
    ],
)
def test_the_message_says_what_happens(text: str, place: str, message: str) -> None:
    (found,) = findings_in(text)

    assert (f"{found.span.line}:{found.span.column + 1}", found.message) == (place, message)
    assert found.confidence is Confidence.CERTAIN
    assert found.site is not None
    assert found.site.line == 4


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("train(model, optimizer)\n", id="given to a function that trains"),
        pytest.param("trainer.fit(model, optimizer)\n", id="given to a method that fits"),
        pytest.param("run_epoch(model, loader, optimizer)\n", id="given to a function that runs an epoch"),
    ],
)
def test_an_optimizer_that_is_used_elsewhere_makes_it_likely(text: str) -> None:
    (found,) = findings_in(text)

    assert (found.code, found.confidence) == ("LR401", Confidence.LIKELY)


@pytest.mark.parametrize("name", "train training trainer fit learn epoch epochs finetune".split())
def test_functions_that_train(name: str) -> None:
    """By their names they step the optimizer, though nobody sees them do it."""
    assert [found.confidence for found in findings_in(f"{name}(model, optimizer)\n")] == [Confidence.LIKELY]


@pytest.mark.parametrize("name", "warmup pretrain pretraining run update optimize".split())
def test_functions_that_may_train_a_little(name: str) -> None:
    """Those come before the scheduler's first step without harm, and make nobody sure that anything is trained."""
    early = LOOP.format(first="scheduler.step()", second="optimizer.step()")
    assert codes(early) == ["LR402"]
    assert codes(f"{name}(model, optimizer)\n{early}") == []
    assert codes(f"{name}(model, optimizer)\n") == []


def test_a_variable_that_another_file_imports_is_left_alone() -> None:
    text = "optimizer.step()\n"

    assert codes(text) == ["LR401"]
    assert codes(text, other="from train import scheduler\nscheduler.step()\n") == []


def test_a_variable_that_is_used_all_over_the_file_is_not_followed() -> None:
    """Work is bounded."""
    many = "".join(f"optimizer.zero_grad(set_to_none={number})\n" for number in range(250))

    assert codes(f"{many}optimizer.step()\n") == []


def test_a_suppression_works_on_the_line_of_the_step() -> None:
    text = LOOP.format(first="scheduler.step()  # noqa: LR402", second="optimizer.step()")

    assert codes(text) == []
