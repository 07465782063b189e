"""Functions that remember what they gave: ``functools.cache`` and ``functools.lru_cache``."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lr_lint.semantics.values.base import BaseValue, Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import Quantity

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor, Frame


@dataclass(slots=True, eq=False)
class Memoised(BaseValue):
    """A function whose results are kept by its arguments.

    Attributes:
        function: the function.
        limit: how many results are kept at most; None for all.
        results: those kept so far.
    """

    function: Value
    limit: int | None
    results: dict[Hashable, Value] = field(default_factory=dict)

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
        """What it gave for the same arguments before, else what the function gives now."""
        world = frame.world
        key = _key(arguments, keywords)
        if key is not None and key in self.results:
            return self.results[key]
        result = call(self.function, arguments, keywords, anchor, frame)
        if key is None or (self.limit is not None and len(self.results) >= self.limit):
            world.doubt("what a memoised function keeps is not followed")
            return Unknown("what a memoised function keeps is not known")
        world.machine.announce(self, world)
        self.results[key] = result
        return result

    def member(self, name: str, frame: Frame) -> Value:
        """Its methods, and what its function is called."""
        return Method(self, name)

    def held(self) -> Iterable[Value]:
        """Its function, and what it keeps."""
        return (self.function, *self.results.values())

    def method_owners(self) -> tuple[str, ...]:
        """Methods of memoised functions."""
        return ("<memoised>",)


def _key(arguments: list[Value], keywords: dict[str, Value]) -> Hashable | None:
    """What CPython keeps a result by: a single int or text by itself, all else as a tuple; None where not known."""
    given = [_part(force(value)) for value in (*arguments, *keywords.values())]
    if None in given:
        return None
    whole = tuple(part for part in given if part is not None)
    if not keywords and len(whole) == 1 and type(whole[0][0]) in (int, str):
        return whole[0][0]
    return tuple(part[0] for part in whole), len(arguments), tuple(keywords)


def _part(value: Value) -> tuple[Hashable] | None:
    if isinstance(value, Quantity):
        return None if value.number is None or value.array or value.error else (value.number,)
    if isinstance(value, Constant):
        return (value.value,)
    return (value,) if isinstance(value, Instance) and value.exact and not value.cls.node.decorators else None
