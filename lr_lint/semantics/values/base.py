"""What every kind of values answers.

A kind is one class. It overrides what it knows; None says that it does not know, and whoever asks through
`lr_lint.semantics.values.operations` is given an unknown value with the reason. What takes running code is asked of
``frame.world.machine``, so that no kind depends on what runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lr_lint.semantics.values.context import Anchor, Frame


class BaseValue:
    """What code can hold besides numbers."""

    __slots__ = ()

    @property
    def identity(self) -> AccessPath | None:
        """The path under which two evaluations give the same value; None where they may differ."""
        return None

    def as_given(self) -> AccessPath | None:
        """The identity that it has for a call that it is given to, as it is then."""
        return self.identity

    @property
    def label(self) -> str:
        """The name that it goes by where it is called; empty where it has none."""
        return ""

    def as_key(self) -> str | None:
        """The text that it is, as the key of a dict; None for what is no text."""
        return None

    def default_truth(self) -> bool:
        """Whether it is true as far as it tells by itself; what it does not tell is taken to be true."""
        return True

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """Whether it is true. What the code leaves open is decided by the world, the same way each time."""
        return self.default_truth()

    def iterate(self) -> tuple[list[Value], bool] | None:
        """The items as far as they are known, and whether there may be others."""
        return None

    def unpack(self, count: int) -> list[Value] | None:
        """The parts that as many targets are assigned."""
        return None

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """``value[index]``; an entry that only the user chooses is chosen by the world.

        Raises:
            Raised: IndexError, KeyError or TypeError where a container is known completely.
        """
        return None

    def sliced(self, bounds: Sequence[Value]) -> Value | None:
        """``value[lower:upper:step]``; a bound that is left out is None."""
        return None

    def member(self, name: str, frame: Frame) -> Value | None:
        """``value.name``."""
        return None

    def known_member(self, name: str) -> Value | None:
        """An attribute that it holds already, so that no code has to be run for it."""
        return None

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value | None:
        """What calling it gives.

        Args:
            arguments: by position; they may be lazy.
            keywords: by name; ``**`` among them says that more may be passed than is known.
            anchor: the call in the code.
            frame: the variables where it stands.

        Raises:
            Raised: the exception that CPython would raise.
        """
        return None

    def held(self) -> Iterable[Value]:
        """The values that can be reached from it."""
        return ()

    def code(self) -> tuple[cst.CSTNode, Frame] | None:
        """The code that is still to be run for it, and where that finds its variables; None where there is none."""
        return None

    def data_type(self) -> type | None:
        """The type of Python that it is of, for plain data whose type is known."""
        return None

    def method_owners(self) -> tuple[str, ...]:
        """The names before the dot under which libraries declare its methods, most special first.

        What has no one type, such as the dict of a settings library, has a name in angle brackets, as no module has.
        """
        return ()


# Numbers are `Quantity`, which belongs to the vocabulary and knows nothing of code; `numbers` answers for them.
Value: TypeAlias = Quantity | BaseValue


class Container(BaseValue):
    """A value that holds items and can be changed in place.

    Attributes:
        incomplete: whether there may be more items than those known.
    """

    __slots__ = ("incomplete",)

    incomplete: bool

    def holds_something(self) -> bool | None:
        """Whether it is not empty; None where that is not known."""
        return None

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """Whether it is not empty; what may be is decided where it is asked."""
        known = self.holds_something()
        return frame.world.assume(paths.truth(AccessPath.node(node)), True) if known is None else known


def key_of(value: Value) -> AccessPath | None:
    """The identity of a value, where it has one."""
    return value.key if isinstance(value, Quantity) else value.identity


def arguments_key(given: Sequence[Value], named: Mapping[str, Value]) -> AccessPath | None:
    """An identity for a list of arguments; None when one of them has none."""
    return paths.arguments(map(_as_given, given), ((name, _as_given(value)) for name, value in named.items()))


def _as_given(value: Value) -> AccessPath | None:
    if not isinstance(value, Quantity):
        return value.as_given()
    known = value.number is not None and not value.varies and value.basis is Basis.PROVED
    return value.key or (AccessPath.constant(value.number) if known else None)


def given_together(values: Sequence[Value]) -> AccessPath | None:
    """The identity of what holds some values, as it is at that time; None where the time is in one of them."""
    if any(isinstance(value, Quantity) and value.varies for value in values):
        return None
    return paths.arguments(map(_as_given, values), ())


def constant_key(value: Value) -> str | int | float | bool | None:
    """A value as a dict key or list index, where it is a known constant."""
    if isinstance(value, Quantity):
        return value.number if isinstance(value.number, (int, float)) and not value.error else None
    return value.as_key()
