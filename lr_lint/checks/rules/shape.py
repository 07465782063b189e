"""LR301 to LR305: the form of what is passed as the callable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.rules.base import Remedy, Rule, Verdict
from lr_lint.checks.verdicts import Conclusion, Judgement, SiteFacts, real
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.explore import GroupRun, Point

# A factor that has fallen to this part of its peak is at its end; what comes after is never asked for.
_NEARLY_OVER = 0.5


def _check_value(site: SiteFacts) -> Iterator[Verdict]:
    numbers = [shape.number for shape in site.shapes if shape.number is not None]
    if not numbers or len(numbers) < len(site.shapes):
        return
    number = real(numbers[0])
    proved = number is not None and all(number.basis is Basis.PROVED for number in numbers)
    # Where something had to be assumed, the worlds assume different things.
    same = proved and {real(each) for each in numbers} == {number}
    what = f"the number {number:g}" if same else "a number"
    yield Verdict(
        f"{what} is passed where {site.contract.short_name} wants a callable: it calls it with the step to get the "
        "factor",
        Confidence.CERTAIN if proved else Confidence.LIKELY,
    )


VALUE_INSTEAD_OF_CALLABLE = Rule(
    code="LR301",
    name="value-instead-of-callable",
    summary="a number is passed as the callable: `LambdaLR(opt, f(epoch))`, `MultiplicativeLR(opt, 0.95)`",
    docs="""\
## What it does

Finds constructions that are given a number, or the result of calling a function, instead of the function.

## Why is this bad

The scheduler calls what it is given at every step. A number cannot be called: `LambdaLR` fails in its constructor,
`MultiplicativeLR` there or, in older releases, at the first step, after an epoch of training.

## Fix safety

`--diff` shows a fix, and `--fix --unsafe-fixes` applies it: `f(epoch)` becomes `f` if the function takes the step
alone, and a number for `MultiplicativeLR` becomes a function that returns it. It is unsafe, since the program did not
run before. There is none for anything else, since what is to be called cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import MultiplicativeLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = MultiplicativeLR(optimizer, 0.95)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import MultiplicativeLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = MultiplicativeLR(optimizer, lambda epoch: 0.95)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the number follows from the code",
    likely="something had to be assumed",
    default=True,
    check=_check_value,
    remedy=Remedy.PASS_CALLABLE,
)


def _check_arity(site: SiteFacts) -> Iterator[Verdict]:
    misfits = [shape.misfit for shape in site.shapes if shape.misfit]
    if misfits and len(misfits) == len(site.shapes):
        yield Verdict(
            f"the callable {misfits[0]}, but {site.contract.short_name} calls it with one argument, the step",
            Confidence.CERTAIN,
        )


WRONG_ARITY = Rule(
    code="LR302",
    name="wrong-arity",
    summary="the callable cannot be called with one argument",
    docs="""\
## What it does

Finds callables whose signature does not take exactly one positional argument: `lambda: 0.95`, or a function of the
step and the total number of steps.

## Why is this bad

The scheduler calls `f(step)`, so the call raises `TypeError`: in the constructor of `LambdaLR`, at the first step of
`MultiplicativeLR`. Further arguments are bound with `functools.partial` or a lambda.

## Fix safety

There is no automatic fix: what the other arguments should be cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR


def factor(epoch, total):
    return 1 - epoch / total


model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, factor)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR


def factor(epoch, total):
    return 1 - epoch / total


model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: factor(epoch, 10))
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the signature is known completely",
    default=True,
    check=_check_arity,
)


def _check_return(site: SiteFacts) -> Iterator[Verdict]:
    for history in site.histories:
        found = [_missing(group) for group in history]
        missing = [answer for answer in found if answer is not None]
        if missing and len(missing) == len(found):
            sample, _ = missing[0]
            at_all = all(other.nothing for other in history[0].points)
            when = "returns None" if at_all else f"returns None at step {sample.time}"
            yield Verdict(
                f"{when}, which {site.contract.short_name} cannot multiply by: a path through the function ends "
                "without returning a factor",
                min(confidence for _, confidence in missing),
                sample.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _missing(group: GroupRun) -> tuple[Point, Confidence] | None:
    """The first sample without a value, and how sure it is that training gets there.

    Before a later value, and where nothing is returned at all, that is certain. A table of branches may well end
    where training ends, and so may a decay; that one branch is all there is, is likely an oversight.
    """
    nothing = [sample for sample in group.points if sample.nothing]
    if not nothing:
        return None
    values = [sample for sample in group.points if sample.value is not None]
    if not values or any(sample.time > nothing[0].time for sample in values):
        return nothing[0], Confidence.CERTAIN
    places = {id(sample.place.node) for sample in values if sample.place is not None}
    factors = [factor for sample in values if sample.value and (factor := real(sample.value)) is not None]
    if len(places) > 1 or len(factors) < len(values) or factors[-1] < _NEARLY_OVER * max(factors):
        return nothing[0], Confidence.POSSIBLE
    return nothing[0], Confidence.LIKELY


MISSING_RETURN = Rule(
    code="LR303",
    name="missing-return",
    summary="the callable returns None on a path that is reached",
    docs="""\
## What it does

Finds callables that end without a `return` at some step: an `if` without its `else`, a function that only computes.

## Why is this bad

`None` cannot be multiplied: training stops with a `TypeError` at that step, often hours after the start.

A chain of branches that ends at the last step of training is not reported, since nobody asks for what comes after.

## Fix safety

There is no automatic fix: what should be returned cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR


def factor(epoch):
    if epoch < 5:
        return (epoch + 1) / 5


model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, factor)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR


