"""Values that are computed when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, Value, key_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.paths import AccessPath, PathKind

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Frame


@dataclass(slots=True, eq=False)
class Lazy(BaseValue):
    """The result of a call, or an imported name, that nobody has asked for yet.

    Models and data loaders are built between an optimizer's settings and its construction; following them would open
    half of the project for nothing.

    Attributes:
        compute: gives the value; where settling it raised, raises that again.
        key: identity.
        result: the value, once it was asked for; None until then. Only `force` sets it.
        waiting: how many others in a row it asks for in turn.
        node: the expression that it stands for; None where what it needs does not change, as for an import.
        frame: the variables as they were there.
        forgotten: what may have changed the value since, whatever it was; empty where nothing did.
    """

    compute: Callable[[], Value]
    key: AccessPath | None
    result: Value | None = None
    waiting: int = 0
    node: cst.CSTNode | None = None
    frame: Frame | None = None
    forgotten: str = ""

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key

    def held(self) -> Iterable[Value]:
        """The value, once it was asked for."""
        return () if self.result is None else (self.result,)

    def code(self) -> tuple[cst.CSTNode, Frame] | None:
        """The expression, until it was asked for."""
        return None if self.result is not None or self.node is None or self.frame is None else (self.node, self.frame)


# More lazy values than these give one another only in a circle.
_LONGEST_CHAIN = 64
_NEEDS_ITSELF = "its definition needs itself"


def force(value: Value) -> Value:
    """The value itself; what was put off is computed now."""
    asked = value
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(value, Lazy):
            return value
        value = value.result or _computed(value)
    # Two modules that import one name from each other, for instance.
    return Unknown(_NEEDS_ITSELF, key_of(asked))


def known(value: Value | None) -> Value | None:
    """What a value is without anything being computed for it; None where nobody has asked for it yet."""
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(value, Lazy):
            return value
        value = value.result
    return None


def _computed(lazy: Lazy) -> Value:
    """The value of a lazy one, which is unknown to itself while it is computed. What it raises, it raises each time."""
    lazy.result = Unknown(_NEEDS_ITSELF, lazy.key)
    sampling = None if lazy.frame is None else lazy.frame.world.seen.sampling
    called = None if sampling is None else sampling.called
    if sampling is not None and lazy.frame is not None and called is not None and lazy.frame.scope not in called:
        # What was put off outside of the callable belongs to a time before it is called.
        sampling.called = None
    try:
        lazy.result = lazy.compute()
    except BaseException:
        lazy.result = None
        raise
    finally:
        if sampling is not None:
            sampling.called = called
    if lazy.forgotten and lazy.frame is not None:
        world = lazy.frame.world
        world.machine.forget((lazy.result,), lazy.forgotten, world)
    return lazy.result


def is_import(value: Lazy) -> bool:
    """Whether a lazy value is an imported name rather than a call."""
    return value.key is not None and value.key.kind is PathKind.IMPORT
