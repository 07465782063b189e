"""Constants that are no numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, constant_key
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.methods import Method, method_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame


@dataclass(frozen=True, slots=True)
class Constant(BaseValue):
    """A constant that is no number: a string, bytes, ``None``, an ellipsis."""

    value: Any
    key: AccessPath | None = None

    @property
    def identity(self) -> AccessPath:
        """Equal constants are the same, wherever they stand."""
        return AccessPath.constant(self.value)

    def as_key(self) -> str | None:
        """The text."""
        return self.value if isinstance(self.value, str) else None

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> None:
        """What is called is no constant: the one that is known was replaced in a way that was not followed."""
        frame.world.doubt("it calls a constant")

    def default_truth(self) -> bool:
        """As Python has it."""
        return bool(self.value)

    def iterate(self) -> tuple[list[Value], bool] | None:
        """The letters of a text, the numbers of bytes."""
        return ([constant(part) for part in self.value], False) if isinstance(self.value, (str, bytes)) else None

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """The letter at a position."""
        at = constant_key(index)
        if not isinstance(self.value, (str, bytes)) or not isinstance(at, int):
            return None
        if not -len(self.value) <= at < len(self.value):
            raise Raised("IndexError")
        return constant(self.value[at])

    def sliced(self, bounds: Sequence[Value]) -> Value | None:
        """The letters between two positions."""
        at = [None if bound == NOTHING else constant_key(bound) for bound in bounds]
        if not isinstance(self.value, (str, bytes)) or at[2] == 0:
            return None
        whole = [each for each in at if each is None or isinstance(each, int)]
        known = all((each is None) is (bound == NOTHING) for each, bound in zip(at, bounds, strict=True))
        return Constant(self.value[slice(*whole)]) if known and len(whole) == len(at) else None

    def member(self, name: str, frame: Frame) -> Method:
        """Constants are asked for methods only."""
        return method_of(self, name, frame)

    def data_type(self) -> type:
        """That of its value."""
        return type(self.value)

    def method_owners(self) -> tuple[str, ...]:
        """Methods of texts."""
        return ("builtins.str",) if isinstance(self.value, str) else ()


NOTHING = Constant(None)


def constant(key: object) -> Value:
    """A dict key as a value."""
    return literal(key) if isinstance(key, (int, float)) else Constant(key)
