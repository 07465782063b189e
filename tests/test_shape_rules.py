"""The rules about the form of the callable: what they say, and how sure they are."""

from __future__ import annotations

import textwrap

import pytest

from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic
from tests.harness import source_of

HEAD = """\
import torch
from functools import partial
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
two = torch.optim.SGD([{"params": a.parameters()}, {"params": b.parameters()}], lr=0.1)
"""


def findings_in(text: str) -> list[Diagnostic]:
    """The findings of a program that begins with two optimizers, of rules LR3xx."""
    analysis = analyse(source_of(HEAD + textwrap.dedent(text), "train.py"))
    assert isinstance(analysis, Analysis), analysis
    return [diagnostic for diagnostic in analysis.diagnostics if diagnostic.code.startswith("LR3")]


def finding_in(text: str) -> Diagnostic:
    found = findings_in(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("MultiplicativeLR(optimizer, 0.95)", ["the number 0.95", "MultiplicativeLR wants"], id="a number"),
        pytest.param(
            "def build(epochs):\n    LambdaLR(optimizer, 1 - 3 / epochs)",
            ["a number is passed"],
            id="a number that depends on what the run decides is not told",
        ),
        pytest.param("LambdaLR(optimizer, lambda: 1.0)", ["takes no argument", "with one argument"], id="no argument"),
        pytest.param("LambdaLR(optimizer, lambda e, total: 1.0)", ["needs `total` too"], id="one more"),
        pytest.param("LambdaLR(optimizer, lambda e, a, b: 1.0)", ["needs `a` and `b` too"], id="two more"),
        pytest.param("LambdaLR(optimizer, lambda e, *, total: 1.0)", ["needs `total` too"], id="a keyword"),
        pytest.param(
            "LambdaLR(optimizer, partial(lambda e, total: 1.0, 10, 100))",
            ["takes fewer arguments"],
            id="a partial gives too many",
        ),
        pytest.param(
            "LambdaLR(optimizer, partial(lambda e, total: 1.0, e=10, total=3))",
            ["gets an argument twice"],
            id="a partial gives the first by name",
        ),
        pytest.param(
            "def f(e):\n    e * 2\nLambdaLR(optimizer, f)", ["returns None, which LambdaLR"], id="no return at all"
        ),
        pytest.param(
            "def f(e):\n    if e < 10:\n        return 1.0\nLambdaLR(optimizer, f)",
            ["returns None at step 10"],
            id="the first step without a return",
        ),
        pytest.param(
            "LambdaLR(two, [lambda e: g**e for g in (0.9, 0.8)])", ["variable `g`", "`g=g`"], id="the shared variable"
        ),
        pytest.param(
            "LambdaLR(optimizer, [lambda e: 1.0, lambda e: 1.0])",
            ["2 callables for 1 param group of SGD"],
            id="both counts",
        ),
    ],
)
def test_the_message_says_what_is_wrong(text: str, parts: list[str]) -> None:
    """One sentence with the names and numbers of the case."""
    message = finding_in(text).message
    assert [part for part in parts if part not in message] == [], message
    assert "\n" not in message
    assert not message.endswith(".")


@pytest.mark.parametrize(
    ("body", "confidence"),
    [
        pytest.param("print(e)", Confidence.CERTAIN, id="nothing is ever returned"),
        pytest.param("if e != 5: return 1.0", Confidence.CERTAIN, id="a gap between values"),
        pytest.param("if e < 500: return e / 500", Confidence.LIKELY, id="one branch, at its peak"),
        pytest.param("if e < 500: return 1 - e / 500", Confidence.POSSIBLE, id="a decay that has reached its end"),
        pytest.param(
            "if e < 30: return 1.0\n    if e < 60: return 0.9",
            Confidence.POSSIBLE,
            id="a table that may end where training ends",
        ),
    ],
)
def test_how_sure_it_is_that_training_gets_to_a_missing_return(body: str, confidence: Confidence) -> None:
    """What comes after the last branch may never be asked for."""
    found = finding_in(f"def f(e):\n    {body}\nLambdaLR(optimizer, f)\n")
    assert (found.code, found.confidence) == ("LR303", confidence)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("for x in stream():\n        if e < x: return 1.0", id="a loop nobody can count"),
        pytest.param("while waiting():\n        return 1.0", id="a condition nobody knows"),
        pytest.param("raise NotImplementedError", id="it raises"),
        pytest.param("...", id="it is declared only"),
        pytest.param("'''Subclasses say.'''", id="it is documented only"),
        pytest.param("yield 1.0", id="it is a generator"),
        pytest.param("if flag: return 1.0", id="a condition that only the user decides"),
    ],
)
def test_what_is_not_known_is_no_missing_return(text: str) -> None:
    assert findings_in(f"def f(e):\n    {text}\nLambdaLR(optimizer, f)\n") == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("LambdaLR(optimizer, [lambda e: 1.0] * 2 if flag else lambda e: 1.0)", id="one way or another"),
        pytest.param(
            "def build(opt):\n    LambdaLR(opt, [lambda e: 1.0, lambda e: 1.0])", id="an optimizer from outside"
        ),
        pytest.param("two.add_param_group({})\nLambdaLR(two, [lambda e: 1.0] * 3)", id="a group is added"),
        pytest.param("LambdaLR(two, [lambda e: 1.0 for _ in two.param_groups])", id="one for each group"),
        pytest.param("LambdaLR(two, [lambda e: 1.0 for _ in parts()])", id="a list nobody can count"),
        pytest.param(
            "LambdaLR(torch.optim.SGD(groups(), lr=0.1), [lambda e: 1.0] * 3)", id="groups from an unknown function"
        ),
        pytest.param(
            "LambdaLR(Wrapper(two, lr=0.1), [lambda e: 1.0] * 3)", id="an optimizer that is not of the library"
        ),
    ],
)
def test_counts_that_are_not_known_are_not_compared(text: str) -> None:
    assert findings_in(text) == []


def test_the_finding_on_a_loop_is_on_the_function() -> None:
    """The function has to be changed, not the construction."""
    found = finding_in("fs = []\nfor g in (0.9, 0.8):\n    fs.append(lambda e: g**e)\nLambdaLR(two, fs)\n")
    assert found.code == "LR304"
    assert found.span.line == 8
    assert found.site is not None
    assert found.site.line == 9


def test_number_in_the_call_is_one_whichever_way_leads_there() -> None:
    """More ways than are looked at make no other number of it."""
    ways = "".join(
        f"    {'if' if at == 0 else 'elif'} kind == 'k{at}':\n        net = library.Net{at}()\n" for at in range(12)
    )
    text = (
        "import library\n"
        f"def build(kind, rate):\n{ways}    else:\n        raise ValueError(kind)\n"
        "    optimizer = torch.optim.SGD(net.parameters(), lr=rate)\n"
        "    return torch.optim.lr_scheduler.MultiplicativeLR(optimizer, lr_lambda=0.1)\n"
    )

    assert finding_in(text).confidence is Confidence.CERTAIN
