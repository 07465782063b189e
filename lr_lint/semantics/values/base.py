"""What every value answers, and the value that is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath, PathKind
from lr_lint.vocabulary.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lr_lint.semantics.values.context import Anchor
    from lr_lint.semantics.values.objects import ClassValue


class BaseValue:
    """What code can hold besides numbers. A kind of values is one class, which overrides what it knows better."""

    __slots__ = ()

    @property
    def identity(self) -> AccessPath | None:
        """The path under which two evaluations give the same value; None where they may differ."""
        return None


# Numbers are `Quantity`, which belongs to the vocabulary and knows nothing of code.
Value: TypeAlias = Quantity | BaseValue


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
        reason: why, in words that fit after "because".
        key: identity; None where two evaluations may differ.
        name: the last name that it went by.
        default: the value it has unless something overrides it, where that is known.
        invocation: the call that made it, if a call did.
        parameters: whether it is a model's parameters (or one of them), as from ``model.parameters()``.
        cls: the class that it is annotated with, where that is known.
    """

    reason: str
    key: AccessPath | None = None
    name: str = ""
    default: Value | None = None
    invocation: Invocation | None = None
    parameters: bool = False
    cls: ClassValue | None = None

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key


def is_unbound(value: Value | None) -> bool:
    """Whether a value is that of a local variable that nothing has assigned on the way: Python raises there."""
    return isinstance(value, Unknown) and value.key is not None and value.key.kind is PathKind.UNBOUND


def key_of(value: Value) -> AccessPath | None:
    """The identity of a value, where it has one."""
    return value.key if isinstance(value, Quantity) else value.identity


def default_of(value: Value | None) -> Value | None:
    """The value that an unknown has unless something overrides it; of a default that is unknown too, its default."""
    while isinstance(value, Unknown):
        value = value.default
    return value


def arguments_key(given: Sequence[Value], named: Mapping[str, Value]) -> AccessPath | None:
    """An identity for a list of arguments; None when one of them has none."""
    return paths.arguments(map(key_of, given), ((name, key_of(value)) for name, value in named.items()))
