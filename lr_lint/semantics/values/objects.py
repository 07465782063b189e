"""Classes of the code under check, and their objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue(BaseValue):
    """A class of the code under check."""

    node: cst.ClassDef
    frame: Frame

    @property
    def name(self) -> str:
        """The name in the ``class`` statement."""
        return self.node.name.value


@dataclass(slots=True, eq=False)
class Instance(BaseValue):
    """An object of a class of the code under check; its attributes are found when asked for.

    Symbolic instances stand for ``self`` where nobody knows how the object was made.

    Attributes:
        cls: its class.
        key: identity.
        arguments: what its constructor was given by position, and
        keywords: by name.
        symbolic: whether it stands for any object of the class.
        attributes: those that were assigned or asked for.
        asked: the names of those that were looked for.
        anchor: where it was made.
        complete: whether all that the constructor assigns is among the attributes, as far as it could be followed.
        under_way: how many of its methods are being run for what they assign.
    """

    cls: ClassValue
    key: AccessPath | None
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    symbolic: bool = False
    attributes: dict[str, Value] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    anchor: Anchor | None = None
    complete: bool = False
    under_way: int = 0

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key


@dataclass(frozen=True, slots=True)
class SuperValue(BaseValue):
    """``super()`` inside a method."""

    receiver: Value
    owner: ClassValue
