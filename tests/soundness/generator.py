"""Right programs by seed: a change that matters, others that do not, and a scheduler in one of several shapes."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache

from tests.soundness.pieces import Piece, pieces

_SCHEDULERS = {
    "scales": (
        "scheduler = LambdaLR(opt, lambda e: s * 0.9 ** e)\n",
        "def decay(e):\n    return s * 0.5 ** (e // 2)\nscheduler = LambdaLR(opt, decay)\n",
        "scheduler = LambdaLR(opt, [lambda e: s / (1 + e)])\n",
        "scheduler = LambdaLR(opt, lr_lambda=functools.partial(lambda k, e: k * 0.9 ** e, s))\n",
        (
            "class Decay:\n    def __init__(self, start): self.start = start\n"
            "    def __call__(self, e): return self.start * 0.9 ** e\nscheduler = LambdaLR(opt, Decay(s))\n"
        ),
        (
            "def build(optimizer, start):\n    return LambdaLR(optimizer, lambda e: start * 0.9 ** e)\n"
            "scheduler = build(opt, s)\n"
        ),
        "plan = {'start': s}\nscheduler = LambdaLR(opt, lambda e: plan['start'] * 0.9 ** e)\n",
    ),
    "optimizers": (
        "scheduler = LambdaLR(o, lambda e: 1e-3 * 0.9 ** e)\n",
        "def decay(e):\n    return 1e-3 * 0.5 ** (e // 2)\nscheduler = LambdaLR(o, decay)\n",
        "rate = 1e-3\nscheduler = LambdaLR(o, lambda e: max(rate * 0.9 ** e, 1e-5))\n",
        (
            "def build(optimizer, rate):\n    return LambdaLR(optimizer, lambda e: rate * 0.9 ** e)\n"
            "scheduler = build(o, 1e-3)\n"
        ),
    ),
    "callables": (
        "scheduler = LambdaLR(opt, f)\n",
        "scheduler = LambdaLR(opt, lambda e: f(e))\n",
        "def build(optimizer, rule):\n    return LambdaLR(optimizer, lr_lambda=rule)\nscheduler = build(opt, f)\n",
    ),
    "whole": ("",),
}
_BESIDE = (
    "unused_table = {'a': 1e-3}\nunused_table.update(a=2.0)\n",
    "unused_list = [1e-3]\nunused_alias = unused_list\nunused_alias.append(3)\n",
    "for unused_turn in range(3):\n    unused_last = unused_turn\n",
    "unused_names = sorted(['b', 'a'], key=len)\n",
    "with contextlib.nullcontext(2) as unused_entered: pass\n",
    "class Unused:\n    def __init__(self): self.count = 0\n    def step(self): self.count += 1\nUnused().step()\n",
    "unused_work = threading.Thread(target=print)\nunused_work.start(); unused_work.join()\n",
    "print(model.parameters)\n",
    "",
)
# What does not do the same in a function: names of the module, and what is imported whole.
_OF_THE_MODULE = re.compile(r"\b(?:global|globals|locals|vars|exec|eval|import|del|nonlocal|__main__|class)\b|^@", re.M)


@cache
def _all_pieces() -> tuple[tuple[str, Piece], ...]:
    return tuple((kind, piece) for kind in _SCHEDULERS for piece in pieces(kind))


def program(seed: int) -> tuple[str, dict[str, str]]:
    """What a program is about, and its files."""
    choose = random.Random(seed)
    kind, piece = choose.choice(_all_pieces())
    before = "".join(choose.sample(_BESIDE, k=choose.randint(0, 2)))
    after = choose.choice(_BESIDE) + choose.choice(_SCHEDULERS[kind])
    if choose.random() < 0.3 and not _OF_THE_MODULE.search(piece.text):
        return f"{piece.name} (in a function)", _within_function(piece, before, after)
    return piece.name, piece.program(before, after)


def _within_function(piece: Piece, before: str, after: str) -> dict[str, str]:
    lines: Sequence[str] = f"{piece.text}{after}return scheduler\n".splitlines()
    body = "".join(f"    {line}\n" for line in lines)
    return Piece(piece.name, f"def main():\n{body}scheduler = main()\n", piece.beside).program(before)
