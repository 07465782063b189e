"""What would mend a finding: the change, or why there is none. Every change shown here was verified before."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pytest

from lr_lint.checks.engine import check_text
from lr_lint.source.edits import apply_edits
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Diagnostic, FileReport

SETTINGS = Settings(fixes=True)
HEAD = """\
import math
from functools import partial
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
lr = 1e-3
min_lr = 1e-6
model = nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
"""


def checked(text: str, head: str = HEAD, **others: str) -> tuple[str, FileReport]:
    """The whole program and the report on it; other files by their names without suffix."""
    program = head + textwrap.dedent(text)
    files = InMemory({f"{name}.py": content.encode() for name, content in others.items()})
    return program, check_text("train.py", program, SETTINGS, files)


def fixed(text: str, head: str = HEAD, **others: str) -> str:
    """The lines of a program that its only fix changes, as they are then."""
    program, report = checked(text, head, **others)
    assert report.failure is None
    assert [each.reason for each in report.unfixed] == []
    edits = {edit for each in report.diagnostics if each.fix is not None for edit in each.fix.edits}
    assert edits, "no finding has a fix"
    after = apply_edits(program, edits)
    before = program.splitlines()
    assert [each.code for each in check_text("train.py", after, SETTINGS).diagnostics] == [] or others
    return "\n".join(line.strip() for line in after.splitlines() if line not in before)


def reasons(text: str, head: str = HEAD, **others: str) -> list[str]:
    """Why the findings of a program have no fix."""
    _, report = checked(text, head, **others)
    assert [each.fix for each in report.diagnostics if each.fix is not None] == []
    return [each.reason for each in report.unfixed]


NO_NAME = "the initial lr cannot be named there"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            """\
            def shape(t):
                return max(min_lr, 0.9**t)
            LambdaLR(optimizer, lambda e: shape(e))
            print(shape(3))
            """,
            "the callable is used elsewhere too",
            id="what the callable calls is called by others",
        ),
        pytest.param(
            """\
            groups = [{"params": model.weight, "lr": 1e-3}, {"params": model.bias, "lr": 1e-4}]
            LambdaLR(torch.optim.SGD(groups, lr=lr), lambda e: lr * 0.9**e)
            """,
            "its param groups start from different rates",
            id="groups with rates of their own",
        ),
        pytest.param(
            "decay_lr = 2e-6\nLambdaLR(optimizer, lambda e: decay_lr ** (e // 10))",
            "which factor is meant by the base of a power cannot be told",
            id="a rate as the base of a power",
        ),
        pytest.param(
            """\
            def rate(e):
                return lr * 0.9**e
            LambdaLR(optimizer, rate)
            LambdaLR(torch.optim.SGD(model.parameters(), lr=1.0), rate)
            """,
            "LambdaLR is given the same function, and there it is right",
            id="a function that is right elsewhere",
        ),
        pytest.param(
            """\
            import keras
            def rate(e):
                return lr * 0.9**e
            LambdaLR(optimizer, rate)
            keras.callbacks.LearningRateScheduler(rate)
            """,
            "LearningRateScheduler is given the same function, and there a rate is right",
            id="a function that Keras uses too",
        ),
        pytest.param(
            """\
            def several(nets):
                for net in nets:
                    rate = 1e-2
                    opt = torch.optim.SGD(net.parameters(), lr=rate)
                    scheds.append(LambdaLR(opt, lambda e: 1e-6 + (1e-2 - 1e-6) * 0.9**e))
            """,
            NO_NAME,
            id="names that a loop will have assigned anew",
        ),
        pytest.param(
            """\
            from torch.optim.lr_scheduler import MultiplicativeLR as Product
            Product(optimizer, lambda e: 0.6**e)
            """,
            "the scheduler goes by another name here",
            id="a scheduler by another name",
        ),
        pytest.param(
            "MultiplicativeLR(optimizer, lambda e: 0.5 * 0.6**e)",
            "the rate that is meant cannot be confirmed",
            id="a decay that does not start at 1",
        ),
        pytest.param(
            "def rate(e, total):\n    return 1 - e / total\nLambdaLR(optimizer, rate(0, 10))",
            "the function takes more than the step",
            id="a call with more arguments",
        ),
        pytest.param("LambdaLR(optimizer, 0.95)", "what is to be called cannot be told", id="a number"),
        pytest.param(
            "\x0cLambdaLR(optimizer, lambda e: lr * 0.9**e)",
            "the file has a layout that would not survive",
            id="a form feed, which LibCST drops",
        ),
    ],
)
def test_no_fix_and_why(text: str, reason: str) -> None:
    assert reasons(text) == [reason]


def test_the_evidence_says_what_stands_in_the_way() -> None:
    program, report = checked(
        """\
        def rate(e):
            return lr * 0.9**e
        LambdaLR(optimizer, rate)
        other = LambdaLR(torch.optim.SGD(model.parameters(), lr=1.0), rate)
        """
    )

    (diagnostic,) = report.diagnostics
    evidence = diagnostic.evidence[-1]
    assert evidence.text == "not fixed: LambdaLR is given the same function, and there it is right"
    assert program.splitlines()[evidence.span.line - 1].startswith("other = ")


def test_rules_that_nobody_can_mend_give_no_reason() -> None:
    _, report = checked("LambdaLR(optimizer, lambda: 1.0)")

    assert [each.code for each in report.diagnostics] == ["LR302"]
    assert (report.unfixed, report.diagnostics[0].fix) == ((), None)


def test_rules_that_are_asked_for_judge_the_fix_as_well() -> None:
    """One fix is refused for what they would find in its place; the other goes on."""
    program = HEAD + "LambdaLR(optimizer, lambda e: lr * 0.5)\nLambdaLR(optimizer, lambda e: lr * 0.9**e)\n"

    def unfixed(settings: Settings) -> list[str]:
        return [each.reason for each in check_text("train.py", program, settings).unfixed]

    assert unfixed(SETTINGS) == []
    assert unfixed(Settings(fixes=True, extend_select=("LR205",))) == ["LR205 would be found in its place"]


def test_fixes_are_looked_for_only_when_asked_for() -> None:
    program = HEAD + "LambdaLR(optimizer, lambda e: lr * 0.9**e)\n"

    report = check_text("train.py", program, Settings())

    assert (report.diagnostics[0].fix, report.unfixed) == (None, ())


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("LambdaLR(optimizer, lambda e: lr)", "LambdaLR(optimizer, lambda e: 1.0)", id="the rate alone"),
        pytest.param(
            "LambdaLR(optimizer, lambda e: (lr * 0.5) / 2 if e < 5 else 0.9**e)",
            "LambdaLR(optimizer, lambda e: 0.5 / 2 if e < 5 else 0.9**e)",
            id="one branch of a conditional expression",
        ),
        pytest.param(
            """\
            def f(e):
                if e > 50:
                    return min_lr
                if e < 4:
                    out = 0.9**e
                else:
                    out = lr * (e + 1) / 10
                return out
            LambdaLR(optimizer, f)
            """,
            "return min_lr / lr\nout = (e + 1) / 10",
            id="one value of a variable",
        ),
        pytest.param(
            """\
            def f(e):
                if e > 50:
                    return lr
                out = lr if e < 4 else lr * 0.9**e
                out /= lr
                return out
            LambdaLR(optimizer, f)
            """,
            "return 1.0",
            id="a variable that has become a factor by then stays as it is",
        ),
        pytest.param(
            """\
            def shape(t, gamma):
                if t > 90:
                    return min_lr
                return max(min_lr, gamma**t)
            LambdaLR(optimizer, lambda e: shape(e, 0.9))
            """,
            "return min_lr / lr\nreturn max(min_lr / lr, gamma**t)",
            id="in the function that the callable calls",
        ),
        pytest.param(
            """\
            own = torch.optim.SGD([{"params": model.parameters(), "lr": lr}], lr=lr)
            f = lambda e: abs(lr * 0.9**e)
            LambdaLR(own, [f] * len(own.param_groups))
            """,
            "f = lambda e: abs(lr * 0.9**e) / lr",
            id="as many as there are groups",
        ),
        pytest.param(
            """\
            def get_lr(epoch):
                lr = 1
                if epoch > 3:
                    lr = 0.2
                return lr
            for epoch in range(9):
                LambdaLR(optimizer, get_lr(epoch))
            """,
            "LambdaLR(optimizer, get_lr)",
            id="what is too weak to be reported does not speak against a fix",
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: lr * 0.9**e)", "LambdaLR(optimizer, lambda e: 0.9**e)", id="a leading factor"
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: lr / (1 + 0.1 * e))",
            "LambdaLR(optimizer, lambda e: 1 / (1 + 0.1 * e))",
            id="a numerator",
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: 1e-3 * 0.9**e)",
            "LambdaLR(optimizer, lambda e: 0.9**e)",
            id="the same number",
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: max(lr * 0.9**e, min_lr))",
            "LambdaLR(optimizer, lambda e: max(0.9**e, min_lr / lr))",
            id="a floor, a rate like the rest",
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: max(min_lr, 0.9**e))",
            "LambdaLR(optimizer, lambda e: max(min_lr / lr, 0.9**e))",
            id="a floor that is a rate beside a factor",
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: min_lr + (lr - min_lr) * 0.5 * (1 + math.cos(math.pi * min(e, 50) / 50)))",
            "LambdaLR(optimizer, lambda e: (min_lr + (lr - min_lr) * 0.5 * (1 + math.cos(math.pi * min(e, 50) / 50)))"
            " / lr)",
            id="a sum",
        ),
        pytest.param(
            "LambdaLR(optimizer, lambda e: lr if e < 5 else lr * 0.1)",
            "LambdaLR(optimizer, lambda e: 1.0 if e < 5 else 0.1)",
            id="two branches of an expression",
        ),
        pytest.param(
            """\
            def rate(e):
                if e < 5:
                    return lr
                elif e < 10:
                    return lr * 0.1
                current = lr
                for _ in range(3):
                    current *= 0.1
                return current
            LambdaLR(optimizer, rate)
            """,
            "return 1.0\nreturn 0.1\nreturn current / lr",
            id="all branches of a function",
        ),
        pytest.param(
            """\
            def rate(e):
                if e < 0:
                    return 0
                return lr * 0.9**e
            LambdaLR(optimizer, rate)
            """,
            "return 0.9**e",
            id="a branch that nothing reaches and that returns 0",
        ),
        pytest.param(
            """\
            def rate(e):
                if e < 0:
                    return lr
                return lr * 0.9**e
            LambdaLR(optimizer, rate)
            """,
            "LambdaLR(optimizer, lambda step: rate(step) / lr)",
            id="a branch that nothing reaches",
        ),
        pytest.param(
            """\
            def rate(e):
                return lr * 0.9**e
            print(rate(3))
            LambdaLR(optimizer, lr_lambda=rate)
            """,
            "LambdaLR(optimizer, lr_lambda=lambda step: rate(step) / lr)",
            id="a function that is used for something else too",
        ),
        pytest.param(
            """\
            def rate(e, base):
                return base * 0.9**e
            print(rate(3, 1.0))
            LambdaLR(optimizer, partial(rate, base=lr))
            """,
            "LambdaLR(optimizer, lambda step: partial(rate, base=lr)(step) / lr)",
            id="a partial of such a function",
        ),
        pytest.param(
            """\
            def rate(e):
                return (1e-3 - 1e-8) * 0.9**e + 1e-8
            def main():
                opt = torch.optim.SGD(model.parameters(), lr=1e-3)
                sched = LambdaLR(opt, rate)
                for lr in (1, 2):
                    print(lr)
            """,
            'sched = LambdaLR(opt, lambda step: rate(step) / opt.param_groups[0]["initial_lr"])',
            id="a function that does not see the optimizer",
        ),
        pytest.param(
            """\
            def rate(e):
                return lr * 0.9**e
            LambdaLR(optimizer, rate)
            LambdaLR(torch.optim.SGD(model.parameters(), lr=lr), rate)
            """,
            "return 0.9**e",
            id="two schedulers that are wrong in the same way",
        ),
        pytest.param(
            'schedules = [LambdaLR(o, partial(lambda e, r: r * 0.9**e, r=o.defaults["lr"])) for o in optimizers]',
            'schedules = [LambdaLR(o, partial(lambda e, r: 0.9**e, r=o.defaults["lr"])) for o in optimizers]',
            id="the own rate of any optimizer",
        ),
        pytest.param(
            """\
            first, second = nn.Linear(2, 1), nn.Linear(2, 1)
            both = torch.optim.SGD([{"params": first.parameters()}, {"params": second.parameters()}], lr=lr)
            LambdaLR(both, [lambda e: 0.9**e, lambda e: lr * 0.8**e])
            """,
            "LambdaLR(both, [lambda e: 0.9**e, lambda e: 0.8**e])",
            id="one of two param groups",
        ),
        pytest.param(
            "MultiplicativeLR(optimizer, lambda e: 0.6**e)", "LambdaLR(optimizer, lambda e: 0.6**e)", id="a whole decay"
        ),
        pytest.param(
            "MultiplicativeLR(optimizer, lambda e: lr * 0.6**e)",
            "LambdaLR(optimizer, lambda e: 0.6**e)",
            id="a whole decay of the rate",
        ),
        pytest.param(
            "MultiplicativeLR(optimizer, 0.95)", "MultiplicativeLR(optimizer, lambda epoch: 0.95)", id="a number"
        ),
        pytest.param(
            "def rate(e):\n    return 0.9**e\nLambdaLR(optimizer, rate(0))",
            "LambdaLR(optimizer, rate)",
            id="a function that is called",
        ),
        pytest.param(
            """\
            two = torch.optim.SGD([{"params": model.weight}, {"params": model.bias}], lr=0.1)
            LambdaLR(two, [lambda e: gamma**e for gamma in (0.9, 0.99)])
            """,
            "LambdaLR(two, [lambda e, gamma=gamma: gamma**e for gamma in (0.9, 0.99)])",
            id="a variable of a loop",
        ),
    ],
)
def test_what_is_changed(text: str, result: str) -> None:
    assert fixed(text) == result


KERAS = "import keras\nkeras.optimizers.Adam(learning_rate=0.002)\n"


@pytest.mark.parametrize(
    ("function", "result"),
    [
        pytest.param("lambda e: 0.9**e", "lambda e: 0.002 * 0.9**e", id="a power"),
        pytest.param("lambda e: 1 / (1 + 0.1 * e)", "lambda e: 0.002 / (1 + 0.1 * e)", id="a quotient of 1"),
        pytest.param("lambda e: 1 - min(e, 9) / 10", "lambda e: 0.002 * (1 - min(e, 9) / 10)", id="a difference"),
    ],
)
def test_a_factor_where_keras_wants_a_rate(function: str, result: str) -> None:
    text = f"keras.callbacks.LearningRateScheduler({function})"

    assert fixed(text, KERAS) == f"keras.callbacks.LearningRateScheduler({result})"
    assert reasons(f"{text}\nkeras.optimizers.SGD(learning_rate=0.1)", KERAS) == [
        "which of the optimizers it is for cannot be told"
    ]


def test_the_import_of_the_other_scheduler() -> None:
    head = HEAD.replace("LambdaLR, ", "")

    assert fixed("MultiplicativeLR(optimizer, lambda e: 0.6**e)", head) == (
        "from torch.optim.lr_scheduler import LambdaLR\nLambdaLR(optimizer, lambda e: 0.6**e)"
    )
    both = "MultiplicativeLR(optimizer, lambda e: 0.6**e)\nMultiplicativeLR(optimizer, lambda e: 0.6)"
    assert fixed(both, head) == (
        "from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR\nLambdaLR(optimizer, lambda e: 0.6**e)"
    )


def test_comments_and_layout_survive() -> None:
    """Where cancelling would take a comment with it, a quotient is written."""
    assert (
        fixed(
            """\
        LambdaLR(
            optimizer,
            lambda e: lr  # the rate
            * 0.9**e,
        )
        """
        )
        == "* 0.9**e / lr,"
    )
    assert (
        fixed(
            """\
            LambdaLR(optimizer, lambda e: lr * max(  # not below
                0.01,
                0.9**e,
            ))
            """
        )
        == "LambdaLR(optimizer, lambda e: max(  # not below"
    )


def test_a_function_of_another_file_is_left_alone() -> None:
    schedules = "def rate(e, base=1e-3):\n    return base * 0.9**e\n"

    assert fixed("from schedules import rate\nLambdaLR(optimizer, rate)", schedules=schedules) == (
        "LambdaLR(optimizer, lambda step: rate(step) / lr)"
    )


def test_a_function_that_another_file_imports_is_left_alone() -> None:
    text = "def rate(e):\n    return lr * 0.9**e\nLambdaLR(optimizer, rate)\n"

    assert fixed(text, other="from train import rate\nprint(rate(1))\n") == (
        "LambdaLR(optimizer, lambda step: rate(step) / lr)"
    )


DECAYING = "def decaying(e):\n    return lr * 0.9**e\nLambdaLR(optimizer, decaying)\n"


@pytest.mark.parametrize(
    "other",
    [
        "def report(decaying):\n    print(decaying * 2)",
        "def report():\n    decaying = 3\n    print(decaying)",
        "def report(values):\n    print([decaying + 1 for decaying in values])",
        "report = lambda decaying: print(decaying)",
        "def report(values):\n    for decaying in values:\n        print(decaying)",
        "def report():\n    with open('log') as decaying:\n        decaying.write('')",
        "def report():\n    try:\n        train()\n    except ValueError as decaying:\n        print(decaying)",
        "def report():\n    def decaying(x):\n        return x\n    print(decaying(1))",
        "class Report:\n    decaying = 3\n    print(decaying)",
        "class Report:\n    def decaying(self):\n        return self.decaying",
        "print(report(decaying=3), report.decaying)",
        "def report(x):\n    match x:\n        case [decaying, *_]:\n            print(decaying)",
    ],
)
def test_another_variable_of_the_same_name_is_no_use_of_the_function(other: str) -> None:
    assert fixed(f"{DECAYING}{other}\n") == "return 0.9**e"


@pytest.mark.parametrize(
    "use",
    [
        "def report():\n    print(decaying(2))",
        "print([decaying(e) for e in range(3)])",
        "report = lambda e, f=decaying: f(e)\nprint(report(1))",
        "def report(decaying=decaying):\n    print(decaying(1))",
        "class Report:\n    decaying = decaying\n    print(decaying(1))",
        "class Report:\n    decaying = 3\n    def show(self):\n        print(decaying(1))",
        "def report():\n    global decaying\n    print(decaying(2))",
    ],
)
def test_a_use_of_the_function_in_any_scope_keeps_it_as_it_is(use: str) -> None:
    assert fixed(f"{DECAYING}{use}\n") == "LambdaLR(optimizer, lambda step: decaying(step) / lr)"


@pytest.mark.parametrize(
    ("program", "result"),
    [
        pytest.param(
            """\
            def train(rate):
                opt = torch.optim.SGD(model.parameters(), lr=rate)
                return LambdaLR(opt, lambda e: max(rate * 0.9**e, 1e-5))
            def report(rate):
                rate = rate * 2
                rate = rate + 1
                return [rate for rate in (rate, 2)]
            train(0.1)
            """,
            "return LambdaLR(opt, lambda e: max(0.9**e, 1e-5 / rate))",
            id="assigned twice in another function",
        ),
        pytest.param(
            """\
            def train(base):
                opt = torch.optim.SGD(model.parameters(), lr=base)
                def cosine(e):
                    shown = [base for base in (1, 2)]
                    return 1e-5 + 0.5 * (base - 1e-5) * (1 + math.cos(math.pi * e / 10))
                return LambdaLR(opt, cosine)
            train(0.1)
            """,
            "return (1e-5 + 0.5 * (base - 1e-5) * (1 + math.cos(math.pi * e / 10))) / base",
            id="a comprehension in the callable has a variable of that name",
        ),
    ],
)
def test_the_rate_is_named_by_its_variable_and_not_by_its_spelling(program: str, result: str) -> None:
    assert fixed(program) == result


def test_keras_in_another_file_speaks_against_a_fix() -> None:
    text = "def rate(e):\n    return lr * 0.9**e\nLambdaLR(optimizer, rate)\n"
    other = "import keras\nfrom train import rate\nkeras.callbacks.LearningRateScheduler(rate)\n"

    assert reasons(text, other=other) == ["LearningRateScheduler is given the same function, and there a rate is right"]


def fixes(diagnostics: Sequence[Diagnostic]) -> list[str]:
    return [each.fix.safety for each in diagnostics if each.fix is not None]


def test_fixes_that_change_training_are_unsafe() -> None:
    _, report = checked("LambdaLR(optimizer, lambda e: lr * 0.9**e)")

    assert fixes(report.diagnostics) == ["unsafe"]


def test_many_findings_take_a_few_analyses(monkeypatch: pytest.MonkeyPatch) -> None:
    """All changes are tried together, so that the work does not grow with the square of their number."""
    from lr_lint.checks.fixes import session

    tried = []
    examine = vars(session)["examine_changed"]

    def counted(*arguments: Any) -> Any:
        tried.append(1)
        return examine(*arguments)

    monkeypatch.setattr(session, "examine_changed", counted)
    _, report = checked("".join(f"s{n} = LambdaLR(optimizer, lambda e: lr * 0.9**e)\n" for n in range(20)))

    assert len(fixes(report.diagnostics)) == 20
    assert len(tried) == 1


@pytest.mark.parametrize("name", "len print isinstance callable type repr str".split())
def test_asking_about_a_function_is_no_use_of_it(name: str) -> None:
    text = f"def rate(e):\n    return lr * 0.9**e\nLambdaLR(optimizer, rate)\n{name}(rate)\n"
    assert fixed(text) == "return 0.9**e"
    assert fixed(text.replace(f"{name}(rate)", "plot(rate)")) == "LambdaLR(optimizer, lambda step: rate(step) / lr)"
