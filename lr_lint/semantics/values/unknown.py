"""The value that is not known: with a reason, an identity where it has one, and what it is by default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, Container, Value, constant_key
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.methods import Method
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath, PathKind
from lr_lint.vocabulary.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lr_lint.semantics.values.context import Anchor, Frame


# Methods that give an entry by its name.
_READING = frozenset({"get", "getfloat", "getint"})


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call whose result is not known, with what went into it."""

    callee: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    anchor: Anchor

    def keyword(self, *names: str) -> Value | None:
        """The value of the first of these keyword arguments that is present."""
        return next((value for name, value in self.keywords if name in names), None)


@dataclass(frozen=True, slots=True)
class Unknown(BaseValue):
    """A value that is not known.

    Attributes:
        reason: why, in words that fit after "because"; a `Reason` where something depends on which it is.
        key: identity; None where two evaluations may differ.
        name: the last name that it went by.
        default: the value it has unless something overrides it, where that is known.
        invocation: the call that made it, if a call did.
        parameters: whether it is a model's parameters (or one of them), as from ``model.parameters()``.
    """

    reason: str
    key: AccessPath | None = None
    name: str = ""
    default: Value | None = None
    invocation: Invocation | None = None
    parameters: bool = False

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key

    @property
    def label(self) -> str:
        """The last name that it went by."""
        return self.name

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """As the world has it, its default first."""
        default = default_of(self)
        first = _has_default_truth(default) if default is not None else True
        return frame.world.assume(paths.truth(self.key or AccessPath.node(node)), first)

    def iterate(self) -> tuple[list[Value], bool]:
        """One symbolic item, which stands for all."""
        return [Unknown(self.reason, paths.item(self.key, "*"), parameters=self.parameters)], True

    def unpack(self, count: int) -> list[Value]:
        """Unknown parts, each with an identity of its own."""
        keys = [paths.item(self.key, at) for at in range(count)]
        return [Unknown(self.reason, key, invocation=self.invocation, parameters=self.parameters) for key in keys]

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
        """An unknown item; its default is the item of the default."""
        at = constant_key(index)
        place = at if at is not None or not isinstance(index, Unknown) else index.key
        key = paths.item(self.key, place) if place is not None else None
        default = self._item_of_default(index, node, frame)
        name = at if isinstance(at, str) else ""
        return Unknown(self.reason, key, name, default, self.invocation, self.parameters)

    def _item_of_default(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """A default that lacks the item proves nothing."""
        try:
            return self.default.item(index, node, frame) if isinstance(self.default, Container) else None
        except Raised:
            return None

    def sliced(self, bounds: Sequence[Value]) -> Value:
        """Another unknown; some of a model's parameters are a model's parameters."""
        return Unknown(self.reason, parameters=self.parameters)

    def member(self, name: str, frame: Frame) -> Value:
        """An unknown attribute; its default is that of the default."""
        if name in _READING:
            return Method(self, name)
        default = self.default.known_member(name) if isinstance(self.default, BaseValue) else None
        return Unknown(self.reason, paths.attribute(self.key, name), name, default)

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value | None:
        """What the class or function of a library gives that it is unless something overrides it."""
        usual = default_of(self)
        if not isinstance(usual, BaseValue) or isinstance(usual, (Container, Unknown)):
            return None
        return usual.call(arguments, keywords, anchor, frame)

    def held(self) -> Iterable[Value]:
        """What it may be, and what went into the call that made it."""
        if self.default is not None:
            yield self.default
        if self.invocation is not None:
            yield from (self.invocation.callee, *self.invocation.arguments)
            yield from (given for _, given in self.invocation.keywords)

    def method_owners(self) -> tuple[str, ...]:
        """Methods that anything may have."""
        return ("<unknown>",)


def _has_default_truth(value: Value) -> bool:
    if isinstance(value, Quantity):
        return bool(value.number) if value.number is not None else True
    return value.default_truth()


def is_unbound(value: Value | None) -> bool:
    """Whether a value is that of a local variable that nothing has assigned on the way: Python raises there."""
    return isinstance(value, Unknown) and value.key is not None and value.key.kind is PathKind.UNBOUND


def default_of(value: Value | None) -> Value | None:
    """The value that an unknown has unless something overrides it; of a default that is unknown too, its default."""
    while isinstance(value, Unknown):
        value = value.default
    return value
