"""LR401 to LR403: what becomes of the scheduler after its construction."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.rules.base import Rule, Verdict
from lr_lint.checks.verdicts import SiteFacts, real
from lr_lint.vocabulary.diagnostics import Confidence


def _check_never_stepped(site: SiteFacts) -> Iterator[Verdict]:
    life = site.lifecycle
    if not life.abandoned or life.training is None:
        return
    who = f"`{life.name}` is never stepped" if life.name else f"the {site.contract.short_name} is not kept"
    trains = f"{site.optimizer} is stepped on {{place}}" if life.stepped else f"{site.optimizer} is used on {{place}}"
    yield Verdict(
        f"{who}, returned or handed on: {trains}, and its lr stays what it was at first",
        Confidence.CERTAIN if life.stepped else Confidence.LIKELY,
        site.construction,
        ((life.training, "training goes on without the scheduler"),),
        mentioned=life.training,
    )


NEVER_STEPPED = Rule(
    code="LR401",
    name="never-stepped",
    summary="a scheduler that is neither stepped, returned, stored nor passed on, while its optimizer is used",
    docs="""\
## What it does

Finds schedulers that nobody can ever step: they are assigned to a variable that is not used again, or to none at all,
while the optimizer is stepped, returned or handed on.

## Why is this bad

A scheduler changes the rate when its `step()` is called, and only then. Without it the whole training runs at the first
rate of the schedule; if that is a warm-up's, it is a tiny one.

Schedulers that are stored in an attribute, a list or a dict, returned, yielded or given to a function are left alone:
frameworks such as Lightning, Trainer and accelerate step those that they are given.

## Fix safety

There is no automatic fix: whether the scheduler is to be stepped after each batch or each epoch cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
for epoch in range(10):
    optimizer.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the optimizer is stepped where the scheduler was constructed",
    likely="the optimizer is returned or handed on instead",
    default=True,
    check=_check_never_stepped,
)


def _check_order(site: SiteFacts) -> Iterator[Verdict]:
    early = site.lifecycle.early
    if early is None or _starts_from_zero(site):
        return
    is_step = early.confidence is Confidence.CERTAIN
    yield Verdict(
        f"steps the scheduler before {site.optimizer}, which is {'stepped' if is_step else 'used'} on {{place}}: the "
        "first rate of the schedule is never used, and all others come one step too early",
        early.confidence,
        early.scheduler,
        ((early.optimizer, "the optimizer is stepped here" if is_step else "the optimizer is handed on here"),),
        mentioned=early.optimizer,
    )


def _starts_from_zero(site: SiteFacts) -> bool:
    """Whether the first factor is 0 or none at all, which is a reason to skip it."""
    for history in site.histories:
        for group in history:
            first = group.points[0] if group.points else None
            if first is not None and (first.raised is not None or (first.value and real(first.value) == 0)):
                return True
    return False


STEPPED_BEFORE_OPTIMIZER = Rule(
    code="LR402",
    name="stepped-before-optimizer",
    summary="scheduler.step() comes before optimizer.step() in every turn",
    docs="""\
## What it does

Finds training loops that step the scheduler, unconditionally, before they step its optimizer for the first time. The
steps may stand in functions of the same file that see the two or are given them.

## Why is this bad

Since PyTorch 1.1 the constructor of a scheduler sets the first rate, and each `step()` the next one. A loop that begins
with `scheduler.step()` never trains with the first rate, and with every other one a step too early. PyTorch warns of
that once, at run time.

Not reported: a step under a condition (`if epoch > 0:`), one that is given the epoch, one after an earlier step of the
optimizer, files in which another function may step the optimizer first, and schedules whose first factor is 0, which is
skipped on purpose.

## Fix safety

There is no automatic fix: code between the two steps may read the rate.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
for epoch in range(10):
    scheduler.step()
    optimizer.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="both steps are seen, in one function or in functions of one file that call each other",
    likely="the optimizer is given to a function of another file that trains, by its name",
    default=True,
    check=_check_order,
)


def _check_change(site: SiteFacts) -> Iterator[Verdict]:
    change = site.lifecycle.change
    if change is None:
        return
    if change.rebuilt:
        what = "makes another optimizer, but the scheduler that is stepped on {place} still belongs to the one before"
    else:
        what = "adds a param group, but the scheduler that is stepped on {place} was made for the groups before"
    result = "its rate never changes" if change.rebuilt else "the new group has no schedule, or the step raises"
    yield Verdict(
        f"{what}: {result}",
        Confidence.CERTAIN,
        change.place,
        ((change.step, "the scheduler is stepped here"),),
        mentioned=change.step,
    )


OPTIMIZER_CHANGED_AFTER_SCHEDULER = Rule(
    code="LR403",
    name="optimizer-changed-after-scheduler",
    summary="the optimizer is made anew, or gets another param group, after the scheduler was constructed",
    docs="""\
## What it does

Finds optimizers that are replaced by another one, or get another param group, between the construction of the scheduler
and its steps.

## Why is this bad

A scheduler holds the optimizer that it was given, and one callable and one initial rate for each of the groups that
there were. An optimizer that takes the other's place is never scheduled. A group that comes later is not scheduled
either before PyTorch 2.10, and makes `step()` raise `ValueError` since.

Not reported: an optimizer that wraps the one before, one in another branch, and one whose scheduler is made anew as
well, or is not stepped any more.

## Fix safety

There is no automatic fix: the scheduler has to be constructed later, and what happens in between has to be read.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="construction, change and step follow one another in one function",
    default=True,
    check=_check_change,
)

LIFECYCLE_RULES = (NEVER_STEPPED, STEPPED_BEFORE_OPTIMIZER, OPTIMIZER_CHANGED_AFTER_SCHEDULER)
