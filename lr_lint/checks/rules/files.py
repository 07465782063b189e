"""LR901 and LR902: our own comments, and files that cannot be read. The engine raises them, not a check."""

from __future__ import annotations

from lr_lint.checks.rules.base import Rule

UNREADABLE_FILE = Rule(
    code="LR901",
    name="unreadable-file",
    summary="a file that names a scheduler cannot be parsed, so nothing is known about its schedules",
    docs="""\
## What it does

Says on standard error, once and in one line, that a file could not be analysed, and why: a syntax error, bytes that are
no text in the declared encoding, nesting without end. The other files go on.

## Why is this bad

Silence about such a file would look as if its schedules were in order. The exit status is 2 (3 with findings elsewhere)
unless the rule is ignored, for all files or for that one. A path that does not exist or cannot be opened is told in any
case.

## Fix safety

There is no automatic fix: what was meant cannot be told.
""",
    bad="""\
from torch.optim.lr_scheduler import LambdaLR

scheduler = LambdaLR(optimizer, lambda epoch: 0.95**)
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
""",
    default=True,
    check=None,
)

UNUSED_SUPPRESSION = Rule(
    code="LR902",
    name="unused-suppression",
    summary="a comment suppresses nothing: what it was written for is gone, or never was there",
    docs="""\
## What it does

Finds comments `# lr-lint: ignore[...]`, and codes of lr-lint in `# noqa: ...`, that suppress no finding.

## Why is this bad

Such a comment outlives the code that it was written for, and would hide the next mistake on its line.

A bare `# noqa` is not reported, since it may be there for another linter, nor is a rule that is switched off: whether
it would find something is not known.

## Fix safety

`--fix` removes the comment, or the code from its list. That is safe: what runs is the same.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)  # lr-lint: ignore[LR101] it is a factor by now
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
""",
    certain="the rules that the comment names were asked, and found nothing on its line",
    default=False,
    check=None,
)

FILE_RULES = (UNREADABLE_FILE, UNUSED_SUPPRESSION)
