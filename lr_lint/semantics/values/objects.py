"""Classes of the code under check, and their objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue, arguments_key
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound
from lr_lint.semantics.values.operations import truth
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Frame


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue(BaseValue):
    """A class of the code under check."""

    node: cst.ClassDef
    frame: Frame

    @property
    def definition(self) -> tuple[cst.ClassDef, Frame]:
        """What tells classes apart: a ``class`` statement that runs twice makes two."""
        return self.node, self.frame

    @property
    def name(self) -> str:
        """The name in the ``class`` statement."""
        return self.node.name.value

    def member(self, name: str, frame: Frame) -> Value:
        """What the class body or that of a base binds, or what was assigned later."""
        found = frame.world.machine.class_attribute(self, name)
        if found is None and name == "__name__":
            return Constant(self.name)
        if found is None:
            frame.world.doubt("what a class has by a name is not followed")
        return found or Unknown("the class has no such attribute", None, name)

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
        """A new object. Its ``__init__`` runs when an attribute is asked for, or now, where all counts."""
        made = frame.world.machine.make(self, arguments, keywords, anchor, frame)
        if made is not None:
            return made
        key = paths.made_object(anchor.node, arguments_key(arguments, keywords))
        instance = Instance(self, key, tuple(arguments), tuple(keywords.items()), anchor=anchor)
        frame.world.memory.pending.append(instance)
        return instance

    def code(self) -> tuple[cst.CSTNode, Frame]:
        """The whole definition."""
        return self.node, self.frame


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
        complete: whether all that the constructor assigns is among the attributes, as far as it could be followed. Set
            once, by the machine, before something that the constructor reads changes.
        under_way: how many of its methods are being run for what they assign.
        exact: whether its constructor has run as a whole: it has the attributes that it has, and no others.
        forgotten: what may have changed attributes that are not among these; empty where nothing did.
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
    exact: bool = False
    forgotten: str = ""

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key

    def member(self, name: str, frame: Frame) -> Value:
        """Set before, a method, assigned in a method, a class variable, or unknown."""
        return frame.world.machine.attribute(self, name, frame)

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """By ``__bool__``, else by ``__len__``, else true."""
        for name in ("__bool__", "__len__"):
            method = self.member(name, frame)
            if isinstance(method, Bound):
                return truth(method.call([], {}, Anchor(frame.module, node), frame), node, frame)
        return True

    def known_member(self, name: str) -> Value | None:
        """One that was assigned or asked for."""
        return self.attributes.get(name)

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value | None:
        """What its ``__call__`` gives."""
        method = self.member("__call__", frame)
        if isinstance(method, Bound):
            return method.call(arguments, keywords, anchor, frame)
        frame.world.machine.forget((self, *arguments, *keywords.values()), "a call may change it", frame.world)
        return None

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """What its ``__getitem__`` gives; what class that has none is asked for items may be a dict or a list."""
        method = self.member("__getitem__", frame)
        if isinstance(method, Bound):
            return method.call([index], {}, Anchor(frame.module, node), frame)
        return None if self.symbolic else Forgotten("what its class makes of an index is not known")

    def held(self) -> Iterable[Value]:
        """Its class, what its constructor was given, and what its attributes are so far."""
        given = (*self.arguments, *(value for _, value in self.keywords))
        return (self.cls, *given, *self.attributes.values())

    def method_owners(self) -> tuple[str, ...]:
        """Methods that libraries give to the objects that they fill in."""
        return ("<settings>",)


@dataclass(frozen=True, slots=True)
class SuperValue(BaseValue):
    """``super()`` inside a method."""

    receiver: Value
    owner: ClassValue

    def member(self, name: str, frame: Frame) -> Value | None:
        """The method of the nearest base, bound to the receiver."""
        return frame.world.machine.inherited(self, name) or Unknown("the base class is not known", None, name)

    def held(self) -> Iterable[Value]:
        """Its receiver."""
        return (self.receiver,)
