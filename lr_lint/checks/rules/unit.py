"""LR101 to LR106: the unit of what a callable returns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lr_lint.checks.rules.base import Remedy, Rule, Verdict
from lr_lint.checks.verdicts import Conclusion, Judgement, SiteFacts, real
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.worlds.explore import GroupRun
    from lr_lint.vocabulary.quantities import Origin


def _claims(site: SiteFacts, *conclusions: Conclusion, read_back: bool = False) -> Iterator[Judgement]:
    """The judgements with such a conclusion, each returned expression once, the surest first."""
    seen: set[int | None] = set()
    wanted = [
        judgement
        for judgement in site.judgements
        if judgement.conclusion in conclusions and judgement.reads_back is read_back
    ]
    for judgement in sorted(wanted, key=lambda judgement: -(judgement.confidence or 0)):
        place = id(judgement.place.node) if judgement.place is not None else None
        if place not in seen:
            seen.add(place)
            yield judgement


def _origin(judgement: Judgement) -> Origin | None:
    """Where the rate entered, preferring the very value that the optimizer was given."""
    if judgement.culprit is None:
        return None
    origins = judgement.culprit.origins
    return next((origin for origin in origins if origin.key in judgement.group.keys), origins[0] if origins else None)


def _evidence(judgement: Judgement, site: SiteFacts, origin: Origin | None) -> tuple[tuple[Any, str], ...]:
    steps: list[tuple[Any, str]] = []
    if origin is not None and origin.anchor is not None:
        steps.append((origin.anchor, f"`{origin.text}` is a learning rate"))
    steps.append((judgement.group.lr_anchor, f"{site.optimizer} starts from {_lr_text(judgement)}"))
    return tuple(steps)


def _lr_text(judgement: Judgement) -> str:
    base = judgement.numbers.initial_lr
    spelled = judgement.group.lr.origins[0].text if judgement.group.lr.origins else ""
    if base is None:
        return f"`{spelled}`" if spelled else "an lr that is not known here"
    return f"`{spelled}` = {base:g}" if spelled and not _is_number(spelled) else f"{base:g}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _consequence(judgement: Judgement, site: SiteFacts) -> str:
    """The resulting numbers, or in which way the rate ends up squared where they are not known."""
    numbers = judgement.numbers
    base, first, peak = numbers.initial_lr, numbers.first_factor, numbers.peak_factor
    if base is not None and first is not None and first > 0:
        return f"the rate starts at {base:g} x {first:g} = {base * first:.3g}"
    if base is not None and peak is not None:
        return f"the rate peaks at {base:g} x {peak:g} = {base * peak:.3g}"
    return "the rate is multiplied in twice"


def _given(judgement: Judgement, site: SiteFacts, origin: Origin) -> str:
    if origin.key in judgement.group.keys:
        return f"`{origin.text}`, given to {site.optimizer} on {{place}}"
    return f"`{origin.text}`"


def _check_rate(site: SiteFacts) -> Iterator[Verdict]:
    for judgement in _claims(site, Conclusion.RATE):
        origin = _origin(judgement)
        if origin is not None:
            what = f"a learning rate ({_given(judgement, site, origin)})"
        else:
            what = f"learning rates (they peak at {judgement.numbers.peak_factor:g}, the lr given to {site.optimizer})"
        yield Verdict(
            f"returns {what}, but {site.contract.short_name} multiplies by it: {_consequence(judgement, site)}",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            _evidence(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


def _check_tiny(site: SiteFacts) -> Iterator[Verdict]:
    for judgement in _claims(site, Conclusion.TINY):
        numbers = judgement.numbers
        peak = numbers.peak_factor or 0.0
        base = numbers.initial_lr
        result = f"{base:g} x {peak:g} = {base * peak:.3g}" if base is not None else f"{peak:g} times the initial lr"
        yield Verdict(
            f"returns a factor that never exceeds {peak:g}, as a learning rate would: {site.contract.short_name} "
            f"multiplies the initial lr by it, so the rate peaks at {result}",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            _evidence(judgement, site, None),
            numbers,
            judgement.group.lr_anchor,
        )


def _check_mixed(site: SiteFacts) -> Iterator[Verdict]:
    for judgement in _claims(site, Conclusion.MIXED):
        origin = _origin(judgement)
        culprit = judgement.culprit
        text = f"`{origin.text}`" if origin is not None else "one operand"
        where = f" in `{culprit.clash}`" if culprit is not None and culprit.clash else ""
        number = "" if culprit is None or culprit.number is None else f" ({culprit.number:g})"
        yield Verdict(
            f"mixes a learning rate into a factor: {text}{number} is absolute{where}, but the rest of what "
            f"{site.contract.short_name} multiplies by is a factor; divide it by the initial lr",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            _evidence(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


RATE_RETURNED_AS_FACTOR = Rule(
    code="LR101",
    name="rate-returned-as-factor",
    summary="the callable of a factor contract returns an absolute learning rate: effective lr = lr x lr",
    docs="""\
