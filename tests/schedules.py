"""Random schedules for hypothesis to draw: programs that construct a LambdaLR whose callable returns rates."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

_FACTORS = (
    "0.9**t",
    "0.5 ** (t // 3)",
    "(1 - t / 100)",
    "0.5 * (1 + math.cos(math.pi * t / 60))",
    "(t + 1) / warm",
    "min(1.0, (t + 1) / warm)",
    "1 / (1 + decay * t)",
    "(0.9**t if t < warm else 0.5)",
    "max(0.97**t, 0.01)",
)
_WRITTEN = (
    "f = lambda t: {whole}",
    "def f(t):\n    return {whole}",
    "def f(t):\n    value = {whole}\n    return value",
    "def f(t):\n    if t < 4:\n        return {whole}\n    return {other}",
    "def f(t):\n    if t < 4:\n        value = {whole}\n    else:\n        value = {other}\n    return value",
    "def make(rate):\n    def inner(t):\n        return {of_rate}\n    return inner\nf = make({name})",
    (
        "class Plan:\n    def __init__(self, rate):\n        self.rate = rate\n"
        "    def __call__(self, t):\n        return {of_self}\nf = Plan({name})"
    ),
    "from functools import partial\ndef g(t, rate):\n    return {of_rate}\nf = partial(g, rate={name})",
)
_OPTIMIZERS = (
    "torch.optim.SGD([torch.zeros(1)], lr={name})",
    "torch.optim.Adam([{{'params': [torch.zeros(1)]}}, {{'params': [torch.zeros(1)]}}], lr={name})",
    "torch.optim.SGD([{{'params': [torch.zeros(1)], 'lr': {name}}}], lr=0.7)",
)
_PASSED = ("f", "lr_lambda=f", "[f] * len(optimizer.param_groups)", "lambda t: f(t)")
_HEAD = """\
import math
import torch
from torch.optim.lr_scheduler import LambdaLR
{name} = {number}
floor = 1e-5
decay = 0.2
warm = 6
"""
# Stands for the rate until it is known what that is called.
_RATE = "RATE"


@st.composite
def rates(draw: st.DrawFn, depth: int = 2) -> str:
    """An expression of the variable ``t`` that is a learning rate at all times."""
    shapes: list[Callable[[], str]] = [
        lambda: f"RATE * {draw(st.sampled_from(_FACTORS))}",
        lambda: f"{draw(st.sampled_from(_FACTORS))} * RATE",
        lambda: "RATE",
        lambda: "RATE / (1 + decay * t)",
        lambda: f"(floor + (RATE - floor) * {draw(st.sampled_from(_FACTORS))})",
    ]
    if depth:
        below = rates(depth - 1)
        shapes += [
            lambda: f"max({draw(below)}, floor)",
            lambda: f"min({draw(below)}, RATE)",
            lambda: f"({draw(below)} if t < warm else {draw(below)})",
            lambda: f"({draw(below)}) / 2",
            lambda: f"abs({draw(below)})",
        ]
    shape: Callable[[], str] = draw(st.sampled_from(shapes))
    return shape()


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program whose ``scheduler`` multiplies the rates that ``f`` returns by the lr of its ``optimizer``."""
    name = draw(st.sampled_from(["lr", "eta", "BASE_RATE"]))
    whole, other = draw(rates()), draw(rates())
    spelled = {
        "whole": whole.replace(_RATE, name),
        "other": other.replace(_RATE, name),
        "of_rate": whole.replace(_RATE, "rate"),
        "of_self": whole.replace(_RATE, "self.rate"),
    }
    lines = [
        draw(st.sampled_from(_WRITTEN)).format(name=name, **spelled),
        f"optimizer = {draw(st.sampled_from(_OPTIMIZERS)).format(name=name)}",
        f"scheduler = LambdaLR(optimizer, {draw(st.sampled_from(_PASSED))})",
    ]
    head = _HEAD.format(name=name, number=draw(st.sampled_from(["0.05", "1e-3", "0.1"])))
    return head + "\n".join(lines) + "\n"