def factor(epoch):
    if epoch < 5:
        return (epoch + 1) / 5
    return 1.0


model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, factor)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="a value is returned at a later step, or at no step at all",
    likely="the one branch that returns a value ends while the factor is still large",
    possible="the schedule may well have ended by then",
    default=True,
    check=_check_return,
)


def _check_late_binding(site: SiteFacts) -> Iterator[Verdict]:
    late = [shape.late for shape in site.shapes if shape.late is not None]
    if late and len(late) == len(site.shapes):
        yield Verdict(
            f"is made in a loop and reads the loop's variable `{late[0].names[0]}` when it is called: by then the loop "
            f"has ended, so every callable uses its last value; bind it with `{late[0].names[0]}={late[0].names[0]}`",
            Confidence.CERTAIN,
            late[0].place,
        )


LATE_BOUND_LAMBDA = Rule(
    code="LR304",
    name="late-bound-lambda",
    summary="lambdas made in a loop share the loop's variable: all param groups get its last value",
    docs="""\
## What it does

Finds lists of lambdas or functions that are made in a loop or a comprehension and read its variable.

## Why is this bad

Python looks a variable up when the function is called. All functions made in the loop read one variable, and after the
loop it holds its last value: every param group follows the schedule of the last one.

A default argument (`lambda epoch, gamma=gamma: ...`) or `functools.partial` binds the value of the turn; neither is
reported, nor is a scheduler constructed within the loop.

## Fix safety

`--diff` shows a fix, and `--fix --unsafe-fixes` applies it: the variable becomes the default of another parameter,
which is evaluated in its turn of the loop. It is unsafe because it changes training, which is the point. There is none
where the callable has no parameter to put another one behind.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

first = torch.nn.Linear(2, 1)
second = torch.nn.Linear(2, 1)
groups = [{"params": first.parameters()}, {"params": second.parameters()}]
optimizer = torch.optim.SGD(groups, lr=0.1)
scheduler = LambdaLR(optimizer, [lambda epoch: gamma**epoch for gamma in (0.9, 0.99)])
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

first = torch.nn.Linear(2, 1)
second = torch.nn.Linear(2, 1)
groups = [{"params": first.parameters()}, {"params": second.parameters()}]
optimizer = torch.optim.SGD(groups, lr=0.1)
scheduler = LambdaLR(optimizer, [lambda epoch, gamma=gamma: gamma**epoch for gamma in (0.9, 0.99)])
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the list is complete before any of its callables is called",
    default=True,
    check=_check_late_binding,
    remedy=Remedy.BIND_VARIABLE,
)


def _check_count(site: SiteFacts) -> Iterator[Verdict]:
    counts = [(shape.callables, shape.groups) for shape in site.shapes]
    if counts and all(None not in pair and pair[0] != pair[1] for pair in counts):
        callables, groups = counts[0]
        yield Verdict(
            f"{_counted(callables, 'callable')} for {_counted(groups, 'param group')} of {site.optimizer}: "
            f"{site.contract.short_name} wants one for each, or a single callable for all",
            Confidence.CERTAIN,
        )


def _counted(count: int | None, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


GROUP_COUNT_MISMATCH = Rule(
    code="LR305",
    name="group-count-mismatch",
    summary="the list of callables and the optimizer's param groups differ in length",
    docs="""\
## What it does

Finds lists of callables that are longer or shorter than the optimizer's list of param groups, where both are known
completely.

## Why is this bad

There must be one callable for each param group. The constructor raises `ValueError` otherwise.

## Fix safety

There is no automatic fix: which callable or which group is missing cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, [lambda epoch: 0.9**epoch, lambda epoch: 0.99**epoch])
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, [lambda epoch: 0.9**epoch])
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="both lists are known completely",
    default=True,
    check=_check_count,
)

SHAPE_RULES = (
    VALUE_INSTEAD_OF_CALLABLE,
    WRONG_ARITY,
    MISSING_RETURN,
    LATE_BOUND_LAMBDA,
    GROUP_COUNT_MISMATCH,
)
