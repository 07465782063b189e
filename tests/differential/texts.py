"""Texts with holes, filled by a seeded source of chance.

A hole is a dollar sign and a letter: ``$n`` a number, ``$i`` a small integer, ``$p`` a positive one, ``$e`` an
expression of the time ``t``, ``$b`` a condition, ``$o`` an operator, ``$x`` an exception. A capital letter is a name
that nothing else has; the same letter is the same name throughout a text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")
_HOLE = re.compile(r"\$([a-zA-Z])")

NUMBERS = (
    "0 1 2 3 5 7 10 30 100 -1 -2 -3 0.0 -0.0 0.1 0.5 0.25 1.5 2.5 3.5 -0.5 -2.5 1e-3 1e3 0.9 1e300 1e-300 True False "
    "math.pi math.inf math.nan 2**40 10**17 0x1f 1_000"
).split()
INTEGERS = "0 1 2 3 4 5 7 -1 -2".split()
POSITIVE = "1 2 3 4 5 8 10".split()
OPERATORS = ("+", "-", "*", "+", "-", "*", "/", "//", "%")
EXCEPTIONS = (
    "ZeroDivisionError ValueError KeyError IndexError TypeError ArithmeticError LookupError Exception OverflowError "
    "AssertionError AttributeError StopIteration RuntimeError"
).split()


class Chance:
    """A seeded source of chance that also hands out names."""

    def __init__(self, seed: object) -> None:
        self._random = random.Random(repr(seed))
        self._names = 0

    def one_of(self, items: Sequence[_Item]) -> _Item:
        """One of the items."""
        return items[self._random.randrange(len(items))]

    def some_of(self, items: Sequence[_Item], count: int) -> list[_Item]:
        """As many different items."""
        return self._random.sample(items, count)

    def between(self, low: int, high: int) -> int:
        """An integer, both bounds included."""
        return self._random.randint(low, high)

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self._random.random() < probability

    def name(self, prefix: str = "v") -> str:
        """A name that was not handed out before."""
        self._names += 1
        return f"{prefix}{self._names}"


def filled(text: str, chance: Chance, expression: Callable[[], str], condition: Callable[[], str]) -> str:
    """The text with its holes filled.

    Args:
        text: with holes.
        chance: chooses.
        expression: gives an expression of the time.
        condition: gives a condition.
    """
    names: dict[str, str] = {}
    fillings: dict[str, Callable[[], str]] = {
        "n": lambda: chance.one_of(NUMBERS),
        "i": lambda: chance.one_of(INTEGERS),
        "p": lambda: chance.one_of(POSITIVE),
        "o": lambda: chance.one_of(OPERATORS),
        "x": lambda: chance.one_of(EXCEPTIONS),
        "e": expression,
        "b": condition,
    }

    def filling(hole: re.Match[str]) -> str:
        letter = hole[1]
        if letter.isupper():
            return names.setdefault(letter, chance.name(letter))
        return fillings[letter]()

    return _HOLE.sub(filling, text)