## What it does

Finds callables given to `LambdaLR` or `MultiplicativeLR` that return a learning rate.

## Why is this bad

These schedulers multiply: the new rate is the initial (or the previous) rate times what the callable returns. A
callable that returns the rate itself, as Keras's `LearningRateScheduler` wants it, squares the rate: 1e-3 becomes 1e-6.
Nothing crashes; training looks like vanishing gradients.

A callable that returns a rate is right when the optimizer's lr is 1.0 or the param groups carry relative rates; then
nothing is reported.

## Fix safety

`--diff` shows a fix, and `--fix --unsafe-fixes` applies it. It is unsafe because it changes training, which is the
point. Where the rate is a factor of what is returned it is cancelled: `lr * 0.95**epoch` becomes `0.95**epoch`, and
`lr / (1 + decay * epoch)` becomes `1 / (1 + decay * epoch)`. Otherwise what is returned is divided by the initial lr.

A fix is shown only if, when both versions are followed, the new rate at step 0 and at later steps is what the old
callable returned. There is none, and the reason is told, where param groups start from different rates, where the
callable comes from another file, and where it is also used by a scheduler for which it is right, by Keras, or by other
code.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the very value, or the very variable, that the optimizer was given is returned",
    likely="another value that is called a learning rate is returned, or the factor peaks at the number that lr has",
    possible="only a name says so, or the optimizer's lr cannot be resolved",
    default=True,
    check=_check_rate,
    remedy=Remedy.DIVIDE,
)

TINY_FACTOR = Rule(
    code="LR102",
    name="tiny-factor",
    summary="the factor never comes near 1: the numeric fingerprint of an absolute learning rate",
    docs="""\
## What it does

Finds schedules whose factor stays far below 1 at all times, on an optimizer whose initial lr is no base of 1.

## Why is this bad

A factor says how much of the initial lr is left, so it is about 1 at some time: at the start, or after a warm-up. One
that never exceeds a few thousandths is a learning rate in disguise, and the effective rate is the product of two.

## Fix safety

There is no automatic fix: which of the two numbers was meant cannot be told.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.0005 * 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=0.0005)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.95**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="all numbers follow from the code, and the factor never exceeds 0.01",
    likely="the same of a factor that never changes",
    possible="it never exceeds 0.05, something had to be assumed, or the optimizer's lr is not known or is not small",
    default=True,
    check=_check_tiny,
)

RATE_MIXED_INTO_FACTOR = Rule(
    code="LR103",
    name="rate-mixed-into-factor",
    summary="one operand or branch is an absolute learning rate: `max(min_lr, ...)`, a tail, `decay_lr ** k`",
    docs="""\
## What it does

Finds callables that return a factor on the whole, but a learning rate in one operand, in one branch or as the base of
a power.

## Why is this bad

The absolute part is multiplied by the initial lr like the rest. A floor of `max(min_lr, factor)` with `min_lr = 1e-6`
and an initial lr of 1e-3 ends at 1e-9; the base of `decay_lr ** k` makes the rate collapse at the first step of k.

## Fix safety

`--diff` shows a fix, and `--fix --unsafe-fixes` applies it. It is unsafe because it changes training, which is the
point. The absolute part is divided by the initial lr: `max(min_lr, factor)` becomes `max(min_lr / lr, factor)`, and a
branch `return lr` becomes `return 1.0`.

A fix is shown only if, when both versions are followed, the new rate is what the absolute part said, and the rest of
the schedule stays. There is none, and the reason is told, for the base of a power, since which factor was meant cannot
be told, and in the cases in which LR101 has none.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
min_lr = 1e-6
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: max(min_lr, 0.95**epoch))
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
min_lr = 1e-6
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.Adam(model.parameters(), lr=lr)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: max(min_lr / lr, 0.95**epoch))
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the absolute operand is the very value that the optimizer was given",
    likely="the operand is called a learning rate, and its number is as small as one",
    possible="only the operand's name says so, or the sum would make sense on an lr of 1",
    default=True,
    check=_check_mixed,
    remedy=Remedy.DIVIDE_PART,
)


def _check_factor(site: SiteFacts) -> Iterator[Verdict]:
    for judgement in _claims(site, Conclusion.FACTOR_AS_RATE):
        shown = list(dict.fromkeys(f"{factor:.3g}" for factor in _factors(judgement.group)))[:3]
        base = judgement.numbers.initial_lr
        instead = f"training starts with a rate of {shown[0]}" + (f", not {base:g}" if base is not None else "")
        evidence = ((judgement.group.lr_anchor, f"the model's optimizer starts from {_lr_text(judgement)}"),)
        yield Verdict(
            f"returns a factor ({', '.join(shown)}, ...), but {site.contract.short_name} takes it for the learning "
            f"rate itself: {instead}; multiply it by the initial lr",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            () if base is None else evidence,
            judgement.numbers,
        )


