"""LR201: what the factor does over time, whatever its unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.rules.base import Rule, Verdict
from lr_lint.checks.verdicts import Conclusion, Judgement, SiteFacts
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.scenarios import GroupTrace, Sample

_ARITHMETIC = frozenset({"ZeroDivisionError", "OverflowError", "ValueError"})


def _check_undefined_at_start(site: SiteFacts) -> Iterator[Verdict]:
    for history in site.histories:
        raised = [_raised_at_start(group, site) for group in history]
        first = raised[0] if raised else None
        if first is not None and first.raised is not None and None not in raised:
            kind = first.raised[0]
            yield Verdict(
                f"raises {kind} at step {first.time}, where {site.contract.short_name} evaluates it during "
                "construction: the scheduler cannot be built",
                Confidence.CERTAIN,
                first.place,
                numbers=Judgement(Conclusion.UNKNOWN, None, history[0]).numbers,
            )
            return


def _raised_at_start(group: GroupTrace, site: SiteFacts) -> Sample | None:
    """The first sample, where it raises an arithmetic error that no setting can avoid."""
    start = next((sample for sample in group.samples if sample.time == site.contract.first_time), None)
    if start is None or start.raised is None or not site.contract.eager:
        return None
    kind, basis = start.raised
    return start if kind in _ARITHMETIC and basis is Basis.PROVED else None


UNDEFINED_AT_START = Rule(
    code="LR201",
    name="undefined-at-start",
    summary="the callable raises at step 0, where the scheduler evaluates it during construction",
    docs="""\
## What it does

Finds callables whose arithmetic fails at step 0: `1 / epoch`, `step ** -0.5`.

## Why is this bad

`LambdaLR` evaluates the callable at 0 in its constructor, so the program stops there, often after the data was loaded
and the model built. `MultiplicativeLR` never evaluates it at 0.

## Fix safety

There is no automatic fix: shifting the index by one changes every later rate as well.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 1 / epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 1 / (epoch + 1))
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    default=True,
    check=_check_undefined_at_start,
)

VALUE_RULES = (UNDEFINED_AT_START,)
