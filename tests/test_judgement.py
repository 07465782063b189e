"""What a finding says: the message, the numbers, the evidence and the places."""

from __future__ import annotations

import textwrap

import pytest

from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Numbers, Span
from tests.harness import source_of

HEAD = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR\n"


def findings_in(text: str) -> list[Diagnostic]:
    """The findings of a program that begins with the imports, on lines 1 and 2."""
    analysis = analyse(source_of(HEAD + textwrap.dedent(text), "train.py"))
    assert isinstance(analysis, Analysis), analysis
    return analysis.diagnostics


def finding_in(text: str) -> Diagnostic:
    found = findings_in(text)
    assert len(found) == 1, found
    return found[0]


def cut(text: str, span: Span) -> str:
    """The text of a span on one line."""
    assert span.line == span.end_line
    return (HEAD + textwrap.dedent(text)).split("\n")[span.line - 1][span.column : span.end_column]


SYMBOL = """\
lr = 0.001
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lambda epoch: lr * 0.95**epoch)
"""
FUNCTION = """\
def rate(epoch):
    return 0.001 * 0.95**epoch

optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
scheduler = LambdaLR(optimizer, rate)
"""
OPTION = """\
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)
args = parser.parse_args()
optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
scheduler = LambdaLR(optimizer, lambda epoch: args.lr * 0.5**epoch)
"""
UNKNOWN = """\
def setup(model, args):
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr)
    return LambdaLR(optimizer, lambda epoch: args.lr * 0.5**epoch)
"""
TINY = """\
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
scheduler = LambdaLR(optimizer, lambda epoch: 0.0005 * 0.95**epoch)
"""
FLOOR = """\
lr = 0.001
min_lr = 1e-6
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lambda epoch: max(min_lr, 0.95**epoch))
"""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param(
            SYMBOL,
            ["a learning rate (`lr`, given to Adam on line 4)", "LambdaLR multiplies by it"],
            id="what is returned, who was given it where, and what LambdaLR does",
        ),
        pytest.param(SYMBOL, ["the rate starts at 0.001 x 0.001 = 1e-06"], id="the resulting numbers"),
        pytest.param(
            FUNCTION, ["learning rates", "0.001", "given to Adam", "= 1e-06"], id="numbers where there is no symbol"
        ),
        pytest.param(
            OPTION,
            ["`args.lr`, given to SGD on line 7", "0.01 x 0.01 = 0.0001"],
            id="the default of an option gives the numbers",
        ),
        pytest.param(UNKNOWN, ["`args.lr`, given to SGD on line 4", "multiplied in twice"], id="no numbers are known"),
        pytest.param(TINY, ["never exceeds 0.0005", "0.002 x 0.0005 = 1e-06"], id="a tiny factor and where it leads"),
        pytest.param(
            FLOOR, ["`min_lr` (1e-06) is absolute in `max`", "initial lr"], id="the operand that does not fit"
        ),
        pytest.param(
            SYMBOL.replace("LambdaLR", "MultiplicativeLR"),
            ["MultiplicativeLR multiplies by it"],
            id="the scheduler's name",
        ),
    ],
)
def test_the_message_says_what_happens(text: str, parts: list[str]) -> None:
    """One sentence: what is returned, what the scheduler does with it, and the numbers that follow."""
    message = finding_in(text).message
    assert [part for part in parts if part not in message] == [], message
    assert "\n" not in message
    assert not message.endswith(".")


UNDEFINED = """\
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

def rate(epoch):
    {}
    return 0.1 * 0.9**epoch

scheduler = LambdaLR(optimizer, rate)
"""


def test_a_name_that_each_call_reads_is_taken_to_be_defined_elsewhere() -> None:
    """A part of a notebook, or of a page, works where it stands, though it reads what is not shown."""
    [found] = findings_in(UNDEFINED.format("journal.append(epoch)"))
    assert found.code == "LR101"


def test_a_name_that_some_calls_read_and_nothing_defines_leaves_open_what_comes_of_them() -> None:
    assert findings_in(UNDEFINED.format("if epoch < 5: journal.append(epoch)")) == []


def test_the_message_names_no_placeholder() -> None:
    """All blanks of the sentence are filled in."""
    for text in (SYMBOL, FUNCTION, OPTION, UNKNOWN, TINY, FLOOR):
        assert "{" not in finding_in(text).message