FACTOR_RETURNED_AS_RATE = Rule(
    code="LR104",
    name="factor-returned-as-rate",
    summary="a callable that has to return the learning rate returns a factor: training starts with a rate of about 1",
    docs="""\
## What it does

Finds callables that return a factor where the learning rate itself is wanted: the function of Keras's
`LearningRateScheduler`, the `learning_rate=` of an optimizer of Keras, optax or MXNet, the policy of other frameworks,
and what a project declares in its settings. `lr-lint contracts` lists them all.

## Why is this bad

`LambdaLR` multiplies the initial rate by `0.95 ** epoch`; `LearningRateScheduler` sets the rate to it. Training starts
with a rate of 1 instead of 1e-3, and diverges or learns nothing.

A formula is reported only if it starts at 1 and falls, and nothing in it may be a rate. A callable that multiplies its
second argument, the current rate, is right; so is a factor where an optimizer of the file starts from about 1.

## Fix safety

`--diff` shows a fix, and `--fix --unsafe-fixes` applies it, where the initial rate is known: what is returned is
multiplied by it. It is unsafe because it changes training, which is the point. There is none, and the reason is told,
where the optimizer's rate is not known, or where the file has several optimizers.
""",
    bad="""\
import keras
import numpy

inputs, targets = numpy.zeros((4, 2)), numpy.zeros((4, 1))
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss="mse")
callback = keras.callbacks.LearningRateScheduler(lambda epoch: 0.95**epoch)
model.fit(inputs, targets, epochs=10, callbacks=[callback])
""",
    good="""\
import keras
import numpy

inputs, targets = numpy.zeros((4, 2)), numpy.zeros((4, 1))
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss="mse")
callback = keras.callbacks.LearningRateScheduler(lambda epoch: 0.001 * 0.95**epoch)
model.fit(inputs, targets, epochs=10, callbacks=[callback])
""",
    certain="all numbers follow from the code, the rate of the model's optimizer among them",
    likely="the rate is not known, or something had to be assumed",
    default=True,
    check=_check_factor,
    meanings=frozenset({Meaning.RATE}),
    remedy=Remedy.MULTIPLY,
)


# A factor of the previous lr that stays below this has no business staying there: it compounds at every step.
_SMALL_STEP_FACTOR = 0.5
_STARTS_NEAR_ONE = 0.3
_TAIL = 3


def _check_cumulative(site: SiteFacts) -> Iterator[Verdict]:
    if site.contract.meaning is not Meaning.FACTOR_OF_PREVIOUS or site.lifecycle.renewed:
        # What is made anew for each step multiplies once, and nothing compounds.
        return
    for history in site.histories:
        groups = [group for group in history if any(sample.value is not None for sample in group.points)]
        if groups and all(_is_cumulative(group) for group in groups):
            yield _cumulative_verdict(groups[0], site)
            return


def _factors(group: GroupRun) -> list[float]:
    values = [sample.value for sample in group.points if sample.value is not None]
    return [factor for factor in map(real, values) if factor is not None]


def _is_cumulative(group: GroupRun) -> bool:
    """Whether the factor falls from about 1 and stays small, as the closed form of a decay does."""
    if group.read_back:
        # What it makes of the rate of the moment cannot be told from a run without a scheduler.
        return False
    factors = _factors(group)
    if _is_unknown_power(group):
        return True
    if len(factors) <= 2 * _TAIL or len(factors) < sum(sample.value is not None for sample in group.points):
        return False
    falls = all(later <= earlier for earlier, later in itertools.pairwise(factors))
    starts = factors[0] >= _STARTS_NEAR_ONE or _is_geometric(group)
    return falls and starts and max(factors[-_TAIL:]) < _SMALL_STEP_FACTOR


def _is_geometric(group: GroupRun) -> bool:
    """Whether the factor is that of one step raised to the time, however small: it would start at 1."""
    points = [(sample.time, factor) for sample in group.points if sample.value and (factor := real(sample.value))]
    if not points:
        return False
    time, first = points[0]
    return time == 1 and all(math.isclose(factor, first**later, rel_tol=1e-9) for later, factor in points)


def _is_unknown_power(group: GroupRun) -> bool:
    """Whether the factor is a constant, whatever its number, raised to something that grows with the time.

    Where the exponent says only whether it is time for a drop, 0 or 1, the factor is one step's.
    """
    unknown = [sample.value for sample in group.points if sample.value is not None and real(sample.value) is None]
    exponents = [value.exponent for value in unknown if isinstance(value.exponent, (int, float))]
    if len(exponents) <= _TAIL or len(exponents) < len(unknown):
        return False
    grows = all(earlier <= later for earlier, later in itertools.pairwise(exponents))
    return grows and exponents[-1] >= _TAIL and all(factor == 1 for factor in _factors(group))