@pytest.mark.parametrize(
    ("text", "code", "confidence"),
    [
        pytest.param(SYMBOL, "LR101", Confidence.CERTAIN, id="one symbol on both sides is certain"),
        pytest.param(OPTION, "LR101", Confidence.CERTAIN, id="one option on both sides is certain"),
        pytest.param(UNKNOWN, "LR101", Confidence.CERTAIN, id="a symbol is enough without a number"),
        pytest.param(FUNCTION, "LR101", Confidence.CERTAIN, id="one number on both sides is certain"),
        pytest.param(TINY, "LR102", Confidence.CERTAIN, id="a factor below a hundredth at all times is certain"),
        pytest.param(FLOOR, "LR103", Confidence.LIKELY, id="a name and a number that agree are likely"),
        pytest.param(FLOOR.replace("1e-6", "lr / 100"), "LR103", Confidence.CERTAIN, id="a part of the lr is certain"),
        pytest.param(
            FLOOR.replace("1e-6", "0.1"), "LR103", Confidence.POSSIBLE, id="a name whose number is no rate is weak"
        ),
        pytest.param(
            SYMBOL.replace("model.parameters()", "groups(model)"),
            "LR101",
            Confidence.POSSIBLE,
            id="groups that cannot be read weaken everything",
        ),
    ],
)
def test_the_confidence(text: str, code: str, confidence: Confidence) -> None:
    """Proof by the same value or by numbers is certain, agreement likely, a name alone possible."""
    found = finding_in(text)
    assert (found.code, found.confidence) == (code, confidence)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param(SYMBOL, Numbers(0.001, 0.001, 0.001, 1e-6), id="a decay peaks where it starts"),
        pytest.param(OPTION, Numbers(0.01, 0.01, 0.01, 1e-4), id="defaults of options count"),
        pytest.param(UNKNOWN, Numbers(), id="nothing is known"),
        pytest.param(
            SYMBOL.replace("lr * 0.95**epoch", "lr * min(1, epoch / 10)"),
            Numbers(0.001, 0.0, 0.001, 0.0),
            id="a warm-up peaks later than it starts",
        ),
    ],
)
def test_the_numbers(text: str, numbers: Numbers) -> None:
    """Initial lr, first factor, peak factor and first lr, as far as they are known."""
    found = finding_in(text).numbers
    assert found.initial_lr == pytest.approx(numbers.initial_lr)
    assert found.first_factor == pytest.approx(numbers.first_factor)
    assert found.peak_factor == pytest.approx(numbers.peak_factor)
    assert found.first_lr == pytest.approx(numbers.first_lr)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(SYMBOL, "lr * 0.95**epoch", id="the body of a lambda"),
        pytest.param(FUNCTION, "0.001 * 0.95**epoch", id="the returned expression of a function"),
        pytest.param(
            SYMBOL.replace("lr * 0.95**epoch", "(lr * 0.95**epoch)"),
            "lr * 0.95**epoch",
            id="without parentheses around it",
        ),
        pytest.param(FLOOR, "max(min_lr, 0.95**epoch)", id="the whole expression that has a wrong operand"),
    ],
)
def test_the_finding_is_on_the_returned_expression(text: str, place: str) -> None:
    """That is what has to be changed."""
    assert cut(text, finding_in(text).span) == place


def test_the_finding_is_on_the_callable_where_nothing_is_returned_in_this_file() -> None:
    """A callable of a library has no returned expression here, so its argument is marked."""
    text = """\
    import functools
    lr = 0.001
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    scheduler = LambdaLR(optimizer, functools.partial(max, lr))
    """
    found = finding_in(text)
    assert cut(text, found.span) == "functools.partial(max, lr)"


def test_the_site_is_the_construction() -> None:
    """Wherever the finding is, its site is the call that makes the scheduler."""
    found = finding_in(FUNCTION)
    assert found.site is not None
    assert (found.site.path, found.site.line, found.site.column) == ("train.py", 7, 12)
    assert found.site.contract == "torch.optim.lr_scheduler.LambdaLR"
    assert found.span.line == 4


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        pytest.param(
            SYMBOL,
            [(5, "`lr` is a learning rate"), (4, "Adam starts from `lr` = 0.001")],
            id="where the rate comes in, and what the optimizer starts from",
        ),
        pytest.param(FUNCTION, [(6, "Adam starts from 0.001")], id="numbers need no symbol"),
        pytest.param(
            UNKNOWN,
            [(5, "`args.lr` is a learning rate"), (4, "SGD starts from `args.lr`")],
            id="symbols need no number",
        ),
        pytest.param(TINY, [(3, "Adam starts from 0.002")], id="the optimizer of a tiny factor"),
    ],
)
def test_the_evidence(text: str, evidence: list[tuple[int, str]]) -> None:
    """The steps of the argument, each with its line."""
    assert [(step.span.line, step.text) for step in finding_in(text).evidence] == evidence


def test_the_evidence_points_at_the_optimizers_construction() -> None:
    """The optimizer's step covers its call."""
    *_, optimizer = finding_in(SYMBOL).evidence
    assert cut(SYMBOL, optimizer.span) == "torch.optim.Adam(model.parameters(), lr=lr)"


def test_two_wrong_callables_give_two_findings() -> None:
    """Each returned expression is a finding of its own."""
    text = """\
    lr = 0.001
    optimizer = torch.optim.Adam([{"params": a.parameters()}, {"params": b.parameters()}], lr=lr)
    scheduler = LambdaLR(optimizer, [lambda e: lr * 0.9**e, lambda e: lr * 0.8**e])
    """
    assert [cut(text, found.span) for found in findings_in(text)] == ["lr * 0.9**e", "lr * 0.8**e"]


def test_one_wrong_callable_for_two_groups_gives_one_finding() -> None:
    """The same expression is reported once."""
    text = """\
    lr = 0.001
    optimizer = torch.optim.Adam([{"params": a.parameters()}, {"params": b.parameters()}], lr=lr)
    scheduler = LambdaLR(optimizer, lambda e: lr * 0.9**e)
    """
    assert [cut(text, found.span) for found in findings_in(text)] == ["lr * 0.9**e"]


def test_the_default_lr_of_the_optimizer_is_used_and_told() -> None:
    """``Adam(params)`` starts from 1e-3, as torch documents it."""
    found = finding_in(
        """\
        optimizer = torch.optim.Adam(model.parameters())
        scheduler = LambdaLR(optimizer, lambda e: 1e-3 * 0.9**e)
        """
    )
    assert found.numbers.initial_lr == 1e-3
    assert found.evidence[-1].text == "Adam starts from 0.001"