def _cumulative_verdict(group: GroupRun, site: SiteFacts) -> Verdict:
    sample = next(sample for sample in group.points if sample.value is not None)
    values = [sample.value for sample in group.points if sample.value is not None]
    proved = all(value.basis is Basis.PROVED and value.number is not None for value in values)
    shown = _factors(group)[:3]
    numbers = "" if len(set(shown)) < 2 else f" ({', '.join(f'{factor:.3g}' for factor in shown)}, ...)"
    return Verdict(
        f"returns the whole decay up to a step{numbers}, but "
        f"{site.contract.short_name} multiplies the previous lr by it at every step, so the decay compounds twice",
        Confidence.CERTAIN if proved else Confidence.LIKELY,
        sample.place,
        ((group.lr_anchor, f"{site.optimizer} is scheduled by it"),),
        Judgement(Conclusion.FACTOR, None, group).numbers,
    )


CUMULATIVE_FACTOR = Rule(
    code="LR105",
    name="cumulative-factor",
    summary="MultiplicativeLR is given a function meant for LambdaLR: the decay compounds twice",
    docs="""\
## What it does

Finds callables given to `MultiplicativeLR` that return the whole decay since the start.

## Why is this bad

`MultiplicativeLR` multiplies the previous rate by what the callable returns, at every step from 1 on. A function such
as `0.95 ** epoch` already holds all the steps up to now, so they are applied again and again: the rate falls as
`0.95 ** (epoch * (epoch + 1) / 2)` and is gone after a few epochs.

Constants and ratios of consecutive values (`0.95`, `f(t) / f(t - 1)`) are what it wants; they are not reported.

## Fix safety

`--diff` shows a fix, and `--fix --unsafe-fixes` applies it: `LambdaLR` takes the place of `MultiplicativeLR`, in the
import too. It is unsafe because it changes training, which is the point. There is none where the scheduler is
constructed under another name than its own.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import MultiplicativeLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = MultiplicativeLR(optimizer, lr_lambda=lambda epoch: 0.65**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import MultiplicativeLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = MultiplicativeLR(optimizer, lr_lambda=lambda epoch: 0.65)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="all numbers follow from the code",
    likely="something had to be assumed, or the base of the power is not known",
    default=True,
    check=_check_cumulative,
    remedy=Remedy.OF_INITIAL,
)


def _check_read_back(site: SiteFacts) -> Iterator[Verdict]:
    for judgement in _claims(site, Conclusion.RATE, Conclusion.MIXED, Conclusion.TINY, read_back=True):
        origins = () if judgement.culprit is None else judgement.culprit.origins
        origin = next(origin for origin in origins if origin.key in judgement.group.read_back)
        yield Verdict(
            f"reads the current learning rate (`{origin.text}`), which {site.contract.short_name} itself has set with "
            "what this returned before: the schedule compounds on itself",
            judgement.confidence or Confidence.POSSIBLE,
            judgement.place,
            _evidence(judgement, site, origin),
            judgement.numbers,
            judgement.group.lr_anchor,
        )


RATE_READ_BACK = Rule(
    code="LR106",
    name="rate-read-back",
    summary="the callable reads the current learning rate of the optimizer: the schedule compounds on itself",
    docs="""\
## What it does

Finds callables that return a part of the rate that the optimizer has at that time: `param_groups[0]["lr"]`,
`get_last_lr()`.

## Why is this bad

The scheduler multiplies by what the callable returns and writes the product into the param group. A callable that
reads it from there multiplies by its own earlier results: with an initial lr of 0.1 and a factor of 0.9 the rate is
9e-3, then 8e-4, then 7e-5.

`initial_lr`, `defaults["lr"]` and `base_lrs` do not change; a callable that returns these returns a rate (LR101). A
rate that is divided by the current one is not reported.

## Fix safety

There is no automatic fix: leaving the rate out changes training, which is the point, but what remains has to be read.
""",
    bad="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: optimizer.param_groups[0]["lr"] * 0.9)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    good="""\
import torch
from torch.optim.lr_scheduler import LambdaLR

model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.9**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
""",
    certain="the rate that is read is returned, or multiplied into what is returned, or bounds it",
    possible="it is added to a factor, which would make sense on an lr of 1",
    default=True,
    check=_check_read_back,
)

UNIT_RULES = (
    RATE_RETURNED_AS_FACTOR,
    TINY_FACTOR,
    RATE_MIXED_INTO_FACTOR,
    FACTOR_RETURNED_AS_RATE,
    CUMULATIVE_FACTOR,
    RATE_READ_BACK,
)
